// Selects that one searches: long and multiple ones, and those that ask the server as one types.
import { Refusal, send } from "./http.js";
import { gettext as _ } from "./i18n.js";
import { say } from "./toasts.js";

const LONG = 12;
/** @typedef {{ value: string, text: string, hint?: string }} Choice */

/**
 * Every select below `root` that needs it: data-search (always), data-url (asks ?q=), `multiple`, or a long one.
 * Flask-AppBuilder's AJAX inputs name their address in `endpoint`. Safe to call again for new parts of a page.
 * Those of a form that may change under the reader are left to whoever shows the form.
 * @param {ParentNode} root
 */
export async function enhanceSelects(root) {
  const found = [...root.querySelectorAll("select, input.my_select2_ajax, input[data-url]")].filter(wanted);
  const controls = root === document ? found.filter((control) => !control.closest("splot-field")) : found;
  if (!controls.length) return;
  const { TomSelect } = await import("./tom-select.js");
  for (const control of controls) {
    const select = /** @type {HTMLSelectElement} */ (control);
    const label = select.labels?.[0]?.textContent?.trim();
    new TomSelect(select, settingsOf(control));
    // The label now names the box that one types in; the select behind it keeps the name for assistive technology.
    if (label) select.setAttribute("aria-label", label);
  }
}

/** @param {Element} control */
function wanted(control) {
  if (control.classList.contains("tomselected") || control.closest("template") || "plain" in dataOf(control))
    return false;
  if (!(control instanceof HTMLSelectElement)) return true;
  const { search, url } = control.dataset;
  return search !== undefined || url !== undefined || control.multiple || control.options.length > LONG;
}

/** @param {Element} control */
function dataOf(control) {
  return /** @type {HTMLElement} */ (control).dataset;
}

/** @param {Element} control @returns {Record<string, any>} tom-select's settings */
function settingsOf(control) {
  const url = dataOf(control).url ?? control.getAttribute("endpoint");
  const multiple = control.hasAttribute("multiple");
  const required = control.hasAttribute("required");
  return {
    plugins: multiple
      ? { remove_button: { title: _("Remove") } }
      : required
        ? {}
        : { clear_button: { title: _("Clear the choice") } },
    maxItems: multiple ? null : 1,
    maxOptions: 200,
    placeholder: dataOf(control).placeholder ?? control.querySelector('option[value=""]')?.textContent ?? "",
    allowEmptyOption: false,
    searchField: ["text", "hint"],
    diacritics: true,
    preload: url ? "focus" : false,
    loadThrottle: 200,
    ...(url ? { load: loadFrom(url) } : {}),
    render: {
      no_results: () => line("no-results", _("Nothing found")),
      option: (/** @type {Choice} */ choice) => line("option", choice.text, choice.hint),
      item: (/** @type {Choice} */ choice) => line("item", choice.text),
    },
  };
}

/** @param {string} url @returns answers of ours ({results: [{id, text, hint}]}) and of Flask-AppBuilder ([{id, text}]) */
function loadFrom(url) {
  return async (/** @type {string} */ query, /** @type {(choices?: Choice[]) => void} */ done) => {
    try {
      const answer = await send(`${url}${url.includes("?") ? "&" : "?"}q=${encodeURIComponent(query)}`);
      /** @type {{ id: unknown, text: string, hint?: string }[]} */
      const rows = Array.isArray(answer) ? answer : answer.results;
      done(rows.map(({ id, text, hint }) => ({ value: String(id), text, hint })));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      say(error.message); // tom-select itself would only say that nothing was found; the next key asks again
      done();
    }
  };
}

/** @param {string} className @param {string} text @param {string} [hint] */
function line(className, text, hint) {
  const element = document.createElement("div");
  element.className = className;
  element.append(text);
  if (hint) {
    const small = document.createElement("span");
    small.className = "sp-3 sp-xs ms-2";
    small.textContent = hint;
    element.append(small);
  }
  return element;
}
