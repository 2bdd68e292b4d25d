// What the page of a script sends, and how it is drawn anew after that: the server draws, the focus stays.
import { hide } from "../dialogs.js";
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { bodyOf, clear, refuse } from "../sending.js";
import { announce, say } from "../toasts.js";

const CONFLICT = 409;
const page = () => /** @type {HTMLElement} */ (document.getElementById("script-page"));

/** The version of the script that this page shows: every change names it. */
export const version = () => Number(page().dataset.version);

/**
 * Sends a change and draws the page anew.
 * @param {string} url @param {Record<string, unknown>} body
 * @returns {Promise<any>} the answer @throws {Refusal}
 */
export async function change(url, body) {
  try {
    const answer = await send(url, { json: { ...body, version: version() } });
    await redraw();
    return answer;
  } catch (error) {
    // Somebody else was first: what is typed stays where it is, the rest shows their work.
    if (error instanceof Refusal && error.status === CONFLICT) await redraw();
    throw error;
  }
}

/** @param {string} url @param {Record<string, unknown>} body @returns {Promise<any>} null after a refusal, which is said */
export async function tryChange(url, body) {
  try {
    return await change(url, body);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(error.message);
    return null;
  }
}

/** In a box that is lower than the drawing, the status that cases begin in comes into view first. */
export function showBeginning() {
  const box = page().querySelector(".sp-flowwrap");
  const first = box?.querySelector("g.node");
  if (!box || !first || box.scrollHeight <= box.clientHeight) return;
  const [outer, inner] = [box.getBoundingClientRect(), first.getBoundingClientRect()];
  box.scrollTop += (inner.top + inner.bottom) / 2 - (outer.top + outer.bottom) / 2;
}

/** The page as it is now. What is typed into an open dialog or into another name stays. */
export async function redraw() {
  const response = await fetch(location.href, { credentials: "same-origin" });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const there = fresh.getElementById("script-page");
  if (!there) return;
  const here = page();
  const focused = document.activeElement;
  const at = focused instanceof HTMLElement && here.contains(focused) ? focused.dataset.at : undefined;
  const typed = unsavedNames();
  const scrolled = [...here.querySelectorAll(".sp-flowwrap, .sp-tablewrap, .sp-body")].map((box) => [
    box.scrollLeft,
    box.scrollTop,
  ]);
  const open = here.querySelector("details")?.open ?? false;
  here.dataset.version = there.dataset.version;
  here.replaceChildren(...there.childNodes);
  here.querySelector("details")?.toggleAttribute("open", open);
  [...here.querySelectorAll(".sp-flowwrap, .sp-tablewrap, .sp-body")].forEach((box, index) => {
    [box.scrollLeft, box.scrollTop] = scrolled[index] ?? [0, 0];
  });
  for (const [name, value] of typed) {
    const input = here.querySelector(`[data-at="${CSS.escape(name)}"]`);
    if (input instanceof HTMLInputElement) input.value = value;
  }
  if (at) /** @type {HTMLElement | null} */ (here.querySelector(`[data-at="${CSS.escape(at)}"]`))?.focus();
  redrawDialogs(fresh);
}

/** @param {Document} fresh dialogs that are closed name the statuses as they are now */
function redrawDialogs(fresh) {
  for (const dialog of document.querySelectorAll("#script-dialogs dialog")) {
    const other = fresh.getElementById(dialog.id);
    if (other && !(/** @type {HTMLDialogElement} */ (dialog).open)) dialog.replaceWith(other);
  }
}

/** @returns {[string, string][]} by data-at */
function unsavedNames() {
  const inputs = /** @type {HTMLInputElement[]} */ ([...page().querySelectorAll("input[data-rename]")]);
  return inputs
    .filter((input) => input.value !== input.defaultValue && input.ariaBusy !== "true")
    .map((input) => [input.dataset.at ?? "", input.value]);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.dataset.scriptForm === undefined) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  clear(form);
  form.querySelector("[data-refusal]")?.replaceChildren();
  const dialog = form.closest("dialog");
  try {
    const answer = await send(form.dataset.scriptForm, { json: { ...bodyOf(form), version: version() } });
    if (dialog) hide(dialog.id);
    await redraw();
    announce(_("Saved"));
    document.dispatchEvent(new CustomEvent("script:saved", { detail: answer }));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === CONFLICT) await redraw();
    refuse(form, error);
  } finally {
    form.ariaBusy = null;
  }
});
