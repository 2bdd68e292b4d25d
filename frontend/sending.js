// Forms and buttons that send JSON: <form data-send="url"> and <button data-send="url" data-body='{…}'>. A refusal is
// shown where it belongs and what was typed stays; after a success the page goes to `answer.go`, or is loaded anew.
import { Refusal, send } from "./http.js";
import { say } from "./toasts.js";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset.send || event.defaultPrevented) return;
  event.preventDefault();
  clear(form);
  await deliver(form, form.dataset.send, bodyOf(form), (error) => refuse(form, error));
});

document.addEventListener("click", async (event) => {
  const button = /** @type {Element} */ (event.target).closest("button[data-send]");
  if (!(button instanceof HTMLButtonElement) || button.ariaDisabled === "true") return;
  const body = JSON.parse(button.dataset.body ?? "{}");
  await deliver(button, button.dataset.send ?? "", body, (error) => say(error.message));
});

/**
 * @param {HTMLElement} element busy meanwhile, so that nothing is sent twice
 * @param {string} url
 * @param {Record<string, unknown>} body
 * @param {(error: Refusal) => void} refused
 */
async function deliver(element, url, body, refused) {
  if (element.ariaBusy === "true") return;
  element.ariaBusy = "true";
  try {
    const answer = await send(url, { json: body });
    if (element instanceof HTMLFormElement) element.dataset.leaving = "";
    goOn(answer?.go);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refused(error);
  } finally {
    element.ariaBusy = null;
  }
}

/** @param {string | undefined} url of the next page; this one is loaded anew, at another place if the address says so */
export function goOn(url) {
  const next = new URL(url ?? location.href, location.href);
  const here = next.pathname === location.pathname && next.search === location.search;
  if (!here) return location.assign(next);
  history.replaceState(null, "", next);
  location.reload();
}

/**
 * Values by name: a ticked box is true, data-number a number or null, data-list (and a multiple select) a list.
 * @param {HTMLFormElement} form
 * @returns {Record<string, unknown>}
 */
export function bodyOf(form) {
  /** @type {Record<string, unknown>} */
  const body = {};
  for (const control of form.elements) {
    const named = /** @type {HTMLInputElement} */ (control);
    if (!named.name || named.disabled || named.name === "csrf_token") continue;
    if (control instanceof HTMLSelectElement && control.multiple) {
      body[named.name] = [...control.selectedOptions].map((option) => typed(control, option.value));
    } else if (control instanceof HTMLInputElement && control.type === "checkbox" && "list" in control.dataset) {
      const list = /** @type {unknown[]} */ (body[named.name] ??= []);
      if (control.checked) list.push(typed(control, control.value));
    } else if (control instanceof HTMLInputElement && control.type === "checkbox") {
      body[named.name] = control.checked;
    } else if (control instanceof HTMLInputElement && control.type === "radio") {
      if (control.checked) body[named.name] = typed(control, control.value);
    } else {
      body[named.name] = typed(named, named.value);
    }
  }
  return body;
}

/** @param {HTMLElement} control @param {string} value */
function typed(control, value) {
  if (!("number" in control.dataset)) return value;
  return value.trim() === "" ? null : Number(value);
}

/** @param {HTMLFormElement} form @param {Refusal} error its messages are put at the fields that they are about */
export function refuse(form, error) {
  const fields = /** @type {Record<string, string[]>} */ (error.problem.fields ?? {});
  let placed = false;
  for (const [name, messages] of Object.entries(fields)) {
    const control = form.elements.namedItem(name);
    if (!(control instanceof HTMLElement)) continue;
    control.setAttribute("aria-invalid", "true");
    control.closest(".sp-f")?.append(message(messages.join(" ")));
    if (!placed) control.focus();
    placed = true;
  }
  const place = form.querySelector("[data-refusal]");
  if (place) place.replaceChildren(message(error.message));
  else if (!placed) say(error.message);
}

/** @param {HTMLFormElement} form the messages of the last refusal go */
export function clear(form) {
  for (const old of form.querySelectorAll(".sp-err")) old.remove();
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
}

// A message goes with the first key that mends what it is about.
document.addEventListener("input", (event) => {
  const control = event.target;
  if (!(control instanceof HTMLElement) || control.ariaInvalid !== "true") return;
  const form = control.closest("form[data-send], form[data-script-form]");
  if (!form) return;
  control.removeAttribute("aria-invalid");
  control.closest(".sp-f")?.querySelector(":scope > .sp-err")?.remove();
  if (!form.querySelector("[aria-invalid]")) form.querySelector("[data-refusal]")?.replaceChildren();
});

/** @param {string} text */
function message(text) {
  const line = document.createElement("p");
  line.className = "sp-err";
  line.setAttribute("role", "alert");
  line.textContent = text;
  return line;
}
