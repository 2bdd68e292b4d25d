// The open card: its values on screen against those that were loaded, saving, and what comes back.
import { fill, markErrors, read } from "../form/fields.js";
import { morph, nothingDone, remember, titleOf } from "../form/morph.js";
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { enhanceSelects } from "../selects.js";
import { choiceOf, inWords } from "./shown.js";
import { baseAfter, changedKeys, mergeValues, pick, same } from "./state.js";
import { rememberStatuses, showStatuses } from "./status.js";

/**
 * @typedef {import("./state.js").Values} Values
 * @typedef {import("./drafts.js").Draft} Draft
 * @typedef {import("./drafts.js").Typed} Typed
 * @typedef {{ id: number, name: string, kind: string }} StatusShown
 * @typedef {{
 *   id: number, number: number, version: number, form_version: number, script_version: number, audience: string, user: number, may_edit: boolean,
 *   values: Values, status: StatusShown, owner_name: string, titles: Record<string, string>, names: Record<string, string>, given: Record<string, boolean>,
 *   merge: Record<string, string>, belongs: (number | null)[], draft: Draft | null, urls: Record<string, string>
 * }} CardData `belongs`: ids of the campaign, its script, its form, and of the contact
 * @typedef {{ moved: string[], clashes: string[], news: News | null }} Taken keys that others changed, those of them that
 *   are changed here, too, to something else, and what was done to the form
 * @typedef {{
 *   form: number | null, form_version: number, script: number, script_version: number, audience: string,
 *   fragment: string | null, statuses: string, names: Record<string, { name: string, kind: string }>, answered: string[]
 * }} FormState the form without values and the statuses, see app/cases/form_state.py
 * @typedef {import("../form/morph.js").Report & { statuses: boolean, lacks: boolean }} News `statuses`: whether their list
 *   is another one; `lacks`: the card has fields now whose stored answers it does not know
 * @typedef {{ title: string, text: string, value: import("./state.js").Raw }} Gone what was typed where no field is now
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
    /** The version that the next save is compared with; older than the one on screen while a clash is open. */
    this.base = data.version;
    /** @type {Record<string, Gone>} by key, offered as text */
    this.gone = {};
    /** @type {Promise<unknown>} of the last save: what others did is asked for after it */
    this.saving = Promise.resolve();
    this.form = document.getElementById("form");
    if (this.form) remember(this.form);
    rememberStatuses();
    this.show(data.values);
    if (this.form) enhanceSelects(this.form);
  }

  /** @param {Values} values put on screen */
  show(values) {
    for (const control of this.#controls()) {
      const value = String(values[control.dataset.key ?? ""] ?? "");
      if (control instanceof HTMLSelectElement) this.#addMissing(control, value);
      control.value = value;
    }
    if (this.form) fill(this.form, answersOf(values), { saved: answersOf(this.loaded), titles: this.data.names });
    this.chosen = { status: values.status ?? this.chosen.status, when: values.when ?? "" };
  }

  /** @returns {Values} what stands on screen */
  current() {
    /** @type {Values} */
    const values = { ...this.chosen };
    for (const { dataset, value } of this.#controls()) values[dataset.key ?? ""] = value;
    if (!String(values.note ?? "").trim()) values.note = "";
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
    const current = this.current();
    const keys = changedKeys(this.loaded, current);
    // A time belongs to a status, also when it is another time of the same one.
    return pick(current, keys.includes("when") ? [...new Set([...keys, "status"])] : keys);
  }

  /** @returns {Typed} what a draft keeps of it */
  typed() {
    const gone = Object.entries(this.gone).map(([key, { value }]) => [key, value]);
    return { base_version: this.base, content: { ...Object.fromEntries(gone), ...this.unsaved() } };
  }

  /**
   * Puts a draft on screen. The next save is compared with the version that it was typed on, so that a value that
   * others saved since is asked about; what there is no place for any more goes to `gone`.
   * @param {Typed} draft
   * @param {Record<string, Gone>} [known] in words, by key
   */
  restore({ base_version, content }, known = {}) {
    const values = this.current();
    const fits = Object.keys(content).filter((key) => key in values && this.#fits(key, content));
    for (const [key, value] of Object.entries(content)) {
      if (fits.includes(key)) values[key] = value;
      else if (key !== "when") this.gone[key] = known[key] ?? this.#asGone(key, value, [value].flat().join(", "));
    }
    this.show(values);
    if (this.changed().length) this.base = Math.min(this.base, base_version);
  }

  /**
   * @returns {Promise<{ card: CardData, facts: string, merged: string[], note: string }>} `merged` = keys that somebody
   *   else changed meanwhile
   * @throws {Refusal}
   */
  async save() {
    const changes = this.unsaved();
    this.clearErrors();
    const json = { loaded_version: this.base, form_version: this.data.form_version, changes };
    try {
      const asked = send(this.data.urls.save, { json });
      this.saving = asked.catch(() => {});
      const answer = await asked;
      this.#settle(changes, answer.card);
      return answer;
    } catch (error) {
      if (error instanceof Refusal && error.status === 422) this.showErrors(error.problem.fields ?? {});
      throw error;
    }
  }

  /**
   * @param {CardData} data the case as the server has it now; what is typed here and not saved stays
   * @param {{ settled?: boolean, form?: FormState | null }} [options] `settled`: the reader has chosen what stays. Else
   *   a save is compared with the version that both began with, see `baseAfter`. `form`: another version of it
   * @returns {Taken}
   */
  take(data, { settled = false, form = null } = {}) {
    const { typed, news } = form ? this.#renew(form) : { typed: this.current(), news: null };
    const { merged, clashes } = mergeValues(this.loaded, typed, data.values);
    const shownBefore = Object.keys(data.values).filter((key) => key in this.data.values);
    const moved = shownBefore.filter((key) => !same(this.data.values[key], data.values[key]));
    const open = settled ? [] : clashes;
    this.loaded = { ...data.values, ...pick(this.loaded, open) };
    const about = { typed: changedKeys(this.loaded, merged).length > 0, clashes: open.length > 0 };
    const shown = { base: this.base, shown: this.data.version };
    this.base = settled ? data.version : baseAfter(shown, data.version, about);
    // A save brings the numbers of the current form, not the form itself: that is still to come.
    const { form_version, script_version, audience } = this.data;
    this.data = { ...this.data, ...data, form_version, script_version, audience };
    this.show(merged);
    return { moved, clashes, news };
  }

  /**
   * @param {FormState} form newer than what is shown: takes its place, and nothing else changes
   * @returns {News}
   */
  arrive(form) {
    const { typed, news } = this.#renew(form);
    this.show({ ...this.loaded, ...typed });
    return news;
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

  /** @param {Values} sent is what is stored now, though the server may write it its own way @param {CardData} data */
  #settle(sent, data) {
    this.loaded = { ...this.loaded, ...sent, when: "", note: "" };
    if (this.chosen.when === (sent.when ?? "")) this.chosen.when = "";
    const note = this.#controls().find(({ dataset }) => dataset.key === "note");
    if (note && note.value === sent.note) note.value = "";
    this.base = this.data.version; // what was held back is settled; what was typed since stays
    this.take(data);
  }

  /**
   * Turns the form and the statuses on screen into another version of themselves.
   * @param {FormState} form
   * @returns {{ typed: Values, news: News }} `typed`: what stands where something can be filled in; what was typed
   *   elsewhere is in `gone`, and comes back with its field
   */
  #renew(form) {
    const before = this.current();
    const unsaved = changedKeys(this.loaded, before).map(
      (key) => /** @type {const} */ ([key, this.#inWords(key, before)]),
    );
    const { form_version, script_version, audience } = form;
    const report =
      this.form && form.fragment !== null ? morph(this.form, form.fragment, this.data.names) : nothingDone();
    const statuses = showStatuses(form.statuses);
    const look = form.names[String(this.data.status.id)];
    this.data = { ...this.data, form_version, script_version, audience, status: { ...this.data.status, ...look } };
    this.#unchoose();
    const typed = this.current();
    for (const [key, value] of Object.entries(this.gone)) {
      if (!(key in typed) || key in this.chosen) continue;
      typed[key] = value.value;
      delete this.gone[key];
    }
    for (const [key, said] of unsaved) {
      const isLost = key.slice(ANSWER.length) in report.lost;
      if (isLost || !(key in typed) || (key === "status" && typed.status !== before.status)) this.gone[key] = said;
      else if (!report.swapped.includes(key.slice(ANSWER.length))) typed[key] = before[key];
    }
    const lacks = this.#learn(typed, report, new Set(form.answered));
    if (this.form) enhanceSelects(this.form);
    return { typed, news: { ...report, statuses, lacks } };
  }

  /** A status that was chosen, not saved, and is not offered any more is not chosen. */
  #unchoose() {
    const { status } = this.chosen;
    if (String(status) === String(this.data.status.id) || choiceOf(String(status))) return;
    this.chosen = { status: this.loaded.status ?? "", when: "" };
  }

  /**
   * Titles of the fields on screen, and nothing as the stored answer of those that no case has an answer of.
   * @param {Values} typed
   * @param {import("../form/morph.js").Report} report
   * @param {Set<string>} answered
   * @returns {boolean} whether others are there whose answer only the server knows
   */
  #learn(typed, report, answered) {
    let lacks = false;
    for (const field of this.form?.querySelectorAll("splot-field") ?? []) {
      const id = field.getAttribute("data-key") ?? "";
      const key = ANSWER + id;
      if (titleOf(field)) this.data.titles[key] = titleOf(field);
      const isSwapped = report.swapped.includes(id);
      if (isSwapped && !(key in this.gone) && same(this.loaded[key], this.data.values[key])) {
        this.loaded[key] = typed[key] ?? "";
      }
      if (key in this.data.values && !isSwapped) continue;
      if (answered.has(id)) lacks = true;
      else this.data.values[key] = this.loaded[key] = this.loaded[key] ?? "";
    }
    return lacks;
  }

  /** @param {string} key @param {Values} values @returns {Gone} */
  #inWords(key, values) {
    return this.#asGone(key, values[key], inWords(key, values[key]));
  }

  /** @param {string} key @param {import("./state.js").Raw} value @param {string} text @returns {Gone} */
  #asGone(key, value, text) {
    return { title: this.data.titles[key] ?? _("A field that is gone"), text, value };
  }

  /** @returns {Record<string, Gone>} what is typed and not saved, by key, for a card that shows another form next */
  unsavedInWords() {
    const values = this.current();
    return { ...this.gone, ...Object.fromEntries(this.changed().map((key) => [key, this.#inWords(key, values)])) };
  }

  /**
   * @param {string} key
   * @param {Values} draft
   * @returns {boolean} whether the card can hold that part: the draft may be of another campaign
   */
  #fits(key, draft) {
    const value = draft[key];
    if (key === "when") return this.#fits("status", draft);
    if (key === "status") return String(this.data.status.id) === value || choiceOf(String(value)) !== null;
    const control = this.#controls().find(({ dataset }) => dataset.key === key);
    return !(control instanceof HTMLSelectElement) || [...control.options].some((option) => option.value === value);
  }

  /** @param {HTMLSelectElement} control @param {string} value somebody who owns the case and may not be chosen (any more) */
  #addMissing(control, value) {
    if ([...control.options].some((option) => option.value === value)) return;
    control.add(
      new Option(value === this.data.values[control.dataset.key ?? ""] ? this.data.owner_name : value, value),
    );
  }

  /** @returns {(HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[]} of the header, and the note */
  #controls() {
    return /** @type {any} */ ([...document.querySelectorAll(".sp-ch [data-key], #composer [data-key]")]);
  }
}

/** @param {Values} values @returns {Values} the answers, by field id */
function answersOf(values) {
  const rows = Object.entries(values).filter(([key]) => key.startsWith(ANSWER));
  return Object.fromEntries(rows.map(([key, value]) => [key.slice(ANSWER.length), value]));
}
