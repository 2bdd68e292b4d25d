// Requests to our own server: with the CSRF token, JSON in and out, refusals as errors with a sentence to show.
import { gettext as _ } from "./i18n.js";

/** A refusal of the server (RFC 9457), or no answer at all (status 0). `message` is a sentence for the user. */
export class Refusal extends Error {
  /** @param {number} status @param {string} message @param {Record<string, any>} [problem] */
  constructor(status, message, problem = {}) {
    super(message);
    this.status = status;
    this.problem = problem;
  }
}

/**
 * @param {string} url
 * @param {{ method?: string, json?: unknown, form?: FormData, signal?: AbortSignal, keepalive?: boolean }} [options]
 * @returns {Promise<any>} the JSON of the answer, or null when it has none
 * @throws {Refusal}
 */
export async function send(url, { method, json, form, signal, keepalive } = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json, application/problem+json" };
  const token = document.querySelector('meta[name="csrf-token"]')?.getAttribute("content");
  if (token) headers["X-CSRFToken"] = token;
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const body = json === undefined ? form : JSON.stringify(json);
  const response = await fetch(url, {
    method: method ?? (body ? "POST" : "GET"),
    headers,
    body,
    signal,
    keepalive,
    credentials: "same-origin",
  }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, _("No connection to the server. What you typed stays here; try again."));
  });
  const answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
  if (response.ok) return answer;
  const told = [answer?.title, answer?.detail].filter(Boolean).join(" ");
  const message = told || _("The server refused this. Try again, or reload the page.");
  throw new Refusal(response.status, message, answer ?? {});
}
