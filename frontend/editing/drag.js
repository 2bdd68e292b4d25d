// Dragging on the card by mouse, pen or finger: fields among fields, buttons and choices inside their list.
import { h, icon } from "../builder/dom.js";
import { placeUnder } from "../builder/drag.js";
import * as edits from "../builder/edits.js";
import { gettext as _ } from "../i18n.js";
import { announce } from "../toasts.js";

/** @typedef {import("../builder/builder.js").Builder} Builder */
/** @typedef {import("./canvas.js").Canvas} Canvas */

const FAR = 5;
const EDGE = 56;

/** @param {Builder} builder @param {Canvas} canvas @param {AbortSignal} signal the mode has ended */
export function dragging(builder, canvas, signal) {
  canvas.list.addEventListener(
    "pointerdown",
    (event) => {
      const handle = /** @type {Element} */ (event.target).closest("[data-grip]");
      const item = handle?.closest("[data-choice], [data-id]");
      if (!(item instanceof HTMLElement) || event.button) return;
      new Drag(builder, canvas, event, item, signal);
    },
    { signal },
  );
}

class Drag {
  /** @param {Builder} builder @param {Canvas} canvas @param {PointerEvent} event @param {HTMLElement} item @param {AbortSignal} outer */
  constructor(builder, canvas, event, item, outer) {
    this.builder = builder;
    this.canvas = canvas;
    this.item = item;
    this.list = /** @type {HTMLElement} */ (item.parentElement);
    this.start = { x: event.clientX, y: event.clientY };
    this.point = this.start;
    this.at = -1;
    this.isBegun = false;
    this.ends = new AbortController();
    const signal = AbortSignal.any([this.ends.signal, outer]);
    addEventListener("pointermove", (next) => this.#move(next), { signal });
    addEventListener("pointerup", () => this.#end(true), { signal });
    addEventListener("pointercancel", () => this.#end(false), { signal });
    addEventListener("keydown", (next) => this.#key(next), { signal, capture: true });
  }

  /** @param {KeyboardEvent} event Escape ends the drag, not the mode */
  #key(event) {
    if (event.key !== "Escape" || !this.isBegun) return;
    event.preventDefault();
    this.#end(false);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    this.point = { x: event.clientX, y: event.clientY };
    if (!this.isBegun && Math.hypot(this.point.x - this.start.x, this.point.y - this.start.y) < FAR) return;
    event.preventDefault();
    if (!this.isBegun) this.#begin();
    if (this.ghost) this.ghost.style.translate = `${this.point.x + 8}px ${this.point.y + 8}px`;
    this.#aim();
  }

  #begin() {
    this.isBegun = true;
    document.documentElement.classList.add("sp-dragging");
    const box = this.item.querySelector(".sp-rename");
    const name = box instanceof HTMLInputElement ? box.value || box.placeholder : "";
    this.ghost = h("div", { class: "sp-ghost", "aria-hidden": "true" }, icon("grip-vertical"), name);
    const tag = this.list.matches("ul") ? "li" : "div";
    this.line = h(tag, { class: "sp-dropline w6", "aria-hidden": "true" });
    document.body.append(this.ghost);
    this.item.classList.add("is-dragged");
    const scroll = () => {
      this.#scroll();
      this.frame = requestAnimationFrame(scroll);
    };
    this.frame = requestAnimationFrame(scroll);
  }

  #aim() {
    const others = this.#others();
    this.at = placeUnder(this.point, others.map((each) => each.getBoundingClientRect())); // prettier-ignore
    const before = others[this.at] ?? null;
    if (this.line && (this.line.parentNode !== this.list || this.line.nextElementSibling !== before))
      this.list.insertBefore(this.line, before);
  }

  #scroll() {
    const { scroller } = this.canvas;
    const isOwn = scroller.scrollHeight > scroller.clientHeight + 1;
    const box = isOwn ? scroller.getBoundingClientRect() : { top: 0, bottom: innerHeight };
    const step = this.point.y < box.top + EDGE ? -12 : this.point.y > box.bottom - EDGE ? 12 : 0;
    if (!step) return;
    (isOwn ? scroller : window).scrollBy(0, step);
    this.#aim();
  }

  /** @param {boolean} isDropped */
  #end(isDropped) {
    this.ends.abort();
    cancelAnimationFrame(this.frame);
    document.documentElement.classList.remove("sp-dragging");
    this.ghost?.remove();
    this.line?.remove();
    this.item.classList.remove("is-dragged");
    if (!this.isBegun) return;
    if (isDropped && this.at >= 0) this.#drop();
    else announce(_("Nothing was moved."));
  }

  #drop() {
    const { builder } = this;
    const choice = this.item.dataset.choice;
    if (choice) return this.#dropChoice(choice);
    const id = this.item.dataset.id ?? "";
    const field = edits.fieldOf(builder.definition, id);
    if (!field) return;
    const shown = builder.shown.filter((each) => each.id !== id).map((each) => each.id);
    const others = this.#others();
    const next = others[this.at]?.dataset.id ?? idsIn(others[this.at])[0];
    const last = others.at(-1);
    const behind = last ? (idsIn(last).at(-1) ?? last.dataset.id) : undefined;
    const at = next ? shown.indexOf(next) : behind ? shown.indexOf(behind) + 1 : 0;
    builder.move(id, field.page, at);
  }

  /** @param {string} choice */
  #dropChoice(choice) {
    const id = /** @type {HTMLElement | null} */ (this.item.closest("[data-choices]"))?.dataset.choices ?? "";
    const choices = edits.fieldOf(this.builder.definition, id)?.config.choices ?? [];
    const from = choices.findIndex((/** @type {any} */ each) => each.id === choice);
    if (from < 0 || from === this.at) return announce(_("Nothing was moved."));
    const next = edits.setChoices(this.builder.definition, id, edits.moved(choices, from, this.at));
    this.builder.apply(next, _("moved a choice"));
    announce(_("Position %(place)s of %(count)s", { place: this.at + 1, count: choices.length }));
  }

  /** @returns {HTMLElement[]} what stands in the same list, without what is dragged */
  #others() {
    return /** @type {HTMLElement[]} */ ([...this.list.children]).filter(
      (each) => each !== this.item && each !== this.line,
    );
  }

  /** @type {HTMLElement | undefined} */ ghost;
  /** @type {HTMLElement | undefined} */ line;
  frame = 0;
}

/** @param {Element | undefined} card @returns {string[]} ids of the buttons that it holds */
function idsIn(card) {
  const rows = card?.querySelectorAll("[data-id]") ?? [];
  return [...rows].map((row) => /** @type {HTMLElement} */ (row).dataset.id ?? "");
}
