// The dialogs of the card's menu: another campaign, another source, another contact, the history.
import { Refusal, send } from "../http.js";
import { say } from "../toasts.js";
import { onDo } from "../verbs.js";

/** @param {Record<string, string>} urls of the card: `move`, `source`, `contact` */
export function moving(urls) {
  const to = document.getElementById("move-to");
  if (to instanceof HTMLSelectElement) to.addEventListener("change", () => preview(to));
  onDo("card-move", () => change(urls.move, { campaign_id: number("move-to") }));
  onDo("card-source", () => change(urls.source, { source: text("source-to") }));
  onDo("card-contact", () => change(urls.contact, { contact_id: number("contact-to") }));
  new MutationObserver(load).observe(document.getElementById("card-history") ?? document.body, {
    attributeFilter: ["open"],
  });
}

/** @param {HTMLSelectElement} select says what the move does before it is done */
async function preview(select) {
  const place = document.getElementById("move-preview");
  if (!place) return;
  place.replaceChildren();
  if (!select.value) return;
  const response = await fetch(`${select.dataset.preview}?campaign_id=${select.value}`, { credentials: "same-origin" });
  if (response.ok) place.innerHTML = await response.text();
}

/** @param {string} url @param {Record<string, unknown>} body the card is another one afterwards, so it is loaded anew */
async function change(url, body) {
  try {
    await send(url, { json: body });
    location.reload();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(error.message);
  }
}

async function load() {
  const dialog = document.getElementById("card-history");
  const place = dialog?.querySelector("[data-load]");
  if (!(dialog instanceof HTMLDialogElement) || !dialog.open || !(place instanceof HTMLElement)) return;
  const url = place.dataset.load ?? "";
  const response = await fetch(url, { credentials: "same-origin" });
  if (response.ok) place.innerHTML = await response.text();
}

/** @param {string} id @returns {string} */
function text(id) {
  return /** @type {HTMLInputElement | HTMLSelectElement} */ (document.getElementById(id)).value;
}

/** @param {string} id @returns {number | null} */
function number(id) {
  return text(id) ? Number(text(id)) : null;
}
