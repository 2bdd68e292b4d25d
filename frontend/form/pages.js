// A form of several pages, one at a time: a strip shows where one is, Back and Next lead on, and so do the keys
// Alt with → or ←, Alt with Page down or Page up. The path follows the answers (logic.js).
import { gettext as _ } from "../i18n.js";
import { bindLogic, follow, pathOf } from "./logic.js";

/**
 * @typedef {{ root: HTMLElement, strip: HTMLOListElement, bar: HTMLElement, at: string }} Pages `at`: id of the page shown
 */

/** @type {WeakMap<Element, Pages>} */
const bounds = new WeakMap();

const KEYS = { ArrowRight: 1, ArrowLeft: -1, PageDown: 1, PageUp: -1 };

/**
 * Makes a rendered form follow its conditions and show its pages one at a time.
 * @param {HTMLElement} root of the form
 * @param {{ given?: () => Record<string, boolean> }} [options] see `bindLogic`
 */
export function bindPages(root, options = {}) {
  const strip = document.createElement("ol");
  strip.className = "sp-steps";
  strip.setAttribute("aria-label", _("Pages of the form"));
  const bar = document.createElement("div");
  bar.className = "sp-pagebar";
  bar.append(leading("back", _("Back"), -1), leading("next", _("Next"), 1));
  (root.closest(".sp-formscroll") ?? root).before(strip);
  root.after(bar);
  const pages = { root, strip, bar, at: "" };
  bounds.set(root, pages);
  strip.addEventListener("click", (event) => {
    const step = /** @type {Element} */ (event.target).closest("[data-step]");
    if (step) turn(pages, step.getAttribute("data-step") ?? "");
  });
  bar.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-by]");
    if (button instanceof HTMLElement) move(pages, Number(button.dataset.by));
  });
  document.addEventListener("keydown", (event) => onKey(pages, event));
  root.addEventListener("splot:path", () => draw(pages));
  root.addEventListener("splot:page", (event) => goTo(root, /** @type {CustomEvent} */ (event).detail.page));
  root.addEventListener("splot:errors", () => leadToError(pages));
  bindLogic(root, options);
}

/** After another version of the form took the place of the one on screen: the page stays. @param {HTMLElement} root */
export function rebind(root) {
  follow(root);
}

/** @param {HTMLElement} root @param {string} id of the page, if it lies on the path @returns {boolean} whether it is shown */
export function goTo(root, id) {
  const pages = bounds.get(root);
  if (!pages || !walked(pages).includes(id)) return false;
  turn(pages, id);
  return true;
}

/** @param {Pages} pages @returns {string[]} ids of the pages of the path that have something to show */
function walked({ root }) {
  const sections = new Map(sectionsOf(root).map((section) => [section.dataset.page ?? "", section]));
  const shown = pathOf(root).filter((id) => sections.get(id)?.querySelector("splot-field:not([hidden])"));
  return shown.length ? shown : pathOf(root).slice(0, 1);
}

/** @param {Pages} pages */
function draw(pages) {
  const { root, strip, bar } = pages;
  const path = walked(pages);
  const sections = sectionsOf(root);
  if (!path.includes(pages.at)) pages.at = lastBefore(sections, path, pages.at);
  for (const section of sections) {
    const isHidden = path.length > 0 && section.dataset.page !== pages.at;
    if (section.hidden !== isHidden) section.hidden = isHidden;
  }
  strip.hidden = bar.hidden = path.length < 2;
  const place = path.indexOf(pages.at);
  const steps = path.map((id, number) => stepFor(pages, id, number, place));
  // The same steps stay, and the focus on one of them.
  if (steps.map((step) => step.outerHTML).join("") !== strip.innerHTML) strip.replaceChildren(...steps);
  for (const button of bar.querySelectorAll("button")) {
    const target = path[place + Number(button.dataset.by)];
    button.ariaDisabled = target ? null : "true";
  }
}

/** @param {Pages} pages @param {string} id @param {number} number @param {number} place of the page that is shown */
function stepFor({ root }, id, number, place) {
  const section = sectionsOf(root).find((each) => each.dataset.page === id);
  const title = section?.getAttribute("aria-label") || _("Page %(number)s", { number: number + 1 });
  const isWrong = Boolean(section?.querySelector(".has-err"));
  const step = document.createElement("li");
  step.className = isWrong ? "err" : number < place ? "done" : number === place ? "on" : "";
  if (isWrong && number === place) step.classList.add("on");
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.step = id;
  if (number === place) button.setAttribute("aria-current", "step");
  const words = document.createElement("span");
  words.textContent = `${number + 1}. ${title}`;
  const state = isWrong ? _("something is to be mended here") : number < place ? _("done") : "";
  if (state) {
    const said = document.createElement("span");
    said.className = "visually-hidden";
    said.textContent = ` (${state})`;
    words.append(said);
  }
  button.append(words);
  step.append(button);
  return step;
}

/** @param {HTMLElement[]} sections @param {string[]} path @param {string} at @returns {string} the page of the path that is nearest before */
function lastBefore(sections, path, at) {
  const order = sections.map((section) => section.dataset.page ?? "");
  const before = order.slice(0, Math.max(order.indexOf(at), 0)).filter((id) => path.includes(id));
  return before.at(-1) ?? path[0] ?? "";
}

/** @param {Pages} pages @param {number} by */
function move(pages, by) {
  const path = walked(pages);
  const target = path[path.indexOf(pages.at) + by];
  if (target) turn(pages, target);
}

/** @param {Pages} pages @param {string} id the focus goes to its first field */
function turn(pages, id) {
  pages.at = id;
  draw(pages);
  const section = sectionsOf(pages.root).find((each) => each.dataset.page === id);
  section?.closest(".sp-formscroll")?.scrollTo({ top: 0 });
  const inside = section?.querySelectorAll("splot-field:not([hidden]) .ctl :is(input, select, textarea, button)") ?? [];
  const first = [...inside].find(
    (each) => !each.matches("[type=hidden], [tabindex='-1'], :disabled, [hidden], .u") && each.getClientRects().length,
  );
  /** @type {HTMLElement | null} */ (first ?? pages.bar.querySelector("[data-by='1']"))?.focus();
}

/** @param {Pages} pages the page of the first error, unless this one has one */
function leadToError(pages) {
  const wrong = [...pages.root.querySelectorAll(".has-err")].map((field) => pageOf(field));
  const path = walked(pages);
  const first = wrong.find((id) => path.includes(id));
  if (first && !wrong.includes(pages.at)) pages.at = first;
  draw(pages);
}

/** @param {Pages} pages @param {KeyboardEvent} event */
function onKey(pages, event) {
  const by = /** @type {Record<string, number>} */ (KEYS)[event.key];
  // On a Mac these arrows move the caret word by word.
  if (event.key.startsWith("Arrow") && navigator.userAgent.includes("Mac")) return;
  if (!by || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
  const elsewhere = /** @type {Element} */ (event.target).closest?.("dialog, [popover]");
  if (elsewhere || !pages.root.isConnected || pages.bar.hidden) return;
  event.preventDefault(); // else the browser leaves the card
  move(pages, by);
}

/** @param {string} name @param {string} label @param {number} by @returns {HTMLButtonElement} */
function leading(name, label, by) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = name === "next" ? "btn btn-primary" : "btn";
  button.dataset.by = String(by);
  const key = document.createElement("kbd");
  key.textContent = by > 0 ? "Alt →" : "Alt ←";
  button.append(label, key);
  return button;
}

/** @param {Element} field */
function pageOf(field) {
  return field.closest("[data-page]")?.getAttribute("data-page") ?? "";
}

/** @param {Element} root @returns {HTMLElement[]} */
function sectionsOf(root) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("section[data-page]"))];
}
