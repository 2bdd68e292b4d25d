import assert from "node:assert/strict";
import { test } from "node:test";
import { gettext, language, ngettext } from "./i18n.js";

const polish = {
  language: "pl",
  plural: (/** @type {number} */ n) =>
    n === 1 ? 0 : n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1 : 2,
  texts: {
    "Copied: %(text)s": ["Skopiowano: %(text)s"],
    "%(count)s result": ["%(count)s wynik", "%(count)s wyniki", "%(count)s wyników"],
  },
};

test("without a catalogue texts show as they are written", () => {
  assert.equal(gettext("Copied: %(text)s", { text: "204187" }), "Copied: 204187");
  assert.equal(ngettext("%(count)s result", "%(count)s results", 2), "2 results");
  assert.equal(language(), "en");
});

test("with a catalogue they are translated and counted", () => {
  Object.assign(globalThis, { splotMessages: polish });
  assert.equal(gettext("Copied: %(text)s", { text: "204187" }), "Skopiowano: 204187");
  assert.equal(ngettext("%(count)s result", "%(count)s results", 22), "22 wyniki");
  assert.equal(gettext("Not translated yet"), "Not translated yet");
});

test("a place without a value stays visible", () => {
  assert.equal(gettext("Hello %(name)s"), "Hello %(name)s");
});
