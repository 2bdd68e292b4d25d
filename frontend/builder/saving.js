// Keeps the draft: soon after each edit, whole, one request at a time. What could not be sent stays in this browser.
import { Refusal } from "../http.js";

/** @typedef {import("./types.js").Definition} Definition */
/** @typedef {import("./types.js").Faults} Faults */
/** @typedef {"saved" | "saving" | "waits" | "conflict" | "refused"} State */
/** @typedef {{ definition: Definition, seen: string, base: number }} Copy */

const SOON_MS = 700;
/** Where something was told to be mended, one sees at once that it is. */
export const MENDED_MS = 150;
const AGAIN_MS = 5000;

export class Saving {
  /**
   * @param {{
   *   seen: string, base: number, key: string, definition: () => Definition,
   *   post: (body: Record<string, unknown>) => Promise<{ seen: string, at: string, faults: Faults }>,
   *   changed: (state: State, details: { at?: string, faults?: Faults, error?: Refusal }) => void,
   *   storage: Pick<Storage, "getItem" | "setItem" | "removeItem">
   * }} options `key`: of the copy in this browser
   */
  constructor({ seen, base, key, definition, post, changed, storage }) {
    this.seen = seen;
    this.base = base;
    this.key = key;
    this.definition = definition;
    this.post = post;
    this.changed = changed;
    this.storage = storage;
    /** @type {State} */
    this.state = "saved";
    /** @type {Definition} */
    this.kept = definition();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Promise<boolean> | null} */
    this.running = null;
  }

  /** @returns {boolean} whether something is not yet on the server */
  get pending() {
    return this.definition() !== this.kept;
  }

  /** @param {number} [soon] an edit was made: it is copied at once, and sent that soon */
  touch(soon = SOON_MS) {
    this.keepCopy();
    if (this.state === "conflict") return;
    this.#tell("saving");
    this.#later(soon);
  }

  /** @returns {Promise<boolean>} whether everything is on the server now */
  async flush() {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    if (!this.pending) return this.state !== "conflict";
    if (this.state === "conflict") return false;
    this.running = this.#send();
    const done = await this.running;
    return done && (this.pending ? this.flush() : true);
  }

  /** @param {Copy & { at?: string }} theirs another draft becomes what we build on; what stands here is sent over it, or not */
  settle({ definition, seen, base, at }) {
    Object.assign(this, { seen, base, kept: definition });
    this.#tell("saving");
    if (this.pending) this.#later(0);
    else this.#done({ at });
  }

  /** @returns {Copy | null} what an earlier visit could not send */
  copy() {
    try {
      return JSON.parse(this.storage.getItem(this.key) ?? "null");
    } catch {
      return null; // somebody else's writing under our key
    }
  }

  keepCopy() {
    const { seen, base } = this;
    try {
      this.storage.setItem(this.key, JSON.stringify({ definition: this.definition(), seen, base }));
    } catch {
      // A full or forbidden storage: the draft is still sent, and leaving the page asks first.
    }
  }

  dropCopy() {
    this.storage.removeItem(this.key);
  }

  /** @returns {Promise<boolean>} */
  async #send() {
    const definition = this.definition();
    this.#tell("saving");
    try {
      const answer = await this.post({ definition, seen: this.seen, base: this.base });
      this.seen = answer.seen;
      this.kept = definition;
      if (!this.pending) this.#done({ at: answer.at, faults: answer.faults });
      else this.keepCopy();
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#refused(error);
      return false;
    } finally {
      this.running = null;
      if (this.pending && this.state === "saving") this.#later(SOON_MS);
    }
  }

  /** @param {Refusal} error */
  #refused(error) {
    if (error.status === 409) return this.#tell("conflict", { error });
    if (error.status && error.status < 500) return this.#tell("refused", { error });
    this.#tell("waits", { error });
    this.#later(AGAIN_MS);
  }

  /** @param {{ at?: string, faults?: Faults }} details */
  #done(details) {
    this.dropCopy();
    this.#tell("saved", details);
  }

  /** @param {number} delay */
  #later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), delay);
  }

  /** @param {State} state @param {{ at?: string, faults?: Faults, error?: Refusal }} [details] */
  #tell(state, details = {}) {
    this.state = state;
    this.changed(state, details);
  }
}
