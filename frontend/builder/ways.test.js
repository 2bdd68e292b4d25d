import assert from "node:assert/strict";
import { test } from "node:test";
import { placeUnder } from "./drag.js";
import { layOut } from "./graph.js";
import { END, joined, reach, split, waysOf } from "./ways.js";

const WHEN = ["filled", ["field", "x"]];
const ALWAYS = ["flag", true];

/** @param {Record<string, [any[], string | null][]>} pages branches by id @returns {import("./types.js").Definition} */
function form(pages) {
  const made = Object.entries(pages).map(([id, branches]) => ({
    id,
    title: id,
    branches: branches.map(([when, page]) => ({ when, page })),
  }));
  return { pages: made, fields: [] };
}

test("pages follow each other, branches lead forward, and the last comes to an end", () => {
  const definition = form({ a: [[WHEN, "c"]], b: [[ALWAYS, "d"]], c: [], d: [] });
  const { ways, useless } = waysOf(definition);
  assert.deepEqual(ways.map(({ from, to }) => from + to), ["ac", "ab", "bd", "cd", `d${END}`]); // prettier-ignore
  assert.deepEqual(useless, []);
  assert.deepEqual(reach(definition).longest, ["a", "b", "d"]);
});

test("what cannot be reached, leads back, or stands behind what is always taken", () => {
  const definition = form({ a: [[ALWAYS, "c"], [WHEN, "b"]], b: [], c: [[WHEN, "a"], [WHEN, "gone"]] }); // prettier-ignore
  assert.ok(!reach(definition).reached.has("b"));
  assert.deepEqual(waysOf(definition).useless.map(({ page, why }) => [page, why]), [["a", "never"], ["c", "back"], ["c", "gone"]]); // prettier-ignore
});

test("the unconditional way is told apart from the others", () => {
  const [page] = form({ a: [[WHEN, "b"], [ALWAYS, null]], b: [] }).pages; // prettier-ignore
  const parts = split(page);
  assert.equal(parts.otherwise, null);
  assert.deepEqual(joined(parts.branches, parts.otherwise), page.branches);
  assert.equal(split({ ...page, branches: parts.branches }).otherwise, undefined);
});

test("boxes do not lie on each other, and every way has an arrow", () => {
  const definition = form({ a: [[WHEN, "c"], [WHEN, "d"]], b: [[ALWAYS, "e"]], c: [[ALWAYS, "e"]], d: [], e: [] }); // prettier-ignore
  const { boxes, arrows } = layOut(definition);
  assert.equal(boxes.length, 6);
  assert.equal(new Set(boxes.map(({ x, y }) => `${x} ${y}`)).size, 6);
  assert.equal(arrows.length, waysOf(definition).ways.length);
  for (const { from, to } of arrows) {
    const x = (/** @type {string} */ id) => boxes.find((box) => box.id === id)?.x ?? 0;
    assert.ok(x(from) < x(to), `${from} ${to}`);
  }
});

test("the place under the pointer, in rows of cards of several widths", () => {
  const box = (/** @type {number} */ left, /** @type {number} */ top, /** @type {number} */ width) => ({ left, right: left + width, top, bottom: top + 50 }); // prettier-ignore
  const boxes = [box(0, 0, 600), box(0, 60, 290), box(310, 60, 290), box(0, 120, 190)];
  /** @type {[number, number, number][]} */
  const cases = [[10, 10, 0], [10, 40, 1], [50, 80, 1], [250, 80, 2], [500, 80, 3], [10, 130, 3], [180, 130, 4], [10, 400, 4]]; // prettier-ignore
  for (const [x, y, at] of cases) assert.equal(placeUnder({ x, y }, boxes), at, `${x} ${y}`);
  assert.equal(placeUnder({ x: 1, y: 1 }, []), 0);
});
