// The middle: the pages as a segmented control, and the fields of one of them as cards.
import { gettext as _, ngettext } from "../i18n.js";
import { drawCard } from "./card.js";
import { h, icon, redraw } from "./dom.js";
import { Look } from "./look.js";
import { pages, toolbar } from "./pages.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {import("./types.js").Field} Field */
/** @typedef {{ field: Field, faults: string, name: string, card: HTMLElement }} Drawn */

export class Canvas {
  /** @param {Builder} builder @param {HTMLElement} place */
  constructor(builder, place) {
    this.builder = builder;
    this.place = place;
    this.bar = h("div", { class: "sp-row sp-row-wrap mb-3" });
    this.list = h("div", { class: "sp-form sp-cards" });
    this.foot = h("div", {});
    place.append(this.bar, this.list, this.foot);
    /** @type {Map<string, Drawn>} */
    this.drawn = new Map();
    this.look = new Look(builder, (ids) => this.#lookAnew(ids));
    this.list.addEventListener("focusin", (event) => this.#selectAt(event.target));
    this.list.addEventListener("click", (event) => this.#clicked(event));
    builder.onChange((from) => this.draw(from));
    this.draw("");
  }

  /** @param {string} from */
  draw(from) {
    const { builder } = this;
    // Whoever types the title of the page keeps the box they type in.
    if (from === "page title") this.bar.querySelector(".sp-pages")?.replaceWith(pages(builder));
    else redraw(this.bar, toolbar(builder));
    const shown = builder.shown;
    const cards = shown.map((field) => this.#card(field, from));
    this.#arrange(cards);
    const ids = new Set(shown.map((field) => field.id));
    for (const id of this.drawn.keys()) if (!ids.has(id)) this.drawn.delete(id);
    this.#mark(shown);
    this.foot.replaceChildren(...(shown.length ? [] : [this.#hint()]));
    if (
      from === "focus" ||
      (!this.place.contains(document.activeElement) && document.activeElement === document.body)
    ) {
      if (from) this.focus();
    }
  }

  /** The selected card gets the focus. */
  focus() {
    const card = this.cardOf(this.builder.selected);
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest" });
  }

  /** Its title, where one may write it, gets the focus. */
  focusTitle() {
    const title = this.cardOf(this.builder.selected)?.querySelector("[data-title]");
    if (title instanceof HTMLInputElement) title.focus({ preventScroll: true });
    else this.focus();
  }

  /** @param {string | null} id @returns {HTMLElement | undefined} */
  cardOf(id) {
    return id ? this.drawn.get(id)?.card : undefined;
  }

  /** @param {Field} field @param {string} from @returns {HTMLElement} drawn anew only when something about it changed */
  #card(field, from) {
    const { builder } = this;
    const faults = builder.faultsOf(field);
    const known = this.drawn.get(field.id);
    const key = faults.join("|");
    const name = builder.name(field);
    if (known && known.field === field && known.faults === key) return known.card;
    const card = drawCard(builder, field, faults, this.look);
    if (known) {
      const box = known.card.querySelector("[data-title]");
      const held = known.card.contains(document.activeElement);
      if (box instanceof HTMLInputElement && box === document.activeElement) {
        // Whoever types into the title on the card keeps the box they type in.
        const range = /** @type {const} */ ([box.selectionStart, box.selectionEnd]);
        card.querySelector("[data-title]")?.replaceWith(box);
        known.card.replaceWith(card);
        if (box.value !== field.title) box.value = field.title;
        box.focus({ preventScroll: true });
        if (from !== "history") box.setSelectionRange(...range);
      } else {
        known.card.replaceWith(card);
        if (held) card.focus({ preventScroll: true });
      }
    }
    this.drawn.set(field.id, { field, faults: key, name, card });
    return card;
  }

  /** @param {string[]} ids of the fields whose look came from the server */
  #lookAnew(ids) {
    for (const id of ids) {
      const known = this.drawn.get(id);
      if (known) known.card.querySelector(".sp-epic")?.replaceWith(this.look.of(known.field));
    }
  }

  /** @param {HTMLElement[]} cards in their order; those that stand right are not touched, for a move costs the focus */
  #arrange(cards) {
    const wanted = new Set(cards);
    const known = /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll(":scope > .sp-ef")]);
    for (const card of known) if (!wanted.has(card)) card.remove();
    const active = document.activeElement;
    // What else stands here is the line where a dragged field would go.
    const next = (/** @type {Element | null} */ from) => {
      while (from && !from.matches(".sp-ef")) from = from.nextElementSibling;
      return from;
    };
    let at = next(this.list.firstElementChild);
    for (const card of cards) {
      if (card === at) at = next(at.nextElementSibling);
      else this.list.insertBefore(card, at);
    }
    if (active instanceof HTMLElement && active !== document.activeElement && this.list.contains(active)) {
      active.focus({ preventScroll: true });
      active.scrollIntoView({ block: "nearest" });
    }
  }

  /** @param {Field[]} shown */
  #mark(shown) {
    const entry = this.drawn.has(this.builder.selected ?? "") ? this.builder.selected : shown[0]?.id;
    for (const [id, { card }] of this.drawn) {
      const on = id === this.builder.selected;
      card.classList.toggle("is-on", on);
      card.tabIndex = id === entry ? 0 : -1;
      for (const control of card.querySelectorAll(".sp-grip, .sp-etop :is(button, input)")) {
        /** @type {HTMLElement} */ (control).tabIndex = on ? 0 : -1;
      }
    }
  }

  /** @param {EventTarget | null} target */
  #selectAt(target) {
    const card = target instanceof Element ? target.closest(".sp-ef") : null;
    if (card instanceof HTMLElement) this.builder.select(card.dataset.id ?? null, "canvas");
  }

  /** @param {Event} event */
  #clicked(event) {
    const target = /** @type {Element} */ (event.target);
    const card = target.closest(".sp-ef");
    if (!(card instanceof HTMLElement)) return;
    if (target.closest("[data-hide]")) {
      this.builder.hide(card.dataset.id ?? "");
      this.focus();
    } else if (!target.closest("button, input")) {
      card.focus({ preventScroll: true });
    }
  }

  #hint() {
    const { builder } = this;
    const first = builder.definition.fields.length === 0;
    const text = first
      ? _(
          "Choose a kind of field on the left, or drag it here. Every change is kept as a draft; agents see it once it is published.",
        )
      : _("This page shows no field yet.");
    const hidden = builder.definition.fields.filter((field) => field.page === builder.page && field.hidden).length;
    return h(
      "div",
      { class: "sp-empty" },
      h("h2", {}, first ? _("The form is empty") : _("The page is empty")),
      h("p", {}, text),
      hidden > 0 &&
        h("p", {}, ngettext("%(count)s hidden field belongs here.", "%(count)s hidden fields belong here.", hidden)),
      builder.data.may_edit &&
        h(
          "button",
          { class: "btn btn-primary", type: "button", "data-do": "builder-palette" },
          icon("plus"),
          _("Add a field"),
        ),
    );
  }
}
