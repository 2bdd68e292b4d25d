// The dialog of a new case, for somebody who is no contact yet: offered where the search finds nobody, made with the case.
import { Refusal, send } from "./http.js";
import { gettext as _ } from "./i18n.js";
import { bodyOf, clear, goOn, refuse } from "./sending.js";
import { onDo } from "./verbs.js";

/** @typedef {{ id: number, name: string, number: string, reason: string }} Similar */

/** Digits from which what was searched for is a telephone number. */
const NUMBER = /^[\d\s()+-]{5,}$/;

/** @param {HTMLElement} dialog just loaded */
export function newContact(dialog) {
  const form = dialog.querySelector("form");
  const fresh = dialog.querySelector("fieldset[data-fresh]");
  if (!form || !(fresh instanceof HTMLFieldSetElement)) return;
  offer(searchOf(dialog), (typed) => turn(dialog, typed));
  form.addEventListener("submit", (event) => {
    if (fresh.disabled) return; // a contact that was found: the form is sent as every other one
    event.preventDefault();
    open(form, dialog);
  });
}

onDo("new-case-person", (button) => {
  const dialog = button.closest("dialog");
  if (dialog) turn(dialog, searchOf(dialog).lastQuery ?? "");
});
onDo("new-case-search", (button) => {
  const dialog = button.closest("dialog");
  if (!dialog) return;
  turn(dialog, null);
  searchOf(dialog).focus();
});
onDo("new-case-take", (button, id) => {
  const dialog = button.closest("dialog");
  if (!dialog) return;
  const search = searchOf(dialog);
  search.addOption({ value: id, text: button.dataset.name ?? "" });
  search.setValue(id);
  turn(dialog, null);
});

/** @param {Element} dialog @returns {any} tom-select, in which one searches for the contact */
function searchOf(dialog) {
  return /** @type {any} */ (dialog.querySelector("#new-case-contact")).tomselect;
}

/**
 * Somebody is offered to be made only once the search for the whole of what is typed has found nobody. Enter before that
 * waits for it, and takes what it brings.
 * @param {any} search @param {(typed: string) => void} chosen
 */
function offer(search, chosen) {
  /** @type {Set<string>} */
  const searched = new Set();
  let isHurried = false;
  const { load } = search.settings;
  search.settings.load = (/** @type {string} */ typed, /** @type {(...found: any[]) => void} */ done) =>
    load.call(search, typed, (/** @type {any[]} */ ...found) => {
      if (found.length) searched.add(typed);
      else isHurried = false; // the search itself has failed, and said so
      done(...found);
      if (!isHurried || !searched.has(search.inputValue())) return;
      isHurried = false;
      if (search.activeOption) search.onOptionSelect(new Event("select"), search.activeOption);
    });
  search.control_input.addEventListener(
    "keydown",
    (/** @type {KeyboardEvent} */ event) => {
      const typed = search.inputValue();
      isHurried = event.key === "Enter" && search.settings.shouldLoad(typed) && !searched.has(typed);
      if (!isHurried) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
  search.settings.createFilter = (/** @type {string} */ typed) =>
    searched.has(typed) && !search.currentResults?.items.length;
  search.settings.create = (/** @type {string} */ typed, /** @type {() => void} */ done) => {
    done();
    search.close();
    chosen(typed);
  };
  search.settings.render.option_create = (/** @type {{ input: string }} */ { input }) => {
    const row = document.createElement("div");
    row.className = "create";
    row.textContent = _("Create the contact “%(name)s”", { name: input });
    return row;
  };
}

/** @param {Element} dialog @param {string | null} typed what was searched for becomes the new contact; null: back to the search */
function turn(dialog, typed) {
  const known = /** @type {HTMLElement} */ (dialog.querySelector("[data-known]"));
  const fresh = /** @type {HTMLFieldSetElement} */ (dialog.querySelector("[data-fresh]"));
  const isFresh = typed !== null;
  fresh.disabled = fresh.hidden = !isFresh;
  known.hidden = isFresh;
  /** @type {HTMLInputElement} */ (dialog.querySelector("#new-case-contact")).disabled = isFresh;
  showSimilar(dialog, []);
  if (!isFresh) return;
  const [first, last, phone] = ["first", "last", "phone"].map(
    (part) => /** @type {HTMLInputElement} */ (dialog.querySelector(`#new-case-${part}`)),
  );
  const words = typed.trim().split(/\s+/);
  const isNumber = NUMBER.test(typed.trim());
  phone.value = isNumber ? typed.trim() : "";
  last.value = isNumber ? "" : (words.pop() ?? "");
  first.value = isNumber ? "" : words.join(" ");
  ([first, last].find(({ value }) => !value) ?? phone).focus();
}

/** @param {HTMLFormElement} form @param {Element} dialog */
async function open(form, dialog) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  clear(form);
  try {
    const answer = await send(form.dataset.send ?? "", { json: bodyOf(form) });
    goOn(answer.go);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.problem.similar) showSimilar(dialog, error.problem.similar);
    else refuse(form, error);
  } finally {
    form.ariaBusy = null;
  }
}

/** @param {Element} dialog @param {Similar[]} rows contacts that may be the same; the first one gets the focus */
function showSimilar(dialog, rows) {
  const place = /** @type {HTMLElement} */ (dialog.querySelector("[data-similar]"));
  /** @type {HTMLInputElement} */ (place.querySelector("[name=anyway]")).checked = false;
  place.hidden = !rows.length;
  place.querySelector("ul")?.replaceChildren(...rows.map(similar));
  place.querySelector("button")?.focus();
}

/** @param {Similar} row */
function similar({ id, name, number, reason }) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.dataset.do = `new-case-take:${id}`;
  button.dataset.name = name;
  button.textContent = _("Take %(name)s", { name: `${name} (${number})` });
  item.append(button, ` ${reason}`);
  return item;
}
