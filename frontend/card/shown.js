// What stands on the card, in words: values as a person reads them, the pending status, the parts nobody types.

/** @typedef {import("./state.js").Raw} Raw */
/** @typedef {import("./status.js").Choice} Choice */

const ANSWER = "answer:";

/** @param {string} key @param {Raw} value that its control holds @returns {string} as a person reads it */
export function inWords(key, value) {
  if (key === "status") return choiceOf(String(value))?.name ?? "";
  const control = document.querySelector(
    key.startsWith(ANSWER)
      ? `#form [data-key="${CSS.escape(key.slice(ANSWER.length))}"]`
      : `.sp-ch [data-key="${key}"]`,
  );
  const look = control?.querySelector("input[data-look]");
  if (look instanceof HTMLInputElement) return look.value;
  const files = control?.querySelectorAll("[data-files] [data-name]") ?? [];
  if (files.length) return [...files].map((file) => file.textContent).join(", ");
  return [value]
    .flat()
    .map((id) => nameOf(control, id))
    .join(", ");
}

/** @param {string} id @returns {Choice | null} a status of the menu */
export function choiceOf(id) {
  const option = document.querySelector(`#card-statuses [data-do="card-status:${CSS.escape(id)}"]`);
  if (!(option instanceof HTMLElement)) return null;
  return { id, name: option.dataset.name ?? "", kind: option.dataset.kind ?? "", when: "" };
}

/** @param {string} fragment parts of the header by id, put into the places of the former ones */
export function showFacts(fragment) {
  const template = document.createElement("template");
  template.innerHTML = fragment;
  for (const part of template.content.querySelectorAll("[id]")) document.getElementById(part.id)?.replaceWith(part);
}

/** @param {Element | null} control @param {string} id */
function nameOf(control, id) {
  if (!id) return "";
  const option = control?.querySelector(`option[value="${CSS.escape(id)}"], input[value="${CSS.escape(id)}"]`);
  return option?.closest("label")?.textContent?.trim() || option?.textContent?.trim() || id;
}
