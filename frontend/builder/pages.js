// Pages of the form above the canvas: choose, add, rename, move, and, while one is empty, remove.
import { gettext as _ } from "../i18n.js";
import { announce } from "../toasts.js";
import { h, icon } from "./dom.js";
import * as edits from "./edits.js";

/** @typedef {import("./builder.js").Builder} Builder */

/** @param {Builder} builder @returns {Node[]} */
export function toolbar(builder) {
  const { data, history } = builder;
  const parts = [pages(builder)];
  if (!data.may_edit)
    return [...parts, h("span", { class: "sp-tag sp-push" }, icon("lock"), _("You may look, but not edit."))];
  parts.push(tool(_("Add a page"), "plus", "page add", () => add(builder)));
  parts.push(pageMenu(builder));
  parts.push(
    h(
      "span",
      { class: "sp-row gap-1 sp-push" },
      h(
        "button",
        { class: "btn btn-sm", type: "button", "data-narrow": "", "data-do": "builder-palette" },
        icon("plus"),
        _("Field"),
      ),
      tool(_("Undo (Ctrl Z)"), "arrow-back-up", "undo", () => builder.undo(), history.past.length === 0),
      tool(_("Redo (Ctrl Shift Z)"), "arrow-forward-up", "redo", () => builder.redo(), history.future.length === 0),
      tool(_("Keys of the builder (?)"), "keyboard", "keys", () => {}, false, { "data-do": "show:builder-keys" }),
    ),
  );
  return parts;
}

/** @param {Builder} builder */
export function pages(builder) {
  const group = h("div", { class: "sp-seg sp-pages", role: "group", "aria-label": _("Pages") });
  for (const page of builder.definition.pages) {
    const on = page.id === builder.page;
    const faults = edits.shownOn(builder.definition, page.id).filter((field) => builder.faultsOf(field).length).length;
    group.append(
      h(
        "button",
        {
          type: "button",
          "aria-pressed": on ? "true" : "false",
          "data-page": page.id,
          "data-at": `page ${page.id}`,
          onclick: () => builder.turnTo(page.id),
        },
        builder.pageName(page.id),
        faults > 0 && icon("alert-circle", _("has something to mend")),
      ),
    );
  }
  return group;
}

/** @param {Builder} builder */
function pageMenu(builder) {
  const { definition, page: id } = builder;
  const at = definition.pages.findIndex((page) => page.id === id);
  const page = definition.pages[at];
  const isEmpty = !definition.fields.some((field) => field.page === id);
  const label = _("Title of the page");
  return h(
    "span",
    { class: "sp-row gap-1 sp-pagetools" },
    h("input", {
      class: "form-control form-control-sm",
      value: page.title,
      placeholder: label,
      "aria-label": label,
      maxlength: 200,
      "data-at": "page title",
      "data-page-title": "",
      oninput: (/** @type {Event} */ event) => {
        const title = /** @type {HTMLInputElement} */ (event.target).value;
        builder.apply(edits.changePage(builder.definition, id, { title }), _("renamed the page"), {
          key: `page ${id}`,
          from: "page title",
        });
      },
    }),
    definition.pages.length > 1 &&
      tool(_("Move the page to the left"), "arrow-left", "page left", () => move(builder, -1), at === 0),
    definition.pages.length > 1 &&
      tool(
        _("Move the page to the right"),
        "arrow-right",
        "page right",
        () => move(builder, 1),
        at === definition.pages.length - 1,
      ),
    definition.pages.length > 1 &&
      isEmpty &&
      tool(_("Remove the empty page"), "trash", "page remove", () => remove(builder)),
  );
}

/** @param {Builder} builder */
function add(builder) {
  const [next, id] = edits.addPage(builder.definition, "", builder.page);
  builder.page = id;
  builder.selected = null;
  builder.apply(next, _("added a page"));
  announce(_("%(name)s added.", { name: builder.pageName(id) }));
  /** @type {HTMLElement | null} */ (document.querySelector("[data-page-title]"))?.focus();
}

/** @param {Builder} builder @param {number} step */
function move(builder, step) {
  builder.apply(edits.movePage(builder.definition, builder.page, step), _("moved the page"));
  const place = builder.definition.pages.findIndex((page) => page.id === builder.page) + 1;
  announce(_("Position %(place)s of %(count)s", { place, count: builder.definition.pages.length }));
}

/** @param {Builder} builder */
function remove(builder) {
  builder.apply(edits.removePage(builder.definition, builder.page), _("removed the empty page"));
  announce(_("The page is removed."));
}

/**
 * @param {string} label @param {string} sign @param {string} at @param {() => void} act @param {boolean} [off]
 * @param {Record<string, unknown>} [attributes]
 */
export function tool(label, sign, at, act, off = false, attributes = {}) {
  return h(
    "button",
    {
      class: "btn btn-icon btn-sm btn-ghost",
      type: "button",
      "aria-label": label,
      title: label,
      "data-at": at,
      "aria-disabled": off ? "true" : null,
      onclick: act,
      ...attributes,
    },
    icon(sign),
  );
}
