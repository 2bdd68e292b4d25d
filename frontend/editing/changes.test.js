import assert from "node:assert/strict";
import { test } from "node:test";
import * as edits from "../builder/edits.js";
import { changesOf, countOf } from "./changes.js";

const KIND = /** @type {any} */ ({ answers: true, config: { limit: 5 } });
const LIST = /** @type {any} */ ({ answers: true, config: { style: "list", choices: [] } });

/** @returns {import("../builder/types.js").Definition} fields 1, 2, 3 on page a, 4 on b; 2 has the choices x, y, z */
function form() {
  const field = (/** @type {string} */ id, /** @type {any} */ kind, /** @type {string} */ page) => ({
    ...edits.newField("text", kind, page),
    id,
  });
  const list = field("2", LIST, "a");
  list.config.choices = ["x", "y", "z"].map((id) => ({ id, title: id, hidden: false }));
  const fields = [field("1", KIND, "a"), list, field("3", KIND, "a"), field("4", KIND, "b")];
  return { pages: ["a", "b"].map((id) => ({ id, title: id, branches: [] })), fields };
}

/** @param {import("../builder/types.js").Definition} now @returns {Record<string, string[]>} what changed, by id */
function told(now) {
  const found = changesOf(form(), now);
  return Object.fromEntries([...found].map(([id, list]) => [id, list.map(({ what }) => what)]));
}

/** @param {import("../builder/types.js").Definition} definition @param {string} id */
const the = (definition, id) => /** @type {import("../builder/types.js").Field} */ (edits.fieldOf(definition, id));

test("what was read twice is no change", () => assert.equal(countOf(changesOf(form(), form())), 0));

test("each thing that somebody does to a field is one change, and what is undone is none", () => {
  const start = form();
  let now = edits.changeField(start, "1", { title: "Name", required_to_save: true });
  now = edits.changeField(now, "3", { hidden: true });
  now = edits.changeConfig(now, "4", { status_id: 7 });
  now = edits.changeField(now, "4", { width: 2 });
  assert.deepEqual(told(now), { 1: ["renamed", "required"], 3: ["hidden"], 4: ["status", "setting"] });
  now = edits.changeField(now, "3", { hidden: false });
  assert.deepEqual(told(now)["3"], undefined);
});

test("of fields that stand in another order as few as possible were moved", () => {
  const start = form();
  assert.deepEqual(told(edits.place(start, the(start, "1"), "a", 2)), { 1: ["moved"] });
  assert.deepEqual(told(edits.place(start, the(start, "3"), "a", 0)), { 3: ["moved"] });
  assert.deepEqual(told(edits.place(start, the(start, "3"), "b", 0)), { 3: ["moved"] });
});

test("a new field is one change, and nothing once it is hidden again", () => {
  const field = { ...edits.newField("text", KIND, "a"), id: "new", title: "New" };
  const now = edits.place(form(), field, "a", 1);
  assert.deepEqual(told(now), { new: ["added"] });
  assert.deepEqual(told(edits.changeField(now, "new", { hidden: true })), {});
});

test("choices are counted one by one, their order once", () => {
  const start = form();
  const [x, y, z] = the(start, "2").config.choices;
  const next = [z, { ...x, title: "X" }, { ...y, hidden: true }, { id: "new", title: "n", hidden: false }];
  const list = changesOf(start, edits.setChoices(start, "2", next)).get("2");
  assert.deepEqual(list, [
    { what: "choice renamed", of: "x" },
    { what: "choice hidden", of: "y" },
    { what: "choice added", of: "new" },
    { what: "choices moved" },
  ]);
});

test("pages count, too", () => {
  const [more, id] = edits.addPage(form(), "c", "b");
  assert.deepEqual(told(edits.changePage(more, "a", { title: "A" })), { a: ["renamed"], [id]: ["added"] });
  assert.deepEqual(told(edits.movePage(form(), "b", -1)), { b: ["moved"] });
});
