// What a card knows: what was loaded, what is typed now, and the difference. Pure: no DOM, no network.

/**
 * A value as an input holds it: text, or the chosen ids of a list.
 * @typedef {string | string[]} Raw
 *
 * Values by key: `subject`, `owner`, `status`, `when`, `note`, and `answer:<field id>`.
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

/**
 * The version that the next save is compared with, after the card was shown a newer state of the case.
 * @param {{ base: number, shown: number }} card what a save would be compared with, and the version on screen
 * @param {number} fresh the version that is shown now
 * @param {{ typed: boolean, clashes: boolean }} about whether anything is unsaved, and whether others changed the same
 * @returns {number} the former one while a clash is open, or while something typed on an older version is not saved:
 *   so the server asks which value stays, instead of writing ours over theirs
 */
export function baseAfter({ base, shown }, fresh, { typed, clashes }) {
  const heldBack = base < shown;
  return typed && (clashes || heldBack) ? base : fresh;
}

/**
 * @typedef {{ form_version: number, script_version: number, audience: string }} FormShown
 *
 * @param {FormShown} shown
 * @param {FormShown} now
 * @returns {boolean} whether a card that shows the one should show the other; both numbers only grow
 */
export function isNewer(shown, now) {
  const [form, script] = [now.form_version - shown.form_version, now.script_version - shown.script_version];
  return form >= 0 && script >= 0 && (form > 0 || script > 0 || now.audience !== shown.audience);
}

/**
 * @template {{ saved_at: string }} D
 * @param {D | null} one
 * @param {D | null} other
 * @returns {D | null} the one that was kept last
 */
export function newer(one, other) {
  if (!one || !other) return one ?? other;
  return Date.parse(one.saved_at) > Date.parse(other.saved_at) ? one : other;
}

/**
 * What to keep when somebody leaves without having decided about an earlier draft.
 * @param {{ base_version: number, content: Values } | null} offered
 * @param {{ base_version: number, content: Values }} typed
 * @param {{ typedWins: boolean }} options which of two values of one key stays
 * @returns {{ base_version: number, content: Values }}
 */
export function together(offered, typed, { typedWins }) {
  if (!offered) return typed;
  const [under, over] = typedWins ? [offered, typed] : [typed, offered];
  const empty = !Object.keys(typed.content).length;
  return {
    base_version: empty ? offered.base_version : Math.min(offered.base_version, typed.base_version),
    content: { ...under.content, ...over.content },
  };
}
