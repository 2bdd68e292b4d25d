// What others do to the same case: who is here, who saved, another form, and what to do after a lost connection.
import { clockTime } from "../clock.js";
import { composed } from "../form/composing.js";
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { onState, unpacked, watchCase as watch } from "../live.js";
import { liveAvatar } from "../people.js";
import { notice, putAway } from "./notices.js";
import { isNewer } from "./state.js";
import { steady } from "./steady.js";

/** Milliseconds over which cards spread that have to ask for the same reason at the same moment. */
const SPREAD = 2000;

/**
 * What the server says of the case as it is now; `form` when it is another one than the card shows.
 * @typedef {import("./card.js").FormState} FormState
 * @typedef {{ card: import("./card.js").CardData, facts: string, who: string, form: FormState | null }} State
 */

/**
 * @param {import("./card.js").Card} card
 * @param {import("./activities.js").Activities} activities
 * @param {{ changed: (state: State) => void, arrived: (form: FormState) => void }} handlers
 * @returns {{ ask: () => Promise<void>, askLater: () => void, caughtUp: () => Promise<void> }} `ask` for the case as it
 *   is now; `caughtUp`: when nothing is missing that was told while the line was down
 */
export function watchCase(card, activities, { changed, arrived }) {
  let isDown = false;
  let catchingUp = Promise.resolve();
  const ask = async ({ anyway = false } = {}) => {
    await card.saving; // what it brings is no news
    const { version, form_version, script_version, audience, urls } = card.data;
    const shown = new URLSearchParams({
      ...{ version: String(version), form_version: String(form_version) },
      ...{ script_version: String(script_version), audience },
    });
    try {
      const state = await send(`${urls.state}?${shown}`);
      await composed();
      // A save that began meanwhile has brought the same, or more.
      const isNews = state.card.version > card.data.version || !isSame(state.card.belongs, card.data.belongs);
      const form = state.form && isNewer(card.data, state.form) ? state.form : null;
      if (anyway || isNews || form) await changed({ ...state, form });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status) notice("connection", error.message, "warn");
    }
  };
  const askLater = () => void setTimeout(() => ask({ anyway: true }), Math.random() * SPREAD);
  const handlers = {
    changed: async (/** @type {import("../live.js").CaseHint} */ hint) => {
      await card.saving;
      if (hint.version === null) activities.refresh();
      else if (hint.version > card.data.version) ask();
    },
    form: async (/** @type {import("../live.js").FormNow} */ now) => {
      const [, script, form] = card.data.belongs;
      if (now.script !== script) return;
      if (now.form !== form || (now.form_version > 0 && !card.form)) return askLater(); // another form, or the first one
      if (!isNewer(card.data, now)) return;
      const state = await unpacked(now);
      await card.saving;
      await composed();
      if (isNewer(card.data, state)) arrived(state);
    },
    people: (/** @type {import("../live.js").Person[]} */ people) =>
      showPeople(people.filter(({ user }) => user !== card.data.user)),
  };
  watch(card.data.id, () => card.data, handlers);
  onState((state, since) => {
    if (state === "off") {
      isDown = true;
      const time = clockTime(since);
      const text = _("No connection: this card shows the state of %(time)s. What you type is kept here.", { time });
      notice("connection", text, "warn");
      return;
    }
    putAway("connection");
    isDown = false;
    catchingUp = ask();
  });
  return { ask, askLater, caughtUp: () => (isDown ? ask() : catchingUp) };
}

/** @param {(number | null)[]} one @param {(number | null)[]} other */
function isSame(one, other) {
  return String(one) === String(other);
}

/** @param {{ user: number, name: string }[]} people who also have this case open */
function showPeople(people) {
  const place = document.getElementById("card-others");
  if (!place) return;
  const names = people.map(({ name }) => name);
  const said =
    names.length === 1
      ? _("%(name)s is here too", { name: names[0] })
      : names.length
        ? _("%(names)s are here too", { names: names.join(", ") })
        : "";
  // On a narrow screen the header gets another line for them.
  steady(() => place.replaceChildren(...people.map(({ user, name }) => liveAvatar(user, name)), said));
}
