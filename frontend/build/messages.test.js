import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePo, pluralOf } from "./messages.js";

const PO = `msgid ""
msgstr "Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"

msgid "Copied: "
"%(text)s"
msgstr "Skopiowano: %(text)s"

msgid "%(count)s result"
msgid_plural "%(count)s results"
msgstr[0] "%(count)s wynik"
msgstr[1] "%(count)s wyniki"
msgstr[2] "%(count)s wyników"

#, fuzzy
msgid "Old"
msgstr "Stary"
`;

test("reads texts over several lines and every plural form, and leaves fuzzy ones out", () => {
  assert.deepEqual(parsePo(PO), [
    { id: "Copied: %(text)s", to: ["Skopiowano: %(text)s"] },
    { id: "%(count)s result", to: ["%(count)s wynik", "%(count)s wyniki", "%(count)s wyników"] },
  ]);
});

test("the Polish plural rule", () => {
  const plural = new Function(`return ${pluralOf(PO)}`)();
  assert.deepEqual([0, 1, 2, 5, 12, 22, 112].map(plural), [2, 0, 1, 2, 2, 1, 2]);
});

test("without a catalogue English counts", () => {
  const plural = new Function(`return ${pluralOf("")}`)();
  assert.deepEqual([0, 1, 2].map(plural), [1, 0, 1]);
});

test("a rule that is more than arithmetic is refused", () => {
  assert.throws(() => pluralOf("Plural-Forms: nplurals=1; plural=alert(n);"));
});
