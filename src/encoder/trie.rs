//! A byte trie over pieces: all pieces that a text begins with, in one walk.
//!
//! The nodes lie in the order of a breadth-first walk, so that the children of a node are neighbours and their labels a
//! slice of bytes. Building is a sort; a step of the walk is one search of at most 256 bytes.

/// Stands for "no piece ends here".
const NONE: u32 = u32::MAX;

/// Pieces by their bytes.
pub(super) struct Trie {
    /// The byte that leads to each node; the root has none and says 0.
    labels: Vec<u8>,
    /// Where the children of each node begin; they end where those of the next one begin.
    children: Vec<u32>,
    /// The piece that ends at each node.
    pieces: Vec<u32>,
}

impl Trie {
    /// The trie of these pieces. Of two that are equal the later one counts; an empty one is never found.
    pub(super) fn new(pieces: &[&[u8]]) -> Trie {
        let mut order: Vec<u32> = (0..pieces.len() as u32).collect();
        order.sort_by_key(|&number| pieces[number as usize]);
        let piece = |at: usize| pieces[order[at] as usize];

        let mut trie = Trie { labels: vec![0], children: Vec::new(), pieces: Vec::new() };
        // The pieces below each node of this depth, as ranges of the sorted order.
        let mut level: Vec<_> = std::iter::once(0..order.len()).collect();
        let mut depth = 0;
        while !level.is_empty() {
            let mut below = Vec::new();
            for mut range in level {
                let mut ends_here = NONE;
                while !range.is_empty() && piece(range.start).len() == depth {
                    ends_here = order[range.start];
                    range.start += 1;
                }
                trie.pieces.push(ends_here);
                trie.children.push(trie.labels.len() as u32);
                while !range.is_empty() {
                    let label = piece(range.start)[depth];
                    let same = (range.clone()).take_while(|&at| piece(at)[depth] == label).count();
                    trie.labels.push(label);
                    below.push(range.start..range.start + same);
                    range.start += same;
                }
            }
            level = below;
            depth += 1;
        }
        trie.children.push(trie.labels.len() as u32);
        trie
    }

    /// The pieces that `text` begins with, shortest first: how many bytes they have and their numbers.
    pub(super) fn prefixes(&self, text: &[u8], mut found: impl FnMut(usize, u32)) {
        let mut node = 0;
        for (depth, &byte) in text.iter().enumerate() {
            let first = self.children[node] as usize;
            let labels = &self.labels[first..self.children[node + 1] as usize];
            let Some(child) = memchr::memchr(byte, labels) else { return };
            node = first + child;
            if self.pieces[node] != NONE {
                found(depth + 1, self.pieces[node]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(pieces: &[&str], text: &str) -> Vec<(usize, u32)> {
        let bytes: Vec<&[u8]> = pieces.iter().map(|p| p.as_bytes()).collect();
        let mut all = Vec::new();
        Trie::new(&bytes).prefixes(text.as_bytes(), |length, number| all.push((length, number)));
        all
    }

    #[test]
    fn all_prefixes_shortest_first() {
        assert_eq!(found(&["كتاب", "ك", "كت", "باب"], "كتابة"), [(2, 1), (4, 2), (8, 0)]);
        assert_eq!(found(&[], "كتاب"), []);
        assert_eq!(found(&["", "ك"], ""), []);
    }

    proptest! {
        #[test]
        fn what_trying_each_piece_finds(pieces in prop::collection::btree_set("[اب\u{064E}a]{1,4}", 0..20), text in "[اب\u{064E}a]{0,8}") {
            let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
            let mut slow: Vec<(usize, u32)> =
                (0..).zip(&pieces).filter(|(_, p)| text.starts_with(**p)).map(|(n, p)| (p.len(), n)).collect();
            slow.sort();
            prop_assert_eq!(found(&pieces, &text), slow);
        }
    }
}
