// Copies of drafts in this browser are their user's own: they go when the user signs out, or when somebody else comes in.
// Whoever comes back after a session that ran out finds them.
import { forgetLocalDrafts } from "./drafts.js";

const { user } = document.documentElement.dataset;
if (user) forgetLocalDrafts({ but: user });
document.addEventListener("submit", (event) => {
  if (event.target instanceof HTMLFormElement && "signsOut" in event.target.dataset) forgetLocalDrafts();
});
