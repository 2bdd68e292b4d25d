// The case card: wires saving, drafts, statuses, activities, and what others do to the same case.
import { Activities } from "../card/activities.js";
import { answerHistory } from "../card/answer-history.js";
import { showUnsaved } from "../card/bar.js";
import { Card } from "../card/card.js";
import { Drafts } from "../card/drafts.js";
import { Keeping } from "../card/keeping.js";
import { fillMerge } from "../card/merge.js";
import { moving } from "../card/moving.js";
import { loadAnew, renewForm, showForm, showNews, tellOfMove } from "../card/news.js";
import { watchCase } from "../card/others.js";
import { pressing } from "../card/pressing.js";
import { references } from "../card/references.js";
import { Saving } from "../card/saving.js";
import { choiceOf } from "../card/shown.js";
import { pressStatus, showStatus, statusMenu } from "../card/status.js";
import { clockTime } from "../clock.js";
import { show } from "../dialogs.js";
import { editing } from "../editing/entry.js";
import { composed } from "../form/composing.js";
import { lacksGiven } from "../form/logic.js";
import { bindPages } from "../form/pages.js";
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { onDo } from "../verbs.js";

const data = JSON.parse(document.getElementById("card-data")?.textContent ?? "{}");
const card = new Card(data);
const activities = new Activities(data.urls);
const drafts = new Drafts(data.urls.draft, `${data.user}:${data.number}`, (state, at) => {
  const place = document.querySelector("[data-draft]");
  const time = clockTime(at);
  const texts = {
    saved: _("draft %(time)s", { time }),
    local: _("no connection, kept in this browser %(time)s", { time }),
    waits: _("no draft is kept until you decide about the earlier one"),
  };
  if (place) place.textContent = `· ${texts[state]}`;
});
const keeping = new Keeping(card, drafts);
let leaving = false;

statusMenu((choice) => {
  card.chosen = { status: choice.id, when: choice.when };
  draw();
  keeping.touched();
});
document.getElementById("form")?.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-status]");
  if (button instanceof HTMLElement && button.ariaDisabled !== "true") pressStatus(button.dataset.status ?? "");
});
onDo("card-save", (_button, how) => saving.save(how === "close"));
onDo("card-close", () => (card.changed().length ? show("card-leave") : leave()));
onDo("card-leave", () => leave());
onDo("card-part", (button, part) => {
  const columns = /** @type {HTMLElement} */ (document.querySelector(".sp-cols"));
  columns.dataset.m = part;
  for (const other of document.querySelectorAll("[data-do^='card-part']")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
});
for (const part of document.querySelectorAll(".sp-formcol, .sp-ch, #composer")) {
  part.addEventListener("input", () => {
    showUnsaved(card.changed());
    keeping.touched();
  });
}
addEventListener("beforeunload", (event) => {
  if (!leaving && card.changed().length) event.preventDefault();
});
addEventListener("pagehide", () => {
  if (!leaving) keeping.ended();
});

references(card);
fillMerge(data.merge);
keeping.offer(data.draft, tellOfMove(data.id), draw);
draw();
moving(data.urls);
const formShown = document.getElementById("form");
if (formShown) answerHistory(formShown, data.urls.history);
if (formShown) bindPages(formShown, { given: () => card.data.given });
const { ask, askLater, caughtUp } = watchCase(card, activities, {
  changed: (state) => {
    if (String(state.card.belongs) !== String(card.data.belongs) || (state.form?.fragment && !card.form)) {
      leaving = true;
      return loadAnew(card, keeping, state.who);
    }
    showNews(card, keeping, state);
    draw();
    edited.arrived();
    return activities.refresh();
  },
  arrived: (form) => {
    const news = showForm(card, keeping, form);
    draw();
    edited.arrived();
    if (news.lacks || (card.form && lacksGiven(card.form))) askLater();
  },
});
const saving = new Saving(card, {
  keeping,
  activities,
  draw,
  leave,
  renew: async (problem) => {
    await composed();
    renewForm(card, keeping, /** @type {any} */ (problem));
  },
  ask,
  caughtUp,
  isLeaving: () => leaving,
});

const edited = editing(card, {
  go: async (url) => {
    leaving = true;
    await keeping.closed();
    location.assign(url);
  },
});
pressing(card, { save: () => saving.save(false), refresh: () => activities.refresh() });

/** What is unsaved, and the status: the one that is chosen and not saved, else the one of the case. */
function draw() {
  const { status } = card.data;
  const chosen = String(status.id) === card.chosen.status ? null : choiceOf(String(card.chosen.status));
  showStatus(chosen ?? { ...status, id: String(status.id) });
  showUnsaved(card.changed());
}

async function leave() {
  leaving = true;
  await keeping.closed();
  await send(card.data.urls.leave, { method: "POST" }).catch((error) => {
    // Presence runs out by itself; closing a card must not wait for a server that does not answer.
    if (!(error instanceof Refusal)) throw error;
  });
  location.assign(card.data.urls.list);
}
