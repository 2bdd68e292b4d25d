// What the server changed in a piece of a page, applied to the piece on screen, and nothing else touched.
//
// The server's former markup, its new markup and the screen are three trees. Only differences between the first two go
// to the third: what the page's scripts and the person did to it since stays, because neither of the first two knows it.
import { stayers } from "./order.js";

/** What a person or a widget owns; the server's markup says nothing about it. */
const OWNED = new Set(["value", "checked", "selected", "open"]);
/** Lists of words, to which scripts add words of their own. */
const WORDS = new Set(["class", "aria-describedby", "aria-labelledby"]);

const IN_GROUP = ":not([data-page]) > splot-field";

/** @type {WeakMap<Node, Node>} what stands on screen for a node of the server's markup */
const onScreen = new WeakMap();

/** @template {Node} N @param {N} node of the server's markup @returns {N | undefined} */
export function shownFor(node) {
  return /** @type {N | undefined} */ (onScreen.get(node));
}

/** @param {Node} markup @param {Node} shown made of it, and not touched since */
export function pair(markup, shown) {
  onScreen.set(markup, shown);
  markup.childNodes.forEach((child, place) => pair(child, shown.childNodes[place]));
}

/** @template {Node} N @param {N} markup @returns {N} a copy for the screen */
export function made(markup) {
  const shown = document.importNode(markup, true);
  pair(markup, shown);
  return shown;
}

/**
 * @typedef {{ field?: (markup: Element) => Element, dropped?: (shown: Element) => void }} Rules `field` gives what stands
 *   for a field, wherever it stood before; `dropped` gets what holds fields and is wanted no more
 */

/**
 * @param {Element} former
 * @param {Element} markup of the same kind of element
 * @param {Rules} [rules]
 */
export function amend(former, markup, rules = {}) {
  const shown = /** @type {Element} */ (shownFor(former));
  onScreen.set(markup, shown);
  amendAttributes(former, markup, shown);
  amendChildren(former, markup, shown, rules);
}

/** @param {Element} former @param {Element} markup @param {Element} shown */
export function amendAttributes(former, markup, shown) {
  for (const name of new Set([...former.getAttributeNames(), ...markup.getAttributeNames()])) {
    const [was, is] = [former.getAttribute(name), markup.getAttribute(name)];
    if (was === is || OWNED.has(name)) continue;
    if (WORDS.has(name)) setWords(shown, name, words(was), words(is));
    else if (is === null) shown.removeAttribute(name);
    else shown.setAttribute(name, is);
  }
}

/**
 * @param {Element | DocumentFragment} former
 * @param {Element | DocumentFragment} markup
 * @param {Element} shown
 * @param {Rules} [rules]
 */
export function amendChildren(former, markup, shown, rules = {}) {
  if (former instanceof HTMLTemplateElement || isLeaf(former, markup)) return amendLeaf(former, markup, shown);
  if (shown instanceof HTMLTextAreaElement) return;
  const known = byKey(former);
  const wanted = [...byKey(markup)].map(([key, child]) => {
    const before = known.get(key);
    known.delete(key);
    return standing(before, child, shown, rules);
  });
  for (const gone of known.values()) drop(gone, rules);
  arrange(shown, wanted);
}

/**
 * Puts the children into this order, and leaves alone what scripts have put between them. The one with the focus stays.
 * @param {Element} parent
 * @param {Node[]} wanted
 */
export function arrange(parent, wanted) {
  const now = new Map([...parent.childNodes].map((child, place) => [child, place]));
  const places = wanted.map((node) => now.get(/** @type {ChildNode} */ (node)) ?? -1);
  const active = document.activeElement;
  const fixed = wanted.findIndex((node) => active !== null && node.parentNode === parent && node.contains(active));
  const stay = stayers(places, fixed < 0 ? -1 : places[fixed]);
  /** @type {Node | null} */
  let last = null;
  wanted.forEach((node, index) => {
    if (!stay.has(index)) put(parent, node, last ? last.nextSibling : firstOf(parent, wanted, stay));
    last = node;
  });
}

/** @param {Element} parent @param {Node} node moved without being taken out, where the browser can @param {Node | null} before */
export function put(parent, node, before) {
  if (before === node) return;
  const target = /** @type {any} */ (parent);
  if (target.moveBefore && node.isConnected && parent.isConnected) target.moveBefore(node, before);
  else parent.insertBefore(node, before);
}

/** @param {Element} parent @param {Node[]} wanted @param {Set<number>} stay @returns {Node | null} where the first goes */
function firstOf(parent, wanted, stay) {
  return wanted.find((_node, index) => stay.has(index)) ?? parent.firstChild;
}

/** @param {Node | undefined} before @param {Node} child @param {Element} parent @param {Rules} rules @returns {Node} */
function standing(before, child, parent, rules) {
  const shown = before && shownFor(before);
  if (!(child instanceof Element)) {
    if (!shown) return made(child);
    if (/** @type {Text} */ (before).data !== /** @type {Text} */ (child).data) {
      /** @type {Text} */ (shown).data = /** @type {Text} */ (child).data;
    }
    onScreen.set(child, shown);
    return shown;
  }
  if (rules.field && isField(child)) return rules.field(child);
  if (!(before instanceof Element) || !shown) {
    return child.querySelector("splot-field") ? frame(child, parent, rules) : (retired(child, parent) ?? made(child));
  }
  amend(before, child, rules);
  return shown;
}

/**
 * @param {Element} markup of a page or a group, whose fields may stand on screen already
 * @param {Element} parent it is put there first: what moves into something that is connected keeps focus and caret
 * @param {Rules} rules
 */
function frame(markup, parent, rules) {
  const shown = /** @type {Element} */ (document.importNode(markup, false));
  const former = /** @type {Element} */ (markup.cloneNode(false));
  parent.append(shown);
  onScreen.set(former, shown);
  amend(former, markup, rules);
  return shown;
}

/** @param {Element} element */
export function isField(element) {
  return element.localName === "splot-field";
}

/** @param {Node} former @param {Node} markup the same, so that what stands on screen for one stands for the other */
export function pairAgain(former, markup) {
  const shown = onScreen.get(former);
  if (shown) onScreen.set(markup, shown);
  former.childNodes.forEach((child, place) => pairAgain(child, markup.childNodes[place]));
}

/** @param {Element | DocumentFragment} former @param {Element | DocumentFragment} markup @param {Element} shown */
function amendLeaf(former, markup, shown) {
  const [was, is] = [former, markup].map((each) => (each instanceof Element ? each.innerHTML : each.textContent));
  if (was !== is) shown.innerHTML = is ?? "";
  if (was === is) former.childNodes.forEach((child, place) => pairAgain(child, markup.childNodes[place]));
  else markup.childNodes.forEach((child, place) => pair(child, shown.childNodes[place]));
}

/** @param {ParentNode} former @param {ParentNode} markup @returns {boolean} text alone: replaced as a whole */
function isLeaf(former, markup) {
  return former.childElementCount === 0 && markup.childElementCount === 0 && !(markup instanceof DocumentFragment);
}

/** @param {Node} former wanted no more; a choice that is chosen stays until another one is @param {Rules} rules */
function drop(former, rules) {
  const shown = shownFor(former);
  if (!shown || (rules.field && former instanceof Element && isField(former))) return;
  if (shown instanceof HTMLElement && isChosen(shown)) shown.dataset.retired = "";
  else if (shown instanceof Element && rules.dropped) rules.dropped(shown);
  else /** @type {ChildNode} */ (shown).remove();
}

/** @param {HTMLElement} element @returns {boolean} */
function isChosen(element) {
  if (element instanceof HTMLOptionElement) return element.selected && element.value !== "";
  return element instanceof HTMLLabelElement && element.querySelector("input")?.checked === true;
}

/** @param {Element} markup of a choice @param {Element} parent @returns {Element | null} the same choice, if it stayed on screen when it left */
function retired(markup, parent) {
  const value = choiceOf(markup);
  const found = value && [...parent.children].find((each) => "retired" in data(each) && choiceOf(each) === value);
  if (!found) return null;
  found.className = markup.className;
  for (const name of ["data-retired", "hidden"]) if (!markup.hasAttribute(name)) found.removeAttribute(name);
  if (found.lastChild && markup.lastChild) found.lastChild.textContent = markup.lastChild.textContent;
  pair(markup, found);
  return found;
}

/** @param {Element} element @returns {DOMStringMap} */
function data(element) {
  return /** @type {HTMLElement} */ (element).dataset;
}

/** @param {Element} element @returns {string} the value of an option, or of the box in a label */
function choiceOf(element) {
  if (element instanceof HTMLOptionElement) return element.value;
  return (element instanceof HTMLLabelElement && element.querySelector("input")?.getAttribute("value")) || "";
}

/** @param {ParentNode & Node} parent @returns {Map<string, ChildNode>} its children by what makes them the same in both trees */
function byKey(parent) {
  /** @type {Map<string, ChildNode>} */
  const found = new Map();
  for (const child of parent.childNodes) {
    const key = keyOf(child);
    let place = 0;
    while (found.has(`${key}#${place}`)) place += 1;
    found.set(`${key}#${place}`, child);
  }
  return found;
}

/** @param {Node} node */
function keyOf(node) {
  if (!(node instanceof Element)) return node.nodeName;
  const { key, page, row } = data(node);
  const own = key ?? page ?? row ?? (choiceOf(node) || runOf(node));
  return `${node.localName}:${own}:${node.getAttribute("type") ?? ""}`;
}

/** @type {WeakMap<Node, string>} names of groups of fields, which the markup does not name */
const runs = new WeakMap();
let named = 0;

/** @param {Element} node a group of fields without a name of its own is the one that holds its fields */
function runOf(node) {
  return runs.get(node) ?? "";
}

/**
 * Groups that share a field are the same one, whatever came before, between or behind.
 * @param {ParentNode} former
 * @param {ParentNode} markup
 */
export function matchRuns(former, markup) {
  /** @type {Map<string, string>} */
  const groups = new Map();
  for (const field of former.querySelectorAll(IN_GROUP)) {
    const group = /** @type {Element} */ (field.parentElement);
    if (!runs.has(group)) runs.set(group, `run-${(named += 1)}`);
    groups.set(data(field).key ?? "", runs.get(group) ?? "");
  }
  const taken = new Set();
  for (const field of markup.querySelectorAll(IN_GROUP)) {
    const group = /** @type {Element} */ (field.parentElement);
    const name = groups.get(data(field).key ?? "");
    if (runs.has(group) || !name || taken.has(name)) continue;
    runs.set(group, name);
    taken.add(name);
  }
}

/** @param {string | null} text */
function words(text) {
  return (text ?? "").split(/\s+/).filter(Boolean);
}

/** @param {Element} shown @param {string} name @param {string[]} was @param {string[]} is */
function setWords(shown, name, was, is) {
  const others = words(shown.getAttribute(name)).filter((word) => !was.includes(word) && !is.includes(word));
  const all = [...is, ...others].join(" ");
  if (all) shown.setAttribute(name, all);
  else shown.removeAttribute(name);
}
