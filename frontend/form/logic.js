// A form that follows its conditions while somebody types: fields come and go, are required or not, results appear.
// What is hidden keeps its controls and all that stands in them. The server decides (app/formbuilder/logic.py); this only
// shows it earlier. What the user may not see is known by its result alone: `given`, which comes with the card.
import { language } from "../i18n.js";
import { focusable, get } from "./controls.js";
import { evaluate, isTrue, plain, typed } from "./expression.js";
import { instant, shown, valueOf } from "./reading.js";

/**
 * @typedef {import("./expression.js").Formula} Formula
 * @typedef {{
 *   kind: string, sort: string | null, page: string, units?: string[], visible?: Formula, required?: Formula,
 *   formula?: Formula, decimals?: number
 * }} FieldLogic
 * @typedef {{
 *   zone: string, order: ["page" | "field", string][], fields: Record<string, FieldLogic>,
 *   pages: { id: string, branches: { when: Formula, page: string | null }[] }[]
 * }} Logic as app/formbuilder/logic_json.py makes it
 * @typedef {{ given: () => Record<string, boolean>, text: string, logic: Logic | null, path: string[], lacks: boolean }} Bound
 */

/** @type {WeakMap<Element, Bound>} */
const bounds = new WeakMap();

/**
 * Follow what is typed in the form, and what is filled into it. Tells `splot:path` on the root whenever it was followed.
 * @param {HTMLElement} root
 * @param {{ given?: () => Record<string, boolean> }} [options] results of conditions that only the server can know
 */
export function bindLogic(root, { given = () => ({}) } = {}) {
  bounds.set(root, { given, text: "", logic: null, path: [], lacks: false });
  for (const type of ["input", "change", "splot:filled"]) root.addEventListener(type, () => follow(root));
  follow(root);
}

/** @param {Element} root @returns {string[]} ids of the pages that one walks through; none without logic */
export function pathOf(root) {
  return bounds.get(root)?.path ?? [];
}

/** @param {Element} root @returns {boolean} whether results are missing that only the server can know */
export function lacksGiven(root) {
  return bounds.get(root)?.lacks ?? false;
}

/** Evaluates everything anew and shows it. @param {HTMLElement} root */
export function follow(root) {
  const bound = bounds.get(root);
  if (!bound) return;
  const logic = logicOf(root, bound);
  bound.lacks = false;
  if (logic) bound.path = show(root, logic, bound);
  else bound.path = [];
  root.dispatchEvent(new CustomEvent("splot:path"));
}

/** @param {Element} root @param {Bound} bound @returns {Logic | null} of the version of the form that is on screen */
function logicOf(root, bound) {
  const text = root.querySelector("script[data-logic]")?.textContent ?? "";
  if (text !== bound.text) {
    bound.logic = text ? JSON.parse(text) : null;
    bound.text = text;
  }
  return bound.logic;
}

/** @param {HTMLElement} root @param {Logic} logic @param {Bound} bound @returns {string[]} the path */
function show(root, logic, bound) {
  const given = bound.given();
  const wrappers = new Map(
    [...root.querySelectorAll("splot-field")].map((field) => [field.getAttribute("data-key"), field]),
  );
  const how = { language: language(), zone: logic.zone };
  const at = instant(new Date(), logic.zone);
  /** @type {Map<string, import("./expression.js").Value>} */
  const values = new Map();
  const read = (/** @type {string} */ id) => {
    if (!id.startsWith("given:")) return values.get(id) ?? null;
    const result = given[id.slice(6)];
    bound.lacks ||= result === undefined;
    return typed("flag", result === true);
  };
  const holds = (/** @type {Formula} */ formula) => isTrue(evaluate(formula, read, at));
  const walk = new Walk(logic, holds);
  for (const [step, key] of logic.order) {
    if (step === "page") {
      walk.reach(key);
      continue;
    }
    const field = logic.fields[key];
    const wrapper = /** @type {HTMLElement | undefined} */ (wrappers.get(key));
    if (!field || !wrapper) continue;
    const holdsHere = !field.visible || holds(field.visible);
    if (wrapper.hidden === holdsHere) wrapper.hidden = !holdsHere;
    if (!holdsHere || !walk.path.includes(field.page)) continue;
    if (field.required) require(wrapper, holds(field.required));
    if (!field.sort) continue;
    if (field.formula) {
      const value = rounded(evaluate(field.formula, read, at), field);
      values.set(key, value);
      write(wrapper, shown(field.sort, plain(value), { ...how, decimals: field.decimals ?? 0 }));
    } else values.set(key, typed(field.sort, valueOf(/** @type {any} */ (field), get(wrapper), how)));
  }
  for (const run of root.querySelectorAll(".sp-sbtns")) {
    /** @type {HTMLElement} */ (run).hidden = !run.querySelector("splot-field:not([hidden])");
  }
  return walk.path;
}

/** The way through the pages, one after the other. */
class Walk {
  #next = 0;
  /** @type {string[]} */
  path = [];

  /** @param {Logic} logic @param {(formula: Formula) => boolean} holds */
  constructor({ pages }, holds) {
    this.pages = pages;
    this.holds = holds;
    this.places = new Map(pages.map(({ id }, place) => [id, place]));
  }

  /** @param {string} id of a page: what the one before it leads to is known now */
  reach(id) {
    const place = this.places.get(id) ?? -1;
    const former = this.pages[place - 1];
    if (former && this.path.at(-1) === former.id) this.#next = this.#after(place - 1);
    if (place === this.#next) this.path.push(id);
  }

  /** @param {number} place */
  #after(place) {
    for (const { when, page } of this.pages[place].branches) {
      const target = page === null ? this.pages.length : (this.places.get(page) ?? -1);
      if (target > place && this.holds(when)) return target;
    }
    return place + 1;
  }
}

/** @param {import("./expression.js").Value} value @param {FieldLogic} field @returns {import("./expression.js").Value} as it will be stored */
function rounded(value, field) {
  if (value === null || value.sort !== field.sort) return null;
  if (value.sort !== "number") return value;
  return evaluate(["round", ["field", ""], ["number", String(field.decimals ?? 0)]], () => value, {
    today: "",
    now: "",
  });
}

/** @param {Element} field @param {string} text the result of a calculated field */
function write(field, text) {
  const control = /** @type {HTMLInputElement | null} */ (field.querySelector(".ctl input"));
  if (control && control.value !== text) control.value = text;
}

/** @param {Element} field @param {boolean} is whether it must be filled in now */
function require(field, is) {
  for (const mark of /** @type {NodeListOf<HTMLElement>} */ (field.querySelectorAll("[data-required]")))
    mark.hidden = !is;
  for (const control of focusable(field)) {
    if (!control.matches("input:not([type=radio], [type=checkbox]), select, textarea")) continue;
    if (is) control.setAttribute("aria-required", "true");
    else control.removeAttribute("aria-required");
  }
}
