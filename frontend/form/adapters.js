// Kinds of fields whose controls are more than the browser's own: each says how its widget comes, goes, reads and shows.
//
// A kind without an adapter is native inputs, which controls.js knows.

/** @typedef {import("./controls.js").Raw} Raw */

/**
 * @typedef {{
 *   mount?: (field: HTMLElement) => void, sync?: (field: HTMLElement) => void, unmount?: (field: HTMLElement) => void,
 *   get?: (field: Element) => Raw | null, set?: (field: Element, value: Raw, titles: Record<string, string>) => void
 * }} Adapter `mount`: the field has come on screen; `sync`: the server's markup in it has changed, the answer has not;
 *   `unmount`: it has left for good
 */

/** @type {Map<string, Adapter>} */
const adapters = new Map();

/** @param {string} kind `data-kind` of its fields @param {Adapter} adapter @throws when a kind has two */
export function adapt(kind, adapter) {
  if (adapters.has(kind)) throw new Error(`the kind ${kind} has two adapters`);
  adapters.set(kind, adapter);
}

/** @param {Element} field @returns {Adapter} */
export function adapterOf(field) {
  return adapters.get(field.getAttribute("data-kind") ?? "") ?? NATIVE;
}

/** @type {Adapter} */
const NATIVE = {};
