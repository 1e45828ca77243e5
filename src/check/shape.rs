//! Shapes stored for letters: what letters they are, and whether they stand in the order of reading or of the line.

use super::finding::Spot;
use super::kind::FindingKind;
use super::script::{Census, is_arabic_letter, is_invisible, is_shape, is_tashkeel};
use unicode_normalization::UnicodeNormalization;

/// Where a shape stands in its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joining {
    Isolated,
    Final,
    Initial,
    Medial,
}

/// The first code point of each letter with four shapes in U+FE80–FEF4 (Unicode 16.0, Arabic Presentation Forms-B); the
/// shapes follow as isolated, final, initial, medial. The other letters have the first two, hamza the first alone.
const FOUR_SHAPES: [u32; 23] = [
    0xFE89, 0xFE8F, 0xFE95, 0xFE99, 0xFE9D, 0xFEA1, 0xFEA5, 0xFEB1, 0xFEB5, 0xFEB9, 0xFEBD, 0xFEC1, 0xFEC5, 0xFEC9,
    0xFECD, 0xFED1, 0xFED5, 0xFED9, 0xFEDD, 0xFEE1, 0xFEE5, 0xFEE9, 0xFEF1,
];

/// The first code point of each letter with two shapes.
const TWO_SHAPES: [u32; 16] = [
    0xFE81, 0xFE83, 0xFE85, 0xFE87, 0xFE8D, 0xFE93, 0xFEA9, 0xFEAB, 0xFEAD, 0xFEAF, 0xFEED, 0xFEEF, 0xFEF5, 0xFEF7,
    0xFEF9, 0xFEFB,
];

fn joining(c: char) -> Option<Joining> {
    let order = [Joining::Isolated, Joining::Final, Joining::Initial, Joining::Medial];
    let code = c as u32;
    if code == 0xFE80 {
        return Some(Joining::Isolated);
    }
    let within = |starts: &[u32], shapes: u32| {
        let start = *starts.get(starts.partition_point(|s| *s <= code).checked_sub(1)?)?;
        (code - start < shapes).then(|| order[(code - start) as usize])
    };
    within(&FOUR_SHAPES, 4).or_else(|| within(&TWO_SHAPES, 2))
}

/// Presentation forms and visual order in `text`.
pub(super) fn spots(text: &str, census: &Census) -> Vec<Spot> {
    let mut found = Vec::new();
    let visual = match census.presentation {
        0 => census.arabic >= 6 && letters_are_reversed(text),
        _ => shapes_are_reversed(text),
    };
    if visual {
        found.push(Spot {
            kind: FindingKind::VisualOrder,
            range: 0..text.len(),
            message: "the Arabic letters are stored in reverse, as they stand on the line; type the text anew"
                .to_owned(),
            fix: None,
        });
    }
    if census.presentation == 0 {
        return found;
    }
    let mut at = 0;
    while let Some(start) = text[at..].find(is_shape).map(|i| at + i) {
        let end = start + text[start..].find(|c| !is_shape(c)).unwrap_or(text.len() - start);
        let letters = letters(&text[start..end]);
        found.push(Spot {
            kind: FindingKind::PresentationForms,
            range: start..end,
            message: format!("“{}” is stored as shapes of letters (presentation forms)", &text[start..end]),
            fix: (!visual && letters != text[start..end]).then_some(letters),
        });
        at = end;
    }
    found
}

/// The letters of shapes: NFKC of each, the space or tatweel under an isolated mark left out.
fn letters(shapes: &str) -> String {
    let mut letters = String::new();
    for c in shapes.chars() {
        let mark = matches!(c, '\u{FE70}'..='\u{FE72}' | '\u{FE74}' | '\u{FE76}'..='\u{FE7F}' | '\u{FC5E}'..='\u{FC63}' | '\u{FCF2}'..='\u{FCF4}');
        letters.extend(std::iter::once(c).nfkc().filter(|d| !mark || is_tashkeel(*d)));
    }
    letters
}

/// Whether the shapes join only when they are read from the other end.
///
/// In the order of reading an initial or medial shape is followed by a medial or final one, and a medial or final one
/// follows an initial or medial one. Each pair, and each end of a word, that can be so in one order only is a vote.
fn shapes_are_reversed(text: &str) -> bool {
    use Joining::{Final, Initial, Isolated, Medial};
    let letters: Vec<char> = text
        .chars()
        .filter(|c| !is_tashkeel(*c) && !is_invisible(*c) && !matches!(c, '\u{FE70}'..='\u{FE7F}'))
        .collect();
    let (mut reading, mut reversed) = (0usize, 0usize);
    for (at, c) in letters.iter().enumerate() {
        let Some(this) = joining(*c) else { continue };
        let before = at.checked_sub(1).map_or(' ', |b| letters[b]);
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        let part_of_word = |c: char| is_arabic_letter(c) || c == '\u{0640}';
        if !part_of_word(before) {
            reversed += usize::from(matches!(this, Final | Medial));
            reading += usize::from(this == Initial);
        }
        match joining(next) {
            None if !part_of_word(next) => {
                reversed += usize::from(matches!(this, Initial | Medial));
                reading += usize::from(this == Final);
            }
            None => {}
            Some(next) => match (this, next) {
                (Initial, Medial) | (Medial, Final) | (Final, Isolated) | (Isolated, Initial) => reading += 1,
                (Medial, Initial) | (Final, Medial) | (Isolated, Final) | (Initial, Isolated) => reversed += 1,
                (Isolated, Medial) | (Medial, Isolated) => {} // neither
                _ => {}
            },
        }
    }
    reversed > reading
}

/// Whether ordinary letters stand in reverse: words that begin with `ة` or `ى` or end in a reversed article, at least two
/// of them, and no word that begins with the article or ends in `ة`.
fn letters_are_reversed(text: &str) -> bool {
    let (mut reading, mut begins, mut ends) = (0, 0, 0);
    for word in text.split(|c: char| !(is_arabic_letter(c) || is_tashkeel(c) || c == '\u{0640}')) {
        let letters: Vec<char> = word.chars().filter(|c| is_arabic_letter(*c)).collect();
        match letters.as_slice() {
            ['ة' | 'ى', .., 'ل', 'ا'] => begins += 2,
            ['ة' | 'ى', _, _, ..] => begins += 1,
            [_, _, _, .., 'ل', 'ا'] => ends += 1,
            ['ا', 'ل', _, _, ..] | [_, _, .., 'ة'] => reading += 1,
            _ => {}
        }
    }
    reading == 0 && begins > 0 && begins + ends >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shapes of a word in the order of reading.
    fn check(text: &str, visual: bool, letters: Option<&str>) {
        let found = spots(text, &Census::of(text));
        assert_eq!(found.iter().any(|s| s.kind == FindingKind::VisualOrder), visual, "{text}");
        let mut mended = text.to_owned();
        for spot in found.into_iter().rev() {
            if let Some(fix) = spot.fix {
                mended.replace_range(spot.range, &fix);
            }
        }
        assert_eq!(mended, letters.unwrap_or(text), "{text}");
    }

    #[test]
    fn shapes_become_letters_in_the_order_of_reading() {
        check("\u{FEB3}\u{FEFC}\u{FEE1}", false, Some("سلام")); // seen initial, lam-alef final, meem isolated
        check("\u{FEE1}\u{FEFC}\u{FEB3}", true, None); // the same word reversed
        check("اﻷدنى", false, Some("الأدنى"));
        check("\u{FE80}\u{FEFC}\u{FEFF}\u{FE9F}", true, None); // jeem, lam-alef, hamza reversed, a byte order mark inside
        check("السوداﺀ", false, Some("السوداء"));
        check("\u{FE91}\u{FE77}\u{FEE8}\u{FEAA}", false, Some("ب\u{064E}ند")); // beh, fatha medial, noon, dal
        check("ﷺ ﴿نعم﴾ ﷲ", false, None);
    }

    #[test]
    fn reversed_letters_are_seen() {
        check("ةيبرعلا ةغللا", true, None);
        check("اللغة العربية", false, None);
        check("إلا ما خلا", false, None);
        check("على فتى", false, None);
    }
}
