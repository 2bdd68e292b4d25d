import assert from "node:assert/strict";
import { test } from "node:test";

import { extend, pathOf, signatureOf, textOf } from "./signature.js";

test("what was signed is read back, and nothing is no answer", () => {
  const signed = {
    name: "Anna Próbna",
    strokes: [
      [1, 2, 3, 4],
      [5, 6],
    ],
  };
  assert.deepEqual(signatureOf(textOf(signed)), { ...signed, said: "" });
  assert.equal(textOf({ name: " ", strokes: [] }), "");
  for (const odd of ["", "x", "null", "7"]) assert.deepEqual(signatureOf(odd).strokes, []);
});

test("strokes are lines, a touch is a dot", () => {
  assert.equal(
    pathOf([
      [1, 2, 3, 4, 5, 6],
      [7, 8],
    ]),
    "M1 2L3 4 5 6M7 8L7 8",
  );
  assert.equal(pathOf([]), "");
});

test("points that say nothing new are left out, and there is an end to them", () => {
  const strokes = [[10, 10]];
  assert.equal(extend(strokes, [11, 11]), false);
  assert.equal(extend(strokes, [20, 10]), true);
  assert.deepEqual(strokes, [[10, 10, 20, 10]]);
  assert.equal(extend([], [1, 1]), false);
  assert.equal(extend([Array(5999).fill(1)], [500, 100]), false);
});
