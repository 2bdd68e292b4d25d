// Menus are popovers: <button popovertarget="id"> and <div popover id="id" class="dropdown-menu">. The browser opens and
// closes them and moves the focus back; here they get their place and the arrow keys.

const GAP = 4;

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLElement) || !menu.classList.contains("dropdown-menu")) return;
    const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
    const open = /** @type {ToggleEvent} */ (event).newState === "open";
    button?.setAttribute("aria-expanded", String(open));
    if (!open || !button) return;
    place(menu, button.getBoundingClientRect());
    const first = menu.querySelector("[autofocus]") ?? items(menu)[0];
    if (first instanceof HTMLElement) first.focus();
  },
  { capture: true },
);

/** @param {HTMLElement} menu @param {DOMRect} by below the button, or above it when there is more room */
function place(menu, by) {
  const { width, height } = menu.getBoundingClientRect();
  const below = innerHeight - by.bottom - GAP;
  const top = height <= below || below > by.top ? by.bottom + GAP : by.top - GAP - height;
  const left = by.left + width <= innerWidth - GAP ? by.left : by.right - width;
  menu.style.top = `${Math.max(GAP, top)}px`;
  menu.style.left = `${Math.max(GAP, left)}px`;
}

/** @param {HTMLElement} menu @returns {HTMLElement[]} what the arrows stop at */
function items(menu) {
  const found = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll(".dropdown-item")]);
  return found.filter((item) => item.offsetParent !== null || item.checkVisibility());
}

document.addEventListener("keydown", (event) => {
  const menu = /** @type {Element} */ (event.target).closest?.(".dropdown-menu");
  if (!(menu instanceof HTMLElement) || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  const all = items(menu);
  const now = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = { ArrowDown: (now + 1) % all.length, ArrowUp: now <= 0 ? all.length - 1 : now - 1, Home: 0, End: -1 };
  event.preventDefault();
  all.at(next[/** @type {keyof typeof next} */ (event.key)])?.focus();
});

// A place is worth as long as nothing moves.
for (const change of ["resize", "scroll"]) {
  addEventListener(
    change,
    (event) => {
      for (const menu of document.querySelectorAll(".dropdown-menu:popover-open")) {
        const inside = event.target instanceof Node && menu.contains(event.target);
        if (!inside && menu instanceof HTMLElement) menu.hidePopover();
      }
    },
    { capture: true, passive: true },
  );
}

document.addEventListener("click", (event) => {
  const item = /** @type {Element} */ (event.target).closest(".dropdown-menu:popover-open .dropdown-item");
  const menu = item?.closest(".dropdown-menu");
  if (menu instanceof HTMLElement && !item?.hasAttribute("data-stay")) menu.hidePopover();
});
