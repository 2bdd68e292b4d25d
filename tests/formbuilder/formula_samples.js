// Evaluates formulas for the tests: reads JSON lines, writes one result a line, `[sort, value]` or null.
import { createInterface } from "node:readline";

import { evaluate, plain, reader } from "../../frontend/form/expression.js";

for await (const line of createInterface({ input: process.stdin })) {
  const results = JSON.parse(line).map((/** @type {any} */ { formula, sorts, values, at }) => {
    const value = evaluate(formula, reader(sorts, values), at);
    return value && [value.sort, plain(value)];
  });
  process.stdout.write(`${JSON.stringify(results)}\n`);
}
