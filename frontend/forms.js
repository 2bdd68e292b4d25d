// Forms: what is unsaved is marked and not lost by leaving; a form that is on its way is not sent twice.
import { gettext as _, ngettext } from "./i18n.js";
import { announce } from "./toasts.js";
import { onDo } from "./verbs.js";

/** @type {Map<HTMLFormElement, Set<string>>} forms with data-guard, and the names that differ from what was loaded */
const unsaved = new Map();

/** @param {HTMLFormElement} form @returns {number} how many fields differ from what was loaded */
export function unsavedCount(form) {
  return unsaved.get(form)?.size ?? 0;
}

/** @param {HTMLFormElement} form after a save without a reload: what stands there now is what is stored */
export function markSaved(form) {
  for (const control of form.elements) {
    if (control instanceof HTMLInputElement && ["checkbox", "radio"].includes(control.type)) {
      control.defaultChecked = control.checked;
    } else if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) {
      control.defaultValue = control.value;
    } else if (control instanceof HTMLSelectElement) {
      for (const option of control.options) option.defaultSelected = option.selected;
    }
    control.closest(".sp-f")?.classList.remove("is-dirty");
  }
  unsaved.get(form)?.clear();
  showState(form);
}

/** @param {Element} control whether it differs from what the page came with */
function differs(control) {
  if (control instanceof HTMLInputElement) {
    if (["checkbox", "radio"].includes(control.type)) return control.checked !== control.defaultChecked;
    return control.value !== control.defaultValue;
  }
  if (control instanceof HTMLTextAreaElement) return control.value !== control.defaultValue;
  if (!(control instanceof HTMLSelectElement)) return false;
  const chosen = [...control.options].some((option) => option.defaultSelected);
  return [...control.options].some((option, index) =>
    chosen || control.multiple ? option.selected !== option.defaultSelected : option.selected !== (index === 0),
  );
}

/** @param {HTMLFormElement} form */
function showState(form) {
  const bar = document.querySelector(`.sp-savebar[data-for="${form.id}"] .st, #${CSS.escape(form.id)} .sp-savebar .st`);
  if (!(bar instanceof HTMLElement)) return;
  const count = unsavedCount(form);
  bar.hidden = count === 0;
  const text = bar.querySelector("b");
  if (text) text.textContent = ngettext("%(count)s unsaved field", "%(count)s unsaved fields", count);
}

/** @param {Event} event */
function onChange(event) {
  const control = /** @type {HTMLInputElement} */ (event.target);
  const form = control.form;
  if (!form || !("guard" in form.dataset) || !control.name) return;
  const names = unsaved.get(form) ?? new Set();
  unsaved.set(form, names);
  const dirty = [...form.elements].some(
    (other) => /** @type {HTMLInputElement} */ (other).name === control.name && differs(other),
  );
  if (dirty) names.add(control.name);
  else names.delete(control.name);
  control.closest(".sp-f")?.classList.toggle("is-dirty", dirty);
  showState(form);
}

document.addEventListener("input", onChange);
document.addEventListener("change", onChange);

addEventListener("beforeunload", (event) => {
  for (const [form, names] of unsaved) {
    if (form.isConnected && names.size && !("leaving" in form.dataset)) event.preventDefault();
  }
});

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || form.method === "dialog") return;
  form.dataset.leaving = "";
  const button = event.submitter;
  if (!(button instanceof HTMLElement) || form.target === "_blank" || "again" in button.dataset) return;
  // After the browser has read the form: a disabled button would not be sent with it.
  setTimeout(() => {
    button.setAttribute("aria-busy", "true");
    button.setAttribute("aria-disabled", "true");
  });
  announce(_("Sending…"));
});

// Back from the next page through the browser's cache: everything can be sent again.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy='true'][type='submit']")) {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
  for (const form of document.forms) delete form.dataset.leaving;
});

onDo("reveal", (button, id) => {
  const input = document.getElementById(id);
  if (!(input instanceof HTMLInputElement)) return;
  const hidden = input.type === "password";
  input.type = hidden ? "text" : "password";
  button.setAttribute("aria-pressed", String(hidden));
});

// The first field that was refused gets the focus, so that its message is read out.
const refused = document.querySelector("[aria-invalid='true']");
if (refused instanceof HTMLElement) refused.focus();
