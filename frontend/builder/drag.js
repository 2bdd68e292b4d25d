// Dragging by mouse, pen or finger: a field by its handle, a new one from the palette, to any place of any page.
import { gettext as _ } from "../i18n.js";
import { announce } from "../toasts.js";
import { h, icon } from "./dom.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {import("./canvas.js").Canvas} Canvas */
/** @typedef {{ id?: string, kind?: string, label: string, sign: string }} Load what is dragged: a field, or a new one */

const FAR = 5;
const EDGE = 56;
const TURN_MS = 450;

/** @param {Builder} builder @param {Canvas} canvas @param {HTMLElement} palette @param {() => void} added after a new field was dropped */
export function dragging(builder, canvas, palette, added) {
  if (!builder.data.may_edit) return;
  canvas.list.addEventListener("pointerdown", (event) => {
    const grip = /** @type {Element} */ (event.target).closest(".sp-grip");
    const card = grip?.closest(".sp-ef");
    if (!(card instanceof HTMLElement) || event.button) return;
    const field = builder.shown.find((each) => each.id === card.dataset.id);
    if (field)
      new Drag(builder, canvas, event, {
        id: field.id,
        label: builder.name(field),
        sign: builder.kind(field.kind).icon,
      });
  });
  palette.addEventListener("pointerdown", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-kind]");
    if (!(button instanceof HTMLElement) || event.button || event.pointerType === "touch") return;
    const kind = button.dataset.kind ?? "";
    const { title, icon: sign } = builder.kind(kind);
    new Drag(builder, canvas, event, { kind, label: title, sign }, { palette, added });
  });
}

class Drag {
  /** @param {Builder} builder @param {Canvas} canvas @param {PointerEvent} event @param {Load} load @param {{ palette: HTMLElement, added: () => void }} [from] */
  constructor(builder, canvas, event, load, from) {
    this.builder = builder;
    this.canvas = canvas;
    this.load = load;
    this.from = from;
    this.start = { x: event.clientX, y: event.clientY };
    this.point = this.start;
    this.begun = false;
    this.at = -1;
    this.over = "";
    this.ends = new AbortController();
    const { signal } = this.ends;
    addEventListener("pointermove", (next) => this.#move(next), { signal });
    addEventListener("pointerup", () => this.#end(true), { signal });
    addEventListener("pointercancel", () => this.#end(false), { signal });
    addEventListener("keydown", (next) => next.key === "Escape" && this.#end(false), { signal, capture: true });
  }

  /** @param {PointerEvent} event */
  #move(event) {
    this.point = { x: event.clientX, y: event.clientY };
    if (!this.begun && Math.hypot(this.point.x - this.start.x, this.point.y - this.start.y) < FAR) return;
    event.preventDefault();
    if (!this.begun) this.#begin();
    if (this.ghost) this.ghost.style.translate = `${this.point.x + 8}px ${this.point.y + 8}px`;
    this.#aim();
  }

  #begin() {
    this.begun = true;
    if (this.from) this.from.palette.dataset.dragged = "";
    document.documentElement.classList.add("sp-dragging");
    const { label, sign } = this.load;
    this.ghost = h("div", { class: "sp-ghost", "aria-hidden": "true" }, icon(sign), label);
    this.line = h(
      "div",
      { class: "sp-dropline w6", role: "presentation" },
      h("span", {}, icon(sign), _("%(name)s · drop here", { name: label })),
    );
    document.body.append(this.ghost);
    this.canvas.cardOf(this.load.id ?? null)?.classList.add("is-dragged");
    const scroll = () => {
      this.#scroll();
      this.frame = requestAnimationFrame(scroll);
    };
    this.frame = requestAnimationFrame(scroll);
  }

  /** Find the place under the pointer, or the page whose button it rests on. */
  #aim() {
    const under = document.elementFromPoint(this.point.x, this.point.y);
    const page = under?.closest("[data-page]");
    this.#rest(page instanceof HTMLElement ? (page.dataset.page ?? "") : "");
    const box = this.canvas.place.getBoundingClientRect();
    const inside =
      this.point.x >= box.left && this.point.x <= box.right && this.point.y >= box.top && this.point.y <= box.bottom;
    if (!inside) {
      this.at = -1;
      this.line?.remove();
      return;
    }
    const cards = this.#others();
    this.at = placeUnder(
      this.point,
      cards.map((card) => card.getBoundingClientRect()),
    );
    const before = cards[this.at] ?? null;
    const { list } = this.canvas;
    if (this.line && (this.line.parentNode !== list || this.line.nextElementSibling !== before))
      list.insertBefore(this.line, before);
  }

  /** @param {string} page the pointer stays on the button of a page: it opens */
  #rest(page) {
    if (page === this.over) return;
    this.over = page;
    clearTimeout(this.turning);
    if (!page || page === this.builder.page) return;
    this.turning = setTimeout(() => {
      this.builder.turnTo(page);
      this.#aim();
    }, TURN_MS);
  }

  #scroll() {
    const box = this.canvas.place.getBoundingClientRect();
    const { y } = this.point;
    const step = y < box.top + EDGE ? -12 : y > box.bottom - EDGE ? 12 : 0;
    if (!step) return;
    this.canvas.place.scrollTop += step;
    this.#aim();
  }

  /** @param {boolean} dropped */
  #end(dropped) {
    this.ends.abort();
    clearTimeout(this.turning);
    cancelAnimationFrame(this.frame);
    document.documentElement.classList.remove("sp-dragging");
    this.ghost?.remove();
    this.line?.remove();
    this.canvas.cardOf(this.load.id ?? null)?.classList.remove("is-dragged");
    // The click that follows a drag comes before this.
    if (this.from) setTimeout(() => delete this.from?.palette.dataset.dragged);
    if (!this.begun) return;
    const { id, kind } = this.load;
    if (!dropped || this.at < 0) {
      announce(_("Nothing was moved."));
      return;
    }
    if (id) this.builder.move(id, this.builder.page, this.at);
    else if (kind) this.builder.add(kind, this.at);
    if (this.from) this.from.added();
    else this.canvas.focus();
  }

  /** @returns {HTMLElement[]} the cards of the page, without the one that is dragged */
  #others() {
    const own = this.canvas.cardOf(this.load.id ?? null);
    return /** @type {HTMLElement[]} */ ([...this.canvas.list.querySelectorAll(".sp-ef")]).filter(
      (card) => card !== own,
    );
  }

  /** @type {HTMLElement | undefined} */ ghost;
  /** @type {HTMLElement | undefined} */ line;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ turning;
  frame = 0;
}

/**
 * @param {{ x: number, y: number }} point
 * @param {Pick<DOMRect, "left" | "right" | "top" | "bottom">[]} boxes of the cards, row by row
 * @returns {number} before which of them the point stands; their number: behind all
 */
export function placeUnder(point, boxes) {
  const widest = Math.max(...boxes.map((box) => box.right - box.left), 0);
  for (const [at, box] of boxes.entries()) {
    if (point.y < box.top) return at;
    if (point.y > box.bottom) continue;
    const whole = box.right - box.left > 0.9 * widest;
    if (whole ? point.y < (box.top + box.bottom) / 2 : point.x < (box.left + box.right) / 2) return at;
    const next = boxes[at + 1];
    if (!next || next.top >= box.bottom) return at + 1;
  }
  return boxes.length;
}
