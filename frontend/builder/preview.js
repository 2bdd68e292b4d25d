// The form as a role sees it, drawn by the server's renderer while one edits; with the answers of a case, if one is
// chosen. What is typed here is kept while the form changes, and saved nowhere.
import { fill, read } from "../form/fields.js";
import { bindPages, rebind } from "../form/pages.js";
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { enhanceSelects } from "../selects.js";
import { h, icon } from "./dom.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {{ fragment: string, values: Record<string, any>, names: Record<string, string>, merge: Record<string, string>, given: Record<string, boolean> }} Drawn */

const SOON_MS = 250;

/** @param {Builder} builder @param {HTMLElement} place */
export async function preview(builder, place) {
  const { roles, urls } = builder.data;
  const kept = sessionStorage.getItem("builder-role");
  const role = /** @type {HTMLSelectElement} */ (
    h(
      "select",
      {
        class: "form-select form-select-sm w-auto",
        id: "preview-role",
        "data-plain": "",
        onchange: () => (sessionStorage.setItem("builder-role", role.value), draw(true)),
      },
      roles.map(({ name, title }) => new Option(title, name, name === "agent", name === (kept ?? "agent"))),
    )
  );
  const number = /** @type {HTMLSelectElement} */ (
    h(
      "select",
      {
        class: "form-select form-select-sm",
        id: "preview-case",
        "data-url": urls.cases,
        "data-placeholder": _("a new case"),
        onchange: () => draw(true),
      },
      new Option("", ""),
    )
  );
  const form = h("div", { class: "sp-form", id: "form" });
  const problem = h("p", { class: "sp-err", role: "alert", hidden: true });
  place.append(
    h(
      "div",
      { class: "sp-row mb-3 sp-row-wrap" },
      h("label", { class: "sp-label", for: "preview-role" }, _("Preview as")),
      role,
      h("label", { class: "sp-label", for: "preview-case" }, _("with the case")),
      h("span", { class: "sp-case-pick" }, number),
      h("span", { class: "sp-tag warn" }, icon("eye"), _("answers are not saved")),
    ),
    problem,
    h("div", { class: "sp-card" }, h("div", { class: "in" }, form)),
  );
  enhanceSelects(place);
  /** @type {Drawn} */
  let drawn = { fragment: "", values: {}, names: {}, merge: {}, given: {} };
  let asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  bindPages(form, { given: () => drawn.given });
  form.addEventListener("focusin", (event) => selectAt(event.target));
  form.addEventListener("click", (event) => selectAt(event.target));
  builder.onChange((from) => {
    mark();
    if (["canvas", "preview", "faults"].includes(from)) return;
    clearTimeout(timer);
    timer = setTimeout(() => draw(false), SOON_MS);
  });
  await draw(true);

  /** @param {boolean} anew another role or case: what was typed goes */
  async function draw(anew) {
    const turn = ++asked;
    const json = { definition: builder.definition, role: role.value, case: number.value || null };
    try {
      const next = /** @type {Drawn} */ (await send(urls.preview, { json }));
      if (turn !== asked) return; // a newer one is on its way
      problem.hidden = true;
      show(next, anew);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problem.hidden = false;
      problem.textContent = error.message;
    }
  }

  /** @param {Drawn} next @param {boolean} anew */
  function show(next, anew) {
    const typed = anew ? {} : changed(read(form), drawn.values);
    drawn = next;
    if (form.innerHTML !== next.fragment) form.innerHTML = next.fragment;
    fill(form, { ...next.values, ...typed }, { saved: next.values, titles: next.names });
    for (const merge of form.querySelectorAll("[data-merge]")) {
      const value = next.merge[merge.getAttribute("data-merge") ?? ""];
      if (value) merge.textContent = value;
    }
    rebind(form);
    mark();
  }

  function mark() {
    for (const field of form.querySelectorAll("[data-key]")) {
      field.classList.toggle("is-picked", field.getAttribute("data-key") === builder.selected);
    }
  }

  /** @param {EventTarget | null} target */
  function selectAt(target) {
    const key = target instanceof Element ? target.closest("[data-key]")?.getAttribute("data-key") : null;
    if (key) builder.select(key, "preview");
  }
}

/** @param {Record<string, any>} now @param {Record<string, any>} before @returns {Record<string, any>} what was typed since */
function changed(now, before) {
  return Object.fromEntries(Object.entries(now).filter(([key, value]) => String(value) !== String(before[key] ?? "")));
}
