// Buttons of the form that act: the card's part of them, and those whose action is the server's.
import { buttons } from "../form/kinds/buttons.js";
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { say, toast } from "../toasts.js";
import { showFacts } from "./shown.js";

/**
 * A press on the server tells it what is stored, so what is typed is saved first; a refused save ends it there.
 * @param {import("./card.js").Card} card
 * @param {{ save: () => Promise<unknown>, refresh: () => unknown }} around `refresh`: the timeline
 */
export function pressing(card, { save, refresh }) {
  if (!card.form) return;
  buttons(card.form, { values: () => card.data.merge, press: (key, button) => void press(key, button) });

  /** @param {string} key @param {HTMLElement} button */
  async function press(key, button) {
    button.setAttribute("aria-busy", "true");
    try {
      if (card.changed().length) await save();
      if (card.changed().length) return;
      tell(await send(card.data.urls.press, { json: { button: key } }));
      await refresh();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      say(error.message);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }
}

/** @param {{ said: string, go: string, links?: string }} done */
function tell({ said, go, links }) {
  if (links) showFacts(links);
  if (go) toast(said, { action: _("Open it"), onAction: () => location.assign(go) });
  else say(said);
}
