//! The pieces of a text: words, spaces, marks, and what can be put in the place of its like: numbers, dates, codes.

use super::numeral::Numeral;
use crate::check::{Placeholder, PlaceholderKind, placeholders};
use crate::lang::Lang;
use crate::text::{Date, DatePlace, Number, Token, TokenKind, date_places, digit, key, tokens, weekday};
use std::ops::Range;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    /// Its bytes in the text.
    pub range: Range<usize>,
    pub kind: PieceKind,
}

/// What a piece is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum PieceKind {
    Space,
    /// A word of a script, by its key.
    Word(Lang, Box<str>),
    /// Any other sign.
    Mark(char),
    Item(Item),
}

/// What can be put in the place of its like.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    /// A number; of `5th` the ending is part of it.
    Number {
        numeral: Numeral,
        /// The bytes of the ending, and whether it is in capitals.
        ending: Option<(usize, bool)>,
        /// Whether a minus sign before it belongs to it.
        negative: bool,
    },
    /// Numbers with signs between them that mean something only together: `10:49`, `31/8/2021`, `1.2.3`.
    Chain {
        /// Each number's bytes in the text.
        parts: Vec<Range<usize>>,
        /// Their values.
        values: Vec<String>,
        separator: char,
    },
    /// A date with a month's name.
    Date(DatePart),
    /// A day of the week, from 0, Sunday.
    Weekday(u8),
    /// An address.
    Address(Box<str>),
    /// A placeholder or a tag, as it is written.
    Placeholder(Box<str>),
    /// An inline code by its number in the text.
    Code(usize),
}

/// A date and the places of what it tells.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DatePart {
    pub date: Date,
    /// The digits of the day, without the ending of `12th`.
    pub day: Option<Range<usize>>,
    /// The bytes of that ending.
    pub ending: usize,
    pub month: Range<usize>,
    pub year: Option<Range<usize>>,
}

impl Piece {
    pub(super) fn is_space(&self) -> bool {
        self.kind == PieceKind::Space
    }

    pub(super) fn item(&self) -> Option<&Item> {
        match &self.kind {
            PieceKind::Item(item) => Some(item),
            _ => None,
        }
    }

    pub(super) fn word(&self) -> Option<&str> {
        match &self.kind {
            PieceKind::Word(_, key) => Some(key),
            _ => None,
        }
    }
}

impl Item {
    /// Whether the other one can take this one's place at all.
    pub(super) fn is_like(&self, other: &Item) -> bool {
        match (self, other) {
            (Item::Number { ending: a, negative: n, .. }, Item::Number { ending: b, negative: m, .. }) => {
                a.is_some() == b.is_some() && n == m
            }
            (Item::Chain { values: a, separator: s, .. }, Item::Chain { values: b, separator: t, .. }) => {
                a.len() == b.len() && s == t
            }
            (Item::Date(a), Item::Date(b)) => a.is_shaped_like(b),
            (Item::Weekday(_), Item::Weekday(_))
            | (Item::Address(_), Item::Address(_))
            | (Item::Placeholder(_), Item::Placeholder(_))
            | (Item::Code(_), Item::Code(_)) => true,
            _ => false,
        }
    }

    /// Whether both say the same, in whatever digits and language. Codes are compared by who knows what they say.
    pub(super) fn says_the_same(&self, other: &Item) -> bool {
        match (self, other) {
            (Item::Number { numeral: a, negative: n, .. }, Item::Number { numeral: b, negative: m, .. }) => {
                a.value == b.value && n == m
            }
            (Item::Chain { values: a, separator: s, .. }, Item::Chain { values: b, separator: t, .. }) => {
                a == b && (s == t || a.len() == 3 && *s != ':' && *t != ':')
            }
            (Item::Date(a), Item::Date(b)) => a.date == b.date && a.is_shaped_like(b),
            (Item::Weekday(a), Item::Weekday(b)) => a == b,
            (Item::Address(a), Item::Address(b)) | (Item::Placeholder(a), Item::Placeholder(b)) => a == b,
            _ => false,
        }
    }
}

impl DatePart {
    /// Whether both tell the same parts of a date, of the same calendar.
    fn is_shaped_like(&self, other: &DatePart) -> bool {
        use crate::text::Month::{Gregorian, Hijri};
        let calendar =
            matches!((self.date.month, other.date.month), (Gregorian(_), Gregorian(_)) | (Hijri(_), Hijri(_)));
        calendar && self.day.is_some() == other.day.is_some() && self.year.is_some() == other.year.is_some()
    }
}

/// The pieces of `text`, which tile it.
pub(super) fn pieces(lang: Lang, text: &str, signs: Signs) -> Vec<Piece> {
    let masks = masked(text, signs);
    let is_masked = |range: &Range<usize>| masks.iter().any(|m| m.start < range.end && range.start < m.end);
    let tokens: Vec<Token<'_>> = tokens(text).into_iter().filter(|token| !is_masked(&token.span)).collect();
    let mut items: Vec<Piece> = Vec::new();
    items.extend(masks.iter().map(|range| {
        let item = Item::Placeholder(text[range.clone()].into());
        Piece { range: range.clone(), kind: PieceKind::Item(item) }
    }));
    items.extend(addresses(&tokens));
    let mut taken = vec![false; tokens.len()];
    for place in date_places(lang, &tokens) {
        if let Some((piece, used)) = date(text, &tokens, &place)
            && !used.iter().any(|at| taken[*at])
        {
            used.iter().for_each(|at| taken[*at] = true);
            items.push(piece);
        }
    }
    let mut at = 0;
    while at < tokens.len() {
        let (piece, used) = if taken[at] { (None, 1) } else { numbers(text, &tokens, &taken, at) };
        items.extend(piece);
        at += used.max(1);
    }
    items.extend(
        text.match_indices('\u{FFFC}').enumerate().map(|(number, (at, sign))| Piece {
            range: at..at + sign.len(),
            kind: PieceKind::Item(Item::Code(number)),
        }),
    );
    items.sort_by_key(|piece| (piece.range.start, std::cmp::Reverse(piece.range.end)));
    tiled(lang, text, &tokens, items)
}

/// What looks like a placeholder and may be none: decided by both sides of the stored unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Signs {
    /// `%1` is an argument; else `%5` is a percentage, as Arabic writes it.
    pub numbered: bool,
    /// `$1` is an argument; else a price.
    pub dollars: bool,
}

impl Signs {
    /// As a unit with these sides uses them.
    pub(super) fn of(ar: &str, en: &str) -> Signs {
        let numbered = |p: &Placeholder| matches!(p.kind, PlaceholderKind::Numbered(_));
        let (in_ar, in_en) = (dollars(ar), dollars(en));
        let arguments = |text: &str, at: &[usize]| -> Vec<String> {
            let mut all: Vec<String> = at.iter().map(|at| text[*at..at + 2].to_owned()).collect();
            all.sort();
            all
        };
        Signs {
            numbered: placeholders(en).iter().any(numbered),
            dollars: !in_ar.is_empty() && arguments(ar, &in_ar) == arguments(en, &in_en),
        }
    }
}

/// Where a dollar stands before one digit.
fn dollars(text: &str) -> Vec<usize> {
    let is_argument = |at: usize| {
        let mut behind = text[at + 1..].chars();
        let one = behind.next().is_some_and(|c| ('1'..='9').contains(&c));
        let (next, after) = (behind.next(), behind.next());
        let is_digit = |c: Option<char>| c.is_some_and(|c| digit(c).is_some());
        one && !is_digit(next) && !(matches!(next, Some('.' | ',')) && is_digit(after))
    };
    text.match_indices('$').map(|(at, _)| at).filter(|at| is_argument(*at)).collect()
}

/// The ranges that are placeholders of some form, none within another: `%s`, `{name}`, `<b>`, `$1`.
fn masked(text: &str, signs: Signs) -> Vec<Range<usize>> {
    let numbered = |p: &Placeholder| matches!(p.kind, PlaceholderKind::Numbered(_));
    let usual = placeholders(text).into_iter().filter(|p| signs.numbered || !numbered(p)).map(|p| p.range);
    let mut found: Vec<Range<usize>> = usual.collect();
    if signs.dollars {
        found.extend(dollars(text).into_iter().map(|at| at..at + 2));
    }
    found.sort_by_key(|range| range.start);
    let mut end = 0;
    found.retain(|range| {
        let apart = range.start >= end;
        end = end.max(range.end);
        apart
    });
    found
}

fn addresses(tokens: &[Token<'_>]) -> Vec<Piece> {
    let address = |token: &Token<'_>| {
        let kind = PieceKind::Item(Item::Address(token.text.into()));
        matches!(token.kind, TokenKind::Url | TokenKind::Email).then(|| Piece { range: token.span.clone(), kind })
    };
    tokens.iter().filter_map(address).collect()
}

/// What may stand between the day and the month, and between them and the year.
const BETWEEN: [&str; 14] = ["", "-", ")", "/", ",", "،", "من", "of", "the", "شهر", "من شهر", "عام", "سنة", "من عام"];

/// A date whose parts stand side by side, and the tokens that it takes.
fn date(text: &str, tokens: &[Token<'_>], place: &DatePlace) -> Option<(Piece, Vec<usize>)> {
    if place.numeric {
        return None;
    }
    let month = tokens[place.month.start].span.start..tokens[place.month.end - 1].span.end;
    let abbreviated = text[month.clone()].is_ascii() && month.len() <= 4;
    let plain = |range: Range<usize>| {
        let between = text.get(range.clone()).unwrap_or("?").split_whitespace().collect::<Vec<_>>().join(" ");
        // “Jan. 2021”
        let stop = abbreviated && range.start == month.end;
        BETWEEN.contains(&between.strip_prefix('.').filter(|_| stop).unwrap_or(&between).trim_start())
    };
    let mut used: Vec<usize> = place.month.clone().collect();
    let mut range = month.clone();
    let mut ending = 0;
    // “12th of May”
    let ordinal = || {
        place
            .month
            .start
            .checked_sub(3)
            .filter(|at| is_ordinal_ending(tokens[at + 1].text) && tokens[*at].kind == TokenKind::Number)
    };
    let day = place.day.or_else(ordinal).filter(|at| {
        let span = tokens[*at].span.clone();
        let behind = tokens.get(at + 1).filter(|t| t.span.start == span.end && is_ordinal_ending(t.text));
        let end = behind.map_or(span.end, |t| t.span.end);
        let beside = if *at < place.month.start { plain(end..month.start) } else { plain(month.end..span.start) };
        if beside {
            ending = end - span.end;
            used.push(*at);
            used.extend(behind.map(|_| at + 1));
            range = range.start.min(span.start)..range.end.max(end);
        }
        beside
    });
    let year = place.year.filter(|at| {
        let span = tokens[*at].span.clone();
        let beside = span.start >= range.end && plain(range.end..span.start);
        if beside {
            used.push(*at);
            range.end = span.end;
        }
        beside
    });
    let value = |at: usize| Number::parse(tokens[at].text)?.small().and_then(|day| u8::try_from(day).ok());
    let date =
        Date { day: day.and_then(value), month: place.date.month, year: place.date.year.filter(|_| year.is_some()) };
    let whole = |at: usize| tokens[at].text.chars().all(|c| digit(c).is_some());
    if ![day, year].into_iter().flatten().all(whole) || date.day.is_some_and(|day| !(1..=31).contains(&day)) {
        return None;
    }
    // Words between the parts belong to it.
    used.extend(
        (0..tokens.len()).filter(|at| range.start <= tokens[*at].span.start && tokens[*at].span.end <= range.end),
    );
    let span = |at: usize| tokens[at].span.clone();
    let part = DatePart { date, day: day.map(span), ending, month, year: year.map(span) };
    Some((Piece { range, kind: PieceKind::Item(Item::Date(part)) }, used))
}

fn is_ordinal_ending(text: &str) -> bool {
    ["st", "nd", "rd", "th"].iter().any(|ending| text.eq_ignore_ascii_case(ending))
}

/// The number, or the chain of numbers, that begins at a token, and how many tokens it takes.
fn numbers(text: &str, tokens: &[Token<'_>], taken: &[bool], at: usize) -> (Option<Piece>, usize) {
    let is_number = |at: usize| tokens.get(at).is_some_and(|t| t.kind == TokenKind::Number) && !taken[at];
    if !is_number(at) {
        return (None, 1);
    }
    let mut end = at + 1;
    let mut separators: Vec<char> = Vec::new();
    // A sign that is a token of its own (`:`, `/`), or none (`-`), between two numbers.
    loop {
        let last = tokens[end - 1].span.end;
        let mut behind = text[last..].chars();
        let Some(sign) = behind.next().filter(|c| matches!(c, ':' | '/' | '-' | '\u{2212}')) else { break };
        let next = last + sign.len_utf8();
        let Some(number) = (end..tokens.len().min(end + 2)).find(|n| tokens[*n].span.start == next && is_number(*n))
        else {
            break;
        };
        separators.push(sign);
        end = number + 1;
    }
    let parts: Vec<Range<usize>> =
        (at..end).filter(|n| tokens[*n].kind == TokenKind::Number).map(|n| tokens[n].span.clone()).collect();
    let one_sign = separators.windows(2).all(|pair| pair[0] == pair[1]);
    let dashes = separators.first().is_some_and(|s| matches!(s, '-' | '\u{2212}'));
    if let Some(&separator) = separators.first()
        && one_sign
        && !(dashes && separators.len() == 1)
    {
        return (chain(text, parts, separator), end - at);
    }
    let token = &tokens[at];
    let Some(numeral) = Numeral::read(token.text) else {
        // “1.2.3”
        let mut parts = Vec::new();
        let mut start = None;
        for (i, c) in token.text.char_indices().chain([(token.text.len(), ' ')]) {
            match (digit(c), start) {
                (Some(_), None) => start = Some(i),
                (None, Some(from)) => {
                    parts.push(token.span.start + from..token.span.start + i);
                    start = None;
                }
                _ => {}
            }
        }
        return (chain(text, parts, '.'), 1);
    };
    let behind = tokens.get(at + 1).filter(|t| t.span.start == token.span.end && is_ordinal_ending(t.text));
    let ending = behind.map(|t| (t.text.len(), t.text.chars().all(|c| c.is_ascii_uppercase())));
    let mut before = text[..token.span.start].chars().rev();
    let sign = before.next().is_some_and(|c| matches!(c, '-' | '\u{2212}'));
    let negative = sign && before.next().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '['));
    let range = token.span.start..behind.map_or(token.span.end, |t| t.span.end);
    let item = Item::Number { numeral, ending, negative };
    (Some(Piece { range, kind: PieceKind::Item(item) }), 1 + usize::from(behind.is_some()))
}

fn chain(text: &str, parts: Vec<Range<usize>>, separator: char) -> Option<Piece> {
    let value = |part: &Range<usize>| Number::parse(&text[part.clone()]).map(|n| n.as_str().to_owned());
    let values = parts.iter().map(value).collect::<Option<Vec<_>>>()?;
    let range = parts.first()?.start..parts.last()?.end;
    Some(Piece { range, kind: PieceKind::Item(Item::Chain { parts, values, separator }) })
}

/// The items with what stands between them.
fn tiled(lang: Lang, text: &str, tokens: &[Token<'_>], items: Vec<Piece>) -> Vec<Piece> {
    let mut tiles: Vec<Piece> = Vec::new();
    let mut words = tokens.iter().filter(|token| matches!(token.kind, TokenKind::Word(_))).peekable();
    let mut items = items.into_iter().peekable();
    let mut at = 0;
    while at < text.len() {
        while items.next_if(|item| item.range.start < at).is_some() {}
        while words.next_if(|word| word.span.start < at).is_some() {}
        if let Some(item) = items.next_if(|item| item.range.start == at) {
            at = item.range.end;
            tiles.push(item);
            continue;
        }
        let stop = items.peek().map_or(text.len(), |item| item.range.start);
        let (end, kind) = match words.peek() {
            Some(word) if word.span.start == at && word.span.end <= stop => {
                let kind = match (weekday(lang, word.text), word.kind) {
                    (Some(day), TokenKind::Word(of)) if of == lang => PieceKind::Item(Item::Weekday(day)),
                    (_, TokenKind::Word(of)) => PieceKind::Word(of, key(of, word.text).as_str().into()),
                    _ => PieceKind::Space,
                };
                (word.span.end, kind)
            }
            _ => {
                let c = text[at..].chars().next().unwrap_or(' ');
                let invisible = matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{061C}');
                let kind = if c.is_whitespace() || invisible { PieceKind::Space } else { PieceKind::Mark(shared(c)) };
                (at + c.len_utf8(), kind)
            }
        };
        match tiles.last_mut() {
            Some(last) if last.is_space() && kind == PieceKind::Space => last.range.end = end,
            _ => tiles.push(Piece { range: at..end, kind }),
        }
        at = end;
    }
    tiles
}

/// The sign that both scripts share for a mark.
fn shared(c: char) -> char {
    match c {
        '،' => ',',
        '؛' => ';',
        '؟' => '?',
        '«' | '»' | '“' | '”' | '„' => '"',
        '’' | '‘' => '\'',
        '٪' => '%',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-', // hyphens, dashes, minus
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The items of a text, each as it is written.
    fn check(lang: Lang, text: &str, expected: &[&str]) {
        let pieces = pieces(lang, text, Signs { numbered: false, dollars: true });
        let items: Vec<&str> = pieces.iter().filter(|p| p.item().is_some()).map(|p| &text[p.range.clone()]).collect();
        assert_eq!(items, expected, "{text} {pieces:?}");
    }

    #[test]
    fn items_are_found() {
        check(Lang::Ar, "في الميناء ٣٢٠ قاربا", &["٣٢٠"]);
        check(Lang::Ar, "يوم الثلاثاء 31 آب/أغسطس 2021 الساعة 10:49", &["الثلاثاء", "31 آب/أغسطس 2021", "10:49"]);
        check(Lang::En, "On May 12th, 2021 the 20th -5 and 3-4", &["May 12th, 2021", "20th", "5", "3", "4"]);
        check(Lang::En, "12 of 40 in May 2020", &["12", "40", "May 2020"]);
        check(Lang::En, "31/8/2021, 2021-08-31, 1.2.3", &["31/8/2021", "2021-08-31", "1.2.3"]);
        check(Lang::En, "Open $1 in {name} for %s, $5.20 or $15", &["$1", "{name}", "%s", "5.20", "15"]);
        check(Lang::Ar, "نسبة %50 و٥٠٪", &["50", "٥٠"]);
        check(Lang::En, "mail a@b.org \u{FFFC}now\u{FFFC}", &["a@b.org", "\u{FFFC}", "\u{FFFC}"]);
        check(Lang::Ar, "١٥ رمضان ١٤٤٢ هـ", &["١٥ رمضان ١٤٤٢"]);
        check(Lang::Ar, "في 12 من مايو عام 2021", &["12 من مايو عام 2021"]);
    }

    proptest! {
        #[test]
        fn pieces_tile_the_text(text in "[ا-ي0-9٠-٩ .,:/$%{}<>a\u{64E}\u{FFFC}-]{0,40}|(مايو|May|12|5th|2021| |,|/){0,10}|\\PC{0,30}") {
            for lang in Lang::BOTH {
                let mut end = 0;
                for piece in pieces(lang, &text, Signs { numbered: true, dollars: true }) {
                    prop_assert_eq!(piece.range.start, end);
                    prop_assert!(piece.range.end > end);
                    end = piece.range.end;
                }
                prop_assert_eq!(end, text.len());
            }
        }
    }
}
