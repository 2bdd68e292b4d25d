// Notices of the card: strips of their own above the bar that saves it. They take their room from the end of the form,
// so that nothing moves under the cursor.
import { scroll, scrollerOf } from "../form/place.js";
import { gettext as _ } from "../i18n.js";
import { placeToasts } from "../toasts.js";
import { steady } from "./steady.js";

/**
 * Each subject has one place, so that a word about the connection does not take away the question about the draft.
 * @typedef {"draft" | "connection" | "gone" | "form" | "moved" | "others" | "save"} Subject
 * @typedef {"info" | "warn" | "bad"} Tone
 */

/**
 * Shows a notice in the place of the former one on the same subject.
 * @param {Subject} subject
 * @param {string} text
 * @param {Tone} tone
 * @param {[string, () => void][]} [actions] buttons: what they say, what they do; each puts the notice away. What is
 *   asked with them stays until it is answered
 */
export function notice(subject, text, tone, actions = []) {
  const strip = document.createElement("div");
  strip.className = `sp-notice ${tone}`;
  strip.dataset.subject = subject;
  const words = document.createElement("span");
  words.className = "sp-grow";
  words.textContent = text;
  strip.append(words);
  for (const [label, act] of actions) {
    strip.append(
      button(label, "btn btn-sm", () => {
        putAway(subject);
        act();
      }),
    );
  }
  if (!actions.length) {
    const close = button("×", "btn btn-ghost btn-icon btn-sm", () => putAway(subject));
    close.setAttribute("aria-label", _("Put this message away"));
    strip.append(close);
  }
  const former = stripOf(subject);
  inSight(() => (former ? former.replaceWith(strip) : document.getElementById("card-notices")?.append(strip)));
}

/** @param {() => void} change of the notices: what somebody types in is not left behind them */
function inSight(change) {
  const foot = document.querySelector(".sp-cardfoot");
  const active = document.activeElement;
  const bottom = active?.closest("#form") ? active.getBoundingClientRect().bottom : null;
  const wasInSight = bottom !== null && foot !== null && bottom <= foot.getBoundingClientRect().top;
  steady(change);
  placeToasts();
  if (!wasInSight || !active) return;
  const covered = bottom - foot.getBoundingClientRect().top;
  if (covered > 0) scroll(scrollerOf(active), covered);
}

/** @param {...Subject} subjects */
export function putAway(...subjects) {
  const strips = subjects.map(stripOf).filter((strip) => strip !== null);
  if (strips.length) steady(() => strips.forEach((strip) => strip.remove()));
}

/** @param {Subject} subject */
function stripOf(subject) {
  return document.querySelector(`#card-notices [data-subject="${subject}"]`);
}

/** @param {string} label @param {string} className @param {() => void} act */
function button(label, className, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = className;
  element.textContent = label;
  element.addEventListener("click", act);
  return element;
}
