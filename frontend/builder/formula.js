// A small grammar of formulas and the closed language's tree, both ways: [Price] * 2, "text", 2026-03-04, yes,
// if([Kind] = "b2b"; 1; 2), and / or / not, comparisons. Apart from the page.
import { gettext as _ } from "../i18n.js";

/** @typedef {import("./types.js").Formula} Formula */
/** @typedef {{ sign: string, text: string, at: number }} Sign */

/** @type {Record<string, string>} functions as they are written, and their operators */
export const FUNCTIONS = {
  if: "if",
  round: "round",
  sum: "sum",
  min: "min",
  max: "max",
  join: "join",
  length: "length",
  today: "today",
  now: "now",
  days: "days_between",
  empty: "empty",
  filled: "filled",
  contains: "contains",
  one_of: "one_of",
};
/** @type {Record<string, [number, number]>} fewest and most arguments */
const ARITY = {
  if: [3, 3],
  round: [2, 2],
  sum: [1, 400],
  min: [1, 400],
  max: [1, 400],
  join: [2, 400],
  length: [1, 1],
  today: [0, 0],
  now: [0, 0],
  days: [2, 2],
  empty: [1, 1],
  filled: [1, 1],
  contains: [2, 2],
  one_of: [2, 400],
};
/** @type {Record<string, string>} */
const COMPARED = {
  "=": "eq",
  "≠": "ne",
  "<>": "ne",
  "!=": "ne",
  "<": "lt",
  "≤": "le",
  "<=": "le",
  ">": "gt",
  "≥": "ge",
  ">=": "ge",
};
/** @type {Record<string, string>} */
const CALCULATED = {
  "+": "add",
  "-": "subtract",
  "−": "subtract",
  "*": "multiply",
  "×": "multiply",
  "/": "divide",
  "÷": "divide",
};
const SIGNS =
  /\s*(?:(?<field>\[[^\]]*\])|(?<text>"[^"]*")|(?<date>\d{4}-\d\d-\d\d)|(?<number>\d+(?:[.,]\d+)?)|(?<word>[\p{L}_]+)|(?<sign><=|>=|<>|!=|[=≠<>≤≥+\-−*×/÷();,]))/uy;

/** What does not fit, with its place in the text. */
export class FormulaFault extends Error {
  /** @param {string} message @param {number} at */
  constructor(message, at) {
    super(message);
    this.at = at;
  }
}

/** @param {string} text @param {Map<string, string>} names id of each field by its name @returns {Formula} @throws {FormulaFault} */
export function parse(text, names) {
  const signs = read(text);
  let place = 0;
  const formula = either();
  if (place < signs.length) throw new FormulaFault(_("An operator is missing."), signs[place].at);
  return formula;

  /** @returns {Formula} */
  function either() {
    return joined("or", () => joined("and", negated));
  }

  /** @param {"and" | "or"} word @param {() => Formula} part @returns {Formula} */
  function joined(word, part) {
    const parts = [part()];
    while (takes(word)) parts.push(part());
    return parts.length === 1 ? parts[0] : [word, ...parts];
  }

  /** @returns {Formula} */
  function negated() {
    return takes("not") ? ["not", negated()] : compared();
  }

  /** @returns {Formula} */
  function compared() {
    const left = chain(["+", "-", "−"], () => chain(["*", "×", "/", "÷"], single));
    const operator = COMPARED[signs[place]?.text];
    if (!operator || signs[place].sign !== "sign") return left;
    place++;
    return [operator, left, chain(["+", "-", "−"], () => chain(["*", "×", "/", "÷"], single))];
  }

  /** @param {string[]} operators @param {() => Formula} part @returns {Formula} */
  function chain(operators, part) {
    let left = part();
    while (signs[place]?.sign === "sign" && operators.includes(signs[place].text)) {
      const operator = CALCULATED[signs[place++].text];
      left = [operator, left, part()];
    }
    return left;
  }

  /** @returns {Formula} */
  function single() {
    const sign = signs[place++];
    if (!sign) throw new FormulaFault(_("The formula ends too early."), text.length);
    if (sign.sign === "field") return field(sign);
    if (sign.sign === "text") return ["text", sign.text.slice(1, -1)];
    if (sign.sign === "date") return ["date", sign.text];
    if (sign.sign === "number") return ["number", sign.text.replace(",", ".")];
    if (sign.sign === "word") return word(sign);
    if (sign.text === "(") {
      const inner = either();
      expect(")");
      return inner;
    }
    if (sign.text === "-" || sign.text === "−") {
      const inner = single();
      return inner[0] === "number" ? ["number", `-${inner[1]}`] : ["subtract", ["number", "0"], inner];
    }
    throw new FormulaFault(_("A value is missing."), sign.at);
  }

  /** @param {Sign} sign @returns {Formula} */
  function field(sign) {
    const id = names.get(sign.text.slice(1, -1).trim());
    if (!id) throw new FormulaFault(_("There is no field %(name)s.", { name: sign.text }), sign.at);
    return ["field", id];
  }

  /** @param {Sign} sign @returns {Formula} */
  function word(sign) {
    const name = sign.text.toLowerCase();
    if (name === "yes" || name === "no") return ["flag", name === "yes"];
    const operator = FUNCTIONS[name];
    if (!operator) throw new FormulaFault(_("There is no function %(name)s.", { name: sign.text }), sign.at);
    expect("(");
    /** @type {Formula[]} */
    const parts = [];
    while (signs[place] && signs[place].text !== ")") {
      parts.push(either());
      if (signs[place]?.text !== ";") break;
      place++;
    }
    expect(")");
    const [fewest, most] = ARITY[name];
    if (parts.length < fewest || parts.length > most) {
      throw new FormulaFault(_("%(name)s stands with other values than it takes.", { name: sign.text }), sign.at);
    }
    if (operator !== "one_of") return [operator, ...parts];
    if (parts.slice(1).some(([sort]) => sort !== "text")) {
      throw new FormulaFault(_("%(name)s stands with other values than it takes.", { name: sign.text }), sign.at);
    }
    return [operator, parts[0], ["list", parts.slice(1).map((part) => String(part[1]))]];
  }

  /** @param {string} wanted @returns {boolean} */
  function takes(wanted) {
    if (signs[place]?.sign !== "word" || signs[place].text.toLowerCase() !== wanted) return false;
    place++;
    return true;
  }

  /** @param {string} wanted */
  function expect(wanted) {
    if (signs[place]?.text !== wanted)
      throw new FormulaFault(_("“%(sign)s” is missing.", { sign: wanted }), signs[place]?.at ?? text.length);
    place++;
  }
}

const LEVELS = [["or"], ["and"], ["not"], Object.values(COMPARED), ["add", "subtract"], ["multiply", "divide"]];
const COMPARISON = 3;
const WRITTEN = Object.fromEntries([
  ["eq", "="],
  ["ne", "≠"],
  ["lt", "<"],
  ["le", "≤"],
  ["gt", ">"],
  ["ge", "≥"],
  ["add", "+"],
  ["subtract", "-"],
  ["multiply", "*"],
  ["divide", "/"],
  ["and", "and"],
  ["or", "or"],
]);

/** @param {Formula} formula @param {Map<string, string>} names id of each field by its name @returns {string} which `parse` reads */
export function write(formula, names) {
  const titles = new Map([...names].map(([name, id]) => [id, name]));
  return part(formula, 0);

  /** @param {Formula} node @param {number} level @returns {string} */
  function part(node, level) {
    const [operator, ...rest] = node;
    if (operator === "field") return `[${titles.get(rest[0]) ?? rest[0]}]`;
    if (operator === "text") return `"${String(rest[0]).replaceAll('"', "”")}"`;
    if (operator === "flag") return rest[0] ? "yes" : "no";
    if (["number", "date", "moment"].includes(operator)) return String(rest[0]);
    const own = LEVELS.findIndex((level) => level.includes(operator));
    if (own < 0) return call(operator, rest);
    // Comparisons do not follow each other: a = b = c would be read otherwise.
    const comparison = own === COMPARISON;
    const text =
      operator === "not"
        ? `not ${part(rest[0], own)}`
        : rest.map((each, at) => part(each, own + Number(at > 0 || comparison))).join(` ${WRITTEN[operator]} `);
    return own < level ? `(${text})` : text;
  }

  /** @param {string} operator @param {any[]} rest */
  function call(operator, rest) {
    const name = Object.keys(FUNCTIONS).find((each) => FUNCTIONS[each] === operator) ?? operator;
    const parts =
      operator === "one_of" && rest[1][0] === "list"
        ? [rest[0], ...rest[1][1].map((/** @type {string} */ text) => ["text", text])]
        : rest;
    return `${name}(${parts.map((each) => part(each, 0)).join("; ")})`;
  }
}

/** @param {string} text @returns {Sign[]} */
function read(text) {
  /** @type {Sign[]} */
  const signs = [];
  SIGNS.lastIndex = 0;
  while (text.slice(SIGNS.lastIndex).trim()) {
    const from = SIGNS.lastIndex;
    const match = SIGNS.exec(text);
    if (!match) throw new FormulaFault(_("This sign is not known."), from);
    const [sign, found] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? ["", ""];
    // A comma between two digits begins decimals; any other parts arguments, as a semicolon does.
    const written = found === "," ? ";" : found;
    signs.push({ sign, text: written, at: match.index + match[0].length - found.length });
  }
  return signs;
}
