// Script texts are rendered once for everybody; the card puts this contact and this case into their places.

/** @param {Record<string, string>} values text by the name of a merge field */
export function fillMerge(values) {
  for (const place of document.querySelectorAll("#form [data-merge]")) {
    const value = values[place.getAttribute("data-merge") ?? ""];
    if (value) place.textContent = value;
  }
}
