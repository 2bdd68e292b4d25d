// The open card: its values on screen against those that were loaded, saving, and what comes back.
import { fill, markErrors, read } from "../form/fields.js";
import { Refusal, send } from "../http.js";
import { changedKeys, mergeValues, pick } from "./state.js";

/**
 * @typedef {import("./state.js").Values} Values
 * @typedef {import("./drafts.js").Draft} Draft
 * @typedef {{ id: number, name: string, kind: string }} StatusShown
 * @typedef {{
 *   id: number, number: number, version: number, form_version: number | null, user: number, may_edit: boolean,
 *   values: Values, status: StatusShown, titles: Record<string, string>, names: Record<string, string>, merge: Record<string, string>,
 *   draft: Draft | null, urls: Record<string, string>
 * }} CardData
 * @typedef {{ key: string, title: string, theirs: string, yours: string, value: import("./state.js").Raw }} Clash
 */

const ANSWER = "answer:";

export class Card {
  /** @param {CardData} data */
  constructor(data) {
    this.data = data;
    /** @type {Values} values as loaded: what a save compares with */
    this.loaded = { ...data.values };
    /** @type {Values} what is chosen without an input of its own: the status and its time */
    this.chosen = { status: data.values.status ?? "", when: "" };
    this.form = document.getElementById("form");
    this.show(data.values);
  }

  /** @param {Values} values put on screen */
  show(values) {
    for (const control of this.#controls()) control.value = String(values[control.dataset.key ?? ""] ?? "");
    if (this.form) fill(this.form, answersOf(values), { saved: answersOf(this.loaded), titles: this.data.names });
    this.chosen = { status: values.status ?? this.chosen.status, when: values.when ?? "" };
  }

  /** @returns {Values} what stands on screen */
  current() {
    /** @type {Values} */
    const values = { ...this.chosen };
    for (const control of this.#controls()) values[control.dataset.key ?? ""] = control.value;
    const answers = this.form ? read(this.form) : {};
    for (const [id, value] of Object.entries(answers)) values[ANSWER + id] = value;
    return values;
  }

  /** @returns {string[]} */
  changed() {
    return changedKeys(this.loaded, this.current());
  }

  /** @returns {Values} what is typed and not saved */
  unsaved() {
    return pick(this.current(), this.changed());
  }

  /**
   * @param {{ closing?: boolean }} [options]
   * @returns {Promise<{ card: CardData, merged: string[] }>} `merged` = keys that somebody else changed meanwhile
   * @throws {Refusal}
   */
  async save({ closing = false } = {}) {
    const changes = this.unsaved();
    this.clearErrors();
    const body = {
      loaded_version: this.data.version,
      form_version: this.data.form_version,
      changes,
      base: pick(this.loaded, Object.keys(changes)),
      closing,
    };
    try {
      const answer = await send(this.data.urls.save, { json: body });
      // What was sent is what is stored now, though the server may write it its own way; what was typed since stays.
      this.loaded = { ...this.loaded, ...changes };
      if (this.chosen.when === changes.when) this.chosen.when = "";
      this.loaded.when = "";
      this.take(answer.card);
      return answer;
    } catch (error) {
      if (error instanceof Refusal && error.status === 422) this.showErrors(error.problem.fields ?? {});
      throw error;
    }
  }

  /**
   * @param {CardData} data the case as the server has it now; what is typed here and not saved stays
   * @param {{ settled?: boolean }} [options] `settled`: the reader knows of the clashes. Else the card goes on from the
   *   version that it began with, so that the server asks which value stays instead of writing ours over theirs
   * @returns {string[]} keys that both changed, each to another value
   */
  take(data, { settled = true } = {}) {
    const { merged, clashes } = mergeValues(this.loaded, this.current(), data.values);
    const open = settled ? [] : clashes;
    this.loaded = { ...data.values, ...pick(this.loaded, open) };
    this.data = { ...this.data, ...data, version: open.length ? this.data.version : data.version };
    this.show(merged);
    return clashes;
  }

  /** @param {Record<string, string[]>} fields messages by key */
  showErrors(fields) {
    /** @type {Record<string, string[]>} */
    const answers = {};
    for (const [key, messages] of Object.entries(fields)) {
      if (key.startsWith(ANSWER)) answers[key.slice(ANSWER.length)] = messages;
    }
    if (this.form) markErrors(this.form, answers);
    for (const control of this.#controls()) {
      control.setAttribute("aria-invalid", String((control.dataset.key ?? "") in fields));
    }
  }

  clearErrors() {
    if (this.form) markErrors(this.form, {});
    for (const control of this.#controls()) control.removeAttribute("aria-invalid");
  }

  /** @returns {(HTMLInputElement | HTMLSelectElement)[]} controls of the header that are saved with the card */
  #controls() {
    return /** @type {any} */ ([...document.querySelectorAll(".sp-ch [data-key]")]);
  }
}

/** @param {Values} values @returns {Values} the answers, by field id */
function answersOf(values) {
  const rows = Object.entries(values).filter(([key]) => key.startsWith(ANSWER));
  return Object.fromEntries(rows.map(([key, value]) => [key.slice(ANSWER.length), value]));
}
