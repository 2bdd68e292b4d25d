// Buttons that stand side by side on the form, as rows of one card: handle, name, the status that each sets, hide.
import { h, icon } from "../builder/dom.js";
import * as edits from "../builder/edits.js";
import { gettext as _ } from "../i18n.js";
import { announce } from "../toasts.js";
import { grip, hide, title } from "./fields.js";

/** @typedef {import("../builder/builder.js").Builder} Builder */
/** @typedef {import("../builder/types.js").Field} Field */
/** @typedef {import("../builder/types.js").Status} Status */

const SETS = "set_status";

/** @param {Builder} builder @param {Field[]} buttons @returns {import("./fields.js").Drawn} */
export function drawButtons(builder, buttons) {
  const faults = buttons.flatMap((button) =>
    (builder.faults[button.id] ?? []).map((fault) => `${builder.name(button)}: ${fault}`),
  );
  const last = /** @type {Field} */ (buttons.at(-1));
  return {
    attributes: {
      class: `sp-ef w6${faults.length ? " has-fault" : ""}`,
      "data-buttons": "",
      "aria-label": _("Buttons"),
    },
    parts: [
      h("div", { class: "sp-etop" }, icon("click"), h("b", { class: "sp-sm" }, _("Buttons"))),
      h(
        "ul",
        { class: "sp-elist", "aria-label": _("Buttons") },
        buttons.map((button) => row(builder, button)),
      ),
      h(
        "button",
        {
          class: "sp-addline mt-1",
          type: "button",
          "data-at": `add after ${last.id}`,
          onclick: () => add(builder, last),
        },
        icon("plus"),
        _("Button"),
      ),
      faults.map((fault) => h("p", { class: "sp-err" }, icon("alert-circle"), fault)),
    ],
  };
}

/** @param {Builder} builder @param {Field} button */
function row(builder, button) {
  const name = builder.name(button);
  const status = builder.data.statuses.find(({ id }) => id === button.config.status_id);
  const look = status ? ` k-${status.look}` : "";
  return h(
    "li",
    { "data-id": button.id },
    grip(button.id, name, "sp-iconbtn g"),
    h("span", { class: `sp-kmark${look}` }, icon(status?.icon ?? "click")),
    title(builder, button, name),
    button.config.action === SETS
      ? sets(builder, button, name)
      : h("span", { class: "sp-3 sp-xs sp-cut" }, action(builder, button)),
    hide(builder, button, name),
  );
}

/** @param {Builder} builder @param {Field} button @param {string} name */
function sets(builder, button, name) {
  const { statuses } = builder.data;
  const scripts = [...new Set(statuses.map(({ script }) => script))];
  const option = (/** @type {Status} */ { id, name: title }) =>
    h("option", { value: id, selected: id === button.config.status_id }, title);
  const isKnown = statuses.some(({ id }) => id === button.config.status_id);
  const choose = (/** @type {Event} */ event) => {
    const id = Number(/** @type {HTMLSelectElement} */ (event.target).value) || null;
    const next = edits.changeConfig(builder.definition, button.id, { status_id: id });
    builder.apply(next, _("changed what “%(name)s” sets", { name }));
  };
  return [
    h("span", { class: "sp-3 sp-xs hide-sm" }, _("sets")),
    h(
      "select",
      {
        class: "form-select form-select-sm sp-sets",
        "aria-label": _("Status that the button sets: %(name)s", { name }),
        "data-at": `status ${button.id}`,
        "data-plain": "",
        onchange: choose,
      },
      !isKnown &&
        h("option", { value: "", selected: true }, button.config.status_id ? _("(a hidden status)") : _("Choose")),
      scripts.length < 2
        ? statuses.map(option)
        : scripts.map((script) =>
            h("optgroup", { label: script }, statuses.filter((each) => each.script === script).map(option)),
          ),
    ),
  ];
}

/** @param {Builder} builder @param {Field} button @returns {string} what it does, of those that the full builder sets up */
function action(builder, button) {
  const setting = builder.kind(button.kind).settings.find(({ name }) => name === "action");
  return setting?.values?.find(([value]) => value === button.config.action)?.[1] ?? "";
}

/** @param {Builder} builder @param {Field} last the new one stands behind it, and sets a status that none sets yet */
function add(builder, last) {
  const used = new Set(builder.definition.fields.map((field) => field.config.status_id));
  const status = builder.data.statuses.find(({ id }) => !used.has(id)) ?? builder.data.statuses[0];
  const field = edits.newField("button", builder.kind("button"), last.page);
  field.config.status_id = status?.id ?? null;
  const place = builder.shown.findIndex(({ id }) => id === last.id) + 1;
  builder.selected = field.id;
  builder.apply(edits.place(builder.definition, field, last.page, place), _("added a button"));
  const box = document.querySelector(`[data-at="title ${field.id}"]`);
  if (box instanceof HTMLElement) box.focus();
  announce(_("%(name)s added.", { name: builder.name(field) }));
}
