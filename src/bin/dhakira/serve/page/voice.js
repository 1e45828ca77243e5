// What the page says aloud: to a screen reader politely, and troubles to everybody.

import { button, element } from "./element.js";

/// For ears; the same words twice are said twice.
export function tell(words) {
  const told = document.getElementById("told");
  told.textContent = told.textContent === words ? `${words}\u00A0` : words;
}

/// For everybody, until it is put away or something newer comes; `code` and `sentence` are the server's.
export function warn(words, code = "", sentence = "") {
  const place = document.getElementById("trouble");
  const said = sentence ? element("p", { say: ["server", code, sentence], class: "detail" }) : null;
  place.replaceChildren(element("div", {}, element("p", { say: words }), said), button("close", quiet, { class: "quiet" }));
}

/// Puts a trouble away.
export function quiet() {
  document.getElementById("trouble").replaceChildren();
}
