// What was typed and not saved. A row on the server while there is a connection, a copy in the browser while there is none.
import { Refusal, send } from "../http.js";

/** @typedef {import("./state.js").Values} Values */
/** @typedef {{ base_version: number, content: Values }} Typed */
/** @typedef {Typed & { saved_at: string }} Draft */

const PREFIX = "splot-draft:";
const QUIET = 1200;
const PATIENCE = 10_000;

/** @param {{ but?: string }} [whose] of every user, or of all but the one with this id */
export function forgetLocalDrafts({ but } = {}) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX) && !(but && key.startsWith(`${PREFIX}${but}:`))) localStorage.removeItem(key);
    }
  } catch {
    // Storage that cannot be opened holds nothing.
  }
}

export class Drafts {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** What is asked of the server goes one after the other: a draft must not arrive after its own end. */
  #last = Promise.resolve();

  /**
   * @param {string} url of the draft of this card
   * @param {string} name of its copy in the browser: user and case
   * @param {(state: "saved" | "local" | "waits", at: Date) => void} told
   */
  constructor(url, name, told) {
    this.url = url;
    this.key = PREFIX + name;
    this.told = told;
  }

  /** @param {() => Typed} typed kept a moment after the last keystroke */
  later(typed) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keep(typed()), QUIET);
  }

  /** @param {Typed} typed nothing in it = there is no draft any more @returns {Promise<void>} */
  keep(typed) {
    clearTimeout(this.#timer);
    if (!Object.keys(typed.content).length) return this.discard();
    return this.#inOrder(async () => {
      try {
        await send(this.url, { method: "PUT", json: typed, signal: AbortSignal.timeout(PATIENCE) });
        this.forget();
        this.told("saved", new Date());
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        this.#store(typed);
        this.told("local", new Date());
      }
    });
  }

  /** @param {Typed} typed the page ends now: in this browser at once, on the server if the request still gets there */
  keepLeaving(typed) {
    clearTimeout(this.#timer);
    this.#store(typed);
    send(this.url, { method: "PUT", json: typed, keepalive: true }).then(
      () => this.forget(),
      () => {}, // the copy in this browser is there
    );
  }

  /** @returns {Promise<void>} */
  discard() {
    clearTimeout(this.#timer);
    this.forget();
    return this.#inOrder(async () => {
      await send(this.url, { method: "DELETE", signal: AbortSignal.timeout(PATIENCE) }).catch((error) => {
        // The row stays and is offered again: a draft too many is better than one too few.
        if (!(error instanceof Refusal)) throw error;
      });
    });
  }

  /** @returns {Draft | null} the copy that this browser kept while there was no connection */
  local() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "null");
    } catch {
      return null;
    }
  }

  /** @returns {Promise<void>} when everything asked so far was answered */
  idle() {
    return this.#last;
  }

  /** The copy in this browser goes. */
  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Storage that cannot be opened holds nothing.
    }
  }

  /** @param {() => Promise<void>} act @returns {Promise<void>} */
  #inOrder(act) {
    this.#last = this.#last.then(act, act);
    return this.#last;
  }

  /** @param {Typed} typed */
  #store(typed) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...typed, saved_at: new Date().toISOString() }));
    } catch {
      // A full or private storage: the page itself still holds what was typed, and says that it is not saved.
    }
  }
}
