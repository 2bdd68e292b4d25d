// Where somebody is in a form: focus, caret, selection, and what stands where on their screen. Kept while it is changed.

/**
 * @template T
 * @param {Element} root
 * @param {() => T} change nothing of it may take another turn
 * @returns {T} what it gives
 */
export function keepPlace(root, change) {
  const active = document.activeElement;
  const focused = active instanceof HTMLElement && root.contains(active) ? active : null;
  const back = focused && selectionOf(focused);
  const scroller = scrollerOf(root);
  const mark = focused ?? firstVisible(root, scroller);
  const before = mark?.getBoundingClientRect().top ?? 0;
  const given = change();
  if (focused?.isConnected) {
    if (document.activeElement !== focused) focused.focus({ preventScroll: true });
    back?.();
  }
  if (mark?.getClientRects().length) putBack(mark, before, scroller, root.parentElement ?? scroller);
  return given;
}

/**
 * @param {Element} mark
 * @param {number} top where it stood
 * @param {HTMLElement} scroller
 * @param {HTMLElement} room gets space at its end when there is too little to be scrolled that far
 */
function putBack(mark, top, scroller, room) {
  const moved = () => mark.getBoundingClientRect().top - top;
  scroll(scroller, moved());
  const missing = moved();
  if (missing < 1) return;
  const space = parseFloat(getComputedStyle(room).paddingBottom) + scroller.clientHeight + missing;
  room.style.paddingBottom = `${space}px`;
  scroll(scroller, moved()); // a browser that was only held back by the end has gone on by itself
  const below = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
  room.style.paddingBottom = `${space - below}px`;
}

/** @param {HTMLElement} scroller @param {number} by pixels, at once: the style sheet would let the page glide */
export function scroll(scroller, by) {
  scroller.scrollBy({ top: by, behavior: "instant" });
}

/** @param {HTMLElement} element @returns {(() => void) | null} puts the caret or the selection back where it was */
function selectionOf(element) {
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    const { selectionStart: start, selectionEnd: end, selectionDirection: direction } = element;
    if (start === null) return null; // no text, so no caret
    return () => {
      if (element.selectionStart === start && element.selectionEnd === end) return;
      element.setSelectionRange(start, end, direction ?? undefined);
    };
  }
  const selection = getSelection();
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection ?? {};
  if (!element.isContentEditable || !selection || !anchorNode || !focusNode) return null;
  return () => {
    if (selection.anchorNode === anchorNode && selection.anchorOffset === anchorOffset) return;
    selection.setBaseAndExtent(anchorNode, anchorOffset ?? 0, focusNode, focusOffset ?? 0);
  };
}

/** @param {Element} root @returns {HTMLElement} what moves when the form is scrolled */
export function scrollerOf(root) {
  for (let each = root.parentElement; each; each = each.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(each).overflowY)) return each;
  }
  return document.documentElement;
}

/** @param {Element} root @param {Element} scroller */
function firstVisible(root, scroller) {
  const top = Math.max(0, scroller.getBoundingClientRect().top);
  return [...root.querySelectorAll("splot-field")].find((field) => field.getBoundingClientRect().bottom > top) ?? null;
}
