// Conditions in words, and what the value of a row may be: for rows, the graph of pages and screen readers.
import { gettext as _ } from "../i18n.js";
import { toGroup } from "./conditions.js";

/** @typedef {import("./types.js").Field} Field */
/** @typedef {import("./types.js").Formula} Formula */
/** @typedef {import("./types.js").Definition} Definition */
/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {import("./conditions.js").Part} Part */

/** @param {string} operator @param {string} sort @returns {string} */
export function operatorWord(operator, sort) {
  const moments = sort === "date" || sort === "moment";
  const words = {
    eq: sort === "number" ? "=" : _("is"),
    ne: sort === "number" ? "≠" : _("is not"),
    lt: moments ? _("before") : "<",
    le: moments ? _("not after") : "≤",
    gt: moments ? _("after") : ">",
    ge: moments ? _("not before") : "≥",
    contains: sort === "list" ? _("among the chosen") : _("contains"),
    not_contains: sort === "list" ? _("not among the chosen") : _("does not contain"),
    one_of: _("is one of"),
    empty: _("is empty"),
    filled: _("is filled in"),
  };
  return /** @type {Record<string, string>} */ (words)[operator] ?? operator;
}

/** @param {Builder} builder @param {Field} field @returns {string | null} sort of its answer; null: none to compare */
export function sortOf(builder, field) {
  if (Array.isArray(field.config.choices)) return builder.kind(field.kind).sort === "list" ? "list" : "choice";
  return field.config.result ?? builder.kind(field.kind).sort;
}

/** @param {Builder} builder @param {Formula | null} formula @returns {string} in words */
export function inWords(builder, formula) {
  if (!formula) return "";
  const group = toGroup(formula);
  return partWords(builder, group, true);
}

/** @param {Builder} builder @param {Part} part @param {boolean} [outer] @returns {string} */
function partWords(builder, part, outer = false) {
  if ("raw" in part) return _("a formula");
  if ("join" in part) {
    const text = part.parts.map((each) => partWords(builder, each)).join(part.join === "and" ? _(" and ") : _(" or "));
    return outer || part.parts.length === 1 ? text : `(${text})`;
  }
  const field = builder.definition.fields.find((each) => each.id === part.field);
  const name = field ? builder.name(field) : _("a field that is gone");
  const sort = (field && sortOf(builder, field)) ?? "text";
  const value = part.value ? ` ${valueWords(field, part.value)}` : "";
  return `${name} ${operatorWord(part.operator, sort)}${value}`;
}

/** @param {Field | undefined} field @param {any[]} literal @returns {string} */
export function valueWords(field, literal) {
  const [sort, value] = literal;
  if (sort === "today") return _("today");
  if (sort === "now") return _("now");
  if (sort === "flag") return value ? _("Yes") : _("No");
  /** @param {string} id */
  const title = (id) => field?.config.choices?.find((/** @type {any} */ choice) => choice.id === id)?.title ?? id;
  return sort === "list" ? value.map(title).join(", ") : title(value);
}
