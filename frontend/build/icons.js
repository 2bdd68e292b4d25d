import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { root, sources } from "./paths.js";

const outline = path.join(root, "node_modules/@tabler/icons/icons/outline");
// A quoted word that is no attribute's value, or one given by name as icon=… (a macro's argument, a menu's entry).
const QUOTED = /(?<![=\w])["']([a-z][a-z0-9-]*)["']|icon\w*\s*[=:]\s*["']([a-z][a-z0-9-]*)["']/g;
const NAMED = /icon\w*["']?\s*(?::\s*[\w[\].]+\s*)?[=:(]\s*["']([a-z][a-z0-9-]*)["']/g;

/** @returns {Promise<string>} an SVG sprite of the Tabler icons that templates and sources name, and of no others */
export async function buildIcons() {
  const known = new Set((await readdir(outline)).map((name) => name.replace(/\.svg$/, "")));
  /** @type {Set<string>} */
  const used = new Set();
  for (const { file, text } of await sources([".html", ".js", ".py"])) {
    // Menus stand in app/views as rows of bare words; elsewhere in Python only what is called an icon is one.
    const loose = !file.endsWith(".py") || file.includes(`app${path.sep}views${path.sep}`);
    for (const match of text.matchAll(loose ? QUOTED : NAMED)) {
      const name = match[1] ?? match[2];
      if (known.has(name)) used.add(name);
    }
  }
  const symbols = await Promise.all([...used].sort().map(symbol));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

/** @param {string} name */
async function symbol(name) {
  const svg = await readFile(path.join(outline, `${name}.svg`), "utf8");
  const inner = svg
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "")
    .replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
}
