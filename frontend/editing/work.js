// What is edited on the card: the manager's own draft of the form, the one of the builder, and the parts that show it.
import { Builder } from "../builder/builder.js";
import { h, icon } from "../builder/dom.js";
import { beat } from "../builder/here.js";
import { notices } from "../builder/notices.js";
import { Saving } from "../builder/saving.js";
import { tray } from "../builder/tray.js";
import { Refusal, send } from "../http.js";
import { gettext as _, ngettext } from "../i18n.js";
import { announce } from "../toasts.js";
import { Bar } from "./bar.js";
import { Canvas } from "./canvas.js";
import { changesOf, countOf } from "./changes.js";
import { dragging } from "./drag.js";
import { canvasKeys } from "./keys.js";
import { Reach } from "./reach.js";

/**
 * @typedef {import("../builder/types.js").BuilderData & { begun: import("../builder/types.js").Definition, version: number }} Data
 *   `begun`: what the draft began on, `version`: the current one
 * @typedef {{
 *   root: HTMLElement, page: string, leave: (words: string) => Promise<void>, goTo: (url: string) => Promise<void>,
 *   people: (people: import("../builder/here.js").Here[], work: Work) => void
 * }} Around `root`: where it is shown; `page`: id of the page that comes first; `people`: who else edits the form
 */

export class Work {
  /**
   * @param {Data} data @param {import("../card/card.js").Card} card
   * @param {Around} around
   */
  constructor(data, card, around) {
    this.data = data;
    this.around = around;
    this.ends = new AbortController();
    const { signal } = this.ends;
    const builder = (this.builder = new Builder(data));
    if (data.definition.pages.some(({ id }) => id === around.page)) builder.page = around.page;
    this.saving = new Saving({
      seen: data.seen,
      base: data.base,
      key: `builder:${data.user}:${data.form}`,
      definition: () => builder.definition,
      post: (json) => send(data.urls.draft, { json }),
      changed: (state, details) => this.#state(state, details),
      storage: localStorage,
    });
    builder.edited = () => this.saving.touch();
    this.reach = new Reach(builder, data.urls.reach);
    // Before the fields: whoever shows one again is led to it once its button here is gone.
    const hidden = h("div", {
      class: "sp-hidden",
      role: "group",
      "aria-label": _("Hidden parts of the form"),
      hidden: true,
    });
    const drawTray = tray(builder, hidden, { beside: (field) => this.reach.answersOf(field), choosable: false });
    this.reach.onChange(drawTray);
    const changes = () => changesOf(data.begun, builder.definition);
    this.canvas = new Canvas(builder, { card, reach: this.reach, changes });
    this.bar = new Bar(builder, {
      reach: this.reach,
      changes,
      version: data.version,
      publish: (comment) => this.#publish(comment),
      discard: () => this.#discard(),
    });
    around.root.replaceChildren(this.canvas.strip, this.canvas.scroller, hidden, this.bar.element);
    this.told = notices(
      builder,
      () => this.saving,
      () => this.canvas.focus(builder.selected),
    );
    dragging(builder, this.canvas, signal);
    canvasKeys(builder, this.canvas, { keep: () => this.saving.flush() });
    addEventListener("beforeunload", (event) => this.saving.pending && !this.saving.copy() && event.preventDefault(), {
      signal,
    });
    this.stopBeat = beat(builder, {
      people: (people) => around.people(people, this),
      published: (version) =>
        version > this.data.version && !this.isPublishing && this.count && this.told.newer(version),
    });
    this.#restore();
    this.#tellOfDraft();
  }

  end() {
    this.ends.abort();
    this.stopBeat();
    this.reach.stop();
  }

  /** @returns {number} changes since the version that the draft began on */
  get count() {
    return countOf(changesOf(this.data.begun, this.builder.definition));
  }

  /** @returns {boolean} whether nothing would be lost if all of this went */
  get isIdle() {
    return !this.count && !this.saving.pending;
  }

  /** What an earlier visit could not send comes back. */
  #restore() {
    const copy = this.saving.copy();
    if (!copy) return;
    if (JSON.stringify(copy.definition) === JSON.stringify(this.data.definition)) return this.saving.dropCopy();
    Object.assign(this.saving, { seen: copy.seen, base: copy.base });
    this.builder.apply(copy.definition, _("brought back what was not saved"));
  }

  /** Whoever has a draft already sees that they do not begin anew. */
  #tellOfDraft() {
    const count = this.count;
    if (!this.data.seen || !count) return;
    const had = ngettext(
      "You have a draft of this form with %(count)s change, kept at %(time)s. It is shown here, and you go on with it.",
      "You have a draft of this form with %(count)s changes, kept at %(time)s. They are shown here, and you go on with them.",
      count,
      { time: this.data.at },
    );
    const go = () => this.around.goTo(this.data.urls.builder);
    const notice = h(
      "div",
      { class: "sp-notice info", "data-had-draft": "" },
      icon("info-circle"),
      h("span", { class: "sp-grow" }, had),
      h("button", { class: "btn btn-sm", type: "button", onclick: go }, _("Look at it in the builder")),
      h("button", { class: "btn btn-sm", type: "button", onclick: () => notice.remove() }, _("Go on with it")),
    );
    this.canvas.scroller.prepend(notice);
  }

  /** @param {string} comment */
  async #publish(comment) {
    if (this.isPublishing) return;
    this.isPublishing = true;
    try {
      if (!(await this.saving.flush())) return;
      const { seen, base } = this.saving;
      const answer = await send(this.data.publish, { json: { comment, seen, base } });
      if (answer?.go) return await this.around.goTo(answer.go);
      const number = this.data.version + 1;
      await this.around.leave(_("Version %(number)s is published. Every open card gets it now.", { number }));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.builder.faults = { ...this.builder.faults, ...error.problem.fields };
      this.builder.tell("faults");
      this.told.state("refused", { error });
      announce(error.message);
    } finally {
      this.isPublishing = false;
    }
  }

  /** The draft goes; what was published stays. */
  async forget() {
    const { saving } = this;
    if (saving.seen) await send(this.data.urls.discard, { json: { seen: saving.seen } });
    saving.seen = "";
    saving.dropCopy();
  }

  async #discard() {
    try {
      if (!(await this.saving.flush())) return;
      await this.forget();
      await this.around.leave(_("Your changes of the form are discarded."));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.told.state("refused", { error });
    }
  }

  /** @param {import("../builder/saving.js").State} state @param {any} details */
  #state(state, { at, faults, error } = {}) {
    if (this.ends.signal.aborted) return;
    if (faults) {
      this.builder.faults = faults;
      this.builder.tell("faults");
    }
    this.told.state(state, { at, error });
    if (state === "conflict") this.told.conflict();
  }

  isPublishing = false;
}
