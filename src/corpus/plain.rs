//! Plain text: a paragraph a line, or hard-wrapped paragraphs, told apart by how full the lines are.

use super::{BlockKind, Draft, Line};

/// Widest column at which text is taken to be wrapped by hand or by a program.
const WIDEST: usize = 100;

/// Fewest line pairs from which a column is told.
const PAIRS: usize = 4;

/// The lines of a plain text.
///
/// A text is hard-wrapped if nine in ten of the line ends inside its paragraphs (blank-line groups) come where the next
/// word would not have fitted into the text's widest line, and that line is at most 100 characters. Then line ends that
/// came for want of room become spaces and the others stay, so titles, verses, lists and addresses keep their lines. In
/// any other text each line is a block.
pub(super) fn draft(source: &str) -> Draft {
    let source = source.strip_prefix('\u{FEFF}').unwrap_or(source).replace("\r\n", "\n");
    let breaks = ['\n', '\r', '\u{000B}', '\u{000C}', '\u{0085}', '\u{2028}', '\u{2029}'];
    let rows: Vec<(usize, &str)> = source.split(breaks).enumerate().map(|(at, row)| (at + 1, row)).collect();
    let column = column(&rows);
    let mut lines: Vec<Line> = Vec::new();
    let mut open: Option<&str> = None;
    for (number, row) in rows {
        let text = row.trim();
        if text.is_empty() {
            open = None;
            continue;
        }
        let joined = match (open, column) {
            (Some(above), Some(column)) => full(above, row, column) && !is_item(text) && indent(row) <= indent(above),
            _ => false,
        };
        match lines.last_mut().filter(|_| joined) {
            Some(last) => {
                last.text.push(' ');
                last.text.push_str(text);
            }
            None => {
                let kind = is_item(text).then_some(BlockKind::Item);
                lines.push(Line { text: text.to_owned(), kind, line: number, link: false });
            }
        }
        open = Some(row);
    }
    Draft { lines, ..Draft::default() }
}

/// The column at which the text is wrapped.
fn column(rows: &[(usize, &str)]) -> Option<usize> {
    let column = rows.iter().map(|(_, row)| width(row)).max()?;
    if column > WIDEST {
        return None;
    }
    let inside = rows.windows(2).filter(|w| !w[0].1.trim().is_empty() && !w[1].1.trim().is_empty());
    let (mut pairs, mut for_room) = (0usize, 0usize);
    for pair in inside.filter(|w| !is_item(w[1].1.trim())) {
        pairs += 1;
        for_room += usize::from(full(pair[0].1, pair[1].1, column));
    }
    (pairs >= PAIRS && for_room * 10 >= pairs * 9).then_some(column)
}

/// Whether the first word of `below` would not have fitted into the line `above`.
fn full(above: &str, below: &str, column: usize) -> bool {
    below.split_whitespace().next().is_some_and(|word| width(above) + 1 + width(word) > column)
}

/// Columns that a line takes: marks above and below letters take none.
fn width(row: &str) -> usize {
    let counts = |c: &char| !matches!(c, '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{200B}'..='\u{200F}' | '\u{00AD}');
    row.trim_end().chars().filter(counts).take(1000).count()
}

fn indent(row: &str) -> usize {
    row.chars().take_while(|c| c.is_whitespace()).count()
}

/// Whether a line begins with a bullet, a number or a letter of a list.
fn is_item(line: &str) -> bool {
    let mut chars = line.chars();
    let Some(first) = chars.next() else { return false };
    let rest = chars.as_str();
    if "-*+•–—▪◦●■".contains(first) {
        return rest.starts_with(char::is_whitespace);
    }
    let mark = line.trim_start_matches(char::is_numeric);
    let digits = line.len() - mark.len();
    if (1..=6).contains(&digits) {
        let behind = mark.strip_prefix(['.', ')', '-', '\u{0640}', '–']);
        return behind.is_some_and(|b| b.starts_with(char::is_whitespace));
    }
    first.is_alphabetic() && rest.strip_prefix(')').is_some_and(|b| b.starts_with(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &[&str]) {
        let found: Vec<String> = draft(source).lines.into_iter().map(|l| l.text).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_paragraph_a_line() {
        check("أول\n\nثان\r\nثالث\r\n", &["أول", "ثان", "ثالث"]);
        check("old\rmac\rlines", &["old", "mac", "lines"]);
        check("one\u{2028}two\u{000C}three", &["one", "two", "three"]);
        check("", &[]);
    }

    #[test]
    fn wrapped() {
        let text = "The well\n\nThe old well behind the mill had\nbeen dry for years, and nobody in\nthe \
                    village could say when the\nlast bucket had come up full.\n\nThen the rains came back, first a\n\
                    little, then more than the fields\ncould drink, more than the river\ncould carry off, and the mill ran\nday and night all that winter and\nfar into the spring after it, and\nthe well was full again.\nBy Nora\n";
        check(
            text,
            &[
                "The well",
                "The old well behind the mill had been dry for years, and nobody in the village could say when the last bucket had come up full.",
                "Then the rains came back, first a little, then more than the fields could drink, more than the river could carry off, and the mill ran day and night all that winter and far into the spring after it, and the well was full again.",
                "By Nora",
            ],
        );
    }

    #[test]
    fn verse_stays() {
        let text = "يا ليلُ طُلْ\nأو لا تَطُلْ يا ليلُ\nإني ساهرٌ\nوالنجمُ يعرفُ موعدي\nوالبدرُ\nحينَ يغيبُ عن أفقي\n";
        check(text, &text.lines().collect::<Vec<_>>());
    }

    #[test]
    fn items() {
        for line in ["- خبز", "• ملح", "1. سكر", "٢) زيت", "أ) شاي", "٣ـ بن"] {
            assert!(is_item(line), "{line}");
        }
        for line in ["-خبز", "1.5 كيلو", "2021 عام", "خبز", "—", "أ", "1234567. x"] {
            assert!(!is_item(line), "{line}");
        }
    }
}
