//! Promises of what takes text: sentences, keys, scores, differences, links.

use dhakira::Lang;
use dhakira::align::{LogLinear, align};
use dhakira::matching::{Candidate, Gram, Op, Query, Score, diff, form_cost};
use dhakira::segment::{Document, Rules, split, split_with};
use dhakira::text::{dates, form_differences, key, key_mapped, name_similarity, number_word_runs, tokens};
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// What every document promises.
pub(crate) fn document(document: &Document) {
    let text = document.text();
    let (mut at, mut paragraph) = (0, 0);
    for (number, segment) in document.segments().iter().enumerate() {
        assert_eq!(segment.span.start, at, "spans tile the text");
        at = segment.span.end;
        let core = &text[segment.core.clone()];
        assert!(!core.is_empty() && core.trim() == core, "core {core:?}");
        assert!(segment.span.start <= segment.core.start && segment.core.end <= segment.span.end);
        let before = &text[segment.span.start..segment.core.start];
        assert!(number == 0 || before.trim().is_empty(), "before the core {before:?}");
        assert!(segment.paragraph == paragraph || segment.paragraph == paragraph + 1);
        paragraph = segment.paragraph;
    }
    assert!(document.is_empty() || at == text.len(), "spans tile the text");
}

/// Any text, split by any rules.
pub fn segment_split(data: &[u8]) {
    let text = &String::from_utf8_lossy(data);
    let graphemes: BTreeSet<usize> = text.grapheme_indices(true).map(|(at, _)| at).collect();
    for lang in Lang::BOTH {
        for (semicolon, glued_stop) in [(false, false), (true, true)] {
            let mut rules = Rules::default();
            (rules.semicolon, rules.glued_stop) = (semicolon, glued_stop);
            let split = split_with(lang, text, &rules);
            document(&split);
            for segment in split.segments() {
                assert!(graphemes.contains(&segment.span.start), "a boundary inside a grapheme cluster");
            }
        }
        document(&Document::from_lines(lang, text));
    }
}

/// Any text: its key, and what its tokens mean.
pub fn text_key(data: &[u8]) {
    let text = &String::from_utf8_lossy(data);
    let once = key(Lang::Ar, text);
    assert_eq!(key(Lang::En, once.as_str()), once, "a key is its own key");
    let decomposed: String = text.nfd().collect();
    assert_eq!(key(Lang::Ar, &decomposed), once, "composed or not");
    let mapped = key_mapped(Lang::Ar, text);
    assert_eq!(mapped.key(), &once);
    for (at, c) in once.as_str().char_indices() {
        assert!(!text[mapped.original_range(text, at..at + c.len_utf8())].is_empty());
    }
    assert_eq!(form_differences(Lang::Ar, text, text), []);
    let found = tokens(text);
    let mut last = 0;
    for token in &found {
        assert!(last <= token.span.start && &text[token.span.clone()] == token.text && !token.text.is_empty());
        last = token.span.end;
    }
    for lang in Lang::BOTH {
        dates(lang, &found);
        number_word_runs(lang, &found);
    }
    if let [first, .., last] = &found[..] {
        assert!((0.0..=1.0).contains(&name_similarity(first.text, last.text)));
    }
}

/// Two texts, the first line and the rest.
fn two(data: &[u8]) -> (String, String) {
    let text = String::from_utf8_lossy(data);
    let (a, b) = text.split_once('\n').unwrap_or((&text, ""));
    (a.to_owned(), b.to_owned())
}

/// The rules of the score once more, with strsim as the judge.
fn slow_score(lang: Lang, a: &str, b: &str) -> u16 {
    let (ka, kb) = (key(lang, a), key(lang, b));
    if a == b {
        return 10_000;
    }
    if ka == kb && !ka.is_empty() {
        let cost: u16 = form_differences(lang, a, b).into_iter().map(form_cost).sum();
        return 10_000 - cost.min(500);
    }
    let longer = ka.as_str().chars().count().max(kb.as_str().chars().count());
    let trigrams = |key: &str| -> Vec<[char; 3]> {
        let padded: Vec<char> = format!(" {key} ").chars().collect();
        padded.windows(3).map(|w| [w[0], w[1], w[2]]).collect()
    };
    let weigh =
        |grams: &[[char; 3]]| -> usize { grams.iter().map(|g| usize::from(Gram::weight_of(Gram::code_of(*g)))).sum() };
    let (grams, mut rest) = (trigrams(ka.as_str()), trigrams(kb.as_str()));
    let total = weigh(&grams) + weigh(&rest);
    if total == 0 {
        return 0;
    }
    let is_there = |g: &[char; 3]| rest.iter().position(|r| r == g).map(|at| rest.swap_remove(at)).is_some();
    let shared = weigh(&grams.into_iter().filter(is_there).collect::<Vec<_>>());
    let alike = longer - strsim::levenshtein(ka.as_str(), kb.as_str());
    let similarity = (4_000 * alike * total + 6_000 * 2 * shared * longer) / (longer * total);
    (if similarity > 9_000 { 9_000 + (similarity - 9_000) / 2 } else { similarity }) as u16
}

/// The score is the slow one's, the same from both sides, and no cutoff changes it.
pub fn matching_score(data: &[u8]) {
    let (a, b) = two(data);
    for lang in Lang::BOTH {
        let (query, candidate) = (Query::new(lang, &a), Candidate::new(lang, &b));
        let score = query.score(&candidate, Score::ZERO);
        assert_eq!(score.map(Score::hundredths), Some(slow_score(lang, &a, &b)));
        assert_eq!(Query::new(lang, &b).score(&Candidate::new(lang, &a), Score::ZERO), score, "symmetric");
        for cutoff in (0..=10_000).step_by(500).chain([9_499, 9_501, 9_999]).map(Score::from_hundredths) {
            let expected = score.filter(|s| *s >= cutoff);
            assert_eq!(query.score(&candidate, cutoff), expected, "cutoff {cutoff:?}");
            if expected.is_some() && a != b {
                assert!(query.lengths_chars(cutoff).contains(&candidate.length_chars()), "cutoff {cutoff:?}");
            }
        }
    }
}

/// The spans of a difference tile both texts, and say what they are; what is not 100 has a reason.
pub fn matching_diff(data: &[u8]) {
    let (a, b) = two(data);
    for lang in Lang::BOTH {
        let (mut at_a, mut at_b) = (0, 0);
        for span in diff(lang, &a, &b) {
            assert_eq!((span.a.start, span.b.start), (at_a, at_b));
            (at_a, at_b) = (span.a.end, span.b.end);
            let (from, to) = (&a[span.a], &b[span.b]);
            assert!(span.op != Op::Equal || from == to, "{from:?} {to:?}");
        }
        assert_eq!((at_a, at_b), (a.len(), b.len()));
        let (query, candidate) = (Query::new(lang, &a), Candidate::new(lang, &b));
        assert_eq!(query.why(&candidate).is_empty(), a == b);
        query.kind(&candidate);
    }
}

/// Links tile both sides, whatever the texts, and are the same a second time.
pub fn align_small(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (ar, en) = text.split_once("\n=\n").unwrap_or((&text, &text));
    let (ar, en) = (split(Lang::Ar, ar), split(Lang::En, en));
    let alignment = align(&ar, &en, &LogLinear::default());
    let mut at = (0, 0);
    for bead in &alignment.beads {
        assert_eq!((bead.ar.start, bead.en.start), at);
        assert!(bead.ar.len() + bead.en.len() > 0 && (0.0..=1.0).contains(&bead.confidence), "{bead:?}");
        at = (bead.ar.end, bead.en.end);
    }
    assert_eq!(at, (ar.len(), en.len()));
    assert!((0.0..=1.0).contains(&alignment.confidence));
    assert_eq!(align(&ar, &en, &LogLinear::default()), alignment);
}
