// Live rows: what changed is drawn anew in its place, what is new waits behind a button, nothing jumps.
import { clockTime } from "../clock.js";
import { send } from "../http.js";
import { gettext as _, ngettext } from "../i18n.js";
import { onState, watchList } from "../live.js";
import { onDo } from "../verbs.js";
import { body, list, query, rowOf, show, shownIds } from "./list.js";

const GATHER_MS = 250;
const COUNTS_MS = 15_000;
const ASK_MS = 4000;
const MOST_ASKED = 150;
/** A page that is connected so soon has missed nothing worth another request. */
const FRESH_MS = 4000;
/** @type {Map<number, number | null>} */
const changed = new Map();
/** Heard of and not on the screen: asked for together, whether the first page has them. @type {Set<number>} */
const unknown = new Set();
/** The first page has them now; shown when the reader wants to. @type {Set<number>} */
const waiting = new Set();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let gathering;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let asking;
let asked = 0;
let counted = 0;

watchList(JSON.parse(list.dataset.rooms ?? "[]"), ({ cases }) => {
  const shown = new Set(shownIds());
  for (const { id, version } of cases) {
    if (shown.has(id)) changed.set(id, version);
    else unknown.add(id);
  }
  clearTimeout(gathering);
  gathering = setTimeout(settle, GATHER_MS);
});

/** Hints come in bursts: one request for many rows. */
async function settle() {
  refreshCounts();
  asking ??= setTimeout(askForNew, Math.max(0, asked + ASK_MS - Date.now()));
  const ids = [...changed].filter(([id, version]) => isOlder(id, version)).map(([id]) => id);
  changed.clear();
  if (ids.length) await refreshRows(ids);
}

/** A busy centre changes many cases a second: the list asks at most now and then which of them are its own. */
async function askForNew() {
  asking = undefined;
  asked = Date.now();
  const shown = new Set(shownIds());
  const ids = [...unknown].filter((id) => !shown.has(id)).slice(0, MOST_ASKED);
  for (const id of ids) unknown.delete(id);
  if (!ids.length) return;
  const parameters = new URLSearchParams(query());
  parameters.set("ids", ids.join(","));
  const answer = await send(`${list.dataset.newRows}?${parameters}`).catch(() => null); // the next hint or reconnect mends it
  for (const id of ids) waiting.delete(id);
  for (const id of answer?.ids ?? []) waiting.add(id);
  offerNew();
  if (unknown.size) asking ??= setTimeout(askForNew, ASK_MS);
}

/** @param {number} id @param {number | null} version */
function isOlder(id, version) {
  return version === null || Number(rowOf(id)?.dataset.version ?? 0) < version;
}

/** @param {number[]} ids */
async function refreshRows(ids) {
  const parameters = new URLSearchParams(query());
  parameters.set("ids", ids.join(","));
  const answer = await send(`${list.dataset.rows}?${parameters}`).catch(() => null); // the next hint or reconnect mends it
  for (const [id, html] of Object.entries(answer?.rows ?? {})) redraw(Number(id), html);
  for (const id of answer?.gone ?? []) rowOf(id)?.classList.add("is-gone");
}

/** @param {number} id @param {string} html */
function redraw(id, html) {
  const row = rowOf(id);
  const template = document.createElement("template");
  template.innerHTML = html;
  const fresh = template.content.firstElementChild;
  if (!row || !(fresh instanceof HTMLElement)) return;
  const box = fresh.querySelector("[data-check]");
  const before = row.querySelector("[data-check]");
  if (box instanceof HTMLInputElement && before instanceof HTMLInputElement) box.checked = before.checked;
  fresh.classList.toggle("is-sel", row.classList.contains("is-sel"));
  fresh.classList.add("is-flash");
  const focused = row.contains(document.activeElement);
  row.replaceWith(fresh);
  if (focused) fresh.querySelector("a")?.focus({ preventScroll: true });
  setTimeout(() => fresh.classList.remove("is-flash"), 1200);
}

function offerNew() {
  const button = body.querySelector('[data-do="show-new"]');
  if (!(button instanceof HTMLElement)) return;
  button.hidden = waiting.size === 0;
  button.textContent = ngettext("Show %(count)s new", "Show %(count)s new", waiting.size);
}

onDo("show-new", (button) => {
  waiting.clear();
  show(button.dataset.first || location.href, { push: Boolean(button.dataset.first), quietly: true });
});

/** The counters of the views: asked for at most now and then, and only while somebody looks. */
async function refreshCounts() {
  if (document.hidden || Date.now() - counted < COUNTS_MS) return;
  counted = Date.now();
  const views = document.querySelector("[data-counts]");
  if (!(views instanceof HTMLElement)) return;
  const counts = await send(views.dataset.counts ?? "").catch(() => null);
  for (const [view, text] of Object.entries(counts ?? {})) {
    const place = views.querySelector(`[data-view="${view}"] [data-number]`);
    if (!(place instanceof HTMLElement)) continue;
    if (place.textContent !== text) place.textContent = text;
    place.hidden = false;
    if ("late" in place.dataset) place.classList.toggle("late", text !== "0");
  }
}

onState((state, since) => {
  const place = body.querySelector("[data-link-state]");
  if (place instanceof HTMLElement) {
    const time = clockTime(since);
    place.hidden = state !== "off";
    place.textContent = state === "off" ? _("Connection lost, showing the state of %(time)s", { time }) : "";
  }
  if (state === "off" || (state === "on" && performance.now() < FRESH_MS)) return;
  counted = 0;
  refreshCounts();
  refreshRows(shownIds());
});

list.addEventListener("shown", () => {
  if (!new URLSearchParams(location.search).has("cursor")) waiting.clear();
  offerNew();
});
refreshCounts();
