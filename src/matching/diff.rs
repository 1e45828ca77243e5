//! A diff for eyes: two sentences as spans that are equal, differ in form, or were changed, in whole words.
//!
//! Arabic letters join, and two of them may be one shape; half a word in colour would tear the shape. So a span ends where
//! a word ends (UAX #29) and a grapheme cluster too, and a changed word is changed as a whole, in both languages.
//!
//! Spans are byte ranges: whoever shows them, in a terminal or a page, escapes what is between and chooses four styles, for
//! insertion, deletion, replacement and a difference in form. A source in its own direction stays as it is under colours;
//! what is inserted into it comes from another text and belongs into a directional isolate of its own (UAX #9).

use crate::lang::Lang;
use crate::text::key;
use std::ops::Range;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// What happened to a span, told as the way from the memory's source to the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// The same as written.
    Equal,
    /// The same but for its form: the keys are equal.
    Form,
    /// In the query only.
    Insert,
    /// In the source only.
    Delete,
    /// The source's words were replaced by the query's.
    Replace,
}

impl Op {
    /// The stable name: `equal`, `form`, `insert`, `delete` or `replace`.
    pub fn name(self) -> &'static str {
        match self {
            Op::Equal => "equal",
            Op::Form => "form",
            Op::Insert => "insert",
            Op::Delete => "delete",
            Op::Replace => "replace",
        }
    }
}

/// A part of both texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// What happened to it.
    pub op: Op,
    /// Its bytes in the query.
    pub a: Range<usize>,
    /// Its bytes in the source.
    pub b: Range<usize>,
}

/// Compares a query with a source word by word. The spans tile both texts in order; none is empty on both sides, no two
/// changes stand side by side.
///
/// Words are aligned so that the letters in words that both have are the most (a longest common subsequence with weights,
/// Wagner and Fischer 1974), what differs in form counting a little less than what is equal; texts of which more than two
/// thousand words differ on each side are one change between their common start and end.
///
/// ```
/// use dhakira::matching::{diff, Op};
/// use dhakira::Lang;
/// let (query, source) = ("غادر الوزير القاهرة أمس", "غادر السفير القاهره أمس");
/// let shown: Vec<(Op, &str, &str)> =
///     diff(Lang::Ar, query, source).into_iter().map(|s| (s.op, &query[s.a], &source[s.b])).collect();
/// assert_eq!(shown, [
///     (Op::Equal, "غادر ", "غادر "),
///     (Op::Replace, "الوزير", "السفير"),
///     (Op::Equal, " ", " "),
///     (Op::Form, "القاهرة", "القاهره"),
///     (Op::Equal, " أمس", " أمس"),
/// ]);
/// ```
pub fn diff(lang: Lang, query: &str, source: &str) -> Vec<Span> {
    let (a, b) = (Tokens::new(lang, query), Tokens::new(lang, source));
    let pairs = align(&a, &b);
    let changed = |pair: Option<&Pair>| matches!(pair, Some(Pair::Left(_) | Pair::Right(_)));
    let mut spans: Vec<Span> = Vec::new();
    for (at, pair) in pairs.iter().enumerate() {
        let (op, range_a, range_b) = match *pair {
            Pair::Left(i) => (Op::Insert, Some(a.range(i)), None),
            Pair::Right(j) => (Op::Delete, None, Some(b.range(j))),
            // A space between two changes belongs to them: "one two" became "three four" as a whole.
            Pair::Both(i, j) if a.is_space(i) && at > 0 && changed(pairs.get(at - 1)) && changed(pairs.get(at + 1)) => {
                (Op::Replace, Some(a.range(i)), Some(b.range(j)))
            }
            Pair::Both(i, j) => {
                let op = if a.text(i) == b.text(j) { Op::Equal } else { Op::Form };
                (op, Some(a.range(i)), Some(b.range(j)))
            }
        };
        let (from_a, from_b) = spans.last().map_or((0, 0), |s| (s.a.end, s.b.end));
        push(&mut spans, Span { op, a: range_a.unwrap_or(from_a..from_a), b: range_b.unwrap_or(from_b..from_b) });
    }
    let mut tidy = Vec::with_capacity(spans.len());
    for span in spans {
        for part in without_shared_space(query, source, span) {
            push(&mut tidy, part);
        }
    }
    tidy
}

/// Adds a span behind the others: equal ones in a row are one, and so are changes.
fn push(spans: &mut Vec<Span>, next: Span) {
    match spans.last_mut() {
        _ if next.a.is_empty() && next.b.is_empty() => {}
        Some(last) if last.op == next.op => (last.a.end, last.b.end) = (next.a.end, next.b.end),
        Some(last) if is_change(last.op) && is_change(next.op) => {
            *last = Span { op: Op::Replace, a: last.a.start..next.a.end, b: last.b.start..next.b.end };
        }
        _ => spans.push(next),
    }
}

/// A replacement less the white space that both sides begin or end with; other spans as they are.
fn without_shared_space(query: &str, source: &str, span: Span) -> [Span; 3] {
    let empty = |a: usize, b: usize| Span { op: Op::Equal, a: a..a, b: b..b };
    let Span {
        op: Op::Replace,
        a: Range { start: mut start_a, end: mut end_a },
        b: Range { start: mut start_b, end: mut end_b },
    } = span.clone()
    else {
        let (before, after) = (empty(span.a.start, span.b.start), empty(span.a.end, span.b.end));
        return [before, span, after];
    };
    let (new, old) = (&query[span.a.clone()], &source[span.b.clone()]);
    let borders = |at_a: usize, at_b: usize| is_cluster_border(query, at_a) && is_cluster_border(source, at_b);
    let (before_new, before_old) = (new.len() - new.trim_start().len(), old.len() - old.trim_start().len());
    if new[..before_new] == old[..before_old] && borders(start_a + before_new, start_b + before_old) {
        (start_a, start_b) = (start_a + before_new, start_b + before_old);
    }
    let (new, old) = (&query[start_a..end_a], &source[start_b..end_b]);
    let (after_new, after_old) = (new.trim_end().len(), old.trim_end().len());
    if new[after_new..] == old[after_old..] && borders(start_a + after_new, start_b + after_old) {
        (end_a, end_b) = (start_a + after_new, start_b + after_old);
    }
    let op = match (start_a == end_a, start_b == end_b) {
        (true, _) => Op::Delete,
        (_, true) => Op::Insert,
        _ => Op::Replace,
    };
    [
        Span { op: Op::Equal, a: span.a.start..start_a, b: span.b.start..start_b },
        Span { op, a: start_a..end_a, b: start_b..end_b },
        Span { op: Op::Equal, a: end_a..span.a.end, b: end_b..span.b.end },
    ]
}

fn is_change(op: Op) -> bool {
    matches!(op, Op::Insert | Op::Delete | Op::Replace)
}

/// What stands for an inline code: object replacement character.
pub(super) const CODE: char = '\u{FFFC}';

/// A text's words, spaces and marks, with their keys.
pub(super) struct Tokens<'t> {
    text: &'t str,
    tokens: Vec<(Range<usize>, Box<str>)>,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(lang: Lang, text: &'t str) -> Tokens<'t> {
        let token = |(start, token): (usize, &str)| {
            let key = key(lang, token);
            // Every white space is like every other, and like nothing else.
            // And an inline code like every other.
            let key = match key.as_str() {
                "" if token.contains(char::is_whitespace) => " ",
                "" if token.contains(CODE) => "\u{FFFC}",
                key => key,
            };
            (start..start + token.len(), key.into())
        };
        let mut tokens: Vec<(Range<usize>, Box<str>)> = Vec::new();
        let mut start = 0;
        for (at, word) in text.split_word_bound_indices() {
            let end = at + word.len();
            // A sign like U+0600 is one cluster with the digit behind it, but not one word.
            if is_cluster_border(text, end) {
                tokens.push(token((start, &text[start..end])));
                start = end;
            }
        }
        Tokens { text, tokens }
    }

    fn len(&self) -> usize {
        self.tokens.len()
    }

    fn range(&self, index: usize) -> Range<usize> {
        self.tokens[index].0.clone()
    }

    pub(super) fn text(&self, index: usize) -> &'t str {
        &self.text[self.range(index)]
    }

    pub(super) fn key(&self, index: usize) -> &str {
        &self.tokens[index].1
    }

    fn is_space(&self, index: usize) -> bool {
        self.key(index) == " "
    }

    /// What it is worth that this token finds its like: a space little, a word by its letters.
    fn weight(&self, index: usize) -> u32 {
        match self.key(index) {
            " " => 1,
            key => 2 + 2 * key.chars().take(20).count() as u32,
        }
    }
}

fn is_cluster_border(text: &str, at: usize) -> bool {
    // Characters of every day begin a cluster wherever they stand behind a letter; the cursor is ten times as slow.
    let every_day = |c: char| matches!(c, ' '..='~' | '،' | '؛' | '؟' | 'ء'..='غ' | 'ف'..='ي');
    let before = text[..at].chars().next_back();
    let behind = text[at..].chars().next();
    before.is_some_and(every_day) && behind.is_some_and(every_day)
        || GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0) != Ok(false)
}

/// A step of an alignment of two sequences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pair {
    /// One of the first, alone.
    Left(usize),
    /// One of the second, alone.
    Right(usize),
    /// One of each.
    Both(usize, usize),
}

impl Pair {
    /// The same step in sequences that have `head` more at their beginning.
    fn behind(self, head: usize) -> Pair {
        match self {
            Pair::Left(i) => Pair::Left(head + i),
            Pair::Right(j) => Pair::Right(head + j),
            Pair::Both(i, j) => Pair::Both(head + i, head + j),
        }
    }
}

/// Up to this many cells (16 MiB) the words between the common start and end are aligned; beyond, they are one change.
const MOST_CELLS: usize = 1 << 22;

/// Aligns tokens with equal keys, in order, so that they are worth the most: each its weight, and one more if the texts are
/// equal. What is equal at both ends is in some best alignment: a pair that is worth as much as its tokens can be may take
/// the place of whatever else one of them is paired with.
pub(super) fn align(a: &Tokens<'_>, b: &Tokens<'_>) -> Vec<Pair> {
    let same = |i: usize, j: usize| a.text(i) == b.text(j);
    let shorter = a.len().min(b.len());
    let head = (0..shorter).take_while(|k| same(*k, *k)).count();
    let tail = (0..shorter - head).take_while(|k| same(a.len() - 1 - k, b.len() - 1 - k)).count();
    let (rows, columns) = (a.len() - head - tail, b.len() - head - tail);

    let mut pairs: Vec<Pair> = (0..head).map(|k| Pair::Both(k, k)).collect();
    if rows.saturating_mul(columns) > MOST_CELLS {
        pairs.extend((head..head + rows).map(Pair::Left));
        pairs.extend((head..head + columns).map(Pair::Right));
    } else {
        let steps = heaviest(rows, columns, |i, j| gain(a, b, head + i, head + j));
        pairs.extend(steps.into_iter().map(|step| step.behind(head)));
    }
    pairs.extend((0..tail).rev().map(|k| Pair::Both(a.len() - 1 - k, b.len() - 1 - k)));
    pairs
}

/// What it is worth that two tokens are paired, if they may be.
fn gain(a: &Tokens<'_>, b: &Tokens<'_>, i: usize, j: usize) -> Option<u32> {
    (a.key(i) == b.key(j)).then(|| a.weight(i) + u32::from(a.text(i) == b.text(j)))
}

/// The alignment of two sequences, so many things long, that is worth most: `gain` says what a pair is worth, if it may be one
/// (the longest common subsequence of Wagner and Fischer 1974, weighted). Takes rows × columns steps and numbers.
pub(crate) fn heaviest(rows: usize, columns: usize, gain: impl Fn(usize, usize) -> Option<u32>) -> Vec<Pair> {
    let width = columns + 1;
    // best[i][j]: the most that things from i and from j on are worth.
    let mut best = vec![0u32; (rows + 1) * width];
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            let skip = best[(i + 1) * width + j].max(best[i * width + j + 1]);
            best[i * width + j] = gain(i, j).map_or(skip, |g| skip.max(g + best[(i + 1) * width + j + 1]));
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::with_capacity(rows + columns);
    while i < rows && j < columns {
        let here = best[i * width + j];
        if gain(i, j).is_some_and(|g| g + best[(i + 1) * width + j + 1] == here) {
            pairs.push(Pair::Both(i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[i * width + j + 1] == here {
            pairs.push(Pair::Right(j));
            j += 1;
        } else {
            pairs.push(Pair::Left(i));
            i += 1;
        }
    }
    pairs.extend((i..rows).map(Pair::Left));
    pairs.extend((j..columns).map(Pair::Right));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `=equal ~query|source~ +query+ -source- [query|source]`
    fn check(query: &str, source: &str, expected: &str) {
        let shown: String = diff(Lang::Ar, query, source)
            .into_iter()
            .map(|Span { op, a, b }| match op {
                Op::Equal => query[a].to_owned(),
                Op::Form => format!("~{}|{}~", &query[a], &source[b]),
                Op::Insert => format!("+{}+", &query[a]),
                Op::Delete => format!("-{}-", &source[b]),
                Op::Replace => format!("[{}|{}]", &query[a], &source[b]),
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn whole_words() {
        check("قرأت الكتاب", "قرأت الكتاب", "قرأت الكتاب");
        check("قرأت كتابًا جديدًا", "قرأت كتابًا", "قرأت كتابًا+ جديدًا+");
        check("قرأت الكتاب", "قرأت هذا الكتاب", "قرأت -هذا -الكتاب");
        check("قرأت الكتب", "قرأت الكتاب", "قرأت [الكتب|الكتاب]");
        check("أن x", "ان أن x", "-ان -أن x");
        check("رحلة ١٨١ غدا", "رحلة 181 غداً", "رحلة ~١٨١|181~ ~غدا|غداً~");
        check("one two", "three four", "[one two|three four]");
        check("عاد زيد أمس سعيدًا", "عاد عمرو سعيدًا", "عاد [زيد أمس|عمرو] سعيدًا");
        check("a b c d", "a x y d", "a [b c|x y] d");
        check("", "نعم", "-نعم-");
        check("", "", "");
        check("نعم\u{FFFC}", "نعم", "نعم+\u{FFFC}+");
    }

    #[test]
    fn too_much_to_align_is_one_change() {
        let (a, b) = ("ا ب ".repeat(3_000), "ج د ".repeat(3_000));
        let spans = diff(Lang::Ar, &a, &b);
        assert_eq!(spans.len(), 2, "the change, and the space at the end");
    }

    /// Small words in several forms, marks, spaces, clusters of more than one character, what is no word.
    fn text() -> impl Strategy<Value = String> {
        "([ابت][\u{064E}\u{0640}]?[ابت]?|[ .،]|\u{FFFC}|1١|[aA]|e\u{0301}|\u{0600}1|\u{200D}|\u{1F469}\u{200D}\u{1F52C}|\r\n){0,14}"
    }

    /// The most that any alignment of the tokens from these on is worth: all are tried.
    fn slow_worth(a: &Tokens<'_>, b: &Tokens<'_>, i: usize, j: usize) -> u32 {
        if i == a.len() || j == b.len() {
            return 0;
        }
        let skip = slow_worth(a, b, i + 1, j).max(slow_worth(a, b, i, j + 1));
        gain(a, b, i, j).map_or(skip, |gain| skip.max(gain + slow_worth(a, b, i + 1, j + 1)))
    }

    proptest! {
        #[test]
        fn spans_tile_both_texts_in_whole_words(a in text(), b in text()) {
            let borders = |text: &str| -> Vec<usize> {
                let words: Vec<usize> = text.split_word_bound_indices().map(|(at, _)| at).chain([text.len()]).collect();
                text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).filter(|at| words.contains(at)).collect()
            };
            let (borders_a, borders_b) = (borders(&a), borders(&b));
            let is_change = |op: Op| !matches!(op, Op::Equal | Op::Form);
            let (mut at_a, mut at_b) = (0, 0);
            let mut last = None;
            for span in diff(Lang::Ar, &a, &b) {
                prop_assert_eq!((span.a.start, span.b.start), (at_a, at_b));
                prop_assert!(!span.a.is_empty() || !span.b.is_empty());
                prop_assert!(borders_a.contains(&span.a.end) && borders_b.contains(&span.b.end));
                prop_assert!(last != Some(span.op) && !(last.is_some_and(is_change) && is_change(span.op)));
                match span.op {
                    Op::Equal => prop_assert_eq!(&a[span.a.clone()], &b[span.b.clone()]),
                    Op::Form => prop_assert_ne!(&a[span.a.clone()], &b[span.b.clone()]),
                    Op::Insert => prop_assert!(span.b.is_empty()),
                    Op::Delete => prop_assert!(span.a.is_empty()),
                    Op::Replace => prop_assert!(!span.a.is_empty() && !span.b.is_empty()),
                }
                (at_a, at_b, last) = (span.a.end, span.b.end, Some(span.op));
            }
            prop_assert_eq!((at_a, at_b), (a.len(), b.len()));
        }

        #[test]
        fn no_alignment_is_worth_more(a in "([اأ][\u{064E}]?|[ ب]){0,7}", b in "([اأ][\u{064E}]?|[ ب]){0,7}") {
            let (a, b) = (Tokens::new(Lang::Ar, &a), Tokens::new(Lang::Ar, &b));
            let worth = |pair: Pair| if let Pair::Both(i, j) = pair { gain(&a, &b, i, j).unwrap() } else { 0 };
            let fast: u32 = align(&a, &b).into_iter().map(worth).sum();
            prop_assert_eq!(fast, slow_worth(&a, &b, 0, 0));
        }
    }
}
