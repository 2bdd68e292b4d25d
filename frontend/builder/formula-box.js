// The formula of a calculated field, written in words: [Price] * 2 + round([Share]; 1).
import { gettext as _ } from "../i18n.js";
import { labelled } from "./controls.js";
import { h } from "./dom.js";
import { FUNCTIONS, FormulaFault, parse, write } from "./formula.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {import("./types.js").Field} Field */
/** @typedef {import("./types.js").Formula} Formula */
/** @typedef {import("./types.js").Setting} Setting */

/**
 * What is written and is no formula yet, by field and setting: it must be there when one comes back to the field.
 * @type {Map<string, { text: string, told: boolean }>} `told`: why it is none
 */
const unfinished = new Map();

/** @param {Builder} builder @param {Field} field @param {Setting} setting @param {(formula: Formula | null) => void} set */
export function formulaBox(builder, field, setting, set) {
  const names = builder.names(field);
  const off = !builder.data.may_edit;
  const value = field.config[setting.name];
  const key = `${field.id} ${setting.name}`;
  const error = h("p", { class: "sp-err", role: "alert", hidden: true });
  const box = /** @type {HTMLTextAreaElement} */ (
    h("textarea", {
      class: "form-control sp-mono",
      rows: 3,
      readonly: off,
      spellcheck: "false",
      "data-at": `config ${setting.name}`,
      value: unfinished.get(key)?.text ?? (value ? write(value, names) : ""),
      oninput: () => read(!error.hidden),
      onblur: () => read(true),
    })
  );
  const row = labelled(setting.label, box, _("Fields stand in brackets: [Price] * [Share] / 100."));
  row.append(error);
  if (!off) row.append(pieces());
  if (unfinished.has(key)) read(unfinished.get(key)?.told);
  return row;

  /** @param {boolean} [telling] why it is no formula: not before one has left it */
  function read(telling = false) {
    try {
      const formula = box.value.trim() ? parse(box.value, names) : null;
      unfinished.delete(key);
      error.hidden = true;
      row.classList.remove("has-err");
      if (formula || setting.optional) set(formula);
    } catch (fault) {
      if (!(fault instanceof FormulaFault)) throw fault;
      unfinished.set(key, { text: box.value, told: telling });
      row.classList.toggle("has-err", telling);
      error.hidden = !telling;
      const near = box.value.slice(fault.at, fault.at + 12).trim();
      const where = near ? _("It is at “%(place)s”.", { place: near }) : "";
      error.textContent = `${fault.message} ${where}`.trim();
    }
  }

  function pieces() {
    /** @param {string} text @param {number} back where the cursor goes, counted from the end */
    const insert =
      (text, back = 0) =>
      () => {
        box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
        box.selectionStart = box.selectionEnd -= back;
        box.focus();
        read(!error.hidden);
      };
    const fields = [...names.keys()].map((name) =>
      h("button", { class: "sp-tog", type: "button", onclick: insert(`[${name}]`) }, name),
    );
    const functions = Object.keys(FUNCTIONS).map((name) =>
      h("button", { class: "sp-tog", type: "button", onclick: insert(`${name}()`, 1) }, name),
    );
    return h(
      "details",
      { class: "sp-xs" },
      h("summary", {}, _("Fields and functions")),
      h("div", { class: "sp-opts py-1" }, fields),
      h("div", { class: "sp-opts" }, functions),
    );
  }
}
