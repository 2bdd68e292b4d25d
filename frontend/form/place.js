// Where somebody is in a form: focus, caret, selection, and what stands where on their screen. Kept while it is changed.

/**
 * @param {Element} root
 * @param {() => void} change nothing of it may take another turn
 */
export function keepPlace(root, change) {
  const active = document.activeElement;
  const focused = active instanceof HTMLElement && root.contains(active) ? active : null;
  const back = focused && selectionOf(focused);
  const scroller = scrollerOf(root);
  const mark = focused ?? firstVisible(root, scroller);
  const before = mark?.getBoundingClientRect().top ?? 0;
  change();
  if (focused?.isConnected) {
    if (document.activeElement !== focused) focused.focus({ preventScroll: true });
    back?.();
  }
  if (!mark?.isConnected) return;
  const moved = mark.getBoundingClientRect().top - before;
  if (moved) scroller.scrollTop += moved;
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

/** @param {Element} root @returns {Element} what moves when the form is scrolled */
function scrollerOf(root) {
  for (let each = root.parentElement; each; each = each.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(each).overflowY)) return each;
  }
  return document.scrollingElement ?? document.documentElement;
}

/** @param {Element} root @param {Element} scroller */
function firstVisible(root, scroller) {
  const top = Math.max(0, scroller.getBoundingClientRect().top);
  return [...root.querySelectorAll("splot-field")].find((field) => field.getBoundingClientRect().bottom > top) ?? null;
}
