// Who sees a field and who may edit it.
import { gettext as _ } from "../i18n.js";
import { chosen, group, toggle } from "./controls.js";
import { h } from "./dom.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {import("./types.js").Field} Field */
/** @typedef {(changes: Partial<Field>) => void} Set */

/** @param {Builder} builder @param {Field} field @param {Set} set */
export function access(builder, field, set) {
  const kind = builder.kind(field.kind);
  const edit = kind.macro === "button" ? _("Who may press it") : _("Who may edit it");
  return [
    roles(
      builder,
      set,
      field,
      "visible_roles",
      _("Who sees it"),
      _("Whoever may not see a field gets neither its title nor its answers."),
    ),
    (kind.given || kind.macro === "button") && roles(builder, set, field, "editable_roles", edit, ""),
  ];
}

/** @param {Builder} builder @param {Set} set @param {Field} field @param {"visible_roles" | "editable_roles"} which @param {string} legend @param {string} help */
function roles(builder, set, field, which, legend, help) {
  const { roles: known, may_edit: may } = builder.data;
  const now = field[which];
  const everybody = now === null ? "all" : "some";
  const choice = chosen(
    legend,
    everybody,
    [
      ["all", _("everybody")],
      ["some", _("chosen roles")],
    ],
    (value) => set({ [which]: value === "all" ? null : known.map(({ name }) => name) }),
    { at: which, off: !may, help },
  );
  if (now === null) return choice;
  const names = known.map(({ name }) => name);
  const boxes = known.map(({ name, title }) =>
    toggle(
      title,
      now.includes(name),
      (on) => {
        const kept = now.filter((each) => !names.includes(each));
        set({ [which]: [...kept, ...names.filter((each) => (each === name ? on : now.includes(each)))] });
      },
      { at: `${which} ${name}`, off: !may },
    ),
  );
  return h("div", { class: "sp-stack" }, choice, group(_("Roles"), boxes, now.length ? "" : _("Nobody is chosen.")));
}
