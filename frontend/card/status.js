// The status menu: search, choose, and for a dated status its time. What is chosen is pending until it is saved.
import { exactMoment, hourOfDay, wallClock } from "../clock.js";
import { amendChildren, pair } from "../form/amend.js";
import { onDo } from "../verbs.js";

/** @typedef {{ id: string, name: string, kind: string, when: string }} Choice */

const MINUTE = 60_000;

/** @param {(choice: Choice) => void} chosen */
export function statusMenu(chosen) {
  const menu = document.getElementById("card-statuses");
  if (!menu) return;
  const date = /** @type {HTMLElement} */ (document.getElementById("status-date"));
  const when = /** @type {HTMLInputElement} */ (document.getElementById("status-when"));
  const search = /** @type {HTMLInputElement} */ (document.getElementById("status-search"));
  /** @type {HTMLElement | null} */
  let dated = null;

  /** @param {HTMLElement} option @param {string} at */
  const choose = (option, at) => {
    const id = (option.dataset.do ?? "").split(":")[1];
    chosen({ id, name: option.dataset.name ?? "", kind: option.dataset.kind ?? "", when: at });
    menu.hidePopover();
  };

  onDo("card-status", (option) => {
    if (!("dated" in option.dataset)) return choose(option, "");
    dated = option;
    option.closest("li")?.after(date);
    date.hidden = false;
    if (!when.value) when.value = wallClock(new Date(Date.now() + 60 * MINUTE));
    when.focus();
  });
  onDo("status-in", (_button, minutes) => {
    when.value = wallClock(new Date(Date.now() + Number(minutes) * MINUTE));
    if (dated) choose(dated, when.value);
  });
  onDo("status-at", (_button, place) => {
    const [days, hour] = place.split(":").map(Number);
    when.value = hourOfDay(days, hour);
    if (dated) choose(dated, when.value);
  });
  onDo("status-dated", () => {
    if (dated && when.value) choose(dated, when.value);
    else when.focus();
  });
  when.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !dated || !when.value) return;
    event.preventDefault();
    choose(dated, when.value);
  });
  search.addEventListener("input", () => {
    const wanted = plain(search.value);
    for (const row of menu.querySelectorAll("li:not(.dated)")) {
      const name = row.querySelector("[data-name]")?.getAttribute("data-name") ?? "";
      /** @type {HTMLElement} */ (row).hidden = !plain(name).includes(wanted);
    }
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = menu.querySelector("li:not([hidden]):not(.dated) [data-name]");
    if (first instanceof HTMLElement) first.click();
  });
  menu.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "open") return;
    date.hidden = true;
    dated = null;
    search.value = "";
    search.dispatchEvent(new Event("input"));
  });
}

/** @type {DocumentFragment | null} the server's markup of the rows on screen */
let rows = null;

/** The rows of the menu as they came from the server. Call it before anything changes them. */
export function rememberStatuses() {
  const list = document.querySelector("#card-statuses ul");
  if (!list) return;
  rows = document.createDocumentFragment();
  for (const row of list.querySelectorAll(ROW)) {
    const markup = row.cloneNode(true);
    rows.append(markup);
    pair(markup, row);
  }
  writeMoments(list);
}

/** @param {string} fragment @returns {boolean} whether that is another list; the reader's search and time stay */
export function showStatuses(fragment) {
  const list = document.querySelector("#card-statuses ul");
  if (!list || !rows) return false;
  const template = document.createElement("template");
  template.innerHTML = fragment;
  for (const other of [...template.content.childNodes]) if (other instanceof Text) other.remove();
  const is = (/** @type {DocumentFragment} */ each) => [...each.children].map((row) => row.outerHTML).join();
  if (is(rows) === is(template.content)) return false;
  amendChildren(rows, template.content, list);
  rows = template.content;
  writeMoments(list);
  document.getElementById("status-search")?.dispatchEvent(new Event("input"));
  return true;
}

const ROW = ":scope > [data-row]";

/** @param {Element} list moments in the reader's time zone */
function writeMoments(list) {
  for (const place of list.querySelectorAll("time")) place.textContent = exactMoment(new Date(place.dateTime));
}

/** A button of the form that sets a status: the same as choosing it in the menu. @param {string} id */
export function pressStatus(id) {
  const option = document.querySelector(`#card-statuses [data-do="card-status:${CSS.escape(id)}"]`);
  if (!(option instanceof HTMLElement)) return;
  if ("dated" in option.dataset) document.getElementById("card-statuses")?.showPopover();
  option.click();
}

/** @param {{ id: string, name: string, kind: string }} status */
export function showStatus({ id, name, kind }) {
  const button = document.getElementById("card-status");
  const mark = document.querySelector(`#card-statuses [data-kind="${CSS.escape(kind)}"] .sp-kmark`);
  if (!button) return;
  button.className = `sp-chip sp-chip-lg k-${kind}`;
  const label = button.querySelector(".sp-cut");
  if (label) label.textContent = name;
  if (mark) button.querySelector(".sp-kmark")?.replaceWith(mark.cloneNode(true));
  for (const option of document.querySelectorAll("#card-statuses [data-name]")) {
    option.setAttribute("aria-pressed", String(option.getAttribute("data-do") === `card-status:${id}`));
  }
}

/** @param {string} text @returns {string} lower case, without accents */
function plain(text) {
  return text.toLowerCase().replaceAll("ł", "l").normalize("NFD").replace(/\p{M}/gu, "");
}
