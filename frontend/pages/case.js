// The case card: wires saving, drafts, statuses, activities, and what others do to the same case.
import { Activities } from "../card/activities.js";
import { Card } from "../card/card.js";
import { chooseSides } from "../card/clashes.js";
import { Drafts } from "../card/drafts.js";
import { fillMerge } from "../card/merge.js";
import { moving } from "../card/moving.js";
import { notice, putAway } from "../card/notices.js";
import { references } from "../card/references.js";
import { pressStatus, showStatus, statusMenu } from "../card/status.js";
import { clockTime, dayAndTime } from "../clock.js";
import { show } from "../dialogs.js";
import { Refusal, send } from "../http.js";
import { gettext as _, ngettext } from "../i18n.js";
import { announce, say } from "../toasts.js";
import { onDo } from "../verbs.js";
import { watchCase } from "../card/others.js";

const data = JSON.parse(document.getElementById("card-data")?.textContent ?? "{}");
const card = new Card(data);
const activities = new Activities(data.urls);
const drafts = new Drafts(data.urls.draft, `${data.user}:${data.number}`, (state, at) => {
  const place = document.querySelector("[data-draft]");
  const time = clockTime(at);
  if (!place) return;
  const text =
    state === "saved" ? _("draft %(time)s", { time }) : _("no connection, kept in this browser %(time)s", { time });
  place.textContent = `· ${text}`;
});
let leaving = false;
let saving = false;

statusMenu((choice) => {
  card.chosen = { status: choice.id, when: choice.when };
  showStatus(choice);
  touched();
});
document.getElementById("form")?.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-status]");
  if (button instanceof HTMLElement && button.ariaDisabled !== "true") pressStatus(button.dataset.status ?? "");
});
onDo("card-save", (_button, how) => save(how === "close"));
onDo("card-close", () => (card.changed().length ? show("card-leave") : leave()));
onDo("card-leave", () => leave());
onDo("card-part", (button, part) => {
  const columns = /** @type {HTMLElement} */ (document.querySelector(".sp-cols"));
  columns.dataset.m = part;
  for (const other of document.querySelectorAll("[data-do^='card-part']")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
});
document.querySelector(".sp-formcol")?.addEventListener("input", touched);
document.querySelector(".sp-ch")?.addEventListener("input", touched);
addEventListener("beforeunload", (event) => {
  if (!leaving && card.changed().length) event.preventDefault();
});
addEventListener("pagehide", () => {
  if (!leaving && card.changed().length) drafts.keep(card.data.version, card.unsaved());
});

references(card);
fillMerge(data.merge);
showState();
offerDraft();
moving(data.urls);
watchCase(card, activities, offerChanges);

function touched() {
  showState();
  if (data.may_edit) drafts.later(card.data.version, () => card.unsaved());
}

function showState() {
  const keys = card.changed();
  const state = /** @type {HTMLElement} */ (document.getElementById("card-state"));
  const text = state.querySelector("b");
  state.classList.toggle("is-clean", !keys.length);
  if (text) {
    text.textContent = keys.length
      ? ngettext("Not saved: %(count)s field", "Not saved: %(count)s fields", keys.length)
      : _("All saved");
  }
  const draft = document.querySelector("[data-draft]");
  if (!keys.length && draft) draft.textContent = "";
  document.querySelector(".sp-tab.is-on [data-unsaved]")?.toggleAttribute("hidden", !keys.length);
  document.querySelector(".sp-tab.is-on .x .dot")?.toggleAttribute("hidden", !keys.length);
}

/** @param {boolean} closing leave the card when it is saved */
async function save(closing) {
  if (saving) return;
  if (!card.changed().length) return closing ? leave() : say(_("There is nothing to save."));
  busy(true);
  const outcome = await card
    .save({ closing })
    .catch((error) => {
      if (error instanceof Refusal) return error;
      throw error;
    })
    .finally(() => busy(false)); // before a refusal is settled: that may save again, or never come to an end
  if (outcome instanceof Refusal) await refused(outcome, closing);
  else {
    putAway();
    await drafts.discard();
    saved(outcome);
    if (closing) leave();
  }
  showState();
}

/** @param {boolean} is whether a save is on its way */
function busy(is) {
  saving = is;
  const button = document.querySelector("[data-save]");
  if (is) button?.setAttribute("aria-busy", "true");
  else button?.removeAttribute("aria-busy");
}

/** @param {{ card: import("../card/card.js").CardData, merged: string[], note?: string }} answer */
function saved(answer) {
  showStatus({ ...answer.card.status, id: String(answer.card.status.id) });
  say(answer.note || _("Saved"));
  if (answer.merged.length) {
    const names = answer.merged.map((key) => answer.card.titles[key] ?? key).join(", ");
    notice(_("Changes of somebody else were merged: %(names)s", { names }), "info");
  }
  activities.refresh();
}

/** @param {Refusal} error @param {boolean} closing */
async function refused(error, closing) {
  const { problem } = error;
  if (problem.clashes) return settle(problem, closing);
  if (problem.fragment) return renewForm(problem);
  if (error.status === 422) {
    document.querySelector("#form [aria-invalid='true'], .sp-ch [aria-invalid='true']")?.scrollIntoView({
      block: "center",
    });
  }
  if (error.status === 0 || error.status === 503) drafts.keep(card.data.version, card.unsaved());
  notice(error.message, "bad");
}

/** @param {Record<string, any>} problem both changed the same field @param {boolean} closing */
async function settle(problem, closing) {
  const typed = card.current();
  const choices = await chooseSides(problem.clashes, {
    who: problem.who,
    at: problem.at,
    mine: (key) => shown(key, typed[key]),
  });
  card.take(problem.card);
  const values = card.current();
  for (const { key, value } of problem.clashes) values[key] = choices[key] === "theirs" ? value : typed[key];
  card.show(values);
  await save(closing);
}

/** @param {string} key @param {import("../card/state.js").Raw} value @returns {string} as a person reads it */
function shown(key, value) {
  const control = document.querySelector(
    key === "owner" ? "#card-owner" : `[data-key="${key.replace("answer:", "")}"]`,
  );
  const ids = Array.isArray(value) ? value : [value];
  const names = ids.map((id) => {
    const option = control?.querySelector(`option[value="${CSS.escape(id)}"], input[value="${CSS.escape(id)}"]`);
    return option?.closest("label")?.textContent?.trim() || option?.textContent?.trim() || id;
  });
  return names.join(", ");
}

/** @param {Record<string, any>} problem the form was published anew: its new version, what is typed kept */
function renewForm(problem) {
  const typed = card.current();
  if (card.form) card.form.innerHTML = problem.fragment;
  card.take(problem.card);
  card.show({ ...card.data.values, ...typed });
  fillMerge(card.data.merge);
  notice(_("The form has a new version. What you typed is still here: look it over and save again."), "warn");
}

/**
 * Somebody saved while this card was open, or the form was published anew.
 * @param {import("../card/card.js").CardData} fresh
 * @param {string} who
 * @param {string | null} fragment of another version of the form
 */
function offerChanges(fresh, who, fragment) {
  const typed = card.unsaved();
  if (fragment && card.form) card.form.innerHTML = fragment;
  const clashes = card.take(fresh, { settled: false });
  if (fragment) {
    card.show({ ...card.data.values, ...typed });
    fillMerge(card.data.merge);
  }
  showStatus({ ...fresh.status, id: String(card.chosen.status || fresh.status.id) });
  showState();
  activities.refresh();
  announce(_("%(who)s saved this case; the changes are shown.", { who }));
  if (!clashes.length) return;
  const names = clashes.map((key) => fresh.titles[key] ?? key).join(", ");
  notice(_("%(who)s also changed: %(names)s. When you save, you choose what stays.", { who, names }), "warn");
}

function offerDraft() {
  const draft = drafts.local() ?? data.draft;
  if (!draft || !data.may_edit) return;
  const time = dayAndTime(new Date(draft.saved_at));
  notice(_("You typed something here on %(time)s and did not save it.", { time }), "info", [
    [
      _("Restore it"),
      () => {
        card.show({ ...card.current(), ...draft.content });
        touched();
      },
    ],
    [_("Throw it away"), () => drafts.discard()],
  ]);
}

async function leave() {
  leaving = true;
  await send(card.data.urls.leave, { method: "POST" }).catch((error) => {
    // Presence runs out by itself; closing a card must not wait for a server that does not answer.
    if (!(error instanceof Refusal)) throw error;
  });
  location.assign(card.data.urls.list);
}
