import assert from "node:assert/strict";
import { test } from "node:test";

import { baseAfter, changedKeys, isNewer, mergeValues, newer, pick, same, together } from "./state.js";

const draft = (/** @type {string} */ saved_at, content = {}, base_version = 1) => ({ saved_at, content, base_version });

test("nothing, an empty text and an empty list are one value; the order of a list says nothing", () => {
  assert.ok(same(undefined, "") && same("", []) && same(["b", "a"], ["a", "b"]));
  assert.ok(!same("a", "b") && !same(["a"], ["a", "b"]));
  assert.deepEqual(changedKeys({ subject: "A" }, { subject: "A", note: "" }), []);
  assert.deepEqual(pick({ a: "1", b: "2" }, ["b", "c"]), { b: "2", c: "" });
});

test("what one side touched is merged, what both touched is a clash and stays as typed", () => {
  const loaded = { subject: "A", owner: "1", "answer:x": "old" };
  const current = { subject: "B", owner: "1", "answer:x": "mine" };
  const { merged, clashes } = mergeValues(loaded, current, { subject: "A", owner: "2", "answer:x": "theirs" });
  assert.deepEqual(merged, { subject: "B", owner: "2", "answer:x": "mine" });
  assert.deepEqual(clashes, ["answer:x"]);
});

test("fields that only the new form has come with their stored values and are no clash", () => {
  const { merged, clashes } = mergeValues(
    { "answer:a": "1" },
    { "answer:a": "2" },
    { "answer:a": "1", "answer:b": "3" },
  );
  assert.deepEqual(merged, { "answer:a": "2", "answer:b": "3" });
  assert.deepEqual(clashes, []);
});

test("a save is compared with the version on screen, unless a clash or an older draft holds it back", () => {
  const base = (/** @type {[number, number]} */ [of, shown], /** @type {boolean} */ typed, clashes = false) =>
    baseAfter({ base: of, shown }, 9, { typed, clashes });
  assert.equal(base([4, 4], true), 9);
  assert.equal(base([4, 4], true, true), 4);
  assert.equal(base([2, 4], true), 2, "what was typed on version 2 is not saved yet");
  assert.equal(base([2, 4], false), 9, "nothing is unsaved any more");
});

test("of two drafts the newer one is offered", () => {
  const old = draft("2026-11-17T06:41:00Z");
  const fresh = draft("2026-11-17T07:41:00.5+00:00");
  assert.equal(newer(old, fresh), fresh);
  assert.equal(newer(fresh, old), fresh);
  assert.equal(newer(null, old), old);
  assert.equal(newer(null, null), null);
});

test("an undecided draft and what is typed beside it are kept together, on the older version", () => {
  const offered = draft("2026-11-17T06:41:00Z", { subject: "offered", note: "n" }, 2);
  const typed = { base_version: 5, content: { subject: "typed", owner: "3" } };
  assert.deepEqual(together(offered, typed, { typedWins: true }), {
    base_version: 2,
    content: { subject: "typed", note: "n", owner: "3" },
  });
  assert.equal(together(offered, typed, { typedWins: false }).content.subject, "offered");
  assert.equal(together(null, typed, { typedWins: false }), typed);
});

test("a form that is older, or the same one once more, changes nothing", () => {
  const shown = { form_version: 4, script_version: 7, audience: "a" };
  assert.equal(isNewer(shown, shown), false);
  assert.ok(isNewer(shown, { ...shown, form_version: 5 }) && isNewer(shown, { ...shown, script_version: 8 }));
  assert.ok(isNewer(shown, { ...shown, audience: "b" }), "other rights, the same numbers");
  assert.equal(isNewer(shown, { form_version: 5, script_version: 6, audience: "b" }), false);
  assert.equal(isNewer(shown, { form_version: 3, script_version: 8, audience: "a" }), false);
});
