// Texts in the reader's language. The catalogue is a script of its own (messages.<language>.js), loaded before this.

/**
 * @typedef {{ language: string, plural: (n: number) => number, texts: Record<string, string[]> }} Catalogue
 * @typedef {Record<string, string | number>} Params
 */

/** @returns {Catalogue} */
function catalogue() {
  const given = /** @type {{ splotMessages?: Catalogue }} */ (/** @type {unknown} */ (globalThis)).splotMessages;
  return given ?? { language: "en", plural: (n) => Number(n !== 1), texts: {} };
}

/** @param {string} text in English, with named places as %(name)s @param {Params} [params] @returns {string} */
export function gettext(text, params = {}) {
  return filled(catalogue().texts[text]?.[0] ?? text, params);
}

/**
 * @param {string} one @param {string} many @param {number} count also the value of %(count)s
 * @param {Params} [params] @returns {string}
 */
export function ngettext(one, many, count, params = {}) {
  const { plural, texts } = catalogue();
  const text = texts[one]?.[plural(count)] ?? (count === 1 ? one : many);
  return filled(text, { count, ...params });
}

/** @returns {string} "pl", "en" … */
export function language() {
  return catalogue().language;
}

/** @returns {string} for Intl, as the server has it: English dates have the day first, its clock 24 hours */
export function locale() {
  return language() === "en" ? "en-GB" : language();
}

/** @param {string} text @param {Params} params */
function filled(text, params) {
  return text.replace(/%\((\w+)\)[sd]/g, (place, name) => (name in params ? String(params[name]) : place));
}
