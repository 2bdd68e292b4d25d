// What a card of the canvas shows of its field: a picture of the control, for eyes only.
import { gettext as _ } from "../i18n.js";
import { h, icon } from "./dom.js";
import { write } from "./formula.js";

/** @typedef {import("./types.js").Field} Field */
/** @typedef {import("./types.js").Kind} Kind */
/** @typedef {import("./types.js").Status} Status */
/** @typedef {(field: Field, kind: Kind, statuses: Status[], names: Map<string, string>) => Node | null} Draw `names`: ids of fields, by name */

const FEW = 8;

/** @type {Record<string, Draw>} by the macro that draws the field on the card */
const DRAWN = {
  single_choice: (field) => (field.config.style === "radio" ? options(field, "radio") : select(field)),
  multiple_choice: (field) => options(field, "checkbox"),
  yes_no: () => segments([_("Yes"), _("No")]),
  rating: (field) => segments(steps(field)),
  figure: (field) => box(field.placeholder || "0", field.config.unit || field.config.currency || ""),
  long_text: (field) => box(field.placeholder),
  heading: (field) => (field.help ? h("p", { class: "sp-3 mb-0" }, field.help) : null),
  script_text: (field) => h("p", { class: "sp-2 mb-0 sp-clamp" }, ...merged(field.config.text ?? "")),
  button: (field, kind, statuses) => button(field, kind, statuses),
  file: () => h("div", { class: "sp-file" }, icon("upload"), _("Choose files")),
  calculated: (field, _kind, _statuses, names) => {
    const { formula } = field.config;
    return h("div", { class: "sp-calc" }, h("code", { class: "sp-cut" }, `= ${formula ? write(formula, names) : ""}`));
  },
  unknown: (field) => h("div", { class: "sp-unknown" }, icon("help-circle"), field.kind),
  separator: () => h("hr", { class: "my-1" }),
};

/**
 * @param {Field} field @param {Kind} kind @param {Status[]} statuses @param {Map<string, string>} names ids of fields
 * @returns {Node | null}
 */
export function picture(field, kind, statuses, names) {
  const draw = DRAWN[kind.macro];
  if (draw) return draw(field, kind, statuses, names);
  return kind.answers ? box(field.placeholder) : null;
}

/** @param {string} text @param {string} [unit] */
function box(text, unit = "") {
  const control = h("div", { class: "form-control sp-3 sp-cut" }, text || "\u00a0");
  return unit ? h("div", { class: "sp-in" }, control, h("span", { class: "u" }, unit)) : control;
}

/** @param {Field} field */
function select(field) {
  return h("div", { class: "form-select sp-3 sp-cut" }, field.placeholder || _("Choose"));
}

/** @param {Field} field @param {string} type */
function options(field, type) {
  const choices = (field.config.choices ?? []).filter((/** @type {any} */ choice) => !choice.hidden);
  const shown = choices
    .slice(0, FEW)
    .map((/** @type {any} */ choice) =>
      h("span", { class: "sp-opt" }, h("span", { class: `sp-tick ${type}` }), choice.title || "…"),
    );
  const more = choices.length - shown.length;
  return h("div", { class: "sp-opts" }, shown, more > 0 && h("span", { class: "sp-3 sp-xs" }, `+${more}`));
}

/** @param {string[]} words */
function segments(words) {
  return h(
    "span",
    { class: "sp-seg" },
    words.map((word) => h("span", {}, word)),
  );
}

/** @param {Field} field a rating @returns {string[]} what may be chosen */
export function steps(field) {
  const [first, last] = field.config.style === "nps" ? [0, 10] : [1, field.config.largest ?? 5];
  return Array.from({ length: last - first + 1 }, (_unused, at) => String(first + at));
}

/** @param {string} text of a script @returns {(Node | string)[]} merge fields as tags */
function merged(text) {
  const parts = text.split(/\{\{\s*([^{}]{1,80}?)\s*\}\}/);
  return parts.map((part, at) => (at % 2 ? h("span", { class: "sp-tag" }, part) : part));
}

/** @param {Field} field @param {Kind} kind @param {Status[]} statuses */
function button(field, kind, statuses) {
  const status = statuses.find((each) => each.id === field.config.status_id);
  const look = status ? ` k-${status.look}` : "";
  const mark = h("span", { class: `sp-kmark${look}` }, icon(status?.icon ?? kind.icon));
  return h("span", { class: `sp-sbtn${look}` }, mark, field.title || status?.name || kind.title);
}
