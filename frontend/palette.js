// The command palette (Ctrl+K): pages by name at once; contacts, cases and commands from /search?q= as one types.
import { show } from "./dialogs.js";
import { send } from "./http.js";
import { gettext as _, ngettext } from "./i18n.js";
import { announce } from "./toasts.js";

/**
 * @typedef {{ title: string, url: string, detail?: string, icon?: string, number?: string, note?: string,
 *   status?: { kind: string, name: string, icon: string } }} Item
 * @typedef {{ title: string, items: Item[] }} Group what /search answers: {groups: Group[]}
 */

const WAIT_MS = 150;
const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("palette"));
const input = dialog?.querySelector("input");
const list = dialog?.querySelector("ul");
/** @type {AbortController | undefined} */
let asking;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;
/** Until the list shows what was asked for last. */
let shown = Promise.resolve();

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k" || !dialog) return;
  event.preventDefault();
  show("palette");
});

dialog?.addEventListener("toggle", () => dialog.open && ask());
input?.addEventListener("input", () => {
  asking?.abort();
  clearTimeout(waiting);
  waiting = setTimeout(ask, WAIT_MS);
});
input?.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    enter(event.ctrlKey || event.metaKey);
  }
});
list?.addEventListener("click", (event) => {
  const option = /** @type {Element} */ (event.target).closest('[role="option"]');
  if (option instanceof HTMLElement) go(option, event.ctrlKey || event.metaKey);
});

function ask() {
  clearTimeout(waiting);
  waiting = undefined;
  shown = refresh();
}

/** Opens what is selected, once the list is that of the words that stand there. @param {boolean} elsewhere */
async function enter(elsewhere) {
  if (waiting !== undefined) ask();
  const awaited = shown;
  await awaited;
  // Somebody typed on meanwhile: they want something else now.
  if (awaited !== shown || waiting !== undefined) return;
  const chosen = list?.querySelector('[aria-selected="true"]');
  if (chosen instanceof HTMLElement) go(chosen, elsewhere);
}

/** @param {HTMLElement} option @param {boolean} elsewhere in a new tab of the browser */
function go(option, elsewhere) {
  const url = option.dataset.url ?? "/";
  if (elsewhere) open(url, "_blank", "noopener");
  else location.assign(url);
}

/** @param {number} step */
function move(step) {
  const options = [...(list?.querySelectorAll('[role="option"]') ?? [])];
  if (!options.length) return;
  const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  select(options, (now + step + options.length) % options.length);
}

/** @param {Element[]} options @param {number} index */
function select(options, index) {
  for (const [at, option] of options.entries()) option.setAttribute("aria-selected", String(at === index));
  options[index]?.scrollIntoView({ block: "nearest" });
  if (options[index]) input?.setAttribute("aria-activedescendant", options[index].id);
}

async function refresh() {
  const query = input?.value.trim() ?? "";
  asking?.abort();
  draw([pages(query)], query);
  if (query.length < 2 || !dialog?.dataset.url) return;
  asking = new AbortController();
  try {
    const answer = await send(`${dialog.dataset.url}?q=${encodeURIComponent(query)}`, { signal: asking.signal });
    draw([...answer.groups, pages(query)], query);
  } catch (error) {
    const gone = error instanceof Error && error.name === "AbortError";
    if (!gone) announce(error instanceof Error ? error.message : String(error));
  }
}

/** @param {string} query @returns {Group} the pages of the navigation, which is what the user may open */
function pages(query) {
  const wanted = plain(query);
  const items = [...document.querySelectorAll("#nav a.sp-nav-a, [data-palette]")]
    .map((link) => ({
      title: link.querySelector(".t")?.textContent ?? link.textContent?.trim() ?? "",
      url: link.getAttribute("href") ?? "",
      icon: link.querySelector("use")?.getAttribute("href")?.split("#")[1],
    }))
    .filter(({ title }) => plain(title).includes(wanted));
  return { title: _("Pages"), items };
}

/** @param {string} text @returns {string} without accents and capitals, so that "lodz" finds "Łódź" */
function plain(text) {
  return text.toLowerCase().replaceAll("ł", "l").normalize("NFD").replace(/\p{M}/gu, "");
}

/** @param {Group[]} groups @param {string} query */
function draw(groups, query) {
  if (!list) return;
  list.replaceChildren();
  let count = 0;
  for (const { title, items } of groups) {
    if (!items.length) continue;
    list.append(element("li", "g", title, { role: "presentation" }));
    for (const item of items) list.append(optionOf(item, `pal-${count++}`));
  }
  if (!count) list.append(element("li", "g", _("Nothing found for “%(query)s”", { query }), { role: "presentation" }));
  select([...list.querySelectorAll('[role="option"]')], 0);
  announce(ngettext("%(count)s result", "%(count)s results", count));
}

/** @param {Item} item @param {string} id */
function optionOf(item, id) {
  const option = element("li", "o", "", { role: "option", id, "aria-selected": "false" });
  option.dataset.url = item.url;
  option.append(iconOf(item.icon ?? "arrow-right"));
  if (item.number) option.append(element("span", "sp-num sp-strong", item.number));
  const title = element("span", "sp-cut sp-grow", item.title);
  if (item.detail) title.append(element("span", "sp-3", ` · ${item.detail}`));
  option.append(title);
  if (item.status) {
    const chip = element("span", `sp-chip k-${item.status.kind}`, "");
    chip.append(iconOf(item.status.icon), element("span", "sp-cut", item.status.name));
    option.append(chip);
  }
  if (item.note) option.append(element("span", "sp-3 sp-xs", item.note));
  return option;
}

/** @param {string} tag @param {string} className @param {string} text @param {Record<string, string>} [attributes] */
function element(tag, className, text, attributes = {}) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** @param {string} name of an icon in the sprite */
function iconOf(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "ti");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.documentElement.dataset.icons ?? ""}#${name}`);
  svg.append(use);
  return svg;
}
