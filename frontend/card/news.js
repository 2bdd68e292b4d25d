// News of the case on an open card: what others saved, another version of the form, another campaign or contact.
import { gettext as _ } from "../i18n.js";
import { fillMerge } from "./merge.js";
import { notice } from "./notices.js";
import { showFacts } from "./shown.js";

/**
 * @typedef {import("./card.js").Card} Card
 * @typedef {import("./card.js").CardData} CardData
 * @typedef {import("./keeping.js").Keeping} Keeping
 * @typedef {Record<string, import("./card.js").Gone>} Words
 */

/**
 * @param {Card} card
 * @param {Keeping} keeping
 * @param {import("./others.js").State} state
 */
export function showNews(card, keeping, { card: fresh, facts, who, fragment }) {
  const isAnother = fragment !== null && fresh.form_version !== card.data.form_version;
  const { moved, clashes } = card.take(fresh, { fragment: isAnother ? fragment : null });
  showFacts(facts);
  if (isAnother) formChanged(card, keeping);
  if (moved.length) tellOfSave(fresh, who, moved, clashes);
}

/**
 * A save was refused because the form on screen is too old: it is brought up to date, and nothing typed is lost.
 * @param {Card} card
 * @param {Keeping} keeping
 * @param {{ card: CardData, fragment: string }} problem
 */
export function renewForm(card, keeping, problem) {
  const { moved, clashes } = card.take(problem.card, { fragment: problem.fragment });
  formChanged(card, keeping);
  if (moved.length) tellOfSave(problem.card, "", moved, clashes);
}

/** @param {Card} card @param {Keeping} keeping */
function formChanged(card, keeping) {
  fillMerge(card.data.merge);
  notice("form", _("The form has a new version. What you typed is still here: look it over and save again."), "warn");
  keeping.offerGone();
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
