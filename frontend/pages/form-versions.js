// The merge of a draft: what was decided goes to the server by the key of each clash.
import { Refusal, send } from "../http.js";
import { goOn, refuse } from "../sending.js";

const form = document.getElementById("merge-form");

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!(form instanceof HTMLFormElement) || form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const { merge = "", current, seen } = form.dataset;
  try {
    const decisions = Object.fromEntries(new FormData(form));
    goOn((await send(merge, { json: { current: Number(current), seen, decisions } }))?.go);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuse(form, error);
  } finally {
    form.ariaBusy = null;
  }
});
