// A signature: drawn on a pad, or typed as a name. Its answer is JSON text: name, strokes, and, once saved, the moment.
import { adapt } from "../adapters.js";

const [WIDTH, HEIGHT] = [600, 200];
const NUMBERS = 6000;
const STROKES = 200;
const NEAR = 3; // units of the pad: points closer than that say nothing new

/** @typedef {{ name: string, strokes: number[][], said?: string }} Signature */

/** @param {unknown} text @returns {Signature} empty for what is none */
export function signatureOf(text) {
  try {
    const { name = "", strokes = [], said = "" } = JSON.parse(String(text));
    return { name, strokes, said };
  } catch {
    return { name: "", strokes: [] };
  }
}

/** @param {Signature} signature @returns {string} the answer; "" when nobody signed */
export function textOf({ name, strokes }) {
  return name.trim() || strokes.length ? JSON.stringify({ name: name.trim(), strokes }) : "";
}

/** @param {number[][]} strokes @returns {string} `d` of an SVG path; a dot is a line of no length */
export function pathOf(strokes) {
  return strokes.map(([x, y, ...rest]) => `M${x} ${y}L${rest.length ? rest.join(" ") : `${x} ${y}`}`).join("");
}

/**
 * @param {number[][]} strokes
 * @param {number[]} point of the pad
 * @returns {boolean} whether it was added to the last stroke: not when it says nothing new, or there is no room
 */
export function extend(strokes, [x, y]) {
  const stroke = strokes.at(-1);
  if (!stroke || strokes.flat().length + 2 > NUMBERS) return false;
  const [lastX, lastY] = stroke.slice(-2);
  if (stroke.length && Math.hypot(x - lastX, y - lastY) < NEAR) return false;
  stroke.push(x, y);
  return true;
}

adapt("signature", {
  get: (field) => held(field)?.value ?? null,
  set: (field, value) => {
    const control = held(field);
    if (control) control.value = String(value);
    draw(field);
  },
});

/** @param {Element} root a form: its pads are drawn on, its names typed */
export function signing(root) {
  /** @type {{ field: Element, pad: SVGSVGElement, strokes: number[][] } | null} */
  let drawing = null;
  root.addEventListener("pointerdown", (event) => {
    const pointer = /** @type {PointerEvent} */ (event);
    const pad = /** @type {Element} */ (pointer.target).closest("[data-pad]");
    const field = pad?.closest("splot-field");
    if (!(pad instanceof SVGSVGElement) || !field || !pointer.isPrimary || pointer.button !== 0) return;
    const { strokes } = signatureOf(held(field)?.value);
    if (strokes.length >= STROKES) return;
    strokes.push([]);
    drawing = { field, pad, strokes };
    pad.setPointerCapture(pointer.pointerId);
    move(pointer);
    pointer.preventDefault();
  });
  root.addEventListener("pointermove", (event) => move(/** @type {PointerEvent} */ (event)));
  for (const end of ["pointerup", "pointercancel"]) {
    root.addEventListener(end, () => {
      if (!drawing) return;
      const { field, strokes } = drawing;
      drawing = null;
      sign(field, { name: nameIn(field), strokes: strokes.filter((stroke) => stroke.length) });
    });
  }
  root.addEventListener(
    "input",
    ({ target }) => {
      const typed = /** @type {Element} */ (target);
      const field = typed.matches("[data-signer]") ? typed.closest("splot-field") : null;
      const control = field && held(field);
      if (control) control.value = textOf({ ...signatureOf(control.value), name: nameIn(field) });
    },
    { capture: true }, // before the form asks what is typed
  );
  root.addEventListener("click", (event) => {
    const field = /** @type {Element} */ (event.target).closest("[data-unsign]")?.closest("splot-field");
    if (!field) return;
    const name = /** @type {HTMLInputElement | null} */ (field.querySelector("[data-signer]"));
    if (name) name.value = "";
    sign(field, { name: "", strokes: [] });
    name?.focus();
  });

  /** @param {PointerEvent} event */
  function move(event) {
    if (!drawing) return;
    const { left, top, width, height } = drawing.pad.getBoundingClientRect();
    const x = clamp(((event.clientX - left) / width) * WIDTH, WIDTH);
    const y = clamp(((event.clientY - top) / height) * HEIGHT, HEIGHT);
    if (extend(drawing.strokes, [x, y])) trace(drawing.field, drawing.strokes);
  }
}

/** @param {Element} field @param {Signature} signature */
function sign(field, signature) {
  const control = held(field);
  if (!control) return;
  control.value = textOf(signature);
  draw(field);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {Element} field shows what it holds; a name that is being typed stays as it is */
function draw(field) {
  const { name, strokes, said } = signatureOf(held(field)?.value);
  trace(field, strokes);
  const signer = /** @type {HTMLInputElement | null} */ (field.querySelector("[data-signer]"));
  if (signer && signer.value.trim() !== name) signer.value = name;
  const words = field.querySelector("[data-said]");
  if (words) words.textContent = said ?? "";
}

/** @param {Element} field @param {number[][]} strokes */
function trace(field, strokes) {
  field.querySelector(".sp-pad path")?.setAttribute("d", pathOf(strokes));
}

/** @param {Element} field @returns {HTMLInputElement | null} what holds the answer */
function held(field) {
  return field.querySelector("[data-signed]");
}

/** @param {Element} field */
function nameIn(field) {
  return /** @type {HTMLInputElement | null} */ (field.querySelector("[data-signer]"))?.value ?? "";
}

/** @param {number} value @param {number} most */
function clamp(value, most) {
  return Math.round(Math.min(Math.max(value, 0), most));
}
