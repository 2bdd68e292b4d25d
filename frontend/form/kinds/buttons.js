// Buttons of a form beside those that set a status: what happens on the card, and what is handed to the server.
import { gettext as _ } from "../../i18n.js";
import { say } from "../../toasts.js";

const PLACE = /\{\{\s*([^{}]{1,80}?)\s*\}\}/g;

/** @typedef {Record<string, string>} Merge text by the name of a merge field */

/**
 * @param {string} text with merge fields
 * @param {Merge} values what it lacks becomes nothing
 * @param {(value: string) => string} [encode] each value
 * @returns {string}
 */
export function withValues(text, values, encode = String) {
  return text.replace(PLACE, (_place, name) => encode(values[name] ?? ""));
}

/**
 * @param {string} address with merge fields
 * @param {Merge} values each is encoded, so that it stays one part of the address
 * @returns {string | null} null unless a browser may open it: http and https only
 */
export function addressOf(address, values) {
  const filled = withValues(address, values, encodeURIComponent);
  return URL.canParse(filled) && /^https?:$/.test(new URL(filled).protocol) ? filled : null;
}

/**
 * Out of the form goes `splot:page` ({ page }) for a button that leads to a page.
 * @param {Element} root
 * @param {{ values: () => Merge, press: (key: string, button: HTMLElement) => void }} card `press`: what the server does
 */
export function buttons(root, { values, press }) {
  /** @type {Record<string, (button: HTMLElement) => void>} */
  const actions = {
    go_to_page: (button) => {
      const detail = { page: button.dataset.pageId ?? "" };
      button.dispatchEvent(new CustomEvent("splot:page", { bubbles: true, detail }));
    },
    open_address: (button) => {
      const address = addressOf(button.dataset.address ?? "", values());
      if (address) window.open(address, "_blank", "noopener,noreferrer");
      else say(_("This button has no address that a browser may open."));
    },
    copy_text: (button) => copy(withValues(button.dataset.copied ?? "", values())),
    create_case: (button) => press(keyOf(button), button),
    call_webhook: (button) => press(keyOf(button), button),
  };
  root.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-act]");
    if (!(button instanceof HTMLElement) || button.ariaDisabled === "true" || button.ariaBusy === "true") return;
    actions[button.dataset.act ?? ""]?.(button);
  });
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say(_("Copied: %(text)s", { text: text.length > 80 ? text.slice(0, 79) + "…" : text }));
  } catch {
    say(_("The browser did not let the text be copied."));
  }
}

/** @param {Element} button */
function keyOf(button) {
  return button.closest("splot-field")?.getAttribute("data-key") ?? "";
}
