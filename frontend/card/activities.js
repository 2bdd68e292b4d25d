// The timeline: notes, files, filters. Notes and files are stored at once, they do not wait for the card's save.
import { show, hide } from "../dialogs.js";
import { Refusal, send } from "../http.js";
import { gettext as _ } from "../i18n.js";
import { say } from "../toasts.js";
import { onDo } from "../verbs.js";

const QUIET = 250;

export class Activities {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** The note that is edited, and the text of it that was seen. */
  #editing = { id: "", seen: "" };
  #asked = new AbortController();
  /** @type {Promise<unknown>} of the last note: while it is on its way, no other one is sent */
  adding = Promise.resolve();

  /** @param {Record<string, string>} urls of the card: `timeline`, `note` (with the id at the end) */
  constructor(urls) {
    this.urls = urls;
    this.box = /** @type {HTMLElement} */ (document.getElementById("timeline"));
    this.kind = /** @type {HTMLSelectElement} */ (document.getElementById("timeline-kind"));
    this.text = /** @type {HTMLInputElement} */ (document.getElementById("timeline-text"));
    this.newestFirst = false;
    this.kind.addEventListener("change", () => this.refresh());
    this.text.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.refresh(), QUIET);
    });
    onDo("timeline-order", (button) => this.#turn(button));
    onDo("note-edit", (_button, id) => this.#edit(id));
    onDo("note-save", () => this.#saveEdit());
    this.#composer();
    this.box.scrollTop = this.box.scrollHeight;
  }

  /** Loads what the filters want; the place of reading stays unless one was at the end. */
  async refresh() {
    const atEnd = this.box.scrollTop + this.box.clientHeight > this.box.scrollHeight - 40;
    const wanted = new URLSearchParams({ kind: this.kind.value, text: this.text.value });
    if (this.newestFirst) wanted.set("order", "newest");
    this.#asked.abort(); // an older answer must not come after a newer one
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    const html = await loaded(`${this.urls.timeline}?${wanted}`, signal);
    if (signal.aborted || html === null) return;
    this.box.innerHTML = html;
    if (atEnd && !this.newestFirst) this.box.scrollTop = this.box.scrollHeight;
  }

  /** @param {HTMLElement} button */
  #turn(button) {
    this.newestFirst = !this.newestFirst;
    button.setAttribute("aria-pressed", String(this.newestFirst));
    const words = button.querySelector("span");
    if (words) words.textContent = this.newestFirst ? _("Newest at the top") : _("Newest at the bottom");
    this.refresh();
  }

  #composer() {
    const form = document.getElementById("composer");
    if (!(form instanceof HTMLFormElement)) return;
    const note = /** @type {HTMLTextAreaElement} */ (document.getElementById("note-text"));
    const files = /** @type {HTMLInputElement} */ (document.getElementById("note-files"));
    const add = async () => {
      const text = note.value;
      if (form.ariaBusy === "true") return;
      if (!text.trim()) return note.focus();
      form.ariaBusy = "true";
      const sent = told(send(form.dataset.noteUrl ?? "", { json: { text } }));
      this.adding = sent.finally(() => (form.ariaBusy = null));
      if (!(await this.adding)) return;
      if (note.value === text) note.value = ""; // what was typed meanwhile is not lost
      note.dispatchEvent(new Event("input", { bubbles: true }));
      await this.refresh();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      add();
    });
    note.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      add();
    });
    files.addEventListener("change", () => this.#upload(form.dataset.fileUrl ?? "", files));
    const drop = document.querySelector(".sp-acol");
    drop?.addEventListener("dragover", (event) => event.preventDefault());
    drop?.addEventListener("drop", (event) => {
      const dropped = /** @type {DragEvent} */ (event).dataTransfer?.files;
      if (!dropped?.length) return;
      event.preventDefault();
      files.files = dropped;
      this.#upload(form.dataset.fileUrl ?? "", files);
    });
  }

  /** @param {string} url @param {HTMLInputElement} input one request a file, so that one refused file stops no other */
  async #upload(url, input) {
    const progress = /** @type {HTMLProgressElement} */ (document.getElementById("upload-progress"));
    const chosen = [...(input.files ?? [])];
    progress.hidden = false;
    for (const [place, file] of chosen.entries()) {
      progress.value = (100 * place) / chosen.length;
      const form = new FormData();
      form.append("file", file);
      await told(send(url, { form }), file.name);
    }
    progress.hidden = true;
    input.value = "";
    await this.refresh();
  }

  /** @param {string} id */
  #edit(id) {
    const seen = this.box.querySelector(`[data-note="${CSS.escape(id)}"]`)?.textContent ?? "";
    this.#editing = { id, seen };
    /** @type {HTMLTextAreaElement} */ (document.getElementById("note-edit-text")).value = seen;
    document.getElementById("note-edit-clash")?.replaceChildren();
    show("note-dialog");
  }

  async #saveEdit() {
    const text = /** @type {HTMLTextAreaElement} */ (document.getElementById("note-edit-text")).value;
    const { id, seen } = this.#editing;
    const sent = send(this.urls.note + id, { method: "PUT", json: { text, seen } });
    if (!(await told(sent, "", (theirs) => this.#showTheirs(theirs)))) return;
    hide("note-dialog");
    await this.refresh();
  }

  /** @param {string} theirs what the note says now: seen from here on, so that saving again is a choice */
  #showTheirs(theirs) {
    this.#editing.seen = theirs;
    const words = document.createElement("p");
    words.textContent = _("Somebody else edited this note meanwhile. It says now:");
    const quote = document.createElement("blockquote");
    quote.className = "sp-note-text";
    quote.textContent = theirs;
    const after = document.createElement("p");
    after.textContent = _("Save again to put your text in its place; theirs stays among the earlier texts.");
    document.getElementById("note-edit-clash")?.replaceChildren(words, quote, after);
    this.refresh();
  }
}

/**
 * @param {Promise<any>} request
 * @param {string} [about] put before the refusal: the name of a file
 * @param {(theirs: string) => void} [clash] shows what somebody else wrote
 * @returns {Promise<boolean>} whether it went well; a refusal is shown, and what was typed stays
 */
async function told(request, about = "", clash = undefined) {
  try {
    await request;
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (clash && typeof error.problem.theirs === "string") clash(error.problem.theirs);
    else say(about ? `${about}: ${error.message}` : error.message);
    return false;
  }
}

/** @param {string} url @param {AbortSignal} signal @returns {Promise<string | null>} null when it was not wanted any more */
async function loaded(url, signal) {
  try {
    const response = await fetch(url, { credentials: "same-origin", signal });
    if (response.ok) return await response.text();
  } catch (error) {
    if (signal.aborted) return null;
    if (!(error instanceof TypeError)) throw error; // no connection: the card says so itself
  }
  say(_("The activities could not be loaded. Try again."));
  return null;
}
