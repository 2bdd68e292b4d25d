// What an answer was before: shown when the pointer has moved to the title of its field and rests there, and by Alt+H in
// the field. A title that comes under a still pointer, because the page moved, opens nothing.

const RESTS_MS = 450;
const LEAVES_MS = 250;
const GAP = 6;
const box = document.createElement("div");
box.className = "sp-answerlog";
box.id = "answer-history";
box.role = "status";
box.popover = "manual";
/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;
/** @type {Element | null} the field whose history is asked for or shown */
let wanted = null;

/** @param {HTMLElement} form @param {string} url of the histories, with FIELD in place of a field's id */
export function answerHistory(form, url) {
  document.body.append(box);
  form.addEventListener("pointermove", (event) => {
    if (!hasMoved(event)) return;
    const label = /** @type {Element} */ (event.target).closest(".label");
    const field = label?.closest("splot-field");
    if (!field) return;
    clearTimeout(waiting);
    if (field === wanted) return;
    putAway();
    waiting = setTimeout(() => label?.matches(":hover") && showOf(field, url), RESTS_MS);
  });
  // What is shown stays while the pointer rests on it, so that it can be read and selected.
  for (const place of [form, box]) {
    place.addEventListener("pointerout", () => {
      clearTimeout(waiting);
      waiting = setTimeout(putAway, LEAVES_MS);
    });
  }
  box.addEventListener("pointerover", () => clearTimeout(waiting));
  form.addEventListener("focusout", putAway);
  document.addEventListener("keydown", (event) => event.key === "Escape" && putAway());
  form.addEventListener("keydown", (event) => {
    const field = /** @type {Element} */ (event.target).closest("splot-field");
    if (!field || !event.altKey || event.code !== "KeyH") return;
    event.preventDefault();
    showOf(field, url);
  });
}

let [lastX, lastY] = [NaN, NaN];

/** @param {PointerEvent} event @returns {boolean} whether it tells of another place than the one before */
function hasMoved({ screenX, screenY }) {
  const moved = screenX !== lastX || screenY !== lastY;
  [lastX, lastY] = [screenX, screenY];
  return moved;
}

/** @param {Element} field @param {string} url */
async function showOf(field, url) {
  wanted = field;
  const response = await fetch(url.replace("FIELD", field.getAttribute("data-key") ?? ""), {
    credentials: "same-origin",
  });
  // A heading or a button has no answer, and so no history; a field may be gone by now.
  if (!response.ok || wanted !== field || !field.isConnected) return;
  box.innerHTML = await response.text();
  box.showPopover();
  const by = (field.querySelector(".label") ?? field).getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const above = by.top - height - GAP;
  box.style.top = `${above > 0 ? above : by.bottom + GAP}px`;
  box.style.left = `${Math.max(GAP, Math.min(by.left, innerWidth - width - GAP))}px`;
}

function putAway() {
  clearTimeout(waiting);
  wanted = null;
  if (box.matches(":popover-open")) box.hidePopover();
}
