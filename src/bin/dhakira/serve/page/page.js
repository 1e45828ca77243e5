// The page: its views, its two languages, its themes.

import * as concordance from "./concordance.js";
import { element, speakAgain } from "./element.js";
import * as files from "./files.js";
import * as memory from "./memory.js";
import * as review from "./review.js";
import * as search from "./search.js";
import { explain, json } from "./server.js";
import * as views from "./views.js";
import { language } from "./words.js";

const html = document.documentElement;

/// The page in a language, which is remembered.
function speak(lang) {
  localStorage.setItem("dhakira.language", language(lang));
  html.lang = lang;
  html.dir = lang === "ar" ? "rtl" : "ltr";
  const other = document.getElementById("language");
  other.lang = lang === "ar" ? "en" : "ar";
  other.textContent = lang === "ar" ? "English" : "العربية";
  speakAgain();
  document.dispatchEvent(new CustomEvent("spoken"));
}

/// The page in a theme, which is remembered; without a name as the system has it.
function dress(theme) {
  if (theme) {
    html.dataset.theme = theme;
    localStorage.setItem("dhakira.theme", theme);
  } else {
    delete html.dataset.theme;
    localStorage.removeItem("dhakira.theme");
  }
}

/// What the memory holds, under everything.
async function about() {
  try {
    const memories = await json("GET", "/v1/memories");
    const units = memories.reduce((sum, { units }) => sum + units, 0);
    document.getElementById("about").replaceChildren(element("span", { say: ["about", units, memories.length] }));
  } catch (error) {
    explain(error);
  }
}

const begin = () => {
  const theme = document.getElementById("theme");
  dress(localStorage.getItem("dhakira.theme"));
  theme.value = localStorage.getItem("dhakira.theme") ?? "";
  theme.addEventListener("change", () => dress(theme.value));
  document.getElementById("language").addEventListener("click", () => speak(html.lang === "ar" ? "en" : "ar"));
  for (const [id, view] of Object.entries({ search, concordance, memory, review, files })) view.draw(document.getElementById(id));
  const wanted = localStorage.getItem("dhakira.language") ?? (navigator.languages.find((tag) => /^(ar|en)\b/.test(tag))?.slice(0, 2) ?? "en");
  speak(wanted);
  views.begin();
  document.querySelector("#search:not([hidden]) #source")?.focus();
  about();
};
begin();
