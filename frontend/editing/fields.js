// One field on the card that is being edited: handle, kind, title, required, hide, and its choices or a picture of it.
import { widthOf } from "../builder/card.js";
import { choiceList } from "../builder/choices.js";
import { h, icon } from "../builder/dom.js";
import * as edits from "../builder/edits.js";
import { picture } from "../builder/picture.js";
import { inWords } from "../card/shown.js";
import { gettext as _ } from "../i18n.js";

/** @typedef {import("../builder/builder.js").Builder} Builder */
/** @typedef {import("../builder/types.js").Field} Field */
/** @typedef {{ attributes: Record<string, string>, parts: (import("../builder/dom.js").Child | import("../builder/dom.js").Child[])[] }} Drawn */

/** @param {Builder} builder @param {Field} field @param {import("./canvas.js").Shown} shown @returns {Drawn} */
export function drawField(builder, field, shown) {
  const kind = builder.kind(field.kind);
  const name = builder.name(field);
  const faults = builder.faults[field.id] ?? [];
  return {
    attributes: {
      class: `sp-ef ${widthOf(field, kind.macro)}${faults.length ? " has-fault" : ""}`,
      "data-id": field.id,
      "aria-label": `${name}, ${kind.title}`,
    },
    parts: [
      grip(field.id, name, "sp-grip"),
      h(
        "div",
        { class: "sp-etop" },
        h("span", { title: kind.title }, icon(kind.icon)),
        title(builder, field, name),
        h(
          "span",
          { class: "sp-push sp-row gap-1" },
          marks(field),
          star(builder, field, name),
          hide(builder, field, name),
        ),
      ),
      body(builder, field, shown),
      faults.map((fault) => h("p", { class: "sp-err" }, icon("alert-circle"), fault)),
    ],
  };
}

/** @param {string} id @param {string} name @param {string} className the handle of a field or button */
export function grip(id, name, className) {
  return h(
    "button",
    {
      class: className,
      type: "button",
      "data-at": `grip ${id}`,
      "data-grip": "",
      "aria-label": _("Move: %(name)s", { name }),
      title: _("Drag it, or move it with the arrow keys"),
    },
    icon("grip-vertical"),
  );
}

/** @param {Builder} builder @param {Field} field @param {string} name */
export function title(builder, field, name) {
  return h("input", {
    class: "sp-rename",
    value: field.title,
    placeholder: name,
    maxlength: 200,
    autocomplete: "off",
    "aria-label": _("Title: %(name)s", { name }),
    "data-title": "",
    "data-at": `title ${field.id}`,
    oninput: (/** @type {Event} */ event) => {
      const typed = /** @type {HTMLInputElement} */ (event.target).value;
      const next = edits.changeField(builder.definition, field.id, { title: typed });
      builder.apply(next, _("renamed “%(name)s”", { name }), { key: `title ${field.id}`, from: "card" });
    },
  });
}

/** @param {Builder} builder @param {Field} field @param {string} name */
export function hide(builder, field, name) {
  return h(
    "button",
    {
      class: "sp-iconbtn",
      type: "button",
      title: _("Hide; nothing is lost"),
      "aria-label": _("Hide: %(name)s", { name }),
      "data-at": `hide ${field.id}`,
      onclick: () => builder.hide(field.id),
    },
    icon("eye-off"),
  );
}

/** @param {Field} field what the full builder alone changes */
function marks(field) {
  const condition = field.visible_if || field.required_if;
  return [
    condition && h("span", { class: "sp-tag", title: _("Has a condition") }, icon("git-branch"), _("condition")),
    !field.required_to_save && field.required_to_close && h("span", { class: "sp-req-c" }, _("required to close")),
  ];
}

/** @param {Builder} builder @param {Field} field @param {string} name */
function star(builder, field, name) {
  const kind = builder.kind(field.kind);
  if (!kind.given || field.required_if) return null;
  const on = field.required_to_save;
  const turn = () => {
    const label = on ? _("“%(name)s” may stay empty", { name }) : _("“%(name)s” is required", { name });
    builder.apply(edits.changeField(builder.definition, field.id, { required_to_save: !on }), label);
  };
  return h(
    "button",
    {
      class: "sp-tog",
      type: "button",
      "aria-pressed": String(on),
      "aria-label": _("Required to save: %(name)s", { name }),
      title: _("Required to save"),
      "data-at": `star ${field.id}`,
      onclick: turn,
    },
    icon("asterisk"),
    h("span", { class: "tx" }, _("Required")),
  );
}

/** @param {Builder} builder @param {Field} field @param {import("./canvas.js").Shown} shown */
function body(builder, field, { card, reach }) {
  const kind = builder.kind(field.kind);
  if (Array.isArray(field.config.choices)) {
    return choiceList(builder, field, () => {}, (choice) => reach.casesOf(field, choice)); // prettier-ignore
  }
  if (kind.macro === "script_text") return words(builder, field);
  // Beside the title stands what the case has, so that the form is the one that one was just in.
  const key = `answer:${field.id}`;
  const value = card.current()[key];
  const placeholder = (value && inWords(key, value)) || field.placeholder;
  return h(
    "div",
    { class: "sp-epic", "aria-hidden": "true" },
    picture({ ...field, placeholder }, kind, builder.data.statuses, builder.names(field)),
  );
}

/** @param {Builder} builder @param {Field} field the text that is read aloud */
function words(builder, field) {
  return h("textarea", {
    class: "form-control",
    rows: 4,
    maxlength: 20_000,
    value: field.config.text,
    "aria-label": _("Text to be read aloud"),
    "data-at": `text ${field.id}`,
    oninput: (/** @type {Event} */ event) => {
      const text = /** @type {HTMLTextAreaElement} */ (event.target).value;
      const next = edits.changeConfig(builder.definition, field.id, { text });
      builder.apply(next, _("changed the script text"), { key: `text ${field.id}`, from: "card" });
    },
  });
}
