// While the demo is being filled, the top bar says how far it is; no page waits for that.
import { Refusal, send } from "./http.js";

const EVERY_MS = 3000;

/** @param {HTMLElement} place */
async function tell(place) {
  const url = place.dataset.demo ?? "";
  while (place.isConnected) {
    if (!document.hidden) {
      const text = await ask(url);
      if (text === "") return place.remove();
      if (text !== null) place.textContent = text;
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

/** @param {string} url @returns {Promise<string | null>} null while the server does not answer: it is asked again */
async function ask(url) {
  try {
    return (await send(url)).text;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.status === 0 || error.status >= 500 ? null : "";
  }
}

for (const place of document.querySelectorAll("[data-demo]")) tell(/** @type {HTMLElement} */ (place));
