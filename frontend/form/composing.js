// While an input method composes a letter, its field must not be touched: whoever wants to change the form waits.

let composing = false;
/** @type {(() => void)[]} */
let waiting = [];

addEventListener("compositionstart", () => (composing = true), { capture: true });
for (const end of ["compositionend", "blur"]) addEventListener(end, ended, { capture: true });

/** @returns {Promise<void>} when nothing is being composed */
export function composed() {
  return composing ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve();
}

function ended() {
  if (!composing) return;
  composing = false;
  const told = waiting;
  waiting = [];
  setTimeout(() => told.forEach((tell) => tell())); // the letter itself arrives after the event
}
