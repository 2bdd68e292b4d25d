// The right side: what the selected field is, when it shows, and who may see it.
import { gettext as _ } from "../i18n.js";
import { access } from "./access.js";
import { ConditionEditor } from "./condition-editor.js";
import { chosen, segments, text, toggle } from "./controls.js";
import { defaultAnswer } from "./defaults.js";
import { h, icon, redraw } from "./dom.js";
import * as edits from "./edits.js";
import { settings } from "./settings.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {import("./types.js").Field} Field */
/** @typedef {"field" | "conditions" | "access"} Tab */

/** @type {Record<number, [string, () => string]>} sign and words of each width */
const WIDTHS = {
  1: ["⅙", () => _("a sixth of the row")],
  2: ["⅓", () => _("a third of the row")],
  3: ["½", () => _("half of the row")],
  4: ["⅔", () => _("two thirds of the row")],
  6: ["1", () => _("the whole row")],
};

export class Properties {
  /** @param {Builder} builder @param {HTMLElement} place */
  constructor(builder, place) {
    this.builder = builder;
    this.place = place;
    /** @type {Tab} */
    this.tab = "field";
    /** @type {string | null} id of the field on show */
    this.shown = null;
    /** @type {Map<string, ConditionEditor>} rows that are not complete yet live here, not in the definition */
    this.editors = new Map();
    place.addEventListener("keydown", (event) => this.#keys(event));
    builder.onChange((from) => from !== "properties" && this.draw());
    this.draw();
  }

  /** What one writes first gets the focus: the text of a script, else the title. */
  focus() {
    this.tab = "field";
    this.draw();
    const at = this.builder.field?.kind === "script_text" ? "config text" : "title";
    const first = this.place.querySelector(`[data-at="${at}"]`);
    if (!(first instanceof HTMLInputElement || first instanceof HTMLTextAreaElement)) return;
    first.focus();
    if (first instanceof HTMLInputElement) first.select();
  }

  draw() {
    const { field } = this.builder;
    const isOther = this.shown !== (field?.id ?? null);
    this.shown = field?.id ?? null;
    if (isOther) this.tab = "field";
    if (!field) {
      redraw(this.place, this.#close(), this.#nothing());
      return;
    }
    const body = {
      field: () => this.#field(field),
      conditions: () => this.#conditions(field),
      access: () => access(this.builder, field, (changes) => this.#set(field, changes, _("changed the access"), "")),
    };
    redraw(
      this.place,
      this.#tabs(field),
      h(
        "div",
        {
          class: "p-3 sp-stack sp-stack-4",
          role: "tabpanel",
          id: "builder-tab",
          "aria-labelledby": `builder-tab-${this.tab}`,
        },
        body[this.tab](),
      ),
    );
    if (isOther) this.place.scrollTop = 0;
  }

  /** @param {Field} field */
  #tabs(field) {
    const conditions = Number(field.visible_if !== null) + Number(field.required_if !== null);
    const access = Number(field.visible_roles !== null) + Number(field.editable_roles !== null);
    /** @type {[Tab, string, number][]} */
    const tabs = [
      ["field", _("Field"), 0],
      ["conditions", _("Conditions"), conditions],
      ["access", _("Access"), access],
    ];
    const list = h(
      "div",
      { class: "sp-lines", role: "tablist", "aria-label": _("Properties") },
      tabs.map(([name, words, count]) =>
        h(
          "button",
          {
            type: "button",
            role: "tab",
            id: `builder-tab-${name}`,
            "data-at": `tab ${name}`,
            "aria-selected": String(this.tab === name),
            "aria-controls": "builder-tab",
            tabindex: this.tab === name ? 0 : -1,
            onclick: () => this.#turn(name),
          },
          words,
          count > 0 && h("span", { class: "n" }, count),
        ),
      ),
    );
    return h("div", { class: "sp-prps-top" }, list, this.#close());
  }

  #close() {
    return h(
      "button",
      {
        class: "btn btn-ghost btn-icon btn-sm sp-prps-x",
        type: "button",
        "data-narrow": "",
        "data-do": "builder-drawer:",
        "aria-label": _("Close"),
      },
      icon("x"),
    );
  }

  #nothing() {
    return h(
      "div",
      { class: "sp-empty" },
      h("p", {}, _("Select a field to see what it is, when it shows, and who may see it.")),
    );
  }

  /** @param {Tab} tab */
  #turn(tab) {
    this.tab = tab;
    this.draw();
  }

  /** @param {Field} field @returns {(Node | null | false)[]} */
  #field(field) {
    const { builder } = this;
    const kind = builder.kind(field.kind);
    const off = !builder.data.may_edit;
    const isSmall = kind.macro === "heading" || kind.answers;
    return [
      ...builder.faultsOf(field).map((fault) => h("p", { class: "sp-err" }, icon("alert-circle"), fault)),
      text(_("Title"), field.title, (title) => this.#set(field, { title }, _("renamed a field")), {
        at: "title",
        off,
        limit: 200,
        placeholder: builder.name(field),
      }),
      this.#kind(field, off),
      ...settings(builder, field, () => this.draw()),
      isSmall &&
        text(_("Help text"), field.help, (help) => this.#set(field, { help }, _("changed the help text")), {
          at: "help",
          off,
          limit: 1000,
          placeholder: _("Below the field, in a sentence"),
        }),
      kind.placeholder &&
        text(
          _("Text in the empty field"),
          field.placeholder,
          (placeholder) => this.#set(field, { placeholder }, _("changed the text in the empty field")),
          { at: "placeholder", off, limit: 200 },
        ),
      defaultAnswer(builder, field),
      kind.answers && this.#width(field, off),
      kind.answers && this.#flags(field, off, kind.given),
      this.#foot(field, off),
    ];
  }

  /** @param {Field} field @param {boolean} off */
  #kind(field, off) {
    const { builder } = this;
    const { kinds, order, published_kinds: published, conversion } = builder.data;
    const kind = builder.kind(field.kind);
    if (off || !kind.given) {
      const look = h("span", { class: "sp-look" }, icon(kind.icon), kind.title);
      return h("div", { class: "sp-f" }, h("span", { class: "lab" }, _("Kind")), look);
    }
    const codes = order.filter((code) => kinds[code].given);
    const words = codes.map((code) => /** @type {[string, string]} */ ([code, kinds[code].title]));
    const change = (/** @type {string} */ code) =>
      builder.apply(edits.changeKind(builder.definition, field.id, code, kinds[code]), _("changed the kind"));
    const row = chosen(_("Kind"), field.kind, words, change, { at: "kind", off });
    if (!(field.id in published) || published[field.id] === field.kind) return row;
    const link = h("a", { href: conversion }, _("See what becomes of the stored answers"));
    row.append(h("p", { class: "sp-help" }, link));
    return row;
  }

  /** @param {Field} field @param {boolean} off */
  #width(field, off) {
    const widths = this.builder.data.widths.map((width) => {
      const [sign, words] = WIDTHS[width] ?? [String(width), () => String(width)];
      return /** @type {[string, string, string]} */ ([String(width), sign, words()]);
    });
    return segments(
      _("Width"),
      String(field.width),
      widths,
      (width) => this.#set(field, { width: Number(width) }, _("changed the width"), ""),
      { at: "width", off },
    );
  }

  /** @param {Field} field @param {boolean} off @param {boolean} given by a person */
  #flags(field, off, given) {
    /** @type {["required_to_save" | "required_to_close" | "read_only" | "show_in_header" | "show_in_lists", string][]} */
    const flags = [
      ["required_to_save", _("Required to save")],
      ["required_to_close", _("Required to close")],
      ["read_only", _("Read-only")],
      ["show_in_header", _("Show in the header")],
      ["show_in_lists", _("Show in lists")],
    ];
    return h(
      "div",
      { class: "sp-stack" },
      flags
        .slice(given ? 0 : 3)
        .map(([name, words]) =>
          toggle(
            words,
            field[name],
            (on) =>
              this.#set(
                field,
                { [name]: on },
                on ? _("turned on “%(name)s”", { name: words }) : _("turned off “%(name)s”", { name: words }),
                "",
              ),
            { at: name, off },
          ),
        ),
    );
  }

  /** @param {Field} field @param {boolean} off */
  #foot(field, off) {
    const { builder } = this;
    const published = builder.data.published.includes(field.id);
    const copy = () => {
      const [next, made] = edits.duplicate(builder.definition, field.id);
      builder.selected = made.id;
      builder.apply(next, _("copied “%(name)s”", { name: builder.name(field) }));
    };
    const remove = () => {
      builder.selected = null;
      builder.apply(
        edits.removeField(builder.definition, field.id),
        _("removed “%(name)s”", { name: builder.name(field) }),
      );
    };
    return h(
      "div",
      { class: "sp-stack" },
      !off &&
        h(
          "div",
          { class: "sp-row sp-row-wrap gap-1" },
          h(
            "button",
            { class: "btn btn-sm", type: "button", "data-at": "copy", onclick: copy },
            icon("copy"),
            _("Copy"),
          ),
          field.hidden
            ? h(
                "button",
                { class: "btn btn-sm", type: "button", "data-at": "hide", onclick: () => builder.show(field.id) },
                icon("eye"),
                _("Show again"),
              )
            : h(
                "button",
                { class: "btn btn-sm", type: "button", "data-at": "hide", onclick: () => builder.hide(field.id) },
                icon("eye-off"),
                _("Hide"),
              ),
          !published &&
            h(
              "button",
              { class: "btn btn-sm", type: "button", "data-at": "remove", onclick: remove },
              icon("trash"),
              _("Remove"),
            ),
        ),
      h(
        "p",
        { class: "sp-3 sp-xs mb-0" },
        published
          ? _("Its answers are kept under an id of its own: another title changes none.")
          : _("Not published yet: it may still be removed."),
      ),
    );
  }

  /** @param {Field} field */
  #conditions(field) {
    const { builder } = this;
    const kind = builder.kind(field.kind);
    return [
      this.#condition(
        field,
        "visible_if",
        _("Shown only if"),
        _("Without a condition it is always shown. What a condition hides keeps its answer, and is not checked."),
      ),
      kind.given &&
        this.#condition(
          field,
          "required_if",
          _("Required to save if"),
          _("A condition takes the place of “Required to save”."),
        ),
    ];
  }

  /** @param {Field} field @param {"visible_if" | "required_if"} which @param {string} label @param {string} help */
  #condition(field, which, label, help) {
    const { builder } = this;
    const key = `${which} ${field.id}`;
    let editor = this.editors.get(key);
    if (!editor || editor.differs(field[which])) {
      const offered = builder.definition.fields.filter(
        (each) => each.id !== field.id && builder.kind(each.kind).answers && !each.hidden,
      );
      const change = (/** @type {any} */ formula) => this.#set(field, { [which]: formula }, _("changed a condition"));
      editor = new ConditionEditor(builder, { label, formula: field[which], offered, change });
      this.editors.set(key, editor);
    } else {
      editor.draw();
    }
    return h(
      "div",
      { class: "sp-f" },
      h("span", { class: "lab" }, label),
      editor.element,
      h("p", { class: "sp-help" }, help),
    );
  }

  /** @param {Field} field @param {Partial<Field>} changes @param {string} label @param {string} [from] "": drawn anew */
  #set(field, changes, label, from = "properties") {
    const key = from ? `${Object.keys(changes)[0]} ${field.id}` : "";
    this.builder.apply(edits.changeField(this.builder.definition, field.id, changes), label, { key, from });
  }

  /** @param {KeyboardEvent} event */
  #keys(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || !(/** @type {Element} */ (event.target).matches("[role=tab]"))) return;
    /** @type {Tab[]} */
    const tabs = ["field", "conditions", "access"];
    this.#turn(tabs[(tabs.indexOf(this.tab) + by + tabs.length) % tabs.length]);
    document.getElementById(`builder-tab-${this.tab}`)?.focus();
  }
}
