// The list itself: loads the part that an address names, in place, with a skeleton and a way out of an error.
import { exactMoment } from "../clock.js";
import { Refusal, send } from "../http.js";
import { showChosen } from "../rows.js";
import { enhanceSelects } from "../selects.js";
import { gettext as _ } from "../i18n.js";
import { announce } from "../toasts.js";
import { onDo } from "../verbs.js";

const PATIENCE_MS = 150;
const list = /** @type {HTMLElement} */ (document.querySelector("[data-list]"));
const body = /** @type {HTMLElement} */ (list.querySelector("[data-body]"));
/** @type {AbortController | null} */
let loading = null;
let failed = "";

export { list, body };

/** @returns {string} the query of the address, without "?" */
export function query() {
  return location.search.slice(1);
}

/**
 * Shows the list of an address. The focus stays on what it was on, if that is still there.
 * @param {string} address @param {{ push?: boolean, quietly?: boolean }} [how] quietly: no skeleton, the scroll stays
 */
export async function show(address, { push = true, quietly = false } = {}) {
  loading?.abort();
  const mine = (loading = new AbortController());
  const url = new URL(address, location.href);
  if (push) history.pushState(null, "", url);
  const timer = quietly ? 0 : setTimeout(skeleton, PATIENCE_MS);
  try {
    const html = await fetchPart(`${list.dataset.part}${url.search}`, mine.signal);
    clearTimeout(timer);
    const counted = replace(html, quietly);
    if (!quietly) counted.then(() => announce(body.querySelector(".sp-filters [role=status]")?.textContent ?? ""));
  } catch (error) {
    clearTimeout(timer);
    if (mine.signal.aborted) return;
    failed = url.href;
    if (!quietly) refuse(error instanceof Error ? error.message : String(error));
  } finally {
    body.removeAttribute("aria-busy");
  }
}

/** @param {string} url @param {AbortSignal} signal @returns {Promise<string>} */
async function fetchPart(url, signal) {
  const response = await fetch(url, { signal, credentials: "same-origin", headers: { Accept: "text/html" } }).catch(
    (error) => {
      throw signal.aborted ? error : new Error(_("No connection to the server."));
    },
  );
  if (response.redirected) location.reload(); // signed out meanwhile
  if (!response.ok) throw new Error(_("The server refused this. Try again, or reload the page."));
  return response.text();
}

/** @param {string} html @param {boolean} quietly @returns {Promise<void>} when it says how many there are */
function replace(html, quietly) {
  const wrap = body.querySelector(".sp-listwrap");
  const [top, left] = quietly ? [wrap?.scrollTop ?? 0, wrap?.scrollLeft ?? 0] : [0, 0];
  const focused = document.activeElement?.closest("tr[data-id]")?.getAttribute("data-id");
  const chosen = new Set([...body.querySelectorAll("[data-check]:checked")].map((box) => box.getAttribute("value")));
  body.innerHTML = html;
  body.querySelector(".sp-listwrap")?.scrollTo({ top, left });
  for (const box of body.querySelectorAll("[data-check]")) {
    if (box instanceof HTMLInputElement && chosen.has(box.value)) box.checked = true;
  }
  showChosen(list);
  carryFilters();
  if (focused) rowOf(Number(focused))?.querySelector("a")?.focus({ preventScroll: true });
  list.dispatchEvent(new CustomEvent("shown"));
  return count();
}

/** How many there are is counted after the rows are shown: nobody waits for it. */
async function count() {
  const place = body.querySelector("[data-counting]");
  if (!(place instanceof HTMLElement)) return;
  const answer = await send(`${place.dataset.counting}${location.search}`).catch((error) => {
    if (!(error instanceof Refusal)) throw error;
    return { count: "" }; // the list is there all the same
  });
  place.textContent = answer.count;
}

/** The tabs of the views take the filters along; each view has an order of its own. */
function carryFilters() {
  for (const tab of document.querySelectorAll("a[data-view]")) {
    const parameters = new URLSearchParams(location.search);
    for (const name of ["sort", "cursor"]) parameters.delete(name);
    parameters.set("view", tab.getAttribute("data-view") ?? "");
    tab.setAttribute("href", `${location.pathname}?${parameters}`);
  }
}

function skeleton() {
  body.setAttribute("aria-busy", "true");
  const template = list.querySelector("template[data-skeleton]");
  const rows = body.querySelector("tbody");
  if (rows && template instanceof HTMLTemplateElement) rows.replaceChildren(template.content.cloneNode(true));
}

/** @param {string} reason */
function refuse(reason) {
  const template = list.querySelector("template[data-failed]");
  const wrap = body.querySelector(".sp-listwrap");
  if (!(template instanceof HTMLTemplateElement) || !wrap) return;
  wrap.replaceChildren(template.content.cloneNode(true));
  const place = wrap.querySelector("[data-reason]");
  if (place) place.textContent = reason;
}

/** @param {number} id @returns {HTMLTableRowElement | null} */
export function rowOf(id) {
  return body.querySelector(`tr[data-id="${id}"]`);
}

/** @returns {number[]} ids of the cases that are shown, from top to bottom */
export function shownIds() {
  return [...body.querySelectorAll("tr[data-id]")].map((row) => Number(row.getAttribute("data-id")));
}

/**
 * Loads the contents of a dialog and opens it.
 * @param {string} id @param {Record<string, string>} [more] parameters beside those of the list
 * @returns {Promise<HTMLDialogElement | null>}
 */
export async function openDialog(id, more = {}) {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return null;
  const parameters = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(more)) parameters.set(name, value);
  dialog.innerHTML = await fetchPart(`${dialog.dataset.url}?${parameters}`, new AbortController().signal);
  await enhanceSelects(dialog);
  dialog.showModal();
  return dialog;
}

// Fifty rows are sent without full texts for the hover; the one under the cursor gets them here.
list.addEventListener("pointerover", (event) => {
  const cell = /** @type {Element} */ (event.target).closest("td");
  if (!cell || cell.title) return;
  const moment = cell.querySelector("time")?.dateTime;
  const cut = cell.querySelector(".sp-cut, .subj") ?? cell;
  if (moment) {
    cell.title = exactMoment(new Date(moment));
  } else if (cell.scrollWidth > cell.clientWidth || cut.scrollWidth > cut.clientWidth) {
    cell.title = cell.textContent?.trim() ?? "";
  }
});

onDo("retry-list", () => show(failed || location.href, { push: false }));

// Chips, sorted heads, pages and views stay on the page; a click that wants a new tab gets one.
document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("a[href]");
  if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented) return;
  if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target) return;
  if (
    link.origin !== location.origin ||
    link.pathname !== new URL(list.dataset.part ?? "", location.href).pathname.replace(/list$/, "")
  )
    return;
  if (!link.closest("[data-list], .sp-views")) return;
  event.preventDefault();
  show(link.href);
  const views = link.closest(".sp-views");
  for (const tab of views?.querySelectorAll("[aria-current]") ?? []) tab.removeAttribute("aria-current");
  if (views) link.setAttribute("aria-current", "page");
});

addEventListener("popstate", () => show(location.href, { push: false }));

count();
