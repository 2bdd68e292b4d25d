// Buttons of the form that act: the card's part of them, and those whose action is the server's.
import { buttons } from "../form/kinds/buttons.js";
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { say, toast } from "../toasts.js";
import { showFacts } from "./shown.js";

const SERVER_FAULT = 500;

/**
 * A press on the server tells it what is stored, so what is typed is saved first; a refused save ends it there.
 * A press whose answer was lost is repeated with its key, so that the server does it once.
 * @param {import("./card.js").Card} card
 * @param {{ save: () => Promise<unknown>, refresh: () => unknown }} around `refresh`: the timeline
 */
export function pressing(card, { save, refresh }) {
  if (!card.form) return;
  /** @type {Map<string, string>} keys of presses that nobody knows the end of, by button: the next one repeats them */
  const open = new Map();
  card.form.addEventListener("click", dropSecond, true);
  buttons(card.form, { values: () => card.data.merge, press: (key, button) => void press(key, button) });

  /** @param {string} key @param {HTMLElement} button */
  async function press(key, button) {
    button.setAttribute("aria-busy", "true");
    try {
      if (card.changed().length) {
        open.delete(key);
        await save();
      }
      if (card.changed().length) return;
      if (!open.has(key)) open.set(key, newKey());
      tell(await send(card.data.urls.press, { json: { button: key, key: open.get(key) } }));
      open.delete(key);
      await refresh();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status && error.status < SERVER_FAULT) open.delete(key);
      say(error.message);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }
}

/** The second click of a double click is the same press, however soon the first one was answered. @param {MouseEvent} event */
function dropSecond(event) {
  const button = /** @type {Element} */ (event.target).closest("[data-act=create_case], [data-act=call_webhook]");
  if (button && event.detail > 1) event.stopImmediatePropagation();
}

/** @returns {string} of its own for each press */
function newKey() {
  return `press-${[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** @param {{ said: string, go: string, links?: string }} done */
function tell({ said, go, links }) {
  if (links) showFacts(links);
  if (go) toast(said, { action: _("Open it"), onAction: () => location.assign(go) });
  else say(said);
}
