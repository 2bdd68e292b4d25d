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
  #editing = "";

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
    const response = await fetch(`${this.urls.timeline}?${wanted}`, { credentials: "same-origin" });
    if (!response.ok) throw new Refusal(response.status, _("The activities could not be loaded. Try again."));
    this.box.innerHTML = await response.text();
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
      if (!note.value.trim()) return note.focus();
      if (!(await told(send(form.dataset.noteUrl ?? "", { json: { text: note.value } })))) return;
      note.value = "";
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
    this.#editing = id;
    const shown = this.box.querySelector(`[data-note="${CSS.escape(id)}"]`)?.textContent ?? "";
    /** @type {HTMLTextAreaElement} */ (document.getElementById("note-edit-text")).value = shown;
    show("note-dialog");
  }

  async #saveEdit() {
    const text = /** @type {HTMLTextAreaElement} */ (document.getElementById("note-edit-text")).value;
    const url = this.urls.note + this.#editing;
    if (!(await told(send(url, { method: "PUT", json: { text } })))) return;
    hide("note-dialog");
    await this.refresh();
  }
}

/**
 * @param {Promise<any>} request
 * @param {string} [about] put before the refusal: the name of a file
 * @returns {Promise<boolean>} whether it went well; a refusal is shown, and what was typed stays
 */
async function told(request, about = "") {
  try {
    await request;
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(about ? `${about}: ${error.message}` : error.message);
    return false;
  }
}
