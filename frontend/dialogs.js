// Native dialogs: data-do="show:id" and "hide:id", and the question before something that cannot be undone.
import { gettext as _ } from "./i18n.js";
import { onDo } from "./verbs.js";

/** @param {string} id of a <dialog>, or of anything hidden; what is shown gets the focus */
export function show(id) {
  const element = document.getElementById(id);
  if (element instanceof HTMLDialogElement) {
    if (!element.open) openModal(element);
  } else if (element) {
    element.hidden = false;
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }
}

/** @param {HTMLDialogElement} dialog its first field gets the focus, not the cross in the corner */
function openModal(dialog) {
  dialog.showModal();
  if (dialog.querySelector("[autofocus]")) return;
  const fields = [...dialog.querySelectorAll(".in :is(input, select, textarea)")];
  const first = fields.find((field) => field instanceof HTMLElement && field.checkVisibility());
  // A select with a search would open its list over the rest.
  if (first instanceof HTMLElement && !first.closest(".ts-wrapper")) first.focus({ preventScroll: true });
}

/** @param {string} id */
export function hide(id) {
  const element = document.getElementById(id);
  if (element instanceof HTMLDialogElement) element.close();
  else if (element) element.hidden = true;
}

onDo("show", (_element, id) => show(id));
onDo("hide", (_element, id) => hide(id));

/**
 * Asks in a sentence that says what will happen.
 * @param {string} text
 * @param {{ title?: string, action?: string, danger?: boolean }} [options] `action` is the verb on the button
 * @returns {Promise<boolean>}
 */
export function ask(text, { title = _("Please confirm"), action = _("Continue"), danger = false } = {}) {
  const dialog = document.createElement("dialog");
  dialog.className = "sp-ask";
  dialog.setAttribute("aria-labelledby", "ask-title");
  dialog.setAttribute("aria-describedby", "ask-text");
  const form = document.createElement("form");
  form.method = "dialog";
  form.append(
    part("header", part("h2", title, "ask-title")),
    part("div", part("p", text, "ask-text"), "", "in"),
    part("footer", answer(_("Cancel"), "btn", "no"), "", ""),
  );
  form.querySelector("footer")?.append(answer(action, danger ? "btn btn-danger" : "btn btn-primary", "yes"));
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

/** @param {string} tag @param {Node | string} content @param {string} [id] @param {string} [className] */
function part(tag, content, id = "", className = "") {
  const element = document.createElement(tag);
  if (id) element.id = id;
  if (className) element.className = className;
  element.append(content);
  return element;
}

/** @param {string} text @param {string} className @param {string} value */
function answer(text, className, value) {
  const button = document.createElement("button");
  button.className = className;
  button.value = value;
  button.textContent = text;
  return button;
}

// data-confirm="sentence" on a form or on its button: asked before it is sent; data-confirm-action names the verb.
/** @type {WeakSet<HTMLFormElement>} */
const confirmed = new WeakSet();
document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const submitter = /** @type {HTMLElement | null} */ (event.submitter);
  const asking = submitter?.dataset.confirm ? submitter : form;
  const text = asking.dataset.confirm;
  if (!text || confirmed.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const yes = await ask(text, { action: asking.dataset.confirmAction, danger: "danger" in asking.dataset });
  if (!yes) return;
  confirmed.add(form);
  form.requestSubmit(submitter);
});

// A click on the scrim closes what asks nothing.
document.addEventListener("click", (event) => {
  const dialog = event.target;
  if (dialog instanceof HTMLDialogElement && "light" in dialog.dataset) dialog.close();
});
