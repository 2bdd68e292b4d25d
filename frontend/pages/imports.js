// The plan of an import: the preview follows what is chosen; starting sends the plan as it stands.
import { Refusal, send } from "../http.js";
import "../progress.js";
import { bodyOf, clear, refuse } from "../sending.js";
import { onDo } from "../verbs.js";

const WAIT_MS = 300;
const plan = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-plan]"));
/** @type {AbortController | undefined} */
let asking;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

/** @param {HTMLFormElement} form @returns {Record<string, unknown>} */
function planOf(form) {
  /** @type {Record<string, string>} */
  const mapping = {};
  for (const select of form.querySelectorAll("select[data-column]")) {
    const { value, dataset } = /** @type {HTMLSelectElement} */ (select);
    if (value) mapping[dataset.column ?? ""] = value;
  }
  return { ...bodyOf(form), mapping };
}

plan?.addEventListener("submit", (event) => event.preventDefault());
plan?.addEventListener("change", () => {
  clearTimeout(waiting);
  waiting = setTimeout(preview, WAIT_MS);
});

async function preview() {
  const place = plan?.querySelector("[data-preview]");
  if (!plan || !place) return;
  asking?.abort();
  asking = new AbortController();
  clear(plan);
  try {
    const answer = await send(plan.dataset.previewUrl ?? "", { json: planOf(plan), signal: asking.signal });
    place.innerHTML = answer.html; // rendered and escaped by the server
  } catch (error) {
    if (error instanceof Refusal) refuse(plan, error);
    else if (!(error instanceof Error && error.name === "AbortError")) throw error;
  }
}

onDo("start-import", async (button, how) => {
  if (!plan || button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  clear(plan);
  try {
    const begun = await send(plan.dataset.start ?? "", { json: { ...planOf(plan), dry_run: how === "dry" } });
    location.assign(begun.go);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuse(plan, error);
  } finally {
    button.ariaBusy = null;
  }
});
