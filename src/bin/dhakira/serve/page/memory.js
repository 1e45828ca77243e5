// The memory as a list: page by page, filtered, each unit to be edited in its place, and new ones to be added.

import { edit } from "./editor.js";
import { ask, button, choice, element, labelled, moment, name, settled, text } from "./element.js";
import { history } from "./history.js";
import { Trouble, call, explain, json, unitPath } from "./server.js";
import { quiet, tell } from "./voice.js";
import { show } from "./views.js";
import { say } from "./words.js";

const author = element("input", { autocomplete: "name", dir: "auto" });
const documents = element("input", { spellcheck: "false", dir: "auto" });
const file = element("input", { spellcheck: "false", dir: "auto" });
const more = ["author", "origin", "since", "until"].map((key) => {
  const isDate = key === "since" || key === "until";
  return [key, element("input", { name: key, spellcheck: "false", dir: isDate ? "ltr" : "auto", placeholder: isDate ? "2024-03-31" : "" })];
});
const limit = choice("limit", [["20", "20"], ["50", "50"], ["100", "100"], ["500", "500"]], "50");
const list = element("ol", { class: "units", "say-label": "units" });
const about = element("p", { class: "about" });
const back = button("page-back", () => turn(-1));
const on = button("page-on", () => turn(1));

/// Where the pages begin that were seen; the last one is shown.
let pages = [""];
let next = null;
let drawn = false;

/// Fills the view.
export function draw(section) {
  author.value = localStorage.getItem("dhakira.author") ?? "";
  author.addEventListener("change", () => localStorage.setItem("dhakira.author", author.value.trim()));
  const soon = settled(first, 250);
  section.append(
    element("form", { class: "panel", onsubmit: (event) => (event.preventDefault(), first()) },
      element("div", { class: "row" },
        labelled("document", documents), labelled("file", file), labelled("per-page", limit, { class: "short" }), labelled("author-you", author),
        element("span", { class: "grow" }), button("add", add, { class: "main" })),
      element("details", {}, element("summary", { say: "filters" }),
        element("div", { class: "row" }, more.map(([key, field]) => labelled(key, field))))),
    about, list, element("div", { class: "row" }, back, on));
  for (const field of [documents, file, limit, ...more.map(([, field]) => field)]) field.addEventListener("input", soon);
  section.addEventListener("shown", () => drawn || first());
}

/// Opens one unit to be edited, from wherever its id was seen.
export async function open(id) {
  try {
    const unit = await json("GET", unitPath(id));
    drawn = true;
    show("memory");
    pages = [""];
    next = null;
    about.replaceChildren(element("span", { say: "one-unit" }), " ", button("all-units", first, { class: "link" }));
    [back.hidden, on.hidden] = [true, true];
    const row = item(unit);
    list.replaceChildren(row);
    begin(row, unit);
  } catch (error) {
    explain(error);
  }
}

function first() {
  pages = [""];
  return load();
}

function turn(step) {
  if (step > 0) pages.push(next);
  else pages.pop();
  load(true);
}

async function load(focus = false) {
  drawn = true;
  list.setAttribute("aria-busy", "true");
  try {
    const query = { document: documents.value.trim(), file: file.value.trim(), limit: limit.value, from: pages.at(-1) };
    for (const [key, field] of more) query[key] = field.value.trim();
    const { units, next: further } = await json("GET", "/v1/units", { query });
    quiet();
    next = further ?? null;
    list.replaceChildren(...units.map(item));
    const words = units.length ? ["page-of-units", pages.length, units.length] : ["no-units"];
    about.replaceChildren(element("span", { say: words }));
    [back.hidden, on.hidden] = [pages.length === 1, next === null];
    tell(say(...words));
    if (focus) list.querySelector("button")?.focus();
  } catch (error) {
    explain(error);
  } finally {
    list.removeAttribute("aria-busy");
  }
}

/// A unit as a row of the list.
function item(unit) {
  const row = element("li", { class: "unit panel" });
  fill(row, unit);
  return row;
}

function fill(row, unit) {
  const facts = [unit.document && name(unit.document), unit.origin && name(unit.origin), unit.author && name(unit.author)];
  const when = unit.changed ?? unit.created;
  row.replaceChildren(
    element("div", { class: "pair" }, text("p", "en", unit.en, {}, unit.en_seg), text("p", "ar", unit.ar, {}, unit.ar_seg)),
    element("div", { class: "notes" }, unit.notes.map((note) => element("p", { class: "about", dir: "auto" }, note))),
    element("div", { class: "row about" }, facts.filter(Boolean), when && moment(when), element("span", { class: "grow" }),
      button("edit", () => begin(row, unit), { class: "link", "data-do": "edit" }),
      button("history", () => history(unit.id), { class: "link" }),
      button("delete", () => remove(row, unit), { class: "link danger" })));
}

/// Edits in place; what is shown afterwards is what the server has.
function begin(row, unit) {
  edit(row, unit, author.value.trim(), (changed) => {
    fill(row, changed ?? unit);
    row.querySelector("[data-do=edit]").focus();
  });
}

async function remove(row, unit) {
  const shown = element("div", {}, element("p", { say: "delete-why" }), element("div", { class: "pair" }, text("p", "en", unit.en), text("p", "ar", unit.ar)));
  if ((await ask("delete-title", shown, [["", "cancel"], ["delete", "delete", "danger"]])) !== "delete") return;
  try {
    await call("DELETE", unitPath(unit.id), { headers: { "if-match": unit.etag } });
    const beside = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    tell(say("deleted"));
    (beside?.querySelector("button") ?? documents).focus();
  } catch (error) {
    if (!(error instanceof Trouble) || error.status !== 412) {
      explain(error);
      return;
    }
    // Somebody changed it: she sees what it says now and decides again.
    const now = await json("GET", unitPath(unit.id)).catch(explain);
    if (now) {
      fill(row, now);
      explain(error);
    }
  }
}

/// A new unit, at the head of the list.
function add() {
  if (list.querySelector("[data-new]")) return;
  const row = element("li", { class: "unit panel", "data-new": true });
  list.prepend(row);
  const fresh = { id: null, ar: "", en: "", document: documents.value.trim() || null, notes: [] };
  edit(row, fresh, author.value.trim(), (added) => {
    row.removeAttribute("data-new");
    if (added) fill(row, added);
    else row.remove();
  });
}
