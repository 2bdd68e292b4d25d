// Saving a card, and what comes of it: merged, a clash to be settled, an outdated form, or a refusal.
import { hide } from "../dialogs.js";
import { Refusal } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { say } from "../toasts.js";
import { chooseSides } from "./clashes.js";
import { notice, putAway } from "./notices.js";
import { showFacts } from "./shown.js";

/**
 * @typedef {import("./card.js").Card} Card
 * @typedef {{
 *   keeping: import("./keeping.js").Keeping, activities: import("./activities.js").Activities,
 *   leave: () => void, draw: () => void, renew: (problem: Record<string, any>) => Promise<void>, ask: () => void,
 *   caughtUp: () => Promise<void>, isLeaving: () => boolean
 * }} Around `draw`: what is unsaved, and the status; `renew`: the form has a new version; `ask`: for the case as it is;
 *   `caughtUp`: when nothing is missing that was told while the line was down
 */

export class Saving {
  #busy = false;

  /** @param {Card} card @param {Around} around */
  constructor(card, around) {
    this.card = card;
    this.around = around;
  }

  /**
   * @param {boolean} closing leave the card when it is saved, unless something was typed meanwhile
   * @param {{ again?: boolean }} [options] `again`: the form was brought up to date for this very save
   */
  async save(closing, { again = false } = {}) {
    if (this.#busy) return;
    this.#mark(true);
    hide("card-leave"); // a refusal is shown on the card
    await this.around.activities.adding;
    await this.around.caughtUp();
    if (this.around.isLeaving()) return this.#mark(false);
    if (!this.card.changed().length) {
      this.#mark(false);
      return closing ? this.around.leave() : say(_("There is nothing to save."));
    }
    const outcome = await this.card
      .save()
      .catch((error) => {
        if (error instanceof Refusal) return error;
        throw error;
      })
      .finally(() => this.#mark(false)); // before a refusal is settled: that may save again, or never come to an end
    this.around.keeping.saved();
    if (outcome instanceof Refusal) await this.#refused(outcome, closing, again);
    else this.#saved(outcome, closing);
    this.around.draw();
  }

  /** @param {Awaited<ReturnType<Card["save"]>>} answer @param {boolean} closing */
  #saved(answer, closing) {
    putAway("save", "others");
    showFacts(answer.facts);
    const typedSince = this.card.changed().length > 0 || Object.keys(this.card.gone).length > 0;
    if (closing && !typedSince) return this.around.leave();
    say(closing ? _("Saved. What you typed meanwhile is not saved yet.") : answer.note || _("Saved"));
    if (answer.merged.length) {
      const names = answer.merged.map((key) => answer.card.titles[key] ?? key).join(", ");
      notice("save", _("Changes of somebody else were merged: %(names)s", { names }), "info");
    }
    this.around.activities.refresh();
  }

  /** @param {Refusal} error @param {boolean} closing @param {boolean} again */
  async #refused(error, closing, again) {
    const { problem } = error;
    if (problem.clashes) return this.#settle(problem, closing);
    if (problem.form) {
      await this.around.renew(problem);
      if (!again) return this.save(closing, { again: true });
    }
    if (error.status === 422) {
      document.querySelector("#form [aria-invalid='true'], .sp-ch [aria-invalid='true']")?.scrollIntoView({
        block: "center",
      });
    }
    notice("save", error.message, "bad");
    if (error.status === 409) this.around.ask();
  }

  /** @param {Record<string, any>} problem both changed the same field @param {boolean} closing */
  async #settle(problem, closing) {
    const choices = await chooseSides(problem.clashes, { who: problem.who, at: problem.at });
    const typed = this.card.current();
    this.card.take(problem.card, { settled: true });
    const values = this.card.current();
    for (const { key, value } of problem.clashes) values[key] = choices[key] === "theirs" ? value : typed[key];
    if (choices.status === "theirs") values.when = "";
    this.card.show(values);
    if (this.card.changed().length) return this.save(closing);
    this.around.keeping.saved(); // nothing remains of it
    putAway("others");
    if (closing) return this.around.leave();
    say(_("Nothing of yours was left to save."));
  }

  /** @param {boolean} is whether a save is on its way */
  #mark(is) {
    this.#busy = is;
    // The note goes with the save: its own button must not send it a second time.
    for (const element of document.querySelectorAll("[data-save], #composer")) {
      if (is) element.setAttribute("aria-busy", "true");
      else element.removeAttribute("aria-busy");
    }
  }
}
