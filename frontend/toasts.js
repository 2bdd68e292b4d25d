// Short messages: one line at the bottom, read out politely; with an undo where there is one.

const SHOWN_MS = 6000;
const GAP = 12;

/**
 * @param {string} text
 * @param {{ action?: string, onAction?: () => void }} [options] a button in the toast
 */
export function toast(text, { action, onAction } = {}) {
  const region = document.getElementById("toasts");
  if (!region) return;
  const line = document.createElement("div");
  line.className = "sp-toast";
  line.append(text);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = action;
    button.addEventListener("click", () => {
      line.remove();
      onAction?.();
    });
    line.append(" ", button);
  }
  region.replaceChildren(line);
  placeToasts();
  let timer = setTimeout(() => line.remove(), SHOWN_MS);
  // A toast stays while it is under the cursor or holds the focus: nobody loses an undo by reading slowly.
  for (const enter of ["pointerenter", "focusin"]) line.addEventListener(enter, () => clearTimeout(timer));
  for (const leave of ["pointerleave", "focusout"]) {
    line.addEventListener(leave, () => (timer = setTimeout(() => line.remove(), SHOWN_MS)));
  }
}

/** Above the bars that are there now; also for whoever brings another one. */
export function placeToasts() {
  const region = document.getElementById("toasts");
  if (region) region.style.bottom = aboveFeet();
}

/** @returns {string} how far from the bottom a toast covers no bar of buttons (`data-toasts-above`); empty without one */
function aboveFeet() {
  const feet = [...document.querySelectorAll("[data-toasts-above]")].filter((foot) => foot.getClientRects().length);
  const tops = feet.map((foot) => foot.getBoundingClientRect().top).filter((top) => top < innerHeight);
  return tops.length ? `${innerHeight - Math.min(...tops) + GAP}px` : "";
}

/** @param {string} text shown as a toast and, without one, only read out */
export function say(text) {
  toast(text);
}

/** @param {string} text read out by a screen reader, shown nowhere */
export function announce(text) {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}
