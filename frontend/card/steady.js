// Whatever else comes, goes or grows on the card: the form stays where it is on the screen.
import { keepPlace } from "../form/place.js";

/**
 * @template T
 * @param {() => T} change nothing of it may take another turn
 * @returns {T} what it gives
 */
export function steady(change) {
  const form = document.getElementById("form");
  return form ? keepPlace(form, change) : change();
}
