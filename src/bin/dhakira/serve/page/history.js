// The history of a unit: what it said, when, and what became of that.

import { ask, element, moment, name, text } from "./element.js";
import { explain, json, unitPath } from "./server.js";

/// Shows it, the newest version first.
export async function history(id) {
  try {
    const versions = await json("GET", unitPath(id, "/history"));
    const row = ({ state, changed, file, ar, en }) =>
      element("li", { class: `version ${state}` },
        element("p", { class: "about row" }, element("strong", { say: `state-${state}` }), changed && moment(changed), name(file)),
        element("div", { class: "pair" }, text("p", "en", en), text("p", "ar", ar)));
    await ask("history", element("ol", { class: "versions", tabindex: 0, "say-label": "history" }, versions.reverse().map(row)), [["", "close", "main"]]);
  } catch (error) {
    explain(error);
  }
}
