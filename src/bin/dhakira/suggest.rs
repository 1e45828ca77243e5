//! `dhakira match`: suggestions for new sentences, for eyes or as JSON lines.

use crate::args::Match as Args;
use crate::highlight::inline;
use crate::options::General;
use crate::suggester::{Question, Refusal, Suggester, Suggestions};
use crate::talk::Talk;
use crate::terminal::{Look, Style};
use crate::wire::{ErrorBody, ErrorRecord, MatchRequest};
use crate::{Ending, explain, input, markup, page};
use anyhow::Result;
use dhakira::error::in_line;
use dhakira::glossary::Standing;
use dhakira::matching::Query;
use dhakira::memory::{Fragment, Library, Match, Repaired};
use dhakira::repair::Edit;
use dhakira::task::Workers;
use serde_json::Value;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let suggester = Suggester::new(&args.suggesting)?;
    let workers = Workers::new(general.threads);
    let mut library = workers.run(|| suggester.library())?;
    library.problems().iter().for_each(|problem| talk.error(problem));
    if library.is_empty() {
        let folders: Vec<String> =
            args.suggesting.memory.folders().iter().map(|folder| in_line(folder).to_string()).collect();
        talk.note(format_args!("{}: the memory is empty", folders.join(", ")));
    }
    let door = Door { args, suggester, look: Look::new(general) };
    let mut out = door.look.stdout();
    let mut found = false;
    if args.html {
        out.write_all(page::HEAD.as_bytes())?;
    }
    let mut asked = Neighbouring::new(door.asked()?, args.document);
    loop {
        let before = Instant::now();
        let Some(asked) = asked.next() else { break };
        // Who lets us wait may have put something into the memory meanwhile; a batch has one answer from one state.
        if args.texts.is_empty() && before.elapsed() >= WAITED {
            workers.run(|| library.refresh())?;
        }
        found |= workers.run(|| door.answer(asked, &library))?.deliver(&mut out, talk)?;
        out.flush()?;
    }
    if args.html {
        out.write_all(page::FOOT.as_bytes())?;
    }
    Ok(if found { Ending::Done } else { Ending::Nothing })
}

/// A line that takes so long to come was typed, or sent by a program that waits for each answer.
const WAITED: Duration = Duration::from_millis(1);

/// What is asked, or why it can not be.
struct Asked {
    id: Value,
    line: usize,
    question: Result<Question, Refusal>,
}

/// Gives each question its neighbours in the list, if they are those of a document.
struct Neighbouring<I> {
    asked: I,
    document: bool,
    /// The text of the last one; nothing before the first.
    before: Option<String>,
    next: Option<Asked>,
}

impl<I: Iterator<Item = Asked>> Neighbouring<I> {
    fn new(asked: I, document: bool) -> Neighbouring<I> {
        Neighbouring { asked, document, before: Some(String::new()), next: None }
    }
}

impl<I: Iterator<Item = Asked>> Iterator for Neighbouring<I> {
    type Item = Asked;

    fn next(&mut self) -> Option<Asked> {
        if !self.document {
            return self.asked.next();
        }
        let mut asked = self.next.take().or_else(|| self.asked.next())?;
        self.next = self.asked.next();
        let text = |asked: &Asked| asked.question.as_ref().ok().map(|question| question.text.clone());
        let before = std::mem::replace(&mut self.before, text(&asked));
        if let Ok(question) = &mut asked.question {
            question.before = question.before.take().or(before);
            question.after = question.after.take().or_else(|| self.next.as_ref().map_or(Some(String::new()), text));
        }
        Some(asked)
    }
}

/// What is needed to answer.
struct Door<'a> {
    args: &'a Args,
    suggester: Suggester<'a>,
    look: Look,
}

/// An answer ready to be written.
struct Answer {
    text: String,
    found: bool,
    failed: Option<String>,
}

impl Answer {
    fn deliver(self, out: &mut impl Write, talk: &Talk) -> io::Result<bool> {
        if let Some(why) = self.failed {
            talk.error(why);
        }
        out.write_all(self.text.as_bytes())?;
        Ok(self.found)
    }
}

impl<'a> Door<'a> {
    /// What is asked: arguments, or lines of stdin.
    fn asked(&self) -> Result<Box<dyn Iterator<Item = Asked> + 'a>> {
        let args = self.args;
        let asked = |(number, text): (usize, io::Result<String>)| {
            let line = number + 1;
            let refused = |code, message: String| Asked { id: Value::Null, line, question: Err((code, message)) };
            match text {
                Err(error) => refused("encoding", error.to_string()),
                // Sentences on the command line are sentences; only lines of stdin are JSON.
                Ok(text) if !args.json || !args.texts.is_empty() => {
                    Asked { id: Value::from(line), line, question: question(text, args) }
                }
                Ok(text) => match serde_json::from_str::<MatchRequest>(&text) {
                    Err(error) => refused("format", error.to_string()),
                    Ok(request) => Asked { id: request.id.clone(), line, question: placed(request, args) },
                },
            }
        };
        if !args.texts.is_empty() {
            return Ok(Box::new(args.texts.iter().map(|text| Ok(text.clone())).enumerate().map(asked)));
        }
        let lines = input::lines(Path::new("-"))?;
        let lines = lines.filter(|line| !line.as_ref().is_ok_and(|l| l.trim().is_empty()));
        Ok(Box::new(lines.enumerate().map(asked)))
    }

    fn answer(&self, asked: Asked, library: &Library) -> Result<Answer> {
        let Asked { id, line, question } = asked;
        let question = match question {
            Ok(question) => question,
            Err((code, message)) => return self.refuse(id, line, code, message),
        };
        let suggestions = self.suggester.suggestions(&question, library);
        let Suggestions { query, matches, repaired, fragments } = &suggestions;
        let fragments = fragments.as_deref().unwrap_or_default();
        let found = !suggestions.is_empty();
        let text = if self.args.json {
            serde_json::to_string(&self.suggester.record(id, &suggestions))? + "\n"
        } else if self.args.html {
            page::section(&suggestions, self.suggester.min(), self.args.suggesting.explain)
        } else {
            self.shown(query, matches, repaired, library.snapshots().count() > 1)
                + &self.shown_fragments(query, fragments)
        };
        Ok(Answer { text, found, failed: None })
    }

    fn refuse(&self, id: Value, line: usize, code: &str, message: String) -> Result<Answer> {
        let failed = Some(format!("line {line}: {message}"));
        let error = ErrorBody { code: code.to_owned(), message, line: Some(line as u64), byte: None, tuid: None };
        let text = match self.args.json {
            true => serde_json::to_string(&ErrorRecord { id, error })? + "\n",
            false => String::new(),
        };
        Ok(Answer { text, found: false, failed })
    }

    /// For eyes: the query, then each suggestion with its score, its source against the query, its translation.
    fn shown(&self, query: &Query, matches: &[Match], repaired: &[Option<Repaired>], many: bool) -> String {
        let look = &self.look;
        let (from, to) = (query.lang(), query.lang().other());
        let mut shown = format!("{}\n", look.side(from, query.text()));
        for hit in self.suggester.terms(query) {
            let targets: Vec<String> = hit.entry.allowed(to).map(|term| look.inserted(&term.text)).collect();
            let forbidden = if hit.term.standing == Standing::Forbidden { ", a forbidden term" } else { "" };
            let line = format!("term {}{forbidden} = {}", look.inserted(&hit.term.text), targets.join(" | "));
            shown += &format!("       {}\n", look.paint(Style::Dim, &line));
        }
        if matches.is_empty() {
            shown +=
                &format!("  {}\n", look.paint(Style::Dim, &format!("nothing at {} or better", self.suggester.min())));
        }
        for (found, repaired) in matches.iter().zip(repaired) {
            let score = look.paint(Style::Strong, &format!("{:>5}", found.score.to_string()));
            let file = match many {
                true => in_line(&found.file.with_extension("")).to_string(),
                false => found.file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            };
            let other = if found.alternative_to.is_some() { "  another translation" } else { "" };
            shown += &format!("{score}  {}  {}{other}\n", found.kind, look.paint(Style::Dim, &file));
            shown += &format!(
                "       {}  {}\n",
                from.code(),
                look.side(from, &inline(look, from, query.text(), &found.source))
            );
            shown += &format!("       {}  {}\n", to.code(), look.side(to, &found.target));
            if let Some(repaired) = repaired {
                shown += &format!("        →  {}\n", look.side(to, &marked(look, repaired)));
            }
            if !found.why.is_empty() {
                let why: Vec<String> = found.why.iter().map(ToString::to_string).collect();
                shown += &format!("       {}\n", look.paint(Style::Dim, &why.join("; ")));
            }
            if let Some(repaired) = repaired {
                let about = |edit: &Edit| {
                    let part = |text: &str| look.inserted(text);
                    match (edit.from.as_str(), edit.to.as_str()) {
                        ("", to) => format!("{} added", part(to)),
                        (from, "") => format!("{} taken out", part(from)),
                        (from, to) => format!("{} for {}", part(to), part(from)),
                    }
                };
                let edits: Vec<String> = repaired.repair.edits.iter().map(about).collect();
                let line = format!("→ repaired, {}: {}", repaired.score, edits.join(", "));
                shown += &format!("       {}\n", look.paint(Style::Dim, &line));
            }
            if self.args.suggesting.explain {
                for edit in repaired.iter().flat_map(|repaired| &repaired.repair.edits) {
                    shown += &format!("       {}\n", look.paint(Style::Dim, &look.message(&edit.to_string())));
                }
                for line in explain::lines(found) {
                    shown += &format!("       {}\n", look.paint(Style::Dim, &line));
                }
            }
        }
        shown
    }

    /// For eyes: each part with its translation, and how many units say so.
    fn shown_fragments(&self, query: &Query, fragments: &[Fragment]) -> String {
        let look = &self.look;
        let line = |fragment: &Fragment<'_>| {
            let part = look.inserted(&query.text()[fragment.span.clone()]);
            let about = match (fragment.is_whole, fragment.times) {
                (true, 1) => "a unit of its own".to_owned(),
                (true, times) => format!("{times} units of their own"),
                (false, 1) => format!("in 1 unit, {:.2}", fragment.confidence),
                (false, times) => format!("in {times} units, {:.2}", fragment.confidence),
            };
            let about = look.paint(Style::Dim, &about);
            format!(" part  {part} = {}  {about}\n", look.inserted(&fragment.target))
        };
        fragments.iter().map(line).collect()
    }
}

/// The repaired translation, what is new in it coloured.
fn marked(look: &Look, repaired: &Repaired) -> String {
    let text = repaired.repair.target.text();
    let (mut shown, mut at) = (String::new(), 0);
    for edit in &repaired.repair.edits {
        shown += &text[at..edit.range.start];
        shown += &look.paint(Style::Replacing, &text[edit.range.clone()]);
        at = edit.range.end;
    }
    shown + &text[at..]
}

fn question(text: String, args: &Args) -> Result<Question, Refusal> {
    let (before, after, context) = (args.before.clone(), args.after.clone(), args.context.clone());
    let (text, codes, seg) = match args.markup {
        true => coded(&text).map(|(plain, codes)| (plain, Some(codes), Some(text)))?,
        false => (text, None, None),
    };
    let plain = |text: Option<String>| match text {
        Some(text) if args.markup => coded(&text).map(|(text, _)| Some(text)),
        text => Ok(text),
    };
    Ok(Question { text, codes, seg, lang: None, before: plain(before)?, after: plain(after)?, context })
}

fn coded(markup: &str) -> Result<markup::Coded, Refusal> {
    markup::read(markup).map_err(|why| ("format", why))
}

/// The question of a line; what it does not say of its place, the options do.
fn placed(request: MatchRequest, args: &Args) -> Result<Question, Refusal> {
    let question = Question::try_from(request)?;
    Ok(Question {
        before: question.before.or_else(|| args.before.clone()),
        after: question.after.or_else(|| args.after.clone()),
        context: question.context.or_else(|| args.context.clone()),
        ..question
    })
}
