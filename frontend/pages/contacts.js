// Contacts: rows of numbers and addresses, saving with the questions that it may raise, exports, cases for many.
import { hide, show } from "../dialogs.js";
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { follow } from "../progress.js";
import { boxesOf } from "../rows.js";
import { bodyOf, clear, refuse } from "../sending.js";
import { say } from "../toasts.js";
import { onDo } from "../verbs.js";

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-contact-form]"));
const list = /** @type {HTMLElement | null} */ (document.querySelector("[data-list][data-query]"));

/** The version that the dialog of clashes was filled from. */
let clashVersion = 0;

// ----- the form -----

onDo("add-row", (button) => {
  const group = button.closest("[data-rows]");
  const template = group?.querySelector("template");
  if (!(group instanceof HTMLElement) || !template) return;
  const row = /** @type {HTMLElement} */ (
    /** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild
  );
  const name = group.dataset.rows ?? "";
  const free = freeNumber(group, name);
  for (const control of row.querySelectorAll("[name]")) {
    control.setAttribute("name", (control.getAttribute("name") ?? "").replace(`${name}.0`, `${name}.${free}`));
  }
  template.before(row);
  row.querySelector("input")?.focus();
});

onDo("drop-row", (button) => {
  const group = button.closest("[data-rows]");
  button.closest("[data-row]")?.remove();
  form?.dispatchEvent(new Event("input", { bubbles: true }));
  const next = group?.querySelector("[data-row] input, [data-do='add-row']");
  if (next instanceof HTMLElement) next.focus();
});

/** @param {Element} group @param {string} name @returns {number} behind that of every other row: the order is theirs */
function freeNumber(group, name) {
  const taken = [...group.querySelectorAll(`[name^="${name}."]`)].map((control) =>
    Number((control.getAttribute("name") ?? "").split(".")[1]),
  );
  return Math.max(-1, ...taken) + 1;
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  save({});
});

/** @param {Record<string, unknown>} more what was answered to a question */
async function save(more) {
  if (!form || form.ariaBusy === "true") return;
  clear(form);
  form.ariaBusy = "true";
  try {
    const answer = await send(form.dataset.contactForm ?? "", { json: { ...bodyOf(form), ...more } });
    form.dataset.leaving = "";
    location.assign(answer.go);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.problem.similar) askAboutSimilar(error.problem.similar);
    else if (error.problem.clash?.length) askAboutClash(error.problem.clash, error.problem.version);
    else refuse(form, error);
  } finally {
    form.ariaBusy = null;
  }
}

/** @param {{ name: string, number: string, url: string, reason: string }[]} rows */
function askAboutSimilar(rows) {
  const place = document.querySelector("[data-similar]");
  place?.replaceChildren(
    ...rows.map((row) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = row.url;
      link.textContent = `${row.name} (${row.number})`;
      item.append(link, ` · ${row.reason}`);
      return item;
    }),
  );
  show("similar");
}

onDo("save-anyway", () => {
  hide("similar");
  save({ anyway: true });
});

/** @param {{ key: string, title: string, theirs: string, mine: string }[]} rows @param {number} version */
function askAboutClash(rows, version) {
  clashVersion = version;
  const place = document.querySelector("[data-clash]");
  place?.replaceChildren(
    ...rows.map((row) => {
      const line = document.createElement("tr");
      const title = document.createElement("th");
      title.scope = "row";
      title.textContent = row.title;
      line.append(title, side(row.key, "theirs", row.theirs), side(row.key, "mine", row.mine));
      return line;
    }),
  );
  show("contact-clash");
}

/** @param {string} key @param {string} value @param {string} shown */
function side(key, value, shown) {
  const cell = document.createElement("td");
  const label = document.createElement("label");
  label.className = "pickv";
  const radio = document.createElement("input");
  const checked = value === "mine";
  Object.assign(radio, { type: "radio", name: `choice.${key}`, value, checked, className: "form-check-input" });
  label.append(radio, " ", shown);
  cell.append(label);
  return cell;
}

onDo("save-chosen", () => {
  /** @type {Record<string, string>} */
  const choices = {};
  for (const radio of document.querySelectorAll("[data-clash] input:checked")) {
    const chosen = /** @type {HTMLInputElement} */ (radio);
    choices[chosen.name.replace("choice.", "")] = chosen.value;
  }
  hide("contact-clash");
  save({ choices, chosen_version: clashVersion });
});

// ----- the list -----

const columns = document.querySelector("form[data-columns]");
columns?.addEventListener("submit", (event) => {
  event.preventDefault();
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (columns.querySelectorAll("input[type=checkbox]:checked"));
  keepColumns([...boxes].map((box) => box.value));
});
onDo("usual-columns", () => keepColumns([]));

/** @param {string[]} keys what the list shows from now on; none = what it usually shows */
async function keepColumns(keys) {
  if (!(columns instanceof HTMLFormElement)) return;
  try {
    await send(columns.dataset.columns ?? "", { json: { columns: keys } });
    const query = new URLSearchParams(/** @type {string[][]} */ ([...new FormData(columns)]));
    location.assign(`${columns.action}?${query}`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(error.message);
  }
}

onDo("contact-export", async (_button, format) => {
  if (!list) return;
  await begin(list.dataset.exportUrl ?? "", { format, query: list.dataset.query });
});

const opening = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-open-cases]"));
const campaign = /** @type {HTMLSelectElement | null | undefined} */ (opening?.querySelector("[name=campaign_id]"));
campaign?.addEventListener("change", offerOwners);
if (campaign?.value) offerOwners();

/** The agents of the campaign that is chosen now; those of another one cannot own its cases. */
async function offerOwners() {
  const select = /** @type {(HTMLSelectElement & { tomselect?: any }) | null | undefined} */ (
    opening?.querySelector("[data-owners]")
  );
  if (!select || !campaign) return;
  const wanted = campaign.value;
  /** @type {{ id: number, text: string }[]} */
  let agents = [];
  try {
    if (wanted) agents = (await send((select.dataset.owners ?? "").replace("/0/", `/${wanted}/`))).results;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(error.message);
  }
  if (campaign.value !== wanted) return;
  select.tomselect?.clear(true);
  select.tomselect?.clearOptions();
  select.replaceChildren(...agents.map(({ id, text }) => new Option(text, String(id))));
  select.tomselect?.sync();
}

opening?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!list || opening.ariaBusy === "true") return;
  clear(opening);
  opening.ariaBusy = "true";
  const all = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-all-matching]"));
  const ids = boxesOf(list)
    .filter((box) => box.checked)
    .map((box) => Number(box.value));
  const body = { ...bodyOf(opening), ids, all: all?.checked ?? false, query: list.dataset.query };
  try {
    const begun = await send(opening.dataset.openCases ?? "", { json: body });
    hide("open-cases");
    watch(begun.work, _("Creating cases"), () => location.assign(begun.go));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuse(opening, error);
  } finally {
    opening.ariaBusy = null;
  }
});

/** @param {string} url @param {Record<string, unknown>} body */
async function begin(url, body) {
  try {
    const begun = await send(url, { json: body });
    watch(begun.work, _("Writing the file"), offerFile);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(error.message);
  }
}

/**
 * @param {number} work @param {string} text
 * @param {(progress: import("../progress.js").Progress) => void} ended
 */
function watch(work, text, ended) {
  const template = /** @type {HTMLTemplateElement | null} */ (document.querySelector("template[data-job]"));
  const place = document.querySelector("[data-jobs]");
  if (!template || !place) return;
  const box = document.createElement("div");
  box.dataset.work = String(work);
  box.append(template.content.cloneNode(true));
  box.querySelector("form")?.setAttribute("action", `/work/${work}/stop`);
  const title = box.querySelector("[data-text]");
  if (title) title.textContent = text;
  place.replaceChildren(box);
  follow(box, (progress) => progress.state === "done" && progress.failed === 0 && ended(progress));
}

/** @param {import("../progress.js").Progress} progress the file of an export is offered, and saved at once */
function offerFile(progress) {
  const url = list?.dataset.fileUrl?.replace(/0$/, String(progress.result.file_id));
  if (url) location.assign(url);
}
