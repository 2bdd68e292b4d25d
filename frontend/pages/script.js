// The page of a script: its statuses and rules are changed in place, long work that a change begins shows how far it is.
import "../scripts/rules.js";
import "../scripts/statuses.js";
import { redraw, showBeginning } from "../scripts/page.js";
import { show } from "../dialogs.js";
import { follow } from "../progress.js";
import { onDo } from "../verbs.js";

showBeginning();

onDo("script-form", () => {
  show("script-settings");
  document.getElementById("s-form")?.focus();
});

document.addEventListener("script:saved", (event) => {
  const { work } = /** @type {CustomEvent<{ work?: number }>} */ (event).detail ?? {};
  const template = document.getElementById("script-work");
  if (!work || !(template instanceof HTMLTemplateElement)) return;
  const box = document.createElement("div");
  box.dataset.work = String(work);
  box.append(template.content.cloneNode(true));
  document.getElementById("script-page")?.before(box);
  follow(box, (progress) => {
    if (!progress.failed && !progress.error) box.remove();
    redraw();
  });
});
