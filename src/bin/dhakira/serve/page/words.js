// The page's own words in English and Arabic; where a number decides, one form for each plural of the language.

import { lists } from "./phrases.js";
import { inArabic } from "./sentences.js";

let lang = "en";

/// Chooses the language; gives it back.
export const language = (chosen) => (lang = chosen);

/// The locale for dates: Latin digits in both, as keys and scores have them.
export const code = () => (lang === "ar" ? "ar-u-nu-latn" : "en-GB");

const plurals = { en: new Intl.PluralRules("en"), ar: new Intl.PluralRules("ar") };

/// A number as people write it.
export const shown = (number) => new Intl.NumberFormat(code()).format(number);

/// The words for `key`; those for `server` are a code and a sentence of the server. What is put in for {0}, {1} … has a direction of its own; the first number chooses the plural.
export function say(key, ...given) {
  if (key === "server") return lang === "ar" ? inArabic(...given) : given[1];
  const pair = lists[key];
  if (!pair) return key;
  const words = pair[lang === "ar" ? 1 : 0];
  const chosen = typeof words === "string" ? words : (words[plurals[lang].select(given[0])] ?? words.other);
  return chosen.replace(/\{(\d)\}/g, (_, at) => (typeof given[at] === "number" ? shown(given[at]) : `\u2068${given[at]}\u2069`));
}
