// What others do to the same case: who is here, who saved, and what to do after a lost connection.
import { clockTime } from "../clock.js";
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { onState, watchCase as watch } from "../live.js";
import { notice, putAway } from "./notices.js";

/**
 * What the server says of the case as it is now.
 * @typedef {{ card: import("./card.js").CardData, facts: string, who: string, fragment: string | null }} State
 */

/**
 * @param {import("./card.js").Card} card
 * @param {import("./activities.js").Activities} activities
 * @param {(state: State) => void} changed
 * @returns {() => Promise<void>} asks for the case as it is now
 */
export function watchCase(card, activities, changed) {
  const refresh = async () => {
    await card.saving; // what it brings is no news
    const { version, form_version, urls } = card.data;
    const shown = new URLSearchParams({ version: String(version), form_version: String(form_version ?? "") });
    try {
      const state = await send(`${urls.state}?${shown}`);
      // A save that began meanwhile has brought the same, or more.
      const isNews = state.card.version > card.data.version || String(state.card.belongs) !== String(card.data.belongs);
      if (isNews || (state.fragment !== null && state.card.form_version !== card.data.form_version)) changed(state);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status) notice("connection", error.message, "warn");
    }
  };
  watch(card.data.id, {
    changed: async (hint) => {
      await card.saving;
      if (hint.version === null) activities.refresh();
      else if (hint.version > card.data.version) refresh();
    },
    published: ({ form, version }) => {
      if (form === card.data.belongs[2] && version !== card.data.form_version) refresh();
    },
    people: (people) => showPeople(people.filter(({ user }) => user !== card.data.user)),
  });
  onState((state, since) => {
    if (state === "off") {
      const time = clockTime(since);
      const text = _("No connection: this card shows the state of %(time)s. What you type is kept here.", { time });
      notice("connection", text, "warn");
      return;
    }
    putAway("connection");
    refresh();
  });
  return refresh;
}

/** @param {{ user: number, name: string }[]} people who also have this case open */
function showPeople(people) {
  const place = document.getElementById("card-others");
  if (!place) return;
  const names = people.map(({ name }) => name);
  place.replaceChildren(
    ...people.map(({ user, name }) => {
      const mark = document.createElement("span");
      mark.className = `sp-av live ${"abcde"[user % 5]}`;
      mark.ariaHidden = "true";
      mark.textContent = name
        .split(" ")
        .map((word) => word[0])
        .join("")
        .slice(0, 2);
      return mark;
    }),
    names.length === 1
      ? _("%(name)s is here too", { name: names[0] })
      : names.length
        ? _("%(names)s are here too", { names: names.join(", ") })
        : "",
  );
}
