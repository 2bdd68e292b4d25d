// Clicks by name: an element says data-do="verb" or data-do="verb:argument", a module says onDo("verb", …).

/** @typedef {(element: HTMLElement, argument: string, event: Event) => void} Verb */

/** @type {Map<string, Verb>} */
const verbs = new Map();

/** @param {string} name @param {Verb} verb @throws when two modules claim one name */
export function onDo(name, verb) {
  if (verbs.has(name)) throw new Error(`data-do="${name}" has two owners`);
  verbs.set(name, verb);
}

document.addEventListener("click", (event) => {
  const element = /** @type {Element} */ (event.target).closest("[data-do]");
  if (!(element instanceof HTMLElement)) return;
  const [name, ...rest] = (element.dataset.do ?? "").split(":");
  verbs.get(name)?.(element, rest.join(":"), event);
});

// A grey control stays reachable, so that its reason can be read; it only does nothing.
document.addEventListener(
  "click",
  (event) => {
    if (!(/** @type {Element} */ (event.target).closest('[aria-disabled="true"]'))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  { capture: true },
);
