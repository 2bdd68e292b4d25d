// Editing on the card by keyboard: every move has a key, and is told.
import * as edits from "../builder/edits.js";
import { gettext as _ } from "../i18n.js";
import { announce } from "../toasts.js";

/** @typedef {import("../builder/builder.js").Builder} Builder */
/** @typedef {import("./canvas.js").Canvas} Canvas */

/** @param {Builder} builder @param {Canvas} canvas @param {{ keep: () => void }} actions `keep`: the draft, now */
export function canvasKeys(builder, canvas, { keep }) {
  for (const place of [canvas.scroller, canvas.strip]) {
    place.addEventListener("keydown", (event) => onKey(builder, canvas, keep, event));
  }
}

/** @param {Builder} builder @param {Canvas} canvas @param {() => void} keep @param {KeyboardEvent} event */
function onKey(builder, canvas, keep, event) {
  if (event.defaultPrevented) return; // the list of choices has keys of its own
  const target = /** @type {HTMLElement} */ (event.target);
  const own = target.closest("[data-id]");
  const id = own instanceof HTMLElement ? (own.dataset.id ?? "") : "";
  const key = event.key.toLowerCase();
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const pages = { PageUp: -1, PageDown: 1, ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if ((event.ctrlKey || event.metaKey) && !event.altKey && ["z", "y", "s"].includes(key)) {
    act(event);
    if (key === "s") keep();
    else if (key === "y" || event.shiftKey) builder.redo();
    else builder.undo();
  } else if (id && by && (event.altKey || target.matches("[data-grip]"))) {
    act(event);
    const field = edits.fieldOf(builder.definition, id);
    const at = builder.shown.findIndex((each) => each.id === id);
    if (field) builder.move(id, field.page, at + by);
  } else if (pages && event.altKey) {
    act(event);
    if (id && event.key.startsWith("Page")) toPage(builder, canvas, id, pages);
    else turn(builder, canvas, pages);
  }
}

/** @param {Event} event nobody else hears it: below lies the form of the case with keys of its own */
function act(event) {
  event.preventDefault();
  event.stopPropagation();
}

/** @param {Builder} builder @param {Canvas} canvas @param {string} id @param {number} by */
function toPage(builder, canvas, id, by) {
  const field = edits.fieldOf(builder.definition, id);
  const { pages } = builder.definition;
  const page = field && pages[pages.findIndex((each) => each.id === field.page) + by];
  if (!page) return announce(_("There is no page there."));
  builder.move(id, page.id, by > 0 ? 0 : edits.shownOn(builder.definition, page.id).length);
  canvas.focus(id);
}

/** @param {Builder} builder @param {Canvas} canvas @param {number} by */
function turn(builder, canvas, by) {
  const { pages } = builder.definition;
  const page = pages[pages.findIndex((each) => each.id === builder.page) + by];
  if (!page) return announce(_("There is no page there."));
  builder.turnTo(page.id);
  announce(builder.pageName(page.id));
  canvas.focus(null);
}
