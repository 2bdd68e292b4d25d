// One field on the canvas: handle, kind, title, marks, and how it looks on the card of a case.
import { gettext as _ } from "../i18n.js";
import { h, icon } from "./dom.js";
import * as edits from "./edits.js";

/** @typedef {import("./types.js").Field} Field */
/** @typedef {import("./builder.js").Builder} Builder */

const WHOLE_ROW = new Set(["heading", "script_text", "separator", "image"]);

/** @param {Builder} builder @param {Field} field @param {string[]} faults @param {import("./look.js").Look} look @returns {HTMLElement} */
export function drawCard(builder, field, faults, look) {
  const kind = builder.kind(field.kind);
  const name = builder.name(field);
  const may = builder.data.may_edit;
  const card = h(
    "div",
    {
      class: `sp-ef ${widthOf(field, kind.macro)}${faults.length ? " has-fault" : ""}`,
      "data-id": field.id,
      role: "group",
      tabindex: -1,
      "aria-label": spoken(builder, field, faults),
    },
    may &&
      h(
        "button",
        {
          class: "sp-grip",
          type: "button",
          tabindex: -1,
          "aria-label": _("Move: %(name)s", { name }),
          title: _("Drag, or move with Alt and the arrow keys"),
        },
        icon("grip-vertical"),
      ),
    h("div", { class: "sp-etop" }, icon(kind.icon), title(builder, field, name), marks(builder, field, name)),
    look.of(field),
    faults.map((fault) => h("p", { class: "sp-err" }, icon("alert-circle"), fault)),
  );
  return card;
}

/** @param {Field} field @param {string} macro @returns {string} class of its width, as the card of a case lays it out */
export function widthOf(field, macro) {
  if (WHOLE_ROW.has(macro)) return "w6";
  return macro === "button" ? "w2" : `w${field.width}`;
}

/** @param {Builder} builder @param {Field} field @param {string} name */
function title(builder, field, name) {
  if (!builder.data.may_edit) return h("b", { class: "sp-cut" }, name);
  const label = _("Title: %(name)s", { name });
  return h("input", {
    class: "sp-rename",
    value: field.title,
    placeholder: name,
    maxlength: 200,
    tabindex: -1,
    "aria-label": label,
    autocomplete: "off",
    "data-title": "",
    oninput: (/** @type {Event} */ event) => {
      const typed = /** @type {HTMLInputElement} */ (event.target).value;
      const next = edits.changeField(builder.definition, field.id, { title: typed });
      builder.apply(next, _("renamed “%(name)s”", { name }), { key: `title ${field.id}`, from: "card" });
    },
  });
}

/** @param {Builder} builder @param {Field} field @param {string} name */
function marks(builder, field, name) {
  const condition = field.visible_if || field.required_if;
  return h(
    "span",
    { class: "sp-push sp-row gap-1" },
    condition && h("span", { class: "sp-tag", title: _("Has a condition") }, icon("git-branch"), _("condition")),
    field.required_to_save && h("span", { class: "sp-req", title: _("required to save") }, "*"),
    !field.required_to_save && field.required_to_close && h("span", { class: "sp-req-c" }, _("required to close")),
    field.read_only && h("span", { class: "sp-3", title: _("read-only") }, icon("lock")),
    builder.data.may_edit &&
      h(
        "button",
        {
          class: "sp-iconbtn",
          type: "button",
          tabindex: -1,
          "data-do": "builder-drawer:properties",
          "data-narrow": "",
          "aria-label": _("Properties: %(name)s", { name }),
        },
        icon("adjustments"),
      ),
    builder.data.may_edit &&
      h(
        "button",
        {
          class: "sp-iconbtn",
          type: "button",
          tabindex: -1,
          title: _("Hide; nothing is lost"),
          "aria-label": _("Hide: %(name)s", { name }),
          "data-hide": "",
        },
        icon("eye-off"),
      ),
  );
}

/** @param {Builder} builder @param {Field} field @param {string[]} faults @returns {string} what a screen reader says */
function spoken(builder, field, faults) {
  const marks = [
    builder.name(field),
    builder.kind(field.kind).title,
    field.required_to_save && _("required to save"),
    !field.required_to_save && field.required_to_close && _("required to close"),
    field.read_only && _("read-only"),
    (field.visible_if || field.required_if) && _("has a condition"),
    ...faults,
  ];
  return marks.filter(Boolean).join(", ");
}
