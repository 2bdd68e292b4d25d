// The frame: theme, density, navigation, copying, keys that work on every page.
import { gettext as _ } from "./i18n.js";
import { say } from "./toasts.js";
import { onDo } from "./verbs.js";

const html = document.documentElement;

/** @param {string} key @param {string} value */
function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // a private window: the choice lasts as long as the page
  }
}

onDo("theme", () => {
  html.dataset.bsTheme = html.dataset.bsTheme === "dark" ? "light" : "dark";
  keep("sp-theme", html.dataset.bsTheme);
  markPressed();
});
onDo("density", (_element, name) => {
  html.dataset.density = name;
  keep("sp-density", name);
  markPressed();
});
onDo("nav", () => {
  html.dataset.nav = html.dataset.nav === "rail" ? "open" : "rail";
  keep(html.dataset.navOf === "card" ? "sp-nav-card" : "sp-nav", html.dataset.nav);
  markPressed();
});
onDo("menu", () => openMenu(html.dataset.menu !== "open"));
onDo("press", (element) =>
  element.setAttribute("aria-pressed", String(element.getAttribute("aria-pressed") !== "true")),
);
onDo("copy", async (element) => {
  const text = element.dataset.copy ?? element.textContent ?? "";
  await navigator.clipboard.writeText(text);
  say(_("Copied: %(text)s", { text }));
});
onDo("reload", () => location.reload());
onDo("back", () => history.back());

/** @param {boolean} open the navigation of a narrow screen, which lies over the page */
function openMenu(open) {
  html.dataset.menu = open ? "open" : "";
  document.querySelector("[data-do='menu']")?.setAttribute("aria-expanded", String(open));
  const nav = document.getElementById("nav");
  if (open) nav?.querySelector("a")?.focus();
}

function markPressed() {
  document.querySelector("[data-do='nav']")?.setAttribute("aria-expanded", String(html.dataset.nav !== "rail"));
  for (const button of document.querySelectorAll("[data-do^='density:']")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-do") === `density:${html.dataset.density}`));
  }
  for (const button of document.querySelectorAll("[data-do='theme']")) {
    button.setAttribute("aria-pressed", String(html.dataset.bsTheme === "dark"));
  }
  for (const link of document.querySelectorAll(".sp-nav-a")) {
    const name = link.querySelector(".t")?.textContent ?? "";
    if (html.dataset.nav === "rail") link.setAttribute("title", name);
    else link.removeAttribute("title");
  }
}

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (html.dataset.menu === "open" && !target.closest("#nav, [data-do='menu']")) openMenu(false);
});

/** @param {EventTarget | null} target whether a key there is typing, not a command */
export function isTyping(target) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"))
  );
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    const save = document.querySelector("[data-save]");
    if (!(save instanceof HTMLElement)) return;
    event.preventDefault();
    save.click();
    return;
  }
  if (event.key === "Escape") {
    if (html.dataset.menu === "open") openMenu(false);
    for (const side of document.querySelectorAll(".sp-side:not([hidden])")) side.setAttribute("hidden", "");
    return;
  }
  // Single keys: an element says data-key="n"; they wait while a dialog is open or somebody types.
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const owner = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (owner instanceof HTMLElement) {
    event.preventDefault();
    owner.click();
  }
});

for (const strip of document.querySelectorAll("[data-dismiss]")) {
  strip.addEventListener("click", () => strip.closest(".sp-notice")?.remove());
}
for (const box of document.querySelectorAll(".sp-tlbox")) box.scrollTop = box.scrollHeight;
markPressed();
