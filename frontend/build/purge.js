import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { PurgeCSS } from "purgecss";
import { sources } from "./paths.js";

const require = createRequire(import.meta.url);
const CLASS_IN_PYTHON = /class_?["']?\s*[=:]\s*\\?["'][^"']+["']/g;

/** @returns {Promise<string>} Tabler's style sheet without the rules that no template or source can match */
export async function purgedTabler() {
  const css = await readFile(require.resolve("@tabler/core/dist/css/tabler.min.css"), "utf8");
  const content = (await sources([".html", ".js", ".py"])).map(({ file, text }) => ({
    raw: file.endsWith(".py") ? (text.match(CLASS_IN_PYTHON) ?? []).join(" ") : text,
    extension: "html",
  }));
  const [result] = await new PurgeCSS().purge({
    content,
    css: [{ raw: css }],
    variables: false,
    keyframes: true,
    fontFace: true,
    defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
    // Put together from parts in the macros ("btn-" ~ variant), so never found whole.
    safelist: { standard: ["html", "body", /^btn-(primary|danger|ghost|icon|sm)$/] },
  });
  return result.css;
}
