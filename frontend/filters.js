// Flask-AppBuilder's search: conditions that are added and removed; each sends _flt_<operator>_<column>=value.
import { enhanceDate } from "./dates.js";
import { enhanceSelects } from "./selects.js";
import { onDo } from "./verbs.js";

/**
 * @param {HTMLFormElement} form @param {string} column
 * @param {{ operator?: string, value?: unknown }} [active] a condition that already holds; the operator by its name
 */
function addFilter(form, column, active) {
  const template = form.querySelector(`template[data-column="${CSS.escape(column)}"]`);
  const place = form.querySelector("[data-filters]");
  if (!(template instanceof HTMLTemplateElement) || !place) return;
  const filter = /** @type {HTMLElement} */ (template.content.cloneNode(true)).firstElementChild;
  const operator = filter?.querySelector("select[data-operator]");
  if (!(filter instanceof HTMLElement) || !(operator instanceof HTMLSelectElement)) return;
  const value = /** @type {HTMLInputElement | null} */ (
    filter.querySelector(".sp-filter-v :is(input, select, textarea)")
  );
  if (active) {
    const option = [...operator.options].find(({ text }) => text === active.operator);
    if (option) operator.value = option.value;
    if (value) setValue(value, active.value);
  }
  const rename = () => value?.setAttribute("name", `_flt_${operator.value}_${column}`);
  value?.removeAttribute("id");
  value?.removeAttribute("required");
  value?.setAttribute("aria-label", template.dataset.label ?? column);
  value?.classList.add("form-control-sm");
  operator.addEventListener("change", rename);
  rename();
  place.append(filter);
  for (const box of filter.querySelectorAll(".appbuilder_date, .appbuilder_datetime")) enhanceDate(box);
  enhanceSelects(filter);
  if (!active) operator.focus();
}

/** @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} control @param {unknown} value */
function setValue(control, value) {
  if (control instanceof HTMLInputElement && control.type === "checkbox") control.checked = true;
  else control.value = String(value ?? "");
}

onDo("filter-add", (button, column) => {
  const form = button.closest("form");
  if (form) addFilter(form, column);
});
onDo("filter-drop", (button) => {
  const form = button.closest("form");
  button.closest(".sp-filter")?.remove();
  form?.requestSubmit();
});

for (const form of document.querySelectorAll("form[data-active-filters]")) {
  if (!(form instanceof HTMLFormElement)) continue;
  /** @type {[string, string, unknown][]} */
  const active = JSON.parse(form.dataset.activeFilters ?? "[]");
  for (const [column, operator, value] of active) {
    for (const one of Array.isArray(value) ? value : [value]) addFilter(form, column, { operator, value: one });
  }
}
