// The browser's half of app/formbuilder/expression.py: the same formulas, the same results. Pure.
// Numbers are BigInt, millionths; texts are NFC; empty, null, "" and missing are one value, written null.

/**
 * @typedef {any[]} Formula an operator and its arguments, as the server has checked it
 * @typedef {{ sort: string, value: any } | null} Value
 * @typedef {{ today: string, now: string }} Instant the day of the centre; the minute in UTC, "2026-03-04T10:00+00:00"
 * @typedef {(fieldId: string) => Value} Read
 */

const TEXT = 10_000;
const ENTRIES = 1000;
const PLACES = 6;
const UNIT = 10n ** BigInt(PLACES);
const LARGEST = 10n ** 18n * UNIT;
const DEPTH = 20;
const SPACE = " \t\r\n";
const MARKS = /\p{M}{31}/u;
const HALF_SIGN = /\p{Cs}/u;

const NUMBER = /^-?[0-9]{1,18}(\.[0-9]{1,6})?$/;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const MOMENT = /^([0-9]{4}-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9]\+00:00$/;
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAY = 86_400_000;

/**
 * @param {Formula} formula
 * @param {Read} read the value of a field
 * @param {Instant} at
 * @returns {Value} null also for an operator that this page is too old to know
 */
export function evaluate(formula, read, at, depth = 1) {
  const [operator, ...parts] = formula;
  if (depth > DEPTH) return null;
  if (operator in SORTS) return typed(operator, parts[0]);
  if (operator === "field") return read(parts[0]);
  if (operator === "today") return typed("date", at.today);
  if (operator === "now") return typed("moment", at.now);
  if (!Object.hasOwn(OPERATORS, operator)) return null;
  const values = parts.map((part) => evaluate(part, read, at, depth + 1));
  // A separator keeps its spaces.
  if (operator === "join" && parts[0][0] === "text") values[0] = { sort: "text", value: parts[0][1] };
  return OPERATORS[operator](...values);
}

/** @param {Value} value @returns {boolean} whether the condition with that value holds */
export function isTrue(value) {
  return value !== null && value.sort === "flag" && value.value === true;
}

/**
 * @param {Record<string, string>} sorts by field id
 * @param {Record<string, any>} values JSON, by field id
 * @returns {Read} each value is brought to its sort once
 */
export function reader(sorts, values) {
  /** @type {Map<string, Value>} */
  const known = new Map();
  return (id) => {
    if (!known.has(id)) known.set(id, Object.hasOwn(sorts, id) ? typed(sorts[id], values[id]) : null);
    return known.get(id) ?? null;
  };
}

/** @param {string} sort @param {any} raw JSON @returns {Value} null when it is empty, or not of that sort */
export function typed(sort, raw) {
  const value = SORTS[sort](raw);
  return value === null || value === "" || (sort === "list" && !value.length) ? null : { sort, value };
}

/** @param {Value} value @returns {any} its JSON; numbers without needless zeros */
export function plain(value) {
  if (value === null) return null;
  return value.sort === "number" ? plainNumber(value.value) : value.value;
}

/** @type {Record<string, (raw: any) => any>} */
const SORTS = Object.assign(Object.create(null), {
  number: (/** @type {any} */ raw) => (typeof raw === "string" && NUMBER.test(raw) ? scaled(raw) : null),
  text: (/** @type {any} */ raw) => {
    const text = typeof raw === "string" ? normal(cut(raw)) : null;
    return text === null ? null : strip(cut(text));
  },
  date: (/** @type {any} */ raw) => (typeof raw === "string" && isDate(raw) ? raw : null),
  moment: (/** @type {any} */ raw) => {
    const match = typeof raw === "string" ? MOMENT.exec(raw) : null;
    return match && isDate(match[1]) ? raw : null;
  },
  flag: (/** @type {any} */ raw) => (typeof raw === "boolean" ? raw : null),
  list: (/** @type {any} */ raw) => {
    if (!Array.isArray(raw)) return null;
    const texts = raw.slice(0, ENTRIES).filter((entry) => typeof entry === "string");
    return texts.map((text) => normal(cut(text))).filter((text) => text !== null);
  },
});

/** @type {Record<string, (...values: any[]) => Value>} */
const OPERATORS = {
  and: (...parts) => flag(parts.every(isTrue)),
  or: (...parts) => flag(parts.some(isTrue)),
  not: (part) => flag(!isTrue(part)),
  eq: (one, other) => flag(one !== null && equal(one, other)),
  ne: (one, other) => flag(!equal(one, other)),
  lt: compare((a, b) => a < b),
  le: compare((a, b) => a <= b),
  gt: compare((a, b) => a > b),
  ge: compare((a, b) => a >= b),
  one_of: (one, list) => flag(one?.sort === "text" && list?.sort === "list" && list.value.includes(one.value)),
  contains: (one, other) => flag(contains(one, other)),
  empty: (value) => flag(value === null),
  filled: (value) => flag(value !== null),
  add: calculate((a, b) => a + b),
  subtract: calculate((a, b) => a - b),
  multiply: calculate((a, b) => divided(a * b, UNIT)),
  divide: calculate((a, b) => (b === 0n ? null : divided(a * UNIT, b))),
  if: (condition, then, otherwise) => (isTrue(condition) ? then : otherwise),
  round,
  sum: (...values) => {
    const numbers = alike(values, ["number"]);
    return numbers.length
      ? number(numbers.reduce((total, { value }) => total + /** @type {bigint} */ (value), 0n))
      : null;
  },
  min: extreme((a, b) => a < b),
  max: extreme((a, b) => a > b),
  join,
  length: (value) => {
    if (value?.sort === "text") return number(BigInt([...value.value].length) * UNIT);
    return value?.sort === "list" ? number(BigInt(value.value.length) * UNIT) : null;
  },
  days_between: (first, last) => {
    if (first?.sort !== "date" || last?.sort !== "date") return null;
    return number(BigInt((Date.parse(last.value) - Date.parse(first.value)) / DAY) * UNIT);
  },
};

/** @param {boolean} value @returns {Value} */
function flag(value) {
  return { sort: "flag", value };
}

/** @param {bigint | null} value @returns {Value} null when it is too large */
function number(value) {
  return value === null || value >= LARGEST || value <= -LARGEST ? null : { sort: "number", value };
}

/** @param {string} text @returns {bigint} */
function scaled(text) {
  const [whole, places = ""] = text.split(".");
  return BigInt(whole + places.padEnd(PLACES, "0"));
}

/** @param {bigint} value @returns {string} */
function plainNumber(value) {
  const digits = String(value < 0n ? -value : value).padStart(PLACES + 1, "0");
  const places = digits.slice(-PLACES).replace(/0+$/, "");
  return (value < 0n ? "-" : "") + digits.slice(0, -PLACES) + (places && `.${places}`);
}

/** @param {bigint} a @param {bigint} b @returns {bigint} a : b, rounded half up (away from zero) */
function divided(a, b) {
  const [over, under] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const result = (2n * over + under) / (2n * under);
  return a < 0n === b < 0n ? result : -result;
}

/** @param {(a: bigint, b: bigint) => bigint | null} operation @returns {(one: Value, other: Value) => Value} */
function calculate(operation) {
  return (one, other) =>
    one?.sort === "number" && other?.sort === "number" ? number(operation(one.value, other.value)) : null;
}

/** @param {(a: any, b: any) => boolean} holds @returns {(one: Value, other: Value) => Value} */
function compare(holds) {
  return (one, other) => {
    const fits = one && one.sort === other?.sort && ["number", "date", "moment"].includes(one.sort);
    return flag(Boolean(fits) && holds(one?.value, other?.value));
  };
}

/** @param {Value} one @param {Value} other */
function equal(one, other) {
  if (one === null || other === null) return one === other;
  if (one.sort !== other.sort) return false;
  if (one.sort !== "list") return one.value === other.value;
  return (
    one.value.length === other.value.length &&
    one.value.every((/** @type {string} */ text, /** @type {number} */ place) => text === other.value[place])
  );
}

/** @param {Value} one @param {Value} other @returns {boolean} */
function contains(one, other) {
  if (one === null || other?.sort !== "text") return false;
  if (one.sort === "list") return one.value.includes(other.value);
  return one.sort === "text" && one.value.toLowerCase().includes(other.value.toLowerCase());
}

/** Half up, to 0–6 places. @param {Value} value @param {Value} places @returns {Value} */
function round(value, places) {
  if (value?.sort !== "number" || places?.sort !== "number") return null;
  const wanted = places.value / UNIT;
  if (places.value % UNIT !== 0n || wanted < 0n || wanted > BigInt(PLACES)) return null;
  const step = 10n ** (BigInt(PLACES) - wanted);
  return number(divided(value.value, step) * step);
}

/** The filled ones, when all are of one and the same of these sorts; else nothing. @param {Value[]} values @param {string[]} sorts */
function alike(values, sorts) {
  const filled = /** @type {{ sort: string, value: any }[]} */ (values.filter((value) => value !== null));
  return sorts.includes(filled[0]?.sort) && filled.every(({ sort }) => sort === filled[0].sort) ? filled : [];
}

/** @param {(a: any, b: any) => boolean} isBetter @returns {(...values: Value[]) => Value} */
function extreme(isBetter) {
  return (...values) => {
    const filled = alike(values, ["number", "date", "moment"]);
    return filled.length ? filled.reduce((best, each) => (isBetter(each.value, best.value) ? each : best)) : null;
  };
}

/** The filled texts, numbers and dates, with the separator between them. @param {Value} separator @param {Value[]} values @returns {Value} */
function join(separator, ...values) {
  const between = separator?.sort === "text" ? separator.value : "";
  const fitting = values.filter((value) => value && ["text", "number", "date"].includes(value.sort));
  const joined = fitting.map((value) => String(plain(value))).join(between);
  return isLong(joined) ? null : typed("text", joined);
}

/** @param {string} text @returns {boolean} whether it has more than TEXT characters; those beyond U+FFFF count once */
function isLong(text) {
  return text.length > TEXT && cut(text) !== text;
}

/** @param {string} text @returns {string} at most its first TEXT characters */
function cut(text) {
  if (text.length <= TEXT) return text;
  let end = 0;
  for (let count = 0; count < TEXT && end < text.length; count += 1) {
    end += /** @type {number} */ (text.codePointAt(end)) > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}

/** @param {string} text @returns {string | null} in NFC; null for one that a database could not hold, or not be sorted soon */
function normal(text) {
  return text.includes("\0") || HALF_SIGN.test(text) || MARKS.test(text) ? null : text.normalize("NFC");
}

/** @param {string} text @returns {string} without spaces at its ends */
function strip(text) {
  let [start, end] = [0, text.length];
  while (start < end && SPACE.includes(text[start])) start += 1;
  while (end > start && SPACE.includes(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

/** @param {string} text @returns {boolean} whether the calendar has that day */
function isDate(text) {
  const match = DATE.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return (
    year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= MONTHS[month - 1] + (isLeap && month === 2 ? 1 : 0)
  );
}
