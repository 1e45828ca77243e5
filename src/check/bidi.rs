//! Whether bidi embeddings and isolates are closed (UAX #9 §2 and §3.3.2, Unicode 16.0).

use super::finding::Spot;
use super::kind::FindingKind;

/// Unclosed openers and closers without an opener, each with the edit that mends it: strays go, and what is open at the
/// end of a paragraph (or of the isolate around it) is closed there.
pub(super) fn spots(text: &str) -> Vec<Spot> {
    let mut found = Vec::new();
    let mut open: Vec<char> = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' | '\u{2066}'..='\u{2068}' => open.push(c),
            '\u{202C}' => match open.last() {
                Some(o) if !is_isolate(*o) => {
                    open.pop();
                }
                _ => found.push(stray(at, c)),
            },
            '\u{2069}' => match open.iter().rposition(|o| is_isolate(*o)) {
                Some(isolate) => {
                    close(&mut found, at, open.split_off(isolate).split_off(1));
                }
                None => found.push(stray(at, c)),
            },
            '\n' | '\r' | '\u{2029}' => close(&mut found, at, std::mem::take(&mut open)),
            _ => {}
        }
    }
    close(&mut found, text.len(), open);
    found
}

fn is_isolate(c: char) -> bool {
    matches!(c, '\u{2066}'..='\u{2068}')
}

fn stray(at: usize, c: char) -> Spot {
    Spot {
        kind: FindingKind::BidiUnbalanced,
        range: at..at + c.len_utf8(),
        message: format!("a {} closes nothing", name(c)),
        fix: Some(String::new()),
    }
}

/// One edit that closes all of `open` at `at`, the last opened first.
fn close(found: &mut Vec<Spot>, at: usize, open: Vec<char>) {
    let Some(last) = open.last() else { return };
    found.push(Spot {
        kind: FindingKind::BidiUnbalanced,
        range: at..at,
        message: format!("a {} is not closed", name(*last)),
        fix: Some(open.iter().rev().map(|o| if is_isolate(*o) { '\u{2069}' } else { '\u{202C}' }).collect()),
    });
}

/// The short name of UAX #9 and the code point.
pub(super) fn name(c: char) -> &'static str {
    match c {
        '\u{061C}' => "ALM (U+061C)",
        '\u{200E}' => "LRM (U+200E)",
        '\u{200F}' => "RLM (U+200F)",
        '\u{202A}' => "LRE (U+202A)",
        '\u{202B}' => "RLE (U+202B)",
        '\u{202C}' => "PDF (U+202C)",
        '\u{202D}' => "LRO (U+202D)",
        '\u{202E}' => "RLO (U+202E)",
        '\u{2066}' => "LRI (U+2066)",
        '\u{2067}' => "RLI (U+2067)",
        '\u{2068}' => "FSI (U+2068)",
        '\u{2069}' => "PDI (U+2069)",
        _ => "bidi control",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, mended: &str) {
        let mut edited = text.to_owned();
        for spot in spots(text).into_iter().rev() {
            edited.replace_range(spot.range, &spot.fix.unwrap());
        }
        assert_eq!(edited, mended, "{text:?}");
        assert!(spots(&edited).is_empty(), "{edited:?}");
    }

    #[test]
    fn strays_go_and_openers_are_closed() {
        check("\u{202A}a\u{202C} \u{2067}ب\u{2069}", "\u{202A}a\u{202C} \u{2067}ب\u{2069}");
        check("\u{202B}نعم", "\u{202B}نعم\u{202C}");
        check("نعم\u{202C}\u{2069}", "نعم");
        check("\u{2066}a\u{202A}b\u{2069}c", "\u{2066}a\u{202A}b\u{202C}\u{2069}c");
        check("\u{202A}a\u{2066}b\u{202C}", "\u{202A}a\u{2066}b\u{2069}\u{202C}");
        check("\u{202A}a\nb\u{202C}", "\u{202A}a\u{202C}\nb");
    }
}
