// Elements of the page: made here, and only here; text of the server becomes text nodes, never markup.

import { reader } from "./codes.js";
import { code, say } from "./words.js";

/// An element. `attributes`: `on…` are listeners, `say` its words, true and false set or leave out, null leaves out.
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value") made.value = value;
    else if (name === "say" || name.startsWith("say-")) speak(made, name, [value].flat());
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export const dirOf = (lang) => (lang === "ar" ? "rtl" : "ltr");

/// Stored text in its own language and direction, with the inline codes that its markup `seg` tells of.
export function text(tag, lang, string, attributes = {}, seg = null) {
  return element(tag, { lang, dir: dirOf(lang), ...attributes, class: `text ${attributes.class ?? ""}`.trim() }, runs(string, reader(seg)));
}

/// The runs of a text: letters, and each inline code, which stands as U+FFFC, as something that can be seen.
export function runs(string, codes) {
  const sign = () => element("bdi", { class: "code", dir: "ltr", title: say("inline-code") }, codes());
  return string.split("\uFFFC").flatMap((part, at) => (at ? [sign(), part] : [part]));
}

/// A button with words.
export function button(words, onclick, attributes = {}) {
  return element("button", { type: "button", say: words, onclick, ...attributes });
}

/// A field under its label.
export function labelled(words, field, attributes = {}) {
  return element("label", { ...attributes, class: `field ${attributes.class ?? ""}`.trim() }, element("span", { say: words }), field);
}

/// A choice among values, each with its words.
export function choice(name, values, chosen) {
  const options = values.map(([value, words]) => element("option", { value, say: words }));
  const made = element("select", { name }, options);
  made.value = chosen ?? values[0][0];
  return made;
}

/// A box to tick, before its label.
export function tick(name, words, checked) {
  return element("label", { class: "tick" }, element("input", { type: "checkbox", name, checked }), element("span", { say: words }));
}

/// Something out of a file's name, a person's, a server's: of no known language, so it gets an isolate of its own.
export const name = (string, attributes = {}) => element("bdi", attributes, string);

/// A moment as TMX (20250114T080000Z) or ISO 8601 writes it, as people do.
export function moment(string) {
  const iso = string.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  const date = new Date(iso);
  if (Number.isNaN(date.valueOf())) return name(string);
  const format = new Intl.DateTimeFormat(code(), { dateStyle: "medium", timeStyle: "short" });
  return element("time", { datetime: iso }, format.format(date));
}

/// The language of a text by its letters, until the server has said it.
export function guess(string, otherwise = "ar") {
  const arabic = string.match(/\p{Script=Arabic}/gu)?.length ?? 0;
  const latin = string.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return arabic + latin === 0 ? otherwise : arabic >= latin ? "ar" : "en";
}

/// Gives a field the language of what is typed into it.
export function direct(field, lang) {
  field.lang = lang;
  field.dir = dirOf(lang);
}

/// Calls `work` when nothing more has come for `wait` milliseconds.
export function settled(work, wait) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), wait);
  };
}

/// A dialog, shown until it is closed; gives what it was closed with. What the focus was on has it again afterwards.
export function ask(title, content, answers) {
  const before = document.activeElement;
  const { promise, resolve } = Promise.withResolvers();
  const id = `dialog-${Math.random().toString(36).slice(2)}`;
  const close = (answer) => () => dialog.close(answer);
  const dialog = element(
    "dialog",
    { "aria-labelledby": id },
    element("h2", { id, say: title }),
    content,
    element("div", { class: "row end" }, answers.map(([answer, words, kind]) => button(words, close(answer), { class: kind }))),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.focus?.();
    resolve(dialog.returnValue);
  });
  document.body.append(dialog);
  dialog.showModal();
  return Object.assign(promise, { dialog });
}

/// The page's own words on an element (`say`), or in an attribute of it (`say-label`, `say-title`, `say-placeholder`):
/// remembered there, so that they can change their language.
export function speak(node, name, words) {
  node.setAttribute(`data-${name}`, words.length === 1 ? words[0] : JSON.stringify(words));
  const spoken = say(...words);
  if (name === "say") node.textContent = spoken;
  else node.setAttribute(name === "say-label" ? "aria-label" : name.slice(4), spoken);
}

/// All words of the page again, after its language has changed.
export function speakAgain() {
  for (const name of ["say", "say-label", "say-title", "say-placeholder"]) {
    for (const node of document.querySelectorAll(`[data-${name}]`)) {
      const words = node.getAttribute(`data-${name}`);
      speak(node, name, words.startsWith("[") ? JSON.parse(words) : [words]);
    }
  }
  for (const node of document.querySelectorAll("time[datetime]")) node.replaceWith(moment(node.dateTime));
}
