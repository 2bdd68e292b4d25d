import assert from "node:assert/strict";
import { test } from "node:test";

import { longest, stayers } from "./order.js";

/** @param {number} seed @returns {() => number} numbers from 0 to 1, the same at every run */
function dice(seed) {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

/** @param {number} size @param {() => number} random */
function shuffled(size, random) {
  return Array.from({ length: size }, (_each, place) => place)
    .map((place) => /** @type {const} */ ([random(), place]))
    .sort(([one], [other]) => one - other)
    .map(([, place]) => (random() < 0.2 ? -1 : place));
}

/** @param {number[]} places @param {Set<number>} kept */
function isInOrder(places, kept) {
  const run = [...kept].sort((one, other) => one - other).map((index) => places[index]);
  return run.every((place, index) => place >= 0 && (index === 0 || run[index - 1] < place));
}

/** @param {number[]} places @returns {number} by trying all */
function best(places) {
  let most = 0;
  for (let mask = 0; mask < 1 << places.length; mask++) {
    const kept = new Set(places.map((_place, index) => index).filter((index) => mask & (1 << index)));
    if (kept.size > most && isInOrder(places, kept)) most = kept.size;
  }
  return most;
}

test("what stays is in order, and nothing longer is", () => {
  const random = dice(7);
  for (let round = 0; round < 60; round++) {
    const places = shuffled(9, random);
    const kept = longest(places);
    assert.ok(isInOrder(places, kept), String(places));
    assert.equal(kept.size, best(places), String(places));
  }
});

test("the one with the focus stays, whatever moves around it", () => {
  const random = dice(11);
  for (let round = 0; round < 60; round++) {
    const places = shuffled(9, random);
    const fixed = Math.max(...places);
    const kept = stayers(places, fixed);
    assert.ok(isInOrder(places, kept), String(places));
    assert.ok(fixed < 0 || kept.has(places.indexOf(fixed)), String(places));
  }
  assert.deepEqual([...stayers([2, 0, 1], 2)], [0]);
  assert.deepEqual(stayers([2, 0, 1], 9), new Set([1, 2]), "an element that is gone fixes nothing");
});
