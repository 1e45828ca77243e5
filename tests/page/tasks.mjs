// What a translator does with the page, from the first letter to the exported file.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { align, article, ask, open, run, view } from "./browser.mjs";

const json = (value) => ({ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(value) });

/// A text as eyes see it, without what is only for ears.
const seen = (locator) => locator.evaluate((node) => {
  const copy = node.cloneNode(true);
  copy.querySelectorAll(".sr").forEach((aside) => aside.remove());
  return copy.textContent;
});

await run({
  async "search as you type, and copy by key"() {
    const page = await open();
    await page.fill("#source", "وحضر الحفل رئيس الهيئة المهندس حازم الدمنهوري وعدد من نواب المحافظة. وتقدر كلفة المشروع بنحو 3.6 مليار جنيه.");
    await page.waitForSelector(".match");
    assert.equal(await page.getAttribute("#source", "dir"), "rtl");
    const stored = page.locator(".match .stored").first();
    assert.deepEqual([await stored.getAttribute("lang"), await stored.getAttribute("dir")], ["ar", "rtl"]);
    const target = page.locator(".match .target").first();
    assert.deepEqual([await target.getAttribute("lang"), await target.getAttribute("dir")], ["en", "ltr"]);
    assert.match(await page.locator(".match .score").first().textContent(), /\d+(\.\d+)?\s%/);
    assert.ok(await page.locator(".match .reasons li", { hasText: "became" }).count());
    assert.ok((await page.locator(".match ins").count()) > 0 && (await page.locator(".match mark").count()) > 0);
    await page.keyboard.press("Control+1");
    await page.waitForSelector(".match.copied");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await seen(target));
    await page.fill("#source", "There is no sound but the squeak of a reed on paper.");
    await page.waitForFunction(() => document.querySelector("#source").dir === "ltr" && document.querySelector(".match .stored")?.lang === "en");
    await page.close();
  },

  async "a repaired translation is shown and copied, and by one key the stored one"() {
    const page = await open();
    const clipboard = async () => {
      await page.keyboard.press("Control+1");
      await page.waitForSelector(".match.copied");
      return page.evaluate(() => navigator.clipboard.readText());
    };
    await page.fill("#source", "وأوضح أن في الميناء ٣٢٠ قاربا مسجلا تعيل أكثر من ألف أسرة.");
    await page.waitForSelector(".match .repaired ins");
    assert.match(await page.locator(".match .repair").first().textContent(), /repaired.*99.*number.*320.*312/s);
    assert.match(await page.locator(".match .repaired .sr").first().textContent(), /312/);
    assert.match(await clipboard(), /the port has 320 registered boats/);
    // Beside it what its terms are in the other language.
    assert.deepEqual(await page.locator(".terms dt .text").allTextContents(), ["ميناء", "قارب"]);
    assert.deepEqual(await page.locator(".terms dd .text").allTextContents(), ["port", "boat"]);
    await page.keyboard.press("Alt+r");
    assert.equal(await page.locator(".match .repaired").count(), 0);
    await page.waitForFunction(() => !document.querySelector(".match.copied"));
    assert.match(await clipboard(), /the port has 312 registered boats/);
    await page.reload();
    await page.fill("#source", "وأوضح أن في الميناء ٣٢٠ قاربا مسجلا تعيل أكثر من ألف أسرة.");
    await page.waitForSelector(".match");
    assert.equal(await page.locator(".match .repaired").count(), 0, "it is remembered");
    await page.close();
  },

  async "of a sentence that is like no other the known parts are shown"() {
    const page = await open();
    await page.fill("#source", "زرت المدينة القديمة التي تعيل أكثر من ألف أسرة كل عام");
    await page.waitForSelector(".terms .parts dd");
    const part = page.locator(".terms .parts dt .text", { hasText: "أسرة" }).first();
    assert.deepEqual([await part.getAttribute("lang"), await part.getAttribute("dir")], ["ar", "rtl"]);
    assert.match(await page.locator(".terms .parts dd").allTextContents().then((all) => all.join("; ")), /thousand families/);
    await page.fill("#source", "");
    await page.waitForFunction(() => document.querySelector(".terms").hidden);
    await page.close();
  },

  async "no English sentence of the server stands in the Arabic page"() {
    const page = await open({ language: "ar", tolerated: [400] });
    const english = () => page.evaluate(() => {
      const sentence = /[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}/;
      const own = [...document.querySelectorAll("body :not([lang=en], [lang=en] *, script, noscript)")];
      const texts = own.flatMap((node) => [node.title ?? "", ...[...node.childNodes].filter((child) => child.nodeType === 3).map((child) => child.data)]);
      return texts.filter((text) => sentence.test(text));
    });
    await page.fill("#source", "وأوضح أن في الميناء ٣٢٠ قاربا مسجلا تعيل أكثر من ألف أسرة.");
    await page.waitForSelector(".match .repaired");
    assert.deepEqual(await english(), []);
    await view(page, "concordance");
    await page.selectOption("#concordance [name=kind]", "regex");
    await page.fill("#pattern", "(");
    await page.waitForSelector("#trouble .detail");
    assert.equal(await page.textContent("#trouble .detail"), "التعبير النمطي غير صحيح.");
    await page.click("#trouble button");
    await view(page, "files");
    const tmx = `<tmx version="1.4"><header srclang="ar"/><body><tu tuid="bad"><tuv><seg>x</seg></tuv></tu><tu><tuv xml:lang="ar"/></tu><tu><tuv xml:lang="ar"><seg>a<b></seg></tuv></tu><tu/></body></tmx>`;
    await page.setInputFiles("#file-to-import", { name: "broken.tmx", mimeType: "text/xml", buffer: Buffer.from(tmx) });
    await page.click("#import");
    await page.waitForSelector(".job .aside");
    const told = await page.locator(".aside tbody td:last-child").allTextContents();
    assert.ok(told.length === 4 && told.every((reason) => /\p{Script=Arabic}/u.test(reason)), told.join("\n"));
    assert.deepEqual(await english(), []);
    await view(page, "memory");
    await page.waitForSelector(".unit");
    await page.click(".unit:nth-child(2) [data-do=edit]");
    await page.fill(".editor textarea[lang=en]", "Seventeen 17 of them  ");
    await page.waitForSelector(".findings .warning");
    assert.deepEqual(await english(), []);
    await page.click("#language");
    assert.match(await page.locator(".findings .warning").first().textContent(), /Warning .*the .*17/s);
    await page.close();
  },

  async "a unit whose text is markup shows as text"() {
    const ar = "نص <script>alert(1)</script> <img src=x onerror=alert(2)>";
    await ask("/v1/units", json({ ar, en: "A text <script>alert(1)</script>" }));
    const page = await open();
    page.on("dialog", () => assert.fail("a script of the memory ran"));
    await page.fill("#source", ar);
    await page.selectOption("#search select", "ar");
    await page.waitForSelector(".match");
    assert.equal(await page.locator(".match .target").first().textContent(), "A text <script>alert(1)</script>");
    await view(page, "concordance");
    await page.fill("#pattern", "<script>");
    await page.waitForSelector(".kwic .hit");
    assert.equal(await page.locator("main script, main img").count(), 0);
    await page.close();
  },

  async "inline codes are seen, and copied as their file has them"() {
    const side = (lang, press, save, and) => `<tuv xml:lang="${lang}"><seg>${press} <bpt i="1">&lt;b&gt;</bpt>${save}<ept i="1">&lt;/b&gt;</ept> ${and} <ph x="2">%s</ph></seg></tuv>`;
    const tmx = `<?xml version="1.0"?><tmx version="1.4"><header creationtool="t" creationtoolversion="1" segtype="sentence" o-tmf="t" adminlang="en" srclang="ar" datatype="plaintext"/><body><tu tuid="codes">${side("ar", "اضغط", "احفظ", "ثم انتظر")}${side("en", "Press", "Save", "and wait")}</tu></body></tmx>`;
    const { id } = await ask("/v1/imports?name=codes.tmx", { method: "POST", body: tmx });
    for (let tries = 0; (await ask(`/v1/jobs/${id}`)).state !== "done"; tries++) {
      assert.ok(tries < 100, "the import ends");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const page = await open();
    await page.fill("#source", "اضغط احفظ ثم انتظر");
    await page.waitForSelector(".match .target .code");
    assert.deepEqual(await page.locator(".match .target .code").allTextContents(), ["<b>", "</b>", "%s"]);
    await page.keyboard.press("Control+1");
    await page.waitForSelector(".match.copied");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "Press <b>Save</b> and wait %s");
    await page.close();
  },

  async "concordance reads from right to left, and goes on"() {
    const page = await open({ language: "ar" });
    await view(page, "concordance");
    await page.fill("#pattern", "المدينة");
    await page.waitForSelector(".kwic .line");
    assert.equal(await page.getAttribute(".kwic", "dir"), "rtl");
    const boxes = await page.locator(".kwic .line").first().locator("td").evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().x));
    assert.ok(boxes[0] > boxes[1] && boxes[1] > boxes[2], "before stands right of the hit, after left of it");
    assert.equal(await page.locator(".kwic .beside .target").first().getAttribute("lang"), "en");
    await page.fill("#pattern", "ا");
    await page.waitForSelector("#concordance button:text('المزيد')");
    await page.waitForFunction(() => document.querySelectorAll(".kwic tbody").length === 50);
    await page.click("#concordance button:text('المزيد')");
    await page.waitForFunction(() => document.querySelectorAll(".kwic tbody").length > 50);
    await page.close();
  },

  async "each way to look for words can be chosen"() {
    await ask("/v1/units", json({ ar: "قرأتُ وبكتابهم علّقوا", en: "I read, and they commented on their Book" }));
    const page = await open();
    await view(page, "concordance");
    const choose = (name, value) => page.selectOption(`#concordance [name=${name}]`, value);
    const finds = async (pattern, hit) => {
      await page.fill("#pattern", pattern);
      await page.waitForFunction((hit) => [...document.querySelectorAll(".kwic .hit")].some((cell) => cell.textContent.includes(hit)), hit);
    };
    const findsNothing = async (pattern) => {
      await page.fill("#pattern", pattern);
      await page.waitForSelector("#concordance .about:has-text('No occurrences.')");
    };
    await choose("fit", "stem");
    await finds("كتاب", "وبكتابهم");
    await page.check("#concordance [name=verbatim]");
    assert.equal(await page.inputValue("#concordance [name=fit]"), "part", "stems are of folded words");
    await finds("قرأتُ", "قرأتُ");
    await findsNothing("قرات وبكتابهم");
    await page.uncheck("#concordance [name=verbatim]");
    await finds("قرات وبكتابهم", "وبكتابهم");
    await choose("fit", "word");
    await findsNothing("كتابهم علقوا");
    await choose("kind", "wildcard");
    await finds("وبكت*", "وبكتابهم");
    await choose("kind", "regex");
    await finds("وبكت[اأ]بهم", "وبكتابهم");
    await choose("kind", "all-words");
    await finds("علقوا قرات", "علّقوا");
    await choose("kind", "phrase");
    await choose("in", "en");
    await finds("their book", "their Book");
    await choose("in", "ar");
    await findsNothing("their book");
    await page.close();
  },

  async "add, edit, history, delete"() {
    const page = await open();
    await view(page, "memory");
    await page.waitForSelector(".unit");
    await page.click("text=New unit");
    await page.fill("[data-new] textarea[lang=ar]", "دفع الصياد 350 قرشًا.");
    await page.fill("[data-new] textarea[lang=en]", "The fisherman paid 3500 piastres.");
    await page.waitForSelector(".findings .warning");
    await page.fill("[data-new] textarea[lang=en]", "The fisherman paid 350 piastres.");
    await page.waitForSelector(".findings .fine");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector(".unit:first-child [data-do=edit]");
    const first = page.locator(".unit").first();
    await first.locator("[data-do=edit]").click();
    await first.locator("textarea[lang=en]").fill("The fisherman paid 350 piastres in cash.");
    await page.keyboard.press("Control+Enter");
    await first.locator("p", { hasText: "in cash" }).waitFor();
    await first.locator("text=History").click();
    await page.waitForSelector("dialog .version.superseded");
    // What became of it since the version before.
    assert.match(await page.locator("dialog .version.current p[lang=en]").textContent(), /^The fisherman paid 350 piastres.*in cash/);
    assert.match(await page.locator("dialog .version.current p[lang=en] ins").textContent(), /in cash/);
    assert.equal(await page.locator("dialog .version.superseded ins, dialog .version p[lang=ar] :is(ins, del)").count(), 0);
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    await first.locator("text=Delete").click();
    await page.click("dialog button.danger");
    await page.waitForFunction(() => !document.body.textContent.includes("in cash"));
    await page.close();
  },

  async "two editors of one unit"() {
    const { id } = await ask("/v1/units", json({ ar: "رست السفينة عند الفجر", en: "The ship moored at dawn" }));
    const change = async (en) => {
      const { etag } = await ask(`/v1/units/${id}`);
      await ask(`/v1/units/${id}`, { ...json({ ar: "رست السفينة عند الفجر", en }), method: "PUT", headers: { "content-type": "application/json", "if-match": etag } });
    };
    const page = await open({ tolerated: [412] });
    await page.fill("#source", "رست السفينة عند الفجر");
    await page.click(".match .link");
    await page.waitForSelector(".editor");
    await change("The ship berthed at dawn");
    await page.fill(".editor textarea[lang=en]", "The vessel moored at dawn");
    await page.keyboard.press("Control+Enter");
    await page.waitForSelector("dialog .version");
    assert.deepEqual(await page.locator("dialog .version p[lang=en]").allTextContents(), ["The vessel moored at dawn", "The ship berthed at dawn"]);
    const difference = page.locator("dialog .difference");
    assert.deepEqual([await seen(difference.locator("del")), await seen(difference.locator("ins"))], ["ship berthed", "vessel moored"]);
    await page.keyboard.press("Escape");
    assert.equal(await page.inputValue(".editor textarea[lang=en]"), "The vessel moored at dawn", "nothing typed is lost");
    await page.keyboard.press("Control+Enter");
    await page.click("dialog button.main");
    await page.locator(".unit p", { hasText: "The vessel moored at dawn" }).waitFor();
    assert.equal((await ask(`/v1/units/${id}`)).en, "The vessel moored at dawn");
    await page.close();
  },

  async "import with a report, and export"() {
    const page = await open();
    await view(page, "files");
    const tmx = `<?xml version="1.0"?><tmx version="1.4"><header creationtool="t" creationtoolversion="1" segtype="sentence" o-tmf="t" adminlang="en" srclang="ar" datatype="plaintext"/><body>
<tu tuid="good"><tuv xml:lang="ar"><seg>غادر القطار المحطة متأخرًا</seg></tuv><tuv xml:lang="en"><seg>The train left the station late</seg></tuv></tu>
<tu tuid="other"><tuv xml:lang="ar"><seg>نزل الركاب مسرعين</seg></tuv><tuv xml:lang="en"><seg>The passengers got off in a hurry</seg></tuv></tu>
<tu tuid="bad"><tuv><seg>no language</seg></tuv></tu></body></tmx>`;
    await page.setInputFiles("#file-to-import", { name: "train.tmx", mimeType: "text/xml", buffer: Buffer.from(tmx) });
    await page.click("#import");
    await page.waitForSelector(".job .counts");
    assert.match(await page.locator(".job").first().textContent(), /train\.tmx.*Imported\./s);
    const count = (words) => page.locator(".job dt", { hasText: new RegExp(`^${words}$`) }).locator("xpath=../dd").textContent();
    const plain = (text) => text.replace(/[\u2068\u2069]/g, "");
    assert.deepEqual([plain(await count("read")), plain(await count("rejected"))], ["2", "1"]);
    assert.match(await page.locator(".job .aside tbody").textContent(), /bad.*without xml:lang/);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("a.button[href*=tsv]")]);
    assert.match(readFileSync(await download.path(), "utf8"), /غادر القطار المحطة متأخرًا\tThe train left the station late/);
    assert.equal(download.suggestedFilename(), "dhakira.tsv");
    assert.match(await page.locator(".job").first().textContent(), /dhakira\.tsv.*exported\./s);
    await page.fill("#files input[dir=auto]", "no such document");
    await page.click("a.button[href*=csv]");
    await page.waitForSelector(".job:has-text('No such units.')");
    await page.close();
  },

  async "an article pair, reviewed by keyboard alone"() {
    const page = await open();
    await align(page, "harbour review", article("news-harbour.ar.txt"), article("news-harbour.en.txt"));
    const press = (key) => page.keyboard.press(key);
    const count = () => page.locator(".bead:not(.titles)").count();
    const at = () => page.evaluate(() => [...document.querySelectorAll(".bead:not(.titles)")].findIndex((row) => row.contains(document.activeElement)));
    assert.ok((await at()) >= 0, "the focus is on a link at once");
    const all = await count();
    await press("Home");
    assert.equal(await at(), 0);
    await press("a");
    assert.equal(await at(), 1, "after an acceptance the next link");
    await press("x");
    await press("ArrowUp");
    assert.ok(await page.locator(".bead.rejected").count());
    await press("z");
    assert.equal(await page.locator(".bead.rejected").count(), 0);
    await press("m");
    assert.equal(await count(), all - 1);
    await press("s");
    assert.equal(await count(), all);
    await press("z");
    await press("z");
    assert.equal(await count(), all);
    // A sentence of the English side to the next link and back: Arabic is right, English left.
    await press("ArrowLeft");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.side), "en");
    const english = () => page.locator(".bead.now .side.en p.text").allTextContents();
    const before = await english();
    await press("]");
    assert.notDeepEqual(await english(), before);
    await press("z");
    assert.deepEqual(await english(), before);
    await press("c");
    const sure = await page.locator(".bead .percent").allTextContents();
    assert.equal(await page.getAttribute("[aria-pressed]", "aria-pressed"), "true");
    assert.ok(parseFloat(sure[1]) <= parseFloat(sure.at(-1)));
    await press("c");
    await press("u");
    await press("?");
    await page.waitForSelector("dialog .keys");
    await press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    assert.ok((await at()) >= 0, "the focus comes back");
    // An Arabic keyboard has no letter `m`; its place counts.
    await press("Home");
    await page.evaluate(() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "ة", code: "KeyM", bubbles: true })));
    assert.equal(await count(), all - 1);
    await press("z");
    await press("Home");
    for (let link = 0; link < all; link++) await press("a");
    await press("Control+s");
    await page.waitForFunction(() => document.querySelector(".note")?.textContent.includes("harbour-review.tmx"));
    const { units } = await ask("/v1/units?file=harbour-review.tmx&limit=500");
    assert.ok(units.length > 10 && units.length <= all);
    assert.equal(units[0].document, "harbour review");
    await page.close();
  },

  async "a reload in the middle of a review loses nothing"() {
    const page = await open();
    page.on("dialog", (dialog) => dialog.accept());
    await align(page, "lease", article("law-lease.ar.txt"), article("law-lease.en.txt"));
    await page.keyboard.press("Home");
    await page.keyboard.press("a");
    await page.keyboard.press("a");
    await page.reload();
    assert.equal(await page.locator(".bead.accepted").count(), 2);
    await page.close();
  },

  async "two thousand links stay usable"() {
    const page = await open();
    const ar = [];
    const en = [];
    for (let number = 1; number <= 2000; number++) {
      ar.push(`وصلت السفينة رقم ${number} إلى المرسى محمّلة بالقمح.`);
      en.push(`Ship number ${number} reached the quay laden with wheat.`);
    }
    const links = ar.map((_, at) => ({ ar: [at, at + 1], en: [at, at + 1], confidence: at % 7 ? 0.99 : 0.4 }));
    await page.route("**/v1/align", (route) => route.fulfill({ json: { name: "ships", confidence: 1, translation: true, ar, en, links, removed: [] } }));
    await align(page, "ships", "نص", "text");
    assert.equal(await page.locator(".bead:not(.titles)").count(), 2000);
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowUp");
    for (let step = 0; step < 20; step++) await page.keyboard.press(step % 2 ? "z" : "m");
    assert.equal(await page.locator(".bead:not(.titles)").count(), 2000);
    await page.keyboard.press("u");
    assert.ok(await page.locator(".bead.now.uncertain").count());
    await page.close();
  },

  async "a server that is gone, busy or closed is told, and nothing typed is lost"() {
    const page = await open({ tolerated: [503, 401, 400] });
    const source = "قال الصيادون إن البحر هائج";
    await page.route("**/v1/lookup", (route) => route.fulfill({ status: 400, json: { error: { code: "format", message: "told by a test" } } }));
    await page.fill("#source", source);
    await page.waitForSelector("#trouble:has-text('told by a test')");
    assert.equal(await page.inputValue("#source"), source);
    await page.unroute("**/v1/lookup");
    let shown = null;
    await page.route("**/v1/lookup", (route) => {
      shown = route.request().headers().authorization ?? null;
      if (shown === "Bearer 0123456789abcdef") return route.continue();
      return route.fulfill({ status: 401, json: { error: { code: "token", message: "" } } });
    });
    await page.fill("#source", `${source} اليوم`);
    await page.fill("dialog input", "0123456789abcdef");
    await page.keyboard.press("Enter");
    await page.locator("dialog").waitFor({ state: "detached" });
    await page.waitForFunction(() => document.querySelector("#search .about")?.textContent && !document.querySelector("#trouble").textContent);
    assert.equal(shown, "Bearer 0123456789abcdef");
    await page.close();
  },

  async "language and theme are remembered, tabs go by arrows"() {
    const page = await open({ language: "en", theme: "light" });
    await page.click("#language");
    assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), ["ar", "rtl"]);
    await page.selectOption("#theme", "dark");
    await page.focus("#tab-search");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await page.evaluate(() => document.activeElement.id), "tab-concordance");
    await page.reload();
    assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme]), ["ar", "dark"]);
    assert.equal(await page.textContent("#tab-memory"), "الذاكرة");
    await page.close();
  },
});
