// Search as you type: suggestions of the memory for a sentence, best first, to be copied by key or button.

import { native } from "./codes.js";
import { marked, repaired } from "./diff.js";
import { button, choice, direct, dirOf, element, guess, labelled, moment, name, settled, text, tick } from "./element.js";
import { open } from "./memory.js";
import { explain, json } from "./server.js";
import { quiet, tell, warn } from "./voice.js";
import { say } from "./words.js";

const REPAIR = "dhakira.repair";

const source = element("textarea", { id: "source", rows: 2, autocomplete: "off", spellcheck: "false", "say-placeholder": "search-hint" });
const before = element("textarea", { rows: 1, spellcheck: "false" });
const after = element("textarea", { rows: 1, spellcheck: "false" });
const least = element("input", { type: "number", min: 0, max: 100, step: 5, value: "70", inputmode: "numeric" });
// A sentence full of Latin names is Arabic all the same.
const language = choice("lang", [["", "lang-letters"], ["ar", "arabic"], ["en", "english"]]);
const found = element("ol", { class: "matches", "say-label": "matches" });
const about = element("p", { class: "about" });
const terms = element("aside", { class: "panel terms", hidden: true, "aria-labelledby": "terms-title" });
// Alt+R: what was put into translations is shown, or only what is stored.
const repairs = tick("repair", "repair", true);

// What stands beside the matches: terms of the sentence, and, where no match is good, its known parts.
const beside = { terms: [], parts: [] };

// Matches as good as this need no help of parts; who still types waits for none.
const GOOD = 75;
const PAUSE = 500;
const partsSoon = settled(parts, PAUSE);

let asked = new AbortController();
let matches = [];
let lang = null;

/// Fills the view.
export function draw(section) {
  section.append(
    element("form", { class: "panel", role: "search", onsubmit: (event) => event.preventDefault() },
      labelled("search-source", source, { class: "wide" }),
      element("div", { class: "row" },
        labelled("lang", language), labelled("least", least, { class: "short" }), repairs),
      element("details", {},
        element("summary", { say: "context" }),
        element("p", { class: "about", say: "context-why" }),
        labelled("before", before, { class: "wide" }),
        labelled("after", after, { class: "wide" }))),
    about, element("div", { class: "beside-terms" }, found, terms));
  const soon = settled(search, 150);
  for (const field of [source, before, after]) {
    direct(field, "ar");
    field.addEventListener("input", () => {
      direct(field, language.value || guess(field.value, document.documentElement.lang));
      soon();
    });
  }
  const box = repairs.firstChild;
  repairs.append(element("kbd", { dir: "ltr", "aria-hidden": "true" }, "Alt R"));
  box.checked = localStorage.getItem(REPAIR) !== "off";
  box.setAttribute("aria-keyshortcuts", "Alt+R");
  box.addEventListener("change", () => {
    localStorage.setItem(REPAIR, box.checked ? "on" : "off");
    for (const [at, match] of matches.entries()) if (match.repaired) found.children[at].replaceWith(suggestion(match, at, lang));
    tell(say(box.checked ? "repair-on" : "repair-off"));
  });
  language.addEventListener("input", () => source.dispatchEvent(new Event("input")));
  least.addEventListener("input", soon);
  document.addEventListener("keydown", (event) => {
    if (event.code === "KeyR" && event.altKey && !section.hidden && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      box.click();
      return;
    }
    const key = /^Digit([1-9])$/.exec(event.code);
    if (!key || section.hidden || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (matches.length < key[1]) return;
    event.preventDefault();
    copy(key[1] - 1);
  });
}

/// Asks for a sentence, whatever was asked before.
async function search() {
  asked.abort();
  asked = new AbortController();
  if (!source.value.trim()) {
    show(null);
    return;
  }
  found.setAttribute("aria-busy", "true");
  try {
    const answer = await json("POST", "/v1/lookup", { json: question(), signal: asked.signal });
    direct(source, answer.lang);
    quiet();
    show(answer);
  } catch (error) {
    explain(error);
  } finally {
    found.removeAttribute("aria-busy");
  }
}

function question() {
  const question = { source: source.value, min: bounded(least.valueAsNumber), limit: 9 };
  if (language.value) question.lang = language.value;
  if (before.value.trim()) question.before = before.value;
  if (after.value.trim()) question.after = after.value;
  return question;
}

/// Asks for the parts of a sentence that no unit is like.
async function parts() {
  if (!source.value.trim()) return;
  const { signal } = asked;
  try {
    const answer = await json("POST", "/v1/lookup", { json: { ...question(), fragments: true }, signal });
    if (!signal.aborted) known(answer.fragments ?? [], answer.lang);
  } catch (error) {
    explain(error);
  }
}

const bounded = (score) => (Number.isFinite(score) ? Math.min(100, Math.max(0, score)) : 70);

function show(answer) {
  matches = answer?.matches ?? [];
  lang = answer?.lang ?? null;
  beside.parts = [];
  glossary(answer?.terms ?? [], lang);
  if (answer && !matches.some((match) => match.score >= GOOD)) partsSoon();
  found.replaceChildren(...matches.map((match, at) => suggestion(match, at, lang)));
  const words = !answer ? null : matches.length ? ["found-matches", matches.length] : ["found-none"];
  about.replaceChildren(words ? element("span", { say: words }) : "");
  if (words) tell(say(...words));
}

/// What terms of the sentence are in the other language.
function glossary(hits, lang) {
  const other = lang === "ar" ? "en" : "ar";
  const seen = new Set();
  const isNew = ({ term, targets }) => !seen.has(`${term}\t${targets}`) && seen.add(`${term}\t${targets}`);
  const row = ({ term, standing, targets, note }) => element("div", { class: standing },
    element("dt", {}, standing === "forbidden" && element("span", { class: "kind danger", say: "term-forbidden" }), text("bdi", lang, term)),
    targets.map((target) => element("dd", {}, text("bdi", other, target))), note && element("dd", { class: "about" }, name(note)));
  beside.terms = hits.filter(isNew).map(row);
  showBeside();
}

/// What parts of the sentence are in the other language, and in how many units.
function known(fragments, lang) {
  const other = lang === "ar" ? "en" : "ar";
  beside.parts = fragments.map(({ text: part, target, times }) => element("div", {},
    element("dt", {}, text("bdi", lang, part), times > 1 && element("span", { class: "about", dir: "ltr" }, `× ${times}`)),
    element("dd", {}, text("bdi", other, target))));
  showBeside();
}

function showBeside() {
  const groups = Object.entries(beside).filter(([, rows]) => rows.length > 0);
  terms.hidden = groups.length === 0;
  if (!terms.hidden) terms.setAttribute("aria-labelledby", `${groups[0][0]}-title`);
  terms.replaceChildren(...groups.flatMap(([name, rows]) => [element("h2", { id: `${name}-title`, say: name }), element("dl", { class: name }, rows)]));
}

/// The repaired form of a match, if it has one and she wants it.
const better = (match) => (repairs.firstChild.checked ? (match.repaired ?? null) : null);

/// What was put into a translation, in words.
const edit = ({ kind, from, to }) => element("li", { say: [`repair-${kind}`, to, from] });

function suggestion(match, at, lang) {
  const other = lang === "ar" ? "en" : "ar";
  const kind = match.score > 100 ? "context" : match.kind;
  const level = match.score >= 100 ? "full" : match.score >= 85 ? "high" : match.score >= 70 ? "middle" : "low";
  return element("li", { class: "match panel" },
    element("div", { class: "row head" },
      element("span", { class: `score ${level}` }, element("span", { class: "sr", say: "score" }), ` ${percent(match.score)}`),
      element("span", { class: "kind", say: `kind-${kind}` }),
      match.alternative_to !== null && element("span", { class: "kind", say: "alternative" }),
      element("ul", { class: "reasons", "say-label": "reasons" }, match.why.map((why, number) => reason(why, match.reasons[number]))),
      element("span", { class: "grow" }),
      element("kbd", { dir: "ltr", "aria-hidden": "true" }, `Ctrl ${at + 1}`),
      button("copy", () => copy(at), { "say-label": ["copy-number", at + 1], "aria-keyshortcuts": `Control+${at + 1}`, class: "main" })),
    element("p", { class: "text stored", lang, dir: dirOf(lang) }, marked(match.diff, match.source_seg)),
    better(match)
      ? element("p", { class: "text target repaired", lang: other, dir: dirOf(other) }, repaired(match.repaired))
      : text("p", other, match.target, { class: "target" }, match.target_seg),
    better(match) && element("div", { class: "row repair" },
      element("span", { class: "kind", say: ["repaired", `\u2066${percent(match.repaired.score)}\u2069`] }),
      element("ul", { class: "reasons", "say-label": "repair-edits" }, match.repaired.edits.map(edit))),
    element("p", { class: "about row" },
      name(match.memory === match.file ? match.memory : `${match.memory} / ${match.file}`),
      match.author && name(match.author),
      match.changed && moment(match.changed),
      button("open-unit", () => open(match.id), { class: "link" })));
}

/// A percentage as a whole, or with what the server knows behind the point.
const percent = (score) => `${Number.isInteger(score) ? score : score.toFixed(2)}\u00A0%`;

/// A reason: in Arabic by its name; what the server's sentence says beyond that (how many words, which number) in a tip.
function reason(why, sentence) {
  const count = /^(\d+) words? differ/.exec(sentence);
  const numbers = why === "number" ? sentence.match(/[\d.,:/-]*\d/g) : null;
  const said =
    count ? ["why-words", Number(count[1])]
    : numbers?.length === 2 ? ["why-number-became", numbers[0], numbers[1]]
    : numbers?.length === 1 ? [sentence.endsWith("new") ? "why-number-new" : "why-number-gone", numbers[0]]
    : [`why-${why}`];
  return element("li", { say: said, "say-title": ["server", why, sentence] });
}

async function copy(at) {
  const { target, target_seg: seg } = better(matches[at]) ?? matches[at];
  if (!(await toClipboard(native(target, seg)))) {
    warn("copy-failed");
    return;
  }
  tell(say("copied", at + 1));
  const shown = found.children[at];
  shown.classList.add("copied");
  setTimeout(() => shown.classList.remove("copied"), 900);
}

/// Browsers give the clipboard only to pages they call secure; elsewhere the older way works.
async function toClipboard(string) {
  try {
    await navigator.clipboard.writeText(string);
    return true;
  } catch {
    const before = document.activeElement;
    const field = element("textarea", { class: "sr", value: string });
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    before?.focus();
    return done;
  }
}
