import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOf, withValues } from "./buttons.js";

const VALUES = { "contact.name": "Żaneta & Syn/?#", "case.number": "100017" };

test("merge fields are filled in, and what is not known becomes nothing", () => {
  assert.equal(
    withValues("{{ contact.name }} ({{case.number}}){{ contact.city }}", VALUES),
    "Żaneta & Syn/?# (100017)",
  );
});

test("a value stays one part of the address, whatever it holds", () => {
  const address = addressOf("https://example.com/search?q={{ contact.name }}&nr={{ case.number }}", VALUES);
  const { searchParams, pathname } = new URL(String(address));
  assert.equal(searchParams.get("q"), VALUES["contact.name"]);
  assert.equal(searchParams.get("nr"), "100017");
  assert.equal(pathname, "/search");
});

test("only http and https are opened", () => {
  for (const bad of ["javascript:alert(1)", "{{ contact.name }}", "", "ftp://example.com/", "//example.com"]) {
    assert.equal(addressOf(bad, VALUES), null);
  }
});
