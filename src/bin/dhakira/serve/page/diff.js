// Differences between a question and a stored text, in whole words: told by colour, by lines, and by words for ears.

import { parted } from "./bytes.js";
import { reader } from "./codes.js";
import { element, runs } from "./element.js";

/// A word for ears before and after what is marked.
const aside = (words) => element("span", { class: "sr", say: words });

/// The stored text and what would have to change in it to make it the question; `seg` is its markup, `words` what is said to ears.
export function marked(steps, seg, words = "diff") {
  const [stored, typed] = [reader(seg), reader(null)];
  return steps.flatMap(({ op, query, source }) => {
    if (op === "equal") return runs(source, stored);
    if (op === "form") return [element("mark", { title: query, class: "form" }, aside(`${words}-form`), runs(source, stored), aside("diff-end"))];
    if (op === "delete") return [element("del", {}, aside(`${words}-delete`), runs(source, stored), aside("diff-end"))];
    if (op === "insert") return [element("ins", {}, aside(`${words}-insert`), runs(query, typed), aside("diff-end"))];
    const gap = source.endsWith(" ") ? "" : " ";
    return [
      element("del", { class: "replaced" }, aside(`${words}-replace`), runs(source, stored)),
      gap,
      element("ins", { class: "replacing" }, aside(`${words}-by`), runs(query, typed), aside("diff-end")),
    ];
  });
}

/// A text as it is now, with what it was before: `steps` are those of the server's `diff`.
export function became(steps) {
  // What is written otherwise is shown as it is now.
  const step = ({ op, before, after }) => (op === "form" ? { op, source: after, query: before } : { op, source: before, query: after });
  return marked(steps.map(step), null, "was");
}

/// A repaired translation: what was put in is marked, and told with what stood there. `edits` are the server's.
export function repaired({ target, target_seg: seg, edits }) {
  const codes = reader(seg);
  return parted(target, edits.map(({ span }) => span)).flatMap((part, at) => {
    if (at % 2 === 0) return runs(part, codes);
    const { from } = edits[(at - 1) / 2];
    return [element("ins", { class: "replacing" }, aside(["repaired-from", from]), runs(part, codes), aside("diff-end"))];
  });
}
