// The live connection of a page: one Socket.IO connection, websocket only. What comes over it are hints ("case 7 has
// version 3"); the page asks the server for what it may see. A heartbeat of our own notices a dead connection within
// seconds, long before the browser does.
import { io } from "socket.io-client";

const BEAT_MS = 4000;
const SILENCE_MS = 9000;

/**
 * @typedef {{ id: number, version: number | null }} CaseHint
 * @typedef {{ user: number, name: string }} Person
 * @typedef {(state: "on" | "off" | "back", since: Date) => void} StateListener
 */

/** @type {import("socket.io-client").Socket | null} */
let socket = null;
/** @type {StateListener[]} */
const listeners = [];
/** What is asked for again after every connection: [event, payload] by a name. @type {Map<string, [string, unknown]>} */
const wishes = new Map();
let heard = Date.now();
let seen = new Date();
let isOff = false;
let wasOn = false;

/** @returns {import("socket.io-client").Socket} */
function connected() {
  if (socket) return socket;
  const origin = document.documentElement.dataset.socket ?? location.origin;
  socket = io(origin, { transports: ["websocket"], withCredentials: true, reconnectionDelayMax: 5000 });
  socket.on("connect", () => {
    heard = Date.now();
    for (const [event, payload] of wishes.values()) socket?.emit(event, payload);
    tell(wasOn ? "back" : "on");
    wasOn = true;
    isOff = false;
  });
  socket.on("disconnect", () => lost());
  socket.on("connect_error", () => lost());
  socket.onAny(() => hear());
  setInterval(beat, BEAT_MS);
  return socket;
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

/** @param {StateListener} listener "off" with the moment of the last sign of life, "back" when all has to be refreshed */
export function onState(listener) {
  listeners.push(listener);
}

/** @param {number[]} campaigns @param {(hint: { cases: CaseHint[], kind: "opened" | "changed" }) => void} heardOf */
export function watchList(campaigns, heardOf) {
  connected().on("cases", heardOf);
  wish("list", "watch_list", { campaigns });
}

/**
 * @param {number} id
 * @param {{ changed: (hint: CaseHint & { by: string }) => void, people: (people: Person[]) => void }} handlers
 */
export function watchCase(id, { changed, people }) {
  const name = `case ${id}`;
  connected().on("case", (hint) => hint.id === id && changed(hint));
  connected().on("people", (here) => here.case === id && people(here.people));
  wish(name, "watch_case", { case: id });
}

/** @param {number} id */
export function unwatchCase(id) {
  wishes.delete(`case ${id}`);
  socket?.emit("unwatch_case", { case: id });
}

/** @param {number} id @param {(work: Record<string, any>) => void} moved */
export function watchWork(id, moved) {
  connected().on("work", (work) => work.id === id && moved(work));
  wish(`work ${id}`, "watch_work", { work: id });
}

/** @param {string} event any other event of the server @param {(payload: any) => void} handler */
export function onEvent(event, handler) {
  connected().on(event, handler);
}

/** @param {string} name @param {string} event @param {unknown} payload */
function wish(name, event, payload) {
  wishes.set(name, [event, payload]);
  if (connected().connected) connected().emit(event, payload);
}
