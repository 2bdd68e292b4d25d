// The ways between pages as a drawing: boxes in columns from left to right, arrows between them. Apart from the page.
import { END, reach, waysOf } from "./ways.js";

/** @typedef {import("./types.js").Definition} Definition */
/** @typedef {import("./ways.js").Way} Way */
/** @typedef {{ id: string, x: number, y: number, isReached: boolean }} Box */
/** @typedef {Way & { path: string, label: { x: number, y: number } }} Arrow */

export const BOX = { width: 160, height: 56 };
const GAP = { x: 104, y: 44 };
const EDGE = 20;
const LANE = 26;

/** @param {Definition} definition @returns {{ boxes: Box[], arrows: Arrow[], width: number, height: number }} */
export function layOut(definition) {
  const { reached, depths } = reach(definition);
  const columns = columnsOf(definition, reached, depths);
  const tallest = Math.max(...columns.map((column) => column.length));
  const middle = EDGE + (tallest * BOX.height + (tallest - 1) * GAP.y) / 2;
  /** @type {Map<string, Box>} */
  const boxes = new Map();
  for (const [at, column] of columns.entries()) {
    const height = column.length * BOX.height + (column.length - 1) * GAP.y;
    for (const [row, id] of column.entries()) {
      const y = middle - height / 2 + row * (BOX.height + GAP.y);
      boxes.set(id, { id, x: EDGE + at * (BOX.width + GAP.x), y, isReached: reached.has(id) });
    }
  }
  const bottom = Math.max(...[...boxes.values()].map(({ y }) => y + BOX.height));
  let lanes = 0;
  const { ways } = waysOf(definition);
  const arrows = ways.map((way) => {
    const from = /** @type {Box} */ (boxes.get(way.from));
    const to = /** @type {Box} */ (boxes.get(way.to));
    const places = [outOf(ways, way, boxes), into(ways, way, boxes)];
    const isNear = to.x - from.x <= BOX.width + GAP.x;
    return { ...way, ...(isNear ? near(places[0], places[1]) : far(places[0], places[1], bottom + LANE * ++lanes)) };
  });
  const width = EDGE * 2 + columns.length * BOX.width + (columns.length - 1) * GAP.x;
  return { boxes: [...boxes.values()], arrows, width, height: bottom + EDGE + LANE * lanes };
}

/** @param {Definition} definition @param {Set<string>} reached @param {Map<string, number>} depths @returns {string[][]} ids from left to right */
function columnsOf(definition, reached, depths) {
  /** @type {string[][]} */
  const columns = [];
  let before = 0;
  for (const { id } of definition.pages) {
    // A page that nobody reaches stands where it would follow.
    const depth = reached.has(id) ? (depths.get(id) ?? 0) : before + 1;
    (columns[depth] ??= []).push(id);
    before = depth;
  }
  const filled = columns.filter(Boolean);
  filled.push([END]);
  return filled;
}

/** @typedef {{ x: number, y: number }} Point */

/** @param {Way[]} ways @param {Way} way @param {Map<string, Box>} boxes @returns {Point} where the arrow leaves */
function outOf(ways, way, boxes) {
  const box = /** @type {Box} */ (boxes.get(way.from));
  const all = ways.filter((each) => each.from === way.from).sort((one, other) => height(boxes, one.to, other.to));
  return { x: box.x + BOX.width, y: spread(box, all.indexOf(way), all.length) };
}

/** @param {Way[]} ways @param {Way} way @param {Map<string, Box>} boxes @returns {Point} where it arrives */
function into(ways, way, boxes) {
  const box = /** @type {Box} */ (boxes.get(way.to));
  const all = ways.filter((each) => each.to === way.to).sort((one, other) => height(boxes, one.from, other.from));
  return { x: box.x - 2, y: spread(box, all.indexOf(way), all.length) };
}

/** Arrows that leave or arrive side by side do so in the order of their other ends. @param {Map<string, Box>} boxes @param {string} one @param {string} other */
function height(boxes, one, other) {
  return (boxes.get(one)?.y ?? 0) - (boxes.get(other)?.y ?? 0);
}

/** @param {Box} box @param {number} at @param {number} count */
function spread(box, at, count) {
  const step = Math.min(14, (BOX.height - 12) / Math.max(count, 1));
  return box.y + BOX.height / 2 + (at - (count - 1) / 2) * step;
}

/** @param {Point} from @param {Point} to */
function near(from, to) {
  const middle = (from.x + to.x) / 2;
  const path = `M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
  return { path, label: { x: middle, y: (from.y + to.y) / 2 } };
}

/** @param {Point} from @param {Point} to @param {number} lane below all boxes */
function far(from, to, lane) {
  const [left, right] = [from.x + GAP.x / 2, to.x - GAP.x / 2];
  const path = `M${from.x} ${from.y}C${left} ${from.y} ${from.x + 20} ${lane} ${left} ${lane}H${right}C${to.x - 20} ${lane} ${right} ${to.y} ${to.x} ${to.y}`;
  return { path, label: { x: (left + right) / 2, y: lane } };
}
