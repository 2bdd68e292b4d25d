// Where pages lead: the ways between them, which pages can be reached, and what can never happen. Apart from the page.

/** @typedef {import("./types.js").Definition} Definition */
/** @typedef {import("./types.js").Formula} Formula */
/** @typedef {import("./types.js").Page} Page */
/**
 * @typedef {{ from: string, to: string, when: Formula | null, branch: number }} Way
 *   `to`: END or a page; `when`: null = otherwise; `branch`: its place, -1 for what follows by itself
 * @typedef {{ page: string, branch: number, why: "back" | "never" | "gone" }} Useless a branch that is never taken
 */

export const END = "";
const ALWAYS = ["flag", true];

/** @param {Formula} when @returns {boolean} whether a branch is taken in any case */
export function isAlways(when) {
  return when[0] === "flag" && when[1] === true;
}

/** @param {Page} page @returns {{ branches: Page["branches"], otherwise: string | null | undefined }} conditions apart from the last, unconditional way; undefined = the next page */
export function split(page) {
  const last = page.branches.at(-1);
  if (!last || !isAlways(last.when)) return { branches: page.branches, otherwise: undefined };
  return { branches: page.branches.slice(0, -1), otherwise: last.page };
}

/** @param {Page["branches"]} branches @param {string | null | undefined} otherwise @returns {Page["branches"]} */
export function joined(branches, otherwise) {
  return otherwise === undefined ? branches : [...branches, { when: ALWAYS, page: otherwise }];
}

/** @param {Definition} definition @returns {{ ways: Way[], useless: Useless[] }} ways that can be taken, and branches that cannot */
export function waysOf({ pages }) {
  /** @type {Way[]} */
  const ways = [];
  /** @type {Useless[]} */
  const useless = [];
  for (const [at, page] of pages.entries()) {
    let settled = false;
    for (const [branch, { when, page: target }] of page.branches.entries()) {
      const to = target === null ? pages.length : pages.findIndex((each) => each.id === target);
      const why = settled ? "never" : to < 0 ? "gone" : to <= at ? "back" : null;
      if (why) {
        useless.push({ page: page.id, branch, why });
        continue;
      }
      ways.push({ from: page.id, to: target ?? END, when: isAlways(when) ? null : when, branch });
      settled = isAlways(when);
    }
    if (!settled) ways.push({ from: page.id, to: pages[at + 1]?.id ?? END, when: null, branch: -1 });
  }
  return { ways, useless };
}

/** @param {Definition} definition @returns {{ reached: Set<string>, depths: Map<string, number>, longest: string[] }} `depths`: columns; `longest`: pages of the longest way */
export function reach(definition) {
  const { ways } = waysOf(definition);
  const reached = new Set([definition.pages[0].id]);
  /** @type {Map<string, number>} */
  const depths = new Map([[definition.pages[0].id, 0]]);
  /** @type {Map<string, string>} */
  const before = new Map();
  // Ways lead forward only: when a page's turn comes, every way to it is known.
  for (const { id } of [...definition.pages]) {
    if (!reached.has(id)) continue;
    for (const way of ways.filter((each) => each.from === id)) {
      reached.add(way.to);
      const depth = (depths.get(id) ?? 0) + 1;
      if (depth <= (depths.get(way.to) ?? 0)) continue;
      depths.set(way.to, depth);
      before.set(way.to, id);
    }
  }
  const longest = [];
  for (let at = before.get(END); at !== undefined; at = before.get(at)) longest.unshift(at);
  return { reached, depths, longest };
}
