// The builder by keyboard: every move has a key, and every key does what a button does, too.
import { show } from "../dialogs.js";
import { gettext as _ } from "../i18n.js";
import { announce } from "../toasts.js";
import * as edits from "./edits.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {import("./canvas.js").Canvas} Canvas */

/**
 * @param {Builder} builder
 * @param {{ save: () => void }} actions
 */
export function commonKeys(builder, { save }) {
  addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const held = event.ctrlKey || event.metaKey;
    if (held && !event.altKey && (key === "z" || key === "y")) {
      if (/** @type {Element} */ (event.target).closest("[data-own-undo], #form")) return;
      event.preventDefault();
      if (key === "y" || event.shiftKey) builder.redo();
      else builder.undo();
    } else if (held && key === "s") {
      event.preventDefault();
      save();
    } else if (event.key === "?" && !isWriting(event.target)) {
      show("builder-keys");
    }
  });
}

/**
 * @param {Builder} builder @param {Canvas} canvas
 * @param {{ properties: () => void, palette: () => void }} go
 */
export function canvasKeys(builder, canvas, go) {
  canvas.place.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const card = target.closest(".sp-ef");
    const onGrip = target.matches(".sp-grip");
    if (event.ctrlKey || event.metaKey) return;
    const vertical = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const pages = { PageUp: -1, PageDown: 1 }[event.key];
    if (card && vertical && (event.altKey || onGrip)) act(event, () => moveBy(builder, vertical));
    else if (card && pages && event.altKey) act(event, () => moveToPage(builder, canvas, pages));
    else if (card && event.key === "Escape" && target !== card) act(event, () => canvas.focus());
    else if (isWriting(target) || event.altKey) return;
    else if (vertical && (card || target === canvas.place)) act(event, () => step(builder, canvas, vertical));
    else if (pages) act(event, () => turn(builder, canvas, pages));
    else if (event.key === "+") act(event, go.palette);
    else if (!card || (target !== card && target.matches("button"))) return;
    else if (event.key === "Enter") act(event, go.properties);
    else if (event.key === "F2") act(event, () => rename(canvas, builder));
    else if (event.key === "Delete") act(event, () => (builder.hide(builder.selected ?? ""), canvas.focus()));
  });
}

/** @param {Event} event @param {() => void} what */
function act(event, what) {
  event.preventDefault();
  what();
}

/** @param {Builder} builder @param {number} by */
function moveBy(builder, by) {
  const field = builder.field;
  if (!field || !builder.data.may_edit) return;
  builder.move(field.id, field.page, builder.shown.findIndex((each) => each.id === field.id) + by);
}

/** @param {Builder} builder @param {Canvas} canvas @param {number} by */
function moveToPage(builder, canvas, by) {
  const field = builder.field;
  const { pages } = builder.definition;
  const page = field && pages[pages.findIndex((each) => each.id === field.page) + by];
  if (!field || !builder.data.may_edit) return;
  if (!page) {
    announce(_("There is no page there."));
    return;
  }
  builder.move(field.id, page.id, by > 0 ? 0 : edits.shownOn(builder.definition, page.id).length);
  canvas.focus();
}

/** @param {Builder} builder @param {Canvas} canvas @param {number} by */
function step(builder, canvas, by) {
  const { shown } = builder;
  const at = shown.findIndex((each) => each.id === builder.selected);
  const next = shown[at < 0 ? (by > 0 ? 0 : shown.length - 1) : at + by];
  if (!next) return;
  builder.select(next.id, "canvas");
  canvas.focus();
}

/** @param {Builder} builder @param {Canvas} canvas @param {number} by */
function turn(builder, canvas, by) {
  const { pages } = builder.definition;
  const page = pages[pages.findIndex((each) => each.id === builder.page) + by];
  if (!page) return;
  builder.turnTo(page.id);
  announce(builder.pageName(page.id));
  const first = builder.shown[0];
  if (first) builder.select(first.id, "canvas");
  if (first) canvas.focus();
  else canvas.place.focus();
}

/** @param {Canvas} canvas @param {Builder} builder */
function rename(canvas, builder) {
  const input = canvas.cardOf(builder.selected)?.querySelector("[data-title]");
  if (input instanceof HTMLInputElement) input.select();
  input instanceof HTMLElement && input.focus();
}

/** @param {EventTarget | null} target */
function isWriting(target) {
  return (
    target instanceof Element &&
    target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")
  );
}
