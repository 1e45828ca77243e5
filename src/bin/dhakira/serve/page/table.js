// The table of an alignment: beads as rows, Arabic right, English left, all of it by keys or by mouse.

import { SURE, isLonely, isUncertain } from "./beads.js";
import { ask, element, text } from "./element.js";
import { tell } from "./voice.js";
import { say } from "./words.js";

/// What can be done: key, words, and whether it stands in the bar.
const DEEDS = [
  ["a", "accept"], ["x", "reject"], ["s", "split"], ["m", "merge"], ["[", "up"], ["]", "down"], ["u", "next-uncertain"], ["z", "undo"], ["y", "redo"],
];

/// A button that shows its key.
const keyed = (words, key, onclick, attributes = {}) =>
  element("button", { type: "button", onclick, "aria-keyshortcuts": key, ...attributes }, element("span", { say: words }), element("kbd", { "aria-hidden": "true" }, key));

export class Table {
  /// `told.changed` is called after each change, `told.save` when she wants to save.
  constructor(article, beads, told) {
    Object.assign(this, { article, beads, told, at: 0, side: "ar", byConfidence: false, rows: new Map() });
    this.grid = element("div", { class: "beads", role: "grid", "say-label": "beads", onkeydown: (event) => this.key(event), onclick: (event) => this.click(event) });
    this.note = element("span", { class: "note" });
    this.sortButton = keyed("by-confidence", "c", () => this.sort(!this.byConfidence), { "aria-pressed": "false" });
    // A click on the bar leaves the focus on the bead that it is about.
    this.bar = element("div", { class: "bar row", role: "toolbar", "say-label": "deeds", onmousedown: (event) => event.target.closest("button") && event.preventDefault() },
      DEEDS.map(([key, words]) => keyed(words, key, () => this.do(words), { "data-do": words, "say-title": `${words}-why` })), this.sortButton, keyed("help", "?", () => this.help()));
  }

  /// Shows the beads as they are now. Rows of beads that stayed are kept; `anew` makes all of them again.
  render(anew = false) {
    if (anew) this.rows.clear();
    const sides = document.documentElement.dir === "rtl" ? ["ar", "en"] : ["en", "ar"];
    this.order = this.beads.order(this.byConfidence);
    const rows = new Map();
    const shown = this.order.map((at) => {
      const bead = this.beads.all[at];
      const row = this.rows.get(bead) ?? this.row(bead, sides);
      rows.set(bead, row);
      row.firstChild.firstChild.textContent = at + 1;
      row.ariaRowIndex = at + 2;
      return row;
    });
    this.rows = rows;
    if (!this.head || anew) {
      const column = (words, side) => element("span", { role: "columnheader", say: words, class: side });
      this.head = element("div", { role: "row", class: "bead titles" }, column("confidence"), sides.map((side) => column(side === "ar" ? "arabic" : "english", side)));
    }
    const wanted = [this.head, ...shown];
    // Only what is not in its place is moved.
    let node = this.grid.firstChild;
    for (const row of wanted) {
      if (row === node) node = node.nextSibling;
      else this.grid.insertBefore(row, node);
    }
    while (node) {
      const next = node.nextSibling;
      node.remove();
      node = next;
    }
    this.grid.ariaRowCount = wanted.length;
    this.mark();
  }

  row(bead, sides) {
    const cell = (side) => {
      const [first, end] = bead[side];
      const sentences = this.article[side].slice(first, end).map((sentence) => text("p", side, sentence));
      return element("div", { role: "gridcell", tabindex: -1, "data-side": side, class: `side ${side}` }, sentences.length ? sentences : element("p", { class: "nothing", say: "no-counterpart" }));
    };
    // Of what a person accepted she is sure.
    const percent = bead.state === "accepted" ? 100 : Math.round(bead.confidence * 100);
    const bar = element("span", { class: "fill" });
    bar.style.inlineSize = `${percent}%`;
    const state = bead.state !== "open" ? `is-${bead.state}` : isLonely(bead) ? "is-lonely" : bead.changed ? "is-changed" : null;
    const level = bead.state === "accepted" ? "full" : bead.confidence >= SURE ? "high" : bead.confidence >= 0.5 ? "middle" : "low";
    return element("div", { role: "row", class: `bead ${bead.state} ${isLonely(bead) ? "lonely" : ""} ${isUncertain(bead) ? "uncertain" : ""}` },
      element("div", { role: "rowheader", class: "sure" }, element("span", { class: "number" }),
        element("span", { class: "percent" }, `${percent}\u00A0%`), element("span", { class: `meter ${level}`, "aria-hidden": "true" }, bar),
        state && element("span", { class: "state", say: state })),
      sides.map(cell));
  }

  cell(at = this.at) {
    return this.rows.get(this.beads.all[at])?.querySelector(`[data-side=${this.side}]`);
  }

  /// Marks the bead that keys are about; its cell is the one place where the table is entered.
  mark() {
    for (const old of this.grid.querySelectorAll(".now")) old.classList.remove("now");
    for (const old of this.grid.querySelectorAll("[tabindex='0']")) old.tabIndex = -1;
    const cell = this.cell();
    if (!cell) return;
    cell.tabIndex = 0;
    cell.parentNode.classList.add("now");
  }

  focus() {
    const cell = this.cell();
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: "nearest" });
  }

  go(at) {
    this.at = at;
    this.mark();
    this.focus();
  }

  click(event) {
    const cell = event.target.closest("[role=gridcell], [role=rowheader]");
    if (!cell) return;
    const at = this.beads.all.findIndex((bead) => this.rows.get(bead) === cell.parentNode);
    this.side = cell.dataset.side ?? this.side;
    if (getSelection().isCollapsed) this.go(at);
  }

  key(event) {
    if (event.altKey || (event.shiftKey && event.key.length > 1)) return;
    if (event.ctrlKey || event.metaKey) {
      const deed = { s: () => this.told.save(), z: () => this.do("undo"), y: () => this.do("redo"), Home: () => this.go(this.order[0]), End: () => this.go(this.order.at(-1)) }[event.key];
      if (deed) {
        event.preventDefault();
        deed();
      }
      return;
    }
    const place = this.order.indexOf(this.at);
    const step = (by) => this.go(this.order[Math.max(0, Math.min(this.order.length - 1, place + by))]);
    const turn = (side) => {
      this.side = side;
      this.go(this.at);
    };
    // Arabic stands right in either language of the page.
    const moves = { ArrowDown: () => step(1), ArrowUp: () => step(-1), PageDown: () => step(10), PageUp: () => step(-10), Home: () => step(-this.order.length), End: () => step(this.order.length), ArrowRight: () => turn("ar"), ArrowLeft: () => turn("en"), c: () => this.sort(!this.byConfidence), "?": () => this.help() };
    // By the letter's place on the keyboard as well: an Arabic layout has no letters `a` or `s`.
    const places = { KeyA: "a", KeyX: "x", KeyS: "s", KeyM: "m", BracketLeft: "[", BracketRight: "]", KeyU: "u", KeyZ: "z", KeyY: "y", KeyC: "c" };
    const isLatin = /^[\x20-\x7e]$/.test(event.key);
    const key = event.key.length > 1 || isLatin ? event.key : event.key === "؟" ? "?" : (places[event.code] ?? "");
    const deed = DEEDS.find(([letter]) => letter === key.toLowerCase())?.[1];
    const move = moves[key.length > 1 ? key : key.toLowerCase()];
    if (!deed && !move) return;
    event.preventDefault();
    if (deed) this.do(deed);
    else move();
  }

  /// Does something with the current bead, says what became of it, and goes where one would go next.
  do(deed) {
    const { beads, at, side } = this;
    if (deed === "next-uncertain") {
      this.uncertain();
      return;
    }
    const done = { accept: () => beads.accept(at), reject: () => beads.reject(at), split: () => beads.split(at), merge: () => beads.merge(at), up: () => beads.up(at, side), down: () => beads.down(at, side), undo: () => beads.undo(), redo: () => beads.redo() }[deed]();
    if (done === null) {
      this.say([`${deed}-not`]);
      return;
    }
    this.render();
    this.told.changed();
    const onward = deed === "accept" || (deed === "reject" && beads.all[done].state === "rejected");
    const next = this.order[this.order.indexOf(done) + 1] ?? done;
    this.go(onward ? next : done);
    this.say([deed === "reject" && !onward ? "reject-back" : `${deed}-done`, done + 1]);
  }

  /// Goes to the next bead that wants an eye.
  uncertain() {
    const from = isUncertain(this.beads.all[this.at]) && !this.grid.contains(document.activeElement) ? this.at : null;
    const next = from ?? this.beads.uncertain(this.at, this.order);
    if (next === null) {
      this.say(["no-uncertain"]);
      return;
    }
    this.go(next);
    const { confidence } = this.beads.all[next];
    this.say(["at-uncertain", next + 1, Math.round(confidence * 100)]);
  }

  sort(byConfidence) {
    this.byConfidence = byConfidence;
    this.sortButton.ariaPressed = byConfidence;
    this.render();
    this.go(byConfidence ? this.order[0] : this.at);
    this.say([byConfidence ? "sorted-confidence" : "sorted-text"]);
  }

  /// Beside the counts for eyes, in the live region for ears.
  say(words) {
    this.note.replaceChildren(element("span", { say: words }));
    tell(say(...words));
  }

  /// All keys.
  async help() {
    const keys = [["↑ ↓", "key-move"], ["→ ←", "key-side"], ["Home End", "key-ends"], ...DEEDS.map(([key, words]) => [key, `${words}-why`]), ["c", "key-sort"], ["Ctrl S", "key-save"], ["?", "key-help"]];
    const shown = element("dl", { class: "keys" }, keys.map(([key, words]) => element("div", {}, element("dt", {}, element("kbd", { dir: "ltr" }, key)), element("dd", { say: words }))));
    await ask("keys", shown, [["", "close", "main"]]);
    this.focus();
  }
}
