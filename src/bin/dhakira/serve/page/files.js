// Files in and out: an import with its report, exports to be saved.

import { button, choice, element, labelled, name, tick } from "./element.js";
import { call, explain, guarded, json } from "./server.js";
import { tell } from "./voice.js";
import { say } from "./words.js";

const ENDINGS = ".tmx,.tsv,.csv,.jsonl,.xlf,.xliff,.po";
const file = element("input", { type: "file", accept: ENDINGS, class: "sr", id: "file-to-import", onchange: () => chosen.replaceChildren(file.files[0]?.name ?? "") });
const chosen = element("bdi");
const twice = choice("duplicates", [["both", "twice-both"], ["keep", "twice-keep"], ["overwrite", "twice-overwrite"]]);
const dry = tick("dry", "dry-run");
const jobs = element("div", { class: "jobs" });
const exported = element("input", { dir: "auto", spellcheck: "false" });

/// Fills the view.
export function draw(section) {
  const form = element("form", { class: "panel", onsubmit: (event) => (event.preventDefault(), begin(file.files[0])) },
    element("h2", { say: "import" }), element("p", { class: "about", say: "import-why" }),
    element("p", { class: "row picker" }, element("label", { class: "button" }, file, element("span", { say: "choose-article" })), chosen),
    element("div", { class: "row" }, labelled("twice", twice), dry, element("span", { class: "grow" }),
      button("import", () => begin(file.files[0]), { class: "main", id: "import" })));
  accept(form, (dropped) => begin(dropped));
  const kinds = [["tmx", "TMX"], ["tsv", "TSV"], ["jsonl", "JSON Lines"], ["xlf", "XLIFF 1.2"], ["xliff2", "XLIFF 2.0"], ["po", "PO"]];
  section.append(form, jobs,
    element("div", { class: "panel" }, element("h2", { say: "export" }), element("p", { class: "about", say: "export-why" }),
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

async function begin(chosen) {
  if (!chosen) {
    file.focus();
    tell(say("choose-file"));
    return;
  }
  const panel = element("section", { class: "panel job", "aria-busy": "true" },
    element("h3", {}, name(chosen.name)), element("p", { role: "status" }, element("span", { say: "job-waiting" })), element("progress", { "say-label": "progress" }));
  jobs.prepend(panel);
  try {
    const query = { name: chosen.name, duplicates: twice.value, dry_run: dry.firstChild.checked };
    let job = await json("POST", "/v1/imports", { query, body: chosen, headers: { "content-type": "application/octet-stream" } });
    for (let wait = 150; job.state === "waiting" || job.state === "running"; wait = Math.min(wait * 1.5, 2000)) {
      panel.querySelector("p").replaceChildren(element("span", { say: `job-${job.state}` }));
      await new Promise((resolve) => setTimeout(resolve, wait));
      job = await json("GET", `/v1/jobs/${encodeURIComponent(job.id)}`);
    }
    report(panel, job, query.dry_run);
  } catch (error) {
    panel.querySelector("p").replaceChildren(element("span", { say: "job-failed" }));
    explain(error);
  } finally {
    panel.querySelector("progress")?.remove();
    panel.removeAttribute("aria-busy");
  }
}

/// What became of a file, with every unit that could not be read.
function report(panel, job, dryRun) {
  const words = job.state === "done" ? (dryRun ? "job-dry" : "job-done") : "job-failed";
  panel.querySelector("p").replaceChildren(element("span", { say: words }));
  if (job.error) panel.append(element("p", { lang: "en", dir: "ltr", class: "detail" }, job.error));
  const { report } = job;
  if (!report) return;
  const counts = { ...report, ...report.left_out };
  const shown = ["read", "new", "updated", "returned", "kept", "refused", "untranslated", "fuzzy", "foreign", "rejected"];
  panel.append(element("dl", { class: "counts" }, shown.filter((key) => counts[key] || key === "read" || key === "new").map((key) =>
    element("div", {}, element("dt", { say: `count-${key}` }), element("dd", { say: ["count", counts[key]] })))));
  if (report.set_aside.length) {
    panel.append(element("table", { class: "aside" }, element("caption", { say: ["set-aside", report.rejected] }),
      element("thead", {}, element("tr", {}, ["line", "unit-id", "why"].map((words) => element("th", { scope: "col", say: words })))),
      element("tbody", {}, report.set_aside.map(({ line, tuid, message }) =>
        element("tr", {}, element("td", {}, line ?? "–"), element("td", {}, name(tuid ?? "–")), element("td", { lang: "en", dir: "ltr" }, message))))));
  }
}

/// Saves an export. With a token the browser cannot follow the link by itself.
async function give(event, to) {
  const query = { to, document: exported.value.trim() };
  const link = event.currentTarget;
  if (!guarded()) {
    link.href = `/v1/export?${new URLSearchParams(query.document ? query : { to })}`;
    return;
  }
  event.preventDefault();
  try {
    const blob = await (await call("GET", "/v1/export", { query })).blob();
    const address = URL.createObjectURL(blob);
    element("a", { href: address, download: link.download }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  } catch (error) {
    explain(error);
  }
}
