// Who else has this builder open, and at which page: a sign of life every few seconds.
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { liveAvatar } from "../people.js";
import { h } from "./dom.js";
import { newId } from "./edits.js";

/** @typedef {import("./builder.js").Builder} Builder */
/** @typedef {{ user: number, name: string, page: number }} Here */

const BEAT_MS = 8000;
const SHOWN = 3;

/** @param {Builder} builder @param {(published: number) => void} published a version, perhaps a newer one */
export function here(builder, published) {
  const place = document.querySelector("[data-presence]");
  beat(builder, { people: draw, published });

  /** @param {Here[]} people */
  function draw(people) {
    if (!place) return;
    const parts = people.slice(0, SHOWN).map(({ user, name, page: at }) => {
      const own = user === builder.data.user;
      const who = own ? _("you, on another screen") : name;
      const words =
        builder.definition.pages.length > 1 ? _("%(name)s: page %(number)s", { name: who, number: at }) : who;
      return h(
        "span",
        { class: "sp-row gap-1" },
        liveAvatar(user, name),
        h("span", { class: "sp-cut hide-sm" }, words),
      );
    });
    const more = people.length - SHOWN;
    place.replaceChildren(...parts, ...(more > 0 ? [`+${more}`] : []));
  }
}

/**
 * Signs of life of this screen; the answers say who else is here.
 * @param {Builder} builder
 * @param {{ people: (people: Here[]) => void, published: (version: number) => void }} heard `people`: when they are others
 * @returns {() => void} ends it
 */
export function beat(builder, { people, published }) {
  const screen = newId().slice(0, 8);
  const url = builder.data.urls.here;
  const ends = new AbortController();
  let shown = "[]";
  let page = builder.page;
  /** @param {boolean} [gone] */
  const body = (gone = false) => ({
    screen,
    page: builder.definition.pages.findIndex((each) => each.id === builder.page) + 1,
    gone,
  });
  const leave = () => send(url, { json: body(true), keepalive: true }).catch(() => null);

  /** @param {Here[]} here */
  function tell(here) {
    const key = JSON.stringify(here);
    if (key === shown || ends.signal.aborted) return;
    shown = key;
    people(here);
  }

  async function once() {
    if (document.hidden || ends.signal.aborted) return;
    try {
      const answer = await send(url, { json: body() });
      tell(answer.people);
      if (!ends.signal.aborted) published(answer.published);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      tell([]); // without a connection nobody is known to be here
    }
  }

  once();
  const timer = setInterval(once, BEAT_MS);
  builder.onChange(() => {
    if (page === builder.page) return;
    page = builder.page;
    once();
  });
  document.addEventListener("visibilitychange", once, { signal: ends.signal });
  addEventListener("pagehide", leave, { signal: ends.signal });
  return () => {
    clearInterval(timer);
    ends.abort();
    leave();
  };
}
