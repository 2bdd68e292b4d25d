// Somebody else saved the same field: their value beside ours, one click each, then merge and save.
import { hide, show } from "../dialogs.js";
import { gettext as _ } from "../i18n.js";
import { onDo } from "../verbs.js";

/**
 * @typedef {import("./state.js").Raw} Raw
 * `theirs` and `mine` in words, `value` = theirs as the input holds it.
 * @typedef {{ key: string, title: string, theirs: string, mine: string, value: Raw }} Clash
 * @typedef {Record<string, "theirs" | "yours">} Choices
 */

/**
 * @param {Clash[]} clashes
 * @param {{ who: string, at: string }} about
 * @returns {Promise<Choices>} resolved by "merge and save"; never when the reader goes back to editing
 */
export function chooseSides(clashes, { who, at }) {
  const text = document.getElementById("clash-text");
  if (text) text.textContent = _("%(who)s saved this case at %(at)s. Choose what stays in each field.", { who, at });
  const head = document.getElementById("clash-them");
  if (head) head.textContent = `${who}, ${at}`;
  document
    .getElementById("clash-rows")
    ?.replaceChildren(...clashes.map((clash, place) => row(clash, `clash-${place}`)));
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

/** @param {Clash} clash @param {string} name */
function row(clash, name) {
  const line = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = clash.title;
  line.append(head, side(name, "theirs", clash.theirs, false), side(name, "yours", clash.mine, true));
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
