// The beads of an alignment under review: what a person may do to them, and undo. Nothing here knows the page.

/// Below this confidence a bead wants a person's eye.
export const SURE = 0.8;

/// A bead: `ar` and `en` are [first, behind the last]; `confidence` is the aligner's, of a changed bead that of the least sure
/// one it came from; `state` is open, accepted or rejected; `changed` tells that a person's hand made it.
const bead = (ar, en, confidence, changed = true, state = "open") => Object.freeze({ ar, en, confidence, changed, state });

const size = ([first, end]) => end - first;
export const isEmpty = ({ ar, en }) => size(ar) + size(en) === 0;
export const isLonely = ({ ar, en }) => !isEmpty({ ar, en }) && (size(ar) === 0 || size(en) === 0);
export const isUncertain = (bead) => bead.state === "open" && (bead.changed || bead.confidence < SURE);

export class Beads {
  /// `links` as the server gives them; or what [`Beads.kept`] gave.
  constructor(links) {
    this.all = links.map(({ ar, en, confidence, changed = false, state = "open" }) => bead(ar, en, confidence, changed, state));
    this.past = [];
    this.future = [];
  }

  /// Puts beads in the place of `count` beads at `at`.
  put(at, count, ...beads) {
    this.past.push([this.all, at]);
    this.future = [];
    this.all = this.all.toSpliced(at, count, ...beads.filter((bead) => !isEmpty(bead)));
    return Math.min(at, this.all.length - 1);
  }

  /// The place of the last change, with the beads as they were before it; null if there was none.
  undo() {
    return this.step(this.past, this.future);
  }

  redo() {
    return this.step(this.future, this.past);
  }

  step(from, to) {
    const step = from.pop();
    if (!step) return null;
    to.push([this.all, step[1]]);
    this.all = step[0];
    return Math.min(step[1], this.all.length - 1);
  }

  accept(at) {
    const { ar, en, confidence, changed } = this.all[at];
    return this.put(at, 1, bead(ar, en, confidence, changed, "accepted"));
  }

  /// Rejects, or takes a rejection back.
  reject(at) {
    const { ar, en, confidence, changed, state } = this.all[at];
    return this.put(at, 1, bead(ar, en, confidence, changed, state === "rejected" ? "open" : "rejected"));
  }

  /// Splits behind the first sentence of each side; a pair of one and one becomes two lonely sentences. Null where there is
  /// nothing to split.
  split(at) {
    const { ar, en, confidence } = this.all[at];
    if (size(ar) + size(en) < 2) return null;
    const pair = size(ar) === 1 && size(en) === 1;
    const cut = ([first, end]) => Math.min(first + 1, end);
    const [a, e] = [cut(ar), pair ? en[0] : cut(en)];
    return this.put(at, 1, bead([ar[0], a], [en[0], e], confidence), bead([a, ar[1]], [e, en[1]], confidence));
  }

  /// Merges with the next one; null at the end.
  merge(at) {
    const [one, next] = [this.all[at], this.all[at + 1]];
    if (!next) return null;
    return this.put(at, 2, bead([one.ar[0], next.ar[1]], [one.en[0], next.en[1]], Math.min(one.confidence, next.confidence)));
  }

  /// Moves the first sentence of a side to the bead before, or to a new one at the beginning; null if the side is empty.
  up(at, side) {
    const one = this.all[at];
    if (size(one[side]) === 0) return null;
    const other = side === "ar" ? "en" : "ar";
    const cut = one[side][0] + 1;
    const rest = this.with(side, [cut, one[side][1]], one[other], one.confidence);
    const before = this.all[at - 1];
    if (!before) {
      if (size(one[side]) + size(one[other]) === 1) return null;
      const first = this.with(side, [one[side][0], cut], [one[other][0], one[other][0]], one.confidence);
      return this.put(at, 1, first, rest) + 1;
    }
    const grown = this.with(side, [before[side][0], cut], before[other], Math.min(one.confidence, before.confidence));
    const place = this.put(at - 1, 2, grown, rest);
    return isEmpty(rest) ? place : place + 1;
  }

  /// Moves the last sentence of a side to the next bead, or to a new one at the end; null if the side is empty.
  down(at, side) {
    const one = this.all[at];
    if (size(one[side]) === 0) return null;
    const other = side === "ar" ? "en" : "ar";
    const cut = one[side][1] - 1;
    const rest = this.with(side, [one[side][0], cut], one[other], one.confidence);
    const next = this.all[at + 1];
    if (!next) {
      if (size(one[side]) + size(one[other]) === 1) return null;
      return this.put(at, 1, rest, this.with(side, [cut, one[side][1]], [one[other][1], one[other][1]], one.confidence));
    }
    return this.put(at, 2, rest, this.with(side, [cut, next[side][1]], next[other], Math.min(one.confidence, next.confidence)));
  }

  with(side, range, other, confidence) {
    return side === "ar" ? bead(range, other, confidence) : bead(other, range, confidence);
  }

  /// The next bead behind `at` that wants an eye, in the order `order` of places; from the beginning again; null if none does.
  uncertain(at, order) {
    const from = order.indexOf(at) + 1;
    return [...order.slice(from), ...order.slice(0, from)].find((place) => isUncertain(this.all[place])) ?? null;
  }

  /// Places in the order of the texts, or the least sure first: that order stays while beads are accepted.
  order(byConfidence) {
    const places = this.all.map((_, at) => at);
    return byConfidence ? places.sort((a, b) => this.all[a].confidence - this.all[b].confidence || a - b) : places;
  }

  /// How many are open and uncertain, accepted, rejected, lonely.
  counts() {
    const count = (test) => this.all.filter(test).length;
    return { uncertain: count(isUncertain), accepted: count(({ state }) => state === "accepted"), rejected: count(({ state }) => state === "rejected"), lonely: count(isLonely) };
  }

  /// What is saved: links with both sides that are not rejected; of an accepted one a person is sure.
  links() {
    const saved = this.all.filter((bead) => bead.state !== "rejected" && !isLonely(bead));
    return saved.map(({ ar, en, confidence, state }) => ({ ar, en, confidence: state === "accepted" ? 1 : confidence }));
  }
}
