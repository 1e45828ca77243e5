//! Questions to memories and their answers, whatever they are shown as.

use crate::explain;
use crate::markup;
use crate::options::Suggesting;
use crate::wire::{DiffRecord, FragmentRecord, MatchAnswer, MatchRecord, MatchRequest, RepairedRecord, TermRecord};
use anyhow::{Result, bail};
use dhakira::glossary::{Glossary, Hit};
use dhakira::matching::{Context, Measure, Query, Score, diff};
use dhakira::memory::{Find, Fragment, Library, Match, Repaired};
use dhakira::repair::{Kind, Kinds};
use dhakira::unit::Seg;
use dhakira::{Lang, LangTag};
use serde_json::Value;

/// Why a question can not be answered: a code for programs, and a message.
pub type Refusal = (&'static str, String);

/// A sentence, and what is known of its place.
#[derive(Default)]
pub struct Question {
    pub text: String,
    /// What its inline codes say, if that is known.
    pub codes: Option<Vec<Box<str>>>,
    /// The content of a segment that it came as.
    pub seg: Option<String>,
    pub lang: Option<LangTag>,
    pub before: Option<String>,
    pub after: Option<String>,
    pub context: Option<String>,
}

impl TryFrom<MatchRequest> for Question {
    type Error = Refusal;

    fn try_from(request: MatchRequest) -> Result<Question, Refusal> {
        let lang = request.lang.as_deref().map(LangTag::new);
        if let Some(tag) = lang.as_ref().filter(|tag| tag.lang().is_none()) {
            return Err(("language", format!("{:?} is no language of ours; give ar or en", tag.as_str())));
        }
        let sentence = markup::sentence(request.seg.as_deref(), request.source, request.codes);
        let (text, codes) = sentence.map_err(|why| ("format", why))?;
        let MatchRequest { seg, before, after, context, .. } = request;
        Ok(Question { text, codes, seg, lang, before, after, context })
    }
}

/// What memories are asked with.
pub struct Suggester<'a> {
    options: &'a Suggesting,
    find: Find,
    glossary: Option<Glossary>,
}

/// What was found for a question, best first, each with what could be repaired.
pub struct Suggestions<'l> {
    pub query: Query,
    pub matches: Vec<Match<'l>>,
    pub repaired: Vec<Option<Repaired>>,
    /// The parts of the sentence that the memories know, if they were wanted and no match is good.
    pub fragments: Option<Vec<Fragment<'l>>>,
}

impl Suggestions<'_> {
    /// Whether there is nothing at all.
    pub fn is_empty(&self) -> bool {
        self.matches.is_empty() && self.fragments.iter().all(Vec::is_empty)
    }
}

/// Where a match is as good as this, parts of the sentence help nobody.
const GOOD: Score = Score::from_hundredths(7_500);

/// The parts of a sentence that the memories know, if no match is good.
pub fn fragments<'l>(library: &'l Library, query: &Query, matches: &[Match<'_>]) -> Vec<Fragment<'l>> {
    match matches.iter().any(|found| found.score >= GOOD) {
        true => Vec::new(),
        false => library.fragments(query.lang(), query.text()),
    }
}

impl<'a> Suggester<'a> {
    pub fn new(options: &'a Suggesting) -> Result<Suggester<'a>> {
        if !(0.0..=100.0).contains(&options.min) {
            bail!("--min {}: a score is between 0 and 100", options.min);
        }
        let min = Score::from_percent(options.min);
        let floor = if options.strict { min } else { Find::default().floor };
        let glossary = options.glossary.as_deref().map(Glossary::open).transpose()?;
        Ok(Suggester { options, find: Find { top: options.top, min, floor }, glossary })
    }

    /// The memories, opened.
    pub fn library(&self) -> Result<Library> {
        self.options.memory.library(&self.options.penalty)
    }

    pub fn min(&self) -> Score {
        self.find.min
    }

    pub fn suggestions<'l>(&self, question: &Question, library: &'l Library) -> Suggestions<'l> {
        let query = self.query(question);
        let matches = library.find(&query, &self.find);
        let repaired = self.repaired(question, &query, &matches, library);
        let fragments = self.options.fragments.then(|| fragments(library, &query, &matches));
        Suggestions { query, matches, repaired, fragments }
    }

    /// The same for programs.
    pub fn record<'s>(&'s self, id: Value, found: &'s Suggestions<'_>) -> MatchAnswer<'s> {
        let Suggestions { query, matches, repaired, fragments } = found;
        let both = matches.iter().zip(repaired);
        let matches = both.map(|(m, r)| record(query, m, r.as_ref(), self.options.explain)).collect();
        let records_of = |glossary: &'s Glossary| {
            let hits = glossary.hits(query.lang(), query.text());
            hits.iter().map(|hit| TermRecord::new(hit, query.lang())).collect()
        };
        let fragment = |fragment: &Fragment<'_>| FragmentRecord::new(query.text(), fragment);
        let fragments = fragments.as_ref().map(|found| found.iter().map(fragment).collect());
        MatchAnswer { id, matches, terms: self.glossary.as_ref().map(records_of), fragments }
    }

    pub fn glossary(&self) -> Option<&Glossary> {
        self.glossary.as_ref()
    }

    /// The terms of the glossary in the sentence.
    pub fn terms(&self, query: &Query) -> Vec<Hit<'_>> {
        self.glossary.as_ref().map(|glossary| glossary.hits(query.lang(), query.text())).unwrap_or_default()
    }

    fn repaired(
        &self,
        question: &Question,
        query: &Query,
        matches: &[Match],
        library: &Library,
    ) -> Vec<Option<Repaired>> {
        if self.options.no_repair {
            return matches.iter().map(|_| None).collect();
        }
        let (seg, known) = markup::segment(&question.text, question.codes.as_deref(), question.seg.as_deref());
        let kinds = self.options.repair.iter().copied().filter(|kind| known || *kind != Kind::Code);
        library.repaired(query, &seg, matches, Kinds::of(kinds), &self.glossary)
    }

    fn query(&self, question: &Question) -> Query {
        let tag = question.lang.as_ref().or(self.options.from.as_ref());
        // Without letters (a number, a sign) either side would do; Arabic is the source more often here.
        let seen = || Lang::of_script(&question.text).unwrap_or(Lang::Ar);
        let lang = tag.and_then(LangTag::lang).unwrap_or_else(seen);
        let (before, after, id) = (question.before.as_deref(), question.after.as_deref(), question.context.as_deref());
        let context = Context::of(lang, before, after, id);
        let measure = Measure::from(self.options.score);
        let mut query = Query::with_measure(lang, &question.text, measure).with_context(context);
        if let Some(codes) = &question.codes {
            query = query.with_codes(codes.clone());
        }
        match tag {
            Some(tag) => query.with_region(tag),
            None => query,
        }
    }
}

fn record<'a>(query: &'a Query, found: &'a Match, repaired: Option<&Repaired>, explained: bool) -> MatchRecord<'a> {
    let with_codes = found.segments.iter().any(Seg::has_codes);
    let [source_seg, target_seg] = found.segments.each_ref().map(|seg| with_codes.then(|| seg.markup()));
    let spans = diff(query.lang(), query.text(), &found.source).into_iter();
    MatchRecord {
        source: &found.source,
        target: &found.target,
        score: found.score.percent(),
        kind: found.kind.name(),
        why: found.why.iter().map(|why| why.name().to_owned()).collect(),
        folder: found.file.parent().map(|folder| folder.to_string_lossy()).unwrap_or_default(),
        memory: found.file.file_name().and_then(|name| name.to_str()).unwrap_or_default(),
        tuid: found.tuid(),
        changed: found.changed(),
        alternative_to: found.alternative_to,
        source_seg,
        target_seg,
        repaired: repaired.map(RepairedRecord::from),
        explain: explained.then(|| explain::record(found)),
        diff: spans
            .map(|span| DiffRecord {
                op: span.op.name(),
                query: &query.text()[span.a.clone()],
                source: &found.source[span.b.clone()],
                query_span: [span.a.start, span.a.end],
                source_span: [span.b.start, span.b.end],
            })
            .collect(),
    }
}
