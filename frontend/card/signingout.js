// Whoever signs out, and whoever comes to sign in, leaves no copy of a draft in this browser.
import { forgetLocalDrafts } from "./drafts.js";

if (document.forms.namedItem("login")) forgetLocalDrafts();
document.addEventListener("submit", (event) => {
  if (event.target instanceof HTMLFormElement && "signsOut" in event.target.dataset) forgetLocalDrafts();
});
