// The bar below the form, and the tab of the card: whether anything is unsaved, and how much.
import { gettext as _, ngettext } from "../i18n.js";

/** @param {string[]} keys of what is typed and not saved */
export function showUnsaved(keys) {
  const state = /** @type {HTMLElement} */ (document.getElementById("card-state"));
  const text = state.querySelector("b");
  state.classList.toggle("is-clean", !keys.length);
  if (text) text.textContent = inWords(keys);
  const draft = document.querySelector("[data-draft]");
  if (!keys.length && draft) draft.textContent = "";
  document.querySelector(".sp-tab.is-on [data-unsaved]")?.toggleAttribute("hidden", !keys.length);
  document.querySelector(".sp-tab.is-on .x .dot")?.toggleAttribute("hidden", !keys.length);
}

/** @param {string[]} keys */
function inWords(keys) {
  const fields = keys.filter((key) => key !== "note");
  if (!keys.length) return _("All saved");
  if (!fields.length) return _("Not saved: the note");
  const count = ngettext("Not saved: %(count)s field", "Not saved: %(count)s fields", fields.length);
  return fields.length < keys.length ? _("%(count)s and the note", { count }) : count;
}
