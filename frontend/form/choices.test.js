import assert from "node:assert/strict";
import { test } from "node:test";

import { choiceNews } from "./choices.js";

/** @param {Record<string, string>} titles by id; one in parentheses is hidden */
const offer = (titles) =>
  new Map(
    Object.entries(titles).map(([id, title]) => [
      id,
      { title: title.startsWith("(") ? `${title.slice(1, -1)} (hidden)` : title, isHidden: title.startsWith("(") },
    ]),
  );

test("choices that came, went, came back and have another name are told apart", () => {
  const before = offer({ a: "Complaint", b: "Question", c: "(Return)", d: "Order" });
  const after = offer({ e: "Delivery", d: "Orders", c: "Return", b: "(Question)" });
  assert.deepEqual(choiceNews(before, after), {
    added: ["Delivery"],
    hidden: ["Complaint", "Question"],
    shown: ["Return"],
    renamed: [{ before: "Order", after: "Orders" }],
  });
});

test("another order, and what happens to hidden choices, is no news", () => {
  const before = offer({ a: "A", b: "B", c: "(C)" });
  assert.equal(choiceNews(before, offer({ b: "B", d: "(D)", a: "A", c: "(See)" })), null);
  assert.equal(choiceNews(before, offer({ a: "A", b: "B" })), null);
});
