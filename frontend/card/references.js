// Fields of the form that name other rows: contacts and cases found by typing, files that are uploaded with the case.
import { addFile, offer } from "../form/fields.js";
import { Refusal, send } from "../http.js";
import { say } from "../toasts.js";

const QUIET = 200;

/** @param {import("./card.js").Card} card */
export function references(card) {
  const root = card.form;
  if (!root) return;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let asking = new AbortController();
  root.addEventListener("splot:look", (event) => {
    const { key, kind, words } = /** @type {CustomEvent} */ (event).detail;
    clearTimeout(timer);
    asking.abort(); // an older answer must not come after a newer one
    asking = new AbortController();
    const { signal } = asking;
    timer = setTimeout(async () => {
      const found = await asked(send(`${card.data.urls.look}?${new URLSearchParams({ kind, q: words })}`, { signal }));
      if (found && !signal.aborted) offer(root, key, found.results);
    }, QUIET);
  });
  root.addEventListener("splot:upload", async (event) => {
    const { key, files } = /** @type {CustomEvent} */ (event).detail;
    for (const file of files) {
      const form = new FormData();
      form.append("file", file);
      const stored = await asked(send(card.data.urls.attach, { form }), file.name);
      if (stored) addFile(root, key, { id: stored.id, title: stored.name });
    }
  });
}

/** @param {Promise<any>} request @param {string} [about] @returns {Promise<any>} null when it was refused */
async function asked(request, about = "") {
  try {
    return await request;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return null;
    if (!(error instanceof Refusal)) throw error;
    say(about ? `${about}: ${error.message}` : error.message);
    return null;
  }
}
