// The choices of a field in its properties: add, rename, move, hide; one that was never published may go again.
import { gettext as _, ngettext } from "../i18n.js";
import { announce } from "../toasts.js";
import { h, icon } from "./dom.js";
import * as edits from "./edits.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {import("./types.js").Field} Field */
/** @typedef {import("./types.js").Choice} Choice */

/**
 * @param {Builder} builder @param {Field} field @param {() => void} redraw
 * @param {(choice: Choice) => string} [beside] words beside a choice, such as how many cases have it
 * @returns {HTMLElement}
 */
export function choiceList(builder, field, redraw, beside = () => "") {
  const off = !builder.data.may_edit;
  const choices = /** @type {Choice[]} */ (field.config.choices);
  const hidden = choices.filter((choice) => choice.hidden).length;
  const count = ngettext("%(count)s choice", "%(count)s choices", choices.length);
  const label = hidden ? `${count}, ${ngettext("%(count)s hidden", "%(count)s hidden", hidden)}` : count;
  const list = h(
    "ul",
    { class: "sp-elist", "aria-label": _("Choices") },
    choices.map((choice, at) => row(choice, at)),
  );
  list.addEventListener("keydown", (event) => keys(event));
  list.addEventListener("focusout", (event) => {
    const item = /** @type {HTMLElement} */ (event.target).closest("li");
    afterwards(() => left(item?.dataset.choice ?? ""));
  });
  return h(
    "div",
    { class: "sp-f", "data-choices": field.id },
    h("span", { class: "lab" }, label),
    list,
    !off &&
      h(
        "button",
        { class: "sp-addline", type: "button", "data-at": "choice add", onclick: () => add(choices.length) },
        icon("plus"),
        _("Add a choice"),
      ),
    !off && h("details", { class: "sp-xs" }, h("summary", {}, _("Several at once")), several()),
  );

  /** @param {Choice} choice @param {number} at */
  function row(choice, at) {
    const published = builder.data.published_choices.includes(choice.id);
    const name = choice.title || _("Choice %(number)s", { number: at + 1 });
    return h(
      "li",
      { class: choice.hidden ? "gone" : "", "data-choice": choice.id },
      !off &&
        h(
          "button",
          {
            class: "sp-iconbtn g",
            type: "button",
            "data-at": `grip ${choice.id}`,
            "aria-label": _("Move: %(name)s", { name }),
            title: _("The arrow keys move it"),
            "data-grip": "",
          },
          icon("grip-vertical"),
        ),
      h("input", {
        class: "sp-rename",
        value: choice.title,
        maxlength: 200,
        readonly: off,
        autocomplete: "off",
        "aria-label": _("Choice %(number)s", { number: at + 1 }),
        "data-at": `choice ${choice.id}`,
        oninput: (/** @type {Event} */ event) => rename(choice, /** @type {HTMLInputElement} */ (event.target).value),
      }),
      h("span", { class: "sp-xs sp-3 text-nowrap", "data-beside": choice.id }, beside(choice)),
      !off &&
        (published || choice.title
          ? h(
              "button",
              {
                class: "sp-iconbtn",
                type: "button",
                "data-at": `hide ${choice.id}`,
                "aria-pressed": String(choice.hidden),
                "aria-label": choice.hidden ? _("Show again: %(name)s", { name }) : _("Hide: %(name)s", { name }),
                onclick: () => hide(choice),
              },
              icon(choice.hidden ? "eye" : "eye-off"),
            )
          : null),
      !off &&
        !published &&
        h(
          "button",
          {
            class: "sp-iconbtn",
            type: "button",
            "data-at": `drop ${choice.id}`,
            "aria-label": _("Remove: %(name)s", { name }),
            onclick: () => drop(choice, at),
          },
          icon("x"),
        ),
    );
  }

  /** @param {KeyboardEvent} event */
  function keys(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const item = target.closest("li");
    const at = choicesNow().findIndex((choice) => choice.id === item?.dataset.choice);
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (at < 0) return;
    if (by && (event.altKey || target.matches("[data-grip]"))) {
      event.preventDefault();
      move(at, at + by);
    } else if (event.key === "Enter" && target.matches("input")) {
      event.preventDefault();
      goOn(at);
    }
  }

  /** @param {number} at the place where Enter was pressed: an empty one ends the list */
  function goOn(at) {
    const [choice, next] = choicesNow().slice(at, at + 2);
    if (isEmpty(choice)) {
      set(without(choice), _("removed a choice"));
      control("choice", "add")?.focus();
    } else if (next && isEmpty(next)) control("choice", next.id)?.focus();
    else add(at + 1);
  }

  /** @param {string} id of the choice that lost the focus: one that was left empty does not count */
  function left(id) {
    const item = control("choice", id)?.closest("li");
    const choice = choicesNow().find((each) => each.id === id);
    if (!choice || !isEmpty(choice) || item?.contains(document.activeElement)) return;
    const definition = edits.setChoices(builder.definition, field.id, without(choice));
    builder.apply(definition, _("removed a choice"), { key: `choice ${id}`, from: "properties" });
    item?.remove();
  }

  /** @param {Choice} choice */
  function isEmpty(choice) {
    return edits.isEmptyChoice(choice, builder.data.published_choices);
  }

  function several() {
    const box = /** @type {HTMLTextAreaElement} */ (
      h("textarea", {
        class: "form-control form-control-sm",
        rows: 4,
        "aria-label": _("Choices, one on each line"),
        "data-own-undo": "",
      })
    );
    const put = () => {
      const titles = box.value
        .split("\n")
        .map((line) => line.trim().slice(0, 200))
        .filter(Boolean);
      if (!titles.length) return;
      set(
        [...choicesNow(), ...titles.map((title) => ({ id: edits.newId(), title, hidden: false }))],
        _("added choices"),
      );
    };
    return h(
      "div",
      { class: "sp-stack pt-1" },
      box,
      h("button", { class: "btn btn-sm align-self-start", type: "button", onclick: put }, _("Add, one on each line")),
    );
  }

  /** @param {string} what @param {string} id @returns {HTMLElement | null} a control of this list as it is drawn now */
  function control(what, id) {
    return document.querySelector(`[data-choices="${field.id}"] [data-at="${what} ${id}"]`);
  }

  /** @returns {Choice[]} */
  function choicesNow() {
    return edits.fieldOf(builder.definition, field.id)?.config.choices ?? [];
  }

  /** @param {number} at */
  function add(at) {
    const choice = { id: edits.newId(), title: "", hidden: false };
    set(choicesNow().toSpliced(at, 0, choice), _("added a choice"), `choice ${choice.id}`);
    control("choice", choice.id)?.focus();
  }

  /** @param {Choice} choice @param {string} title */
  function rename(choice, title) {
    const next = choicesNow().map((each) => (each.id === choice.id ? { ...each, title } : each));
    const definition = edits.setChoices(builder.definition, field.id, next);
    builder.apply(definition, _("renamed a choice"), { key: `choice ${choice.id}`, from: "properties" });
  }

  /** @param {Choice} choice */
  function hide(choice) {
    const next = choicesNow().map((each) => (each.id === choice.id ? { ...each, hidden: !each.hidden } : each));
    set(next, choice.hidden ? _("showed a choice again") : _("hid a choice"));
    announce(
      choice.hidden
        ? _("%(name)s is shown again.", { name: choice.title })
        : _("%(name)s is hidden.", { name: choice.title }),
    );
  }

  /** @param {Choice} choice @param {number} at */
  function drop(choice, at) {
    set(without(choice), _("removed a choice"));
    const next = choicesNow()[Math.min(at, choicesNow().length - 1)];
    control("choice", next?.id ?? "add")?.focus();
  }

  /** @param {number} from @param {number} to */
  function move(from, to) {
    const now = choicesNow();
    if (to < 0 || to >= now.length)
      return announce(to < 0 ? _("This is the first place.") : _("This is the last place."));
    set(edits.moved(now, from, to), _("moved a choice"));
    announce(_("Position %(place)s of %(count)s", { place: to + 1, count: now.length }));
  }

  /** @param {Choice} choice */
  function without(choice) {
    return choicesNow().filter(({ id }) => id !== choice.id);
  }

  /** @param {Choice[]} next @param {string} label @param {string} [key] one with that of the next edits is one step with them */
  function set(next, label, key = "") {
    builder.apply(edits.setChoices(builder.definition, field.id, next), label, { key, from: "" });
    redraw();
  }
}

/** @param {() => void} act once the focus is where it goes, and what is being clicked was: it must not move away under the pointer */
function afterwards(act) {
  setTimeout(() => {
    if (document.querySelector(":active")) addEventListener("pointerup", () => setTimeout(act), { once: true });
    else act();
  });
}
