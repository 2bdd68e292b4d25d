// The way into editing the form on the card: a line of the menu, and Ctrl Shift E. What it takes is loaded then.
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { say } from "../toasts.js";
import { onDo } from "../verbs.js";

/** @typedef {import("./mode.js").Mode} Mode */

/**
 * @param {import("../card/card.js").Card} card
 * @param {{ go: (url: string) => void }} around `go`: to another page; what is typed on the card is kept
 * @returns {{ arrived: () => void }} `arrived`: the card shows another version of its form
 */
export function editing(card, around) {
  const button = document.querySelector("[data-do=card-edit-form]");
  if (!(button instanceof HTMLElement) || !card.form) return { arrived: () => {} };
  const url = button.dataset.url ?? "";
  /** @type {Mode | null} */
  let mode = null;
  let isBusy = false;

  const enter = async () => {
    if (mode || isBusy) return;
    isBusy = true;
    try {
      const [{ Mode }, data] = await Promise.all([import("./mode.js"), send(url)]);
      mode = new Mode(data, card, {
        ...around,
        again: () => send(url),
        left: () => (mode = null),
      });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      say(error.message);
    } finally {
      isBusy = false;
    }
  };
  const turn = () => (mode ? mode.leave() : enter());

  onDo("card-edit-form", turn);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || !event.shiftKey || event.altKey || event.code !== "KeyE") return;
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) turn();
  });
  button.title = _("The fields, choices and buttons of this form can be changed here, on the card.");
  return { arrived: () => mode?.arrived() };
}
