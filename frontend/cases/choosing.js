// The dialogs of filters, columns and saved views.
import { ask, hide } from "../dialogs.js";
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { isTyping } from "../shell.js";
import { say } from "../toasts.js";
import { onDo } from "../verbs.js";
import { openDialog, query, show } from "./list.js";

const KEPT = ["view", "sort", "columns", "size"];

onDo("filters", openFilters);
document.addEventListener("keydown", (event) => {
  if (event.key !== "f" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  event.preventDefault();
  openFilters();
});

async function openFilters() {
  const dialog = await openDialog("filters").catch((error) => say(error.message));
  for (const each of dialog?.querySelectorAll("[data-comparison]") ?? []) arrange(each);
}

document.addEventListener("change", (event) => {
  const comparison = /** @type {Element} */ (event.target).closest("[data-comparison]");
  if (comparison && /** @type {Element} */ (event.target).matches("[data-operator]")) arrange(comparison);
});

/** Shows the boxes that an operator needs. @param {Element} comparison */
function arrange(comparison) {
  const [operator, value, until] = ["[data-operator]", "[data-value]", "[data-until]"].map((each) =>
    comparison.querySelector(each),
  );
  const how = operator instanceof HTMLSelectElement ? operator.value : "";
  if (value instanceof HTMLElement) value.hidden = how === "" || how === "empty";
  if (until instanceof HTMLElement) until.hidden = how !== "range";
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  if ("filterForm" in form.dataset) {
    event.preventDefault();
    hide("filters");
    show(`?${parametersOf(form)}`);
  } else if ("columnForm" in form.dataset) {
    event.preventDefault();
    keepColumns(chosenColumns(form));
  } else if ("viewForm" in form.dataset) {
    event.preventDefault();
    saveView(form);
  }
});

/** The address that the filters make; the view, the order and the columns stay. @param {HTMLFormElement} form */
function parametersOf(form) {
  const now = new URLSearchParams(location.search);
  const made = new URLSearchParams();
  for (const name of KEPT) for (const value of now.getAll(name)) made.append(name, value);
  const filled = new FormData(form);
  for (const name of ["text", "campaign", "status", "kind", "owner", "source", "overdue", "pasted"]) {
    for (const value of filled.getAll(name)) if (String(value).trim()) made.append(name, String(value).trim());
  }
  for (const name of ["created", "touched"]) {
    const [since, until] = [filled.get(`${name}.since`), filled.get(`${name}.until`)];
    if (since || until) made.append(name, `${since}..${until}`);
  }
  for (const comparison of form.querySelectorAll("[data-comparison]")) {
    const value = comparisonText(/** @type {HTMLElement} */ (comparison));
    if (value) made.append(/** @type {HTMLElement} */ (comparison).dataset.comparison ?? "", value);
  }
  return made;
}

/** @param {HTMLElement} comparison @returns {string} "eq:…", "range:1..9", "one_of:[…]", "empty:" or nothing */
function comparisonText(comparison) {
  const how = /** @type {HTMLSelectElement} */ (comparison.querySelector("[data-operator]")).value;
  const control = comparison.querySelector("[data-value]");
  if (!how || how === "empty") return how && "empty:";
  if (control instanceof HTMLSelectElement) {
    const values = [...control.selectedOptions].map((option) => option.value);
    if (!values.length) return "";
    return values.length === 1 && how !== "one_of" ? `eq:${values[0]}` : `one_of:${JSON.stringify(values)}`;
  }
  const value = /** @type {HTMLInputElement} */ (control).value.trim();
  if (how === "range") {
    const until = /** @type {HTMLInputElement} */ (comparison.querySelector("[data-until]")).value.trim();
    return value || until ? `range:${value}..${until}` : "";
  }
  return value && `${how}:${value}`;
}

onDo("clear-filters", () => {
  const now = new URLSearchParams(location.search);
  for (const name of [...now.keys()]) if (!KEPT.includes(name)) now.delete(name);
  hide("filters");
  show(`?${now}`);
});

onDo("columns", () => openDialog("columns").catch((error) => say(error.message)));
onDo("column-up", (button) => move(button, -1));
onDo("column-down", (button) => move(button, 1));
onDo("usual-columns", () => keepColumns([]));

/** @param {HTMLElement} button @param {number} by */
function move(button, by) {
  const line = button.closest("li");
  const other = by < 0 ? line?.previousElementSibling : line?.nextElementSibling;
  if (!line || !other) return;
  if (by < 0) other.before(line);
  else other.after(line);
  button.focus();
}

/** @param {HTMLFormElement} form */
function chosenColumns(form) {
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("input[name=column]"));
  return [...boxes].filter((box) => box.checked).map((box) => box.value);
}

/** @param {string[]} columns none: the product's own choice */
async function keepColumns(columns) {
  const dialog = /** @type {HTMLElement} */ (document.getElementById("columns"));
  try {
    await send(dialog.dataset.keep ?? "", { json: { columns } });
  } catch (error) {
    if (error instanceof Refusal) say(error.message);
    return;
  }
  const now = new URLSearchParams(location.search);
  now.delete("columns");
  hide("columns");
  show(`?${now}`);
}

/** @param {HTMLFormElement} form */
async function saveView(form) {
  const place = /** @type {HTMLElement} */ (form.querySelector("[data-refusal]"));
  const filled = new FormData(form);
  try {
    await send(form.dataset.url ?? "", {
      json: { name: filled.get("name"), role: filled.get("role") || null, query: query() },
    });
    location.reload();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    place.textContent = error.message;
    place.hidden = false;
  }
}

onDo("drop-view", async (button) => {
  const text = _("The view “%(name)s” will be gone for everybody who finds it in their menu.", {
    name: button.dataset.name ?? "",
  });
  if (!(await ask(text, { action: _("Delete"), danger: true }))) return;
  try {
    await send(button.dataset.url ?? "", { method: "POST", json: {} });
    location.reload();
  } catch (error) {
    if (error instanceof Refusal) say(error.message);
  }
});
