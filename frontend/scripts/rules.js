// The rules of a script: their dialog, their order, taking them away.
import { ask, show } from "../dialogs.js";
import { gettext as _ } from "../i18n.js";
import { onDo } from "../verbs.js";
import { tryChange } from "./page.js";
import { shape } from "./statuses.js";

const form = () => /** @type {HTMLFormElement} */ (document.getElementById("rule-form"));

onDo("rule-new", (_button, status) => {
  form().reset();
  form().dataset.scriptForm = form().dataset.add ?? "";
  // From a dead end the usual way on is that nobody did anything for a time.
  if (status) fill({ event: "no_activity", from_any: false, from_ids: [Number(status)] });
  open();
});
onDo("rule-edit", (button) => {
  form().reset();
  form().dataset.scriptForm = urlOf(button);
  fill(JSON.parse(button.dataset.values ?? "{}"));
  open();
});
onDo("rule-turn", async (button, what) => {
  const text = _("Cases stay where the rule put them; from now on it moves no others.");
  if (what === "remove" && !(await ask(text, { action: _("Remove the rule"), danger: true }))) return;
  await tryChange(`${urlOf(button)}/${what}`, {});
});
document.addEventListener("change", (event) => {
  if (form()?.contains(/** @type {Node} */ (event.target))) shapeRule();
});

/** @param {Record<string, any>} values */
function fill(values) {
  for (const name of ["event", "to_id", "minutes"]) {
    const control = form().elements.namedItem(name);
    if (control && "value" in control && name in values) control.value = String(values[name] ?? "");
  }
  const any = /** @type {HTMLInputElement} */ (form().elements.namedItem("from_any"));
  any.checked = values.from_any === true;
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (form().querySelectorAll('[name="from_ids"]'))) {
    box.checked = (values.from_ids ?? []).includes(Number(box.value));
  }
}

function open() {
  for (const old of form().querySelectorAll(".sp-err")) old.remove();
  shapeRule();
  show("rule-dialog");
}

function shapeRule() {
  const event = /** @type {HTMLSelectElement} */ (form().elements.namedItem("event")).selectedOptions[0];
  const any = /** @type {HTMLInputElement} */ (form().elements.namedItem("from_any")).checked;
  shape(form(), { minutes: "minutes" in event.dataset, some: !any });
}

/** @param {HTMLElement} button */
function urlOf(button) {
  return /** @type {HTMLElement} */ (button.closest("li")).dataset.url ?? "";
}
