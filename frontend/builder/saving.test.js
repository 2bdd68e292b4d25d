import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../http.js";
import { Saving } from "./saving.js";

/** @param {(body: any) => Promise<any>} post */
function made(post) {
  /** @type {Map<string, string>} */
  const kept = new Map();
  const storage = {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void kept.set(key, value),
    removeItem: (/** @type {string} */ key) => void kept.delete(key),
  };
  /** @type {any} */
  let definition = { pages: [], fields: [] };
  /** @type {string[]} */
  const states = [];
  const changed = (/** @type {string} */ state) => states.push(state);
  const saving = new Saving({ seen: "", base: 1, key: "k", definition: () => definition, post, changed, storage });
  const edit = () => {
    definition = { ...definition };
    saving.touch();
  };
  return { saving, edit, states, kept };
}

test("one request at a time, each with what the one before it was told", async () => {
  /** @type {string[]} */
  const seen = [];
  let running = 0;
  const { saving, edit, kept } = made(async (body) => {
    assert.equal(++running, 1);
    seen.push(body.seen);
    if (seen.length === 1) edit(); // somebody goes on while the first is on its way
    await Promise.resolve();
    running--;
    return { seen: String(seen.length), at: "10:31", faults: {} };
  });
  edit();
  assert.ok(kept.has("k"));
  assert.equal(await saving.flush(), true);
  assert.deepEqual(seen, ["", "1"]);
  assert.equal(saving.state, "saved");
  assert.ok(!kept.has("k"));
});

test("what is not taken stays in this browser, and a conflict waits for a decision", async () => {
  let status = 503;
  const { saving, edit, states, kept } = made(async () => {
    throw new Refusal(status, "no");
  });
  edit();
  assert.equal(await saving.flush(), false);
  assert.equal(saving.state, "waits");
  status = 409;
  assert.equal(await saving.flush(), false);
  assert.equal(states.at(-1), "conflict");
  edit();
  assert.equal(await saving.flush(), false);
  assert.ok(kept.has("k"));
  clearTimeout(saving.timer);
});
