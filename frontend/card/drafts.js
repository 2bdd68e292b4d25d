// What was typed and not saved. A row on the server while there is a connection, a copy in the browser while there is none.
import { Refusal, send } from "../http.js";

/** @typedef {import("./state.js").Values} Values */
/** @typedef {{ base_version: number, content: Values, saved_at: string }} Draft */

const PREFIX = "splot-draft:";
const QUIET = 1200;

/** Copies of drafts in this browser are the user's own: they go when the user signs out. */
export function forgetLocalDrafts() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}

export class Drafts {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {string} url of the draft of this card
   * @param {string} name of its copy in the browser: user and case
   * @param {(state: "saved" | "local", at: Date) => void} told
   */
  constructor(url, name, told) {
    this.url = url;
    this.key = PREFIX + name;
    this.told = told;
  }

  /**
   * Keeps `content` a moment after the last keystroke.
   * @param {number} baseVersion
   * @param {() => Values} content
   */
  later(baseVersion, content) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keep(baseVersion, content()), QUIET);
  }

  /**
   * @param {number} baseVersion
   * @param {Values} content
   */
  async keep(baseVersion, content) {
    clearTimeout(this.#timer);
    if (!Object.keys(content).length) return this.discard();
    const draft = { base_version: baseVersion, content };
    try {
      await send(this.url, { method: "PUT", json: draft });
      this.#forget();
      this.told("saved", new Date());
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#store(draft);
      this.told("local", new Date());
    }
  }

  async discard() {
    clearTimeout(this.#timer);
    this.#forget();
    await send(this.url, { method: "DELETE" }).catch((error) => {
      // The row stays and is offered again: a draft too many is better than one too few.
      if (!(error instanceof Refusal)) throw error;
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

  /** @param {{ base_version: number, content: Values }} draft */
  #store(draft) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...draft, saved_at: new Date().toISOString() }));
    } catch {
      // A full or private storage: the page itself still holds what was typed, and says that it is not saved.
    }
  }

  #forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Storage that cannot be opened holds nothing.
    }
  }
}
