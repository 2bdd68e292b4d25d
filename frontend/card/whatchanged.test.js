import assert from "node:assert/strict";
import { test } from "node:test";

import { nothingDone } from "../form/morph.js";
import { whatChanged } from "./whatchanged.js";

const NOTHING = { ...nothingDone(), statuses: false, lacks: false };
const reason = { key: "r", title: "Reason", added: [], hidden: [], shown: [], renamed: [] };

test("choices are named with the field that offers them", () => {
  const choices = [
    { ...reason, added: ["Delivery"], hidden: ["Post", "Fax"] },
    { ...reason, title: "Colour", shown: ["Red"], renamed: [{ before: "Blu", after: "Blue" }] },
  ];
  assert.deepEqual(whatChanged({ ...NOTHING, choices }), [
    "The form has a new version.",
    "“Reason”: new choice “Delivery”.",
    "“Reason”: choices “Post”, “Fax” are offered no more.",
    "“Colour”: choice “Red” is offered again.",
    "“Colour”: choice “Blu” is called “Blue” now.",
  ]);
});

test("a long list is counted, and so are many lists", () => {
  const many = { ...reason, added: ["1", "2", "3", "4", "5", "6", "7"] };
  assert.deepEqual(whatChanged({ ...NOTHING, choices: [many] }).slice(1), [
    "“Reason”: new choices “1”, “2”, “3”, “4”, “5”, 2 more.",
  ]);
  const choices = ["A", "B", "C", "D", "E", "F"].map((title) => ({ ...reason, title, added: ["x"] }));
  const said = whatChanged({ ...NOTHING, choices, changed: [{ key: "g", title: "G" }] });
  assert.equal(said.length, 1 + 5 + 1);
  assert.equal(said.at(-1), "Changed: “G”, “F”.");
});

test("what nobody can see is not told", () => {
  assert.deepEqual(whatChanged(NOTHING), []);
  assert.deepEqual(whatChanged({ ...NOTHING, statuses: true }), ["The list of statuses has changed."]);
});
