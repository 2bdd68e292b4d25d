/**
 * Builds the browser half of the product into app/static/dist: scripts, one style sheet, fonts, an icon sprite and the
 * texts of every language. Names carry a hash of the content; manifest.json tells the server which is which.
 *
 *   node frontend/build/build.js [--watch]
 */
import { cp, mkdir, readdir, rename, rm, watch, writeFile } from "node:fs/promises";
import path from "node:path";
import * as esbuild from "esbuild";
import { buildIcons } from "./icons.js";
import { buildMessages } from "./messages.js";
import { hashed, root } from "./paths.js";
import { purgedTabler } from "./purge.js";

const dist = path.join(root, "app/static/dist");
const fresh = `${dist}.new`;

/** @type {import("esbuild").BuildOptions} */
const common = {
  bundle: true,
  minify: true,
  metafile: true,
  write: true,
  outdir: fresh,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file" },
  legalComments: "linked",
  logLevel: "warning",
  target: ["chrome120", "firefox121", "safari17"],
};

/** @returns {Promise<Record<string, string>>} entry point by its path: app.js, and what a page adds */
async function moduleEntries() {
  /** @type {Record<string, string>} */
  const entries = { app: path.join(root, "frontend/app.js") };
  for (const name of await readdir(path.join(root, "frontend/pages"))) {
    if (name.endsWith(".js") && !name.endsWith(".test.js")) {
      entries[`page-${name.slice(0, -3)}`] = path.join(root, "frontend/pages", name);
    }
  }
  return entries;
}

/** @param {esbuild.BuildResult} result @param {Record<string, string>} manifest */
function note(result, manifest) {
  for (const [file, output] of Object.entries(result.metafile?.outputs ?? {})) {
    if (!output.entryPoint) continue;
    const extension = path.extname(file);
    const name = path.basename(file, extension).replace(/-[A-Z0-9]{8}$/, "");
    manifest[name + extension] = path.basename(file);
  }
}

async function build() {
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  /** @type {Record<string, string>} */
  const manifest = {};

  const tabler = await purgedTabler();
  const styles = await esbuild.build({
    ...common,
    entryPoints: { app: path.join(root, "frontend/css/app.css") },
    plugins: [fromMemory("tabler.css", tabler)],
  });
  const modules = await esbuild.build({
    ...common,
    entryPoints: await moduleEntries(),
    format: "esm",
    splitting: true,
  });
  const theme = await esbuild.build({
    ...common,
    entryPoints: { theme: path.join(root, "frontend/theme.js") },
    format: "iife",
  });
  for (const result of [styles, modules, theme]) note(result, manifest);

  for (const [name, text] of [["icons.svg", await buildIcons()], ...(await buildMessages())]) {
    manifest[name] = hashed(name, text);
    await writeFile(path.join(fresh, manifest[name]), text);
  }
  await cp(path.join(root, "frontend/splot.svg"), path.join(fresh, "splot.svg"));
  manifest["splot.svg"] = "splot.svg";
  await writeFile(path.join(fresh, "manifest.json"), JSON.stringify(manifest, null, 1));
  await rm(dist, { recursive: true, force: true });
  await rename(fresh, dist);
}

/** @param {string} name @param {string} contents @returns {esbuild.Plugin} an import that is made, not read */
function fromMemory(name, contents) {
  return {
    name: `memory:${name}`,
    setup(builder) {
      builder.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: "memory" }));
      builder.onLoad({ filter: /.*/, namespace: "memory" }, () => ({ contents, loader: "css", resolveDir: root }));
    },
  };
}

async function rebuildOnChange() {
  for await (const change of watch(path.join(root, "frontend"), { recursive: true })) {
    const started = performance.now();
    try {
      await build();
      console.log(`${change.filename}: built in ${Math.round(performance.now() - started)} ms`);
    } catch (error) {
      console.error(error); // keep watching: the next save mends it
    }
  }
}

try {
  await build();
} finally {
  await rm(fresh, { recursive: true, force: true });
}
if (process.argv.includes("--watch")) await rebuildOnChange();
