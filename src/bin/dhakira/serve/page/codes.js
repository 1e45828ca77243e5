// Inline codes: where a stored text has a U+FFFC, the markup of its segment tells which code stands there.

/// The segment as a tree; null if it is none. Nothing in it is run or shown: it is read as XML, outside the page.
function tree(seg) {
  if (!seg) return null;
  const read = new DOMParser().parseFromString(`<seg>${seg}</seg>`, "text/xml");
  return read.querySelector("parsererror") ? null : read.documentElement;
}

/// The codes in their order (`<b>`, `%s`); what is highlighted (`hi`) is text.
function inOrder(node) {
  return [...node.children].flatMap((child) => (child.tagName === "hi" ? inOrder(child) : [child.textContent]));
}

/// Gives the codes of a text one by one; numbers where nobody knows what they say.
export function reader(seg) {
  const known = tree(seg);
  const codes = known ? inOrder(known) : [];
  let at = 0;
  return () => codes[at++]?.trim() || `⟨${at}⟩`;
}

/// A text for the clipboard: codes as their file has them.
export function native(string, seg) {
  return string.includes("\uFFFC") ? (tree(seg)?.textContent ?? string.replaceAll("\uFFFC", "")) : string;
}
