// "New case" on every page, and the × on the tabs of open cards.
import { show } from "./dialogs.js";
import { send } from "./http.js";
import { gettext as _ } from "./i18n.js";
import { newContact } from "./newcontact.js";
import { enhanceSelects } from "./selects.js";
import { say } from "./toasts.js";
import { onDo } from "./verbs.js";

onDo("new-case", async (_button, contact) => {
  const dialog = document.getElementById("new-case");
  if (!dialog) return;
  const from = new URLSearchParams({ ...(contact ? { contact } : {}), ...campaignHere() });
  const response = await fetch(`${dialog.dataset.url}?${from}`, { credentials: "same-origin" }).catch(() => null);
  if (!response?.ok) return say(_("The dialog could not be loaded. Try again."));
  dialog.innerHTML = await response.text();
  show("new-case");
  await enhanceSelects(dialog);
  // Before something is typed there is nothing to choose from: an empty list would only take the first Escape.
  const search = /** @type {any} */ (dialog.querySelector("#new-case-contact"))?.tomselect;
  if (search) search.settings.openOnFocus = false;
  newContact(dialog);
  // What one searches in comes first: the input behind it stands before it, out of sight, and would swallow the keys.
  const first = dialog.querySelector(".ts-control input") ?? dialog.querySelector("select, input:not([type=hidden])");
  /** @type {HTMLElement | null} */ (first)?.focus();
});

/** @returns {{ campaign?: string }} the one that this page is about: its own page, or a list that shows it alone */
function campaignHere() {
  const [, own] = location.pathname.match(/^\/campaigns\/show\/(\d+)/) ?? [];
  const filtered = new URLSearchParams(location.search).getAll("campaign");
  const campaign = own ?? (filtered.length === 1 ? filtered[0] : undefined);
  return campaign ? { campaign } : {};
}

onDo("close-case", async (button, number) => {
  const tab = button.closest(".sp-tab");
  const card = document.getElementById("card-data");
  // The card that is shown asks about unsaved changes itself; another one keeps its draft until it is closed there.
  if (card && tab?.classList.contains("is-on")) {
    /** @type {HTMLElement | null} */ (document.querySelector("[data-do='card-close']"))?.click();
    return;
  }
  if (tab?.querySelector("[data-unsaved]:not([hidden])")) {
    location.assign(`/cases/${number}`);
    return;
  }
  await send(`/cases/${number}/leave`, { method: "POST" });
  tab?.remove();
});
