// The editor of a unit: both sides, what the checks say of them while she types, and nobody's change overwritten unseen.

import { parted } from "./bytes.js";
import { became } from "./diff.js";
import { button, ask, direct, dirOf, element, labelled, settled, text } from "./element.js";
import { Trouble, explain, json, unitPath } from "./server.js";
import { tell } from "./voice.js";
import { say } from "./words.js";

/// Puts the editor into `row`; `done` has the unit as the server has it then, or null where nothing was changed.
export function edit(row, unit, author, done) {
  const [ar, en] = ["ar", "en"].map((lang) => {
    const field = element("textarea", { rows: 3, class: "text", value: unit[lang], spellcheck: "true" });
    direct(field, lang);
    return field;
  });
  const from = element("input", { value: unit.document ?? "", dir: "auto", spellcheck: "false" });
  const findings = element("ul", { class: "findings", "aria-live": "polite", "say-label": "checks" });
  const close = (changed) => done(changed);
  const save = async (version) => {
    const body = { ar: ar.value, en: en.value };
    if (from.value.trim()) body.document = from.value.trim();
    if (author) body.author = author;
    try {
      if (unit.id === null) {
        const { id } = await json("POST", "/v1/units", { json: body });
        tell(say(id ? "added" : "added-before"));
        close(id ? await json("GET", unitPath(id)) : null);
        return;
      }
      const changed = await json("PUT", unitPath(unit.id), { json: body, headers: { "if-match": version } });
      tell(say("saved"));
      close(changed);
    } catch (error) {
      if (error instanceof Trouble && error.status === 412) await conflict();
      else explain(error);
    }
  };

  /// Two editors of one unit: both versions side by side, and she says which one stays.
  const conflict = async () => {
    const now = await json("GET", unitPath(unit.id)).catch(explain);
    if (!now) return;
    const version = (words, { ar, en }) => element("section", { class: "version" }, element("h3", { say: words }), text("p", "ar", ar), text("p", "en", en));
    const mine = { ar: ar.value, en: en.value };
    const sides = ["en", "ar"].filter((lang) => mine[lang] !== now[lang]);
    const { pairs } = await json("POST", "/v1/diff", { json: { pairs: sides.map((lang) => ({ lang, before: now[lang], after: mine[lang] })) } }).catch(() => ({ pairs: [] }));
    const differences = pairs.map((steps, at) => element("p", { lang: sides[at], dir: dirOf(sides[at]), class: "text difference" }, became(steps)));
    const shown = element("div", {}, element("p", { say: "conflict-why" }), element("div", { class: "pair" }, version("version-mine", mine), version("version-theirs", now)),
      differences.length > 0 && element("section", { class: "differences" }, element("h3", { say: "version-differences" }), differences));
    const answer = await ask("conflict-title", shown, [["", "edit-further"], ["theirs", "take-theirs"], ["mine", "keep-mine", "main"]]);
    if (answer === "mine") await save(now.etag);
    else if (answer === "theirs") close(now);
    else ar.focus();
  };

  const check = async () => {
    if (!ar.value.trim() || !en.value.trim()) {
      findings.replaceChildren();
      return;
    }
    try {
      const { units } = await json("POST", "/v1/check", { json: { units: [{ ar: ar.value, en: en.value }] } });
      if (!findings.isConnected) return;
      findings.replaceChildren(...(units[0].length ? units[0].map((found) => finding(found, found.lang === "ar" ? ar.value : en.value)) : [element("li", { class: "fine", say: "checks-fine" })]));
    } catch (error) {
      explain(error);
    }
  };
  const soon = settled(check, 300);
  const form = element("form", {
    class: "editor",
    onsubmit: (event) => (event.preventDefault(), save(unit.etag)),
    oninput: soon,
    onkeydown: (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        close(null);
      } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        save(unit.etag);
      }
    },
  },
    element("div", { class: "pair" }, labelled("english", en), labelled("arabic", ar)),
    [unit.ar, unit.en].some((side) => side.includes("\uFFFC")) && element("p", { class: "about", say: ["keep-codes", "\uFFFC"] }),
    element("div", { class: "row" }, labelled("document", from), findings),
    element("div", { class: "row end" },
      element("span", { class: "about", say: "edit-keys" }), element("span", { class: "grow" }),
      button("cancel", () => close(null)),
      button("save", () => save(unit.etag), { class: "main" })));
  row.replaceChildren(form);
  check();
  (document.documentElement.lang === "ar" ? ar : en).focus();
}

/// A finding, with the words that it is about.
function finding({ kind, severity, message, lang, span }, side) {
  const place = lang && span ? parted(side, [span])[1].trim() : "";
  return element("li", { class: severity },
    element("strong", { say: `severity-${severity}` }), " ",
    lang && element("span", { say: lang === "ar" ? "arabic" : "english" }), lang && " · ",
    element("span", { say: `check-${kind}` }), " ",
    place && element("bdi", { lang, class: "about", say: ["finding-place", place] }), place && " ",
    element("bdi", { class: "about", say: ["server", kind, message] }));
}
