// News of the case on an open card: what others saved, another version of the form, another campaign or contact.
import { gettext as _ } from "../i18n.js";
import { fillMerge } from "./merge.js";
import { notice } from "./notices.js";
import { showFacts } from "./shown.js";
import { steady } from "./steady.js";
import { whatChanged } from "./whatchanged.js";

/**
 * @typedef {import("./card.js").Card} Card
 * @typedef {import("./card.js").CardData} CardData
 * @typedef {import("./keeping.js").Keeping} Keeping
 * @typedef {import("./card.js").FormState} FormState
 * @typedef {import("./card.js").News} News
 * @typedef {Record<string, import("./card.js").Gone>} Words
 */

/**
 * @param {Card} card
 * @param {Keeping} keeping
 * @param {import("./others.js").State} state
 * @returns {News | null} what was done to the form
 */
export function showNews(card, keeping, { card: fresh, facts, who, form }) {
  const { moved, clashes, news } = steady(() => {
    const taken = card.take(fresh, { form });
    showFacts(facts);
    return taken;
  });
  if (news) formChanged(card, keeping, news);
  if (moved.length) tellOfSave(fresh, who, moved, clashes);
  return news;
}

/**
 * The form or the statuses have another version: the card shows it, and nothing typed is lost.
 * @param {Card} card
 * @param {Keeping} keeping
 * @param {FormState} form
 * @returns {News}
 */
export function showForm(card, keeping, form) {
  const news = steady(() => card.arrive(form));
  formChanged(card, keeping, news);
  return news;
}

/**
 * A save was refused because the form on screen is too old: it is brought up to date, and nothing typed is lost.
 * @param {Card} card
 * @param {Keeping} keeping
 * @param {{ card: CardData, form: FormState }} problem
 */
export function renewForm(card, keeping, problem) {
  const { moved, clashes, news } = steady(() => card.take(problem.card, { form: problem.form }));
  if (news) formChanged(card, keeping, news);
  if (moved.length) tellOfSave(problem.card, "", moved, clashes);
}

/** @param {Card} card @param {Keeping} keeping @param {News} news */
function formChanged(card, keeping, news) {
  fillMerge(card.data.merge);
  const said = whatChanged(news);
  if (said.length) notice("form", said.join(" "), "info");
  keeping.offerGone();
  keeping.touched();
}

/** @param {CardData} fresh @param {string} who @param {string[]} moved @param {string[]} clashes */
function tellOfSave(fresh, who, moved, clashes) {
  /** @param {string[]} keys */
  const named = (keys) => keys.map((key) => fresh.titles[key] ?? key).join(", ");
  const by = who || _("Somebody");
  const saved = _("%(who)s saved: %(names)s.", { who: by, names: named(moved) });
  if (!clashes.length) return notice("others", saved, "info");
  const both = _("You changed, too: %(names)s. When you save, you choose what stays.", { names: named(clashes) });
  notice("others", `${saved} ${both}`, "warn");
}

const PLACE = "splot-moved:";

/**
 * The case belongs to another campaign or contact: the card is another one, and is loaded anew. What is typed is kept.
 * @param {Card} card
 * @param {Keeping} keeping
 * @param {string} who
 */
export async function loadAnew(card, keeping, who) {
  try {
    sessionStorage.setItem(PLACE + card.data.id, JSON.stringify({ who, words: card.unsavedInWords() }));
  } catch {
    // Without a storage the card comes without the notice; the draft is kept all the same.
  }
  await keeping.closed();
  location.reload();
}

/** @param {number} id of the case @returns {Words} what was typed on the card before it was loaded anew, in words */
export function tellOfMove(id) {
  try {
    const left = JSON.parse(sessionStorage.getItem(PLACE + id) ?? "null");
    sessionStorage.removeItem(PLACE + id);
    if (left?.who) {
      const text = _("%(who)s moved this case meanwhile: the card was loaded anew. What you typed is kept.", left);
      notice("moved", text, "warn");
    }
    return left?.words ?? {};
  } catch {
    return {};
  }
}
