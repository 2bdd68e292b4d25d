// What the builder tells above its work: whether the draft is kept, what is to be mended, what another screen did.
import { Refusal, send } from "../http.js";
import { gettext as _, ngettext } from "../i18n.js";
import { say } from "../toasts.js";
import { h, icon, redraw } from "./dom.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {import("./saving.js").Saving} Saving */
/** @typedef {import("./saving.js").State} State */

/** @param {Builder} builder @param {() => Saving} saving @param {() => void} focus the selected card */
export function notices(builder, saving, focus) {
  const place = /** @type {HTMLElement} */ (document.getElementById("builder-notices"));
  const line = document.querySelector("[data-save-state]");
  /** @type {{ definition: any, seen: string, base: number, at: string } | null} */
  let theirs = null;
  let problem = "";
  let published = 0;
  let savedAt = builder.data.at;
  let drawn = "";

  builder.onChange(() => draw());
  state("saved");
  return { state, conflict, newer };

  /** @param {number} version that was published while we edit; 0 = none */
  function newer(version) {
    if (version === published) return;
    published = version;
    draw();
  }

  /** @param {State} now @param {{ at?: string, error?: Refusal }} [details] */
  function state(now, { at, error } = {}) {
    if (at !== undefined) savedAt = at;
    problem = now === "refused" ? (error?.message ?? "") : "";
    if (now === "saved") theirs = null;
    const words = {
      saved: savedAt ? _("draft saved %(time)s", { time: savedAt }) : _("nothing changed"),
      saving: _("saving…"),
      waits: _("not saved, tries again"),
      refused: _("not saved"),
      conflict: _("not saved: another screen changed the draft"),
    };
    if (line && line.textContent !== words[now]) line.textContent = words[now];
    line?.setAttribute("data-state", now);
    line?.classList.toggle("sp-bad", now !== "saved" && now !== "saving");
    draw();
  }

  /** The draft on the server is another one than the one that we build on. */
  async function conflict() {
    try {
      theirs = await send(builder.data.urls.draft);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      say(error.message);
    }
    draw();
  }

  function draw() {
    // What stands here stays the same element while it says the same: somebody may be about to click it.
    const now = JSON.stringify([
      theirs,
      published,
      problem,
      faulty().map((field) => [field.id, builder.name(field), builder.faultsOf(field)]),
    ]);
    if (now === drawn) return;
    drawn = now;
    redraw(place, theirs && other(theirs), published > 0 && since(), problem && refused(), list());
  }

  /** @param {NonNullable<typeof theirs>} draft */
  function other(draft) {
    const text = draft.seen
      ? _(
          "You changed this draft on another screen at %(time)s. Nothing was overwritten: your edits stand here and in this browser.",
          { time: draft.at },
        )
      : _(
          "This draft was published or discarded on another screen. Your edits are not lost: they stand here and in this browser.",
        );
    const take = () => {
      theirs = null;
      builder.apply(draft.definition, _("took over the other draft"));
      saving().settle(draft);
      say(_("This is the draft of the other screen. Undo brings yours back."));
    };
    const keep = () => {
      theirs = null;
      saving().settle(draft);
      say(_("Your edits take the place of the other draft."));
    };
    return h(
      "div",
      { class: "sp-notice warn", role: "alert" },
      icon("users"),
      h("span", { class: "sp-grow" }, text),
      h("button", { class: "btn btn-sm", type: "button", onclick: take }, _("Take over the other draft")),
      h("button", { class: "btn btn-sm", type: "button", onclick: keep }, _("Keep mine instead")),
    );
  }

  function since() {
    const text = _(
      "Version %(number)s was published meanwhile. Your draft is kept; when you publish it, both are put together.",
      { number: published },
    );
    return h("div", { class: "sp-notice info" }, icon("info-circle"), h("span", { class: "sp-grow" }, text));
  }

  function refused() {
    return h(
      "div",
      { class: "sp-notice bad", role: "alert" },
      icon("alert-circle"),
      h("span", { class: "sp-grow" }, problem),
      _("What you edited stays here and in this browser."),
    );
  }

  /** What is to be mended, as far as it is told. */
  function faulty() {
    return builder.definition.fields.filter((field) => !field.hidden && builder.faultsOf(field).length);
  }

  function list() {
    const fields = faulty();
    if (!fields.length) return null;
    const items = fields.map((field) =>
      h(
        "li",
        {},
        h(
          "button",
          {
            class: "btn btn-link btn-sm p-0",
            type: "button",
            "data-at": `fault ${field.id}`,
            onclick: () => {
              builder.select(field.id);
              focus();
            },
          },
          builder.name(field),
        ),
        ": ",
        builder.faultsOf(field).join(" "),
      ),
    );
    const summary = ngettext(
      "%(count)s field is to be mended before publishing",
      "%(count)s fields are to be mended before publishing",
      fields.length,
    );
    const open = place.querySelector("details")?.open ?? false;
    return h(
      "details",
      { class: "sp-notice warn sp-faults", open },
      h("summary", {}, icon("alert-triangle"), summary),
      h("ul", {}, items),
    );
  }
}
