// Somebody else saved the same field: their value beside ours, one click each, then merge and save.
import { hide, show } from "../dialogs.js";
import { gettext as _ } from "../i18n.js";
import { onDo } from "../verbs.js";

/**
 * @typedef {import("./state.js").Raw} Raw
 * @typedef {{ key: string, title: string, theirs: string, value: Raw }} Clash `value` = theirs, as the input holds it
 * @typedef {Record<string, "theirs" | "yours">} Choices
 */

/**
 * @param {Clash[]} clashes
 * @param {{ who: string, at: string, mine: (key: string) => string }} about
 * @returns {Promise<Choices>} resolved by "merge and save"; never when the reader goes back to editing
 */
export function chooseSides(clashes, { who, at, mine }) {
  const text = document.getElementById("clash-text");
  if (text) text.textContent = _("%(who)s saved this case at %(at)s. Choose what stays in each field.", { who, at });
  const head = document.getElementById("clash-them");
  if (head) head.textContent = `${who}, ${at}`;
  document
    .getElementById("clash-rows")
    ?.replaceChildren(...clashes.map((clash, place) => row(clash, `clash-${place}`, mine(clash.key))));
  show("card-clash");
  return new Promise((resolve) => {
    decide = () => {
      hide("card-clash");
      resolve(
        Object.fromEntries(
          clashes.map(({ key }, place) => {
            const picked = document.querySelector(`input[name="clash-${place}"]:checked`);
            return [key, /** @type {HTMLInputElement | null} */ (picked)?.value === "theirs" ? "theirs" : "yours"];
          }),
        ),
      );
    };
  });
}

let decide = () => {};
onDo("clash-save", () => decide());

/** @param {Clash} clash @param {string} name @param {string} mine */
function row(clash, name, mine) {
  const line = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = clash.title;
  line.append(head, side(name, "theirs", clash.theirs, false), side(name, "yours", mine, true));
  return line;
}

/** @param {string} name @param {string} value @param {string} shown @param {boolean} checked */
function side(name, value, shown, checked) {
  const cell = document.createElement("td");
  const label = document.createElement("label");
  label.className = "pickv sp-num";
  const radio = document.createElement("input");
  Object.assign(radio, { type: "radio", name, value, checked, className: "form-check-input" });
  label.append(radio, " ", shown || _("(empty)"));
  cell.append(label);
  return cell;
}
