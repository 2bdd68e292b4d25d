// Which elements of a list may stay where they are when it gets another order. Pure: no DOM.

/**
 * @param {number[]} places where each wanted element stands now; -1 = nowhere
 * @returns {Set<number>} indexes into `places` of a longest part that is in order already
 */
export function longest(places) {
  /** @type {number[]} indexes: the end of the best run of each length */
  const ends = [];
  /** @type {number[]} */
  const before = [];
  places.forEach((place, index) => {
    if (place < 0) return;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[ends[middle]] < place) low = middle + 1;
      else high = middle;
    }
    before[index] = low ? ends[low - 1] : -1;
    ends[low] = index;
  });
  /** @type {Set<number>} */
  const found = new Set();
  for (let index = ends.at(-1) ?? -1; index >= 0; index = before[index]) found.add(index);
  return found;
}

/**
 * @param {number[]} places where each wanted element stands now; -1 = nowhere
 * @param {number} fixed the place of the element that must not move, e.g. because it has the focus; -1 = none
 * @returns {Set<number>} indexes of the elements that stay; all others are put around them
 */
export function stayers(places, fixed) {
  const pivot = fixed < 0 ? -1 : places.indexOf(fixed);
  if (pivot < 0) return longest(places);
  const left = longest(places.slice(0, pivot).map((place) => (place < fixed ? place : -1)));
  const right = longest(places.slice(pivot + 1).map((place) => (place > fixed ? place : -1)));
  return new Set([...left, pivot, ...[...right].map((index) => index + pivot + 1)]);
}
