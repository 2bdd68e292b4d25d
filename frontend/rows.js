// Lists with boxes to tick: all at once, Shift for a range, the bar with what can be done, and the keys J K X Enter.
import { ngettext } from "./i18n.js";
import { isTyping } from "./shell.js";
import { onDo } from "./verbs.js";

const ALL = "[data-check-all]";
const ONE = "[data-check]";
/** @type {HTMLInputElement | null} */
let last = null;

/** @param {Element} from any part of a list @returns {HTMLInputElement[]} */
export function boxesOf(from) {
  const list = from.closest("[data-list]") ?? document;
  return /** @type {HTMLInputElement[]} */ ([...list.querySelectorAll(ONE)]);
}

document.addEventListener("click", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement)) return;
  if (box.matches(ALL)) for (const one of boxesOf(box)) one.checked = box.checked;
  else if (box.matches(ONE)) {
    if (event.shiftKey && last) for (const one of between(boxesOf(box), last, box)) one.checked = box.checked;
    last = box;
  } else return;
  showChosen(box);
});

onDo("uncheck", (button) => {
  for (const one of boxesOf(button)) one.checked = false;
  showChosen(button);
});

/** @param {HTMLInputElement[]} boxes @param {HTMLInputElement} from @param {HTMLInputElement} to */
function between(boxes, from, to) {
  const [start, end] = [boxes.indexOf(from), boxes.indexOf(to)].sort((one, other) => one - other);
  return start < 0 ? [] : boxes.slice(start, end + 1);
}

/** @param {Element} from marks the rows, fills the bar in and tells the page (event "chosen", detail: values) */
export function showChosen(from) {
  const list = from.closest("[data-list]");
  if (!list) return;
  const boxes = boxesOf(from);
  const chosen = boxes.filter((box) => box.checked);
  for (const box of boxes) box.closest("tr")?.classList.toggle("is-sel", box.checked);
  const all = list.querySelector(ALL);
  if (all instanceof HTMLInputElement) {
    all.checked = boxes.length > 0 && chosen.length === boxes.length;
    all.indeterminate = chosen.length > 0 && !all.checked;
  }
  const bar = list.querySelector("[data-bulk]");
  if (bar instanceof HTMLElement) {
    bar.hidden = chosen.length === 0;
    const count = bar.querySelector("[data-count]");
    if (count) count.textContent = ngettext("%(count)s selected", "%(count)s selected", chosen.length);
  }
  list.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: chosen.map((box) => box.value) }));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-list] tbody tr:not([aria-hidden])")]);
  if (!rows.length) return;
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  if (event.key === "j" || event.key === "k") {
    const to = now < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, now + (event.key === "j" ? 1 : -1)));
    const stop = rows[to].querySelector("a, button");
    if (stop instanceof HTMLElement) stop.focus();
    event.preventDefault();
  } else if (event.key === "x" && now >= 0) {
    const box = rows[now].querySelector(ONE);
    if (box instanceof HTMLElement) box.click();
    event.preventDefault();
  }
});
