// What another version of a form or of the statuses changed on this screen, in sentences.
import { gettext as _, ngettext } from "../i18n.js";

/** Names of one sentence, and sentences of one sort; the rest is counted. */
const NAMED = 5;

/** @typedef {import("../form/morph.js").Offering} Offering */

/** @param {import("./card.js").News} news @returns {string[]} nothing when nobody could see a difference */
export function whatChanged({ added, removed, changed, renamed, choices, statuses, isReordered }) {
  const rest = choices.slice(NAMED);
  const said = [
    sentence(added, (names) => _("New: %(names)s.", { names })),
    sentence(removed, (names) => _("Gone: %(names)s.", { names })),
    ...renamed.slice(0, NAMED).map(({ before, after }) => nowCalled(before, after)),
    ...choices.slice(0, NAMED).flatMap(aboutChoices),
    sentence([...changed, ...rest], (names) => _("Changed: %(names)s.", { names })),
    isReordered && !added.length && !removed.length ? _("The fields stand in another order.") : "",
    statuses ? _("The list of statuses has changed.") : "",
  ].filter(Boolean);
  if (!said.length) return [];
  const isForm = isReordered || [added, removed, renamed, changed, choices].some((fields) => fields.length);
  return isForm ? [_("The form has a new version."), ...said] : said;
}

/** @param {string} before @param {string} after */
function nowCalled(before, after) {
  if (!before) return _("New: %(names)s.", { names: quoted(after) });
  return _("“%(before)s” is called “%(after)s” now.", { before, after });
}

/** @param {Offering} offering @returns {string[]} a sentence for each thing that happened to the choices of a field */
function aboutChoices({ title, added, hidden, shown, renamed }) {
  const field = quoted(title);
  /** @param {string[]} names */
  const all = (names) => ({ field, names: listed(names, names.length) });
  return [
    added.length
      ? ngettext("%(field)s: new choice %(names)s.", "%(field)s: new choices %(names)s.", added.length, all(added))
      : "",
    hidden.length
      ? ngettext(
          "%(field)s: choice %(names)s is offered no more.",
          "%(field)s: choices %(names)s are offered no more.",
          hidden.length,
          all(hidden),
        )
      : "",
    shown.length
      ? ngettext(
          "%(field)s: choice %(names)s is offered again.",
          "%(field)s: choices %(names)s are offered again.",
          shown.length,
          all(shown),
        )
      : "",
    ...renamed
      .slice(0, NAMED)
      .map(({ before, after }) =>
        _("%(field)s: choice “%(before)s” is called “%(after)s” now.", { field, before, after }),
      ),
  ];
}

/** @param {{ title: string }[]} fields @param {(names: string) => string} inWords */
function sentence(fields, inWords) {
  const names = [...new Set(fields.map(({ title }) => title).filter(Boolean))];
  if (!fields.length) return "";
  if (!names.length) return inWords(ngettext("%(count)s part", "%(count)s parts", fields.length));
  return inWords(listed(names, fields.length));
}

/** @param {string[]} names @param {number} count of all, named or not */
function listed(names, count) {
  const shown = names.slice(0, NAMED).map(quoted);
  const rest = count - shown.length;
  if (rest > 0) shown.push(ngettext("%(count)s more", "%(count)s more", rest));
  return shown.join(", ");
}

/** @param {string} name */
function quoted(name) {
  return _("“%(name)s”", { name });
}
