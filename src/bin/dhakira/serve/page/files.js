// Files in and out: an import with its report, exports to be saved.

import { button, choice, element, labelled, name, tick } from "./element.js";
import { call, explain, follow, guarded as isGuarded, json } from "./server.js";
import { tell } from "./voice.js";
import { say } from "./words.js";

const ENDINGS = ".tmx,.tsv,.csv,.jsonl,.xlf,.xliff,.po";
const file = element("input", { type: "file", accept: ENDINGS, class: "sr", id: "file-to-import", onchange: () => chosen.replaceChildren(file.files[0]?.name ?? "") });
const chosen = element("bdi");
const twice = choice("duplicates", [["both", "twice-both"], ["keep", "twice-keep"], ["overwrite", "twice-overwrite"]]);
const dry = tick("dry", "dry-run");
const guarded = tick("guarded", "formulas-guarded");
const jobs = element("div", { class: "jobs" });
const exported = element("input", { dir: "auto", spellcheck: "false" });

/// Fills the view.
export function draw(section) {
  const form = element("form", { class: "panel", onsubmit: (event) => (event.preventDefault(), begin(file.files[0])) },
    element("h2", { say: "import" }), element("p", { class: "about", say: "import-why" }),
    element("p", { class: "row picker" }, element("label", { class: "button" }, file, element("span", { say: "choose-article" })), chosen),
    element("div", { class: "row" }, labelled("twice", twice), guarded, dry, element("span", { class: "grow" }),
      button("import", () => begin(file.files[0]), { class: "main", id: "import" })));
  accept(form, (dropped) => begin(dropped));
  const kinds = [["tmx", "TMX"], ["tsv", "TSV"], ["csv", "CSV"], ["jsonl", "JSON Lines"], ["xlf", "XLIFF 1.2"], ["xliff2", "XLIFF 2.0"], ["po", "PO"]];
  section.append(form, jobs,
    element("div", { class: "panel" }, element("h2", { say: "export" }), element("p", { class: "about", say: "export-why" }), element("p", { class: "about", say: "export-tables" }),
      labelled("document-only", exported, { class: "narrow" }),
      element("ul", { class: "row exports", "say-label": "export" }, kinds.map(([to, title]) =>
        element("li", {}, element("a", { class: "button", href: `/v1/export?to=${to}`, download: `dhakira.${to === "xliff2" ? "xlf" : to}`, onclick: (event) => give(event, to) }, element("bdi", { dir: "ltr" }, title)))))));
}

/// Takes files that are dropped on a place.
export function accept(place, take) {
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    place.classList.add("over");
  });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("over");
    for (const dropped of event.dataTransfer.files) take(dropped);
  });
}

/// A panel for a job: its name, how far it is, and a button that stops it.
function follower(title) {
  const state = element("p", { role: "status" }, element("span", { say: "job-waiting" }));
  const bar = element("progress", { max: 100, "say-label": "progress" });
  let id = null;
  const stop = button("stop", () => id && call("DELETE", `/v1/jobs/${encodeURIComponent(id)}`).catch(explain), { hidden: true });
  const panel = element("section", { class: "panel job", "aria-busy": "true" }, element("h3", {}, title), state, element("div", { class: "row" }, bar, stop));
  jobs.prepend(panel);
  const told = (job, words) => {
    id = job.id;
    stop.hidden = false;
    if (job.percent > 0) bar.value = job.percent;
    const said = job.percent > 0 ? [`${words}-percent`, Math.floor(job.percent)] : job.state === "waiting" ? "job-queued" : words;
    state.replaceChildren(element("span", { say: said }));
  };
  const end = (words) => {
    state.replaceChildren(element("span", { say: words }));
    bar.parentNode.remove();
    panel.removeAttribute("aria-busy");
  };
  return { panel, told, end };
}

async function begin(chosen) {
  if (!chosen) {
    file.focus();
    tell(say("choose-file"));
    return;
  }
  const { panel, told, end } = follower(name(chosen.name));
  try {
    const query = { name: chosen.name, duplicates: twice.value, formulas: guarded.firstChild.checked ? "guarded" : "", dry_run: dry.firstChild.checked };
    const begun = await json("POST", "/v1/imports", { query, body: chosen, headers: { "content-type": "application/octet-stream" } });
    const job = await follow(begun, (job) => told(job, "job-running"));
    end(job.state === "done" ? (query.dry_run ? "job-dry" : "job-done") : job.state === "stopped" ? "job-stopped" : "job-failed");
    report(panel, job);
  } catch (error) {
    end("job-failed");
    explain(error);
  }
}

/// What became of a file, with every unit that could not be read.
function report(panel, job) {
  if (job.error) panel.append(element("p", { class: "detail", say: ["server", job.code, job.error] }));
  const { report } = job;
  if (!report) return;
  const counts = { ...report, ...report.left_out };
  const shown = ["read", "new", "updated", "returned", "kept", "refused", "untranslated", "fuzzy", "foreign", "rejected"];
  panel.append(element("dl", { class: "counts" }, shown.filter((key) => counts[key] || key === "read" || key === "new").map((key) =>
    element("div", {}, element("dt", { say: `count-${key}` }), element("dd", { say: ["count", counts[key]] })))));
  if (report.set_aside.length) {
    panel.append(element("table", { class: "aside" }, element("caption", { say: ["set-aside", report.rejected] }),
      element("thead", {}, element("tr", {}, ["line", "unit-id", "why"].map((words) => element("th", { scope: "col", say: words })))),
      element("tbody", {}, report.set_aside.map(({ line, tuid, code, message }) =>
        element("tr", {}, element("td", {}, line ?? "–"), element("td", {}, name(tuid ?? "–")), element("td", { say: ["server", code, message] }))))));
  }
}

/// Has a file made and saves it.
async function give(event, to) {
  event.preventDefault();
  const saved = event.currentTarget.download;
  const { panel, told, end } = follower(name(saved));
  try {
    const query = { to, document: exported.value.trim() };
    const job = await follow(await json("POST", "/v1/exports", { query }), (job) => told(job, "job-writing"));
    const words = { done: job.file ? ["job-exported", job.units] : "job-nothing", stopped: "job-stopped" }[job.state];
    end(words ?? "job-failed-export");
    if (job.error) panel.append(element("p", { class: "detail", say: ["server", job.code, job.error] }));
    if (!job.file) return;
    // With a token the browser can not follow the link by itself.
    const address = isGuarded() ? URL.createObjectURL(await (await call("GET", job.file)).blob()) : job.file;
    element("a", { href: address, download: saved }).click();
    if (isGuarded()) setTimeout(() => URL.revokeObjectURL(address), 60_000);
  } catch (error) {
    end("job-failed-export");
    explain(error);
  }
}
