// A rendered form on a page: filling it in, reading it, marking errors and unsaved fields.
import { addFile as addFileTo, focusable, get, lookUp, refresh, set } from "./controls.js";
import { signing } from "./kinds/signature.js";
import { native, written } from "./moments.js";

/**
 * @typedef {import("./controls.js").Raw} Raw
 * @typedef {Record<string, Raw>} Values by field id
 */

/** @type {WeakMap<Element, Values>} what stood in the form when it was filled in */
const loaded = new WeakMap();

/** @param {Element} root @returns {Values} what stands in the fields that may be edited */
export function read(root) {
  /** @type {Values} */
  const values = {};
  for (const field of fields(root)) {
    const value = field.hasAttribute("data-readonly") ? null : get(field);
    if (value !== null) values[keyOf(field)] = value;
  }
  return values;
}

/**
 * @param {Element} root
 * @param {Values} values fields that it does not name become empty
 * @param {{ saved?: Values, titles?: Record<string, string> }} [options] `saved`: what unsaved fields are told by, the
 *   values themselves by default; `titles` of rows that fields name, by "contact:7", "case:7", "file:7"
 */
export function fill(root, values, { saved = values, titles = {} } = {}) {
  if (!loaded.has(root)) listen(root);
  loaded.set(root, saved);
  for (const field of fields(root)) {
    const value = values[keyOf(field)] ?? "";
    if (!same(get(field), value)) set(field, value, titles);
    else refresh(field);
    markDirty(root, field);
  }
  root.dispatchEvent(new CustomEvent("splot:filled"));
}

/** @param {Element} root @param {Record<string, string[]>} errors messages by field id; none clears them all */
export function markErrors(root, errors) {
  for (const field of fields(root)) {
    clearError(field);
    const messages = errors[keyOf(field)] ?? [];
    if (messages.length) showError(field, messages);
  }
  root.dispatchEvent(new CustomEvent("splot:errors")); // the page of the first one comes into view before the focus
  const first = root.querySelector(".has-err");
  if (first) focusable(first)[0]?.focus();
}

/** @param {Element} root @param {string} key @param {{ id: number | string, title: string }[]} options to choose from */
export function offer(root, key, options) {
  const list = fieldOf(root, key)?.querySelector("datalist");
  list?.replaceChildren(
    ...options.map(({ id, title }) => {
      const option = new Option(title, title);
      option.dataset.id = String(id);
      return option;
    }),
  );
}

/** @param {Element} root @param {string} key @param {{ id: number | string, title: string }} file that was uploaded */
export function addFile(root, key, { id, title }) {
  const field = fieldOf(root, key);
  if (!field) return;
  addFileTo(field, { id: String(id), title });
  changed(field);
}

/** @param {Element} root @returns {HTMLElement[]} */
function fields(root) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("splot-field"))];
}

/** @param {Element} root @param {string} key */
function fieldOf(root, key) {
  return fields(root).find((field) => keyOf(field) === key);
}

/** @param {Element} field */
function keyOf(field) {
  return field.getAttribute("data-key") ?? "";
}

/** @param {Raw | null} one @param {Raw | null} other @returns {boolean} nothing, "" and [] are one value */
function same(one, other) {
  const [left, right] = [one, other].map((value) => JSON.stringify([value ?? ""].flat().filter(Boolean).sort()));
  return left === right;
}

/** @param {Element} root @param {Element} field */
function isDirty(root, field) {
  const value = field.hasAttribute("data-readonly") ? null : get(field);
  return value !== null && !same(value, loaded.get(root)?.[keyOf(field)] ?? "");
}

/** @param {Element} root @param {Element} field */
function markDirty(root, field) {
  field.classList.toggle("is-dirty", isDirty(root, field));
}

/** @param {Element} field @param {string[]} messages */
function showError(field, messages) {
  const line = document.createElement("p");
  line.className = "sp-err";
  line.id = `f-${keyOf(field)}-e`;
  line.textContent = messages.join(" ");
  field.append(line);
  field.classList.add("has-err");
  for (const control of focusable(field)) {
    control.setAttribute("aria-invalid", "true");
    const described = control.getAttribute("aria-describedby") ?? "";
    control.setAttribute("aria-describedby", `${described} ${line.id}`.trim());
  }
}

/** @param {Element} field */
function clearError(field) {
  const line = field.querySelector(":scope > .sp-err");
  if (!line) return;
  field.classList.remove("has-err");
  for (const control of focusable(field)) {
    control.removeAttribute("aria-invalid");
    const rest = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id !== line.id);
    if (rest.join("")) control.setAttribute("aria-describedby", rest.join(" "));
    else control.removeAttribute("aria-describedby");
  }
  line.remove();
}

/** @param {Element} field tells the form that the answer is another one now */
function changed(field) {
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * What the controls do by themselves. Out of the form go `splot:look` ({ key, kind, words }: answer with `offer`) and
 * `splot:upload` ({ key, files }: answer with `addFile`).
 * @param {Element} root
 */
function listen(root) {
  root.addEventListener("input", (event) => onInput(root, /** @type {Element} */ (event.target)));
  root.addEventListener("change", (event) => onChange(/** @type {Element} */ (event.target)));
  root.addEventListener("click", (event) => onClick(/** @type {Element} */ (event.target)));
  signing(root);
}

/** @param {Element} root @param {Element} target */
function onInput(root, target) {
  const field = target.closest("splot-field");
  if (!field || target.matches("[data-native], [data-upload]")) return;
  if (target.matches("[data-look]")) choose(field);
  refresh(field);
  markDirty(root, field);
}

/** @param {Element} target */
function onChange(target) {
  const field = target.closest("splot-field");
  if (!field || !(target instanceof HTMLInputElement)) return;
  if (target.matches("[data-native]")) {
    const text = /** @type {HTMLInputElement | null} */ (field.querySelector("input:not([data-native])"));
    if (!text || !target.value) return;
    text.value = written(target.value);
    changed(field);
    text.focus();
  } else if (target.matches("[data-upload]") && target.files?.length) {
    tell(field, "splot:upload", { files: [...target.files] });
    target.value = "";
  }
}

/** @param {Element} target */
function onClick(target) {
  const field = target.closest("splot-field");
  if (!field) return;
  if (target.closest("[data-pick]")) openPicker(field);
  else if (target.closest("[data-choose]")) /** @type {any} */ (field.querySelector("[data-upload]")).click();
  else if (target.closest("[data-remove]")) {
    target.closest("[data-id]")?.remove();
    changed(field);
    /** @type {HTMLElement | null} */ (field.querySelector("[data-choose]"))?.focus();
  } else if (target.closest("[data-clear]")) {
    set(field, "");
    changed(field);
    focusable(field)[0]?.focus();
  }
}

/** @param {Element} field opens the browser's own picker at what is typed */
function openPicker(field) {
  const picker = /** @type {HTMLInputElement | null} */ (field.querySelector("[data-native]"));
  const text = /** @type {HTMLInputElement | null} */ (field.querySelector("input:not([data-native])"));
  if (!picker || !text) return;
  picker.value = native(text.value, picker.type);
  picker.showPicker();
}

/** @param {Element} field a look-up: takes the entry whose title is typed, else asks for entries */
function choose(field) {
  const look = lookUp(field);
  if (!look) return;
  const words = look.visible.value.trim();
  const options = [.../** @type {NodeListOf<HTMLOptionElement>} */ (field.querySelectorAll("datalist option"))];
  look.hidden.value = options.find((option) => option.value === look.visible.value)?.dataset.id ?? "";
  if (words && !look.hidden.value) tell(field, "splot:look", { kind: look.visible.dataset.look ?? "", words });
}

/** @param {Element} field @param {string} name @param {object} detail */
function tell(field, name, detail) {
  field.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { key: keyOf(field), ...detail } }));
}
