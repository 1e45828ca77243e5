// Whatever a person does to beads, they tile both sides in order; and undoing everything leads back. No browser is needed.

import assert from "node:assert/strict";
import { Beads, isEmpty } from "../../src/bin/dhakira/serve/page/beads.js";

/// Numbers that look random and are the same each time (mulberry32).
function numbers(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function tiles(beads, sizes) {
  const at = { ar: 0, en: 0 };
  for (const bead of beads.all) {
    assert.ok(!isEmpty(bead));
    for (const side of ["ar", "en"]) {
      assert.equal(bead[side][0], at[side]);
      assert.ok(bead[side][1] >= at[side]);
      at[side] = bead[side][1];
    }
  }
  assert.deepEqual(at, sizes);
}

for (let seed = 0; seed < 300; seed++) {
  const next = numbers(seed);
  const below = (end) => Math.floor(next() * end);
  const links = [];
  const sizes = { ar: 0, en: 0 };
  for (let count = 1 + below(12); count > 0; count--) {
    const [ar, en] = [[0, 1], [1, 0], [1, 1], [2, 1], [1, 3], [2, 2]][below(6)];
    links.push({ ar: [sizes.ar, sizes.ar + ar], en: [sizes.en, sizes.en + en], confidence: next() });
    sizes.ar += ar;
    sizes.en += en;
  }
  const beads = new Beads(links);
  const before = JSON.stringify(beads.all);
  const states = [];
  for (let step = 0; step < 60; step++) {
    const at = below(beads.all.length);
    const side = next() < 0.5 ? "ar" : "en";
    const deed = ["accept", "reject", "split", "merge", "up", "down"][below(6)];
    const was = JSON.stringify(beads.all);
    const done = beads[deed](at, side);
    if (done === null) assert.equal(JSON.stringify(beads.all), was, `${deed} did nothing`);
    else {
      states.push(was);
      assert.ok(done >= 0 && done < beads.all.length, `${deed} of ${at} leads to ${done}`);
    }
    tiles(beads, sizes);
    for (const link of beads.links()) assert.ok(link.confidence >= 0 && link.confidence <= 1 && link.ar[0] < link.ar[1] && link.en[0] < link.en[1]);
  }
  const last = JSON.stringify(beads.all);
  while (states.length) {
    assert.notEqual(beads.undo(), null);
    assert.equal(JSON.stringify(beads.all), states.pop());
  }
  assert.equal(beads.undo(), null);
  assert.equal(JSON.stringify(beads.all), before);
  while (beads.redo() !== null);
  assert.equal(JSON.stringify(beads.all), last);
}

// One and one becomes two lonely sentences, and merging makes them a pair again.
const pair = new Beads([{ ar: [0, 1], en: [0, 1], confidence: 0.9 }]);
pair.split(0);
assert.deepEqual(pair.all.map(({ ar, en }) => [ar, en]), [[[0, 1], [0, 0]], [[1, 1], [0, 1]]]);
assert.deepEqual(pair.links(), []);
pair.merge(0);
assert.deepEqual(pair.links(), [{ ar: [0, 1], en: [0, 1], confidence: 0.9 }]);
// What a person accepts she is sure of; what she rejects is not saved; a rejection can be taken back.
pair.accept(0);
assert.equal(pair.links()[0].confidence, 1);
pair.reject(0);
assert.deepEqual(pair.links(), []);
pair.reject(0);
assert.equal(pair.links().length, 1);
console.log("ok: beads");
