// The plain editor of a form: dialogs for fields and their choices, and the preview by role.
import { hide, show } from "../dialogs.js";
import { Refusal, send } from "../http.js";
import { bodyOf, goOn } from "../sending.js";
import { say } from "../toasts.js";
import { onDo } from "../verbs.js";

const editor = /** @type {HTMLElement} */ (document.getElementById("editor"));
const dialog = document.getElementById("field-dialog");
const base = Number(editor.dataset.base);
const seen = editor.dataset.seen ?? "";

onDo("field-turn", (button) => deliver(button.dataset.url ?? "", { seen, base }));
onDo("field-edit", async (button) => {
  const response = await fetch(button.dataset.url ?? "", { credentials: "same-origin" });
  if (!response.ok || !dialog) return;
  dialog.innerHTML = await response.text();
  show("field-dialog");
  dialog.querySelector("input:not([type=hidden])")?.dispatchEvent(new Event("focus"));
});
// The settings of the kind are sent as one object, and the choices as a list: not as the form's names say.
dialog?.addEventListener(
  "submit",
  (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    event.preventDefault();
    event.stopPropagation();
    deliver(form.dataset.send ?? "", { ...fieldBody(form), seen, base }, form);
  },
  { capture: true },
);

onDo("choice-add", () => {
  const row = /** @type {HTMLTemplateElement} */ (document.getElementById("choice-row")).content.cloneNode(true);
  const list = document.querySelector(".sp-choices");
  list?.append(row);
  list?.querySelector("li:last-child input")?.scrollIntoView({ block: "nearest" });
  /** @type {HTMLElement | null | undefined} */ (list?.querySelector("li:last-child input"))?.focus();
});
onDo("choice-move", (button, step) => {
  const row = button.closest("li");
  const other = step === "-1" ? row?.previousElementSibling : row?.nextElementSibling;
  if (row && step === "-1") other?.before(row);
  else if (row) other?.after(row);
  button.focus();
});
onDo("choice-hide", (button) => {
  const row = button.closest("li");
  // A choice that was never stored can simply go; the others may be somebody's answer.
  if (row && !row.dataset.id) return row.remove();
  const hidden = row?.toggleAttribute("data-hidden") ?? false;
  row?.classList.toggle("is-off", hidden);
  button.setAttribute("aria-pressed", String(hidden));
});

document.getElementById("preview-role")?.addEventListener("change", (event) => {
  const url = new URL(location.href);
  url.searchParams.set("role", /** @type {HTMLSelectElement} */ (event.target).value);
  location.assign(url);
});

/** @param {HTMLFormElement} form @returns {Record<string, unknown>} */
function fieldBody(form) {
  /** @type {Record<string, unknown>} */
  const body = {};
  /** @type {Record<string, unknown>} */
  const config = {};
  for (const [name, value] of Object.entries(bodyOf(form))) {
    if (name.startsWith("config.")) config[name.slice("config.".length)] = value;
    else body[name] = value;
  }
  const choices = form.querySelectorAll(".sp-choices li");
  if (form.querySelector("#choices")) config.choices = [...choices].map(choiceOf).filter(({ title }) => title);
  return { ...body, config };
}

/** @param {Element} row */
function choiceOf(row) {
  const { id, hidden } = /** @type {HTMLElement} */ (row).dataset;
  const title = /** @type {HTMLInputElement} */ (row.querySelector("input")).value.trim();
  return { ...(id ? { id } : {}), title, hidden: hidden !== undefined };
}

/** @param {string} url @param {Record<string, unknown>} body @param {HTMLFormElement} [form] stays open when refused */
async function deliver(url, body, form) {
  try {
    const answer = await send(url, { json: body });
    hide("field-dialog");
    goOn(answer?.go);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const fields = Object.values(error.problem.fields ?? {}).flat();
    const text = [error.message, ...fields].join(" ");
    const place = form?.querySelector("[data-refusal]");
    if (place) {
      const line = document.createElement("p");
      line.className = "sp-err";
      line.setAttribute("role", "alert");
      line.textContent = text;
      place.replaceChildren(line);
    } else say(text);
  }
}

// After the reload the field that was worked on is in view and has the focus.
if (location.hash.startsWith("#field-")) document.getElementById(location.hash.slice(1))?.focus();
