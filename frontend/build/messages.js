import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { root, sources } from "./paths.js";

const translations = path.join(root, "app/translations");
const LANGUAGES = ["en", "pl"];

/**
 * One script per language with the texts of the browser sources, as `window.splotMessages`. A language without a
 * catalogue gets an empty one: the texts then show in English, as they are written.
 * @returns {Promise<[string, string][]>} name and content
 */
export async function buildMessages() {
  const code = (await sources([".js"])).map(({ text }) => text).join("\n");
  const present = await readdir(translations).catch(() => /** @type {string[]} */ ([]));
  /** @type {[string, string][]} */
  const scripts = [];
  for (const language of new Set([...LANGUAGES, ...present])) {
    const file = path.join(translations, language, "LC_MESSAGES/messages.po");
    const po = await readFile(file, "utf8").catch(() => "");
    if (!po && !LANGUAGES.includes(language)) continue;
    const entries = parsePo(po);
    const texts = Object.fromEntries(
      entries.filter(({ id, to }) => used(code, id) && to[0]).map(({ id, to }) => [id, to]),
    );
    scripts.push([
      `messages.${language}.js`,
      `window.splotMessages={language:${JSON.stringify(language)},plural:${pluralOf(po)},texts:${JSON.stringify(texts)}};\n`,
    ]);
  }
  return scripts;
}

/** @param {string} code @param {string} id whether the text stands in the sources as a string */
function used(code, id) {
  return id !== "" && (code.includes(JSON.stringify(id)) || code.includes(`'${id}'`));
}

/** @param {string} po @returns {string} the header's rule as a function; only arithmetic and comparison pass */
export function pluralOf(po) {
  const rule = /plural=([^;\\]+);/.exec(po)?.[1].trim() ?? "(n != 1)";
  if (!/^[n\d\s()?:%!=<>&|]+$/.test(rule)) throw new Error(`Plural rule not understood: ${rule}`);
  return `(n)=>Number(${rule})`;
}

/** @param {string} po @returns {{ id: string, to: string[] }[]} without fuzzy and obsolete entries */
export function parsePo(po) {
  const found = [];
  for (const block of po.split(/\n\s*\n/)) {
    if (/^#,.*\bfuzzy\b/m.test(block)) continue;
    /** @type {Record<string, string>} */
    const fields = {};
    let key = "";
    for (const line of block.split("\n")) {
      const start = /^(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) (".*")$/.exec(line);
      if (start) [, key] = start;
      const text = start ? start[2] : /^".*"$/.test(line) ? line : null;
      if (key && text !== null) fields[key] = (fields[key] ?? "") + JSON.parse(text);
    }
    if (!fields.msgid) continue;
    const forms = Object.keys(fields).filter((name) => name.startsWith("msgstr"));
    found.push({ id: fields.msgid, to: forms.sort().map((name) => fields[name]) });
  }
  return found;
}
