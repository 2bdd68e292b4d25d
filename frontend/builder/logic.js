// Page logic: the pages as boxes, the ways between them as arrows, and beside them where the chosen page leads.
import { gettext as _, ngettext } from "../i18n.js";
import { announce } from "../toasts.js";
import { ConditionEditor } from "./condition-editor.js";
import { inWords } from "./condition-words.js";
import { chosen, text } from "./controls.js";
import { h, icon, redraw, svgElement } from "./dom.js";
import * as edits from "./edits.js";
import { BOX, layOut } from "./graph.js";
import { END, joined, reach, split, waysOf } from "./ways.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {import("./types.js").Page} Page */
/** @typedef {import("./types.js").Branch} Branch */

const NEXT = "next";
const LONGEST_LABEL = 26;
const LONGEST_TITLE = 22;

/** @param {Builder} builder @param {HTMLElement} root */
export function logic(builder, root) {
  const graph = /** @type {HTMLElement} */ (root.querySelector("#builder-graph"));
  const side = /** @type {HTMLElement} */ (root.querySelector("#builder-properties"));
  /** @type {Map<string, ConditionEditor>} conditions that are not complete yet live here */
  const editors = new Map();
  const draw = (/** @type {string} */ from) => {
    redraw(graph, summary(builder), drawing(builder));
    if (from !== "properties") redraw(side, properties(builder, editors));
  };
  builder.onChange(draw);
  draw("");
}

/** @param {Builder} builder @returns {Element} */
function drawing(builder) {
  const { definition } = builder;
  const { boxes, arrows, width, height } = layOut(definition);
  const svg = svgElement("svg", {
    class: "sp-graph",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "group",
    "aria-label": _("Pages and the ways between them"),
  });
  const marker = svgElement(
    "marker",
    { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto" },
    svgElement("path", { d: "M0 0l8 4-8 4z" }),
  );
  svg.append(svgElement("defs", {}, marker));
  for (const { path } of arrows)
    svg.append(svgElement("path", { class: "edge", d: path, "marker-end": "url(#arrow)" }));
  for (const box of boxes) svg.append(drawnBox(builder, box));
  for (const arrow of arrows) {
    const several = arrows.filter((each) => each.from === arrow.from).length > 1;
    const words = arrow.when ? inWords(builder, arrow.when) : several ? _("otherwise") : "";
    if (words) svg.append(...label(arrow.label, words));
  }
  return svg;
}

/** @param {Builder} builder @param {import("./graph.js").Box} box */
function drawnBox(builder, { id, x, y, isReached }) {
  const texts = [svgElement("rect", { class: "b", x, y, width: BOX.width, height: BOX.height, rx: 7 })];
  if (id === END) {
    texts.push(svgElement("text", { x: x + 14, y: y + 33 }, _("End")));
    return svgElement("g", { class: "node end" }, ...texts);
  }
  const fields = edits.shownOn(builder.definition, id).length;
  const count = ngettext("%(count)s field", "%(count)s fields", fields);
  const note = isReached ? count : _("cannot be reached");
  const faults = (builder.faults[id] ?? []).length;
  texts.push(
    svgElement("text", { x: x + 14, y: y + 24 }, short(builder.pageName(id), LONGEST_TITLE)),
    svgElement("text", { class: "s", x: x + 14, y: y + 42 }, faults ? `⚠ ${note}` : note),
  );
  const on = id === builder.page;
  const whole = [builder.pageName(id), ...(builder.faults[id] ?? [])].join(", ");
  // Its texts are its name; what they leave out stands where the pointer rests.
  if (faults || whole.length > LONGEST_TITLE) texts.push(svgElement("title", {}, whole));
  const node = svgElement(
    "g",
    {
      class: `node${isReached && !faults ? "" : " dead"}${on ? " sel" : ""}`,
      role: "button",
      tabindex: 0,
      "aria-pressed": String(on),
      "data-at": `box ${id}`,
      "data-page": id,
    },
    ...texts,
  );
  const choose = () => {
    builder.turnTo(id);
    /** @type {SVGElement | null} */ (document.querySelector(`.node[data-page="${CSS.escape(id)}"]`))?.focus();
  };
  node.addEventListener("click", choose);
  node.addEventListener("keydown", (event) => {
    const { key } = /** @type {KeyboardEvent} */ (event);
    if (key !== "Enter" && key !== " ") return;
    event.preventDefault();
    choose();
    /** @type {HTMLElement | null} */ (document.querySelector("#builder-properties [data-at]"))?.focus();
  });
  return node;
}

/** @param {{ x: number, y: number }} place @param {string} words */
function label({ x, y }, words) {
  const shown = short(words, LONGEST_LABEL);
  const width = shown.length * 6 + 8;
  return [
    svgElement("rect", { class: "elb", x: x - width / 2, y: y - 9, width, height: 18, rx: 3 }),
    svgElement("text", { class: "el", x, y: y + 4, "text-anchor": "middle" }, shown, svgElement("title", {}, words)),
  ];
}

/** @param {string} words @param {number} most */
function short(words, most) {
  return words.length > most ? `${words.slice(0, most - 1)}…` : words;
}

/** @param {Builder} builder @returns {HTMLElement} what the drawing says, in a sentence */
function summary(builder) {
  const { definition } = builder;
  const { reached, longest } = reach(definition);
  const lost = definition.pages.filter(({ id }) => !reached.has(id)).map(({ id }) => builder.pageName(id));
  const { useless } = waysOf(definition);
  const faults = definition.pages.flatMap(({ id }) =>
    (builder.faults[id] ?? []).map((fault) => `${builder.pageName(id)}: ${fault}`),
  );
  const empty = definition.pages.filter(({ id }) => reached.has(id) && !edits.shownOn(definition, id).length);
  const problems = [
    lost.length > 0 && _("No way leads to: %(pages)s.", { pages: lost.join(", ") }),
    ...useless.map(({ page, why }) => `${builder.pageName(page)}: ${reason(why)}`),
    ...faults,
    empty.length > 0 &&
      definition.pages.length > 1 &&
      _("Without a field, so a dead end for the agent: %(pages)s.", {
        pages: empty.map(({ id }) => builder.pageName(id)).join(", "),
      }),
  ].filter((each) => typeof each === "string");
  if (problems.length) {
    return h(
      "div",
      { class: "sp-notice boxed warn mb-3" },
      icon("alert-triangle"),
      h(
        "ul",
        { class: "mb-0 ps-3" },
        problems.map((each) => h("li", {}, each)),
      ),
    );
  }
  const way = longest.map((id) => builder.pageName(id)).join(" › ");
  const words = ngettext(
    "Every page can be reached, and every way comes to an end. The longest has %(count)s page: %(way)s.",
    "Every page can be reached, and every way comes to an end. The longest has %(count)s pages: %(way)s.",
    longest.length,
    { way },
  );
  return h("div", { class: "sp-notice boxed ok mb-3" }, icon("circle-check"), h("span", {}, words));
}

/** @param {"back" | "never" | "gone"} why */
function reason(why) {
  return {
    back: _("a way leads back; ways lead to later pages only."),
    never: _("a way stands behind one that is always taken."),
    gone: _("a way leads to a page that is gone."),
  }[why];
}

/** @param {Builder} builder @param {Map<string, ConditionEditor>} editors */
function properties(builder, editors) {
  const { definition, page: id, data } = builder;
  const at = definition.pages.findIndex((page) => page.id === id);
  const page = definition.pages[at];
  const { branches, otherwise } = split(page);
  const off = !data.may_edit;
  /** @param {Branch[]} next @param {string | null | undefined} last @param {string} label @param {string} [from] */
  const set = (next, last, label, from = "") =>
    builder.apply(edits.changePage(builder.definition, id, { branches: joined(next, last) }), label, { from });
  const now = () => split(/** @type {Page} */ (builder.definition.pages.find((each) => each.id === id)));
  const targets = /** @type {[string, string][]} */ ([
    ...definition.pages.slice(at + 1).map((each) => [each.id, builder.pageName(each.id)]),
    [END, _("the end of the form")],
  ]);

  const rows = branches.map((branch, place) => {
    const key = `${id} ${place}`;
    let editor = editors.get(key);
    if (!editor || editor.differs(branch.when)) {
      const offered = definition.fields.filter((field) => builder.kind(field.kind).answers && !field.hidden);
      editor = new ConditionEditor(builder, {
        label: _("Condition"),
        formula: isUnset(branch) ? null : branch.when,
        offered,
        change: (when) => {
          set(
            now().branches.map((each, other) => (other === place ? { ...each, when: when ?? UNSET } : each)),
            now().otherwise,
            _("changed a way"),
            "properties",
          );
        },
      });
      editor.sent = JSON.stringify(branch.when);
      editors.set(key, editor);
    } else editor.draw();
    const target = targets.some(([each]) => each === (branch.page ?? END))
      ? targets
      : [...targets, /** @type {[string, string]} */ ([branch.page ?? "", _("a page that does not follow")])];
    return h(
      "li",
      { class: "sp-stack sp-way" },
      h(
        "span",
        { class: "sp-row" },
        h("b", {}, _("If")),
        !off &&
          h(
            "span",
            { class: "sp-push sp-row gap-0" },
            step(place, -1, place === 0),
            step(place, 1, place === branches.length - 1),
            h(
              "button",
              {
                class: "sp-iconbtn",
                type: "button",
                "aria-label": _("Remove the way"),
                "data-at": `way ${place} remove`,
                onclick: () => {
                  editors.clear();
                  set(now().branches.toSpliced(place, 1), now().otherwise, _("removed a way"));
                },
              },
              icon("x"),
            ),
          ),
      ),
      editor.element,
      chosen(
        _("then go to"),
        branch.page ?? END,
        target,
        (value) =>
          set(
            now().branches.map((each, other) => (other === place ? { ...each, page: value || null } : each)),
            now().otherwise,
            _("changed a way"),
          ),
        { at: `way ${place} target`, off },
      ),
    );
  });
  const rest = otherwise === undefined ? NEXT : (otherwise ?? END);
  const following = definition.pages[at + 1] ? _("the next page") : _("the end of the form");
  return h(
    "div",
    { class: "p-3 sp-stack sp-stack-4" },
    h("h2", {}, builder.pageName(id)),
    text(
      _("Title of the page"),
      page.title,
      (title) =>
        builder.apply(edits.changePage(builder.definition, id, { title }), _("renamed the page"), {
          key: `page ${id}`,
          from: "properties",
        }),
      { at: "page title", off, limit: 200 },
    ),
    rows.length > 0 && h("ol", { class: "sp-ways" }, rows),
    !off &&
      h(
        "button",
        {
          class: "sp-addline",
          type: "button",
          "data-at": "way add",
          onclick: () => {
            set([...now().branches, { when: UNSET, page: targets[0][0] || null }], now().otherwise, _("added a way"));
          },
        },
        icon("plus"),
        _("Way with a condition"),
      ),
    chosen(
      rows.length ? _("Otherwise go to") : _("Then go to"),
      rest,
      [[NEXT, following], ...(definition.pages[at + 1] ? targets : [])],
      (value) => set(now().branches, value === NEXT ? undefined : value || null, _("changed a way")),
      { at: "otherwise", off },
    ),
  );

  /** @param {number} place @param {number} by @param {boolean} none */
  function step(place, by, none) {
    const words = by < 0 ? _("Move up") : _("Move down");
    return h(
      "button",
      {
        class: "sp-iconbtn",
        type: "button",
        "aria-label": words,
        disabled: none,
        "data-at": `way ${place} ${by}`,
        onclick: () => {
          editors.clear();
          set(edits.moved(now().branches, place, place + by), now().otherwise, _("moved a way"));
          announce(_("Position %(place)s of %(count)s", { place: place + by + 1, count: branches.length }));
        },
      },
      icon(by < 0 ? "arrow-up" : "arrow-down"),
    );
  }
}

/** A condition that nobody has made yet: it never holds. */
const UNSET = ["flag", false];

/** @param {Branch} branch */
function isUnset({ when }) {
  return when[0] === "flag" && when[1] === false;
}
