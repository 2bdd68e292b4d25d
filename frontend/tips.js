// A reason next to what it explains: data-tip="…" shows under the pointer and for the keyboard, and is described by it.

const DELAY_MS = 250;
const GAP = 6;
const tip = document.createElement("div");
tip.className = "sp-tip";
tip.id = "tip";
tip.role = "tooltip";
tip.popover = "manual";
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;
/** @type {HTMLElement | null} */
let owner = null;

/** @param {HTMLElement} element */
function showFor(element) {
  owner = element;
  tip.textContent = element.dataset.tip ?? "";
  // Inside an open dialog only its own descendants are above the scrim.
  (element.closest("dialog") ?? document.body).append(tip);
  tip.showPopover();
  const by = element.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const above = by.top - height - GAP;
  tip.style.top = `${above > 0 ? above : by.bottom + GAP}px`;
  tip.style.left = `${Math.max(GAP, Math.min(by.left + by.width / 2 - width / 2, innerWidth - width - GAP))}px`;
  if (!element.hasAttribute("aria-describedby")) element.setAttribute("aria-describedby", tip.id);
}

function clear() {
  clearTimeout(waiting);
  if (!owner) return;
  if (owner.getAttribute("aria-describedby") === tip.id) owner.removeAttribute("aria-describedby");
  owner = null;
  if (tip.matches(":popover-open")) tip.hidePopover();
}

/** @param {Event} event */
function owning(event) {
  const element = /** @type {Element} */ (event.target).closest?.("[data-tip]");
  return element instanceof HTMLElement ? element : null;
}

document.addEventListener("pointerover", (event) => {
  const element = owning(event);
  if (!element || element === owner) return;
  clear();
  waiting = setTimeout(() => showFor(element), DELAY_MS);
});
document.addEventListener("pointerout", clear);
document.addEventListener("focusin", (event) => {
  const element = owning(event);
  if (element?.matches(":focus-visible")) showFor(element);
});
document.addEventListener("focusout", clear);
document.addEventListener("keydown", (event) => event.key === "Escape" && clear());
