//! A number as a text writes it: its digits, their family, its separators; and the same for another value.

use crate::text::{Number, digit};

/// The first digit of each family that Arabic and English texts use, with the separators that go with it: of thousands,
/// and of decimals.
const FAMILIES: [(char, char, char); 4] = [
    ('0', ',', '.'),
    ('\u{0660}', '\u{066C}', '\u{066B}'), // Arabic-Indic
    ('\u{06F0}', '\u{066C}', '\u{066B}'), // extended Arabic-Indic
    ('\u{FF10}', ',', '.'),               // fullwidth
];

/// A number in digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numeral {
    /// Its value.
    pub value: Number,
    /// The digits before the decimal separator, in ASCII, as many as are written.
    whole: String,
    /// Those behind it.
    fraction: String,
    /// The family, if all digits are of one.
    family: Option<usize>,
    thousands: Option<char>,
    decimal: Option<char>,
}

impl Numeral {
    /// Of the text of a number token; `None` for what has no one value (`1.2.3`).
    pub(super) fn read(text: &str) -> Option<Numeral> {
        let value = Number::parse(text)?;
        let mut groups = vec![String::new()];
        let mut separators = Vec::new();
        let mut families: Vec<usize> = Vec::new();
        for c in text.trim().chars() {
            match digit(c) {
                Some(digit) => {
                    groups.last_mut()?.push(char::from(b'0' + digit));
                    families.push(family(c)?);
                }
                None => {
                    separators.push(c);
                    groups.push(String::new());
                }
            }
        }
        families.sort_unstable();
        families.dedup();
        let all = groups.concat();
        let last = groups.last()?.clone();
        let with_fraction = separators.last().is_some_and(|s| is_decimal(*s, &separators, &groups));
        let (whole, fraction) = match with_fraction {
            true => (groups[..groups.len() - 1].concat(), last),
            false => (all, String::new()),
        };
        let decimal = separators.last().copied().filter(|_| with_fraction);
        let thousands = separators.first().copied().filter(|_| separators.len() > usize::from(with_fraction));
        let family = families.first().copied().filter(|_| families.len() == 1);
        Some(Numeral { value, whole, fraction, family, thousands, decimal })
    }

    /// Whether it has a fraction.
    pub(super) fn has_fraction(&self) -> bool {
        !self.fraction.is_empty()
    }

    /// Whether its thousands stand apart.
    pub(super) fn is_grouped(&self) -> bool {
        self.thousands.is_some()
    }

    /// The digits before the decimal separator, without zeros before them.
    pub(super) fn whole_digits(&self) -> &str {
        let digits = self.whole.trim_start_matches('0');
        if digits.is_empty() { "0" } else { digits }
    }

    /// This number as the text wrote that in whose place it comes: `before` is how the other language wrote that one. `None`
    /// if the digits there are of several families.
    ///
    /// Digits and separators are those of the place, as far as it shows them; a number shows no separator of thousands if
    /// it has less than four digits, and then they are written if they are here, as the family has them. Zeros in front
    /// stay if the place had them too.
    pub(super) fn written_like(&self, place: &Numeral, before: &Numeral) -> Option<String> {
        let (zero, family_thousands, family_decimal) = FAMILIES[place.family?];
        let padded = self.whole.len() > 1 && self.whole.starts_with('0');
        let place_padded = place.whole.len() > 1 && place.whole.starts_with('0');
        let before_padded = before.whole.len() > 1 && before.whole.starts_with('0');
        if place_padded != before_padded && (padded || place_padded) {
            return None;
        }
        let grouped = match (place.thousands, place.whole.len() >= 4) {
            (Some(_), _) => self.is_grouped() || before.is_grouped() && self.whole.len() >= 5,
            (None, true) => false,
            (None, false) => self.is_grouped(),
        };
        let separator = place.thousands.unwrap_or(family_thousands);
        let mut written = String::new();
        for (at, c) in self.whole.chars().enumerate() {
            let left = self.whole.len() - at;
            if grouped && at > 0 && left.is_multiple_of(3) {
                written.push(separator);
            }
            written.push(in_family(c, zero));
        }
        if !self.fraction.is_empty() {
            written.push(place.decimal.unwrap_or(family_decimal));
            written.extend(self.fraction.chars().map(|c| in_family(c, zero)));
        }
        // What is written must be read as what it is.
        (Number::parse(&written).as_ref() == Some(&self.value)).then_some(written)
    }
}

/// `text`'s digits in the family of those of `place`; other characters as they are. `None` if those are of several.
pub(super) fn digits_like(text: &str, place: &str) -> Option<String> {
    let mut families: Vec<usize> = place.chars().filter_map(family).collect();
    families.sort_unstable();
    families.dedup();
    let [family] = families[..] else { return None };
    let zero = FAMILIES[family].0;
    Some(text.chars().map(|c| digit(c).map_or(c, |value| in_family(char::from(b'0' + value), zero))).collect())
}

/// The number of the family of a digit.
fn family(c: char) -> Option<usize> {
    let value = digit(c)?;
    FAMILIES.iter().position(|(zero, _, _)| char::from_u32(*zero as u32 + u32::from(value)) == Some(c))
}

/// An ASCII digit in the family of that zero.
fn in_family(c: char, zero: char) -> char {
    c.to_digit(10).and_then(|value| char::from_u32(zero as u32 + value)).unwrap_or(c)
}

/// Whether the last separator is the decimal one, as [`Number::parse`] decides it.
fn is_decimal(last: char, separators: &[char], groups: &[String]) -> bool {
    let alone = separators.iter().filter(|s| **s == last).count() == 1;
    let three = groups.last().is_some_and(|group| group.len() == 3);
    match last {
        '\u{066B}' => true, // Arabic decimal separator
        '.' => alone,
        ',' | '\u{060C}' => alone && !(three && groups[0].len() <= 3), // and the Arabic comma
        _ => false,
    }
}

/// The ending of an English ordinal number: `1st`, `2nd`, `3rd`, `11th`.
pub(super) fn ordinal_ending(digits: &str) -> &'static str {
    let tens = digits.len() >= 2 && digits.as_bytes()[digits.len() - 2] == b'1';
    match digits.as_bytes().last() {
        Some(b'1') if !tens => "st",
        Some(b'2') if !tens => "nd",
        Some(b'3') if !tens => "rd",
        _ => "th",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_place_has_them() {
        let check = |new: &str, place: &str, before: &str, expected: Option<&str>| {
            let read = |text: &str| Numeral::read(text).unwrap();
            assert_eq!(
                read(new).written_like(&read(place), &read(before)).as_deref(),
                expected,
                "{new} {place} {before}"
            );
        };
        check("320", "٣١٢", "312", Some("٣٢٠"));
        check("٣٢٠", "312", "٣١٢", Some("320"));
        check("320", "۳۱۲", "312", Some("۳۲۰"));
        check("1,250", "٣١٢", "312", Some("١٬٢٥٠"));
        check("1,250", "٣٬١٢٠", "3,120", Some("١٬٢٥٠"));
        check("1,250", "3.120.000", "3,120,000", None); // 1.250 would be read as a fraction
        check("12,250,000", "3.120.000", "3,120,000", Some("12.250.000"));
        check("1,250", "٣١٢٠", "3,120", Some("١٢٥٠"));
        check("250", "٣٬١٢٠", "3,120", Some("٢٥٠"));
        check("2021", "2019", "٢٠١٩", Some("2021"));
        check("2.75", "٣٫٥", "3.5", Some("٢٫٧٥"));
        check("2.75", "3,5", "3.5", Some("2,75"));
        check("2.750", "3,5", "3.5", None);
        check("2.50", "٣", "3", Some("٢٫٥٠"));
        check("05", "07", "07", Some("05"));
        check("05", "7", "07", None);
        check("5", "07", "07", Some("5"));
        check("12", "٣1", "31", None);
    }

    #[test]
    fn ordinals_have_their_endings() {
        for (digits, ending) in [("1", "st"), ("2", "nd"), ("3", "rd"), ("4", "th"), ("11", "th"), ("112", "th")] {
            assert_eq!(ordinal_ending(digits), ending, "{digits}");
        }
        assert_eq!(ordinal_ending("121"), "st");
    }
}
