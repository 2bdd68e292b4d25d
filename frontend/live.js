// The live connection of a page: one Socket.IO connection, websocket only. What comes over it are hints ("case 7 has
// version 3"); the page asks the server for what it may see. A heartbeat of our own notices a dead connection within
// seconds, long before the browser does.
import { io } from "socket.io-client";

const BEAT_MS = 4000;
const SILENCE_MS = 9000;
const HANDSHAKE_MS = 5000;
const AGAIN_MS = 5000;

/**
 * @typedef {{ id: number, version: number | null }} CaseHint
 * @typedef {{ user: number, name: string }} Person
 * @typedef {(state: "on" | "off" | "back", since: Date) => void} StateListener
 */

/** @type {import("socket.io-client").Socket | null} */
let socket = null;
/** @type {StateListener[]} */
const listeners = [];
/**
 * What is asked for again after every connection, as it is then.
 * @typedef {{ event: string, payload: () => unknown, answered?: (answer: any) => void }} Wish
 */
/** @type {Map<string, Wish>} by a name */
const wishes = new Map();
let heard = Date.now();
let seen = new Date();
let isOff = false;
let wasOn = false;

/** @returns {import("socket.io-client").Socket} */
function connected() {
  if (socket) return socket;
  const origin = document.documentElement.dataset.socket ?? location.origin;
  socket = io(origin, {
    transports: ["websocket"],
    withCredentials: true,
    reconnectionDelayMax: 5000,
    timeout: HANDSHAKE_MS,
  });
  socket.on("connect", came);
  socket.on("disconnect", gone);
  socket.on("connect_error", gone);
  socket.onAny(() => hear());
  setInterval(beat, BEAT_MS);
  return socket;
}

async function came() {
  const id = socket?.id;
  heard = Date.now();
  // What happens from here on is told; only what is asked for after that leaves no gap.
  await Promise.all([...wishes.values()].map(asked));
  if (!socket?.connected || socket.id !== id) return;
  tell(wasOn || isOff ? "back" : "on");
  wasOn = true;
  isOff = false;
}

/** A server that has shut the door, or does not open it, is left alone by Socket.IO: it is asked again from here. */
function gone() {
  lost();
  if (socket && !socket.active) setTimeout(() => socket?.connect(), AGAIN_MS);
}

/** @param {Wish} wish @returns {Promise<void>} when it was answered; a late answer is not waited for */
async function asked({ event, payload, answered }) {
  const line = /** @type {import("socket.io-client").Socket} */ (socket).timeout(HANDSHAKE_MS);
  const answer = await line.emitWithAck(event, payload()).catch(() => null);
  if (answer) answered?.(answer);
}

function hear() {
  heard = Date.now();
  seen = new Date();
}

function beat() {
  if (!socket) return;
  if (socket.connected) socket.timeout(SILENCE_MS).emit("beat", {}, (/** @type {unknown} */ late) => late ?? hear());
  if (socket.connected && Date.now() - heard > SILENCE_MS) {
    lost();
    socket.disconnect().connect(); // half-open: nothing would ever come
  }
}

function lost() {
  if (isOff) return;
  isOff = true;
  tell("off");
}

/** @param {"on" | "off" | "back"} state */
function tell(state) {
  for (const listener of listeners) listener(state, seen);
}

/**
 * @param {StateListener} listener "off" with the moment of the last sign of life; "back" when all has to be refreshed;
 *   "on" when the page is connected for the first time: what happened since it was made was not told
 */
export function onState(listener) {
  listeners.push(listener);
}

/** @param {number[]} campaigns @param {(hint: { cases: CaseHint[], kind: "opened" | "changed" }) => void} heardOf */
export function watchList(campaigns, heardOf) {
  connected().on("cases", heardOf);
  wish("list", { event: "watch_list", payload: () => ({ campaigns }) });
}

/**
 * What a card shows of its form: numbers that only grow, and whom it is made for.
 * @typedef {{ form_version: number, script_version: number, audience: string }} FormShown
 * @typedef {FormShown & { form: number | null, script: number, packed: ArrayBuffer }} FormNow `packed`: see `unpacked`
 */

/**
 * @param {number} id
 * @param {() => FormShown} shown what the card has, asked at every connection
 * @param {{
 *   changed: (hint: CaseHint) => void, form: (now: FormNow) => void, people: (people: Person[]) => void
 * }} handlers `form`: what the card should show; repeats and older ones may come, too
 */
export function watchCase(id, shown, { changed, form, people }) {
  connected().on("case", (hint) => hint.id === id && changed(hint));
  connected().on("form", form);
  connected().on("people", (here) => here.case === id && people(here.people));
  const language = document.documentElement.lang;
  const payload = () => {
    const { audience, form_version, script_version } = shown();
    return { case: id, language, audience, form_version, script_version };
  };
  wish(`case ${id}`, { event: "watch_case", payload, answered: (answer) => answer.form && form(answer.form) });
}

/** @param {FormNow} now @returns {Promise<any>} the state that it carries: one piece of gzip for everybody in its room */
export function unpacked({ packed }) {
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

/** @param {number} id @param {(work: Record<string, any>) => void} moved @returns {() => void} hears of it no more */
export function watchWork(id, moved) {
  const heardOf = (/** @type {Record<string, any>} */ work) => work.id === id && moved(work);
  connected().on("work", heardOf);
  wish(`work ${id}`, { event: "watch_work", payload: () => ({ work: id }) });
  return () => {
    connected().off("work", heardOf);
    wishes.delete(`work ${id}`);
  };
}

/** @param {string} name @param {Wish} wanted */
function wish(name, wanted) {
  wishes.set(name, wanted);
  if (connected().connected) asked(wanted);
}
