// A script's statuses: the dialog shows what the chosen kind needs; moving a row sends the new order.
import { show } from "../dialogs.js";
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { announce, say } from "../toasts.js";
import { onDo } from "../verbs.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("status-form"));
const table = /** @type {HTMLTableElement} */ (document.getElementById("statuses"));

onDo("status-new", () => {
  form.reset();
  form.dataset.send = form.dataset.add;
  open(true);
});
onDo("status-edit", (button) => {
  form.reset();
  form.dataset.send = button.dataset.url;
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.values ?? "{}"))) {
    const control = form.elements.namedItem(name);
    if (control && "value" in control) control.value = String(value ?? "");
  }
  open(false);
});
form.addEventListener("change", () => shape());
onDo("status-move", (button, step) => move(button, Number(step)));

/** @param {boolean} isNew */
function open(isNew) {
  form.dataset.new = String(isNew);
  shape();
  show("status-dialog");
}

/** Shows the fields that the chosen kind uses; the others are not sent. */
function shape() {
  const kind = /** @type {HTMLSelectElement} */ (document.getElementById("status-kind")).selectedOptions[0];
  const mode = /** @type {HTMLSelectElement} */ (document.getElementById("status-mode")).value;
  const dated = "dated" in kind.dataset;
  const shown = {
    new: form.dataset.new === "true",
    undated: !dated && !("ends" in kind.dataset),
    dated,
    relative: dated && mode === "relative",
    absolute: dated && mode === "absolute",
  };
  for (const part of form.querySelectorAll("[data-when]")) {
    const wanted = shown[/** @type {keyof typeof shown} */ (part.getAttribute("data-when"))];
    /** @type {HTMLElement} */ (part).hidden = !wanted;
    for (const control of part.querySelectorAll("input, select")) control.toggleAttribute("disabled", !wanted);
  }
}

/** @param {HTMLElement} button @param {number} step */
async function move(button, step) {
  const row = button.closest("tr");
  const other = step < 0 ? row?.previousElementSibling : row?.nextElementSibling;
  if (!row || !other) return;
  if (step < 0) other.before(row);
  else other.after(row);
  const rows = [...table.tBodies[0].rows];
  try {
    await send(table.dataset.order ?? "", {
      json: { ids: rows.map((each) => Number(each.dataset.id)), version: Number(table.dataset.version) },
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(error.message);
    return;
  }
  const place = rows.indexOf(row) + 1;
  announce(_("Now in place %(place)s of %(all)s", { place, all: rows.length }));
  sessionStorage.setItem("splot-focus", `tr[data-id="${row.dataset.id}"] [data-do="${button.dataset.do}"]`);
  location.reload();
}

// After the reload the focus is where it was, so that a status can be moved on by the same key.
const focus = sessionStorage.getItem("splot-focus");
if (focus) {
  sessionStorage.removeItem("splot-focus");
  const wanted = /** @type {HTMLElement | null} */ (table.querySelector(focus));
  wanted?.focus();
}
