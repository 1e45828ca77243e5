// The server as the page sees it: one function that asks it, with the token, and one kind of error.

import { ask, element, labelled } from "./element.js";
import { tell, warn } from "./voice.js";
import { say } from "./words.js";

const TOKEN = "dhakira.token";

/// An answer that is none: `status` 0 where no server was reached; `code` and `message` are the server's, which speaks English.
export class Trouble extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }
}

/// Whether a token is in use.
export const guarded = () => sessionStorage.getItem(TOKEN) !== null;

let asking = null;

/// Asks for the token, once, however many requests want it; `refused` if the server did not know the last one.
function askToken(refused) {
  asking ??= (async () => {
    const field = element("input", { type: "password", autocomplete: "off", spellcheck: "false", dir: "ltr", required: true });
    const shown = ask("token-title", [element("p", { say: refused ? "token-refused" : "token-why" }), labelled("token", field)], [["", "cancel"], ["ok", "go-on", "main"]]);
    field.addEventListener("keydown", (event) => event.key === "Enter" && shown.dialog.close("ok"));
    field.focus();
    const answer = await shown;
    if (answer === "ok" && field.value.trim()) {
      sessionStorage.setItem(TOKEN, field.value.trim());
      return true;
    }
    return false;
  })().finally(() => (asking = null));
  return asking;
}

/// The answer of the server; throws [`Trouble`]. `json` is sent as such, `body` as it is.
export async function call(method, path, { json, body, query, headers = {}, signal } = {}) {
  const url = query ? `${path}?${new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined && value !== false))}` : path;
  const request = { method, signal, headers: { ...headers }, body: json === undefined ? body : JSON.stringify(json) };
  if (json !== undefined) request.headers["content-type"] = "application/json";
  for (let again = 0; ; again++) {
    const token = sessionStorage.getItem(TOKEN);
    if (token !== null) request.headers.authorization = `Bearer ${token}`;
    let answer;
    try {
      answer = await fetch(url, request);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Trouble(0, "network", "");
    }
    if (answer.ok) return answer;
    if (answer.status === 401) {
      if (token === sessionStorage.getItem(TOKEN)) {
        sessionStorage.removeItem(TOKEN);
        if (!(await askToken(token !== null))) throw new Trouble(401, "token", "");
      }
      continue;
    }
    const said = await answer.json().catch(() => null);
    const trouble = new Trouble(answer.status, said?.error?.code ?? "", said?.error?.message ?? "");
    // Nothing was done yet, so asking again is harmless.
    if ((answer.status === 429 || answer.status === 503) && again < 2) {
      tell(say("busy"));
      await new Promise((resolve) => setTimeout(resolve, 1000 * (again + 1)));
      signal?.throwIfAborted();
      continue;
    }
    throw trouble;
  }
}

/// The answer as JSON.
export async function json(method, path, options) {
  return (await call(method, path, options)).json();
}

/// Says what went wrong; what was typed stays where it is. An aborted request is none.
export function explain(error) {
  if (error.name === "AbortError") return;
  if (!(error instanceof Trouble)) {
    console.error(error);
    warn("trouble-page", "", String(error.message ?? error));
    return;
  }
  const known = { 0: "trouble-network", 401: "trouble-token", 403: "trouble-forbidden", 404: "trouble-missing", 412: "conflict-title", 413: "trouble-large", 429: "trouble-rate", 503: "trouble-busy" };
  warn(known[error.status] ?? (error.status >= 500 ? "trouble-server" : "trouble-request"), error.code, error.message);
}

/// Follows a job to its end; `told` gets it as it stands, again and again.
export async function follow(job, told) {
  for (let wait = 150; job.state === "waiting" || job.state === "running"; wait = Math.min(wait * 1.5, 1000)) {
    told(job);
    await new Promise((resolve) => setTimeout(resolve, wait));
    job = await json("GET", `/v1/jobs/${encodeURIComponent(job.id)}`);
  }
  return job;
}

/// A path with an id in it.
export const unitPath = (id, rest = "") => `/v1/units/${encodeURIComponent(id)}${rest}`;
