// Notices of the card: strips of their own under the header, so that nothing else moves under the cursor.
import { gettext as _ } from "../i18n.js";

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
  putAway(subject);
  document.getElementById("card-notices")?.append(strip);
}

/** @param {...Subject} subjects */
export function putAway(...subjects) {
  for (const subject of subjects) document.querySelector(`#card-notices [data-subject="${subject}"]`)?.remove();
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
