// Rows of a condition on the page: field, operator, value; all or any of them; groups inside.
import { gettext as _ } from "../i18n.js";
import { operatorWord, sortOf } from "./condition-words.js";
import { operatorsOf, takesValue, toFormula, toGroup } from "./conditions.js";
import { h, icon, redraw } from "./dom.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {import("./types.js").Field} Field */
/** @typedef {import("./types.js").Formula} Formula */
/** @typedef {import("./conditions.js").Group} Group */
/** @typedef {import("./conditions.js").Row} Row */
/** @typedef {import("./conditions.js").Part} Part */

const DEEPEST = 3;

export class ConditionEditor {
  /**
   * @param {Builder} builder
   * @param {{ label: string, formula: Formula | null, offered: Field[], change: (formula: Formula | null) => void }} options
   */
  constructor(builder, { label, formula, offered, change }) {
    this.builder = builder;
    this.label = label;
    this.offered = offered;
    this.change = change;
    this.group = toGroup(formula);
    this.sent = JSON.stringify(formula);
    this.element = h("div", { class: "sp-conds", role: "group", "aria-label": label });
    this.draw();
  }

  /** @param {Formula | null} formula @returns {boolean} whether the rows say something else, so that they must be made anew */
  differs(formula) {
    return JSON.stringify(formula) !== this.sent;
  }

  draw() {
    redraw(this.element, this.#group(this.group, 1, "c"));
  }

  #tell() {
    const formula = toFormula(this.group);
    const text = JSON.stringify(formula);
    this.draw();
    if (text === this.sent) return;
    this.sent = text;
    this.change(formula);
  }

  /** @param {Group} group @param {number} depth @param {string} at @returns {HTMLElement} */
  #group(group, depth, at) {
    const off = !this.builder.data.may_edit;
    const parts = group.parts.map((part, place) => this.#part(group, part, place, depth, `${at}.${place}`));
    const add = (/** @type {Part} */ part) => () => {
      group.parts.push(part);
      this.#tell();
      const last = this.element.querySelector(
        `[data-at="${at}.${group.parts.length - 1} field"], [data-at="${at}.${group.parts.length - 1}.0 field"]`,
      );
      /** @type {HTMLElement | null} */ (last)?.focus();
    };
    const join =
      group.parts.length > 1 &&
      h(
        "select",
        {
          class: "form-select form-select-sm w-auto",
          "aria-label": _("How the conditions are joined"),
          "data-at": `${at} join`,
          disabled: off,
          onchange: (/** @type {Event} */ event) => {
            group.join = /** @type {"and" | "or"} */ (/** @type {HTMLSelectElement} */ (event.target).value);
            this.#tell();
          },
        },
        option("and", _("all of these"), group.join),
        option("or", _("any of these"), group.join),
      );
    return h(
      "div",
      { class: depth > 1 ? "sp-condgroup" : "" },
      join,
      parts,
      !off &&
        h(
          "span",
          { class: "sp-row gap-1" },
          h(
            "button",
            {
              class: "sp-addline",
              type: "button",
              "data-at": `${at} add`,
              onclick: add({ field: "", operator: "", value: null }),
            },
            icon("plus"),
            _("Condition"),
          ),
          depth < DEEPEST &&
            group.parts.length > 0 &&
            h(
              "button",
              {
                class: "sp-addline",
                type: "button",
                "data-at": `${at} group`,
                onclick: add({
                  join: group.join === "and" ? "or" : "and",
                  parts: [{ field: "", operator: "", value: null }],
                }),
              },
              icon("brackets"),
              _("Group"),
            ),
        ),
    );
  }

  /** @param {Group} group @param {Part} part @param {number} place @param {number} depth @param {string} at */
  #part(group, part, place, depth, at) {
    const remove =
      !this.#isOff &&
      h(
        "button",
        {
          class: "sp-iconbtn",
          type: "button",
          "aria-label": _("Remove the condition"),
          "data-at": `${at} remove`,
          onclick: () => {
            group.parts.splice(place, 1);
            this.#tell();
            /** @type {HTMLElement | null} */ (this.element.querySelector("button"))?.focus();
          },
        },
        icon("x"),
      );
    if ("join" in part)
      return h("div", { class: "sp-row align-items-start" }, this.#group(part, depth + 1, at), remove);
    if ("raw" in part) return h("div", { class: "sp-cond" }, _("A formula that rows cannot show."), remove);
    return h(
      "div",
      { class: "sp-cond" },
      this.#field(part, at),
      part.field ? this.#operator(part, at) : null,
      part.field && takesValue(part.operator) ? this.#value(part, at) : null,
      remove,
    );
  }

  get #isOff() {
    return !this.builder.data.may_edit;
  }

  /** @param {Row} row @param {string} at */
  #field(row, at) {
    const fields = this.offered.filter((field) => sortOf(this.builder, field));
    const gone = row.field && !fields.some((field) => field.id === row.field);
    return h(
      "select",
      {
        class: "form-select form-select-sm",
        "aria-label": _("Field"),
        "data-at": `${at} field`,
        disabled: this.#isOff,
        onchange: (/** @type {Event} */ event) => {
          row.field = /** @type {HTMLSelectElement} */ (event.target).value;
          row.operator = operatorsOf(this.#sort(row))[0];
          row.value = null;
          this.#tell();
        },
      },
      option("", _("Choose a field"), row.field),
      gone && option(row.field, _("a field that is gone"), row.field),
      fields.map((field) => option(field.id, this.builder.name(field), row.field)),
    );
  }

  /** @param {Row} row @param {string} at */
  #operator(row, at) {
    const sort = this.#sort(row);
    return h(
      "select",
      {
        class: "form-select form-select-sm w-auto",
        "aria-label": _("Operator"),
        "data-at": `${at} operator`,
        disabled: this.#isOff,
        onchange: (/** @type {Event} */ event) => {
          const operator = /** @type {HTMLSelectElement} */ (event.target).value;
          if ((operator === "one_of") !== (row.operator === "one_of")) row.value = null;
          row.operator = operator;
          this.#tell();
        },
      },
      operatorsOf(sort).map((each) => option(each, operatorWord(each, sort), row.operator)),
    );
  }

  /** @param {Row} row @param {string} at @returns {HTMLElement} */
  #value(row, at) {
    const field = this.builder.definition.fields.find((each) => each.id === row.field);
    const sort = this.#sort(row);
    const attributes = { "aria-label": _("Value"), "data-at": `${at} value`, disabled: this.#isOff };
    /** @param {any} value */
    const set = (value) => {
      row.value = value;
      this.#tell();
    };
    const choices = /** @type {any[]} */ (field?.config.choices ?? []).filter(
      (choice) => !choice.hidden || String(row.value?.[1] ?? "").includes(choice.id),
    );
    if (row.operator === "one_of") {
      const chosen = row.value?.[1] ?? [];
      return h(
        "span",
        { class: "sp-opts", role: "group", "aria-label": _("Value") },
        choices.map((choice) =>
          h(
            "label",
            { class: "sp-opt" },
            h("input", {
              class: "form-check-input",
              type: "checkbox",
              disabled: this.#isOff,
              checked: chosen.includes(choice.id),
              "data-at": `${at} ${choice.id}`,
              onchange: (/** @type {Event} */ event) => {
                const on = /** @type {HTMLInputElement} */ (event.target).checked;
                const list = choices
                  .map((each) => each.id)
                  .filter((id) => (id === choice.id ? on : chosen.includes(id)));
                set(list.length ? ["list", list] : null);
              },
            }),
            choice.title,
          ),
        ),
      );
    }
    if (choices.length || sort === "choice") {
      return select(
        attributes,
        row.value?.[1] ?? "",
        choices.map((choice) => [choice.id, choice.title]),
        (id) => set(id ? ["text", id] : null),
      );
    }
    if (sort === "flag") {
      const now = row.value ? String(row.value[1]) : "";
      return select(
        attributes,
        now,
        [
          ["true", _("Yes")],
          ["false", _("No")],
        ],
        (text) => set(text ? ["flag", text === "true"] : null),
      );
    }
    if (sort === "date" || sort === "moment") return this.#moment(row, sort, attributes, set);
    return h("input", {
      class: "form-control form-control-sm",
      type: "text",
      inputmode: sort === "number" ? "decimal" : null,
      value: row.value?.[1] ?? "",
      size: 10,
      ...attributes,
      onchange: (/** @type {Event} */ event) => {
        set(literal(sort, /** @type {HTMLInputElement} */ (event.target).value.trim()));
      },
    });
  }

  /** @param {Row} row @param {string} sort @param {Record<string, unknown>} attributes @param {(value: any) => void} set */
  #moment(row, sort, attributes, set) {
    const day = sort === "date";
    const relative = day ? "today" : "now";
    const isRelative = row.value?.[0] === relative;
    const shown = row.value && !isRelative ? (day ? row.value[1] : toLocal(row.value[1])) : "";
    return h(
      "span",
      { class: "sp-row gap-1" },
      h(
        "label",
        { class: "sp-opt" },
        h("input", {
          class: "form-check-input",
          type: "checkbox",
          checked: isRelative,
          disabled: this.#isOff,
          "data-at": `${attributes["data-at"]} now`,
          onchange: (/** @type {Event} */ event) =>
            set(/** @type {HTMLInputElement} */ (event.target).checked ? [relative] : null),
        }),
        day ? _("today") : _("now"),
      ),
      !isRelative &&
        h("input", {
          class: "form-control form-control-sm",
          type: day ? "date" : "datetime-local",
          value: shown,
          ...attributes,
          onchange: (/** @type {Event} */ event) => {
            const { value } = /** @type {HTMLInputElement} */ (event.target);
            set(value ? [sort, day ? value : `${new Date(value).toISOString().slice(0, 16)}+00:00`] : null);
          },
        }),
    );
  }

  /** @param {Row} row @returns {string} */
  #sort(row) {
    const field = this.builder.definition.fields.find((each) => each.id === row.field);
    return (field && sortOf(this.builder, field)) ?? "text";
  }
}

/** @param {string} sort @param {string} text @returns {[string, string] | null} */
function literal(sort, text) {
  if (sort !== "number") return text ? ["text", text] : null;
  const number = text.replace(/[\s\u00a0]/g, "").replace(",", ".");
  return /^-?[0-9]{1,18}(\.[0-9]{1,6})?$/.test(number) ? ["number", number] : null;
}

/** @param {string} moment in UTC @returns {string} as an input of kind datetime-local holds it */
function toLocal(moment) {
  const at = new Date(moment);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** @param {string} value @param {string} text @param {string} now */
function option(value, text, now) {
  return new Option(text, value, value === now, value === now);
}

/** @param {Record<string, unknown>} attributes @param {string} now @param {[string, string][]} choices @param {(value: string) => void} set */
function select(attributes, now, choices, set) {
  return h(
    "select",
    {
      class: "form-select form-select-sm",
      ...attributes,
      onchange: (/** @type {Event} */ event) => set(/** @type {HTMLSelectElement} */ (event.target).value),
    },
    option("", _("Choose"), now),
    choices.map(([value, text]) => option(value, text, now)),
  );
}
