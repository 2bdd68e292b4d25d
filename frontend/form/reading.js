// What stands in a control, read as a value of formulas: numbers, dates and times as the language writes them. It reads
// what app/formbuilder/{numbers,moments}.py read; what they refuse, and what is half typed, is empty.
import { gettext as _ } from "../i18n.js";
import { typed } from "./expression.js";
import { signatureOf } from "./kinds/signature.js";
import { written } from "./moments.js";

/**
 * @typedef {{ kind: string, sort: string, units?: string[] }} Readable
 * @typedef {import("./controls.js").Raw} Raw
 */

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** Kinds that are stored without the spaces and hyphens that they are shown with. */
const CLOSED_UP = ["phone", "pesel", "nip", "regon", "iban", "id_card"];
const IDS = ["contact_look_up", "case_look_up", "dictionary"];

/**
 * @param {Readable} field
 * @param {Raw | null} raw what its control holds
 * @param {{ language: string, zone: string }} how it is written, and the time zone of the centre
 * @returns {any} JSON of the field's sort; null when it is empty, half typed or no such value
 */
export function valueOf(field, raw, { language, zone }) {
  if (raw === null) return null;
  if (field.sort === "list") return [raw].flat().filter(Boolean);
  const text = String(raw).trim();
  if (field.sort === "number") return number(withoutUnit(text, field.units ?? []), language);
  if (field.sort === "date") return date(text, language);
  if (field.sort === "moment") return moment(text, language, zone);
  if (field.sort === "flag") return { yes: true, no: false }[text] ?? null;
  if (field.kind === "time") return time(text);
  if (field.kind === "signature") return signedBy(text);
  if (IDS.includes(field.kind)) return /^[0-9]+$/.test(text) ? text : null;
  return CLOSED_UP.includes(field.kind) ? text.replace(/[\s-]/g, "").toUpperCase() : text;
}

/** @param {string} text of a signature @returns {string | null} the name, or that there is one */
function signedBy(text) {
  const { name, strokes } = signatureOf(text);
  return name || (strokes.length ? "signed" : null);
}

/**
 * @param {string} sort
 * @param {any} value JSON
 * @param {{ language: string, zone: string, decimals: number }} how
 * @returns {string} as a calculated field shows it
 */
export function shown(sort, value, { language, zone, decimals }) {
  if (value === null) return "";
  if (sort === "number") return grouped(value, language, decimals);
  if (sort === "flag") return value ? _("Yes") : _("No");
  if (sort === "date") return written(value);
  return sort === "moment" ? written(wall(Date.parse(value), zone)) : String(value);
}

/** @param {Date} at @param {string} zone @returns {import("./expression.js").Instant} */
export function instant(at, zone) {
  return { today: wall(at.getTime(), zone).slice(0, 10), now: `${at.toISOString().slice(0, 16)}+00:00` };
}

/** @param {string} text @param {string} language @returns {string | null} */
export function number(text, language) {
  const signed = text.trim().replace(/[−–]/g, "-");
  const closed = signed.replace(/(?<=[0-9])[ \u00a0\u202f'’](?=[0-9]{3}(?![0-9]))/g, "");
  const match = /^(-?)([0-9]*)(?:\.([0-9]+))?$/.exec(withPoint(closed, language));
  if (!match || !(match[2] || match[3])) return null;
  const whole = match[2].replace(/^0+/, "") || "0";
  const places = (match[3] ?? "").replace(/0+$/, "");
  const value = match[1] + whole + (places && `.${places}`);
  return typed("number", value) && (value === "-0" ? "0" : value);
}

/** @param {string} text @param {string} language @returns {string | null} ISO 8601 */
export function date(text, language) {
  const parts = dateParts(text.trim(), language);
  if (!parts || parts[0] < 1850 || parts[0] > 2200) return null;
  const iso = [String(parts[0]), ...parts.slice(1).map((part) => String(part).padStart(2, "0"))].join("-");
  return typed("date", iso) && iso;
}

/** @param {string} text @returns {string | null} "09:30" */
export function time(text) {
  const match = /^([0-9]{1,2})[:.]([0-9]{2})(?::[0-9]{2})?(?: *([ap])\.?m\.?)?$/i.exec(text.trim());
  if (!match) return null;
  let hour = Number(match[1]);
  if (match[3] && (hour < 1 || hour > 12)) return null;
  if (match[3]) hour = (hour % 12) + (match[3].toLowerCase() === "p" ? 12 : 0);
  return hour > 23 || Number(match[2]) > 59 ? null : `${String(hour).padStart(2, "0")}:${match[2]}`;
}

/** @param {string} text @param {string} language @param {string} zone @returns {string | null} "2026-03-04T10:00+00:00" */
export function moment(text, language, zone) {
  const parts = /^(.*?)[ T]((?:[0-9]{1,2}[:.][0-9:]+)(?: *[ap]\.?m\.?)?)$/i.exec(text.trim());
  const day = parts && date(parts[1].trim().replace(/,$/, ""), language);
  const clock = parts && time(parts[2]);
  if (!day || !clock) return null;
  const wanted = `${day}T${clock}`;
  const guess = Date.parse(`${wanted}Z`);
  // Where the clocks go back, the first of two such times is meant; where they go forward, there is none.
  for (const near of [guess - DAY, guess + DAY]) {
    const found = guess - (Date.parse(`${wall(near, zone)}Z`) - near);
    if (wall(found, zone) === wanted) return `${new Date(found).toISOString().slice(0, 16)}+00:00`;
  }
  return null;
}

/** @param {number} moment a whole minute @param {string} zone @returns {string} "2026-03-04T11:00" on the clock there */
function wall(moment, zone) {
  return clockOf(zone).format(moment).replace(" ", "T");
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const clocks = new Map();

/** @param {string} zone */
function clockOf(zone) {
  // Swedish dates are ISO 8601.
  const clock =
    clocks.get(zone) ?? new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  clocks.set(zone, clock);
  return clock;
}

/** @param {string} value @param {string} language @param {number} decimals @returns {string} "1 642,10" */
function grouped(value, language, decimals) {
  const [space, point] = language === "en" ? [",", "."] : [" ", ","];
  const [whole, places = ""] = value.replace("-", "").split(".");
  const fraction = places.padEnd(decimals, "0");
  const sign = value.startsWith("-") ? "-" : "";
  return sign + whole.replace(/\B(?=([0-9]{3})+$)/g, space) + (fraction && point + fraction);
}

/** @param {string} text @param {string[]} units */
function withoutUnit(text, units) {
  for (const unit of units) {
    if (text.endsWith(unit)) return text.slice(0, -unit.length).trim();
    if (text.startsWith(unit)) return text.slice(unit.length).trim();
  }
  return text;
}

/** @param {string} text @param {string} language @returns {string} at most a point before its decimals, where that makes sense */
function withPoint(text, language) {
  const [comma, point] = [text.lastIndexOf(","), text.lastIndexOf(".")];
  if (comma >= 0 && point >= 0) return comma > point ? ungroup(text, ".", ",") : ungroup(text, ",", ".");
  for (const mark of [",", "."]) if (text.split(mark).length > 2) return ungroup(text, mark, "");
  if (language === "en" && /^-?[1-9][0-9]{0,2},[0-9]{3}$/.test(text)) return text.replace(",", "");
  return text.replace(",", ".");
}

/** @param {string} text @param {string} group @param {string} mark @returns {string} as it is where `group` parts no thousands */
function ungroup(text, group, mark) {
  const place = mark ? text.indexOf(mark) : text.length;
  const [whole, fraction] = [text.slice(0, place), text.slice(place + 1)];
  const [first, ...rest] = whole.replace(/^-/, "").split(group);
  const parts = rest.length && /^[0-9]{1,3}$/.test(first) && rest.every((each) => /^[0-9]{3}$/.test(each));
  return parts ? whole.replaceAll(group, "") + (mark && `.${fraction}`) : text;
}

/** @param {string} text @param {string} language @returns {number[] | null} year, month, day */
function dateParts(text, language) {
  const iso = /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$/.exec(text);
  if (iso) return iso.slice(1).map(Number);
  const figures = /^([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})$/.exec(text);
  if (figures) {
    const [day, month, year] = [figures[1], figures[3], figures[4]].map(Number);
    const isUnclear = figures[2] === "/" && language === "en" && day <= 12 && month <= 12 && day !== month;
    return isUnclear ? null : [year, month, day];
  }
  const named = /^([0-9]{1,2})\.? +(\p{L}+)\.? +([0-9]{4})$/u.exec(text);
  const month = named && monthNames().get(named[2].toLowerCase());
  return named && month ? [Number(named[3]), month, Number(named[1])] : null;
}

/** @type {Map<string, number> | undefined} */
let months;

/** @returns {Map<string, number>} names of the months in both languages, whole and short, in the forms that dates use */
function monthNames() {
  if (months) return months;
  months = new Map([["sept", 9]]);
  for (const language of ["pl", "en"]) {
    for (const width of /** @type {const} */ (["long", "short"])) {
      const forms = [{ month: width }, { month: width, day: /** @type {const} */ ("numeric") }];
      for (const form of forms) {
        const names = new Intl.DateTimeFormat(language, { timeZone: "UTC", ...form });
        for (let month = 1; month <= 12; month += 1) {
          const name = names.formatToParts(Date.UTC(2026, month - 1, 1)).find(({ type }) => type === "month")?.value;
          if (name) months.set(name.toLowerCase().replace(/\.$/, ""), month);
        }
      }
    }
  }
  return months;
}
