// Short messages: one line at the bottom, read out politely; with an undo where there is one.

const SHOWN_MS = 6000;

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
  let timer = setTimeout(() => line.remove(), SHOWN_MS);
  // A toast stays while it is under the cursor or holds the focus: nobody loses an undo by reading slowly.
  for (const enter of ["pointerenter", "focusin"]) line.addEventListener(enter, () => clearTimeout(timer));
  for (const leave of ["pointerleave", "focusout"]) {
    line.addEventListener(leave, () => (timer = setTimeout(() => line.remove(), SHOWN_MS)));
  }
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
