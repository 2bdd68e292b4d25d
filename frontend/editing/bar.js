// The dark bar at the bottom: how many changes there are, which version they become, whom they reach, and the verbs.
import { h, icon } from "../builder/dom.js";
import { ask } from "../dialogs.js";
import { gettext as _, ngettext } from "../i18n.js";
import { countOf } from "./changes.js";

/** @typedef {import("../builder/builder.js").Builder} Builder */
/**
 * @typedef {{
 *   reach: import("./reach.js").Reach, changes: () => Map<string, import("./changes.js").Change[]>, version: number,
 *   publish: (comment: string) => Promise<void>, discard: () => Promise<void>
 * }} Around `version`: the current one
 */

export class Bar {
  /** @param {Builder} builder @param {Around} around */
  constructor(builder, around) {
    this.around = around;
    this.count = h("b", { class: "d-block", "data-changes": "" });
    this.cards = h("span", { class: "n", "data-cards": "" });
    this.comment = /** @type {HTMLInputElement} */ (
      h("input", {
        class: "form-control sp-grow",
        maxlength: 500,
        autocomplete: "off",
        "aria-label": _("Comment on the version"),
        placeholder: _("Comment (optional)"),
        "data-comment": "",
      })
    );
    this.discard = h(
      "button",
      { class: "btn btn-ghost", type: "button", "data-discard": "", onclick: () => this.#discard() },
      _("Discard"),
    );
    this.publish = h(
      "button",
      { class: "btn btn-primary", type: "button", "data-publish-live": "", onclick: () => this.#publish() },
      icon("send"),
      _("Publish"),
    );
    const versions = _("version %(now)s → %(next)s", { now: around.version, next: around.version + 1 });
    this.element = h(
      "div",
      { class: "sp-publish", role: "region", "aria-label": _("Publishing the form"), "data-toasts-above": "" },
      h("span", { class: "text-nowrap", role: "status" }, this.count, h("span", { class: "n" }, versions)),
      this.comment,
      this.cards,
      this.discard,
      this.publish,
    );
    this.comment.addEventListener("keydown", (event) => event.key === "Enter" && this.#publish());
    builder.onChange(() => this.draw());
    around.reach.onChange(() => this.draw());
    this.draw();
  }

  draw() {
    const count = countOf(this.around.changes());
    const words = count ? ngettext("%(count)s change", "%(count)s changes", count) : _("Nothing changed");
    if (this.count.textContent !== words) this.count.textContent = words;
    for (const button of [this.discard, this.publish]) button.ariaDisabled = count ? null : "true";
    const { cards } = this.around.reach;
    if (cards === null) return this.cards.replaceChildren();
    const [before, after] = ngettext(
      "%(count)s open card gets it at once",
      "%(count)s open cards get it at once",
      cards,
      { count: "\0" },
    ).split("\0");
    this.cards.replaceChildren(before, h("b", {}, String(cards)), after);
  }

  async #publish() {
    if (this.publish.ariaDisabled || this.publish.ariaBusy) return;
    this.publish.ariaBusy = "true";
    try {
      await this.around.publish(this.comment.value);
    } finally {
      this.publish.ariaBusy = null;
    }
  }

  async #discard() {
    const text = _("Your changes of the form are forgotten. The published version stays as it is.");
    if (await ask(text, { title: _("Discard the changes?"), action: _("Discard"), danger: true })) {
      await this.around.discard();
    }
  }
}
