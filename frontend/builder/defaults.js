// The answer of a new case: typed as on the card, read by the server, stored as the kind stores it.
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { chosen, group, text } from "./controls.js";
import { h } from "./dom.js";
import * as edits from "./edits.js";
import { steps } from "./picture.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {import("./types.js").Field} Field */

/** @param {Builder} builder @param {Field} field @returns {Node | null} */
export function defaultAnswer(builder, field) {
  const kind = builder.kind(field.kind);
  if (!kind.default) return null;
  const label = _("Answer of a new case");
  const options = { at: "default", off: !builder.data.may_edit };
  const choices = (field.config.choices ?? []).filter((/** @type {any} */ choice) => !choice.hidden);
  /** @param {any} value @param {string} [from] */
  const store = (value, from = "") =>
    builder.apply(edits.changeField(builder.definition, field.id, { default: value }), _("changed the default"), {
      key: `default ${field.id}`,
      from,
    });
  if (kind.macro === "multiple_choice") {
    const now = /** @type {string[]} */ (field.default ?? []);
    const boxes = choices.map((/** @type {any} */ choice) =>
      h(
        "label",
        { class: "form-check" },
        h("input", {
          class: "form-check-input",
          type: "checkbox",
          checked: now.includes(choice.id),
          disabled: options.off,
          "data-at": `default ${choice.id}`,
          onchange: (/** @type {Event} */ event) => {
            const on = /** @type {HTMLInputElement} */ (event.target).checked;
            const ids = choices
              .map((/** @type {any} */ each) => each.id)
              .filter((/** @type {string} */ id) => (id === choice.id ? on : now.includes(id)));
            store(ids.length ? ids : null);
          },
        }),
        " ",
        h("span", { class: "form-check-label" }, choice.title),
      ),
    );
    return boxes.length ? group(label, boxes) : null;
  }
  const listed = listedOf(field, kind.macro, choices);
  if (listed) {
    const now = listed.findIndex(([value]) => value === field.default);
    const words = listed.map(([, title], at) => /** @type {[string, string]} */ ([String(at), title]));
    return chosen(
      label,
      now < 0 ? "" : String(now),
      [["", _("none")], ...words],
      (at) => store(at === "" ? null : listed[Number(at)][0]),
      options,
    );
  }
  return written(builder, field, label, store, options);
}

/** @param {Field} field @param {string} macro @param {any[]} choices @returns {[any, string][] | null} what may be chosen; null: one writes */
function listedOf(field, macro, choices) {
  if (Array.isArray(field.config.choices)) return choices.map((choice) => [choice.id, choice.title]);
  if (macro === "yes_no")
    return [
      [true, _("Yes")],
      [false, _("No")],
    ];
  return macro === "rating" ? steps(field).map((step) => [Number(step), step]) : null;
}

/**
 * @param {Builder} builder @param {Field} field @param {string} label @param {(value: any, from?: string) => void} store
 * @param {{ at: string, off: boolean }} options
 */
function written(builder, field, label, store, options) {
  const shown =
    builder.data.defaults[`${field.id} ${JSON.stringify(field.default)}`] ?? builder.data.defaults[field.id];
  const value = field.default === null ? "" : String(shown ?? field.default);
  const mended = () => {
    row.classList.remove("has-err");
    error.hidden = true;
  };
  const row = text(label, value, mended, { ...options, lines: field.kind === "long_text" ? 3 : 0 });
  const error = h("p", { class: "sp-err", role: "alert", hidden: true });
  row.append(error);
  const input = /** @type {HTMLInputElement} */ (row.querySelector("input, textarea"));
  input.addEventListener("change", async () => {
    try {
      const now = edits.fieldOf(builder.definition, field.id) ?? field;
      const answer = await send(builder.data.urls.default, { json: { field: now, raw: input.value } });
      builder.data.defaults[`${field.id} ${JSON.stringify(answer.value)}`] = answer.shown;
      error.hidden = true;
      input.value = answer.shown;
      store(answer.value, "properties");
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      row.classList.add("has-err");
      error.hidden = false;
      error.textContent = refusal.message;
    }
  });
  return row;
}
