// The form as it is edited on the card: a strip of its pages, and each field of one of them as a card with handles.
import { h, icon, redraw } from "../builder/dom.js";
import { palette } from "../builder/palette.js";
import { show } from "../dialogs.js";
import { gettext as _, ngettext } from "../i18n.js";
import { drawButtons } from "./buttons.js";
import { drawField } from "./fields.js";

/** @typedef {import("../builder/builder.js").Builder} Builder */
/** @typedef {import("../builder/types.js").Field} Field */
/** @typedef {import("./changes.js").Change} Change */
/** @typedef {{ id: string, fields: Field[] }} Item a field, or buttons that follow each other */
/**
 * @typedef {{ card: import("../card/card.js").Card, reach: import("./reach.js").Reach, changes: () => Map<string, Change[]> }} Shown
 */

/** Edits that the control which they were typed into shows already. */
const TYPED = new Set(["card", "properties"]);

export class Canvas {
  /** @param {Builder} builder @param {Shown} shown */
  constructor(builder, shown) {
    this.builder = builder;
    this.shown = shown;
    this.strip = h("ol", { class: "sp-steps", "aria-label": _("Pages of the form") });
    this.list = h("div", { class: "sp-form sp-cards" });
    this.scroller = h(
      "div",
      { class: "sp-formscroll sp-canvas", tabindex: 0, role: "group", "aria-label": _("Fields of this page") },
      this.list,
      h(
        "button",
        { class: "sp-addline mt-3", type: "button", "data-add-field": "", onclick: () => this.#choose() },
        icon("plus"),
        _("Field on this page"),
      ),
      this.#kinds(),
    );
    /** @type {Map<string, { fields: Field[], faults: string, card: HTMLElement }>} */
    this.drawn = new Map();
    this.list.addEventListener("focusin", (event) => {
      const own = /** @type {Element} */ (event.target).closest("[data-id]");
      if (own instanceof HTMLElement) builder.select(own.dataset.id ?? null, "canvas");
    });
    builder.onChange((from) => this.draw(from));
    shown.reach.onChange(() => this.#beside());
    this.draw("");
  }

  /** @param {string} from */
  draw(from) {
    const { builder } = this;
    const active = document.activeElement;
    const hadFocus = active instanceof HTMLElement && this.list.contains(active) ? active.dataset.at : undefined;
    this.#pages();
    const items = itemsOf(builder.shown);
    const cards = items.map((item) => this.#card(item, from));
    const ids = new Set(items.map(({ id }) => id));
    for (const [id, { card }] of this.drawn) {
      if (ids.has(id)) continue;
      card.remove();
      this.drawn.delete(id);
    }
    cards.forEach((card, at) => {
      if (this.list.children[at] !== card) this.list.insertBefore(card, this.list.children[at] ?? null);
    });
    this.#marks(items);
    if (hadFocus && !this.list.contains(document.activeElement)) {
      const again = this.list.querySelector(`[data-at="${CSS.escape(hadFocus)}"]`);
      if (again instanceof HTMLElement) again.focus();
      else this.focus(builder.selected);
    } else if (from === "" && document.activeElement === document.body) this.focus(builder.selected);
  }

  /** @param {string | null} id of a field: its title gets the focus; without it the first one */
  focus(id) {
    const own = id && this.list.querySelector(`[data-id="${CSS.escape(id)}"]`);
    const title = (own || this.list).querySelector("[data-title]");
    const target = title instanceof HTMLElement ? title : this.scroller;
    target.focus({ preventScroll: true });
    if (target !== this.scroller) target.scrollIntoView({ block: "nearest" });
  }

  /** @param {Item} item @param {string} from @returns {HTMLElement} drawn anew only when something about it changed */
  #card(item, from) {
    const { builder } = this;
    const known = this.drawn.get(item.id);
    const faults = item.fields.map(({ id }) => (builder.faults[id] ?? []).join("|")).join("|");
    const isSame = known && known.fields.length === item.fields.length;
    if (isSame && known.faults === faults && known.fields.every((field, at) => field === item.fields[at]))
      return known.card;
    const isTyping = isSame && TYPED.has(from);
    if (isTyping) return known.card;
    const card = known?.card ?? h("div", { class: "sp-ef", role: "group" });
    const isGroup = item.fields[0].kind === "button";
    const { attributes, parts } = isGroup
      ? drawButtons(builder, item.fields)
      : drawField(builder, item.fields[0], this.shown);
    for (const [name, value] of Object.entries(attributes)) card.setAttribute(name, value);
    redraw(card, ...parts);
    this.drawn.set(item.id, { fields: item.fields, faults, card });
    return card;
  }

  #pages() {
    const { pages } = this.builder.definition;
    const at = pages.findIndex(({ id }) => id === this.builder.page);
    this.strip.hidden = pages.length < 2;
    const steps = pages.map(({ id, title }, place) =>
      h(
        "li",
        { class: place === at ? "on" : place < at ? "done" : "" },
        h(
          "button",
          {
            type: "button",
            "data-at": `page ${id}`,
            "aria-current": place === at ? "step" : null,
            onclick: () => this.builder.turnTo(id),
          },
          h("span", {}, `${place + 1}. ${title || _("Page %(number)s", { number: place + 1 })}`),
        ),
      ),
    );
    redraw(this.strip, steps);
  }

  /** @param {Item[]} items which one is at work, and what changed about each */
  #marks(items) {
    const changes = this.shown.changes();
    for (const { id, fields } of items) {
      const card = this.drawn.get(id)?.card;
      if (!card) continue;
      const list = fields.flatMap((field) => changes.get(field.id) ?? []);
      card.classList.toggle(
        "is-on",
        fields.some((field) => field.id === this.builder.selected),
      );
      card.classList.toggle("is-chg", list.length > 0);
      if (list.length) card.dataset.chg = told(list);
      else delete card.dataset.chg;
    }
  }

  #beside() {
    for (const { fields, card } of this.drawn.values()) {
      for (const place of card.querySelectorAll("[data-beside]")) {
        const choice = fields[0].config.choices?.find(
          (/** @type {any} */ { id }) => id === /** @type {HTMLElement} */ (place).dataset.beside,
        );
        if (choice) place.textContent = this.shown.reach.casesOf(fields[0], choice);
      }
    }
  }

  /** A dialog with every kind of field. */
  #kinds() {
    const place = h("div", { class: "in sp-pal" });
    const dialog = h("dialog", { id: "edit-kinds", "aria-label": _("Add a field"), "data-light": "" }, place);
    palette(this.builder, place, () => {
      /** @type {HTMLDialogElement} */ (dialog).close();
      this.focus(this.builder.selected);
    });
    place.querySelector("[data-narrow]")?.remove();
    return dialog;
  }

  #choose() {
    this.builder.select(null);
    show("edit-kinds");
  }
}

/** @param {Field[]} shown @returns {Item[]} buttons in a row are one item, as on the card */
export function itemsOf(shown) {
  /** @type {Item[]} */
  const items = [];
  for (const field of shown) {
    const last = items.at(-1);
    if (field.kind === "button" && last?.fields[0].kind === "button") last.fields.push(field);
    else items.push({ id: field.kind === "button" ? `buttons ${items.length}` : field.id, fields: [field] });
  }
  return items;
}

/** @param {Change[]} list @returns {string} */
function told(list) {
  if (list.length > 1) return ngettext("%(count)s change", "%(count)s changes", list.length);
  const words = { added: _("new"), moved: _("moved"), renamed: _("new name"), shown: _("shown again") };
  const [{ what }] = list;
  return what in words
    ? words[/** @type {keyof typeof words} */ (what)]
    : ngettext("%(count)s change", "%(count)s changes", 1);
}
