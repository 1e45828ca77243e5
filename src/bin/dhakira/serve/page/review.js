// Alignment: two texts sent in, and the review of their links.

import { Beads } from "./beads.js";
import { button, choice, direct, element, labelled, name, settled } from "./element.js";
import { accept } from "./files.js";
import { Table } from "./table.js";
import { explain, json } from "./server.js";
import { quiet, tell } from "./voice.js";
import { say } from "./words.js";

const KEPT = "dhakira.review";
const title = element("input", { required: true, dir: "auto", spellcheck: "false", id: "pair-name" });
const kind = choice("kind", [["text", "kind-text"], ["markdown", "kind-markdown"], ["html", "kind-html"]]);
const [ar, en] = ["ar", "en"].map((lang) => {
  const field = element("textarea", { rows: 12, class: "text article", id: `article-${lang}`, spellcheck: "false", "say-placeholder": `article-hint-${lang}` });
  direct(field, lang);
  return field;
});
const form = element("form", { class: "panel", onsubmit: (event) => event.preventDefault() });
const place = element("div", { class: "review", hidden: true });
const align = button("align", begin, { class: "main", id: "align" });

let article = null;
let table = null;
let saved = true;

/// Fills the view; a review that a reload interrupted goes on.
export function draw(section) {
  const column = (words, field, lang) => {
    const file = element("input", { type: "file", accept: ".txt,.md,.html,.htm", class: "sr", id: `file-${lang}`, onchange: () => take(file.files[0], lang) });
    const made = element("div", { class: "column" }, labelled(words, field),
      element("label", { class: "button", for: file.id }, file, element("span", { say: "choose-article" })));
    accept(made, (dropped) => take(dropped, lang));
    return made;
  };
  form.append(
    element("h2", { say: "align-title" }), element("p", { class: "about", say: "align-why" }),
    element("div", { class: "pair" }, column("english", en, "en"), column("arabic", ar, "ar")),
    element("div", { class: "row" }, labelled("pair-name", title), labelled("article-kind", kind), element("span", { class: "grow" }), align));
  section.append(form, place);
  document.addEventListener("spoken", () => table?.render(true));
  addEventListener("pagehide", () => !saved && keep());
  addEventListener("beforeunload", (event) => !saved && event.preventDefault());
  const kept = sessionStorage.getItem(KEPT);
  if (kept) {
    try {
      const { article: before, beads } = JSON.parse(kept);
      review(before, new Beads(beads));
      saved = false;
    } catch {
      sessionStorage.removeItem(KEPT);
    }
  }
}

/// An article out of a file: its text, what kind it is, and the name of the pair.
async function take(file, lang) {
  if (!file) return;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const bytes = await file.arrayBuffer();
  let string;
  try {
    string = decoder.decode(bytes);
  } catch {
    // Old Arabic pages are in windows-1256; other old ones mostly in windows-1252.
    string = new TextDecoder(lang === "ar" ? "windows-1256" : "windows-1252").decode(bytes);
  }
  (lang === "ar" ? ar : en).value = string;
  const ending = file.name.slice(file.name.lastIndexOf(".") + 1).toLowerCase();
  kind.value = { md: "markdown", html: "html", htm: "html" }[ending] ?? "text";
  if (!title.value) title.value = file.name.replace(/\.[^.]*$/, "").replace(/[._-](ar|en)$/i, "");
  tell(say("file-taken", file.name));
}

async function begin() {
  const empty = [ar, en, title].find((field) => !field.value.trim());
  if (empty) {
    empty.focus();
    tell(say("align-missing"));
    return;
  }
  align.disabled = true;
  form.setAttribute("aria-busy", "true");
  tell(say("aligning"));
  try {
    article = await json("POST", "/v1/align", { json: { name: title.value.trim(), kind: kind.value, ar: ar.value, en: en.value } });
    quiet();
    review(article, new Beads(article.links));
    keep();
    table.uncertain();
    table.focus();
  } catch (error) {
    explain(error);
  } finally {
    align.disabled = false;
    form.removeAttribute("aria-busy");
  }
}

/// Shows the links of an article.
function review(of, beads) {
  article = of;
  const status = element("p", { class: "about counts-line" });
  const save = button("save-tmx", store, { class: "main", id: "save-review", "aria-keyshortcuts": "Control+S" });
  table = new Table(article, beads, {
    changed: () => {
      saved = false;
      soon();
      count(status);
    },
    save: store,
  });
  const percent = Math.round(article.confidence * 100);
  place.replaceChildren(
    element("div", { class: "row head" }, element("h2", {}, name(article.name)), element("span", { class: article.translation ? "kind" : "kind danger", say: [article.translation ? "is-translation" : "no-translation", percent] }),
      element("span", { class: "grow" }), button("other-pair", leave), save),
    article.removed.length ? element("details", {}, element("summary", { say: ["removed", article.removed.length] }), element("ul", {}, article.removed.map((line) => element("li", { dir: "auto" }, line)))) : "",
    table.bar, element("div", { class: "row" }, status, table.note), table.grid);
  count(status);
  table.render();
  form.hidden = true;
  place.hidden = false;
}

function count(status) {
  const { uncertain, accepted, rejected, lonely } = table.beads.counts();
  status.replaceChildren(element("span", { say: ["review-counts", table.beads.all.length, uncertain, accepted, rejected, lonely] }));
}

/// So that a reload loses nothing. What is too big for the browser's store is guarded by its question before leaving.
function keep() {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ article: { ...article, links: [] }, beads: table.beads.all }));
  } catch {
    sessionStorage.removeItem(KEPT);
  }
}

const soon = settled(() => !saved && keep(), 500);

/// Saves as TMX in the memory, at once.
async function store() {
  try {
    const { units, file } = await json("POST", "/v1/alignments", { json: { name: article.name, ar: article.ar, en: article.en, links: table.beads.links() } });
    saved = true;
    quiet();
    const words = ["review-saved", units, file];
    table.say(words);
  } catch (error) {
    explain(error);
  }
}

/// Back to the texts, which stand as they were.
function leave() {
  sessionStorage.removeItem(KEPT);
  saved = true;
  table = null;
  place.hidden = true;
  form.hidden = false;
  title.focus();
}
