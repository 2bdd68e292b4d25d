// What differs between the version that an edit began on and what it is now, counted the way people count. No page.
import { longest } from "../form/order.js";

/** @typedef {import("../builder/types.js").Definition} Definition */
/** @typedef {import("../builder/types.js").Field} Field */
/** @typedef {import("../builder/types.js").Choice} Choice */
/**
 * One change of a field or a page. `of`: the choice, where it is one.
 * @typedef {"added" | "hidden" | "shown" | "moved" | "renamed" | "required" | "status" | "setting" | "choice added" |
 *   "choice hidden" | "choice shown" | "choice renamed" | "choices moved"} What
 * @typedef {{ what: What, of?: string }} Change
 */

/** Settings of a field that are told by names of their own; any other one that differs is one change. */
const OWN = new Set(["id", "title", "hidden", "required_to_save", "page", "config"]);

/** @param {Definition} begun @param {Definition} now @returns {Map<string, Change[]>} by id of the field or page */
export function changesOf(begun, now) {
  const found = new Map();
  for (const [id, list] of [...fieldChanges(begun, now), ...pageChanges(begun, now)]) {
    if (list.length) found.set(id, list);
  }
  return found;
}

/** @param {Map<string, Change[]>} changes @returns {number} */
export function countOf(changes) {
  return [...changes.values()].reduce((sum, list) => sum + list.length, 0);
}

/** @param {Definition} begun @param {Definition} now @returns {[string, Change[]][]} */
function fieldChanges(begun, now) {
  const before = new Map(begun.fields.map((field) => [field.id, field]));
  const elsewhere = movedFields(begun, now);
  return now.fields.map((field) => {
    const was = before.get(field.id);
    if (!was) return [field.id, field.hidden ? [] : [{ what: "added" }]];
    if (was === field) return [field.id, elsewhere.has(field.id) ? [{ what: "moved" }] : []];
    return [field.id, [...inField(was, field), ...(elsewhere.has(field.id) ? [moved()] : [])]];
  });
}

/** @returns {Change} */
function moved() {
  return { what: "moved" };
}

/** @param {Field} was @param {Field} is @returns {Change[]} */
function inField(was, is) {
  /** @type {Change[]} */
  const found = [];
  if (was.hidden !== is.hidden) found.push({ what: is.hidden ? "hidden" : "shown" });
  if (was.title !== is.title) found.push({ what: "renamed" });
  if (was.required_to_save !== is.required_to_save) found.push({ what: "required" });
  const { choices: _was = [], status_id: status, ...rest } = was.config;
  const { choices: _is = [], status_id: newStatus, ...newRest } = is.config;
  found.push(...inChoices(_was, _is));
  if (status !== newStatus) found.push({ what: "status" });
  for (const [one, other] of [
    [rest, newRest],
    [settings(was), settings(is)],
  ]) {
    for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
      if (!same(one[name], other[name])) found.push({ what: "setting", of: name });
    }
  }
  return found;
}

/** @param {Choice[]} was @param {Choice[]} is @returns {Change[]} */
function inChoices(was, is) {
  const before = new Map(was.map((choice) => [choice.id, choice]));
  /** @type {Change[]} */
  const found = [];
  for (const { id, title, hidden } of is) {
    const former = before.get(id);
    if (!former) {
      found.push({ what: "choice added", of: id });
      continue;
    }
    if (former.hidden !== hidden) found.push({ what: hidden ? "choice hidden" : "choice shown", of: id });
    if (former.title !== title) found.push({ what: "choice renamed", of: id });
  }
  const kept = is.filter(({ id }) => before.has(id)).map(({ id }) => id);
  const order = was.map(({ id }) => id).filter((id) => kept.includes(id));
  if (kept.join() !== order.join()) found.push({ what: "choices moved" });
  return found;
}

/** @param {Definition} begun @param {Definition} now @returns {Set<string>} fewest fields whose move explains the order */
function movedFields(begun, now) {
  const pages = new Map(begun.fields.map((field) => [field.id, field.page]));
  const places = new Map(begun.fields.map((field, place) => [field.id, place]));
  /** @type {Set<string>} */
  const found = new Set();
  for (const { id } of now.pages) {
    const kept = now.fields.filter((field) => field.page === id && places.has(field.id));
    const staying = kept.filter((field) => pages.get(field.id) === id);
    for (const field of kept) if (pages.get(field.id) !== id) found.add(field.id);
    const stays = longest(staying.map((field) => /** @type {number} */ (places.get(field.id))));
    staying.forEach((field, at) => stays.has(at) || found.add(field.id));
  }
  return found;
}

/** @param {Definition} begun @param {Definition} now @returns {[string, Change[]][]} */
function pageChanges(begun, now) {
  const before = new Map(begun.pages.map((page, place) => [page.id, { page, place }]));
  const kept = now.pages.filter(({ id }) => before.has(id));
  const stays = longest(kept.map(({ id }) => before.get(id)?.place ?? -1));
  return now.pages.map((page) => {
    const was = before.get(page.id)?.page;
    if (!was) return [page.id, [{ what: "added" }]];
    /** @type {Change[]} */
    const found = [];
    if (was.title !== page.title) found.push({ what: "renamed" });
    if (!same(was.branches, page.branches)) found.push({ what: "setting", of: "branches" });
    if (!stays.has(kept.indexOf(page))) found.push(moved());
    return [page.id, found];
  });
}

/** @param {Field} field @returns {Record<string, any>} */
function settings(field) {
  return Object.fromEntries(Object.entries(field).filter(([name]) => !OWN.has(name)));
}

/** @param {unknown} one @param {unknown} other */
function same(one, other) {
  return one === other || JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
