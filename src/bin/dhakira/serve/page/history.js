// The history of a unit: what it said, when, and what became of that.

import { became } from "./diff.js";
import { ask, dirOf, element, moment, name, text } from "./element.js";
import { explain, json, unitPath } from "./server.js";

/// Shows it, the newest version first.
export async function history(id) {
  try {
    const versions = await json("GET", unitPath(id, "/history"));
    const steps = await changes(versions);
    const row = ({ state, changed, file, ar, en }, at) => {
      const side = (lang, string) => steps[at]?.[lang]
        ? element("p", { lang, dir: dirOf(lang), class: "text" }, became(steps[at][lang]))
        : text("p", lang, string);
      return element("li", { class: `version ${state}` },
        element("p", { class: "about row" }, element("strong", { say: `state-${state}` }), changed && moment(changed), name(file)),
        element("div", { class: "pair" }, side("en", en), side("ar", ar)));
    };
    await ask("history", element("ol", { class: "versions", tabindex: 0, "say-label": "history" }, versions.map(row).reverse()), [["", "close", "main"]]);
  } catch (error) {
    explain(error);
  }
}

/// What became of each version's sides since the one before: of the last fifty, for a hundred texts are compared at once.
async function changes(versions) {
  const from = Math.max(1, versions.length - 50);
  const pairs = [];
  for (let at = from; at < versions.length; at++) {
    for (const lang of ["ar", "en"]) pairs.push({ lang, before: versions[at - 1][lang], after: versions[at][lang] });
  }
  if (!pairs.length) return [];
  const told = await json("POST", "/v1/diff", { json: { pairs } });
  const steps = [];
  told.pairs.forEach((way, number) => ((steps[from + (number >> 1)] ??= {})[pairs[number].lang] = way));
  return steps;
}
