//! `dhakira match`: suggestions for new sentences, for eyes or as JSON lines.

use crate::args::Match as Args;
use crate::highlight::inline;
use crate::options::General;
use crate::talk::Talk;
use crate::terminal::{Look, Style};
use crate::wire::{DiffRecord, ErrorBody, ErrorRecord, MatchAnswer, MatchRecord, MatchRequest};
use crate::{Ending, input, page};
use anyhow::Result;
use dhakira::error::in_line;
use dhakira::matching::{Measure, Query, Score, diff};
use dhakira::memory::{Find, Match, Memory, Snapshot};
use dhakira::task::Workers;
use dhakira::{Lang, LangTag};
use serde_json::Value;
use std::io::{self, Write};
use std::path::Path;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    if !(0.0..=100.0).contains(&args.min) {
        anyhow::bail!("--min {}: a score is between 0 and 100", args.min);
    }
    let workers = Workers::new(general.threads);
    let memory = Memory::open(&args.memory.memory)?;
    let snapshot = workers.run(|| memory.snapshot())?;
    snapshot.problems().iter().for_each(|problem| talk.error(problem));
    if snapshot.is_empty() {
        talk.note(format_args!("{}: the memory is empty", in_line(memory.folder())));
    }
    let min = Score::from_percent(args.min);
    let floor = if args.strict { min } else { Find::default().floor };
    let find = Find { top: args.top, min, floor };
    let (from, measure) = (args.from.map(Lang::from), Measure::from(args.score));
    let door = Door { snapshot, find, from, measure, look: Look::new(general) };
    let mut out = door.look.stdout();
    let mut found = false;
    if args.html {
        out.write_all(page::HEAD.as_bytes())?;
    }
    for (number, text) in texts(args)?.enumerate() {
        let line = number + 1;
        found |= workers.run(|| door.answer(line, text, args))?.deliver(&mut out, talk)?;
        out.flush()?;
    }
    if args.html {
        out.write_all(page::FOOT.as_bytes())?;
    }
    Ok(if found { Ending::Done } else { Ending::Nothing })
}

/// The sentences asked about: arguments, or lines of stdin.
fn texts(args: &Args) -> Result<Box<dyn Iterator<Item = io::Result<String>> + '_>> {
    if !args.texts.is_empty() {
        return Ok(Box::new(args.texts.iter().map(|text| Ok(text.clone()))));
    }
    let lines = input::lines(Path::new("-"))?;
    Ok(Box::new(lines.filter(|line| !line.as_ref().is_ok_and(|l| l.trim().is_empty()))))
}

/// What is needed to answer.
struct Door {
    snapshot: Snapshot,
    find: Find,
    from: Option<Lang>,
    measure: Measure,
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

impl Door {
    fn answer(&self, line: usize, text: io::Result<String>, args: &Args) -> Result<Answer> {
        // Sentences on the command line are sentences; only lines of stdin are JSON.
        match text {
            Err(error) => self.refuse(Value::Null, line, "encoding", error.to_string(), args.json),
            Ok(text) if !args.json => {
                let query = self.query(&text, None);
                let matches = self.snapshot.find(&query, &self.find);
                let text = match args.html {
                    true => page::section(&query, &matches, self.find.min),
                    false => self.shown(&query, &matches),
                };
                Ok(Answer { text, found: !matches.is_empty(), failed: None })
            }
            Ok(text) if !args.texts.is_empty() => self.json(Value::from(line), &text, None),
            Ok(text) => match serde_json::from_str::<MatchRequest>(&text) {
                Err(error) => self.refuse(Value::Null, line, "format", error.to_string(), true),
                Ok(request) => match request.lang.as_deref().map(|tag| (tag, LangTag::new(tag).lang())) {
                    Some((tag, None)) => {
                        let message = format!("{tag:?} is no language of ours; give ar or en");
                        self.refuse(request.id, line, "language", message, true)
                    }
                    lang => self.json(request.id, &request.source, lang.and_then(|(_, lang)| lang)),
                },
            },
        }
    }

    fn query(&self, text: &str, lang: Option<Lang>) -> Query {
        // Without letters (a number, a sign) either side would do; Arabic is the source more often here.
        let lang = lang.or(self.from).or_else(|| Lang::of_script(text)).unwrap_or(Lang::Ar);
        Query::with_measure(lang, text, self.measure)
    }

    fn json(&self, id: Value, text: &str, lang: Option<Lang>) -> Result<Answer> {
        let query = self.query(text, lang);
        let matches = self.snapshot.find(&query, &self.find);
        let records = matches.iter().map(|m| record(&query, m)).collect();
        let text = serde_json::to_string(&MatchAnswer { id, matches: records })? + "\n";
        Ok(Answer { text, found: !matches.is_empty(), failed: None })
    }

    fn refuse(&self, id: Value, line: usize, code: &str, message: String, json: bool) -> Result<Answer> {
        let failed = Some(format!("line {line}: {message}"));
        let error = ErrorBody { code: code.to_owned(), message, line: Some(line as u64), byte: None, tuid: None };
        let text = if json { serde_json::to_string(&ErrorRecord { id, error })? + "\n" } else { String::new() };
        Ok(Answer { text, found: false, failed })
    }

    /// For eyes: the query, then each suggestion with its score, its source against the query, its translation.
    fn shown(&self, query: &Query, matches: &[Match]) -> String {
        let look = &self.look;
        let (from, to) = (query.lang(), query.lang().other());
        let mut shown = format!("{}\n", look.side(from, query.text()));
        if matches.is_empty() {
            shown += &format!("  {}\n", look.paint(Style::Dim, &format!("nothing at {} or better", self.find.min)));
        }
        for found in matches {
            let score = look.paint(Style::Strong, &format!("{:>5}", found.score.to_string()));
            let file = found.file.file_stem().unwrap_or_default().to_string_lossy();
            let other = if found.alternative_to.is_some() { "  another translation" } else { "" };
            shown += &format!("{score}  {}  {}{other}\n", found.kind, look.paint(Style::Dim, &file));
            shown += &format!(
                "       {}  {}\n",
                from.code(),
                look.side(from, &inline(look, from, query.text(), &found.source))
            );
            shown += &format!("       {}  {}\n", to.code(), look.side(to, &found.target));
            if !found.why.is_empty() {
                let why: Vec<String> = found.why.iter().map(ToString::to_string).collect();
                shown += &format!("       {}\n", look.paint(Style::Dim, &why.join("; ")));
            }
        }
        shown
    }
}

fn record<'a>(query: &'a Query, found: &'a Match) -> MatchRecord<'a> {
    let spans = diff(query.lang(), query.text(), &found.source).into_iter();
    MatchRecord {
        source: &found.source,
        target: &found.target,
        score: found.score.percent(),
        kind: found.kind.name(),
        why: found.why.iter().map(|why| why.name().to_owned()).collect(),
        memory: found.file.file_name().and_then(|name| name.to_str()).unwrap_or_default(),
        tuid: found.tuid(),
        changed: found.changed(),
        alternative_to: found.alternative_to,
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
