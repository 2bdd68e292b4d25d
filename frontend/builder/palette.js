// The left side: every kind of field, in groups, with a search. A click adds it behind the selected field.
import { gettext as _ } from "../i18n.js";
import { announce } from "../toasts.js";
import { h, icon } from "./dom.js";

/** @typedef {import("./builder.js").Builder} Builder */

/** @param {Builder} builder @param {HTMLElement} place @param {() => void} added */
export function palette(builder, place, added) {
  const { kinds, order, groups, may_edit: may } = builder.data;
  if (!may) {
    place.hidden = true;
    return;
  }
  const search = /** @type {HTMLInputElement} */ (
    h("input", {
      class: "form-control form-control-sm",
      type: "search",
      placeholder: _("Search for a field"),
      "aria-label": _("Search for a field"),
      "data-own-undo": "",
    })
  );
  const close = h(
    "button",
    {
      class: "btn btn-ghost btn-icon btn-sm",
      type: "button",
      "data-narrow": "",
      "data-do": "builder-drawer:",
      "aria-label": _("Close"),
    },
    icon("x"),
  );
  const nothing = h("p", { class: "sp-3 sp-xs p-1", hidden: true }, _("No kind of that name."));
  place.append(h("div", { class: "sp-row gap-1" }, search, close), nothing);
  for (const group of groups) {
    const members = order.filter((code) => kinds[code].group === group.name);
    if (!members.length) continue;
    const items = members.map((code) =>
      h(
        "li",
        {},
        h(
          "button",
          { type: "button", "data-kind": code, onclick: () => add(code) },
          icon(kinds[code].icon),
          kinds[code].title,
        ),
      ),
    );
    place.append(h("div", { "data-group": "" }, h("h2", {}, group.title), h("ul", {}, items)));
  }

  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = [...place.querySelectorAll("li:not([hidden]) button")][0];
    if (search.value && first instanceof HTMLElement) first.click();
  });
  place.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...place.querySelectorAll("li:not([hidden]) button")];
    const at = all.indexOf(/** @type {Element} */ (document.activeElement));
    const next = all[at + step];
    if (next instanceof HTMLElement) next.focus();
    else if (at + step < 0) search.focus();
  });

  /** What is offered is what the words in the search name. */
  function find() {
    const words = fold(search.value);
    let found = 0;
    for (const group of place.querySelectorAll("[data-group]")) {
      let here = 0;
      for (const item of group.querySelectorAll("li")) {
        item.hidden = !fold(item.textContent ?? "").includes(words);
        here += Number(!item.hidden);
      }
      /** @type {HTMLElement} */ (group).hidden = here === 0;
      found += here;
    }
    nothing.hidden = found > 0;
    if (!found) announce(_("No kind of that name."));
  }

  /** @param {string} code */
  function add(code) {
    if (place.dataset.dragged !== undefined) return; // the click that ends a drag
    builder.add(code);
    search.value = "";
    find();
    added();
  }
}

/** @param {string} text */
function fold(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/ł/g, "l").trim();
}
