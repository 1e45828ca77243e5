//! Pairs out of articles that nobody paired: which belongs to which, by what they say and when they were published.

use super::super::pair::{Reading, side};
use super::super::workers::Workers;
use crate::align::{Scorer, align};
use crate::corpus::{Candidate, Entry, Facts, Found};
use crate::error::Error;
use crate::lang::Lang;
use crate::lexicon::Lexicon;
use crate::pairing::{Document, Pairing, Partner};

/// What was found.
#[derive(Debug, Default)]
pub struct Paired {
    /// The pairs, in the order of their Arabic articles, called after these; [`Facts::pairing`] says how sure each is.
    pub entries: Vec<Entry>,
    /// The articles that have no partner, the Arabic ones first, each in its order.
    pub alone: Vec<(Lang, Candidate)>,
    /// What could not be read.
    pub failed: Vec<(String, Error)>,
}

/// The least probability of a pair.
const LEAST: f32 = 0.5;
/// Between these two nobody is sure, and the two texts are aligned to see.
const UNSURE: std::ops::Range<f32> = 0.02..0.98;

/// Reads all `candidates`, in parallel, and pairs them by [`Pairing`]: content and, where they are known, dates. Names of files
/// and folders count for nothing. Where that is unsure, the two texts are aligned, and what the alignment says of their being
/// translations is taken as a second witness who knows nothing of the first: the odds are multiplied.
///
/// Of each article its terms are in memory (some 6 bytes for each different word), and those texts that stand in a manifest itself.
///
/// ```
/// use dhakira::corpus::{Body, Candidate, Facts, Kind};
/// use dhakira::lexicon::Lexicon;
/// use dhakira::task::{Workers, batch::pair_up};
/// let article = |name: &str, text: &str| {
///     let body = Body::Inline { field: "text", text: text.to_owned(), kind: Kind::Text };
///     Ok(Candidate { name: name.to_owned(), lang: None, body, facts: Facts::default(), listed: None })
/// };
/// let articles = [
///     article("1", "افتتح الوزير مستشفى جديدا في المدينة يوم ١٢ مايو."),
///     article("2", "The team won the match against Japan."),
///     article("3", "On 12 May the minister opened a new hospital in the city."),
/// ];
/// let scorer = dhakira::align::LogLinear::default();
/// let paired = pair_up(articles, &Default::default(), &scorer, Lexicon::shipped(), &Workers::new(1));
/// assert_eq!(paired.entries[0].name, "1");
/// assert_eq!(paired.alone[0].1.name, "2");
/// ```
pub fn pair_up(
    candidates: impl IntoIterator<Item = Result<Candidate, Error>>,
    reading: &Reading,
    scorer: &dyn Scorer,
    lexicon: &Lexicon,
    workers: &Workers,
) -> Paired {
    let mut pairing = Pairing::new(lexicon);
    let mut sides: [Vec<Candidate>; 2] = Default::default();
    let mut paired = Paired::default();
    let read = |candidate: Result<Candidate, Error>| -> Result<_, Box<(String, Error)>> {
        let candidate = candidate.map_err(|error| Box::new((super::whereabouts(&error), error)))?;
        let (lang, article) =
            candidate.read(&reading.options).map_err(|error| Box::new((candidate.name.clone(), error)))?;
        Ok((candidate, lang, article))
    };
    let gathered = workers.run_all(candidates, read, |read| {
        match read {
            Err(failed) => paired.failed.push(*failed),
            Ok((candidate, lang, article)) => {
                let date = candidate.facts.date.clone().or_else(|| article.date.as_ref()?.iso.clone());
                let day = date.as_deref().and_then(day);
                pairing.add(lang, &Document { text: &article.text, day, name: None });
                sides[usize::from(lang == Lang::En)].push(candidate);
            }
        }
        Ok::<(), std::convert::Infallible>(())
    });
    let Ok(()) = gathered;
    let mut partners: Vec<Option<(usize, f32)>> = vec![None; sides[0].len()];
    let second_look = |found: Partner| {
        let (ar, en) = (&sides[0][found.ar as usize], &sides[1][found.en as usize]);
        let seen = UNSURE.contains(&found.confidence).then(|| translation(ar, en, reading, scorer)).flatten();
        (found, seen.map_or(found.confidence, |second| both(found.confidence, second)))
    };
    let looked = workers.run_all(pairing.ready().partners(), second_look, |(found, confidence)| {
        if confidence >= LEAST {
            partners[found.ar as usize] = Some((found.en as usize, confidence));
        }
        Ok::<(), std::convert::Infallible>(())
    });
    let Ok(()) = looked;
    let [arabic, mut english] = sides.map(|side| side.into_iter().map(Some).collect::<Vec<_>>());
    for (ar, found) in arabic.into_iter().zip(partners) {
        let Some(ar) = ar else { continue };
        match found.and_then(|(en, confidence)| Some((english[en].take()?, confidence))) {
            Some((en, confidence)) => paired.entries.push(entry(ar, en, confidence)),
            None => paired.alone.push((Lang::Ar, ar)),
        }
    }
    paired.alone.extend(english.into_iter().flatten().map(|en| (Lang::En, en)));
    paired
}

/// The probability that two texts are translations of each other, by their alignment; `None` if one can not be read any more.
fn translation(ar: &Candidate, en: &Candidate, reading: &Reading, scorer: &dyn Scorer) -> Option<f32> {
    let document = |lang, candidate: &Candidate| {
        let bytes = candidate.body.bytes().ok()?;
        Some(side(lang, &candidate.body, &bytes, reading).ok()?.document)
    };
    Some(align(&document(Lang::Ar, ar)?, &document(Lang::En, en)?, scorer).confidence)
}

/// What two witnesses say together.
fn both(one: f32, other: f32) -> f32 {
    let (yes, no) = (one * other, (1.0 - one) * (1.0 - other));
    if yes + no > 0.0 { yes / (yes + no) } else { one }
}

fn entry(ar: Candidate, en: Candidate, confidence: f32) -> Entry {
    let facts = Facts {
        url: ar.facts.url.or(en.facts.url),
        date: ar.facts.date.or(en.facts.date),
        licence: ar.facts.licence.or(en.facts.licence),
        source: ar.facts.source.or(en.facts.source),
        pairing: Some(Found { score: format!("{confidence:.2}"), partner: en.name }),
    };
    Entry { name: ar.name, ar: ar.body, en: en.body, facts, listed: ar.listed }
}

/// The day of an ISO 8601 date, counted from 1 March of the year 0 (Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn day(iso: &str) -> Option<i32> {
    let mut parts = iso.splitn(3, '-').map(|part| part.parse::<i32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    Some(
        365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day - 1,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_over_months_and_leap_years() {
        let apart = |a: &str, b: &str| day(b).unwrap() - day(a).unwrap();
        assert_eq!(apart("2021-08-31", "2021-09-01"), 1);
        assert_eq!(apart("2020-02-28", "2020-03-01"), 2);
        assert_eq!(apart("1900-02-28", "1900-03-01"), 1);
        assert_eq!(apart("1970-01-01", "2026-01-01"), 20454);
        assert_eq!(day("soon"), None);
    }
}
