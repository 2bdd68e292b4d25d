// What another version of a form or of the statuses changed on this screen, in sentences.
import { gettext as _, ngettext } from "../i18n.js";

/** Names of one sentence; the rest is counted. */
const NAMED = 5;

/** @param {import("./card.js").News} news @returns {string[]} nothing when nobody could see a difference */
export function whatChanged({ added, removed, changed, renamed, statuses, isReordered }) {
  const said = [
    sentence(added, (names) => _("New: %(names)s.", { names })),
    sentence(removed, (names) => _("Gone: %(names)s.", { names })),
    ...renamed
      .slice(0, NAMED)
      .map(({ before, after }) =>
        before
          ? _("“%(before)s” is called “%(after)s” now.", { before, after })
          : _("New: %(names)s.", { names: quoted(after) }),
      ),
    sentence(changed, (names) => _("Changed: %(names)s.", { names })),
    isReordered && !added.length && !removed.length ? _("The fields stand in another order.") : "",
    statuses ? _("The list of statuses has changed.") : "",
  ].filter(Boolean);
  if (!said.length) return [];
  const isForm = added.length + removed.length + renamed.length + changed.length > 0 || isReordered;
  return isForm ? [_("The form has a new version."), ...said] : said;
}

/** @param {{ title: string }[]} fields @param {(names: string) => string} inWords */
function sentence(fields, inWords) {
  const names = [...new Set(fields.map(({ title }) => title).filter(Boolean))];
  const shown = names.slice(0, NAMED).map(quoted);
  const rest = fields.length - shown.length;
  if (!fields.length) return "";
  if (!shown.length) return inWords(ngettext("%(count)s part", "%(count)s parts", rest));
  if (rest > 0) shown.push(ngettext("%(count)s more", "%(count)s more", rest));
  return inWords(shown.join(", "));
}

/** @param {string} name */
function quoted(name) {
  return _("“%(name)s”", { name });
}
