import assert from "node:assert/strict";
import { test } from "node:test";
import * as edits from "./edits.js";
import { History } from "./history.js";

const KIND = /** @type {any} */ ({ answers: true, config: { limit: 5 } });

/** @param {[string, string, boolean?][]} fields id, page, hidden @returns {import("./types.js").Definition} */
function form(fields) {
  const pages = ["a", "b"].map((id) => ({ id, title: "", branches: [] }));
  return {
    pages,
    fields: fields.map(([id, page, hidden = false]) => ({ ...edits.newField("text", KIND, page), id, hidden })),
  };
}

/** @param {import("./types.js").Definition} definition */
const ids = (definition) => definition.fields.map(({ id }) => id).join("");

test("a field goes among what its page shows, and those that are hidden stay where they are", () => {
  const start = form([["1", "a"], ["2", "a", true], ["3", "a"], ["4", "b"], ["5", "a"]]); // prettier-ignore
  const moved = (/** @type {string} */ id, /** @type {string} */ page, /** @type {number} */ place) => {
    const field = /** @type {import("./types.js").Field} */ (edits.fieldOf(start, id));
    return edits.place(start, field, page, place);
  };
  assert.equal(ids(moved("1", "a", 1)), "23415");
  assert.equal(ids(moved("5", "a", 0)), "51234");
  assert.equal(ids(moved("1", "a", 2)), "23451");
  assert.equal(ids(moved("3", "b", 0)), "12345");
  assert.equal(edits.fieldOf(moved("3", "b", 0), "3")?.page, "b");
  assert.deepEqual(edits.shownOn(moved("3", "b", 1), "b").map(({ id }) => id), ["4", "3"]); // prettier-ignore
  assert.equal(ids(start), "12345");
});

test("what an edit does not touch stays the same object", () => {
  const start = form([["1", "a"], ["2", "a"]]); // prettier-ignore
  const next = edits.changeConfig(start, "1", { limit: 9 });
  assert.equal(next.fields[0].config.limit, 9);
  assert.equal(next.fields[1], start.fields[1]);
  assert.equal(next.pages, start.pages);
});

test("a copy shares no id with what it was copied from", () => {
  const start = form([["1", "a"]]);
  start.fields[0].config.choices = [{ id: "x", title: "X", hidden: false }];
  const [next, copy] = edits.duplicate(start, "1");
  assert.equal(next.fields.length, 2);
  assert.notEqual(copy.id, "1");
  assert.notEqual(copy.config.choices[0].id, "x");
  assert.match(copy.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("with a page the ways to it go", () => {
  const start = form([]);
  start.pages[0].branches = [{ when: ["flag", true], page: "b" }];
  assert.deepEqual(edits.removePage(start, "b").pages, [{ id: "a", title: "", branches: [] }]);
});

test("typing is one step back, other edits are one each, and what was undone comes again", () => {
  const start = form([["1", "a"]]);
  const history = new History(start);
  const titled = (/** @type {string} */ title) => edits.changeField(history.now, "1", { title });
  history.apply(titled("A"), "renamed", { key: "title", at: 0 });
  history.apply(titled("Ab"), "renamed", { key: "title", at: 100 });
  history.apply(titled("Abc"), "renamed", { key: "title", at: 9000 });
  history.apply(edits.changeField(history.now, "1", { hidden: true }), "hid", { at: 9001 });
  assert.equal(history.apply(history.now, "nothing"), false);
  assert.equal(history.undo(), "hid");
  assert.equal(history.now.fields[0].title, "Abc");
  history.undo();
  assert.equal(history.now.fields[0].title, "Ab");
  assert.equal(history.redo(), "renamed");
  assert.equal(history.now.fields[0].title, "Abc");
  history.undo();
  history.undo();
  assert.equal(history.now, start);
  assert.equal(history.undo(), null);
  history.apply(titled("Z"), "renamed");
  assert.equal(history.redo(), null);
});

test("choices without a title do not count, those that were published stay", () => {
  const start = form([["1", "a"], ["2", "a"]]); // prettier-ignore
  const choices = ["x", "", " ", ""].map((title, at) => ({ id: `${at}`, title, hidden: false }));
  const some = edits.setChoices(start, "1", choices);
  const kept = edits.withoutEmptyChoices(some, ["3"]);
  assert.deepEqual(kept.fields[0].config.choices.map((/** @type {any} */ { id }) => id), ["0", "3"]); // prettier-ignore
  assert.equal(kept.fields[1], some.fields[1]);
  assert.equal(edits.withoutEmptyChoices(kept, ["3"]), kept);
});
