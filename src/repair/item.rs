//! Numbers, times, dates, weekdays, addresses and placeholders that became others, and where they stand in the target.

use super::agreement::{Spot, agrees};
use super::calendar::{month_like, weekday_like};
use super::edit::{Kind, Kinds, New, Splice};
use super::numeral::{Numeral, digits_like, ordinal_ending};
use super::piece::{DatePart, Item, Piece, PieceKind};
use super::{Case, Change};
use crate::lang::Lang;
use crate::text::{Number, TokenKind, digit, number_word_runs, tokens};
use std::ops::Range;

/// What the place in the target can be: its number among the target's pieces.
type Place = usize;

/// The changes that are sure. Of a kind all or none: half a range, a date without its day of the week, a tag without its
/// end would be worse than what was there.
pub(super) fn changes(case: &Case<'_>) -> Vec<Change> {
    let mut sure = Vec::new();
    let mut unsure = Kinds::NONE;
    for (i, j) in pairs(case) {
        let (Some(new), Some(old)) = (case.pieces.query[i].item(), case.pieces.source[j].item()) else { continue };
        if matches!(new, Item::Code(_)) || new.says_the_same(old) {
            continue;
        }
        match change(case, i, j) {
            Some(change) => sure.push(change),
            None => unsure = unsure.with(kind(new)),
        }
    }
    // A placeholder or a day of the week that is new or gone leaves the others where they are.
    let count =
        |pieces: &[Piece], is: fn(&Item) -> bool| pieces.iter().filter_map(Piece::item).filter(|item| is(item)).count();
    let same = |is: fn(&Item) -> bool| count(&case.pieces.query, is) == count(&case.pieces.source, is);
    if !same(|item| matches!(item, Item::Placeholder(_))) {
        unsure = unsure.with(Kind::Code);
    }
    if !same(|item| matches!(item, Item::Weekday(_))) {
        unsure = unsure.with(Kind::Date);
    }
    sure.retain(|change| !unsure.has(change.kind));
    sure
}

/// What a change of the item is.
fn kind(item: &Item) -> Kind {
    match item {
        Item::Chain { values, separator, .. } if is_date(values, *separator) => Kind::Date,
        Item::Number { .. } | Item::Chain { .. } => Kind::Number,
        Item::Date(_) | Item::Weekday(_) => Kind::Date,
        Item::Address(_) => Kind::Name,
        Item::Placeholder(_) | Item::Code(_) => Kind::Code,
    }
}

/// Whether three numbers look like a date.
fn is_date(values: &[String], separator: char) -> bool {
    let (years, small) =
        (values.iter().filter(|v| v.len() == 4).count(), values.iter().filter(|v| v.len() <= 2).count());
    separator != ':' && values.len() == 3 && years <= 1 && years + small == 3 && (years == 1 || separator != '.')
}

/// The pairs of the alignment.
fn pairs<'c>(case: &'c Case<'_>) -> impl Iterator<Item = (usize, usize)> + 'c {
    case.alignment.of_query.iter().enumerate().filter_map(|(i, j)| j.map(|j| (i, j)))
}

/// What the change of one item is in the target, if that is sure.
fn change(case: &Case<'_>, i: usize, j: usize) -> Option<Change> {
    let (query, source) = (&case.pieces.query, &case.pieces.source);
    let alignment = &case.alignment;
    if !alignment.is_sure(query, source, (i, j)) || !alignment.is_glued_alike(query, source, (i, j)) {
        return None;
    }
    let (new, old) = (query[i].item()?, source[j].item()?);
    let (kind, splices) = match (new, old) {
        (Item::Number { .. }, Item::Number { .. }) => (Kind::Number, number(case, i, j)?),
        (Item::Chain { .. }, Item::Chain { .. }) => chain(case, i, j)?,
        (Item::Date(new), Item::Date(old)) => (Kind::Date, date(case, new, old, old_place(case, j)?)?),
        (Item::Weekday(new), Item::Weekday(old)) => {
            let place = old_place(case, j)?;
            let range = case.pieces.target[place].range.clone();
            let to = weekday_like(case.lang.other(), *new, *old, &case.texts.target[range.clone()])?;
            (Kind::Date, vec![Splice { range, to: New::Text(to) }])
        }
        (Item::Address(new), Item::Address(_)) => (Kind::Name, literal(case, old_place(case, j)?, new)),
        (Item::Placeholder(new), Item::Placeholder(_)) => (Kind::Code, literal(case, old_place(case, j)?, new)),
        _ => return None,
    };
    Some(Change { kind, query: query[i].range.clone(), source: source[j].range.clone(), splices })
}

fn literal(case: &Case<'_>, place: Place, new: &str) -> Vec<Splice> {
    vec![Splice { range: case.pieces.target[place].range.clone(), to: New::Text(new.to_owned()) }]
}

/// Where the target says what the source's piece says, if both say it just once.
fn old_place(case: &Case<'_>, j: usize) -> Option<Place> {
    let old = case.pieces.source[j].item()?;
    let saying = |pieces: &[Piece]| -> Vec<usize> {
        let says = |piece: &Piece| piece.item().is_some_and(|item| item.says_the_same(old));
        pieces.iter().enumerate().filter(|(_, piece)| says(piece)).map(|(at, _)| at).collect()
    };
    match (&saying(&case.pieces.source)[..], &saying(&case.pieces.target)[..]) {
        ([_], [place]) => Some(*place),
        _ => None,
    }
}

/// How often a text has a number of this value in digits, alone or in a date, and whether in words.
fn mentions(case_text: &str, lang: Lang, value: &Number) -> (usize, bool) {
    let tokens = tokens(case_text);
    let written = |text: &str| {
        Number::parse(text).as_ref() == Some(value)
            || text
                .split(|c: char| digit(c).is_none())
                .any(|part| part.len() < text.len() && Number::parse(part).as_ref() == Some(value))
    };
    let digits = tokens.iter().filter(|token| token.kind == TokenKind::Number && written(token.text)).count();
    (digits, number_word_runs(lang, &tokens).contains(value))
}

fn number(case: &Case<'_>, i: usize, j: usize) -> Option<Vec<Splice>> {
    let place = old_place(case, j)?;
    let (Item::Number { numeral: new, ending, .. }, Item::Number { numeral: old, .. }) =
        (case.pieces.query[i].item()?, case.pieces.source[j].item()?)
    else {
        return None;
    };
    let Item::Number { numeral: there, ending: there_ending, .. } = case.pieces.target[place].item()? else {
        return None;
    };
    let lang = case.lang.other();
    // Anything else on either side that says the same value may be what the number in the target says.
    let (in_source, in_target) =
        (mentions(case.texts.source, case.lang, &old.value), mentions(case.texts.target, lang, &old.value));
    if in_source != (1, false) || in_target != (1, false) {
        return None;
    }
    if has_other_scale(case, i, j) {
        return None;
    }
    let there_spot = Spot { lang, pieces: &case.pieces.target, at: place };
    let here_spot = Spot { lang: case.lang, pieces: &case.pieces.source, at: j };
    if !agrees(new, there, &there_spot, &here_spot, ending.is_some() || there_ending.is_some()) {
        return None;
    }
    let mut range = case.pieces.target[place].range.clone();
    let mut to = new.written_like(there, old)?;
    match there_ending {
        Some((_, capitals)) => {
            let ending = ordinal_ending(new.whole_digits());
            to.push_str(&if *capitals { ending.to_uppercase() } else { ending.to_owned() });
        }
        None => range.end = range.start + case.texts.target[range.clone()].trim_end().len(),
    }
    Some(vec![Splice { range, to: New::Text(to) }])
}

/// Words that are part of the number before them: another one makes it another number.
const SCALES: [&str; 40] = [
    "hundred",
    "thousand",
    "million",
    "billion",
    "trillion",
    "percent",
    "per",
    "cent",
    "dozen",
    "am",
    "pm",
    "a",
    "p",
    "and",
    "ميه",
    "مايه",
    "الف",
    "الاف",
    "الفا",
    "مليون",
    "ملايين",
    "مليونا",
    "مليار",
    "مليارات",
    "بليون",
    "تريليون",
    "بالميه",
    "بالمايه",
    "صباحا",
    "مساء",
    "ظهرا",
    "ص",
    "م",
    "فجرا",
    "عصرا",
    "ليلا",
    "نصف",
    "ربع",
    "ونصف",
    "وربع",
];

/// Whether the word behind one of the pieces belongs to the number, and differs from the other's.
fn has_other_scale(case: &Case<'_>, i: usize, j: usize) -> bool {
    let next = |pieces: &[Piece], at: usize| (at + 1..pieces.len()).find(|at| !pieces[*at].is_space());
    let (a, b) = (next(&case.pieces.query, i), next(&case.pieces.source, j));
    let scale = |pieces: &[Piece], at: Option<usize>| {
        let word = at.and_then(|at| pieces[at].word());
        word.is_some_and(|word| SCALES.contains(&word))
    };
    let same = a.is_some_and(|a| case.alignment.of_query[a].is_some() && case.alignment.of_query[a] == b);
    !same && (scale(&case.pieces.query, a) || scale(&case.pieces.source, b))
}

/// A time, a date in numbers, a version.
fn chain(case: &Case<'_>, i: usize, j: usize) -> Option<(Kind, Vec<Splice>)> {
    let (Item::Chain { parts: new, values: new_values, separator }, Item::Chain { values: old, .. }) =
        (case.pieces.query[i].item()?, case.pieces.source[j].item()?)
    else {
        return None;
    };
    let is_date = is_date(old, *separator);
    // Which part of the target's each part is.
    let (place, order) = match is_date {
        true => date_in_numbers(case, old, new_values)?,
        false => (old_place(case, j)?, (0..old.len()).collect()),
    };
    if *separator == ':' && !is_same_half(case, i, j, place) || has_other_scale(case, i, j) {
        return None;
    }
    let Item::Chain { parts: there, values: there_values, .. } = case.pieces.target[place].item()? else { return None };
    if there_values.len() != new.len() {
        return None;
    }
    let mut splices = Vec::new();
    for (part, at) in order.iter().enumerate() {
        if new_values[part] == old[part] {
            continue;
        }
        let range = there.get(*at)?.clone();
        let there = &case.texts.target[range.clone()];
        let written = digits_like(&case.texts.query[new.get(part)?.clone()], there)?;
        splices.push(Splice { range, to: New::Text(written) });
    }
    let kind = if is_date { Kind::Date } else { Kind::Number };
    (!splices.is_empty()).then_some((kind, splices))
}

/// Where the target has the source's date, and in which order its parts: as they are, the other way round (`2021-08-31`), or
/// with day and month exchanged. Two parts that are equal can not be told apart.
fn date_in_numbers(case: &Case<'_>, old: &[String], new: &[String]) -> Option<(Place, Vec<usize>)> {
    let ambiguous = (0..3).any(|a| (a + 1..3).any(|b| old[a] == old[b] && new[a] != new[b]));
    let orders: [[usize; 3]; 3] = [[0, 1, 2], [2, 1, 0], [1, 0, 2]];
    let same =
        |values: &[String], order: &[usize; 3]| order.iter().zip(old).all(|(at, value)| values.get(*at) == Some(value));
    let chains = |pieces: &[Piece]| -> Vec<(Place, Vec<String>)> {
        let values = |(at, piece): (usize, &Piece)| match piece.item() {
            Some(Item::Chain { values, separator, .. }) if *separator != ':' && values.len() == 3 => {
                Some((at, values.clone()))
            }
            _ => None,
        };
        pieces.iter().enumerate().filter_map(values).collect()
    };
    let fits = |found: &[(Place, Vec<String>)]| -> Vec<(Place, [usize; 3])> {
        found
            .iter()
            .filter_map(|(at, values)| orders.iter().find(|order| same(values, order)).map(|order| (*at, *order)))
            .collect()
    };
    match (&fits(&chains(&case.pieces.source))[..], &fits(&chains(&case.pieces.target))[..]) {
        ([_], [(place, order)]) if !ambiguous => Some((*place, order.to_vec())),
        _ => None,
    }
}

/// Whether the sentence's time is in the same half of the day as the stored one, as far as the words behind it say it: else
/// *am* or *مساء* in the target would be wrong.
fn is_same_half(case: &Case<'_>, i: usize, j: usize, place: Place) -> bool {
    let half = |pieces: &[Piece], at: usize| -> Option<bool> {
        let words = pieces[at + 1..].iter().filter(|piece| !piece.is_space()).take(2).filter_map(Piece::word);
        words
            .map(|word| match word {
                "am" | "a" | "صباحا" | "ص" | "فجرا" => Some(false),
                "pm" | "p" | "مساء" | "م" | "ظهرا" | "عصرا" | "ليلا" => Some(true),
                _ => None,
            })
            .next()
            .flatten()
    };
    let hour = |piece: &Piece| match piece.item() {
        Some(Item::Chain { values, .. }) => values.first().and_then(|v| v.parse::<u32>().ok()),
        _ => None,
    };
    let (new, old, there) =
        (half(&case.pieces.query, i), half(&case.pieces.source, j), half(&case.pieces.target, place));
    let (new_hour, old_hour) = (hour(&case.pieces.query[i]), hour(&case.pieces.source[j]));
    match (new, old, there) {
        // By twenty-four hours on all sides.
        (None, None, None) => true,
        (Some(a), Some(b), Some(_)) => a == b && new_hour.is_some_and(|h| h <= 12),
        (None, None, Some(_)) => {
            matches!((new_hour, old_hour), (Some(a), Some(b)) if (a < 12) == (b < 12) && a > 0 && a <= 12 && b <= 12)
        }
        _ => false,
    }
}

fn date(case: &Case<'_>, new: &DatePart, old: &DatePart, place: Place) -> Option<Vec<Splice>> {
    let Item::Date(there) = case.pieces.target[place].item()? else { return None };
    let (lang, target) = (case.lang.other(), case.texts.target);
    let mut splices = Vec::new();
    let digits = |range: &Range<usize>, text: &str| digits_like(text, &target[range.clone()]);
    if new.date.day != old.date.day {
        let range = there.day.clone()?;
        let (new_text, old_text) = (&case.texts.query[new.day.clone()?], &case.texts.source[old.day.clone()?]);
        let (new_text, old_text) = (Numeral::read(new_text)?, Numeral::read(old_text)?);
        let mut written = new_text.written_like(&Numeral::read(&target[range.clone()])?, &old_text)?;
        if there.ending > 0 {
            written.push_str(ordinal_ending(new_text.whole_digits()));
        }
        splices.push(Splice { range: range.start..range.end + there.ending, to: New::Text(written) });
    }
    if new.date.month != old.date.month {
        let range = there.month.clone();
        let other_months: Vec<&str> = case
            .pieces
            .target
            .iter()
            .filter_map(|piece| match piece.item() {
                Some(Item::Date(part)) if part.month != range && !target[part.month.clone()].contains(['/', '(']) => {
                    Some(&target[part.month.clone()])
                }
                _ => None,
            })
            .collect();
        let abbreviated = target[range.end..].starts_with('.') && lang == Lang::En;
        let written = month_like(lang, new.date.month, old.date.month, &target[range.clone()], &other_months)?;
        // “Jan.” with its full stop would become “May.”
        if abbreviated && written.chars().count() == 3 && written.eq_ignore_ascii_case("may") {
            return None;
        }
        splices.push(Splice { range, to: New::Text(written) });
    }
    if new.date.year != old.date.year {
        let range = there.year.clone()?;
        let written = digits(&range, &case.texts.query[new.year.clone()?])?;
        splices.push(Splice { range, to: New::Text(written) });
    }
    (!splices.is_empty()).then_some(splices)
}

/// A word or an item alone between what both texts share: the numbers of the pieces that took each other's place.
pub(super) fn replaced(case: &Case<'_>) -> Vec<(Range<usize>, Range<usize>)> {
    let (query, source) = (&case.pieces.query, &case.pieces.source);
    let partner = &case.alignment.of_query;
    let mut found = Vec::new();
    let (mut i, mut j) = (0, 0);
    loop {
        // The next pair that both sides share, spaces aside.
        let next = (i..query.len()).find_map(|a| partner[a].filter(|_| !query[a].is_space()).map(|b| (a, b)));
        let (end_i, end_j) = next.unwrap_or((query.len(), source.len()));
        let trim = |pieces: &[Piece], mut range: Range<usize>| {
            while range.start < range.end && pieces[range.start].is_space() {
                range.start += 1;
            }
            while range.start < range.end && pieces[range.end - 1].is_space() {
                range.end -= 1;
            }
            range
        };
        let (a, b) = (trim(query, i..end_i), trim(source, j..end_j));
        if !a.is_empty() && !b.is_empty() {
            found.push((a, b));
        }
        match next {
            Some((a, b)) => (i, j) = (a + 1, b + 1),
            None => return found,
        }
    }
}

/// Whether nothing but words and spaces is there.
pub(super) fn are_words(pieces: &[Piece]) -> bool {
    pieces.iter().all(|piece| matches!(piece.kind, PieceKind::Word(..) | PieceKind::Space))
}
