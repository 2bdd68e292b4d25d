// Below the canvas: what is hidden. Nothing of it is lost, and each can be shown again.
import { gettext as _ } from "../i18n.js";
import { h, icon, redraw } from "./dom.js";

/** @typedef {import("./builder.js").Builder} Builder */

/**
 * @param {Builder} builder @param {HTMLElement} place
 * @param {{ beside?: (field: import("./types.js").Field) => string, choosable?: boolean }} [options] `beside`: words
 *   behind the name; `choosable`: whether the name selects the field
 * @returns {() => void} draws it anew
 */
export function tray(builder, place, { beside = () => "", choosable = true } = {}) {
  const draw = () => {
    const hidden = builder.definition.fields.filter((field) => field.hidden);
    place.hidden = hidden.length === 0;
    if (!hidden.length) return place.replaceChildren();
    const items = hidden.map((field) => {
      const name = builder.name(field);
      return h(
        "span",
        { class: "sp-hid" },
        h(
          choosable ? "button" : "span",
          {
            class: "sp-hidname",
            ...(choosable && {
              type: "button",
              "data-at": `hidden ${field.id}`,
              onclick: () => builder.select(field.id),
            }),
          },
          icon(builder.kind(field.kind).icon),
          h("span", { class: "sp-cut" }, name),
        ),
        beside(field) && h("span", { class: "sp-3 text-nowrap" }, beside(field)),
        builder.data.may_edit &&
          h(
            "button",
            {
              class: "sp-iconbtn",
              type: "button",
              "aria-label": _("Show again: %(name)s", { name }),
              title: _("Show again"),
              "data-at": `show ${field.id}`,
              onclick: () => builder.show(field.id),
            },
            icon("eye"),
          ),
      );
    });
    redraw(place, icon("eye-off"), h("span", {}, _("Hidden, nothing is lost:")), items);
  };
  builder.onChange(draw);
  draw();
  return draw;
}
