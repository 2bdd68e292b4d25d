// Settings of a kind, drawn from their rules: a new kind with settings of known rules needs nothing here.
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { say } from "../toasts.js";
import { choiceList } from "./choices.js";
import { chosen, labelled, text, toggle, whole } from "./controls.js";
import { h } from "./dom.js";
import * as edits from "./edits.js";
import { formulaBox } from "./formula-box.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {import("./types.js").Field} Field */
/** @typedef {import("./types.js").Setting} Setting */

/** @param {Builder} builder @param {Field} field @param {() => void} redraw @returns {(Node | null)[]} */
export function settings(builder, field, redraw) {
  const kind = builder.kind(field.kind);
  return kind.settings.map((setting) => (matters(field, setting) ? draw(builder, field, setting, redraw) : null));
}

/** @param {Field} field @param {Setting} setting @returns {boolean} whether the other setting that it hangs on allows it */
function matters(field, { when }) {
  return !when || when[1].includes(field.config[when[0]]);
}

/** @param {Builder} builder @param {Field} field @param {Setting} setting @param {() => void} redraw @returns {Node | null} */
function draw(builder, field, setting, redraw) {
  const { name, label } = setting;
  const value = field.config[name];
  const fixed = builder.kind(field.kind).fixed.includes(name) && builder.data.published.includes(field.id);
  const help = fixed ? _("Published: another value would give stored answers another meaning.") : "";
  const options = { at: `config ${name}`, off: fixed || !builder.data.may_edit, help };
  /** @param {any} next @param {string} [from] */
  const set = (next, from = "properties") => {
    const definition = edits.changeConfig(builder.definition, field.id, { [name]: next });
    builder.apply(definition, _("changed “%(name)s”", { name: label }), { key: `config ${name} ${field.id}`, from });
    if (!from) redraw();
  };
  switch (setting.rule) {
    case "words":
      return text(label, value ?? "", (next) => set(next), { ...options, limit: setting.limit });
    case "lines":
      return lines(builder, setting, value ?? "", (next) => set(next), options);
    case "whole":
      return whole(label, value, (next) => set(next), { ...options, ...setting });
    case "exact":
      return decimal(label, value, (next) => set(next), options);
    case "flag":
      return toggle(label, value, (next) => set(next), options);
    case "one_of":
      return oneOf(setting, value, (next) => set(next, ""), options);
    case "choices":
      return choiceList(builder, field, redraw);
    case "formula":
      return formulaBox(builder, field, setting, (next) => set(next));
    case "token":
      return page(builder, setting, value, (next) => set(next, ""), options);
    case "row":
      return row(builder, setting, value, (next) => set(next, ""), options);
    default:
      return null;
  }
}

/** @typedef {{ at: string, off: boolean, help: string }} Options */

/** @param {Builder} builder @param {Setting} setting @param {string} value @param {(next: string) => void} set @param {Options} options */
function lines(builder, setting, value, set, options) {
  const row = text(setting.label, value, set, {
    ...options,
    limit: setting.limit,
    lines: setting.name === "text" ? 6 : 3,
  });
  const box = /** @type {HTMLTextAreaElement} */ (row.querySelector("textarea"));
  if (options.off) return row;
  const tags = builder.data.merge_fields.map(({ name, title }) =>
    h(
      "button",
      {
        class: "sp-tog",
        type: "button",
        title,
        onclick: () => {
          box.setRangeText(`{{ ${name} }}`, box.selectionStart, box.selectionEnd, "end");
          box.dispatchEvent(new Event("input", { bubbles: true }));
          box.focus();
        },
      },
      name,
    ),
  );
  const advice =
    setting.name === "text"
      ? h("p", { class: "sp-help" }, _("A paragraph in brackets is an instruction for the agent."))
      : null;
  row.append(
    h("details", { class: "sp-xs" }, h("summary", {}, _("Merge fields")), h("div", { class: "sp-opts pt-1" }, tags)),
  );
  if (advice) row.append(advice);
  return row;
}

/** @param {string} label @param {string | null} value @param {(next: string | null) => void} set @param {Options} options */
function decimal(label, value, set, options) {
  const comma = Intl.NumberFormat(document.documentElement.lang).format(0.5)[1];
  const shown = (value ?? "").replace(".", comma);
  const row = text(
    label,
    shown,
    (typed) => {
      const number = typed.replace(/[\s\u00a0]/g, "").replace(",", ".");
      const fits = /^(-?\d{1,18}(\.\d{1,18})?)?$/.test(number);
      row.classList.toggle("has-err", !fits);
      if (fits) set(number || null);
    },
    { ...options, mode: "decimal" },
  );
  return row;
}

/** @param {Setting} setting @param {any} value @param {(next: any) => void} set @param {Options} options */
function oneOf(setting, value, set, options) {
  const values = setting.values ?? [];
  if (values.length < 2) return null;
  const change = (/** @type {string} */ next) => set(values.find(([each]) => String(each) === next)?.[0]);
  return chosen(
    setting.label,
    String(value),
    values.map(([each, words]) => [String(each), words]),
    change,
    options,
  );
}

/** @param {Builder} builder @param {Setting} setting @param {string | null} value @param {(next: string | null) => void} set @param {Options} options */
function page(builder, setting, value, set, options) {
  const pages = builder.definition.pages.map(({ id }) => /** @type {[string, string]} */ ([id, builder.pageName(id)]));
  return chosen(setting.label, value ?? "", [["", _("Choose")], ...pages], (next) => set(next || null), options);
}

/** @param {Builder} builder @param {Setting} setting @param {number | null} value @param {(next: number | null) => void} set @param {Options} options */
function row(builder, setting, value, set, options) {
  if (setting.kind === "picture") return picture(builder, setting, value, set, options);
  const rows = setting.kind === "status" ? builder.data.statuses : (builder.data.rows[setting.kind ?? ""] ?? []);
  const known = rows.map(({ id, name }) => /** @type {[string, string]} */ ([String(id), name]));
  if (value !== null && !rows.some(({ id }) => id === value))
    known.push([String(value), _("not offered any more (%(id)s)", { id: value })]);
  const advice =
    setting.kind === "status" && !rows.length
      ? _("Give this form to a script first: its statuses are offered here.")
      : options.help;
  return chosen(
    setting.label,
    String(value ?? ""),
    [["", _("Choose")], ...known],
    (next) => set(next ? Number(next) : null),
    { ...options, help: advice },
  );
}

/** @param {Builder} builder @param {Setting} setting @param {number | null} value @param {(next: number) => void} set @param {Options} options */
function picture(builder, setting, value, set, options) {
  const upload = async (/** @type {Event} */ event) => {
    const file = /** @type {HTMLInputElement} */ (event.target).files?.[0];
    if (!file || !builder.data.picture) return;
    const form = new FormData();
    form.append("file", file);
    try {
      set((await send(builder.data.picture, { form })).id);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      say(error.message);
    }
  };
  const control = h("input", {
    class: "form-control",
    type: "file",
    accept: "image/*",
    disabled: options.off,
    "data-at": options.at,
    onchange: upload,
  });
  return labelled(setting.label, control, value ? _("A picture is chosen; another one takes its place.") : "");
}
