// Moments as the user reads them: in the form of the page's language, and in the time zone of the user's settings,
// whatever the clock of this computer is set to.
import { locale } from "./i18n.js";

/** @param {Date} moment @returns {string} "07:41" */
export function clockTime(moment) {
  return written(moment, { hour: "2-digit", minute: "2-digit" });
}

/** @param {Date} moment @returns {string} "17 Nov 2026, 07:41" */
export function dayAndTime(moment) {
  return `${written(moment, { day: "numeric", month: "short", year: "numeric" })}, ${clockTime(moment)}`;
}

/** @param {Date} moment @returns {string} for the hover: "Tuesday 17 November 2026, 07:41" */
export function exactMoment(moment) {
  return `${written(moment, { dateStyle: "full" })}, ${clockTime(moment)}`;
}

/** @param {Date} moment @returns {string} as an input of kind datetime-local holds it: "2026-11-17T07:41" */
export function wallClock(moment) {
  // Swedish dates are ISO 8601.
  return new Intl.DateTimeFormat("sv-SE", { timeZone: zone(), dateStyle: "short", timeStyle: "short" })
    .format(moment)
    .replace(" ", "T");
}

/** @param {number} days from today @param {number} hour @returns {string} that hour, as `wallClock` writes it */
export function hourOfDay(days, hour) {
  const day = new Date(`${wallClock(new Date()).slice(0, 10)}T00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return `${day.toISOString().slice(0, 10)}T${String(hour).padStart(2, "0")}:00`;
}

/** @param {Date} moment @param {Intl.DateTimeFormatOptions} form */
function written(moment, form) {
  return new Intl.DateTimeFormat(locale(), { timeZone: zone(), hourCycle: "h23", ...form }).format(moment);
}

/** @returns {string | undefined} undefined is the browser's own */
function zone() {
  return document.documentElement.dataset.timeZone || undefined;
}
