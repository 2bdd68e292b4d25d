// What two versions of a field offer to choose from, compared for whoever is told of it.

/** Kinds whose choices somebody has written: the steps of a rating, or yes and no, are no news. */
const WRITTEN = new Set(["single_choice", "multiple_choice"]);
const CHOICES = 'option:not([value=""]), .sp-opt';

/**
 * @typedef {Map<string, { title: string, isHidden: boolean }>} Offer choices by id
 * @typedef {{
 *   added: string[], hidden: string[], shown: string[], renamed: { before: string, after: string }[]
 * }} ChoiceNews titles: new ones, those that are not offered any more, and those that are offered again
 */

/** @param {Element} field in the server's markup @returns {Offer} */
export function offerOf(field) {
  /** @type {Offer} */
  const offer = new Map();
  if (!WRITTEN.has(field.getAttribute("data-kind") ?? "")) return offer;
  for (const choice of field.querySelectorAll(CHOICES)) {
    const id = choice.getAttribute("value") ?? choice.querySelector("input")?.getAttribute("value") ?? "";
    offer.set(id, { title: choice.textContent?.trim() ?? "", isHidden: choice.hasAttribute("data-retired") });
  }
  return offer;
}

/** @param {Offer} before @param {Offer} after @returns {ChoiceNews | null} null when nobody could see a difference */
export function choiceNews(before, after) {
  /** @type {ChoiceNews} */
  const news = { added: [], hidden: [], shown: [], renamed: [] };
  for (const [id, { title, isHidden }] of after) {
    const former = before.get(id);
    if (isHidden) continue;
    if (!former) news.added.push(title);
    else if (former.isHidden) news.shown.push(title);
    else if (former.title !== title) news.renamed.push({ before: former.title, after: title });
  }
  for (const [id, { title, isHidden }] of before) {
    if (!isHidden && (after.get(id)?.isHidden ?? true)) news.hidden.push(title);
  }
  return Object.values(news).some((told) => told.length) ? news : null;
}

/** @param {Element} former @param {Element} markup the same field @returns {boolean} whether more than the choices is new */
export function differsOtherwise(former, markup) {
  const [was, is] = [former, markup].map((field) => {
    const rest = /** @type {Element} */ (field.cloneNode(true));
    rest.removeAttribute("data-hash");
    for (const choice of rest.querySelectorAll(CHOICES)) choice.remove();
    return rest.outerHTML;
  });
  return was !== is;
}
