import assert from "node:assert/strict";
import { test } from "node:test";
import { Builder } from "./builder.js";
import * as edits from "./edits.js";

const KIND = /** @type {any} */ ({ answers: true, config: {} });

/** @param {import("./types.js").Faults} faults @returns {Builder} of the fields 1 and 2 */
function builderOf(faults) {
  const pages = [{ id: "a", title: "", branches: [] }];
  const fields = ["1", "2"].map((id) => ({ ...edits.newField("text", KIND, "a"), id }));
  const data = { definition: { pages, fields }, faults, may_edit: true, kinds: {}, statuses: [] };
  return new Builder(/** @type {any} */ (data));
}

/** @param {Builder} builder @returns {string} */
const told = (builder) => builder.definition.fields.map((field) => builder.faultsOf(field).join()).join("|");

test("what is to be mended about a field is told once one has left it, and no longer than the server says so", () => {
  const builder = builderOf({});
  builder.select("1");
  builder.faults = { 1: ["empty"] };
  assert.equal(told(builder), "|");
  builder.select("2");
  assert.equal(told(builder), "empty|");
  builder.select("1");
  builder.faults = { 1: ["empty", "long"], 2: ["wrong"] };
  assert.equal(told(builder), "empty|wrong");
  builder.tellFaults();
  assert.equal(told(builder), "empty,long|wrong");
  builder.faults = {};
  assert.equal(told(builder), "|");
});

test("of a field that changed since the server looked nothing is told", () => {
  const builder = builderOf({ 1: ["empty"] });
  assert.equal(told(builder), "empty|");
  builder.apply(edits.changeField(builder.definition, "1", { title: "Mended" }), "renamed");
  assert.equal(told(builder), "|");
  builder.faults = { 1: ["empty"] };
  assert.equal(told(builder), "empty|");
});
