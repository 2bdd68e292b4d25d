// Publishing: first the draft is kept, then it becomes the version that every open card gets. The builder stays open.
import { hide } from "../dialogs.js";
import { changesOf, countOf } from "../editing/changes.js";
import { Refusal, send } from "../http.js";
import { gettext as _, ngettext } from "../i18n.js";
import { bodyOf, clear, goOn, refuse } from "../sending.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {import("./saving.js").Saving} Saving */

/** @param {Builder} builder @param {Saving} saving @param {() => void} done */
export function publishing(builder, saving, done) {
  const button = document.querySelector("[data-publish]");
  const form = document.getElementById("publish-form");
  const label = button && textOf(button);
  const enable = () => {
    const off = !saving.seen && !saving.pending;
    button?.toggleAttribute("aria-disabled", false);
    if (off) button?.setAttribute("aria-disabled", "true");
    else button?.removeAttribute("data-tip");
    const count = off ? 0 : countOf(changesOf(builder.data.begun, builder.definition));
    const words = count ? ngettext("Publish %(count)s change", "Publish %(count)s changes", count) : _("Publish");
    if (label && label.data !== words) label.data = words;
  };
  builder.onChange(enable);
  enable();
  if (!(form instanceof HTMLFormElement)) return;
  // The fields of the form were written when the page was: what is published is what was kept last.
  form.addEventListener(
    "submit",
    async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (form.ariaBusy === "true") return;
      form.ariaBusy = "true";
      clear(form);
      form.querySelector("[data-refusal]")?.replaceChildren();
      try {
        if (!(await saving.flush())) {
          hide("publish");
          return;
        }
        const answer = await send(builder.data.publish, {
          json: { ...bodyOf(form), seen: saving.seen, base: saving.base },
        });
        if (answer?.go) return goOn(answer.go);
        await goOnHere(builder, saving);
        form.reset();
        hide("publish");
        done();
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (error.status === 422) builder.faults = { ...builder.faults, ...error.problem.fields };
        builder.tellFaults();
        refuse(form, error);
      } finally {
        form.ariaBusy = null;
      }
    },
    { capture: true },
  );
}

/** @param {Builder} builder @param {Saving} saving what was published is what the next draft begins on; the server draws what tells of it */
async function goOnHere(builder, saving) {
  const response = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (!response?.ok) return goOn(undefined);
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  /** @type {import("./types.js").BuilderData} */
  const data = JSON.parse(fresh.getElementById("builder-data")?.textContent ?? "{}");
  const { published, published_kinds, published_choices, seen, base, at } = data;
  Object.assign(builder.data, { published, published_kinds, published_choices, begun: saving.kept });
  saving.settle({ definition: saving.kept, seen, base, at });
  // What was published is hidden, never taken away: there is no way back behind it.
  builder.history.forget();
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-fresh]"))) {
    const now = fresh.querySelector(`[data-fresh="${part.dataset.fresh}"]`);
    if (now) part.replaceWith(now);
  }
  const [button, reason] = [document, fresh].map((page) => page.querySelector("[data-publish]"));
  if (reason?.hasAttribute("data-tip")) button?.setAttribute("data-tip", reason.getAttribute("data-tip") ?? "");
  const next = /** @type {HTMLTemplateElement | null} */ (fresh.getElementById("builder-published"));
  if (next) document.getElementById("builder-next")?.replaceChildren(next.content);
  builder.tell();
}

/** @param {Element} button @returns {Text} its words, beside the icon */
function textOf(button) {
  const text = [...button.childNodes].find((node) => node instanceof Text && node.data.trim());
  return text instanceof Text ? text : button.appendChild(new Text());
}
