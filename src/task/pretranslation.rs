//! What the memory knows of a document is put into it, and why is told for each segment.

use super::job::queries;
use super::workers::Workers;
use crate::document::{Document, Fill, Part, Proposal, State, carried};
use crate::error::in_line;
use crate::glossary::Glossary;
use crate::lang::Lang;
use crate::matching::{MatchKind, Measure, Query, Score, Why};
use crate::memory::{Find, Library, Match};
use crate::repair::{Kind, Kinds, Knowledge};
use std::convert::Infallible;
use std::path::PathBuf;

/// How a document is filled.
#[derive(Clone, Copy)]
pub struct PretranslateOptions<'a> {
    /// The least score that fills a segment; `None` is [`least_score`] for the kind of the file.
    pub min: Option<Score>,
    /// At most so many proposals beside a segment, where the file can hold them (XLIFF).
    pub proposals: usize,
    /// What scores count.
    pub measure: Measure,
    /// Whether drafts that the file has are replaced too.
    pub drafts: bool,
    /// Which differences between a segment and its match are put into the translation where that is sure, in files that mark what is to
    /// be reviewed. Inline codes are carried over in any case ([`carried`]).
    pub repair: Kinds,
    /// The terms to be kept: what a changed word is in the other language they are asked before the memory, and a translation that lacks one
    /// or has a forbidden one is to be reviewed.
    pub glossary: Option<&'a Glossary>,
}

impl Default for PretranslateOptions<'_> {
    fn default() -> Self {
        let (min, measure, drafts) = Default::default();
        PretranslateOptions { min, proposals: 3, measure, drafts, repair: Kinds::default(), glossary: None }
    }
}

/// The least score that fills a segment of a document: 75 where the file marks what is to be reviewed; else 95, the same words
/// and numbers, because nothing would tell a guess from a translation.
pub fn least_score(document: &Document) -> Score {
    Score::from_percent(if document.kind().is_bilingual() { 75.0 } else { 95.0 })
}

/// What became of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It has a translation of its own already.
    Kept,
    /// Filled: equal as written, the memory knows one translation, and the glossary has nothing against it.
    Confirmed,
    /// Filled, to be reviewed.
    Draft,
    /// Not filled: the place of an inline code would be a guess, which this kind of file can not mark.
    Codes,
    /// Not filled: it can not be, as a plural entry.
    Unfillable,
    /// Nothing in the memory reaches the least score.
    Nothing,
}

impl Verdict {
    /// Its name for programs: `kept`, `confirmed`, `draft`, `codes`, `unfillable`, `nothing`.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Kept => "kept",
            Verdict::Confirmed => "confirmed",
            Verdict::Draft => "draft",
            Verdict::Codes => "codes",
            Verdict::Unfillable => "unfillable",
            Verdict::Nothing => "nothing",
        }
    }
}

/// A segment and why it was filled, or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Pretranslated {
    /// The number of the segment.
    pub segment: usize,
    /// What became of it.
    pub verdict: Verdict,
    /// The match that was used, or was the best.
    pub used: Option<Used>,
}

/// A match as it was used.
#[derive(Debug, Clone, PartialEq)]
pub struct Used {
    /// Its score.
    pub score: Score,
    /// Its kind.
    pub kind: MatchKind,
    /// What keeps it from 100.
    pub why: Vec<Why>,
    /// Its source, U+FFFC for codes.
    pub source: String,
    /// The translation as it was put in, U+FFFC for codes.
    pub target: String,
    /// The file of the memory.
    pub file: PathBuf,
    /// How its unit is addressed.
    pub id: String,
    /// Whether another translation of the same source is as good.
    pub ambiguous: bool,
    /// Whether the place of a code is a guess.
    pub codes_guessed: bool,
    /// How like the segment it is with what was repaired, if anything was.
    pub repaired: Option<Score>,
    /// What was repaired, and why.
    pub notes: Vec<String>,
    /// What the segment and its translation, as it was put in, have against the glossary.
    pub terms: Vec<String>,
}

/// Fills what the memory knows. The fills for [`Document::fill`], and for each segment what became of it, in their order; the
/// same with any number of threads.
pub fn pretranslate(
    document: &Document,
    library: &Library,
    options: &PretranslateOptions<'_>,
    workers: &Workers,
) -> (Vec<Fill>, Vec<Pretranslated>) {
    let min = options.min.unwrap_or_else(|| least_score(document));
    let half = min.min(Score::from_percent(50.0));
    let find = Find { top: options.proposals.max(2), min: half, floor: half };
    let waits = |at: usize| match document.segments()[at].state {
        State::Untranslated => true,
        State::Draft => options.drafts,
        State::Translated => false,
    };
    let queries = queries(document, options.measure);
    let one = |at: usize| {
        if !waits(at) {
            return (None, Pretranslated { segment: at, verdict: Verdict::Kept, used: None });
        }
        let found = library.find(&queries[at], &find);
        filled(document, at, &queries[at], &found, library, min, options)
    };
    let (mut fills, mut all) = (Vec::new(), Vec::new());
    let take = |(fill, what): (Option<Fill>, Pretranslated)| {
        fills.extend(fill);
        all.push(what);
        Ok::<(), Infallible>(())
    };
    let Ok(()) = workers.run_all(0..queries.len(), one, take);
    (fills, all)
}

fn filled(
    document: &Document,
    at: usize,
    query: &Query,
    found: &[Match<'_>],
    library: &Library,
    min: Score,
    options: &PretranslateOptions<'_>,
) -> (Option<Fill>, Pretranslated) {
    let segment = &document.segments()[at];
    let bilingual = document.kind().is_bilingual();
    let Some(best) = found.first() else {
        return (None, Pretranslated { segment: at, verdict: Verdict::Nothing, used: None });
    };
    let exact = best.score >= Score::EXACT;
    let kinds = options.repair.without(Kind::Code);
    let knowledge: &dyn Knowledge = match options.glossary {
        Some(glossary) => glossary,
        None => &(),
    };
    let repaired = match exact || !bilingual {
        true => None,
        false => library.repaired(query, &segment.source, &found[..1], kinds, knowledge).pop().flatten(),
    };
    let (target, score) = match &repaired {
        Some(repaired) => (&repaired.repair.target, repaired.score),
        None => (&best.segments[1], best.score),
    };
    let carried = carried(&segment.source, &best.segments[0], target);
    let ambiguous = exact
        && best.kind != MatchKind::Context
        && found.iter().any(|m| m.alternative_to == Some(0) && m.score >= best.score);
    let text = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Code(_) => "\u{FFFC}".to_owned(), // object replacement character
    };
    let put_in: String = carried.parts.iter().map(text).collect();
    let terms = options.glossary.map(|glossary| breaches(glossary, query, &put_in)).unwrap_or_default();
    let verdict = match score >= min {
        _ if !segment.fillable => Verdict::Unfillable,
        false => Verdict::Nothing,
        true if carried.guessed && !bilingual => Verdict::Codes,
        true if exact && !ambiguous && !carried.guessed && terms.is_empty() => Verdict::Confirmed,
        true => Verdict::Draft,
    };
    let origin = |found: &Match<'_>| in_line(&found.file.with_extension("")).to_string();
    let proposals = found.iter().take(options.proposals).map(|m| Proposal {
        source: m.segments[0].plain_text(),
        target: m.segments[1].plain_text(),
        quality: m.score.percent().min(100.0),
        origin: origin(m),
    });
    let proposals: Vec<Proposal> = if bilingual { proposals.collect() } else { Vec::new() };
    let used = Used {
        score: best.score,
        kind: best.kind,
        why: best.why.clone(),
        source: best.source.clone(),
        target: put_in,
        file: best.file.to_path_buf(),
        id: best.id().into_owned(),
        ambiguous,
        codes_guessed: carried.guessed,
        repaired: repaired.as_ref().map(|repaired| repaired.score),
        notes: repaired.iter().flat_map(|r| &r.repair.edits).map(ToString::to_string).collect(),
        terms,
    };
    let put = matches!(verdict, Verdict::Confirmed | Verdict::Draft);
    let fill = Fill {
        segment: at,
        target: put.then_some(carried.parts),
        confirmed: verdict == Verdict::Confirmed,
        // A confirmed translation needs none beside it.
        proposals: if verdict == Verdict::Confirmed { Vec::new() } else { proposals },
    };
    let fill = (put || !fill.proposals.is_empty()).then_some(fill);
    (fill, Pretranslated { segment: at, verdict, used: Some(used) })
}

/// What a segment and its translation have against the glossary.
fn breaches(glossary: &Glossary, query: &Query, translation: &str) -> Vec<String> {
    let (ar, en) = match query.lang() {
        Lang::Ar => (query.text(), translation),
        Lang::En => (translation, query.text()),
    };
    glossary.breaches(ar, en).iter().map(ToString::to_string).collect()
}
