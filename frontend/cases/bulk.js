// Work on many cases: what is chosen, the dialog of one change, exports, and the progress of what runs.
import { ask, hide } from "../dialogs.js";
import { Refusal, send } from "../http.js";
import { gettext as _, ngettext } from "../i18n.js";
import { watchWork } from "../live.js";
import { say } from "../toasts.js";
import { onDo } from "../verbs.js";
import { list, openDialog, query, show } from "./list.js";

const ASK_MS = 1500;
const bar = /** @type {HTMLElement} */ (list.querySelector("[data-running]"));
/** @type {number[]} */
let chosen = [];
let all = false;
/** What the open dialog changes: the list below it may be drawn anew meanwhile. @type {Record<string, unknown>} */
let frozen = {};
let running = 0;
let unwatch = () => {};
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

list.addEventListener("chosen", (event) => {
  chosen = /** @type {CustomEvent<string[]>} */ (event).detail.map(Number);
  all = false;
});

onDo("all-matching", (button) => {
  all = true;
  const count = button.closest("[data-bulk]")?.querySelector("[data-count]");
  if (count) count.textContent = _("All that match");
});

onDo("bulk", async (_button, action) => {
  frozen = all ? { query: query() } : { ids: chosen };
  const text = all ? _("All cases that match will be changed.") : howMany(chosen.length);
  const dialog = await openDialog("bulk", { action }).catch((error) => say(error.message));
  const place = dialog?.querySelector("[data-how-many]");
  if (place) place.textContent = text;
});

/** @param {number} count */
function howMany(count) {
  return ngettext("%(count)s case will be changed.", "%(count)s cases will be changed.", count);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !("bulkForm" in form.dataset)) return;
  event.preventDefault();
  begin(form);
});

/** @param {HTMLFormElement} form busy meanwhile, so that the work does not begin twice */
async function begin(form) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const filled = new FormData(form);
  const place = /** @type {HTMLElement} */ (form.querySelector("[data-refusal]"));
  const url = /** @type {HTMLElement} */ (document.getElementById("bulk")).dataset.sendTo ?? "";
  const change = { action: form.dataset.action, value: filled.get("value"), when: filled.get("when") || null };
  try {
    let answer = await send(url, { json: { ...change, ...frozen, confirmed: false } });
    if (answer.clears) {
      const text = _(
        "This status clears the answers of the forms of these cases. They stay in the history of each case.",
      );
      if (!(await ask(text, { action: _("Clear the answers"), danger: true }))) return;
      answer = await send(url, { json: { ...change, ...frozen, confirmed: true } });
    }
    hide("bulk");
    follow(answer.work, _("Changing cases"), () => show(location.href, { push: false, quietly: true }));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    place.textContent = error.message;
    place.hidden = false;
  } finally {
    form.ariaBusy = null;
  }
}

// The menu says what the file will hold: the view that is shown, and how many cases of it match.
document.getElementById("export-menu")?.addEventListener("beforetoggle", (event) => {
  const head = /** @type {HTMLElement} */ (event.currentTarget).querySelector("h2");
  const view = document.querySelector("[data-view][aria-current]")?.firstChild?.textContent ?? "";
  const count = document.querySelector(".sp-filters [role=status]")?.textContent ?? "";
  if (head && /\d/.test(count)) head.textContent = _("View “%(view)s”, all pages: %(count)s", { view, count });
});

onDo("export", async (_button, format) => {
  const url = /** @type {HTMLElement} */ (document.querySelector("[data-export]")).dataset.export ?? "";
  try {
    const { work } = await send(url, { json: { format, query: query() } });
    follow(work, _("Writing the file"), (result) => result.file_id && location.assign(`/files/${result.file_id}`));
  } catch (error) {
    if (error instanceof Refusal) say(error.message);
  }
});

/**
 * Shows the progress of long work until it ends. Live hints hurry it; asking now and then makes sure.
 * @param {number} id @param {string} text @param {(result: Record<string, any>) => void} done
 */
function follow(id, text, done) {
  running = id;
  bar.hidden = false;
  part("[data-text]").textContent = text;
  part('[data-do="stop-work"]').hidden = false;
  part('[data-do="close-work"]').hidden = true;
  const look = async () => {
    clearTimeout(timer);
    if (running !== id) return;
    const work = await send(`/work/${id}`).catch((error) => {
      if (!(error instanceof Refusal)) throw error;
      return null;
    });
    if (work) progress(work);
    if (!work || ["waiting", "running"].includes(work.state)) timer = setTimeout(look, ASK_MS);
    else end(work, done);
  };
  unwatch();
  unwatch = watchWork(id, look);
  look();
}

/** @param {Record<string, any>} work */
function progress(work) {
  const meter = /** @type {HTMLProgressElement} */ (part("progress"));
  const through = work.done + work.failed;
  if (work.total) [meter.max, meter.value] = [work.total, through];
  else meter.removeAttribute("value");
  part("[data-numbers]").textContent = work.total
    ? _("%(done)s of %(total)s", { done: through, total: work.total })
    : "";
  if (work.failed) {
    const link = document.createElement("a");
    link.className = "fail";
    link.href = `/work/${work.id}/problems.csv`;
    link.textContent = ngettext("%(count)s not done", "%(count)s not done", work.failed);
    part("[data-numbers]").append(" · ", link);
  }
}

/** @param {Record<string, any>} work @param {(result: Record<string, any>) => void} done */
function end(work, done) {
  unwatch();
  const texts = { done: _("Done"), stopped: _("Stopped; what was done stays"), failed: work.error || _("It failed") };
  part("[data-text]").textContent = texts[/** @type {keyof typeof texts} */ (work.state)] ?? work.state;
  part('[data-do="stop-work"]').hidden = true;
  part('[data-do="close-work"]').hidden = false;
  if (work.state === "done" || work.state === "stopped") done(work.result ?? {});
}

/** @param {string} selector @returns {HTMLElement} */
function part(selector) {
  return /** @type {HTMLElement} */ (bar.querySelector(selector));
}

onDo("stop-work", () => {
  send(`/work/${running}/stop`, { method: "POST", json: {} }).catch((error) => say(error.message));
});
onDo("close-work", () => {
  unwatch();
  running = 0;
  bar.hidden = true;
});
