//! What a spreadsheet would take for a formula: kept from that by an apostrophe, which can be taken away again.
//!
//! A cell that begins with `=`, `+`, `-` or `@`, with their full-width forms, or with a tab or a line break before them is a formula to
//! Excel and its like, and may call programs (OWASP, "CSV Injection"). An apostrophe before it makes it text. Where the
//! spreadsheet parts cells at another sign than the table does (a semicolon, in many countries), what stands behind that
//! sign begins a cell as well, so it is guarded too. Both ways are linear in the length of the text.

use std::borrow::Cow;

/// What may part the cells of a table.
const SEPARATORS: [char; 5] = [',', ';', '\t', '\n', '\r'];
/// What begins a formula.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}']; // full-width = + - @

/// The text with an apostrophe at the beginning of each part of it that a spreadsheet may take for a formula.
///
/// ```
/// use dhakira::bitext::{guard_formulas, unguard_formulas};
/// assert_eq!(guard_formulas("=1+1 صيغة"), "'=1+1 صيغة");
/// assert_eq!(guard_formulas("- نعم؛ قالت"), "'- نعم؛ قالت");
/// assert_eq!(guard_formulas("سعر;=A1"), "سعر;'=A1");
/// assert_eq!(guard_formulas("قال: 1+1=2"), "قال: 1+1=2");
/// assert_eq!(unguard_formulas(&guard_formulas("'=1+1")), "'=1+1");
/// ```
pub fn guard_formulas(text: &str) -> Cow<'_, str> {
    let starts: Vec<usize> = starts(text).filter(|&at| is_formula(text, at)).collect();
    if starts.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut guarded = String::with_capacity(text.len() + starts.len());
    let mut from = 0;
    for at in starts {
        guarded.push_str(&text[from..at]);
        guarded.push('\'');
        from = at;
    }
    guarded.push_str(&text[from..]);
    Cow::Owned(guarded)
}

/// The text that [`guard_formulas`] was given. Of a text that was never guarded, apostrophes before formulas go.
///
/// ```
/// use dhakira::bitext::unguard_formulas;
/// assert_eq!(unguard_formulas("'=1+1 صيغة"), "=1+1 صيغة");
/// assert_eq!(unguard_formulas("'نعم'"), "'نعم'");
/// ```
pub fn unguard_formulas(text: &str) -> Cow<'_, str> {
    let guards: Vec<usize> = starts(text).filter(|&at| text[at..].starts_with('\'') && is_formula(text, at)).collect();
    if guards.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bare = String::with_capacity(text.len());
    let mut from = 0;
    for at in guards {
        bare.push_str(&text[from..at]);
        from = at + 1;
    }
    bare.push_str(&text[from..]);
    Cow::Owned(bare)
}

/// Where a cell may begin.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices(SEPARATORS).map(|(at, separator)| at + separator.len()))
}

/// Whether what begins there, apostrophes and blanks left aside, is a formula. It looks behind no separator, so that what is
/// done at one beginning changes nothing at another.
fn is_formula(text: &str, at: usize) -> bool {
    let first = text[at..].trim_start_matches('\'').chars().find(|&c| !is_blank(c));
    // A spreadsheet passes over tabs and line breaks before a formula; those within the text are separators.
    first.is_some_and(|c| SIGNS.contains(&c) || (at == 0 && "\t\n\r".contains(c)))
}

/// What a reader of tables may pass over: white space, control characters, and what can not be seen.
fn is_blank(c: char) -> bool {
    let is_hidden = matches!(c, '\u{AD}' | '\u{61C}' | '\u{FEFF}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}');
    !SEPARATORS.contains(&c) && (c.is_whitespace() || c.is_control() || is_hidden)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a spreadsheet makes of a cell: the slow twin, which parts it at every set of signs.
    fn has_formula(text: &str) -> bool {
        let begins = |part: &str| part.chars().find(|&c| !is_blank(c)).is_some_and(|c| SIGNS.contains(&c));
        let parted = SEPARATORS.iter().any(|&separator| text.split(separator).any(begins));
        parted || text.split(SEPARATORS).any(begins) || text.starts_with(['\t', '\r', '\n'])
    }

    #[test]
    fn lists_of_attacks_are_text() {
        for attack in [
            "=cmd|' /C calc'!A0",
            "@SUM(1+1)*cmd|' /C calc'!A0",
            "+1-1",
            "-2+3",
            "\t=1+1",
            "\r=1+1",
            "\n=1+1",
            " =1+1",
            "\u{FF1D}1+1",  // full-width equals
            "\u{200F}=1+1", // right-to-left mark
            "نص;=HYPERLINK(\"x\");",
            "نص\n=1+1",
            "'=1+1",
        ] {
            let guarded = guard_formulas(attack);
            assert!(!has_formula(&guarded), "{attack:?} {guarded:?}");
            assert_eq!(unguard_formulas(&guarded), attack);
        }
        for harmless in ["", "نعم", "2-1", "a@b.example", "'", "'نعم'", "قَالَ: «1+1»", "أ - ب"] {
            assert!(matches!(guard_formulas(harmless), Cow::Borrowed(_)), "{harmless:?}");
            assert!(matches!(unguard_formulas(harmless), Cow::Borrowed(_)), "{harmless:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_guarded_is_no_formula_and_comes_back(text in "[=+@' ,;\t\n\r\\-\\u{200F}\\u{0628}\\u{064E}a1\"]{0,14}") {
            let guarded = guard_formulas(&text);
            prop_assert!(!has_formula(&guarded), "{guarded:?}");
            prop_assert_eq!(unguard_formulas(&guarded), text.as_str());
            prop_assert_eq!(matches!(&guarded, Cow::Borrowed(_)), *guarded == text);
        }
    }
}
