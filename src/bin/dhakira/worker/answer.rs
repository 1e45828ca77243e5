//! Answers to requests, each made of its request and of what the worker was started with, and of nothing else.

use super::request::{Request, refusal, taken};
use crate::align::{How, form};
use crate::args::Worker as Args;
use crate::choice::{TaskName, UnitForm};
use crate::split;
use crate::suggester::{Question, Suggester};
use crate::wire::{
    AloneRecord, CheckAnswer, CheckRequest, ErrorBody, ErrorRecord, MatchRequest, PairAnswer, PairRequest,
    PartnerRecord, SplitRequest,
};
use dhakira::align::Scorer;
use dhakira::bitext::{self, Kind, WriteOptions};
use dhakira::check::{Checks, check};
use dhakira::corpus::{Candidate, Entry, Listed};
use dhakira::memory::Library;
use dhakira::segment::Rules;
use dhakira::task::batch::pair_up;
use dhakira::task::{Workers, align_entry, inspect_terms};
use dhakira::tmx::unit_xml;
use dhakira::unit::Unit;
use serde::Serialize;
use serde_json::{Map, Value};
use std::io;
use std::path::Path;
use std::sync::Arc;

/// What answers are made with.
pub struct Answerer<'a> {
    pub args: &'a Args,
    pub how: &'a How<'a>,
    pub scorer: &'a dyn Scorer,
    pub rules: Rules,
    pub checks: Checks,
    pub suggester: Suggester<'a>,
    /// Opened before the first line that asks for it; why it can not be.
    pub library: Option<Result<Library, String>>,
    pub workers: &'a Workers,
}

/// A line of an answer.
pub struct Answer {
    pub text: String,
    /// What is to be said on stderr, if it is an error.
    pub failed: Option<String>,
}

impl Answer {
    fn of(record: &impl Serialize) -> Answer {
        Answer { text: json(record), failed: None }
    }
}

type Made = Result<Answer, ErrorBody>;

impl Answerer<'_> {
    /// The answer to a request of the input called `path`.
    pub fn answer(&self, request: Request, path: &Arc<Path>) -> Answer {
        let Request { line, id, asked } = request;
        let made = asked.and_then(|(task, fields)| match task {
            TaskName::Align => self.align(&id, fields, line, path),
            TaskName::Split => self.split(fields, line),
            TaskName::Match => self.suggest(&id, fields, line),
            TaskName::Pair => self.pair(&id, fields, line, path),
            TaskName::Check => self.check(fields, line),
        });
        made.unwrap_or_else(|error| {
            let failed = Some(format!("line {line}: {}", error.message));
            Answer { text: json(&ErrorRecord { id, error }), failed }
        })
    }

    fn align(&self, id: &Value, mut fields: Map<String, Value>, line: u64, path: &Arc<Path>) -> Made {
        let wanted = match fields.remove("units") {
            None | Some(Value::Null) => self.args.units,
            Some(Value::String(form)) if form == "tmx" => Some(UnitForm::Tmx),
            Some(Value::String(form)) if form == "jsonl" => Some(UnitForm::Jsonl),
            Some(_) => return Err(refusal(line, "format", "the field `units` is the form of the units: tmx or jsonl")),
        };
        let force = match fields.remove("force") {
            None | Some(Value::Null) => self.args.force,
            Some(Value::Bool(force)) => force,
            Some(_) => return Err(refusal(line, "format", "the field `force` is true or false")),
        };
        // What is called so for us can be anything; for a manifest it is a name.
        if !id.is_string() && !id.is_number() {
            return Err(refusal(line, "format", "the `id` of an article pair is its name: a text or a number"));
        }
        let of_library = |error: dhakira::Error| located(&error, line);
        let entry = Entry::of_object(fields, listed(path, line)).map_err(of_library)?;
        let aligned = align_entry(&entry, &self.how.reading, self.scorer).map_err(of_library)?;
        let units = match wanted {
            None => None,
            Some(_) if !force && !aligned.alignment.is_translation() => Some(Vec::new()),
            Some(form) => {
                Some(unit_lines(&aligned.units(), form).map_err(|error| refusal(line, "unit", error.to_string()))?)
            }
        };
        Ok(Answer::of(&form::answer(&aligned, id.clone(), units)))
    }

    fn split(&self, fields: Map<String, Value>, line: u64) -> Made {
        let request: SplitRequest = taken(fields, line)?;
        let answer = split::answered(&request, None, &self.rules);
        answer.map(|answer| Answer::of(&answer)).map_err(|(code, message)| refusal(line, code, message))
    }

    fn suggest(&self, id: &Value, fields: Map<String, Value>, line: u64) -> Made {
        let request: MatchRequest = taken(fields, line)?;
        let question = Question::try_from(request).map_err(|(code, message)| refusal(line, code, message))?;
        match &self.library {
            Some(Ok(library)) => {
                let found = self.suggester.suggestions(&question, library);
                Ok(Answer::of(&self.suggester.record(id.clone(), &found)))
            }
            Some(Err(why)) => Err(refusal(line, "memory", why)),
            None => Err(refusal(line, "memory", "no memory is open")),
        }
    }

    fn pair(&self, id: &Value, fields: Map<String, Value>, line: u64, path: &Arc<Path>) -> Made {
        let request: PairRequest = taken(fields, line)?;
        let (mut articles, mut failed) = (Vec::new(), Vec::new());
        for (number, mut article) in request.articles.into_iter().enumerate() {
            let is_named = ["id", "name"].iter().any(|field| article.get(*field).is_some_and(|name| !name.is_null()));
            if !is_named {
                article.insert("id".to_owned(), number.into());
            }
            let name = article.get("id").or(article.get("name")).cloned().unwrap_or_default();
            match Candidate::of_object(article, listed(path, line)) {
                Ok(candidates) => articles.extend(candidates.into_iter().map(Ok)),
                Err(error) => failed.push(ErrorRecord { id: name, error: located(&error, line) }),
            }
        }
        let (how, lexicon) = (self.how, self.how.first.lexicon.as_ref());
        let paired = pair_up(articles, &how.reading, self.scorer, lexicon, self.workers);
        failed.extend(
            paired
                .failed
                .iter()
                .map(|(name, error)| ErrorRecord { id: name.as_str().into(), error: located(error, line) }),
        );
        let pairs = paired.entries.iter().filter_map(|entry| {
            let found = entry.facts.pairing.as_ref()?;
            let pairing = found.score.parse().ok()?;
            Some(PartnerRecord { id: &entry.name, partner: &found.partner, pairing })
        });
        let alone = paired.alone.iter();
        let alone = alone.map(|(lang, one)| AloneRecord { id: &one.name, lang: lang.code(), partner: None }).collect();
        let said = failed
            .first()
            .map(|first| format!("line {line}: {} of the articles: {}", failed.len(), first.error.message));
        let answer = Answer::of(&PairAnswer { id: id.clone(), pairs: pairs.collect(), alone, failed });
        Ok(Answer { failed: said, ..answer })
    }

    fn check(&self, fields: Map<String, Value>, line: u64) -> Made {
        let request: CheckRequest = taken(fields, line)?;
        let found = |unit: &Unit| {
            let glossary = self.suggester.glossary();
            let against = glossary.into_iter().flat_map(|glossary| inspect_terms(unit, glossary, &self.checks));
            check(unit, &self.checks).into_iter().chain(against).map(Into::into).collect()
        };
        let units = request.units.iter().map(|pair| found(&pair.unit())).collect();
        Ok(Answer::of(&CheckAnswer { id: request.id, units }))
    }
}

/// The lines that `align --to FORM` writes for units.
fn unit_lines(units: &[Unit], form: UnitForm) -> io::Result<Vec<String>> {
    match form {
        UnitForm::Tmx => units.iter().map(unit_xml).collect(),
        UnitForm::Jsonl => {
            let mut writer = bitext::Writer::new(Kind::JsonLines, Vec::new(), &WriteOptions::default())?;
            units.iter().try_for_each(|unit| writer.write_unit(unit))?;
            let (sinks, _) = writer.finish()?;
            Ok(String::from_utf8_lossy(&sinks.concat()).lines().map(str::to_owned).collect())
        }
    }
}

fn listed(path: &Arc<Path>, line: u64) -> Listed {
    Listed { path: path.clone(), line, byte: 0 }
}

/// An error of the library as that of a line of ours: its own place is that line, or one in a file that the message names.
fn located(error: &dhakira::Error, line: u64) -> ErrorBody {
    ErrorBody { line: Some(line), byte: None, ..ErrorBody::from(error) }
}

fn json(record: &impl Serialize) -> String {
    serde_json::to_string(record).expect("strings and finite numbers are always JSON")
}
