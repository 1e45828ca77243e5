//! Where words occur.

use crate::serve::desk::Desk;
use crate::serve::trouble::{Refusal, Trouble};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use dhakira::Lang;
use dhakira::concordance::{Fit, Pattern, PatternError, PatternKind, PatternOptions};
use dhakira::memory::{Concordance, ConcordanceLine, DateRange, Filter, Position, unit_id};
use rmcp::schemars;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

const MOST_LINES: u16 = 500;

/// What is looked for, and where.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// The pattern.
    q: String,
    /// The side that it is looked for in, `ar` or `en`; else told by its letters.
    #[serde(rename = "in")]
    #[param(inline)]
    side: Option<Side>,
    /// `phrase` (usual), `all-words`, `wildcard` or `regex`.
    #[param(inline)]
    kind: Option<Kind>,
    /// What a word of the pattern is in the text: a `part` of a word (usual), a whole `word`, or its `stem`.
    #[param(inline)]
    fit: Option<Fitting>,
    /// Whether the letters must be as written: tashkeel, hamza seats, case and so on count.
    #[serde(default)]
    verbatim: bool,
    document: Option<String>,
    author: Option<String>,
    origin: Option<String>,
    /// The name of the file.
    file: Option<String>,
    /// A year, month or day: 2024, 2024-03, 2024-03-31.
    since: Option<String>,
    until: Option<String>,
    /// How many segments, at most 500; 50 if not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// Where to go on: `next` of the answer before.
    from: Option<String>,
    /// Whether only to count.
    #[serde(default)]
    count: bool,
}

/// A language.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Ar,
    En,
}

impl From<Side> for Lang {
    fn from(side: Side) -> Lang {
        match side {
            Side::Ar => Lang::Ar,
            Side::En => Lang::En,
        }
    }
}

/// What a pattern is.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Phrase,
    AllWords,
    Wildcard,
    Regex,
}

/// What a word of a pattern is in the text.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Fitting {
    Part,
    Word,
    Stem,
}

/// The segments with hits, or how many there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Occurrences {
    /// The side that was looked in: `ar` or `en`.
    lang: &'static str,
    /// Segments with hits: those given, or with `count` all of them.
    segments: usize,
    hits: usize,
    lines: Vec<Line>,
    /// Where to go on; null if there is no more.
    next: Option<String>,
}

/// A segment with hits.
#[derive(Debug, Serialize, ToSchema)]
struct Line {
    id: String,
    /// The text, cut where hits begin and end: every second part is a hit.
    parts: Vec<String>,
    target: String,
    memory: String,
    file: String,
    document: Option<String>,
    origin: Option<String>,
    changed: Option<String>,
}

/// Every segment in which something occurs.
#[utoipa::path(get, path = "/v1/concordance", params(Asked), responses(
    (status = 200, body = Occurrences), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn concordance(
    State(desk): State<Arc<Desk>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Occurrences>, Trouble> {
    let Query(asked) = asked?;
    let pattern = pattern(&asked.q, asked.kind, asked.fit, asked.verbatim)?;
    let limit = asked.limit.unwrap_or(50);
    if !(1..=MOST_LINES).contains(&limit) {
        return Err(Trouble::bad(format!("limit: 1 to {MOST_LINES}")));
    }
    let side = asked.side.map(Lang::from).or_else(|| Lang::of_script(&asked.q)).unwrap_or(Lang::Ar);
    let options = Concordance {
        side,
        limit: limit.into(),
        from: position(asked.from.as_deref())?,
        filter: filter([asked.document, asked.author, asked.origin, asked.file], [asked.since, asked.until])?,
    };
    let here = Arc::clone(&desk);
    let answer = desk.read(move |library| {
        if asked.count {
            let counted = library.occurrences(&pattern, &options);
            let (segments, hits) = (counted.segments, counted.hits);
            return Occurrences { lang: side.code(), segments, hits, lines: Vec::new(), next: None };
        }
        let found = library.concordance(&pattern, &options);
        Occurrences {
            lang: side.code(),
            segments: found.lines.len(),
            hits: found.lines.iter().map(|line| line.hits.len()).sum(),
            lines: found.lines.iter().map(|line| body(&here, line)).collect(),
            next: found.next.map(|next| next.to_string()),
        }
    });
    Ok(Json(answer.await?))
}

/// A pattern as it is asked for: by HTTP, and by an LLM.
pub fn pattern(text: &str, kind: Option<Kind>, fit: Option<Fitting>, verbatim: bool) -> Result<Pattern, Trouble> {
    let kind = match kind {
        None | Some(Kind::Phrase) => PatternKind::Phrase,
        Some(Kind::AllWords) => PatternKind::AllWords,
        Some(Kind::Wildcard) => PatternKind::Wildcard,
        Some(Kind::Regex) => PatternKind::Regex,
    };
    let fit = match fit {
        None | Some(Fitting::Part) => Fit::Part,
        Some(Fitting::Word) => Fit::Word,
        Some(Fitting::Stem) => Fit::Stem,
    };
    let wrong = |error: PatternError| {
        let code = match error {
            PatternError::Empty => "pattern-empty",
            PatternError::Regex(_) => "pattern-regex",
            PatternError::Stem => "pattern-stem",
            _ => "pattern",
        };
        Trouble::new(StatusCode::BAD_REQUEST, code, format!("the pattern: {error}"))
    };
    Pattern::new(text, &PatternOptions { kind, fit, verbatim }).map_err(wrong)
}

/// Which units, by document, author, origin and file, since and until when. What a form that was left empty sends is nothing.
pub fn filter(names: [Option<String>; 4], dates: [Option<String>; 2]) -> Result<Filter, Trouble> {
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let [document, author, origin, file] = names.map(given);
    let [since, until] = dates.map(given);
    let dates = DateRange::new(since.as_deref(), until.as_deref()).ok_or_else(|| {
        let message = "since, until: a year, a month or a day, for example 2024, 2024-03 or 2024-03-31";
        Trouble::new(StatusCode::BAD_REQUEST, "date", message)
    })?;
    Ok(Filter { document, author, origin, file, dates })
}

/// Where to go on.
pub fn position(text: Option<&str>) -> Result<Option<Position>, Trouble> {
    let position = |text: &str| Position::new(text).ok_or_else(|| Trouble::bad("from: no position"));
    text.map(position).transpose()
}

fn body(desk: &Desk, line: &ConcordanceLine<'_>) -> Line {
    let mut parts = Vec::new();
    let mut at = 0;
    for hit in &line.hits {
        parts.push(line.text[at..hit.start].to_owned());
        parts.push(line.text[hit.clone()].to_owned());
        at = hit.end;
    }
    parts.push(line.text[at..].to_owned());
    Line {
        id: unit_id(&line.unit).into_owned(),
        parts,
        target: line.target.clone(),
        memory: line.file.parent().map(|folder| desk.label(folder)).unwrap_or_default(),
        file: line.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        document: line.unit.prop("x-document").map(str::to_owned),
        origin: line.unit.prop("x-origin").map(str::to_owned),
        changed: line.changed().map(str::to_owned),
    }
}
