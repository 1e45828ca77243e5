// Search as you type: suggestions of the memory for a sentence, best first, to be copied by key or button.

import { native } from "./codes.js";
import { marked } from "./diff.js";
import { button, choice, direct, dirOf, element, guess, labelled, moment, name, settled, text } from "./element.js";
import { open } from "./memory.js";
import { explain, json } from "./server.js";
import { quiet, tell, warn } from "./voice.js";
import { say } from "./words.js";

const source = element("textarea", { id: "source", rows: 2, autocomplete: "off", spellcheck: "false", "say-placeholder": "search-hint" });
const before = element("textarea", { rows: 1, spellcheck: "false" });
const after = element("textarea", { rows: 1, spellcheck: "false" });
const least = element("input", { type: "number", min: 0, max: 100, step: 5, value: "70", inputmode: "numeric" });
// A sentence full of Latin names is Arabic all the same.
const language = choice("lang", [["", "lang-letters"], ["ar", "arabic"], ["en", "english"]]);
const found = element("ol", { class: "matches", "say-label": "matches" });
const about = element("p", { class: "about" });

let asked = new AbortController();
let matches = [];

/// Fills the view.
export function draw(section) {
  section.append(
    element("form", { class: "panel", role: "search", onsubmit: (event) => event.preventDefault() },
      labelled("search-source", source, { class: "wide" }),
      element("div", { class: "row" },
        labelled("lang", language), labelled("least", least, { class: "short" })),
      element("details", {},
        element("summary", { say: "context" }),
        element("p", { class: "about", say: "context-why" }),
        labelled("before", before, { class: "wide" }),
        labelled("after", after, { class: "wide" }))),
    about, found);
  const soon = settled(search, 150);
  for (const field of [source, before, after]) {
    direct(field, "ar");
    field.addEventListener("input", () => {
      direct(field, language.value || guess(field.value, document.documentElement.lang));
      soon();
    });
  }
  language.addEventListener("input", () => source.dispatchEvent(new Event("input")));
  least.addEventListener("input", soon);
  document.addEventListener("keydown", (event) => {
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
  const question = { source: source.value, min: bounded(least.valueAsNumber), limit: 9 };
  if (language.value) question.lang = language.value;
  if (before.value.trim()) question.before = before.value;
  if (after.value.trim()) question.after = after.value;
  found.setAttribute("aria-busy", "true");
  try {
    const answer = await json("POST", "/v1/lookup", { json: question, signal: asked.signal });
    direct(source, answer.lang);
    quiet();
    show(answer);
  } catch (error) {
    explain(error);
  } finally {
    found.removeAttribute("aria-busy");
  }
}

const bounded = (score) => (Number.isFinite(score) ? Math.min(100, Math.max(0, score)) : 70);

function show(answer) {
  matches = answer?.matches ?? [];
  const lang = answer?.lang;
  found.replaceChildren(...matches.map((match, at) => suggestion(match, at, lang)));
  const words = !answer ? null : matches.length ? ["found-matches", matches.length] : ["found-none"];
  about.replaceChildren(words ? element("span", { say: words }) : "");
  if (words) tell(say(...words));
}

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
    text("p", other, match.target, { class: "target" }, match.target_seg),
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
  return element("li", { say: said, title: sentence });
}

async function copy(at) {
  const { target, target_seg: seg } = matches[at];
  if (!(await toClipboard(native(target, seg)))) {
    warn(say("copy-failed"));
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
