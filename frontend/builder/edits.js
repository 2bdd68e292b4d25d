// Edits of a definition, apart from the page: each gives a new definition and leaves the old one as it is. What an
// edit does not touch stays the same object, so that the page draws only what changed. Nothing that was published is
// removed: it is hidden.

/** @typedef {import("./types.js").Definition} Definition */
/** @typedef {import("./types.js").Field} Field */
/** @typedef {import("./types.js").Page} Page */
/** @typedef {import("./types.js").Choice} Choice */
/** @typedef {import("./types.js").Kind} Kind */

/** @returns {string} a random UUID; pages of a plain http address have no crypto.randomUUID */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** @param {string} code @param {Kind} kind @param {string} page @returns {Field} */
export function newField(code, kind, page) {
  return {
    id: newId(),
    kind: code,
    page,
    title: "",
    help: "",
    placeholder: "",
    default: null,
    width: kind.answers ? 3 : 6,
    required_to_save: false,
    required_to_close: false,
    visible_if: null,
    required_if: null,
    read_only: false,
    hidden: false,
    visible_roles: null,
    editable_roles: null,
    show_in_header: false,
    show_in_lists: false,
    config: structuredClone(kind.config),
  };
}

/** @param {Definition} definition @param {string} page @returns {Field[]} what the page shows, in order */
export function shownOn(definition, page) {
  return definition.fields.filter((field) => field.page === page && !field.hidden);
}

/** @param {Definition} definition @param {string} id @returns {Field | undefined} */
export function fieldOf(definition, id) {
  return definition.fields.find((field) => field.id === id);
}

/**
 * @param {Definition} definition @param {Field} field new, or one that stands elsewhere
 * @param {string} page @param {number} place among the fields that the page shows, without this one
 * @returns {Definition}
 */
export function place(definition, field, page, place) {
  const others = definition.fields.filter((each) => each.id !== field.id);
  const shown = others.filter((each) => each.page === page && !each.hidden);
  const placed = field.page === page ? field : { ...field, page };
  const before = shown[Math.max(place, 0)];
  const last = others.findLastIndex((each) => each.page === page);
  const at = before ? others.indexOf(before) : last + 1 || others.length;
  return { ...definition, fields: others.toSpliced(at, 0, placed) };
}

/** @param {Definition} definition @param {string} id @param {Partial<Field>} changes @returns {Definition} */
export function changeField(definition, id, changes) {
  return { ...definition, fields: swapped(definition.fields, id, changes) };
}

/** @param {Definition} definition @param {string} id @param {Record<string, any>} changes @returns {Definition} */
export function changeConfig(definition, id, changes) {
  const field = fieldOf(definition, id);
  return field ? changeField(definition, id, { config: { ...field.config, ...changes } }) : definition;
}

/**
 * Another kind for a field: choices go along where both kinds have some, all other settings are those of the new kind.
 * @param {Definition} definition @param {string} id @param {string} code @param {Kind} kind @returns {Definition}
 */
export function changeKind(definition, id, code, kind) {
  const { choices } = fieldOf(definition, id)?.config ?? {};
  const config = { ...structuredClone(kind.config), ...(choices && "choices" in kind.config ? { choices } : {}) };
  return changeField(definition, id, { kind: code, config, default: null });
}

/** @param {Definition} definition @param {string} id never of a field that was published @returns {Definition} */
export function removeField(definition, id) {
  return { ...definition, fields: definition.fields.filter((field) => field.id !== id) };
}

/** @param {Definition} definition @param {string} id @returns {[Definition, Field]} a copy behind it, with ids of its own */
export function duplicate(definition, id) {
  const at = definition.fields.findIndex((field) => field.id === id);
  const copy = { ...structuredClone(definition.fields[at]), id: newId(), default: null };
  for (const choice of copy.config.choices ?? []) choice.id = newId();
  return [{ ...definition, fields: definition.fields.toSpliced(at + 1, 0, copy) }, copy];
}

/** @param {Definition} definition @param {string} id @param {Choice[]} choices @returns {Definition} */
export function setChoices(definition, id, choices) {
  return changeConfig(definition, id, { choices });
}

/** @param {Choice} choice @param {string[]} published ids @returns {boolean} whether it was left without a title, and may go */
export function isEmptyChoice({ id, title }, published) {
  return !title.trim() && !published.includes(id);
}

/** @param {Definition} definition @param {string[]} published ids of choices @returns {Definition} without empty choices */
export function withoutEmptyChoices(definition, published) {
  const fields = definition.fields.map((field) => {
    const { choices } = field.config;
    if (!Array.isArray(choices)) return field;
    const kept = choices.filter((choice) => !isEmptyChoice(choice, published));
    return kept.length < choices.length ? { ...field, config: { ...field.config, choices: kept } } : field;
  });
  return fields.some((field, at) => field !== definition.fields[at]) ? { ...definition, fields } : definition;
}

/** @template T @param {T[]} list @param {number} from @param {number} to @returns {T[]} with the entry at another place */
export function moved(list, from, to) {
  const held = Math.min(Math.max(to, 0), list.length - 1);
  return list.toSpliced(from, 1).toSpliced(held, 0, list[from]);
}

/** @param {Definition} definition @param {string} title @param {string} after @returns {[Definition, string]} and its id */
export function addPage(definition, title, after) {
  const page = { id: newId(), title, branches: [] };
  const at = definition.pages.findIndex((each) => each.id === after) + 1;
  return [{ ...definition, pages: definition.pages.toSpliced(at || definition.pages.length, 0, page) }, page.id];
}

/** @param {Definition} definition @param {string} id @param {Partial<Page>} changes @returns {Definition} */
export function changePage(definition, id, changes) {
  return { ...definition, pages: swapped(definition.pages, id, changes) };
}

/** @param {Definition} definition @param {string} id @param {number} step @returns {Definition} */
export function movePage(definition, id, step) {
  const from = definition.pages.findIndex((page) => page.id === id);
  return { ...definition, pages: moved(definition.pages, from, from + step) };
}

/** @param {Definition} definition @param {string} id of a page without fields; ways to it end with it @returns {Definition} */
export function removePage(definition, id) {
  const pages = definition.pages
    .filter((page) => page.id !== id)
    .map((page) =>
      page.branches.some((branch) => branch.page === id)
        ? { ...page, branches: page.branches.filter((branch) => branch.page !== id) }
        : page,
    );
  return { ...definition, pages };
}

/**
 * @template {{ id: string }} T
 * @param {T[]} list @param {string} id @param {Partial<T>} changes
 * @returns {T[]}
 */
function swapped(list, id, changes) {
  return list.map((entry) => (entry.id === id ? { ...entry, ...changes } : entry));
}
