// Every view in both languages and both themes, for everybody: axe-core finds no serious fault.

import assert from "node:assert/strict";
import { align, article, axe, open, run, view } from "./browser.mjs";

const source = axe();

/// No fault that axe-core calls serious or critical.
async function sound(page, where) {
  const { violations } = await page.evaluate(async () => axe.run(document, { resultTypes: ["violations"] }));
  const faults = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = faults.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html}\n${failureSummary}`).join("\n")}`);
  assert.equal(faults.length, 0, `${where}\n${told.join("\n\n")}`);
}

const tests = {};
for (const language of ["en", "ar"]) {
  for (const theme of ["light", "dark"]) {
    tests[`${language}, ${theme}`] = async () => {
      const page = await open({ language, theme, tolerated: [400] });
      const check = (where) => sound(page, `${language}, ${theme}: ${where}`);
      // The page's policy lets in no script of others, but the debugger may run one.
      await page.evaluate(source);
      await check("empty");
      await page.fill("#source", "وحضر الحفل رئيس الهيئة المهندس حازم الدمنهوري وعدد من نواب المحافظة. وتقدر كلفة المشروع بنحو 3.6 مليار جنيه.");
      await page.waitForSelector(".match");
      await page.click("#search summary");
      await check("search");
      await page.fill("#source", "وأوضح أن في الميناء ٣٢٠ قاربا مسجلا تعيل أكثر من ألف أسرة.");
      await page.waitForSelector(".match .repaired");
      await page.waitForSelector(".terms dd");
      await check("a repaired match beside terms");
      await view(page, "concordance");
      await page.fill("#pattern", "school");
      await page.waitForSelector(".kwic .line");
      await page.click("#concordance summary");
      await check("concordance");
      await page.selectOption("#concordance [name=kind]", "regex");
      await page.fill("#pattern", "(");
      await page.waitForSelector("#trouble p");
      await check("a trouble");
      await view(page, "memory");
      await page.waitForSelector(".unit");
      await page.click(".unit:nth-child(2) [data-do=edit]");
      await page.fill(".editor textarea[lang=en]", "Seventeen 17 of them  ");
      await page.waitForSelector(".findings .warning");
      await check("memory");
      await page.click(".unit:nth-child(3) .link:nth-of-type(2)");
      await page.waitForSelector("dialog");
      await check("history");
      await page.keyboard.press("Escape");
      await view(page, "files");
      await page.click("a.button[href*=csv]");
      await page.waitForSelector(".job");
      await check("files");
      await view(page, "review");
      await check("texts");
      await align(page, "solar", article("press-release-solar.ar.txt"), article("press-release-solar.en.txt"));
      for (const key of ["a", "x", "m", "s", "End"]) await page.keyboard.press(key);
      await check("review");
      await page.keyboard.press("?");
      await page.waitForSelector("dialog");
      await check("keys");
      await page.close();
    };
  }
}
await run(tests);
