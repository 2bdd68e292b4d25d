import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldsIn, isOpen, toFormula, toGroup } from "./conditions.js";
import { FormulaFault, parse, write } from "./formula.js";

const A = ["field", "a"];

test("rows make a formula, and the formula the same rows", () => {
  for (const formula of [
    null,
    ["eq", A, ["number", "12.5"]],
    ["filled", A],
    ["not", ["contains", A, ["text", "x"]]],
    ["and", ["one_of", A, ["list", ["x", "y"]]], ["lt", ["field", "b"], ["today"]]],
    ["or", ["eq", A, ["flag", true]], ["and", ["empty", A], ["ne", A, ["text", "q"]]]],
    ["gt", ["add", A, ["number", "1"]], ["number", "2"]],
    ["and", ["not", ["eq", A, ["text", "x"]]], ["filled", A]],
  ]) {
    assert.deepEqual(toFormula(toGroup(formula)), formula);
  }
});

test("a row that is not complete is no part of the formula", () => {
  const group = toGroup(["filled", A]);
  group.parts.push({ field: "b", operator: "eq", value: null }, { field: "", operator: "", value: null });
  assert.deepEqual(toFormula(group), ["filled", A]);
  assert.ok(isOpen(group));
  assert.ok(!isOpen(toGroup(["empty", A])));
});

test("the fields that a condition reads", () => {
  assert.deepEqual(fieldsIn(["or", ["eq", A, ["text", "b"]], ["not", ["filled", ["field", "c"]]]]), ["a", "c"]);
});

const NAMES = new Map([
  ["Price", "p"],
  ["Share of it", "s"],
]);
const PRICE = ["field", "p"];

test("formulas in words", () => {
  /** @type {[string, any[]][]} */
  const cases = [
    ["[Price] * [Share of it] / 100", ["divide", ["multiply", PRICE, ["field", "s"]], ["number", "100"]]],
    ["1 + 2 * 3 - 4", ["subtract", ["add", ["number", "1"], ["multiply", ["number", "2"], ["number", "3"]]], ["number", "4"]]], // prettier-ignore
    ["(1,5 + 2) × -3", ["multiply", ["add", ["number", "1.5"], ["number", "2"]], ["number", "-3"]]],
    ['if([Price] >= 10 and not empty([Price]); "dużo"; "mało")', ["if", ["and", ["ge", PRICE, ["number", "10"]], ["not", ["empty", PRICE]]], ["text", "dużo"], ["text", "mało"]]], // prettier-ignore
    ["round(days(2026-03-04; today()); 1)", ["round", ["days_between", ["date", "2026-03-04"], ["today"]], ["number", "1"]]], // prettier-ignore
    ['one_of([Price]; "a"; "b") or yes', ["or", ["one_of", PRICE, ["list", ["a", "b"]]], ["flag", true]]],
    ["round([Price] * 1,5, 2)", ["round", ["multiply", PRICE, ["number", "1.5"]], ["number", "2"]]],
    ["max([Price],[Share of it], 7)", ["max", PRICE, ["field", "s"], ["number", "7"]]],
    ["([Price] = 1) = yes", ["eq", ["eq", PRICE, ["number", "1"]], ["flag", true]]],
  ];
  for (const [text, formula] of cases) {
    assert.deepEqual(parse(text, NAMES), formula, text);
    assert.deepEqual(parse(write(formula, NAMES), NAMES), formula, write(formula, NAMES));
  }
});

test("a formula that is none says where", () => {
  /** @type {[string, number][]} */
  const cases = [["[Price] * [Prise]", 10], ["1 +", 3], ["round(1)", 0], ["1 2", 2], ["sin(1)", 0], ["2 ? 3", 1], ["(1", 2], ["one_of([Price]; [Price])", 0]]; // prettier-ignore
  for (const [text, at] of cases) {
    assert.throws(() => parse(text, NAMES), (error) => error instanceof FormulaFault && error.at === at, text); // prettier-ignore
  }
});
