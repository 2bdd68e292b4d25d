// Elements made by code, short to write: h("button", { class: "btn", type: "button", onclick }, icon("plus"), "Text").

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] false, null and undefined are left out; on… are listeners
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === "value") /** @type {HTMLInputElement} */ (element).value = String(value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  put(element, ...children);
  return element;
}

/** @param {Element} element @param {...(Child | Child[])} children behind what stands there */
export function put(element, ...children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** @param {string} name of a Tabler icon @param {string} [label] read out; without it the icon is decoration */
export function icon(name, label = "") {
  const svg = svgElement("svg", {
    class: "ti",
    ...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" }),
  });
  svg.append(svgElement("use", { href: `${document.documentElement.dataset.icons ?? ""}#${name}` }));
  return svg;
}

/** @param {string} tag @param {Record<string, string | number>} attributes @param {...(Node | string)} children */
export function svgElement(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * Draw a part anew; the focus and the cursor stay at the control with the same data-at.
 * @param {Element} place @param {(Child | Child[])[]} children
 */
export function redraw(place, ...children) {
  const active = document.activeElement;
  const at = active instanceof HTMLElement && place.contains(active) ? active.dataset.at : undefined;
  const range = active instanceof HTMLInputElement && active.type === "text" ? active.selectionStart : null;
  const scrolled = place.scrollTop;
  place.replaceChildren();
  put(place, ...children);
  place.scrollTop = scrolled;
  if (at === undefined) return;
  const again = place.querySelector(`[data-at="${CSS.escape(at)}"]`);
  if (!(again instanceof HTMLElement)) return;
  again.focus({ preventScroll: true });
  if (range !== null && again instanceof HTMLInputElement) again.setSelectionRange(range, range);
}
