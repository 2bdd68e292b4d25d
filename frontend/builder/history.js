// What was, what is, and what was undone: states of the definition, apart from the page.

/** @typedef {import("./types.js").Definition} Definition */
/** @typedef {{ definition: Definition, label: string }} Step what stood before, and what was then done, in words */

const KEPT = 300;
const TYPING_MS = 1500;

export class History {
  /** @param {Definition} definition */
  constructor(definition) {
    this.now = definition;
    /** @type {Step[]} */
    this.past = [];
    /** @type {Step[]} */
    this.future = [];
    this.typing = { key: "", until: 0 };
  }

  /**
   * @param {Definition} next
   * @param {string} label what was done
   * @param {{ key?: string, at?: number }} [options] edits with one key that follow each other closely are one step
   * @returns {boolean} whether anything changed
   */
  apply(next, label, { key = "", at = Date.now() } = {}) {
    if (next === this.now) return false;
    const goesOn = key !== "" && key === this.typing.key && at < this.typing.until && this.past.length > 0;
    if (!goesOn) {
      this.past.push({ definition: this.now, label });
      if (this.past.length > KEPT) this.past.shift();
    }
    this.typing = { key, until: at + TYPING_MS };
    this.future = [];
    this.now = next;
    return true;
  }

  /** What was done up to now is not undone any more. */
  forget() {
    this.past = [];
    this.future = [];
    this.typing = { key: "", until: 0 };
  }

  /** @returns {string | null} what was undone; null when there is nothing */
  undo() {
    return this.#step(this.past, this.future);
  }

  /** @returns {string | null} what was done again */
  redo() {
    return this.#step(this.future, this.past);
  }

  /** @param {Step[]} from @param {Step[]} to */
  #step(from, to) {
    const step = from.pop();
    if (!step) return null;
    to.push({ definition: this.now, label: step.label });
    this.now = step.definition;
    this.typing = { key: "", until: 0 };
    return step.label;
  }
}
