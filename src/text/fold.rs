//! The fold table: what each character becomes in a key, and under which name a difference in it is told.
//!
//! | form | folded | why |
//! | --- | --- | --- |
//! | `tashkeel` | U+064B–0652, 0656–065F, 0670, 0610–061A, 06D6–06ED, 08D3–08FF → nothing | vowel and Quranic marks are optional; most writers leave them out |
//! | `tatweel` | ـ → nothing | it only stretches a line |
//! | `hamza` | أ إ آ ٱ → ا, ؤ → و, ئ → ي, the marks U+0653–0655 → nothing | typists leave the hamza off its seat; ء alone stays, it is a letter |
//! | `yeh` | ى → ي | Egypt writes final yeh without dots |
//! | `teh-marbuta` | ة → ه | its dots are left out as often |
//! | `persian-letters` | ی ک ہ ھ ە … → the Arabic letter of the same shape | keyboards and old code pages put them into Arabic text |
//! | `digits` | ٠–٩ and ۰–۹ → 0–9, ٫ ٬ ٪ → . , % | Mashriq, Maghreb and Iran write the same numbers |
//! | `presentation-forms` | U+FB50–FDFF, FE70–FEFC, Latin FB00–FB06 → their letters (NFKC of these only) | PDF and old programs store shapes for letters |
//! | `bidi-controls` | direction marks, joiners, soft hyphen, byte order mark, other invisibles → nothing | nobody sees them |
//! | `case` | upper → lower (Unicode) | a heading's capitals |
//! | `width` | fullwidth, halfwidth and small forms → the usual ones | East Asian keyboards |
//! | `punctuation` | ؟ ، ؛ → ? , ; all double quotes → ", single → ', dashes → -, … → ... | the same mark in another dress |
//! | `spacing` | runs of white space → one space, none at the ends | |
//! | `inline-codes` | U+FFFC, which stands for a code → nothing | a word in bold is the same word; a code may stand inside one |
//! | `normalization` | decomposed → composed (NFC, UAX #15) | the same letters in other code points |
//!
//! Lucene's `ArabicNormalizer` folds the alefs, ى and ة as here and keeps ؤ and ئ. We fold them too, to the bare seat and
//! not to ء, because ؤ *is* و with U+0654 (canonical equivalence): whoever leaves out the mark leaves the seat.

use std::sync::LazyLock;
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A way in which two texts can differ although their keys are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Form {
    /// Vowel and Quranic marks.
    Tashkeel,
    /// The stretching stroke U+0640.
    Tatweel,
    /// Hamza and madda on alef, waw and yeh.
    Hamza,
    /// Alef maksura for yeh.
    Yeh,
    /// Teh marbuta for heh.
    TehMarbuta,
    /// Persian and Urdu letters for Arabic ones.
    PersianLetters,
    /// Digits of another family, and their separators.
    Digits,
    /// Shapes stored for letters.
    PresentationForms,
    /// Bidi controls and other characters that nobody sees.
    BidiControls,
    /// Upper and lower case.
    Case,
    /// Fullwidth, halfwidth and small forms.
    Width,
    /// Quotes, dashes, commas and question marks of another script or style.
    Punctuation,
    /// White space: how much, of which kind, at the ends.
    Spacing,
    /// Composed and decomposed letters.
    Normalization,
    /// Inline codes: how many and where. U+FFFC stands for one.
    InlineCodes,
}

impl Form {
    /// Every form, in the order in which reasons are told.
    pub const ALL: [Form; 15] = [
        Form::Tashkeel,
        Form::Tatweel,
        Form::Hamza,
        Form::Yeh,
        Form::TehMarbuta,
        Form::PersianLetters,
        Form::Digits,
        Form::PresentationForms,
        Form::BidiControls,
        Form::Case,
        Form::Width,
        Form::Punctuation,
        Form::Spacing,
        Form::Normalization,
        Form::InlineCodes,
    ];

    /// The stable name, in kebab case.
    pub fn name(self) -> &'static str {
        match self {
            Form::Tashkeel => "tashkeel",
            Form::Tatweel => "tatweel",
            Form::Hamza => "hamza",
            Form::Yeh => "yeh",
            Form::TehMarbuta => "teh-marbuta",
            Form::PersianLetters => "persian-letters",
            Form::Digits => "digits",
            Form::PresentationForms => "presentation-forms",
            Form::BidiControls => "bidi-controls",
            Form::Case => "case",
            Form::Width => "width",
            Form::Punctuation => "punctuation",
            Form::Spacing => "spacing",
            Form::Normalization => "normalization",
            Form::InlineCodes => "inline-codes",
        }
    }
}

impl std::fmt::Display for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What one character becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Becomes {
    Nothing,
    Char(char),
    Dots(usize),
    /// Its NFKC, each character of which is folded in its turn.
    Compatible,
}

/// The table above, case, spacing and composition aside.
fn rule(c: char) -> Option<(Form, Becomes)> {
    use Becomes::{Char, Compatible, Dots, Nothing};
    Some(match c {
        '\u{0610}'..='\u{061A}'
        | '\u{064B}'..='\u{0652}'
        | '\u{0656}'..='\u{065F}'
        | '\u{0670}'
        | '\u{06D6}'..='\u{06ED}'
        | '\u{08D3}'..='\u{08FF}' => (Form::Tashkeel, Nothing),
        // The isolated marks of the presentation forms: their NFKC is a space (or tatweel) and the mark, but they stand on
        // the letter before them wherever they are met.
        '\u{FE70}'..='\u{FE72}'
        | '\u{FE74}'
        | '\u{FE76}'..='\u{FE7F}'
        | '\u{FC5E}'..='\u{FC63}'
        | '\u{FCF2}'..='\u{FCF4}' => (Form::Tashkeel, Nothing),
        '\u{0640}' => (Form::Tatweel, Nothing),
        'أ' | 'إ' | 'آ' | 'ٱ' | '\u{0672}' | '\u{0673}' | '\u{0675}' => (Form::Hamza, Char('ا')),
        'ؤ' | '\u{0676}' => (Form::Hamza, Char('و')),
        'ئ' | '\u{0678}' => (Form::Hamza, Char('ي')),
        '\u{0653}'..='\u{0655}' | '\u{0674}' => (Form::Hamza, Nothing),
        'ى' => (Form::Yeh, Char('ي')),
        'ة' => (Form::TehMarbuta, Char('ه')),
        // Farsi yeh, yeh with tail, Kashmiri yeh, e, yeh barree and yeh barree with hamza.
        '\u{06CC}' | '\u{06CD}' | '\u{0620}' | '\u{06D0}' | '\u{06D2}' | '\u{06D3}' => {
            (Form::PersianLetters, Char('ي'))
        }
        // Keheh and swash kaf.
        '\u{06A9}' | '\u{06AA}' => (Form::PersianLetters, Char('ك')),
        // Heh doachashmee, heh with yeh above, heh goal (plain, hamza, teh marbuta), ae, teh marbuta goal.
        '\u{06BE}' | '\u{06C0}'..='\u{06C3}' | '\u{06D5}' => (Form::PersianLetters, Char('ه')),
        '\u{0660}'..='\u{0669}' => (Form::Digits, Char(ascii_digit(c, '\u{0660}'))),
        '\u{06F0}'..='\u{06F9}' => (Form::Digits, Char(ascii_digit(c, '\u{06F0}'))),
        '\u{066A}' => (Form::Digits, Char('%')),      // Arabic percent sign
        '\u{066B}' => (Form::Digits, Char('.')),      // Arabic decimal separator
        '\u{066C}' => (Form::Digits, Char(',')),      // Arabic thousands separator
        '\u{FD3E}' => (Form::Punctuation, Char('(')), // ornate parentheses
        '\u{FD3F}' => (Form::Punctuation, Char(')')),
        '\u{FB50}'..='\u{FDFF}' | '\u{FE73}'..='\u{FEFC}' | '\u{FB00}'..='\u{FB06}' => {
            (Form::PresentationForms, Compatible)
        }
        // Soft hyphen, grapheme joiner, Arabic letter mark, Mongolian separator, zero width and bidi controls, word joiner
        // and invisible operators, variation selectors, byte order mark, tags.
        '\u{00AD}'
        | '\u{034F}'
        | '\u{061C}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E0FFF}' => (Form::BidiControls, Nothing),
        '\u{FFFC}' => (Form::InlineCodes, Nothing),
        c if c.is_control() && !c.is_whitespace() => (Form::BidiControls, Nothing),
        '\u{FF01}'..='\u{FFEE}' | '\u{FE50}'..='\u{FE6B}' => (Form::Width, Compatible),
        '؟' => (Form::Punctuation, Char('?')),
        '،' | '\u{3001}' | '\u{2E32}' => (Form::Punctuation, Char(',')),
        '؛' | '\u{037E}' => (Form::Punctuation, Char(';')),
        '\u{06D4}' => (Form::Punctuation, Char('.')), // Urdu full stop
        '\u{066D}' => (Form::Punctuation, Char('*')), // Arabic five pointed star
        '«' | '»' | '“' | '”' | '„' | '‟' | '″' | '〝' | '〞' => (Form::Punctuation, Char('"')),
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' | '`' | '\u{00B4}' | '\u{02BC}' | '\u{1FEF}' | '\u{1FFD}' => {
            (Form::Punctuation, Char('\''))
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2043}' => (Form::Punctuation, Char('-')),
        '…' => (Form::Punctuation, Dots(3)),
        '‥' => (Form::Punctuation, Dots(2)),
        _ => return None,
    })
}

fn ascii_digit(c: char, zero: char) -> char {
    char::from_digit(c as u32 - zero as u32, 10).expect("the caller's range has ten digits")
}

/// The forms of the table that `text` has characters of, one bit each; composition and spacing are not looked for.
///
/// What is stored as shapes or fullwidth may hide any other form, so there all bits are set.
pub(super) fn forms_in(text: &str) -> u32 {
    text.chars().fold(0, |bits, c| match rule(c) {
        Some((_, Becomes::Compatible)) => !0,
        Some((form, _)) => bits | bit(form),
        None if c.to_lowercase().eq([c]) => bits,
        None => bits | bit(Form::Case),
    })
}

/// The bit of a form in [`forms_in`].
pub(super) fn bit(form: Form) -> u32 {
    1 << form as u32
}

/// What a character becomes with all forms folded, where that is plain: one character or none, which composes with no other and is no white space
/// but a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plain {
    Nothing,
    Char(char),
    /// It is not plain.
    No,
}

/// That of the characters before U+0700: Latin and Arabic, which is nearly all that texts have.
static PLAIN: LazyLock<[Plain; 0x700]> = LazyLock::new(|| {
    std::array::from_fn(|code| {
        let Some(c) = u32::try_from(code).ok().and_then(char::from_u32) else { return Plain::No };
        let mut folded = String::new();
        fold_char(c, None, &mut |to| folded.push(to));
        let mut chars = folded.chars();
        match (chars.next(), chars.next()) {
            (None, _) => Plain::Nothing,
            (Some(to), None) if composes_with_none(to) && (to == ' ' || !to.is_whitespace()) => Plain::Char(to),
            _ => Plain::No,
        }
    })
});

/// Whether a character stays as it is in NFC, whatever stands beside it.
fn composes_with_none(c: char) -> bool {
    canonical_combining_class(c) == 0 && is_nfc_quick(std::iter::once(c)) == IsNormalized::Yes
}

/// Whether an ASCII character becomes nothing but its small letter.
fn is_plain_ascii(b: u8) -> bool {
    matches!(b, b' '..=b'~') && b != b'`'
}

/// Folds all forms of a text's characters, one by one. Whether that is composed for sure, and has no white space but single spaces.
pub(super) fn fold_into(text: &str, folded: &mut String) -> bool {
    if text.bytes().fold(true, |so_far, b| so_far & is_plain_ascii(b)) {
        let start = folded.len();
        folded.push_str(text);
        folded[start..].make_ascii_lowercase();
        return !text.as_bytes().windows(2).any(|two| two == b"  ");
    }
    let table = &*PLAIN;
    let mut is_plain = true;
    for c in text.chars() {
        match table.get(c as usize) {
            Some(Plain::Char(to)) => {
                is_plain &= *to != ' ' || !folded.ends_with(' ');
                folded.push(*to);
            }
            Some(Plain::Nothing) => {}
            // Quotation marks and dashes of all kinds become ASCII.
            _ => fold_char(c, None, &mut |to| {
                is_plain &= to.is_ascii_graphic();
                folded.push(to);
            }),
        }
    }
    is_plain
}

/// Folds one character by the table and by case, all forms but `keep`.
pub(super) fn fold_char(c: char, keep: Option<Form>, emit: &mut impl FnMut(char)) {
    match c {
        'A'..='Z' if keep != Some(Form::Case) => return emit(c.to_ascii_lowercase()),
        '\u{20}'..='\u{5F}' | '\u{61}'..='\u{7E}' | 'ا' | 'ب' | 'ت'..='غ' | 'ف'..='و' | 'ي' => return emit(c),
        _ => {}
    }
    match rule(c) {
        Some((form, _)) if keep == Some(form) => emit(c),
        Some((_, Becomes::Nothing)) => {}
        Some((_, Becomes::Char(to))) => emit(to),
        Some((_, Becomes::Dots(n))) => (0..n).for_each(|_| emit('.')),
        Some((_, Becomes::Compatible)) => {
            for d in std::iter::once(c).nfkc() {
                match d == c {
                    true => emit(c), // no decomposition: honorific signs, unassigned
                    false => fold_char(d, keep, emit),
                }
            }
        }
        None if keep == Some(Form::Case) => emit(c),
        None => c.to_lowercase().for_each(emit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Slow twin: the table of forms.
    #[test]
    fn every_character_folds_as_the_forms_say() {
        for c in (0..0x2100).chain(0xF900..0x1_0000).filter_map(char::from_u32) {
            let (mut quick, mut slow) = (String::new(), String::new());
            let is_plain = fold_into(&String::from(c), &mut quick);
            fold_char(c, None, &mut |to| slow.push(to));
            assert_eq!(quick, slow, "{c:?}");
            let composed: String = slow.nfc().collect();
            assert!(
                !is_plain || (composed == slow && !slow.contains(|c: char| c.is_whitespace() && c != ' ')),
                "{c:?}"
            );
        }
        let mut folded = String::new();
        assert!(fold_into("The Book", &mut folded) && fold_into(" الكِتاب", &mut folded));
        assert_eq!(folded, "the book الكتاب");
        assert!(!fold_into("two  spaces", &mut String::new()) && !fold_into("كتاب  كبير", &mut String::new()));
    }
}
