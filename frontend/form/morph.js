// A form on screen becomes another version of itself while somebody fills it in: what is typed, focus, caret, undo, open
// lists and the place of reading stay.
//
// Fields are told apart by `data-key`. One with an equal `data-hash` is not touched; the focused one never moves inside
// its list, its neighbours move around it. Attributes that only scripts set (`hidden` of a field whose condition does not
// hold, marks of what is wrong or unsaved) are not the server's, and stay.
import { adapterOf } from "./adapters.js";
import { amend, amendAttributes, amendChildren, made, matchRuns, pair, pairAgain, shownFor } from "./amend.js";
import { choiceNews, differsOtherwise, offerOf } from "./choices.js";
import { focusable, get, mainControl, refresh, set } from "./controls.js";
import { keepPlace } from "./place.js";

/**
 * @typedef {import("./controls.js").Raw} Raw
 * @typedef {{ key: string, title: string }} Named
 * @typedef {Named & import("./choices.js").ChoiceNews} Offering
 * @typedef {{
 *   added: Named[], removed: Named[], changed: Named[], renamed: { key: string, before: string, after: string }[],
 *   choices: Offering[], swapped: string[], lost: Record<string, Raw>, isReordered: boolean
 * }} Report what was done, for people: titles as they stand on screen. `choices`: fields that offer others now, among
 *   `changed` only when more of them is new; `swapped`: keys of fields with other controls now; `lost`: what stood in
 *   such a field and does not fit into its new controls
 */

/** @type {WeakMap<Element, DocumentFragment>} the server's markup of what is on screen */
const markups = new WeakMap();

/** @param {Element} root a form as it came from the server, before any script has touched it */
export function remember(root) {
  const markup = document.createDocumentFragment();
  markup.append(...[...root.childNodes].map((child) => child.cloneNode(true)));
  markup.childNodes.forEach((child, place) => pair(child, root.childNodes[place]));
  markups.set(root, markup);
  for (const field of root.querySelectorAll("splot-field")) adapterOf(field).mount?.(html(field));
}

/**
 * @param {Element} root remembered before
 * @param {string} fragment
 * @param {Record<string, string>} [titles] of rows that fields name
 * @returns {Report}
 * @throws when two fields have one key: then nothing is touched
 */
export function morph(root, fragment, titles = {}) {
  const template = document.createElement("template");
  template.innerHTML = fragment;
  const markup = template.content;
  const former = markups.get(root);
  if (!former) throw new Error("the form was not remembered");
  const change = new Change(fieldsOf(former), fieldsOf(markup), titles);
  keepPlace(root, () => {
    matchRuns(former, markup);
    /** @type {Element[]} */
    const dropped = [];
    amendChildren(former, markup, root, { field: (each) => change.field(each), dropped: (each) => dropped.push(each) });
    change.removeGone();
    for (const each of dropped) each.remove();
  });
  markups.set(root, markup);
  return change.report;
}

/** @returns {Report} of a version that changes nothing */
export function nothingDone() {
  return { added: [], removed: [], changed: [], renamed: [], choices: [], swapped: [], lost: {}, isReordered: false };
}

class Change {
  report = nothingDone();

  /** @param {Map<string, Element>} before @param {Map<string, Element>} after @param {Record<string, string>} titles */
  constructor(before, after, titles) {
    this.before = before;
    this.after = after;
    this.titles = titles;
    const [was, is] = [
      [...before.keys()].filter((key) => after.has(key)),
      [...after.keys()].filter((key) => before.has(key)),
    ];
    this.report.isReordered = was.join() !== is.join();
  }

  /** @param {Element} markup @returns {Element} the field on screen, brought up to date, wherever it stands */
  field(markup) {
    const key = keyOf(markup);
    const former = this.before.get(key);
    const shown = former && shownFor(former);
    if (!former || !shown) return this.#add(markup);
    if (former.getAttribute("data-hash") === markup.getAttribute("data-hash")) {
      amendAttributes(former, markup, shown);
      pairAgain(former, markup);
      return shown;
    }
    this.#note(key, former, markup);
    if (shapeOf(former) !== shapeOf(markup)) return this.#swap(html(shown), markup);
    amend(former, markup);
    refresh(shown);
    adapterOf(shown).sync?.(html(shown));
    return shown;
  }

  /** What the new version does not have goes, and its focus to a neighbour. */
  removeGone() {
    for (const [key, former] of this.before) {
      const shown = this.after.has(key) ? null : shownFor(former);
      if (!shown) continue;
      this.report.removed.push({ key, title: titleOf(former) });
      const neighbour = shown.contains(document.activeElement) ? neighbourOf(shown) : null;
      shown.remove();
      left(html(shown));
      if (neighbour) focusable(neighbour)[0]?.focus({ preventScroll: true });
    }
  }

  /** @param {Element} markup */
  #add(markup) {
    const shown = html(made(markup));
    this.report.added.push({ key: keyOf(markup), title: titleOf(markup) });
    came(shown);
    return shown;
  }

  /** @param {string} key @param {Element} former @param {Element} markup */
  #note(key, former, markup) {
    const [before, after] = [titleOf(former), titleOf(markup)];
    const offers = after ? choiceNews(offerOf(former), offerOf(markup)) : null;
    if (offers) this.report.choices.push({ key, title: after, ...offers });
    if (before !== after) this.report.renamed.push({ key, before, after });
    else if (!offers || differsOtherwise(former, markup)) this.report.changed.push({ key, title: after });
  }

  /** @param {HTMLElement} shown @param {Element} markup with other controls: they take over the answer and the focus */
  #swap(shown, markup) {
    const key = keyOf(markup);
    const value = get(shown);
    const hadFocus = shown.contains(document.activeElement);
    const next = html(made(markup));
    shown.replaceWith(next);
    left(shown);
    came(next);
    this.report.swapped.push(key);
    if (value !== null && value.length) this.#handOver(next, key, value);
    if (hadFocus) focusEnd(next);
    return next;
  }

  /** @param {Element} field @param {string} key @param {Raw} value */
  #handOver(field, key, value) {
    const fits = accepts(field, value);
    if (fits) set(field, Array.isArray(get(field)) ? [value].flat() : [value].flat()[0], this.titles);
    else this.report.lost[key] = value;
  }
}

/** @param {HTMLElement} field has come on screen; its widget is made when it stands there */
function came(field) {
  refresh(field);
  queueMicrotask(() => field.isConnected && adapterOf(field).mount?.(field));
}

/** @param {HTMLElement} field has left, unless something puts it back at once */
function left(field) {
  queueMicrotask(() => field.isConnected || adapterOf(field).unmount?.(field));
}

/** @param {ParentNode} markup @returns {Map<string, Element>} @throws */
function fieldsOf(markup) {
  const all = [...markup.querySelectorAll("splot-field")];
  const found = new Map(all.map((field) => [keyOf(field), field]));
  if (found.size !== all.length) throw new Error("two fields of the form have one key");
  return found;
}

/** @param {Element} field @returns {string} the same for fields whose controls can be turned into each other */
function shapeOf(field) {
  const control = mainControl(field);
  return [html(field).dataset.kind, control?.localName, control?.getAttribute("type")].join("|");
}

/** @param {Element} field @param {Raw} value @returns {boolean} whether its controls can hold it */
function accepts(field, value) {
  const control = mainControl(field);
  if (!control) return false;
  const values = [value].flat();
  if (control instanceof HTMLSelectElement) {
    return values.length === 1 && [...control.options].some((option) => option.value === values[0]);
  }
  if (control.matches("[type=radio], [type=checkbox]")) {
    const boxes = /** @type {HTMLInputElement[]} */ ([...field.querySelectorAll("[type=radio], [type=checkbox]")]);
    return values.every((each) => boxes.some((box) => box.value === each));
  }
  return values.length === 1 && !field.querySelector("[data-files], [data-look]");
}

/** @param {Element} field */
function focusEnd(field) {
  const control = focusable(field)[0];
  control?.focus({ preventScroll: true });
  if (control instanceof HTMLTextAreaElement || (control instanceof HTMLInputElement && control.type === "text")) {
    control.setSelectionRange(control.value.length, control.value.length);
  }
}

/** @param {Element} field that goes @returns {Element | null} the next one that can take the focus, else the one before */
function neighbourOf(field) {
  const all = [...(field.closest("[data-page]") ?? field.parentElement ?? field).querySelectorAll("splot-field")];
  const place = all.indexOf(field);
  const order = [...all.slice(place + 1), ...all.slice(0, place).reverse()];
  return order.find((each) => !html(each).hidden && focusable(each).length > 0) ?? null;
}

/** @param {Element} field @returns {string} its title, without the marks beside it */
export function titleOf(field) {
  const label = field.querySelector(".label, button, .sp-read-title");
  const text = [...(label?.childNodes ?? [])].find(
    (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
  );
  return text?.textContent?.trim() ?? "";
}

/** @param {Element} field */
function keyOf(field) {
  return field.getAttribute("data-key") ?? "";
}

/** @param {Element} element */
function html(element) {
  return /** @type {HTMLElement} */ (element);
}
