import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { evaluate, plain, reader, typed } from "./expression.js";

const { at, sorts, cases } = JSON.parse(
  readFileSync(new URL("../../tests/data/expressions.json", import.meta.url), "utf8"),
);

for (const { name, formula, values, result } of cases) {
  test(name, () => {
    const value = evaluate(formula, reader(sorts, values), at);
    assert.deepEqual(value && [value.sort, plain(value)], result);
  });
}

test("an operator of a newer server is empty, and so is one that an object has by nature", () => {
  for (const operator of ["median", "toString", "__proto__"]) {
    assert.equal(evaluate([operator, ["number", "1"]], reader({}, {}), at), null);
  }
});

test("a formula that is deeper than the server allows is empty", () => {
  /** @type {any[]} */
  let formula = ["flag", true];
  for (let depth = 0; depth < 5000; depth += 1) formula = ["and", formula];
  assert.deepEqual(evaluate(formula, reader({}, {}), at), { sort: "flag", value: false });
});

test("a text is cut where the server cuts it", () => {
  assert.equal([...(typed("text", "😀".repeat(10_001))?.value ?? "")].length, 10_000);
});
