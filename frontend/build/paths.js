import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** @param {string} name @param {string} content @returns {string} "icons.svg" → "icons-1a2b3c4d.svg" */
export function hashed(name, content) {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 8);
  const extension = path.extname(name);
  return `${name.slice(0, -extension.length)}-${digest}${extension}`;
}

/**
 * Everything that can name a class, an icon or a text: templates, Python and browser sources.
 * @param {string[]} extensions @returns {Promise<{ file: string, text: string }[]>}
 */
export async function sources(extensions) {
  const found = [];
  for (const folder of ["app", "frontend"]) {
    for (const entry of await readdir(path.join(root, folder), { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (
        !entry.isFile() ||
        file.includes(`${path.sep}static${path.sep}`) ||
        file.includes(`${path.sep}build${path.sep}`)
      )
        continue;
      if (extensions.includes(path.extname(file))) found.push({ file, text: await readFile(file, "utf8") });
    }
  }
  return found;
}
