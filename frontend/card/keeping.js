// What is typed on a card becomes a draft; a draft of the time before is offered, and stays until that is answered.
import { dayAndTime } from "../clock.js";
import { gettext as _ } from "../i18n.js";
import { notice, putAway } from "./notices.js";
import { newer, same, together } from "./state.js";

/**
 * @typedef {import("./drafts.js").Draft} Draft
 * @typedef {Record<string, import("./card.js").Gone>} Words
 */

export class Keeping {
  /** @type {Draft | null} offered and not answered: nothing is kept in its place */
  #offered = null;

  /** @param {import("./card.js").Card} card @param {import("./drafts.js").Drafts} drafts */
  constructor(card, drafts) {
    this.card = card;
    this.drafts = drafts;
  }

  /** Something was typed. */
  touched() {
    if (!this.card.data.may_edit) return;
    if (this.#offered) this.drafts.told("waits", new Date());
    else this.drafts.later(() => this.card.typed());
  }

  /** @returns {Promise<void>} everything typed is kept now, for whoever closes the card without saving */
  closed() {
    const typed = this.card.typed();
    if (!Object.keys(typed.content).length) return this.drafts.idle();
    return this.drafts.keep(together(this.#offered, typed, { typedWins: true }));
  }

  /** The page ends, perhaps by accident. */
  ended() {
    const typed = this.card.typed();
    if (Object.keys(typed.content).length) {
      this.drafts.keepLeaving(together(this.#offered, typed, { typedWins: false }));
    }
  }

  /** A save went through or was refused; the server has changed the draft with it. */
  saved() {
    if (this.#offered) this.drafts.keep(this.#offered);
    else this.drafts.keep(this.card.typed());
  }

  /**
   * @param {Draft | null} ofServer
   * @param {Words} known what it says in words, as far as another form showed it
   * @param {() => void} restored
   */
  offer(ofServer, known, restored) {
    const local = this.drafts.local();
    const draft = newer(local, ofServer);
    if (local && draft !== local) this.drafts.forget();
    if (!draft || !this.card.data.may_edit) return;
    const current = this.card.current();
    if (Object.entries(draft.content).every(([key, value]) => key in current && same(current[key], value))) {
      this.drafts.discard(); // all of it is stored meanwhile
      return;
    }
    this.#offered = draft;
    const time = dayAndTime(new Date(draft.saved_at));
    notice("draft", _("You typed something here on %(time)s and did not save it.", { time }), "info", [
      [
        _("Restore it"),
        () => {
          this.#offered = null;
          this.card.restore(draft, known);
          restored();
          this.offerGone();
          this.touched();
        },
      ],
      [
        _("Throw it away"),
        () => {
          this.#offered = null;
          this.drafts.discard();
          this.touched();
        },
      ],
    ]);
  }

  /** What was typed into fields that are gone: shown as text, and kept until somebody takes it or throws it away. */
  offerGone() {
    const { gone } = this.card;
    const lines = Object.values(gone).map(({ title, text }) => `${title}: ${text}`);
    if (!lines.length) return putAway("gone");
    const forget = () => {
      this.card.gone = {};
      this.touched();
    };
    const texts = lines.join("; ");
    notice("gone", _("Typed by you where the form has no such field now: %(texts)s", { texts }), "warn", [
      [_("Put it into the note"), () => (intoNote(lines), forget())],
      [_("Throw it away"), forget],
    ]);
  }
}

/** @param {string[]} lines behind what stands there */
function intoNote(lines) {
  const note = document.getElementById("note-text");
  if (!(note instanceof HTMLTextAreaElement)) return;
  note.value = [note.value.trimEnd(), ...lines].filter(Boolean).join("\n");
  note.dispatchEvent(new Event("input", { bubbles: true }));
  note.focus();
}
