// What a card knows: what was loaded, what is typed now, and the difference. Pure: no DOM, no network.

/**
 * A value as an input holds it: text, or the chosen ids of a list.
 * @typedef {string | string[]} Raw
 *
 * Values by key: `subject`, `owner`, `status`, `when`, and `answer:<field id>`.
 * @typedef {Record<string, Raw>} Values
 */

/**
 * @param {Raw | undefined} a
 * @param {Raw | undefined} b
 * @returns {boolean} nothing, "" and [] are one value
 */
export function same(a, b) {
  const [left, right] = [a ?? "", b ?? ""].map((value) => (Array.isArray(value) ? [...value].sort() : [value]));
  const [one, other] = [left, right].map((list) => list.filter((item) => item !== ""));
  return one.length === other.length && one.every((item, place) => item === other[place]);
}

/**
 * @param {Values} loaded
 * @param {Values} current
 * @returns {string[]} keys whose value differs
 */
export function changedKeys(loaded, current) {
  return Object.keys(current).filter((key) => !same(loaded[key], current[key]));
}

/**
 * @param {Values} values
 * @param {string[]} keys
 * @returns {Values}
 */
export function pick(values, keys) {
  return Object.fromEntries(keys.map((key) => [key, values[key] ?? ""]));
}

/**
 * What to show when somebody else has saved: their value where only they touched it, ours where we did.
 * @param {Values} loaded what both began with
 * @param {Values} current what is typed here
 * @param {Values} theirs what the server has now
 * @returns {{ merged: Values, clashes: string[] }} `clashes` = keys that both changed, each to another value
 */
export function mergeValues(loaded, current, theirs) {
  /** @type {Values} */
  const merged = {};
  /** @type {string[]} */
  const clashes = [];
  for (const key of new Set([...Object.keys(current), ...Object.keys(theirs)])) {
    const mineMoved = key in current && !same(loaded[key], current[key]);
    const theirsMoved = !same(loaded[key], theirs[key]);
    merged[key] = mineMoved ? current[key] : (theirs[key] ?? "");
    if (mineMoved && theirsMoved && !same(current[key], theirs[key])) clashes.push(key);
  }
  return { merged, clashes };
}
