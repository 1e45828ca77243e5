//! `dhakira split`: sentences, one a line, or as JSON lines.

use crate::args::Split;
use crate::options::General;
use crate::talk::Talk;
use crate::wire::{ErrorBody, ErrorRecord, SplitAnswer, SplitRequest};
use crate::{Ending, input};
use anyhow::{Context, Result};
use dhakira::error::in_line;
use dhakira::segment::{self, Rules};
use dhakira::task::Workers;
use dhakira::{Lang, LangTag};
use serde_json::Value;
use std::io::{self, BufWriter, Write};

pub fn run(args: &Split, general: &General, talk: &Talk) -> Result<Ending> {
    let rules = rules(args)?;
    let workers = Workers::new(general.threads);
    let mut out = BufWriter::new(io::stdout().lock());
    let mut found = false;
    for path in input::or_stdin(&args.files) {
        if args.json {
            let lines = match input::lines(&path) {
                Ok(lines) => lines,
                Err(error) => {
                    talk.error(error);
                    continue;
                }
            };
            let lines = lines.enumerate().filter(|(_, line)| !line.as_ref().is_ok_and(|l| l.trim().is_empty()));
            workers.run_all(
                lines,
                |(n, line)| answer(n, line, args, &rules),
                |(answer, failed)| {
                    found = true;
                    if let Some(why) = failed {
                        talk.error(format_args!("{}: {why}", in_line(&path)));
                    }
                    writeln!(out, "{answer}")
                },
            )?;
        } else {
            match input::text(&path, args.encoding.as_deref()) {
                Ok(text) => found |= print(&text, args, &rules, &mut out)?,
                Err(error) => talk.error(error),
            }
        }
        out.flush()?;
    }
    Ok(if found { Ending::Done } else { Ending::Nothing })
}

fn rules(args: &Split) -> Result<Rules> {
    let mut rules = Rules::default();
    rules.semicolon = args.semicolon;
    if let Some(path) = &args.abbreviations {
        let list = input::text(path, args.encoding.as_deref())?;
        rules = rules.with_abbreviations(&list).with_context(|| in_line(path))?;
    }
    Ok(rules)
}

/// Plain text: each line in the language of its letters, a line without letters in that of the line before.
fn print(text: &str, args: &Split, rules: &Rules, out: &mut impl Write) -> io::Result<bool> {
    let mut lang = args.lang.map(Lang::from).or_else(|| Lang::of_script(text)).unwrap_or(Lang::En);
    let mut found = false;
    for line in text.lines() {
        if args.lang.is_none() {
            lang = Lang::of_script(line).unwrap_or(lang);
        }
        let document = segment::split_with(lang, line, rules);
        for index in 0..document.len() {
            writeln!(out, "{}", document.sentence(index))?;
            found = true;
        }
    }
    Ok(found)
}

/// The answer to one JSON line, and what failed, for stderr.
fn answer(number: usize, line: io::Result<String>, args: &Split, rules: &Rules) -> (String, Option<String>) {
    let request = match line
        .map_err(|e| ("encoding", e.to_string()))
        .and_then(|line| serde_json::from_str::<SplitRequest>(&line).map_err(|e| ("format", e.to_string())))
    {
        Ok(request) => request,
        Err((code, message)) => return refusal(Value::Null, number, code, message),
    };
    match answered(&request, args.lang.map(Lang::from), rules) {
        Ok(answer) => (serde_json::to_string(&answer).expect("strings and numbers are always JSON"), None),
        Err((code, message)) => refusal(request.id.clone(), number, code, message),
    }
}

/// The sentences of a request, or why there are none: a code for programs, and a message.
pub fn answered<'a>(
    request: &'a SplitRequest,
    usual: Option<Lang>,
    rules: &Rules,
) -> Result<SplitAnswer<'a>, (&'static str, String)> {
    let lang = match &request.lang {
        Some(tag) => LangTag::new(tag)
            .lang()
            .ok_or_else(|| ("language", format!("{tag:?} is no language of ours; give ar or en")))?,
        None => usual.or_else(|| Lang::of_script(&request.raw)).unwrap_or(Lang::En),
    };
    let document = segment::split_with(lang, &request.raw, rules);
    let spans = document.segments().iter().map(|s| s.span.clone());
    Ok(SplitAnswer {
        sentences: spans.clone().map(|span| &request.raw[span]).collect(),
        spans: spans.map(|span| [span.start, span.end]).collect(),
        id: request.id.clone(),
    })
}

fn refusal(id: Value, number: usize, code: &str, message: String) -> (String, Option<String>) {
    let line = number as u64 + 1;
    let said = format!("line {line}: {message}");
    let error = ErrorBody { code: code.to_owned(), message, line: Some(line), byte: None, tuid: None };
    let record = serde_json::to_string(&ErrorRecord { id, error }).expect("strings and numbers are always JSON");
    (record, Some(said))
}
