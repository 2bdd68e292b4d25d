// Dates and times between a text input and the browser's own picker.
import { language } from "../i18n.js";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec".split(" ");

/** @param {string} iso value of a native date, time or datetime-local input @returns {string} as the language writes it */
export function written(iso) {
  const [, year, month, day, clock] = /^(?:(\d{4})-(\d\d)-(\d\d))?T?(\d\d:\d\d)?/.exec(iso) ?? [];
  const date = year && (language() === "en" ? `${+day} ${MONTHS[+month - 1]} ${year}` : `${+day}.${month}.${year}`);
  return [date, clock].filter(Boolean).join(" ");
}

/** @param {string} text what was typed @param {string} type of the native input @returns {string} its value, or "" */
export function native(text, type) {
  const clock = /(?:^|[ T,])(\d{1,2})[:.](\d\d)$/.exec(text.trim());
  const time = clock ? `${clock[1].padStart(2, "0")}:${clock[2]}` : "";
  if (type === "time") return time;
  const date = day(text);
  if (type === "date" || !date) return date;
  return time && `${date}T${time}`;
}

/** @param {string} text @returns {string} ISO 8601 */
function day(text) {
  const iso = /^\s*(\d{4}-\d\d-\d\d)/.exec(text);
  if (iso) return iso[1];
  const figures = /^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{4})/.exec(text);
  if (figures) return [figures[3], figures[2].padStart(2, "0"), figures[1].padStart(2, "0")].join("-");
  const named = /^\s*(\d{1,2}) ([A-Z][a-z]{2,3}) (\d{4})/.exec(text);
  const month = named ? MONTHS.findIndex((name) => name.slice(0, 3) === named[2].slice(0, 3)) + 1 : 0;
  return named && month ? [named[3], String(month).padStart(2, "0"), named[1].padStart(2, "0")].join("-") : "";
}
