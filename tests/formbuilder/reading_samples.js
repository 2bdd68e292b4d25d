// Reads texts as the browser does, for the tests: JSON lines of cases in, a list of results a line out.
import { createInterface } from "node:readline";

import { valueOf } from "../../frontend/form/reading.js";

for await (const line of createInterface({ input: process.stdin })) {
  const results = JSON.parse(line).map((/** @type {any} */ { field, raw, how }) => valueOf(field, raw, how));
  process.stdout.write(`${JSON.stringify(results)}\n`);
}
