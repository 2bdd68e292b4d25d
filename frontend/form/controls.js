// The controls of one field: what they hold, and putting it there. Knows native inputs, asks the adapters of other kinds,
// and knows nothing of cases or saving.
import { adapterOf } from "./adapters.js";

/** @typedef {string | string[]} Raw text of an input, or the chosen ids of a list */

/** @param {Element} field a splot-field @returns {Raw | null} null = the field holds no answer */
export function get(field) {
  const own = adapterOf(field).get;
  if (own) return own(field);
  const list = field.querySelector("[data-files]");
  if (list) return [...list.querySelectorAll("[data-id]")].map((file) => file.getAttribute("data-id") ?? "");
  const look = lookUp(field);
  if (look) return look.hidden.value || look.visible.value.trim();
  const ticks = boxes(field);
  if (ticks[0]?.type === "checkbox") return ticks.filter((tick) => tick.checked).map((tick) => tick.value);
  if (ticks.length) return ticks.find((tick) => tick.checked)?.value ?? "";
  if (field.getAttribute("data-kind") === "multiple_choice") return [];
  return plain(field)?.value ?? null;
}

/**
 * @param {Element} field
 * @param {Raw} value
 * @param {Record<string, string>} [titles] of rows that a field names, by "contact:7", "case:7", "file:7"
 */
export function set(field, value, titles = {}) {
  const look = lookUp(field);
  const own = adapterOf(field).set;
  if (own) own(field, value, titles);
  else if (field.querySelector("[data-files]")) setFiles(field, [value].flat().filter(Boolean), titles);
  else if (look) {
    const id = String(value);
    look.hidden.value = id;
    look.visible.value = id && (titles[`${look.visible.dataset.look}:${id}`] ?? id);
  } else if (boxes(field).length) setBoxes(field, [value].flat());
  else setPlain(field, String(value));
}

/** @param {Element} field @returns {HTMLElement[]} what can take the focus and be marked as wrong */
export function focusable(field) {
  return /** @type {HTMLElement[]} */ ([...field.querySelectorAll(".ctl :is(input, select, textarea, button)")]).filter(
    (control) => !control.matches("[type=hidden], [tabindex='-1'], [hidden], .u, [data-clear]"),
  );
}

/** @param {Element} field shows what may be cleared, and hidden choices only where they are chosen */
export function refresh(field) {
  for (const retired of /** @type {NodeListOf<HTMLElement>} */ (field.querySelectorAll("[data-retired]"))) {
    const chosen = retired instanceof HTMLOptionElement ? retired.selected : retired.querySelector("input")?.checked;
    retired.hidden = !chosen && !retired.contains(document.activeElement);
  }
  refreshSearched(field);
  const clear = /** @type {HTMLElement | null} */ (field.querySelector("[data-clear]"));
  if (clear) clear.hidden = !boxes(field).some((tick) => tick.checked);
}

/** @param {Element} field @param {{ id: string, title: string }} file shown as one of the answer's */
export function addFile(field, file) {
  const template = /** @type {HTMLTemplateElement | null} */ (field.querySelector("template[data-file]"));
  const row = /** @type {Element | undefined} */ (template?.content.firstElementChild?.cloneNode(true));
  if (!row) return;
  row.setAttribute("data-id", file.id);
  const name = row.querySelector("[data-name]");
  if (name) name.textContent = file.title;
  field.querySelector("[data-files]")?.append(row);
}

/** @param {Element} field @returns {{ hidden: HTMLInputElement, visible: HTMLInputElement } | null} of a look-up */
export function lookUp(field) {
  const visible = /** @type {HTMLInputElement | null} */ (field.querySelector("input[data-look]"));
  const hidden = /** @type {HTMLInputElement | null} */ (field.querySelector("input[data-value]"));
  return visible && hidden ? { hidden, visible } : null;
}

/** @param {Element} field @returns {HTMLInputElement[]} */
function boxes(field) {
  return [.../** @type {NodeListOf<HTMLInputElement>} */ (field.querySelectorAll("[type=radio], [type=checkbox]"))];
}

/** @param {Element} field @returns {HTMLElement | null} what the answer is typed into, or the first of what it is chosen by */
export function mainControl(field) {
  return boxes(field)[0] ?? lookUp(field)?.visible ?? plain(field);
}

/** @param {Element} field whose list is searched by typing: the search shows what the list has and what is chosen */
function refreshSearched(field) {
  const select = /** @type {any} */ (field.querySelector("select.tomselected"));
  const search = select?.tomselect;
  if (!search) return;
  const options = [.../** @type {HTMLSelectElement} */ (select).options].filter(
    (option) => option.value && (!("retired" in option.dataset) || option.selected),
  );
  const values = new Set(options.map(({ value }) => value));
  for (const value of Object.keys(search.options)) if (!values.has(value)) search.removeOption(value, true);
  options.forEach(({ value, text }, order) => {
    const known = search.options[value];
    if (!known) search.addOption({ value, text, $order: order });
    else if (known.text !== text || known.$order !== order)
      search.updateOption(value, { ...known, text, $order: order });
  });
  if (String(search.getValue()) !== select.value) search.setValue(select.value, true);
  if (search.isOpen) search.refreshOptions(true);
}

/** @param {Element} field @returns {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement | null} */
function plain(field) {
  return field.querySelector("select, textarea, input:not([data-native], [data-upload])");
}

/** @param {Element} field @param {string} value */
function setPlain(field, value) {
  const control = plain(field);
  if (!control || control.value === value) return refresh(field);
  if (control instanceof HTMLSelectElement && ![...control.options].some((option) => option.value === value)) {
    const gone = new Option(value, value);
    gone.dataset.retired = ""; // an answer of a list that has lost its entry is shown, never changed
    control.add(gone);
  }
  control.value = value;
  refresh(field);
}

/** @param {Element} field @param {string[]} values */
function setBoxes(field, values) {
  for (const tick of boxes(field)) tick.checked = values.includes(tick.value);
  refresh(field);
}

/** @param {Element} field @param {string[]} ids @param {Record<string, string>} titles */
function setFiles(field, ids, titles) {
  field.querySelector("[data-files]")?.replaceChildren();
  for (const id of ids) addFile(field, { id, title: titles[`file:${id}`] ?? id });
}
