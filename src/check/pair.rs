//! What is wrong between the two sides of a unit.

use super::code;
use super::finding::{Finding, quoted, side_name};
use super::kind::{Checks, FindingKind};
use super::number;
use super::placeholder::{self, Placeholder, placeholders};
use super::script::{Census, is_arabic_letter, is_invisible};
use crate::lang::Lang;
use crate::text::{Token, TokenKind, key, tokens};
use crate::unit::Seg;

/// One side of a unit, read once.
#[derive(Debug, Clone)]
pub(super) struct Side<'u> {
    pub variant: usize,
    /// The language of its text: that of the tag, unless the tags are swapped.
    pub lang: Lang,
    pub seg: &'u Seg,
    pub text: String,
    pub census: Census,
    pub placeholders: Vec<Placeholder>,
}

/// Letters and words outside placeholders and addresses.
#[derive(Debug, Clone, Copy, Default)]
struct Words {
    arabic_letters: usize,
    latin_letters: usize,
    /// Latin words of three letters or more in small letters: what is no name and no abbreviation.
    small: usize,
    latin: usize,
}

impl<'u> Side<'u> {
    pub(super) fn new(variant: usize, lang: Lang, seg: &'u Seg) -> Side<'u> {
        let text = seg.text();
        let census = Census::of(&text);
        let placeholders = placeholders(&text);
        Side { variant, lang, seg, text, census, placeholders }
    }

    /// Whether there is nothing to read.
    pub(super) fn is_blank(&self) -> bool {
        self.census.visible == 0 && self.census.control == 0
    }

    /// Whether nearly all letters are of the other language's script.
    fn is_in_other_script(&self) -> bool {
        let (own, other) = match self.lang {
            Lang::Ar => (self.census.arabic, self.census.latin),
            Lang::En => (self.census.latin, self.census.arabic),
        };
        other >= 2 && own * 5 <= other
    }

    /// Characters outside addresses.
    fn length(&self) -> usize {
        if !["://", "www.", "@"].iter().any(|sign| self.text.contains(sign)) {
            return self.census.visible;
        }
        let address = |t: &Token<'_>| matches!(t.kind, TokenKind::Url | TokenKind::Email);
        let found = tokens(&self.text);
        let outside: usize = found.iter().filter(|t| address(t)).map(|t| t.text.chars().count()).sum();
        self.census.visible.saturating_sub(outside)
    }

    fn finding(&self, kind: FindingKind, message: String) -> Finding {
        Finding::of_variant(kind, self.variant, Some(self.lang), message)
    }

    fn words(&self) -> Words {
        let masked =
            |t: &Token<'_>| self.placeholders.iter().any(|p| p.range.start < t.span.end && t.span.start < p.range.end);
        let found = tokens(&self.text);
        let mut words = Words::default();
        for (at, token) in found.iter().enumerate().filter(|(_, t)| !masked(t)) {
            match token.kind {
                TokenKind::Word(Lang::Ar) => {
                    words.arabic_letters += token.text.chars().filter(|c| is_arabic_letter(*c)).count();
                }
                TokenKind::Word(Lang::En) => {
                    let letters = token.text.chars().filter(|c| c.is_alphabetic()).count();
                    words.latin_letters += letters;
                    words.latin += 1;
                    // `getName`, `file.txt`, `a_b`, `--all` and `/usr` are code.
                    let glued =
                        |c: char| matches!(c, '_' | '-' | '/' | '\\' | '.' | '=' | '@' | ':') || c.is_ascii_digit();
                    let before = self.text[..token.span.start].chars().next_back().is_some_and(glued);
                    let behind =
                        self.text[token.span.end..].chars().next().is_some_and(|c| glued(c) && c != '.' && c != ':')
                            || found
                                .get(at + 1)
                                .is_some_and(|n| n.span.start == token.span.end + 1 && n.kind == token.kind)
                                && self.text[token.span.end..].starts_with(['.', ':']);
                    let small = letters >= 3 && token.text.chars().all(|c| c.is_lowercase() || !c.is_alphabetic());
                    words.small += usize::from(small && !before && !behind);
                }
                _ => {}
            }
        }
        words
    }
}

/// Whether the texts stand under each other's tag.
pub(super) fn are_swapped(arabic: &[Side<'_>], english: &[Side<'_>]) -> bool {
    !arabic.is_empty() && !english.is_empty() && arabic.iter().chain(english).all(Side::is_in_other_script)
}

/// The findings between an Arabic and an English side, neither of them blank.
pub(super) fn findings(ar: &Side<'_>, en: &Side<'_>, checks: &Checks, found: &mut Vec<Finding>) {
    let same = |side: &Side<'_>| key(side.lang, side.text.trim_matches(|c: char| !c.is_alphanumeric()));
    let copied = same(ar) == same(en);
    if copied {
        untranslated(ar, en, checks, found);
    } else if checks.looks_for(FindingKind::WrongScript) {
        found.extend([ar, en].into_iter().filter_map(wrong_script));
    }
    if checks.looks_for(FindingKind::CodesDiffer)
        && let Some((ar_lacks, en_lacks)) = code::difference(ar.seg, en.seg)
    {
        let message = lacks("inline codes", &ar_lacks, &en_lacks);
        found.push(Finding::of_unit(FindingKind::CodesDiffer, message));
    }
    if copied {
        return;
    }
    if checks.looks_for(FindingKind::PlaceholdersDiffer) && !(ar.placeholders.is_empty() && en.placeholders.is_empty())
    {
        let (ar_lacks, en_lacks) = placeholder::difference((&ar.text, &ar.placeholders), (&en.text, &en.placeholders));
        if !ar_lacks.is_empty() || !en_lacks.is_empty() {
            let message = lacks("placeholders", &ar_lacks, &en_lacks);
            found.push(Finding::of_unit(FindingKind::PlaceholdersDiffer, message));
        }
    }
    if checks.looks_for(FindingKind::NumbersDiffer) {
        numbers(ar, en, found);
    }
    if checks.looks_for(FindingKind::LengthRatio) {
        found.extend(length_ratio(ar, en));
    }
    if checks.looks_for(FindingKind::EndPunctuation) {
        found.extend(end_punctuation(ar, en));
    }
}

/// “the Arabic side lacks …; the English side lacks …”
fn lacks(what: &str, ar: &[String], en: &[String]) -> String {
    let part =
        |lang, list: &[String]| (!list.is_empty()).then(|| format!("{} lacks {}", side_name(lang), list.join(" ")));
    let parts: Vec<String> = [part(Lang::Ar, ar), part(Lang::En, en)].into_iter().flatten().collect();
    format!("{what} differ: {}", parts.join("; "))
}

/// A copy is a finding when it has words that need a translation: Latin words in small letters, at least one of them
/// and two words in all, or Arabic letters under `en`.
fn untranslated(ar: &Side<'_>, en: &Side<'_>, checks: &Checks, found: &mut Vec<Finding>) {
    if !checks.looks_for(FindingKind::Untranslated) {
        return;
    }
    let words = ar.words();
    let copy = match words.arabic_letters {
        0 if words.small >= 2 && words.latin >= 3 && !is_command(&ar.text) => ar,
        0 => return,
        letters if letters >= 3 && letters > words.latin_letters => en,
        _ => return,
    };
    let message = format!("{} is a copy of the other: {}", side_name(copy.lang), quoted(&copy.text));
    found.push(copy.finding(FindingKind::Untranslated, message));
}

/// Whether the text has an option of a command (`--save`, `-x`).
fn is_command(text: &str) -> bool {
    text.split_whitespace()
        .skip(1)
        .any(|w| w.strip_prefix('-').is_some_and(|o| o.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-')))
}

/// The Arabic side needs three Latin words, two of them in small letters, and hardly an Arabic letter; the English one
/// three Arabic letters and hardly a Latin one. Names, code and addresses are written in Latin letters in Arabic too.
fn wrong_script(side: &Side<'_>) -> Option<Finding> {
    let words = side.words();
    let wrong = match side.lang {
        Lang::Ar => words.latin >= 3 && words.small >= 2 && words.arabic_letters * 10 <= words.latin_letters,
        Lang::En => words.arabic_letters >= 3 && words.latin_letters * 5 <= words.arabic_letters,
    };
    let script = match side.lang {
        Lang::Ar => "Latin",
        Lang::En => "Arabic",
    };
    wrong.then(|| {
        let message = format!("{} is written in {script} letters: {}", side_name(side.lang), quoted(&side.text));
        side.finding(FindingKind::WrongScript, message)
    })
}

fn numbers(ar: &Side<'_>, en: &Side<'_>, found: &mut Vec<Finding>) {
    let (ar_only, en_only) = number::difference((&ar.text, &ar.placeholders), (&en.text, &en.placeholders));
    let list = |side: &Side<'_>, ranges: &[std::ops::Range<usize>]| {
        ranges.iter().map(|r| &side.text[r.clone()]).collect::<Vec<_>>().join(" ")
    };
    let kind = FindingKind::NumbersDiffer;
    let (side, range, message) = match (ar_only.first(), en_only.first()) {
        (None, None) => return,
        (Some(range), None) => (ar, range, format!("the English side lacks the number {}", list(ar, &ar_only))),
        (None, Some(range)) => (en, range, format!("the Arabic side lacks the number {}", list(en, &en_only))),
        (Some(range), Some(_)) => {
            let message =
                format!("the Arabic side says {}, the English side {}", list(ar, &ar_only), list(en, &en_only));
            (ar, range, message)
        }
    };
    found.push(Finding { range: Some(range.clone()), ..side.finding(kind, message) });
}

/// The least and the greatest ratio of Arabic to English characters that translations have, by the longer side's length.
///
/// Learned from 19,745 good pairs, tashkeel and tatweel not counted: fewer than one in a thousand of each length class is
/// outside. Tatoeba (CC BY 2.0 FR, 15,086 pairs), TICO-19 (CC0, 2,361), FLORES-200 (CC BY-SA 4.0, 1,259), NTREX-128
/// (CC BY-SA 4.0, 1,039).
const RATIOS: [(usize, f64, f64); 4] = [(20, 0.20, 4.0), (40, 0.27, 3.0), (80, 0.38, 2.4), (160, 0.45, 2.1)];

fn length_ratio(ar: &Side<'_>, en: &Side<'_>) -> Option<Finding> {
    let (a, e) = (ar.length(), en.length());
    let (_, least, greatest) = RATIOS.iter().rev().find(|(length, ..)| a.max(e) >= *length)?;
    let ratio = a as f64 / e.max(1) as f64;
    let (longer, shorter, times) = match ratio {
        r if r < *least => (en, ar, 1.0 / ratio),
        r if r > *greatest => (ar, en, ratio),
        _ => return None,
    };
    let message = format!(
        "{} has {} characters, {} {}: {times:.1} times as many, more than translations have",
        side_name(longer.lang),
        longer.length(),
        side_name(shorter.lang),
        shorter.length(),
    );
    Some(shorter.finding(FindingKind::LengthRatio, message))
}

/// A question mark or a colon at the end of one side only.
fn end_punctuation(ar: &Side<'_>, en: &Side<'_>) -> Option<Finding> {
    if ar.census.alphanumeric == 0 || en.census.alphanumeric == 0 {
        return None;
    }
    let last = |text: &str| {
        let closing = |c: char| {
            c.is_whitespace()
                || is_invisible(c)
                || matches!(c, '"' | '”' | '“' | '’' | '\'' | '»' | '«' | ')' | ']' | '\u{FFFC}')
        };
        text.trim_end_matches(closing).chars().next_back().unwrap_or(' ')
    };
    let asks = |c: char| matches!(c, '?' | '؟');
    let (a, e) = (last(&ar.text), last(&en.text));
    let (with, without, mark) = match () {
        () if asks(e) && !ar.text.contains(asks) => (en, ar, "a question mark"),
        () if asks(a) && !en.text.contains(asks) => (ar, en, "a question mark"),
        () if e == ':' && !ar.text.contains(':') => (en, ar, "a colon"),
        () if a == ':' && !en.text.contains(':') => (ar, en, "a colon"),
        () => return None,
    };
    let message = format!("{} ends in {mark}, {} has none", side_name(with.lang), side_name(without.lang));
    Some(without.finding(FindingKind::EndPunctuation, message))
}
