// The mode in which the form of the card is edited in its place. The form that the case is filled in with stays as it
// is below, hidden, with everything typed; what is edited is the manager's own draft (work.js).
import { h, icon } from "../builder/dom.js";
import { focusable } from "../form/controls.js";
import { Refusal } from "../http.js";
import { gettext as _, ngettext } from "../i18n.js";
import { announce, placeToasts, say } from "../toasts.js";
import { Work } from "./work.js";

/** @typedef {import("./work.js").Data} Data */
/**
 * @typedef {{ go: (url: string) => void, again: () => Promise<Data>, left: () => void }} Around `go`: to another page,
 *   what is typed on the card is kept; `again`: the data as it is now; `left`: the mode is off
 */

export class Mode {
  /** @param {Data} data @param {import("../card/card.js").Card} card @param {Around} around */
  constructor(data, card, around) {
    this.card = card;
    this.around = around;
    this.isLeaving = false;
    this.ends = new AbortController();
    this.column = /** @type {HTMLElement} */ (document.querySelector(".sp-formcol"));
    this.scroller = /** @type {HTMLElement} */ (this.column.querySelector(".sp-formscroll"));
    this.scrolled = this.scroller.scrollTop;
    this.before = /** @type {HTMLElement | null} */ (document.activeElement);
    const field = this.before?.closest("splot-field")?.getAttribute("data-key") ?? null;

    this.tag = h("span", { class: "sp-tag info" }, icon("pencil"), _("form editing mode"));
    this.words = h("span", { class: "sp-grow", role: "status" });
    this.strip = h("div", { class: "sp-notice info sp-editstrip" }, icon("users"), this.words, this.#ways());
    this.notices = h("div", { id: "builder-notices", role: "status" });
    this.root = h("div", { class: "sp-editing", role: "group", "aria-label": _("Editing the form") });
    this.#frame();
    this.work = this.#begin(data);
    this.column.classList.add("is-editing");
    placeToasts();
    this.work.canvas.focus(field);
    announce(_("Form editing mode. Escape leaves it."));
  }

  /** The card shows another version of the form: somebody published. What is edited here stays. */
  async arrived() {
    const { work } = this;
    const version = this.card.data.form_version;
    if (version <= work.data.version || work.isPublishing || this.isLeaving) return;
    if (!work.isIdle) return work.told.newer(version);
    try {
      await work.forget(); // a draft without a change, which would bring back the former version
      const data = await this.around.again();
      if (this.isLeaving || !work.isIdle) return;
      const page = work.builder.page;
      work.end();
      this.notices.replaceChildren();
      this.work = this.#begin(data, page);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      say(error.message);
    }
  }

  /** @param {string} [words] said instead of what becomes of the changes */
  async leave(words = "") {
    if (this.isLeaving) return;
    this.isLeaving = true;
    const { count } = this.work;
    const isKept = await this.work.saving.flush();
    const focus = this.#focusAfter();
    this.work.end();
    this.ends.abort();
    for (const part of [this.tag, this.strip, this.notices, this.root]) part.remove();
    this.column.classList.remove("is-editing");
    this.scroller.scrollTop = this.scrolled;
    this.around.left();
    focus?.focus({ preventScroll: true });
    if (words) say(words);
    else if (!isKept) say(_("Your changes of the form are not on the server yet. They are kept in this browser."));
    else if (count) {
      const kept = _("They are kept as your draft; nobody sees them before you publish.");
      say(`${ngettext("%(count)s change of the form.", "%(count)s changes of the form.", count)} ${kept}`);
    } else announce(_("Form editing mode is off."));
  }

  /** @param {Data} data @param {string} [page] on show before @returns {Work} */
  #begin(
    data,
    page = this.card.form?.querySelector("section[data-page]:not([hidden])")?.getAttribute("data-page") ?? "",
  ) {
    this.#tell([], data.definition.pages, data.user);
    return new Work(data, this.card, {
      root: this.root,
      page,
      leave: (words) => this.leave(words),
      goTo: (url) => this.#goTo(url),
      people: (people, work) => this.#tell(people, work.builder.definition.pages, data.user),
    });
  }

  /** Parts of the page that stand while the mode is on. */
  #frame() {
    const { signal } = this.ends;
    document.querySelector(".sp-ch1 > .sp-push")?.prepend(this.tag);
    document.querySelector(".sp-mtabs")?.before(this.strip, this.notices);
    this.column.querySelector(".sp-cardfoot")?.before(this.root);
    // Typing a title is not typing an answer.
    for (const kind of ["input", "change"]) this.root.addEventListener(kind, (event) => event.stopPropagation());
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    // A save of the case was refused because of an answer: whoever saved has to see it.
    this.card.form?.addEventListener("splot:errors", () => this.#errors(), { signal });
  }

  /** Out of the mode: to the full builder, and back to the card. */
  #ways() {
    const builder = () => this.#goTo(this.work.data.urls.builder);
    return [
      h("span", { class: "sp-xs text-nowrap", role: "status", "data-save-state": "" }),
      h(
        "button",
        { class: "btn btn-sm", type: "button", "data-full-builder": "", onclick: builder },
        icon("layout-dashboard"),
        _("Full builder"),
      ),
      h(
        "button",
        { class: "btn btn-sm", type: "button", "data-done": "", onclick: () => this.leave() },
        icon("check"),
        _("Done"),
      ),
    ];
  }

  /**
   * @param {import("../builder/here.js").Here[]} people others at the same form, here or in the builder
   * @param {import("../builder/types.js").Page[]} pages @param {number} user who reads it
   */
  #tell(people, pages, user) {
    const sentences = people.map(({ user: other, name, page: at }) => {
      const who = other === user ? _("You, on another screen,") : name;
      const page = pages[at - 1]?.title || (pages.length > 1 ? String(at) : "");
      if (!page) return _("%(name)s also edits this form.", { name: who });
      return _("%(name)s also edits this form (page “%(page)s”).", { name: who, page });
    });
    const rest = people.length
      ? _("Who publishes second sees the differences and chooses.")
      : _("You edit the form of this card. Nobody sees your changes before you publish them.");
    this.words.replaceChildren([...sentences, rest].join(" "));
  }

  /** @param {string} url the draft goes first, and what is typed into the case is kept */
  async #goTo(url) {
    const { saving } = this.work;
    if (!(await saving.flush()) && saving.state !== "conflict" && !saving.copy()) return;
    this.around.go(url);
  }

  #errors() {
    if (!this.card.form?.querySelector(".has-err")) return;
    const words = _(
      "An answer is to be mended before the case is saved. Your changes of the form are kept as your draft.",
    );
    this.leave(words);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (document.querySelector("dialog[open], :popover-open")) return;
    const target = /** @type {Element} */ (event.target);
    if (target === document.body || this.root.contains(target) || this.strip.contains(target)) this.leave();
  }

  /** @returns {HTMLElement | null} the control of the field that is edited, else what had the focus before the mode */
  #focusAfter() {
    const key = this.root.contains(document.activeElement) ? this.work.builder.selected : null;
    const field = key && this.card.form?.querySelector(`splot-field[data-key="${CSS.escape(key)}"]:not([hidden])`);
    const isOnShow = field && !field.closest("section[hidden]");
    const control = isOnShow ? focusable(field)[0] : null;
    if (control) return control;
    const isThere = this.before?.isConnected && this.before !== document.body && !this.before.closest("[popover]");
    return isThere ? this.before : document.querySelector("[popovertarget=card-more]");
  }
}
