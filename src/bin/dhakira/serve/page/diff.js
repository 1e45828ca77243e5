// Differences between a question and a stored text, in whole words: told by colour, by lines, and by words for ears.

import { reader } from "./codes.js";
import { element, runs } from "./element.js";

/// A word for ears before and after what is marked.
const aside = (words) => element("span", { class: "sr", say: words });

/// The stored text and what would have to change in it to make it the question; `seg` is its markup.
export function marked(steps, seg) {
  const [stored, typed] = [reader(seg), reader(null)];
  return steps.flatMap(({ op, query, source }) => {
    if (op === "equal") return runs(source, stored);
    if (op === "form") return [element("mark", { title: query, class: "form" }, aside("diff-form"), runs(source, stored), aside("diff-end"))];
    if (op === "delete") return [element("del", {}, aside("diff-delete"), runs(source, stored), aside("diff-end"))];
    if (op === "insert") return [element("ins", {}, aside("diff-insert"), runs(query, typed), aside("diff-end"))];
    const gap = source.endsWith(" ") ? "" : " ";
    return [
      element("del", { class: "replaced" }, aside("diff-replace"), runs(source, stored)),
      gap,
      element("ins", { class: "replacing" }, aside("diff-by"), runs(query, typed), aside("diff-end")),
    ];
  });
}
