// The list of statuses: its order by pointer and by keys, names typed into it, and its buttons.
import { show } from "../dialogs.js";
import { Refusal } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { announce, say } from "../toasts.js";
import { onDo } from "../verbs.js";
import { change, tryChange } from "./page.js";

const table = () => /** @type {HTMLTableElement} */ (document.getElementById("statuses"));
const rows = () => [...table().tBodies[0].rows];

/** The order before the row was taken up. @type {HTMLTableRowElement[] | null} */
let before = null;

onDo("status-new", () => {
  const form = statusForm();
  form.reset();
  form.dataset.scriptForm = form.dataset.add ?? "";
  openStatus(form, true);
});
onDo("status-edit", (button) => edit(button));
onDo("status-open", (_button, id) => {
  const button = table().querySelector(`tr[data-id="${CSS.escape(id)}"] [data-do="status-edit"]`);
  if (button instanceof HTMLElement) edit(button);
});
onDo("status-turn", (button, what) => tryChange(`${urlOf(button)}/${what}`, {}));
onDo("status-hide", async (button) => {
  const row = /** @type {HTMLElement} */ (button.closest("tr"));
  if (row.dataset.cases === "0" && row.dataset.rules === "0") await tryChange(`${urlOf(button)}/hide`, {});
  else openHiding(row, true);
});
onDo("status-move-cases", (_button, id) => {
  const row = table().querySelector(`tr[data-id="${CSS.escape(id)}"]`);
  if (row instanceof HTMLElement) openHiding(row, false);
});

/** @param {HTMLElement} button */
function edit(button) {
  const form = statusForm();
  form.reset();
  form.dataset.scriptForm = urlOf(button);
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.values ?? "{}"))) {
    const control = form.elements.namedItem(name);
    if (control && "value" in control) control.value = String(value ?? "");
  }
  openStatus(form, false);
}

const statusForm = () => /** @type {HTMLFormElement} */ (document.getElementById("status-form"));

/** @param {HTMLElement} element inside a row */
function urlOf(element) {
  return /** @type {HTMLElement} */ (element.closest("tr")).dataset.url ?? "";
}

/** @param {HTMLFormElement} form @param {boolean} isNew */
function openStatus(form, isNew) {
  form.dataset.new = String(isNew);
  shapeStatus(form);
  show("status-dialog");
}

/** @param {HTMLFormElement} form shows what the chosen kind uses */
function shapeStatus(form) {
  const kind = /** @type {HTMLSelectElement} */ (form.elements.namedItem("kind")).selectedOptions[0];
  const mode = /** @type {HTMLSelectElement} */ (form.elements.namedItem("date_mode")).value;
  const dated = "dated" in kind.dataset;
  shape(form, {
    new: form.dataset.new === "true",
    plain: kind.value === "plain",
    undated: !dated && !("ends" in kind.dataset),
    dated,
    relative: dated && mode === "relative",
    absolute: dated && mode === "absolute",
  });
}

/** @param {HTMLElement} form @param {Record<string, boolean>} wanted parts by data-when; what is not shown is not sent */
export function shape(form, wanted) {
  for (const element of form.querySelectorAll("[data-when]")) {
    const part = /** @type {HTMLElement} */ (element);
    part.hidden = !wanted[part.dataset.when ?? ""];
  }
  for (const control of form.querySelectorAll("[data-when] :is(input, select)")) {
    control.toggleAttribute("disabled", control.closest("[data-when][hidden]") !== null);
  }
}

/** @param {HTMLElement} row @param {boolean} hiding false: the status is hidden, only its cases are to move */
function openHiding(row, hiding) {
  const form = /** @type {HTMLFormElement} */ (document.getElementById("hide-form"));
  form.reset();
  form.dataset.scriptForm = `${row.dataset.url}/${hiding ? "hide" : "cases"}`;
  form.dataset.hiding = String(hiding);
  form.dataset.cases = row.dataset.cases;
  form.dataset.rules = hiding ? row.dataset.rules : "0";
  const words = { status: row.dataset.name ?? "", count: row.dataset.casesText ?? "" };
  part(form, "[data-title]").textContent = hiding
    ? _("Hide “%(status)s”", words)
    : _("Move the cases of “%(status)s”", words);
  part(form, "[data-cases-words]").textContent = _("Cases in it: %(count)s.", words);
  part(form, "[data-verb]").textContent = hiding ? _("Hide") : _("Move");
  for (const option of form.querySelectorAll("option")) option.hidden = option.value === row.dataset.id;
  shapeHiding(form);
  show("hide-dialog");
}

/** @param {HTMLFormElement} form */
function shapeHiding(form) {
  const hiding = form.dataset.hiding === "true";
  shape(form, {
    cases: form.dataset.cases !== "0",
    rules: form.dataset.rules !== "0",
    hiding,
    moving: !hiding || form.querySelector('[name="what"][value="move"]:checked') !== null,
  });
}

/** @param {HTMLElement} form @param {string} selector @returns {HTMLElement} */
function part(form, selector) {
  return /** @type {HTMLElement} */ (form.querySelector(selector));
}

// A new status stands at the end of the list: its row comes into view.
document.addEventListener("script:saved", (event) => {
  const { status } = /** @type {CustomEvent<{ status?: number }>} */ (event).detail ?? {};
  const name = status && table().querySelector(`[data-at="name-${status}"]`);
  if (!(name instanceof HTMLElement)) return;
  name.focus({ preventScroll: true });
  name.scrollIntoView({ block: "center" });
});

// ----- names -----

document.addEventListener("change", async (event) => {
  const input = event.target;
  if (!(input instanceof HTMLElement)) return;
  const form = input.closest("form");
  if (form?.id === "status-form") shapeStatus(form);
  if (form?.id === "hide-form") shapeHiding(form);
  if (!(input instanceof HTMLInputElement) || !("rename" in input.dataset)) return;
  input.removeAttribute("aria-invalid");
  if (input.value.trim() === input.defaultValue) return;
  input.ariaBusy = "true";
  try {
    await change(`${urlOf(input)}/name`, { name: input.value });
    announce(_("Saved"));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    input.ariaBusy = null;
    const now = table().querySelector(`[data-at="${CSS.escape(input.dataset.at ?? "")}"]`);
    if (now instanceof HTMLInputElement) {
      now.value = input.value;
      now.ariaInvalid = "true";
    }
    say(error.message);
  }
});

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !("rename" in input.dataset)) return;
  if (event.key === "Enter") input.blur();
  if (event.key === "Escape") {
    input.value = input.defaultValue;
    input.removeAttribute("aria-invalid");
    input.blur();
  }
});

// ----- order -----

document.addEventListener("keydown", (event) => {
  const handle = /** @type {Element} */ (event.target).closest?.("[data-handle]");
  const row = handle?.closest("tr");
  if (!handle || !row) return;
  if (event.key === " " || event.key === "Enter") {
    event.preventDefault();
    if (before) drop(row);
    else take(row);
  } else if (event.key === "Escape" && before) {
    putBack(row);
  } else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && before) {
    event.preventDefault();
    // The neighbour moves around the row, so the focus stays on the handle.
    if (event.key === "ArrowUp") row.previousElementSibling && row.after(row.previousElementSibling);
    else row.nextElementSibling && row.before(row.nextElementSibling);
    announce(place(row));
  }
});

document.addEventListener("focusout", (event) => {
  const handle = /** @type {Element} */ (event.target).closest?.("[data-handle][aria-pressed='true']");
  const row = handle?.closest("tr");
  if (row && before) drop(row);
});

document.addEventListener("pointerdown", (event) => {
  const handle = /** @type {Element} */ (event.target).closest?.("[data-handle]");
  const row = handle?.closest("tr");
  if (!handle || !row || event.button !== 0 || before) return;
  handle.setPointerCapture(event.pointerId);
  let moved = false;
  const follow = (/** @type {Event} */ each) => {
    const y = /** @type {PointerEvent} */ (each).clientY;
    if (!moved && Math.abs(y - event.clientY) < 4) return;
    if (!moved) take(row);
    moved = true;
    const target = rows().find((other) => other !== row && isOver(other, y));
    if (!target) return;
    if (target.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING) row.after(...between(target, row));
    else row.before(...between(row, target, true));
  };
  const end = () => {
    handle.removeEventListener("pointermove", follow);
    if (moved) drop(row);
  };
  handle.addEventListener("pointermove", follow);
  handle.addEventListener("lostpointercapture", end, { once: true });
});

/** @param {Element} row @param {number} y */
function isOver(row, y) {
  const { top, bottom } = row.getBoundingClientRect();
  return y >= top && y < bottom;
}

/** @param {Element} from @param {Element} to @param {boolean} [without] without `from` and with `to`, else the other way */
function between(from, to, without = false) {
  const all = rows();
  const [first, last] = [all.indexOf(/** @type {any} */ (from)), all.indexOf(/** @type {any} */ (to))];
  return without ? all.slice(first + 1, last + 1) : all.slice(first, last);
}

/** @param {HTMLTableRowElement} row */
function take(row) {
  before = rows();
  row.classList.add("is-drag");
  row.querySelector("[data-handle]")?.setAttribute("aria-pressed", "true");
  announce(_("Taken up. Move it with the arrow keys, put it down with space, Escape takes it back."));
}

/** @param {HTMLTableRowElement} row */
async function drop(row) {
  const earlier = before ?? [];
  release(row);
  const now = rows();
  if (now.every((each, index) => each === earlier[index])) return;
  announce(place(row));
  const done = await tryChange(table().dataset.order ?? "", { ids: now.map((each) => Number(each.dataset.id)) });
  if (!done && row.isConnected) table().tBodies[0].append(...earlier);
}

/** @param {HTMLTableRowElement} row */
function putBack(row) {
  const earlier = before ?? [];
  const at = earlier.indexOf(row);
  release(row);
  row.before(...earlier.slice(0, at));
  row.after(...earlier.slice(at + 1));
  announce(_("It stays where it was."));
}

/** @param {HTMLTableRowElement} row */
function release(row) {
  before = null;
  row.classList.remove("is-drag");
  row.querySelector("[data-handle]")?.setAttribute("aria-pressed", "false");
}

/** @param {HTMLTableRowElement} row */
function place(row) {
  const all = rows();
  return _("%(status)s: place %(place)s of %(all)s", {
    status: row.dataset.name ?? "",
    place: all.indexOf(row) + 1,
    all: all.length,
  });
}
