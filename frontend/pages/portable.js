// Scripts as files: a chosen file is read here and sent as text, first to see what it would change, then to bring it in.
// On a page of the gallery: the form of a ready campaign, to be tried out.
import { bindPages } from "../form/pages.js";
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { clear, goOn, refuse } from "../sending.js";
import { enhanceSelects } from "../selects.js";
import { onDo } from "../verbs.js";

const MEGABYTE = 2 ** 20;
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("bring-in"));
const place = document.getElementById("bring-preview");
const tried = document.getElementById("ready-form");
let text = "";
let version = 0;

if (tried) {
  enhanceSelects(tried);
  bindPages(tried);
}

form?.addEventListener("change", async (event) => {
  const file = /** @type {HTMLInputElement} */ (event.target).files?.[0];
  if (!file || !form || !place) return;
  clear(form);
  place.replaceChildren();
  const limit = Number(form.dataset.limit);
  if (file.size > limit * MEGABYTE) {
    refuse(form, new Refusal(413, _("The file is larger than %(limit)s MB.", { limit })));
    return;
  }
  text = await file.text();
  await preview(false);
});

place?.addEventListener("change", (event) => {
  const choice = /** @type {HTMLInputElement} */ (event.target);
  if (choice.name === "as_new") void preview(choice.value === "1");
});

onDo("bring", async (button, how) => {
  if (!form || button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  clear(form);
  try {
    const json = { text, version, as_new: asNew(), publish: how === "publish" };
    goOn((await send(form.dataset.bring ?? "", { json })).go);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuse(form, error);
    form.scrollIntoView({ block: "nearest" });
  } finally {
    button.ariaBusy = null;
  }
});

/** @param {boolean} anew as another script, though there is one from the same file */
async function preview(anew) {
  if (!form || !place) return;
  clear(form);
  try {
    const told = await send(form.dataset.preview ?? "", { json: { text, as_new: anew } });
    place.innerHTML = told.html; // rendered and escaped by the server
    version = told.version;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    place.replaceChildren();
    refuse(form, error);
  }
}

function asNew() {
  const chosen = /** @type {HTMLInputElement | null} */ (place?.querySelector("[name=as_new]:checked"));
  return chosen?.value === "1";
}
