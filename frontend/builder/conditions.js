// Conditions as rows "field — operator — value", joined by and / or, and back: apart from the page.

/** @typedef {import("./types.js").Formula} Formula */
/** @typedef {{ field: string, operator: string, value: any }} Row `value`: a literal of the language, or null */
/** @typedef {{ join: "and" | "or", parts: Part[] }} Group */
/** @typedef {{ raw: Formula }} Raw a condition that no row can show: it is kept as it is */
/** @typedef {Row | Group | Raw} Part */

const COMPARED = ["eq", "ne", "lt", "le", "gt", "ge"];
const WITHOUT_VALUE = new Set(["empty", "filled"]);
const NEGATED = "not_contains";

/** @type {Record<string, string[]>} operators by the sort of the field; the first is offered first */
const OPERATORS = {
  number: [...COMPARED, "filled", "empty"],
  text: ["eq", "ne", "contains", NEGATED, "filled", "empty"],
  choice: ["eq", "ne", "one_of", "filled", "empty"],
  list: ["contains", NEGATED, "filled", "empty"],
  flag: ["eq", "filled", "empty"],
  date: [...COMPARED, "filled", "empty"],
  moment: ["lt", "gt", "filled", "empty"],
};

/** @param {string} sort of a field, "choice" where it has a list of choices @returns {string[]} */
export function operatorsOf(sort) {
  return OPERATORS[sort] ?? ["filled", "empty"];
}

/** @param {string} operator @returns {boolean} whether a value stands behind it */
export function takesValue(operator) {
  return !WITHOUT_VALUE.has(operator);
}

/** @param {Formula | null} formula @returns {Group} */
export function toGroup(formula) {
  if (!formula) return { join: "and", parts: [] };
  const part = toPart(formula);
  return "join" in part ? part : { join: "and", parts: [part] };
}

/** @param {Group} group @returns {Formula | null} of the rows that are complete; null without any */
export function toFormula(group) {
  const parts = group.parts.map(fromPart).filter((part) => part !== null);
  if (!parts.length) return null;
  return parts.length === 1 ? parts[0] : [group.join, ...parts];
}

/** @param {Part} part @returns {boolean} whether something is still missing in it */
export function isOpen(part) {
  if ("join" in part) return part.parts.some(isOpen);
  return "field" in part && (!part.field || (takesValue(part.operator) && part.value === null));
}

/** @param {Formula} formula @returns {Part} */
function toPart(formula) {
  const [operator, ...rest] = formula;
  if (operator === "and" || operator === "or") return { join: operator, parts: rest.map(toPart) };
  if (operator === "not" && rest[0][0] === "contains") return row(rest[0], NEGATED) ?? { raw: formula };
  return row(formula, operator) ?? { raw: formula };
}

/** @param {Formula} formula @param {string} operator @returns {Row | null} */
function row(formula, operator) {
  const [, left, right] = formula;
  const known = [...COMPARED, "contains", NEGATED, "one_of", "empty", "filled"].includes(operator);
  if (!known || left?.[0] !== "field") return null;
  if (!takesValue(operator)) return { field: left[1], operator, value: null };
  const isValue = ["number", "text", "date", "moment", "flag", "list", "today", "now"].includes(right?.[0]);
  return isValue ? { field: left[1], operator, value: right } : null;
}

/** @param {Part} part @returns {Formula | null} */
function fromPart(part) {
  if ("raw" in part) return part.raw;
  if ("join" in part) return toFormula(part);
  if (isOpen(part)) return null;
  const field = ["field", part.field];
  if (!takesValue(part.operator)) return [part.operator, field];
  return part.operator === NEGATED ? ["not", ["contains", field, part.value]] : [part.operator, field, part.value];
}

/** @param {Formula | null} formula @returns {string[]} ids of the fields that it reads */
export function fieldsIn(formula) {
  if (!Array.isArray(formula)) return [];
  if (formula[0] === "field") return [formula[1]];
  return formula.slice(1).flatMap((part) => (Array.isArray(part) ? fieldsIn(part) : []));
}
