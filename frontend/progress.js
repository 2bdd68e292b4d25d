// Long work on a page: <div data-work="id"> with the progress macro inside moves by itself, and says how it ended.
import { Refusal, send } from "./http.js";
import { gettext as _, ngettext } from "./i18n.js";
import { announce } from "./toasts.js";

const EVERY_MS = 1000;
const SAY_MS = 5000;

/**
 * @typedef {{ id: number, state: string, words: string, done: number, total: number | null, failed: number,
 *   error: string, ended: boolean, result: Record<string, any> }} Progress
 */

/**
 * Follows the work until it has ended. An element `[data-when-done]` inside is shown then.
 * @param {HTMLElement} box
 * @param {(progress: Progress) => void} [ended]
 */
export async function follow(box, ended = () => {}) {
  const id = box.dataset.work;
  let said = 0;
  for (;;) {
    const progress = await ask(`/work/${id}`);
    if (progress) {
      draw(box, progress);
      if (progress.ended) {
        announce(sentence(progress));
        return ended(progress);
      }
      if (Date.now() - said > SAY_MS) {
        announce(sentence(progress));
        said = Date.now();
      }
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    if (!box.isConnected) return;
  }
}

/** @param {string} url @returns {Promise<Progress | null>} null while the server does not answer: it is asked again */
async function ask(url) {
  try {
    return await send(url);
  } catch (error) {
    if (error instanceof Refusal && (error.status === 0 || error.status >= 500)) return null;
    throw error;
  }
}

/** @param {HTMLElement} box @param {Progress} progress */
function draw(box, progress) {
  const bar = box.querySelector("progress");
  if (bar) {
    if (progress.total) {
      bar.max = progress.total;
      bar.value = progress.done + progress.failed;
    } else if (!progress.ended) bar.removeAttribute("value");
    else bar.value = bar.max;
  }
  put(box, "[data-figures]", sentence(progress));
  for (const element of box.querySelectorAll("[data-when-done]")) {
    /** @type {HTMLElement} */ (element).hidden = !progress.ended;
  }
  for (const element of box.querySelectorAll("[data-when-failed]")) {
    /** @type {HTMLElement} */ (element).hidden = !progress.failed;
  }
  const stop = box.querySelector("form");
  if (stop && progress.ended) stop.remove();
}

/** @param {HTMLElement} box @param {string} selector @param {string} text */
function put(box, selector, text) {
  const place = box.querySelector(selector);
  if (place) place.textContent = text;
}

/** @param {Progress} progress */
function sentence(progress) {
  const parts = [
    progress.total
      ? _("%(words)s: %(done)s of %(total)s", { words: progress.words, done: progress.done, total: progress.total })
      : `${progress.words}: ${progress.done}`,
  ];
  if (progress.failed) {
    parts.push(ngettext("%(count)s could not be done", "%(count)s could not be done", progress.failed));
  }
  if (progress.error) parts.push(progress.error);
  return parts.join(" · ");
}

// data-reload: when it has ended, the page has something to show that it did not have.
for (const element of document.querySelectorAll("[data-work]")) {
  const box = /** @type {HTMLElement} */ (element);
  follow(box, () => "reload" in box.dataset && location.reload());
}

// "Stop" asks once and the bar goes on to show how the last batch ends.
document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.closest("[data-work]")) return;
  event.preventDefault();
  form.querySelector("button")?.setAttribute("aria-busy", "true");
  await send(form.action, { method: "POST" });
});
