import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { clockTime, dayAndTime, exactMoment, hourOfDay, wallClock } from "./clock.js";

const MOMENT = new Date("2026-11-17T06:41:00Z");
const NIGHT = new Date("2026-11-17T23:05:00Z");

beforeEach(() => {
  process.env.TZ = "America/New_York"; // what the computer believes
  page("pl", "Europe/Warsaw");
});
afterEach(() => {
  mock.timers.reset();
  delete (/** @type {any} */ (globalThis).splotMessages);
  delete (/** @type {any} */ (globalThis).document);
});

/** @param {string} language @param {string} timeZone */
function page(language, timeZone) {
  Object.assign(globalThis, {
    splotMessages: { language, plural: () => 0, texts: {} },
    document: { documentElement: { dataset: { timeZone } } },
  });
}

test("moments are written in the user's time zone, not in the computer's", () => {
  assert.equal(clockTime(MOMENT), "07:41");
  assert.equal(clockTime(NIGHT), "00:05");
  page("pl", "Asia/Tokyo");
  assert.equal(clockTime(MOMENT), "15:41");
});

test("English has the day first and 24 hours", () => {
  page("en", "Asia/Tokyo");
  assert.equal(clockTime(MOMENT), "15:41");
  assert.equal(dayAndTime(MOMENT), "17 Nov 2026, 15:41");
  assert.match(exactMoment(MOMENT), /^Tuesday,? 17 November 2026, 15:41$/);
});

test("Polish is written as the server writes it", () => {
  assert.equal(dayAndTime(MOMENT), "17 lis 2026, 07:41");
  assert.equal(exactMoment(MOMENT), "wtorek, 17 listopada 2026, 07:41");
});

test("an input gets the user's wall clock", () => {
  assert.equal(wallClock(MOMENT), "2026-11-17T07:41");
  assert.equal(wallClock(NIGHT), "2026-11-18T00:05");
});

test("tomorrow is the user's tomorrow, at the end of a month, too", () => {
  mock.timers.enable({ apis: ["Date"], now: new Date("2026-11-29T23:30:00Z") });
  assert.equal(hourOfDay(1, 9), "2026-12-01T09:00");
  page("pl", "America/New_York");
  assert.equal(hourOfDay(1, 9), "2026-11-30T09:00");
});
