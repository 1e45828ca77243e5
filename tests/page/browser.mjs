// A browser on the page: Chromium without a window, and the few steps that tests have in common.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";

const require = createRequire(`${process.env.DHAKIRA_PLAYWRIGHT}/`);
const { chromium } = require("playwright-core");

/// Where the server is.
export const address = process.argv[2].replace(/\/$/, "");

/// One of our own articles.
export const article = (name) => readFileSync(new URL(`../../corpora/${name}`, import.meta.url), "utf8");

/// The checker of accessibility, to be run in the page.
export const axe = () => readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const browser = await chromium.launch({
  executablePath: process.env.DHAKIRA_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"],
});

/// The page in a language and a theme. What it writes to the console as an error fails the test; so does an exception.
/// `tolerated` tells of which statuses of the server the browser may complain.
export async function open({ language = "en", theme = "light", tolerated = [], viewport = { width: 1280, height: 860 } } = {}) {
  const context = await browser.newContext({ viewport, permissions: ["clipboard-read", "clipboard-write"], acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on("pageerror", (error) => fail(error));
  page.on("console", (message) => {
    const words = message.text();
    if (message.type() === "error" && !tolerated.some((status) => words.includes(`status of ${status}`))) fail(new Error(words));
  });
  await page.addInitScript(([language, theme]) => {
    if (!localStorage.getItem("dhakira.language")) localStorage.setItem("dhakira.language", language);
    if (theme && !localStorage.getItem("dhakira.theme")) localStorage.setItem("dhakira.theme", theme);
  }, [language, theme]);
  await page.goto(`${address}/`);
  return page;
}

/// A view of the page, by its tab.
export const view = (page, name) => page.click(`#tab-${name}`);

/// The texts of an article pair, sent in and aligned.
export async function align(page, name, ar, en) {
  await view(page, "review");
  await page.fill("#article-ar", ar);
  await page.fill("#article-en", en);
  await page.fill("#pair-name", name);
  await page.click("#align");
  await page.waitForSelector(".bead.now");
}

/// What the server says as JSON.
export async function ask(path, options = {}) {
  const answer = await fetch(address + path, options);
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

function fail(error) {
  console.error(error);
  process.exit(1);
}

/// Runs tests in their order, each by its name.
export async function run(tests) {
  try {
    for (const [name, test] of Object.entries(tests)) {
      await test();
      console.log(`ok: ${name}`);
    }
  } finally {
    await browser.close();
  }
}
