//! `dhakira mcp`: the memory for an LLM, by the Model Context Protocol over stdin and stdout.

use crate::args::Mcp as Args;
use crate::options::General;
use crate::serve::desk::Desk;
use crate::serve::limits::Limits;
use crate::serve::trouble::Trouble;
use crate::serve::v1::analysis::{Job, analysed};
use crate::serve::v1::concordance::{Fitting, Kind, Side, pattern};
use crate::serve::v1::units::{NewUnit, add_unit};
use crate::talk::Talk;
use crate::wire::TermRecord;
use crate::{Ending, suggester};
use anyhow::Result;
use dhakira::Lang;
use dhakira::matching::{Query, Score};
use dhakira::memory::{Concordance, Find, Fragment, Memory, unit_id};
use dhakira::repair::Kinds;
use dhakira::unit::Seg;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{CallToolResult, Implementation, ServerCapabilities, ServerConfig};
use rmcp::{ServerHandler, ServiceExt, schemars, tool, tool_handler, tool_router};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// How many suggestions or lines an answer may have.
const MOST: usize = 20;
/// How many characters of a text are given; more is cut and says so.
const MOST_CHARS: usize = 1_000;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let folders = args.memory.folders();
    let first = &folders[0];
    let memory = if args.writable { Memory::create(first)? } else { Memory::open(first)? };
    let library = args.memory.library(&[])?;
    library.problems().iter().for_each(|problem| talk.error(problem));
    let limits = Limits { upload: 0 };
    let desk = Desk::new(library, memory, general.threads, !args.writable, limits);
    let desk = Arc::new(desk.with_glossary(args.glossaries.read()?));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let door = Door::new(desk, args.writable);
        let running = door.serve(rmcp::transport::stdio()).await?;
        running.waiting().await?;
        Ok(Ending::Done)
    })
}

/// The tools.
#[derive(Clone)]
struct Door {
    desk: Arc<Desk>,
    tool_router: ToolRouter<Door>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
struct LookupArguments {
    /// The sentence to translate, Arabic or English.
    source: String,
    /// `ar` or `en`; told by the letters if not given.
    lang: Option<String>,
    /// The least score, 0 to 100; 70 if not given.
    min: Option<f64>,
    /// How many suggestions, at most 20; 5 if not given.
    limit: Option<usize>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
struct ConcordanceArguments {
    /// Words to look for; spelling differences of Arabic (tashkeel, hamza seats, digits) do not matter.
    query: String,
    /// The side to look in; told by the letters if not given.
    side: Option<Side>,
    /// `phrase` if not given.
    kind: Option<Kind>,
    /// What a word of the query is in the text; `part` if not given.
    fit: Option<Fitting>,
    /// Letter by letter as written.
    #[serde(default)]
    verbatim: bool,
    /// How many segments, at most 20; 10 if not given.
    limit: Option<usize>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
struct AnalyseArguments {
    /// The document.
    text: String,
    /// What it is: `text` (usual; a line is a paragraph), `md`, `html`, `srt`, `xlf`, `po`, `tmx`.
    kind: Option<String>,
    /// `ar` or `en`; told by the document if not given.
    lang: Option<String>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
struct AddArguments {
    /// The Arabic side.
    ar: String,
    /// The English side.
    en: String,
    /// The document that it is from.
    document: Option<String>,
}

impl Door {
    fn new(desk: Arc<Desk>, writable: bool) -> Door {
        let mut tool_router = Door::tool_router();
        if !writable {
            tool_router.remove_route("add_unit");
        }
        Door { desk, tool_router }
    }
}

#[tool_router]
impl Door {
    #[tool(
        description = "Earlier human translations of sentences like this one, Arabic to English or English to Arabic, the most useful first. score: 100 is equal as written, 101 equal in the same context. repaired: the translation with the numbers, dates, names and known words of this sentence put in, where that is sure. terms: what terms of the sentence are in the other language, if there is a glossary; use the first target, never a forbidden term. parts: where no match is good, the longest parts of the sentence that the memory knows.",
        annotations(read_only_hint = true)
    )]
    async fn lookup(&self, Parameters(arguments): Parameters<LookupArguments>) -> CallToolResult {
        answered(lookup(&self.desk, arguments).await)
    }

    #[tool(
        description = "Where words occur in the translation memory, each segment with its translation.",
        annotations(read_only_hint = true)
    )]
    async fn concordance(&self, Parameters(arguments): Parameters<ConcordanceArguments>) -> CallToolResult {
        answered(concordance(&self.desk, arguments).await)
    }

    #[tool(
        description = "How much of a document is new: its segments and words by how much of them the memory knows (context is 101, then repetitions, 100, bands of fuzzy matches, new). Rows without segments are left out.",
        annotations(read_only_hint = true)
    )]
    async fn analyse(&self, Parameters(arguments): Parameters<AnalyseArguments>) -> CallToolResult {
        answered(analyse(&self.desk, arguments).await)
    }

    #[tool(
        description = "Adds a sentence and its translation to the memory. Says the same id again if it is there already.",
        annotations(read_only_hint = false, destructive_hint = false, idempotent_hint = true)
    )]
    async fn add_unit(&self, Parameters(arguments): Parameters<AddArguments>) -> CallToolResult {
        let AddArguments { ar, en, document } = arguments;
        let added = add_unit(&self.desk, NewUnit::of(ar, en, document)).await;
        answered(added.map(|id| json!({"added": id.is_some(), "id": id})))
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Door {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("dhakira", env!("CARGO_PKG_VERSION")))
            .with_instructions(
                "Translation memory between Arabic and English. Ask lookup before translating a sentence, concordance for terms.",
            )
    }
}

/// An answer, or why there is none, as codes and sentences that stay.
fn answered(answer: Result<Value, Trouble>) -> CallToolResult {
    match answer {
        Ok(value) => CallToolResult::structured(value),
        Err(Trouble { code, message, .. }) => {
            CallToolResult::structured_error(json!({"error": {"code": code, "message": message}}))
        }
    }
}

/// Sees what other programs wrote until now.
async fn look(desk: &Arc<Desk>) -> Result<(), Trouble> {
    let here = Arc::clone(desk);
    desk.work(move || here.look()).await?
}

fn language(named: Option<&str>, text: &str) -> Result<Lang, Trouble> {
    match named {
        Some("ar") => Ok(Lang::Ar),
        Some("en") => Ok(Lang::En),
        Some(other) => Err(Trouble::bad(format!("{other:?} is no language of ours; give ar or en"))),
        None => Ok(Lang::of_script(text).unwrap_or(Lang::Ar)),
    }
}

/// A text, cut where it is too long.
fn bounded(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

async fn lookup(desk: &Arc<Desk>, arguments: LookupArguments) -> Result<Value, Trouble> {
    let lang = language(arguments.lang.as_deref(), &arguments.source)?;
    let min = arguments.min.unwrap_or(70.0);
    if !(0.0..=100.0).contains(&min) {
        return Err(Trouble::bad("min: a score is between 0 and 100"));
    }
    let find = Find { top: arguments.limit.unwrap_or(5).min(MOST), min: Score::from_percent(min), ..Find::default() };
    look(desk).await?;
    let here = Arc::clone(desk);
    desk.read(move |library| {
        let query = Query::new(lang, &arguments.source);
        let found = library.find(&query, &find);
        let repaired = library.repaired(&query, &Seg::plain(query.text()), &found, Kinds::default(), here.glossary());
        let matches: Vec<Value> = found
            .iter()
            .zip(repaired)
            .map(|(found, repaired)| {
                let why: Vec<String> = found.why.iter().map(ToString::to_string).collect();
                let repaired = repaired.map(|repaired| bounded(&repaired.repair.target.text()));
                json!({"id": unit_id(&found.unit), "source": bounded(&found.source), "target": bounded(&found.target),
                    "score": found.score.percent(), "kind": found.kind.name(), "why": why,
                    "document": found.unit.prop("x-document"), "changed": found.changed(), "repaired": repaired})
            })
            .collect();
        let mut answer = json!({"lang": lang.code(), "matches": matches});
        if let Some(terms) = here.terms(lang, &arguments.source) {
            let of = |term: &TermRecord| json!({"term": term.term, "standing": term.standing, "targets": term.targets, "note": term.note.as_deref().map(bounded)});
            answer["terms"] = terms.iter().take(MOST).map(of).collect();
        }
        let parts = suggester::fragments(library, &query, &found);
        if !parts.is_empty() {
            let of = |part: &Fragment<'_>| {
                json!({"text": &query.text()[part.span.clone()], "target": bounded(&part.target), "times": part.times,
                    "confidence": (f64::from(part.confidence) * 100.0).round() / 100.0})
            };
            answer["parts"] = parts.iter().take(MOST).map(of).collect();
        }
        answer
    })
    .await
}

async fn concordance(desk: &Arc<Desk>, arguments: ConcordanceArguments) -> Result<Value, Trouble> {
    let side = arguments.side.map_or_else(|| language(None, &arguments.query), |side| Ok(side.into()))?;
    let pattern = pattern(&arguments.query, arguments.kind, arguments.fit, arguments.verbatim)?;
    let limit = arguments.limit.unwrap_or(10).clamp(1, MOST);
    look(desk).await?;
    desk.read(move |library| {
        let options = Concordance { side, limit, ..Concordance::default() };
        let found = library.concordance(&pattern, &options);
        let segments = library.occurrences(&pattern, &options).segments;
        let lines: Vec<Value> = found
            .lines
            .iter()
            .map(|line| {
                let hits: Vec<&str> = line.hits.iter().map(|hit| &line.text[hit.clone()]).collect();
                json!({"id": unit_id(&line.unit), "text": bounded(&line.text), "target": bounded(&line.target), "hits": hits,
                    "document": line.unit.prop("x-document")})
            })
            .collect();
        json!({"side": side.code(), "segments": segments, "lines": lines})
    })
    .await
}

async fn analyse(desk: &Arc<Desk>, arguments: AnalyseArguments) -> Result<Value, Trouble> {
    let ending = match arguments.kind.as_deref() {
        None | Some("text") => "txt",
        Some(kind @ ("md" | "html" | "srt" | "xlf" | "po" | "tmx")) => kind,
        Some(other) => {
            return Err(Trouble::bad(format!("kind: {other:?} is not text, md, html, srt, xlf, po or tmx")));
        }
    };
    look(desk).await?;
    let job = Job::of(format!("document.{ending}"), arguments.text, arguments.lang);
    let total = analysed(desk, job).await?.total;
    let words: u64 = total.iter().map(|row| row.words).sum();
    let rows = total.iter().filter(|row| row.segments > 0);
    let rows: Vec<Value> =
        rows.map(|row| json!({"band": row.band, "segments": row.segments, "words": row.words})).collect();
    Ok(json!({"rows": rows, "words": words}))
}
