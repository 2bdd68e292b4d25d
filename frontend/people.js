// The mark of a person on a page, as the macro `avatar` of splot/macros.html draws it.

/** @param {number} user id, which gives the colour @param {string} name @returns {HTMLElement} somebody who looks at this now */
export function liveAvatar(user, name) {
  const words = name.split(" ").filter(Boolean);
  const ends = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  const mark = document.createElement("span");
  mark.className = `sp-av live ${"abcde"[user % 5]}`;
  mark.ariaHidden = "true";
  mark.textContent = ends.map((word) => word[0].toUpperCase()).join("");
  return mark;
}
