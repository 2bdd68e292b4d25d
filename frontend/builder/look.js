// How each field looks on the card of a case: drawn by the server, as for the card itself, and anew after each edit.
import { Refusal, send } from "../http.js";
import { h } from "./dom.js";
import { write } from "./formula.js";
import { picture } from "./picture.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {import("./types.js").Field} Field */

const SOON_MS = 250;

export class Look {
  /** @param {Builder} builder @param {(ids: string[]) => void} changed the fields of these ids look otherwise now */
  constructor(builder, changed) {
    this.builder = builder;
    this.changed = changed;
    this.asked = builder.definition;
    /** @type {Map<string, Element>} what the server drew, by id of the field */
    this.drawn = new Map();
    const first = document.getElementById("builder-look");
    if (first instanceof HTMLTemplateElement) this.#take(first.content);
    builder.onChange(() => this.#soon());
  }

  /** @param {Field} field @returns {HTMLElement} for eyes only; until the server has drawn it, a sketch of its kind */
  of(field) {
    const known = this.drawn.get(field.id);
    const inner = known?.getAttribute("data-kind") === field.kind ? this.#copy(field, known) : this.#sketch(field);
    return h("div", { class: "sp-epic", "aria-hidden": "true", inert: true }, inner);
  }

  /** @param {Field} field @param {Element} wrapper @returns {HTMLElement} without its label: the title stands above */
  #copy(field, wrapper) {
    const copy = h("div", { class: wrapper.className.replace(/\bw\d\b/, "") });
    copy.append(...[...wrapper.children].filter((part) => !part.matches(".label")).map((part) => part.cloneNode(true)));
    for (const part of copy.querySelectorAll("[id], [name]")) {
      part.removeAttribute("id");
      part.removeAttribute("name");
    }
    const box = copy.querySelector("input");
    const { formula } = field.config;
    if (this.builder.kind(field.kind).macro === "calculated" && box && formula)
      box.value = `= ${write(formula, this.builder.names(field))}`;
    return copy;
  }

  /** @param {Field} field */
  #sketch(field) {
    const { builder } = this;
    return picture(field, builder.kind(field.kind), builder.data.statuses, builder.names(field));
  }

  #soon() {
    if (this.builder.definition === this.asked) return;
    this.asked = this.builder.definition;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), SOON_MS);
  }

  async #ask() {
    const definition = this.asked;
    try {
      const { fragment } = await send(this.builder.data.urls.look, { json: { definition } });
      if (definition !== this.asked) return; // a newer one is on its way
      const template = document.createElement("template");
      template.innerHTML = fragment;
      this.changed(this.#take(template.content));
    } catch (error) {
      // The cards keep what they show: the next edit asks again, and what is wrong is told where the draft is kept.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  /** @param {DocumentFragment} fragment @returns {string[]} ids of the fields that look otherwise than before */
  #take(fragment) {
    const hash = (/** @type {Element | undefined} */ wrapper) => wrapper?.getAttribute("data-hash");
    const now = new Map([...fragment.querySelectorAll("[data-key]")].map((each) => [each.getAttribute("data-key") ?? "", each])); // prettier-ignore
    const others = [...now.keys()].filter((id) => hash(now.get(id)) !== hash(this.drawn.get(id)));
    this.drawn = now;
    return others;
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */ timer;
}
