// How far a change reaches: how many open cards get it, and how many cases have an answer of what is hidden.
import * as edits from "../builder/edits.js";
import { Refusal, send } from "../http.js";
import { gettext as _, ngettext } from "../i18n.js";

/** @typedef {import("../builder/builder.js").Builder} Builder */
/** @typedef {import("../builder/types.js").Field} Field */
/** @typedef {import("../builder/types.js").Choice} Choice */

const AT_ONCE = 100;
const SOON_MS = 300;
const AGAIN_MS = 20_000;

export class Reach {
  /** @param {Builder} builder @param {string} url */
  constructor(builder, url) {
    this.builder = builder;
    this.url = url;
    /** @type {number | null} open cards with the form; null = not known yet */
    this.cards = null;
    this.most = Infinity;
    /** @type {Map<string, number>} cases, by id of the field or field:choice */
    this.counts = new Map();
    /** @type {(() => void)[]} */
    this.listeners = [];
    this.isStopped = false;
    builder.onChange(() => this.#later(SOON_MS));
    this.#later(0);
  }

  /** @param {() => void} listener called when numbers came */
  onChange(listener) {
    this.listeners.push(listener);
  }

  stop() {
    this.isStopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.again);
  }

  /** @param {Field} field a hidden one @returns {string} "812 answers", or nothing */
  answersOf(field) {
    const count = this.counts.get(field.id);
    if (!count) return "";
    if (count >= this.most) return _("%(count)s or more answers", { count });
    return ngettext("%(count)s answer", "%(count)s answers", count);
  }

  /** @param {Field} field @param {Choice} choice @returns {string} what stands beside it */
  casesOf(field, choice) {
    if (!this.builder.data.published_choices.includes(choice.id)) return choice.hidden ? "" : _("new");
    const count = choice.hidden ? this.counts.get(`${field.id}:${choice.id}`) : undefined;
    if (count === undefined) return "";
    if (count >= this.most) return _("in %(count)s or more cases", { count });
    return ngettext("in %(count)s case", "in %(count)s cases", count);
  }

  /** @param {number} delay */
  #later(delay) {
    clearTimeout(this.timer);
    if (!this.isStopped) this.timer = setTimeout(() => this.#ask(), delay);
  }

  async #ask() {
    const wanted = wantedOf(this.builder, this.counts).slice(0, AT_ONCE);
    if (!wanted.length && this.cards !== null && this.again) return;
    clearTimeout(this.again);
    try {
      const query = new URLSearchParams(wanted.map((each) => ["of", each]));
      const { cards, answers, most } = await send(`${this.url}?${query}`);
      if (this.isStopped) return;
      Object.assign(this, { cards, most });
      for (const each of wanted) this.counts.set(each, answers[each] ?? 0);
      for (const listener of this.listeners) listener();
      if (wanted.length === AT_ONCE) this.#later(0);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error; // the numbers are help, not a condition: the next try brings them
    }
    this.again = setTimeout(() => {
      this.again = undefined;
      this.#later(0);
    }, AGAIN_MS);
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ again;
}

/**
 * @param {Builder} builder @param {Map<string, number>} known
 * @returns {string[]} what is hidden, was published, and has no number yet; choices of the page on show alone
 */
export function wantedOf({ definition, data, page }, known) {
  const fields = definition.fields.filter((field) => field.hidden && data.published.includes(field.id));
  const choices = edits
    .shownOn(definition, page)
    .flatMap((field) =>
      (field.config.choices ?? [])
        .filter((/** @type {Choice} */ { id, hidden }) => hidden && data.published_choices.includes(id))
        .map((/** @type {Choice} */ { id }) => `${field.id}:${id}`),
    );
  return [...fields.map(({ id }) => id), ...choices].filter((each) => !known.has(each));
}
