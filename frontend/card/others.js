// What others do to the same case: who is here, who saved, and what to do after a lost connection.
import { clockTime } from "../clock.js";
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { onState, watchCase as watch } from "../live.js";
import { notice, putAway } from "./notices.js";

/**
 * @param {import("./card.js").Card} card
 * @param {import("./activities.js").Activities} activities
 * @param {(fresh: import("./card.js").CardData, who: string, fragment: string | null) => void} changed
 */
export function watchCase(card, activities, changed) {
  const refresh = async () => {
    const url = `${card.data.urls.state}?form_version=${card.data.form_version ?? ""}`;
    try {
      const { card: fresh, who, fragment } = await send(url);
      if (fresh.version > card.data.version || fragment) changed(fresh, who, fragment);
      else activities.refresh();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      notice(error.message, "warn");
    }
  };
  watch(card.data.id, {
    changed: (hint) => {
      if (hint.version === null || hint.version > card.data.version) refresh();
    },
    people: (people) => showPeople(people.filter(({ user }) => user !== card.data.user)),
  });
  onState((state, since) => {
    if (state === "off") {
      const time = clockTime(since);
      notice(_("No connection: this card shows the state of %(time)s. What you type is kept here.", { time }), "warn");
    } else if (state === "back") {
      putAway();
      refresh();
    }
  });
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
