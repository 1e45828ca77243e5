//! Tokens: words, digit runs, addresses and marks of a text, told apart by script and not by language.

use super::fold::fold_into;
use crate::lang::Lang;
use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TokenKind {
    /// A run of letters of one script, its tashkeel and tatweel with it: `Ar` Arabic letters, `En` Latin letters.
    Word(Lang),
    /// A run of digits of one or several families with the separators inside: `٢٠`, `1,234.5`.
    Number,
    /// A web address (`https://…`, `www.…`).
    Url,
    /// An e-mail address.
    Email,
    /// A punctuation mark or a symbol, by the sign that both scripts share: `؟` and `?` are `?`, every double quote `"`.
    Mark(char),
}

/// A piece of a text: a byte range and what stands there. White space and invisible characters belong to no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'t> {
    /// What it is.
    pub kind: TokenKind,
    /// The text as written.
    pub text: &'t str,
    /// Its bytes in the text it comes from.
    pub span: Range<usize>,
}

/// The tokens of `text` in their order. Total, and linear in the text's length.
///
/// ```
/// use dhakira::lang::Lang;
/// use dhakira::text::{TokenKind, tokens};
/// let found: Vec<_> = tokens("زار Google في ٢٠٢١؟").into_iter().map(|t| (t.kind, t.text)).collect();
/// assert_eq!(found, [
///     (TokenKind::Word(Lang::Ar), "زار"),
///     (TokenKind::Word(Lang::En), "Google"),
///     (TokenKind::Word(Lang::Ar), "في"),
///     (TokenKind::Number, "٢٠٢١"),
///     (TokenKind::Mark('?'), "؟"),
/// ]);
/// ```
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    let may_have_address = may_have_address(text);
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let address = if may_have_address { address(rest, first) } else { None };
        let (kind, bytes) = if let Some((kind, bytes)) = address {
            (Some(kind), bytes)
        } else if digit(first).is_some() {
            (Some(TokenKind::Number), number_length(rest))
        } else if is_arabic_letter(first) {
            let inside = |c| is_arabic_letter(c) || is_arabic_extra(c);
            (Some(TokenKind::Word(Lang::Ar)), run(rest, inside))
        } else if is_latin_letter(first) {
            (Some(TokenKind::Word(Lang::En)), latin_length(rest))
        } else {
            (mark(first).map(TokenKind::Mark), first.len_utf8())
        };
        if let Some(kind) = kind {
            found.push(Token { kind, text: &rest[..bytes], span: at..at + bytes });
        }
        at += bytes;
    }
    found
}

/// The value of a digit of any family that Arabic or English texts use: ASCII, Arabic-Indic, extended Arabic-Indic
/// (Unicode 16.0, blocks Basic Latin and Arabic), fullwidth.
///
/// ```
/// use dhakira::text::digit;
/// let values: Vec<u8> = "العدد ٤٧ و ۱2".chars().filter_map(digit).collect();
/// assert_eq!(values, [4, 7, 1, 2]);
/// ```
pub fn digit(c: char) -> Option<u8> {
    let base = match c {
        '0'..='9' => '0',
        '\u{0660}'..='\u{0669}' => '\u{0660}',
        '\u{06F0}'..='\u{06F9}' => '\u{06F0}',
        '\u{FF10}'..='\u{FF19}' => '\u{FF10}',
        _ => return None,
    };
    u8::try_from(c as u32 - base as u32).ok()
}

/// A word as the tables of this module spell it: the form of the key, in which `أ إ آ` are `ا`, `ى` is `ي`, `ة` is `ه`.
pub(super) fn fold_word(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    fold_into(word, &mut folded);
    folded
}

/// The words of some tokens as [`fold_word`] spells them, one behind the other; what is no word is empty.
#[derive(Debug)]
pub(crate) struct FoldedWords {
    text: String,
    ends: Vec<usize>,
}

impl FoldedWords {
    pub fn new(tokens: &[Token<'_>]) -> FoldedWords {
        let mut words = FoldedWords { text: String::new(), ends: Vec::with_capacity(tokens.len()) };
        for token in tokens {
            if matches!(token.kind, TokenKind::Word(_)) {
                fold_into(token.text, &mut words.text);
            }
            words.ends.push(words.text.len());
        }
        words
    }

    /// The word at a token, if there is such a token.
    pub fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)?;
        Some(&self.text[at.checked_sub(1).map_or(0, |before| self.ends[before])..end])
    }
}

/// Whether `c` is an Arabic letter (not a mark on one).
fn is_arabic_letter(c: char) -> bool {
    matches!(c, '\u{0620}'..='\u{063F}' | '\u{0641}'..='\u{064A}' | '\u{066E}'..='\u{066F}' | '\u{0671}'..='\u{06D3}'
        | '\u{06D5}' | '\u{06EE}'..='\u{06EF}' | '\u{06FA}'..='\u{06FC}' | '\u{FB50}'..='\u{FDFB}' | '\u{FE70}'..='\u{FEFC}')
}

/// Tashkeel, tatweel and Quranic signs: in a word, but no letter of it.
fn is_arabic_extra(c: char) -> bool {
    matches!(c, '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{0610}'..='\u{061A}' | '\u{06D6}'..='\u{06DC}'
        | '\u{06DF}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}')
}

fn is_latin_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || (matches!(c, '\u{00C0}'..='\u{024F}') && c.is_alphabetic())
}

fn run(text: &str, inside: impl Fn(char) -> bool) -> usize {
    text.find(|c| !inside(c)).unwrap_or(text.len())
}

/// Latin letters with apostrophes between them (`don't`, `O’Neill`).
fn latin_length(text: &str) -> usize {
    let mut length = 0;
    loop {
        length += run(&text[length..], is_latin_letter);
        let mut next = text[length..].chars();
        match (next.next(), next.next()) {
            (Some(c @ ('\'' | '\u{2019}')), Some(after)) if is_latin_letter(after) => length += c.len_utf8(),
            _ => return length,
        }
    }
}

/// Digits with single separators between them; no-break and narrow no-break spaces only before three digits (`20 000`).
fn number_length(text: &str) -> usize {
    let mut length = 0;
    loop {
        length += run(&text[length..], |c| digit(c).is_some());
        let mut next = text[length..].chars();
        let Some(separator) = next.next() else { return length };
        let digits = next.clone().take_while(|&c| digit(c).is_some()).take(4).count();
        match separator {
            '.' | ',' | '\u{066B}' | '\u{066C}' if digits > 0 => {} // Arabic decimal and thousands separators
            '\u{060C}' if digits > 0 => {}                          // the Arabic comma, in the place of a decimal one
            '\u{00A0}' | '\u{202F}' if digits == 3 => {}            // no-break space, narrow no-break space
            _ => return length,
        }
        length += separator.len_utf8();
    }
}

/// A web or e-mail address at the start of `text`, and its length.
///
/// Only a Latin letter or an ASCII digit begins one, and an e-mail's `@` is looked for within 64 bytes (RFC 5321
/// §4.5.3.1.1), so that the whole stays linear.
fn address(text: &str, first: char) -> Option<(TokenKind, usize)> {
    if !first.is_ascii_alphanumeric() {
        return None;
    }
    let is_address = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+=%".contains(c);
    let bytes = text.as_bytes();
    let starts =
        |prefix: &str| bytes.len() >= prefix.len() && bytes[..prefix.len()].eq_ignore_ascii_case(prefix.as_bytes());
    if ["http://", "https://", "ftp://", "www."].iter().any(|p| starts(p)) {
        let found = &text[..run(text, is_address)];
        return Some((TokenKind::Url, found.trim_end_matches(['.', ':', '?', '!', '\'']).len()));
    }
    let local = bytes.iter().take(65).take_while(|b| b.is_ascii_alphanumeric() || b"-._+".contains(b)).count();
    if bytes.get(local) != Some(&b'@') {
        return None;
    }
    let domain = run(&text[local + 1..], |c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
    let domain = text[local + 1..local + 1 + domain].trim_end_matches(['.', '-']);
    domain.contains('.').then_some((TokenKind::Email, local + 1 + domain.len()))
}

/// Whether something in a text may be what [`address`] finds: few texts have any of the signs.
fn may_have_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    let named = |at: usize| bytes.get(at..at + 4).is_some_and(|start| start.eq_ignore_ascii_case(b"www."));
    memchr::memchr(b'@', bytes).is_some()
        || memchr::memmem::find(bytes, b"://").is_some()
        || memchr::memchr2_iter(b'w', b'W', bytes).any(named)
}

/// The sign that both scripts share for a mark, `None` for what carries no shape across (spaces, commas, full stops).
fn mark(c: char) -> Option<char> {
    Some(match c {
        '؟' | '?' => '?',
        '!' => '!',
        '؛' | ';' => ';',
        ':' => ':',
        '«' | '»' | '"' | '“' | '”' | '„' | '‟' => '"',
        '(' | '[' | '﴾' => '(',
        ')' | ']' | '﴿' => ')',
        '%' | '٪' => '%',
        '…' => '…',
        '–' | '—' => '—',
        '/' => '/',
        '$' | '£' | '€' | '¥' | '#' | '@' | '&' | '+' | '=' | '*' | '<' | '>' | '©' | '®' | '™' | '°' | '§' => {
            c
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = tokens(text).into_iter().map(|t| t.text).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn pieces() {
        check("", &[]);
        check("الـ20 عامًا", &["الـ", "20", "عامًا"]);
        check("بـ\"كتاب\"", &["بـ", "\"", "كتاب", "\""]);
        check("1,234.5 و ٣٫٥", &["1,234.5", "و", "٣٫٥"]);
        check("10:49", &["10", ":", "49"]);
        check("in 2021.", &["in", "2021"]);
        check("20\u{00A0}000 كم", &["20\u{00A0}000", "كم"]);
        check("the 20th don’t stop", &["the", "20", "th", "don’t", "stop"]);
        check("راجع https://example.org/a?b=1. ثم", &["راجع", "https://example.org/a?b=1", "ثم"]);
        check("إلى info@example.org، شكرًا", &["إلى", "info@example.org", "شكرًا"]);
        check("راجع WWW.Example.org أو FTP://a.b", &["راجع", "WWW.Example.org", "أو", "FTP://a.b"]);
        check("awww. see", &["awww", "see"]);
    }

    #[test]
    fn words_fold_to_one_spelling() {
        for (word, expected) in [("أُسْرَة", "اسره"), ("إلى", "الي"), ("لؤلؤ", "لولو"), ("لرؤيــــه", "لرويه")]
        {
            assert_eq!(fold_word(word), expected, "{word}");
        }
    }

    proptest! {
        #[test]
        fn tokens_lie_in_order_on_their_text(text in "[ا-يa-zA-Z0-9٠-٩ .,:@/؟\u{064E}\u{0640}]{0,60}|\\PC{0,40}") {
            let mut end = 0;
            for token in tokens(&text) {
                prop_assert!(token.span.start >= end && token.span.end > token.span.start);
                prop_assert_eq!(&text[token.span.clone()], token.text);
                end = token.span.end;
            }
        }
    }
}
