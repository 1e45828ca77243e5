// Concordance: every place where something occurs, the hits below each other in the middle, the translation under each.

import { button, choice, dirOf, direct, element, guess, labelled, moment, name, settled, text, tick } from "./element.js";
import { open } from "./memory.js";
import { explain, json } from "./server.js";
import { quiet, tell } from "./voice.js";
import { say } from "./words.js";

const PAGE = 50;
/// How many letters stand on each side of a hit.
const AROUND = 90;

const pattern = element("input", { type: "search", id: "pattern", autocomplete: "off", spellcheck: "false", "say-placeholder": "pattern-hint" });
const kind = choice("kind", [["phrase", "kind-phrase"], ["all-words", "kind-all-words"], ["wildcard", "kind-wildcard"], ["regex", "kind-regex"]]);
const fit = choice("fit", [["part", "fit-part"], ["word", "fit-word"], ["stem", "fit-stem"]]);
const side = choice("in", [["", "side-letters"], ["ar", "arabic"], ["en", "english"]]);
const verbatim = tick("verbatim", "verbatim");
const filters = ["document", "author", "origin", "since", "until"].map((key) => {
  const hint = key === "since" || key === "until" ? "2024-03-31" : "";
  return [key, element("input", { name: key, spellcheck: "false", dir: key === "since" || key === "until" ? "ltr" : "auto", placeholder: hint })];
});
const table = element("table", { class: "kwic" });
const about = element("p", { class: "about" });
const more = button("more", () => go(true), { hidden: true });

let asked = new AbortController();
let next = null;
let seen = 0;

/// Fills the view.
export function draw(section) {
  const soon = settled(() => go(false), 200);
  // Stems are of words that are folded; whole words and parts of words go with everything.
  const possible = () => {
    const stem = fit.querySelector("[value=stem]");
    stem.disabled = verbatim.firstChild.checked || kind.value === "wildcard" || kind.value === "regex";
    if (stem.disabled && fit.value === "stem") fit.value = "part";
  };
  section.append(
    element("form", { class: "panel", role: "search", oninput: () => (possible(), soon()), onsubmit: (event) => (event.preventDefault(), soon()) },
      labelled("pattern", pattern, { class: "wide" }),
      element("div", { class: "row" }, labelled("kind", kind), labelled("fit", fit), labelled("side", side), verbatim),
      element("details", {}, element("summary", { say: "filters" }),
        element("div", { class: "row" }, filters.map(([key, field]) => labelled(key, field))))),
    about, table, element("div", { class: "row" }, more));
  direct(pattern, "ar");
  pattern.addEventListener("input", () => direct(pattern, side.value || guess(pattern.value, document.documentElement.lang)));
}

/// Asks for the first lines, or for those after what is shown.
async function go(further) {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  if (!pattern.value.trim()) {
    table.replaceChildren();
    about.replaceChildren();
    more.hidden = true;
    return;
  }
  const query = { q: pattern.value, in: side.value, kind: kind.value, fit: fit.value, verbatim: verbatim.firstChild.checked };
  for (const [key, field] of filters) query[key] = field.value.trim();
  table.setAttribute("aria-busy", "true");
  try {
    const all = further ? null : json("GET", "/v1/concordance", { query: { ...query, count: true }, signal });
    all?.catch(() => {});
    const answer = await json("GET", "/v1/concordance", { query: { ...query, limit: PAGE, from: further ? next : "" }, signal });
    direct(pattern, side.value || answer.lang);
    quiet();
    if (!further) head(answer.lang);
    const bodies = answer.lines.map((line) => segment(line, answer.lang));
    table.append(...bodies);
    seen = (further ? seen : 0) + answer.segments;
    next = answer.next;
    more.hidden = next === null || next === undefined;
    if (further) {
      tell(say("more-lines", answer.segments));
      bodies[0]?.querySelector("button")?.focus();
      return;
    }
    const { segments, hits } = await all;
    const words = segments ? ["found-hits", hits, segments] : ["found-no-hits"];
    about.replaceChildren(element("span", { say: words }));
    tell(say(...words));
  } catch (error) {
    explain(error);
  } finally {
    if (!signal.aborted) table.removeAttribute("aria-busy");
  }
}

function head(lang) {
  table.dir = dirOf(lang);
  const titles = ["kwic-before", "kwic-hit", "kwic-after"].map((words) => element("th", { scope: "col" }, element("span", { class: "sr", say: words })));
  table.replaceChildren(
    element("caption", { class: "sr", say: "concordance" }),
    element("colgroup", {}, element("col", { class: "wing" }), element("col"), element("col", { class: "wing" })),
    element("thead", {}, element("tr", {}, titles)));
}

/// The lines of a segment, one for each hit, and its translation.
function segment(line, lang) {
  const other = lang === "ar" ? "en" : "ar";
  const rows = [];
  for (let hit = 1; hit < line.parts.length; hit += 2) rows.push(element("tr", { class: "line" }, cells(line.parts, hit, lang)));
  return element("tbody", {}, rows,
    element("tr", { class: "beside" }, element("td", { colspan: 3, dir: document.documentElement.dir === "rtl" ? "rtl" : "ltr" },
      text("p", other, line.target, { class: "target" }),
      element("p", { class: "about row" }, name(line.document ?? line.file), line.changed && moment(line.changed),
        button("open-unit", () => open(line.id), { class: "link" })))));
}

/// The hit with all that joins it, so that Arabic letters keep their shapes, and what stands around it.
function cells(parts, at, lang) {
  const before = parts.slice(0, at).join("");
  const after = parts.slice(at + 1).join("");
  const head = /\S*$/.exec(before)[0];
  const tail = /^\S*/.exec(after)[0];
  const left = before.slice(0, before.length - head.length).trimEnd();
  const right = after.slice(tail.length).trimStart();
  const cut = left.length > AROUND ? `… ${left.slice(-AROUND).replace(/^\S*\s/, "")}` : left;
  const rest = right.length > AROUND ? `${right.slice(0, AROUND).replace(/\s\S*$/, "")} …` : right;
  return [
    element("td", { class: "before", lang }, element("div", {}, element("span", { class: "text" }, cut))),
    element("td", { class: "hit text", lang }, head, element("mark", {}, parts[at]), tail),
    element("td", { class: "after", lang }, element("div", {}, element("span", { class: "text" }, rest))),
  ];
}
