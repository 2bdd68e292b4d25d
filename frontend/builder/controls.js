// Controls of the properties: each shows a value and tells of another one.
import { h } from "./dom.js";

/** @typedef {{ at: string, off?: boolean, help?: string }} Options `at`: names the control, so that it keeps the focus */

let made = 0;

/** @param {string} label @param {HTMLElement} control @param {string} [help] */
export function labelled(label, control, help = "") {
  control.id ||= `builder-${++made}`;
  if (help) control.setAttribute("aria-describedby", `${control.id}-h`);
  return h(
    "div",
    { class: "sp-f" },
    h("label", { for: control.id }, label),
    control,
    help && h("p", { class: "sp-help", id: `${control.id}-h` }, help),
  );
}

/** @param {string} label @param {string} value @param {(value: string) => void} change @param {Options & { limit?: number, placeholder?: string, lines?: number, mode?: string }} options */
export function text(label, value, change, { at, off = false, help = "", limit, placeholder = "", lines = 0, mode }) {
  const attributes = {
    class: "form-control",
    "data-at": at,
    readonly: off,
    maxlength: limit,
    placeholder,
    autocomplete: "off",
    inputmode: mode,
    oninput: (/** @type {Event} */ event) => change(/** @type {HTMLInputElement} */ (event.target).value),
  };
  const control = lines
    ? h("textarea", { ...attributes, rows: lines, value })
    : h("input", { ...attributes, type: "text", value });
  return labelled(label, control, help);
}

/** @param {string} label @param {number | null} value @param {(value: number | null) => void} change @param {Options & { smallest?: number, largest?: number, optional?: boolean }} options */
export function whole(label, value, change, { at, off = false, help = "", smallest, largest, optional = false }) {
  const control = h("input", {
    class: "form-control sp-num",
    type: "number",
    step: 1,
    min: smallest,
    max: largest,
    value: value ?? "",
    readonly: off,
    "data-at": at,
    oninput: (/** @type {Event} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.target);
      if (input.value === "" ? optional : input.validity.valid) change(input.value === "" ? null : Number(input.value));
    },
  });
  return labelled(label, control, help);
}

/** @param {string} label @param {boolean} value @param {(value: boolean) => void} change @param {Options} options */
export function toggle(label, value, change, { at, off = false }) {
  const box = h("input", {
    class: "form-check-input",
    type: "checkbox",
    role: "switch",
    checked: value,
    disabled: off,
    "data-at": at,
    onchange: (/** @type {Event} */ event) => change(/** @type {HTMLInputElement} */ (event.target).checked),
  });
  return h("label", { class: "form-check form-switch" }, box, " ", h("span", { class: "form-check-label" }, label));
}

/** @param {string} label @param {string} value @param {[string, string][]} choices value and words @param {(value: string) => void} change @param {Options} options */
export function chosen(label, value, choices, change, { at, off = false, help = "" }) {
  const options = choices.map(([each, words]) => new Option(words, each, each === value, each === value));
  const control = h(
    "select",
    {
      class: "form-select",
      disabled: off,
      "data-at": at,
      onchange: (/** @type {Event} */ event) => change(/** @type {HTMLSelectElement} */ (event.target).value),
    },
    options,
  );
  return labelled(label, control, help);
}

/** @param {string} legend @param {string} value @param {[string, string, string][]} choices value, sign, words @param {(value: string) => void} change @param {Options} options */
export function segments(legend, value, choices, change, { at, off = false }) {
  const name = `builder-${++made}`;
  const parts = choices.map(([each, sign, words]) =>
    h(
      "label",
      { title: words },
      h("input", {
        type: "radio",
        name,
        value: each,
        checked: each === value,
        disabled: off,
        "aria-label": words,
        "data-at": `${at} ${each}`,
        onchange: () => change(each),
      }),
      sign,
    ),
  );
  return h(
    "fieldset",
    { class: "sp-f" },
    h("legend", {}, legend),
    h("div", { class: "sp-seg align-self-start" }, parts),
  );
}

/** @param {string} legend @param {Node[]} boxes @param {string} [help] */
export function group(legend, boxes, help = "") {
  return h(
    "fieldset",
    { class: "sp-f" },
    h("legend", {}, legend),
    h("div", { class: "sp-stack" }, boxes),
    help && h("p", { class: "sp-help" }, help),
  );
}
