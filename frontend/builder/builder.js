// The builder as a whole: the definition with its history, what is selected, and who is told when either changes.
import { gettext as _ } from "../i18n.js";
import { announce } from "../toasts.js";
import * as edits from "./edits.js";
import { History } from "./history.js";

/** @typedef {import("./types.js").BuilderData} BuilderData */
/** @typedef {import("./types.js").Definition} Definition */
/** @typedef {import("./types.js").Field} Field */
/** @typedef {import("./types.js").Kind} Kind */
/** @typedef {import("./types.js").Faults} Faults */
/** @typedef {{ key?: string, from?: string }} How `key`: typing is one step; `from`: the part that shows the edit already */
/** @typedef {(from: string) => void} Listener */

/** @type {Kind} what stands in for a kind that this installation does not know */
const UNKNOWN = {
  title: "",
  icon: "help",
  group: "",
  macro: "unknown",
  answers: false,
  given: false,
  sort: null,
  placeholder: false,
  default: false,
  fixed: [],
  config: {},
  settings: [],
};

const NONE = /** @type {string[]} */ ([]);

export class Builder {
  /** @param {BuilderData} data */
  constructor(data) {
    this.data = data;
    this.history = new History(data.definition);
    this.faults = data.faults;
    this.page = data.definition.pages[0].id;
    /** @type {Listener[]} */
    this.listeners = [];
    /** @type {() => void} */
    this.edited = () => {};
  }

  /** @returns {Definition} */
  get definition() {
    return this.history.now;
  }

  /** @returns {Field | undefined} the selected one */
  get field() {
    return this.selected ? edits.fieldOf(this.definition, this.selected) : undefined;
  }

  /** @returns {string | null} id of the selected field */
  get selected() {
    return this.#selected;
  }

  set selected(id) {
    if (id === this.#selected) return;
    this.#selected = id;
    this.#known = new Set(this.field && this.#isJudged(this.field) ? this.#faults[this.field.id] : NONE);
  }

  /** @returns {Faults} what is to be mended before publishing, as the server said last */
  get faults() {
    return this.#faults;
  }

  set faults(faults) {
    this.#faults = faults;
    this.#judged = new Map(this.definition.fields.map((field) => [field.id, field]));
  }

  /**
   * @param {Field} field
   * @returns {string[]} what is told of it: while one is at work on it, only what was told before; of one that changed since
   *   the server looked, nothing
   */
  faultsOf(field) {
    const faults = this.#faults[field.id] ?? NONE;
    if (field.id === this.#selected) return faults.filter((fault) => this.#known.has(fault));
    return this.#isJudged(field) ? faults : NONE;
  }

  /** From now on all that is to be mended is told, of the selected field, too. */
  tellFaults() {
    this.#known = new Set(this.#faults[this.#selected ?? ""]);
    this.tell("faults");
  }

  /** @returns {Field[]} what the page on show holds */
  get shown() {
    return edits.shownOn(this.definition, this.page);
  }

  /** @param {Listener} listener called after each change of definition or selection */
  onChange(listener) {
    this.listeners.push(listener);
  }

  /** @param {string} [from] */
  tell(from = "") {
    for (const listener of this.listeners) listener(from);
  }

  /** @param {Definition} next @param {string} label what was done @param {How} [how] @returns {boolean} */
  apply(next, label, { key = "", from = "" } = {}) {
    if (!this.data.may_edit || !this.history.apply(next, label, { key })) return false;
    this.#settle();
    this.edited();
    this.tell(from);
    return true;
  }

  undo() {
    this.#told(this.history.undo(), (label) => _("Undone: %(what)s", { what: label }), _("There is nothing to undo."));
  }

  redo() {
    this.#told(
      this.history.redo(),
      (label) => _("Done again: %(what)s", { what: label }),
      _("There is nothing to redo."),
    );
  }

  /** @param {string | null} id @param {string} [from] */
  select(id, from = "") {
    if (this.selected === id) return;
    this.selected = id;
    const field = this.field;
    if (field && !field.hidden) this.page = field.page;
    this.tell(from);
  }

  /** @param {string} page */
  turnTo(page) {
    if (this.page === page) return;
    this.page = page;
    this.selected = null;
    this.tell();
  }

  /** @param {string} code @returns {Kind} */
  kind(code) {
    return this.data.kinds[code] ?? { ...UNKNOWN, title: _("Unknown field") };
  }

  /** @param {Field} field @returns {string} its title, or what kind it is */
  name(field) {
    const status = this.data.statuses.find((each) => each.id === field.config.status_id);
    return field.title.trim() || status?.name || this.kind(field.kind).title;
  }

  /** @param {Field} own @returns {Map<string, string>} ids of the other fields by their name, for formulas; a name that stands twice gets a number */
  names(own) {
    /** @type {Map<string, string>} */
    const names = new Map();
    for (const field of this.definition.fields) {
      if (field.id === own.id || !this.kind(field.kind).answers) continue;
      const name = this.name(field).replace(/[[\]]/g, " ").trim();
      let free = name;
      for (let number = 2; names.has(free); number++) free = `${name} ${number}`;
      names.set(free, field.id);
    }
    return names;
  }

  /** @param {string} id @returns {string} number and title of a page */
  pageName(id) {
    const at = this.definition.pages.findIndex((page) => page.id === id);
    const title = this.definition.pages[at]?.title;
    return title ? `${at + 1} ${title}` : _("Page %(number)s", { number: at + 1 });
  }

  /** @param {string} code of the kind @param {number} [at] place on the page; behind the selected field without it */
  add(code, at) {
    const shown = this.shown;
    const behind = shown.findIndex((each) => each.id === this.selected) + 1;
    const place = at ?? (behind || shown.length);
    const field = edits.newField(code, this.kind(code), this.page);
    const title = this.kind(code).title;
    this.selected = field.id;
    if (!this.apply(edits.place(this.definition, field, this.page, place), _("added “%(name)s”", { name: title })))
      return;
    this.#sayPlace(field, _("%(name)s added.", { name: title }));
  }

  /** @param {string} id @param {string} page @param {number} at place on the page */
  move(id, page, at) {
    const field = edits.fieldOf(this.definition, id);
    if (!field) return;
    const held = Math.max(
      0,
      Math.min(at, edits.shownOn(this.definition, page).filter((each) => each.id !== id).length),
    );
    const here = this.shown.findIndex((each) => each.id === id);
    if (page === field.page && held === here) {
      announce(here ? _("This is the last place.") : _("This is the first place."));
      return;
    }
    this.page = page;
    this.selected = id;
    const name = this.name(field);
    this.apply(edits.place(this.definition, field, page, held), _("moved “%(name)s”", { name }));
    this.#sayPlace(field, `${name}.`);
  }

  /** @param {string} id */
  hide(id) {
    const field = edits.fieldOf(this.definition, id);
    if (!field) return;
    const at = this.shown.findIndex((each) => each.id === id);
    const name = this.name(field);
    this.selected = this.shown[at + 1]?.id ?? this.shown[at - 1]?.id ?? null;
    this.apply(edits.changeField(this.definition, id, { hidden: true }), _("hid “%(name)s”", { name }));
    announce(_("%(name)s is hidden. Its answers are kept, and it can be shown again.", { name }));
  }

  /** @param {string} id */
  show(id) {
    const field = edits.fieldOf(this.definition, id);
    if (!field) return;
    this.page = field.page;
    this.selected = id;
    const name = this.name(field);
    this.apply(edits.changeField(this.definition, id, { hidden: false }), _("showed “%(name)s” again", { name }));
    announce(_("%(name)s is shown again.", { name }));
  }

  /** @param {Field} field @param {string} before what is said first */
  #sayPlace(field, before) {
    const shown = this.shown;
    const place = shown.findIndex((each) => each.id === field.id) + 1;
    const words = _("Position %(place)s of %(count)s", { place, count: shown.length });
    const page = this.definition.pages.length > 1 ? `, ${this.pageName(this.page)}` : "";
    announce(`${before} ${words}${page}`);
  }

  /** @param {string | null} label @param {(label: string) => string} words @param {string} nothing */
  #told(label, words, nothing) {
    if (label === null) {
      announce(nothing);
      return;
    }
    this.#settle();
    this.edited();
    this.tell("history");
    announce(words(label));
  }

  /** @type {string | null} */
  #selected = null;
  /** @type {Set<string>} what was told of the selected field before one began with it */
  #known = new Set();
  /** @type {Faults} */
  #faults = {};
  /** @type {Map<string, Field>} the fields that the faults are about */
  #judged = new Map();

  /** @param {Field} field */
  #isJudged(field) {
    return this.#judged.get(field.id) === field;
  }

  /** What is selected and on show must exist. */
  #settle() {
    const { pages } = this.definition;
    if (!pages.some((page) => page.id === this.page)) this.page = pages[0].id;
    const field = this.field;
    if (!field) this.selected = null;
  }
}
