import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { native, written } from "./moments.js";

afterEach(() => {
  delete (/** @type {any} */ (globalThis).splotMessages);
});

/** @param {string} language */
function speak(language) {
  /** @type {any} */ (globalThis).splotMessages = { language, plural: () => 0, texts: {} };
}

for (const [iso, type, polish, english] of [
  ["2026-09-04", "date", "4.09.2026", "4 Sept 2026"],
  ["11:30", "time", "11:30", "11:30"],
  ["2026-12-14T09:05", "datetime-local", "14.12.2026 09:05", "14 Dec 2026 09:05"],
]) {
  test(`${iso} is written as the language writes it, and found again by the picker`, () => {
    speak("pl");
    assert.equal(written(iso), polish);
    speak("en");
    assert.equal(written(iso), english);
    assert.equal(native(polish, type), iso);
    assert.equal(native(english, type), iso);
  });
}

test("a half-typed text opens the picker empty", () => {
  for (const type of ["date", "time", "datetime-local"]) assert.equal(native("4.0", type), "");
  assert.equal(native("4.09.2026", "datetime-local"), "");
});
