// The pages of a form's builder: layout, preview as a role, page logic. They share the definition, its history and
// the draft that is kept of it.
import { Builder } from "../builder/builder.js";
import { Canvas } from "../builder/canvas.js";
import { dragging } from "../builder/drag.js";
import * as edits from "../builder/edits.js";
import { here } from "../builder/here.js";
import { canvasKeys, commonKeys } from "../builder/keys.js";
import { notices } from "../builder/notices.js";
import { palette } from "../builder/palette.js";
import { Properties } from "../builder/properties.js";
import { publishing } from "../builder/publishing.js";
import { MENDED_MS, Saving } from "../builder/saving.js";
import { tray } from "../builder/tray.js";
import { send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { onDo } from "../verbs.js";

/** @type {import("../builder/types.js").BuilderData} */
const data = JSON.parse(document.getElementById("builder-data")?.textContent ?? "{}");
const builder = new Builder(data);
const root = /** @type {HTMLElement} */ (document.getElementById("builder"));
const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (document.getElementById(`builder-${name}`));

const saving = new Saving({
  seen: data.seen,
  base: data.base,
  key: `builder:${data.user}:${data.form}`,
  definition: () => builder.definition,
  post: (json) => send(data.urls.draft, { json }),
  changed: stateChanged,
  storage: localStorage,
});
/** @type {() => void} */
let focusCard = () => {};
const told = notices(
  builder,
  () => saving,
  () => focusCard(),
);
builder.edited = () => {
  document.getElementById("builder-next")?.replaceChildren(); // it told of the version before this edit
  saving.touch(builder.field && builder.faultsOf(builder.field).length ? MENDED_MS : undefined);
};

if (data.view === "logic") (await import("../builder/logic.js")).logic(builder, root);
else await layout();
commonKeys(builder, { save: () => saving.flush() });
publishing(builder, saving, () => told.newer(0));
here(builder, (version) => told.newer(version > saving.base ? version : 0));
restore();
performance.mark("builder-drawn");

onDo("builder-drawer", (_button, name) => {
  root.dataset.drawer = name;
  /** @type {HTMLElement | null} */ (name ? part(name).querySelector("input, button") : part("canvas"))?.focus();
});

/** Palette, middle and properties; in the middle the cards of the fields, or the form as a role sees it. */
async function layout() {
  const properties = new Properties(builder, part("properties"));
  if (data.view === "preview") {
    const { preview } = await import("../builder/preview.js");
    await preview(builder, part("canvas"));
    palette(builder, part("palette"), () => properties.focus());
    tray(builder, part("tray"));
    return;
  }
  const canvas = new Canvas(builder, part("canvas"));
  focusCard = () => canvas.focus();
  tray(builder, part("tray"));
  const begin = () => beginWith(canvas, properties);
  palette(builder, part("palette"), begin);
  dragging(builder, canvas, part("palette"), begin);
  const toPalette = () => {
    root.dataset.drawer = "palette";
    part("palette").querySelector("input")?.focus();
  };
  const toProperties = () => {
    root.dataset.drawer = "properties";
    properties.focus();
  };
  canvasKeys(builder, canvas, { properties: toProperties, palette: toPalette });
  onDo("builder-palette", toPalette);
  for (const side of [part("properties"), part("palette")]) {
    side.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      root.dataset.drawer = "";
      canvas.focus();
    });
  }
}

/** @param {Canvas} canvas @param {Properties} properties a new field: the focus goes where one writes first */
function beginWith(canvas, properties) {
  const kind = builder.field?.kind;
  root.dataset.drawer = kind === "script_text" ? "properties" : "";
  canvas.cardOf(builder.selected)?.scrollIntoView({ block: "nearest" });
  if (kind === "script_text") properties.focus();
  else if (kind === "separator") canvas.focus();
  else canvas.focusTitle();
}

/** @param {import("../builder/saving.js").State} state @param {Parameters<ConstructorParameters<typeof Saving>[0]["changed"]>[1]} details */
function stateChanged(state, { at, faults, error }) {
  if (faults) {
    builder.faults = faults;
    builder.tell("faults");
  }
  if (state === "refused" && error) builder.faults = { ...builder.faults, ...placed(error.problem.fields ?? {}) };
  told.state(state, { at, error });
  if (state === "conflict") told.conflict();
}

/** @param {Record<string, string[]>} fields messages by place, as fields.3.title @returns {Record<string, string[]>} by field id */
function placed(fields) {
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const [place, messages] of Object.entries(fields)) {
    const [, number] = /^fields\.(\d+)\./.exec(place) ?? [];
    const field = builder.definition.fields[Number(number) - 1];
    if (field) found[field.id] = [...(found[field.id] ?? []), ...messages];
  }
  return found;
}

/** What an earlier visit could not send comes back. */
function restore() {
  const copy = saving.copy();
  if (!data.may_edit) return;
  if (!copy) return tidy();
  const same = JSON.stringify(copy.definition) === JSON.stringify(data.definition);
  if (same) {
    saving.dropCopy();
    return tidy();
  }
  const isCurrent = copy.seen === data.seen && copy.base === data.base;
  if (!isCurrent) Object.assign(saving, { seen: copy.seen, base: copy.base });
  builder.apply(copy.definition, _("brought back what was not saved"));
  tidy();
}

/** Choices that an earlier visit left without a title do not count. */
function tidy() {
  builder.apply(
    edits.withoutEmptyChoices(builder.definition, data.published_choices),
    _("removed choices without a title"),
  );
}

// Pages of the builder are pages: what is not sent yet goes first.
document.addEventListener("click", async (event) => {
  const link = /** @type {Element} */ (event.target).closest("a[href]");
  const click = /** @type {MouseEvent} */ (event);
  if (!(link instanceof HTMLAnchorElement) || click.ctrlKey || click.metaKey || click.shiftKey || link.target) return;
  if (!saving.pending || saving.state === "conflict" || event.defaultPrevented) return;
  event.preventDefault();
  await saving.flush();
  location.assign(link.href);
});
addEventListener("beforeunload", (event) => {
  // What could not be copied into this browser would be lost.
  if (saving.pending && !saving.copy()) event.preventDefault();
});
