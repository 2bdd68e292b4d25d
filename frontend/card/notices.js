// Notices of the card: a strip of their own under the header, so that nothing else moves under the cursor.
import { gettext as _ } from "../i18n.js";

/** @typedef {"info" | "warn" | "bad"} Tone */

/**
 * Shows a notice in the place of the former one.
 * @param {string} text
 * @param {Tone} tone
 * @param {[string, () => void][]} [actions] buttons: what they say, what they do; each puts the notice away
 */
export function notice(text, tone, actions = []) {
  const strip = document.createElement("div");
  strip.className = `sp-notice ${tone}`;
  const words = document.createElement("span");
  words.className = "sp-grow";
  words.textContent = text;
  strip.append(words);
  for (const [label, act] of actions) {
    strip.append(
      button(label, "btn btn-sm", () => {
        putAway();
        act();
      }),
    );
  }
  const close = button("×", "btn btn-ghost btn-icon btn-sm", putAway);
  close.setAttribute("aria-label", _("Put this message away"));
  strip.append(close);
  document.getElementById("card-notices")?.replaceChildren(strip);
}

export function putAway() {
  document.getElementById("card-notices")?.replaceChildren();
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
