// Byte ranges, as the server counts, in strings of JavaScript.

const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];

/// The parts of a string before, in and between these ranges, in their order: every second one is a range.
export function parted(string, ranges) {
  const bytes = encoder.encode(string);
  const edges = [0, ...ranges.flat(), bytes.length];
  return edges.slice(1).map((end, at) => decoder.decode(bytes.slice(edges[at], end)));
}
