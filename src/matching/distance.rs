//! The Levenshtein distance between a prepared pattern and many texts, bit-parallel, with a limit.
//!
//! Myers 1999 (J. ACM 46:3) in Hyyrö's form (2003, "A bit-vector algorithm for computing Levenshtein and Damerau edit
//! distances"): a column of the matrix is kept as two bit vectors of vertical differences, 64 rows a word. Patterns longer
//! than 64 characters take several words; of these only such are computed as cells with a path of at most `limit` can
//! lie in (Ukkonen's band). One word a column: O(n); else O(n · limit / 64).

/// Characters below this have their class in a table; it holds Latin, Arabic and everything of two bytes in UTF-8.
const TABLE: usize = 0x800;
/// The masks of a long pattern are kept for each class and word up to this many words (8 MiB); beyond, positions are.
const DENSE_WORDS: usize = 1 << 20;
/// A band of twice so many edits is a few words: there is no use in a narrower one.
const NARROW: usize = 64;

/// A pattern, prepared for many comparisons.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    /// Length in characters.
    length: usize,
    /// Class of each character below [`TABLE`]; 0 is "not in the pattern".
    table: Box<[u16]>,
    /// Classes of the others, sorted by character.
    others: Vec<(char, u32)>,
    masks: Masks,
}

#[derive(Debug, Clone)]
enum Masks {
    /// For each class, for each word, the rows where it stands.
    Dense(Vec<u64>),
    /// For each class, its rows in order: for patterns of many words and many different characters.
    Sparse(Vec<Vec<u32>>),
}

impl Pattern {
    pub(super) fn new(pattern: &str) -> Pattern {
        Pattern::with_room(pattern, DENSE_WORDS)
    }

    fn with_room(pattern: &str, dense_words: usize) -> Pattern {
        let mut distinct: Vec<char> = pattern.chars().collect();
        let length = distinct.len();
        distinct.sort_unstable();
        distinct.dedup();
        let mut table = vec![0u16; TABLE].into_boxed_slice();
        let mut others = Vec::new();
        for (class, c) in (1u32..).zip(&distinct) {
            match table.get_mut(*c as usize) {
                // Sorted, so that the table's characters have the first classes: no more than its length.
                Some(slot) => *slot = class as u16,
                None => others.push((*c, class)),
            }
        }
        let mut built = Pattern { length, table, others, masks: Masks::Dense(Vec::new()) };
        let words = built.words();
        let classes = distinct.len() + 1;
        built.masks = if classes.saturating_mul(words) <= dense_words.max(classes) {
            let mut masks = vec![0u64; classes * words];
            for (row, c) in pattern.chars().enumerate() {
                masks[built.class(c) * words + row / 64] |= 1 << (row % 64);
            }
            Masks::Dense(masks)
        } else {
            let mut rows = vec![Vec::new(); classes];
            for (row, c) in pattern.chars().enumerate() {
                // A key of four billion characters would need 4 GB of text in one segment.
                rows[built.class(c)].push(u32::try_from(row).unwrap_or(u32::MAX));
            }
            Masks::Sparse(rows)
        };
        built
    }

    /// Length in characters.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    fn words(&self) -> usize {
        self.length.div_ceil(64)
    }

    #[inline]
    fn class(&self, c: char) -> usize {
        match self.table.get(c as usize) {
            Some(class) => usize::from(*class),
            None => self.others.binary_search_by_key(&c, |(o, _)| *o).map_or(0, |at| self.others[at].1 as usize),
        }
    }

    /// The distance to `text`, which has `n` characters, if it is at most `limit`.
    pub(super) fn distance(&self, text: &str, n: usize, limit: usize) -> Option<usize> {
        let m = self.length;
        if m.abs_diff(n) > limit {
            return None;
        }
        match (m, &self.masks) {
            (0, _) => Some(n),
            (..=64, Masks::Dense(masks)) => self.one_word(masks, text, n, limit),
            _ => {
                // The band is as wide as the limit. Long keys that are alike are far nearer than that, so a narrow one is
                // tried first, then wider ones (Ukkonen 1985): all of them together take a third more than the last.
                let limit = limit.min(m.max(n));
                let mut within = limit.min(2 * m.abs_diff(n).max(NARROW));
                loop {
                    match self.many_words(text, n, within) {
                        None if within < limit => within = limit.min(4 * within),
                        found => return found,
                    }
                }
            }
        }
    }

    fn one_word(&self, masks: &[u64], text: &str, n: usize, limit: usize) -> Option<usize> {
        let mut column = Column::START;
        let last_row = 1u64 << (self.length - 1);
        let mut distance = self.length;
        for (c, left) in text.chars().zip((0..n).rev()) {
            let (up, down) = column.step(masks[self.class(c)], true, false, last_row);
            distance = distance + usize::from(up) - usize::from(down);
            // Each character still to come can take back one.
            if distance > limit + left {
                return None;
            }
        }
        Some(distance)
    }

    fn many_words(&self, text: &str, n: usize, limit: usize) -> Option<usize> {
        let (m, words) = (self.length, self.words());
        // A path through cell (i, j) costs at least |i − j| + |(m − i) − (n − j)|. So with e = i − j it must hold that
        // |e| + |m − n − e| ≤ limit, which is (m − n − limit) / 2 ≤ e ≤ (m − n + limit) / 2.
        // Neither is negative: the lengths differ by no more than the limit.
        let (slack_below, slack_above) = ((limit + n - m) / 2, (limit + m - n) / 2);
        let last_row_of = |word: usize| if word + 1 == words { 1u64 << ((m - 1) % 64) } else { 1 << 63 };
        let rows_of = |word: usize| if word + 1 == words { (m - 1) % 64 + 1 } else { 64 };

        let mut columns = vec![Column::START; words];
        // The distance in the last row of each word.
        let mut bottoms: Vec<usize> = (0..words).map(|w| (64 * (w + 1)).min(m)).collect();
        let mut scratch = vec![0u64; if matches!(self.masks, Masks::Sparse(_)) { words } else { 0 }];
        let mut last = 0;
        for (j, c) in (1..=n).zip(text.chars()) {
            let first = (j.saturating_sub(slack_below).max(1) - 1) / 64;
            let wanted = ((j + slack_above).min(m) - 1) / 64;
            while last < wanted {
                // A word that comes in starts from an upper bound: one more for each row below the word above.
                last += 1;
                columns[last] = Column::START;
                bottoms[last] = bottoms[last - 1] + rows_of(last);
            }
            let class = self.class(c);
            let eq: &[u64] = match &self.masks {
                Masks::Dense(masks) => &masks[class * words..(class + 1) * words],
                Masks::Sparse(rows) => {
                    for row in &rows[class] {
                        scratch[*row as usize / 64] |= 1 << (row % 64);
                    }
                    &scratch
                }
            };
            // Above the band, too, an upper bound: one more with each column (in the matrix's row 0 that is exact).
            let (mut up, mut down) = (true, false);
            for word in first..=last {
                (up, down) = columns[word].step(eq[word], up, down, last_row_of(word));
                bottoms[word] = bottoms[word] + usize::from(up) - usize::from(down);
            }
            if let Masks::Sparse(rows) = &self.masks {
                for row in &rows[class] {
                    scratch[*row as usize / 64] = 0;
                }
            }
            if last + 1 == words && bottoms[last] > limit + (n - j) {
                return None;
            }
        }
        Some(bottoms[words - 1]).filter(|d| *d <= limit)
    }
}

/// 64 rows of a column: where the distance grows by one from row to row, and where it falls.
#[derive(Debug, Clone, Copy)]
struct Column {
    plus: u64,
    minus: u64,
}

impl Column {
    /// The first column: each row one more than the row above.
    const START: Column = Column { plus: !0, minus: 0 };

    /// To the next column. `eq`: the rows whose character is the column's; `up`, `down`: how the row above changed.
    /// Returns how the row `last_row` changed. Names as in Hyyrö 2003: D0, HP, HN, VP (`plus`), VN (`minus`).
    #[inline(always)]
    fn step(&mut self, eq: u64, up: bool, down: bool, last_row: u64) -> (bool, bool) {
        let eq = eq | u64::from(down);
        let d0 = ((eq & self.plus).wrapping_add(self.plus) ^ self.plus) | eq | self.minus;
        let hp = self.minus | !(d0 | self.plus);
        let hn = d0 & self.plus;
        let changed = (hp & last_row != 0, hn & last_row != 0);
        let hp = hp << 1 | u64::from(up);
        let hn = hn << 1 | u64::from(down);
        self.plus = hn | !(d0 | hp);
        self.minus = d0 & hp;
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(pattern: &str, text: &str) {
        let judge = strsim::levenshtein(pattern, text);
        let n = text.chars().count();
        for room in [DENSE_WORDS, 0] {
            let prepared = Pattern::with_room(pattern, room);
            for limit in [0, 1, judge / 2, judge.saturating_sub(1), judge, judge + 1, judge * 2, n + prepared.length()]
            {
                let expected = (judge <= limit).then_some(judge);
                assert_eq!(prepared.distance(text, n, limit), expected, "{pattern:?} {text:?} limit {limit}");
            }
        }
    }

    #[test]
    fn as_strsim_says() {
        check("", "");
        check("", "نعم");
        check("نعم", "");
        check("كتاب", "كتب");
        check("هذا كتاب 😀", "😀 هذه كتب");
        check(&"ا".repeat(64), &"ا".repeat(65));
        check(&"اب".repeat(32), &"با".repeat(33));
        check(&"اب".repeat(100), &"باج".repeat(70));
        check(&"a".repeat(129), &"b".repeat(129));
        check(&format!("{}س", "ا".repeat(300)), &format!("س{}", "ا".repeat(300)));
    }

    #[test]
    fn a_hundred_thousand_characters_within_a_limit() {
        let long = "السلام عليكم ورحمة الله وبركاته ".repeat(3_200);
        let mut other = long.clone();
        other.insert(long.len() / 2, 'و');
        let pattern = Pattern::new(&long);
        assert_eq!(pattern.distance(&other, other.chars().count(), 100), Some(2 - 1));
    }

    proptest! {
        #[test]
        fn short(a in "[ابتكلم ]{0,40}", b in "[ابتكلم ]{0,40}") {
            check(&a, &b);
        }

        #[test]
        fn long(a in "[ابت]{50,300}", b in "[ابت]{0,300}") {
            check(&a, &b);
        }

        #[test]
        fn long_and_near(a in "[اب\u{064E}تث 漢字]{60,260}", edits in proptest::collection::vec((0usize..260, 0u8..3, "[ابج字]"), 0..25)) {
            let mut b: Vec<char> = a.chars().collect();
            for (at, kind, c) in edits {
                let at = at % (b.len() + 1);
                match kind {
                    0 => b.insert(at, c.chars().next().unwrap()),
                    1 if at < b.len() => { b.remove(at); }
                    _ if at < b.len() => b[at] = c.chars().next().unwrap(),
                    _ => {}
                }
            }
            check(&a, &b.into_iter().collect::<String>());
        }
    }
}
