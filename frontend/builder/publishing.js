// Publishing: first the draft is kept, then it becomes the version that every open card gets.
import { hide } from "../dialogs.js";
import { Refusal, send } from "../http.js";
import { bodyOf, clear, goOn, refuse } from "../sending.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {import("./saving.js").Saving} Saving */

/** @param {Builder} builder @param {Saving} saving */
export function publishing(builder, saving) {
  const button = document.querySelector("[data-publish]");
  const form = document.getElementById("publish-form");
  const enable = () => {
    const off = !saving.seen && !saving.pending;
    button?.toggleAttribute("aria-disabled", false);
    if (off) button?.setAttribute("aria-disabled", "true");
    else button?.removeAttribute("data-tip");
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
        goOn(answer?.go);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (error.status === 422) builder.faults = { ...builder.faults, ...error.problem.fields };
        builder.tell("faults");
        refuse(form, error);
      } finally {
        form.ariaBusy = null;
      }
    },
    { capture: true },
  );
}
