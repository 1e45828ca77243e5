//! What a job costs: documents that are sent in, by how much of them the memories know.

use crate::serve::desk::Desk;
use crate::serve::trouble::{Refusal, Trouble};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use dhakira::document::{Document, Kind, Options};
use dhakira::matching::Measure;
use dhakira::task::{Analysis, AnalysisOptions, Band, analyse as analyse_documents};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// How many documents a job may have.
const MOST_DOCUMENTS: usize = 1_000;

/// A job.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Job {
    /// The documents in their order.
    documents: Vec<Sent>,
    /// The language of the documents, `ar` or `en`, where they do not name it; else their letters tell.
    lang: Option<String>,
    /// Whether the segments before count as known.
    #[serde(default)]
    internal: bool,
    /// Whether segments that have a translation are left out.
    #[serde(default)]
    untranslated: bool,
}

/// A document.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Sent {
    /// Its name, whose ending tells the kind: txt, md, html, srt, xlf, po, tmx.
    #[schema(example = "port.md")]
    name: String,
    /// Its text.
    #[schema(example = "# The port\n\nThe boats came home.\n")]
    text: String,
}

/// The rows of each document, and of all.
#[derive(Debug, Serialize, ToSchema)]
pub struct Analysed {
    documents: Vec<Rows>,
    pub total: Vec<BandRow>,
}

/// The rows of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rows {
    name: String,
    /// The language of its sources.
    #[schema(example = "en")]
    lang: &'static str,
    rows: Vec<BandRow>,
}

/// Segments and what they hold. Each segment is in one row.
#[derive(Debug, Serialize, ToSchema)]
pub struct BandRow {
    /// context (101), repetition, 100, 95-99, 85-94, 75-84, 50-74 or new.
    #[schema(example = "95-99")]
    pub band: &'static str,
    pub segments: u64,
    pub words: u64,
    characters: u64,
    characters_without_spaces: u64,
}

/// Counts what of documents is new. Nothing is written.
#[utoipa::path(post, path = "/v1/analyse", request_body = Job, responses(
    (status = 200, body = Analysed), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn analyse(
    State(desk): State<Arc<Desk>>,
    body: Result<Json<Job>, JsonRejection>,
) -> Result<Json<Analysed>, Trouble> {
    let Json(job) = body?;
    Ok(Json(analysed(&desk, job).await?))
}

impl Job {
    /// A job of one document.
    pub fn of(name: String, text: String, lang: Option<String>) -> Job {
        Job { documents: vec![Sent { name, text }], lang, internal: false, untranslated: false }
    }
}

/// Analyses a job.
pub async fn analysed(desk: &Arc<Desk>, job: Job) -> Result<Analysed, Trouble> {
    if job.documents.len() > MOST_DOCUMENTS {
        return Err(Trouble::bad(format!("documents: {} is more than {MOST_DOCUMENTS}", job.documents.len())));
    }
    let from = match job.lang.as_deref() {
        None => None,
        Some("ar") => Some(dhakira::Lang::Ar),
        Some("en") => Some(dhakira::Lang::En),
        Some(other) => return Err(Trouble::bad(format!("lang: {other:?} is no language of ours; give ar or en"))),
    };
    let options =
        AnalysisOptions { measure: Measure::default(), internal: job.internal, untranslated: job.untranslated };
    desk.read_with(move |library, workers| {
        let read = |sent: &Sent| {
            // Its path is the name that was sent in.
            let refused = |error: dhakira::Error| Trouble { message: error.to_string(), ..Trouble::from(error) };
            let kind = Kind::of(&sent.name).map_err(refused)?;
            Document::parse(kind, sent.text.as_bytes(), &sent.name, &Options { from, encoding: None }).map_err(refused)
        };
        let documents = job.documents.iter().map(read).collect::<Result<Vec<Document>, Trouble>>()?;
        let analyses = analyse_documents(&documents, library, &options, workers);
        let mut total = Analysis::default();
        analyses.iter().for_each(|analysis| total.add(analysis));
        let of = |((sent, document), analysis): ((&Sent, &Document), &Analysis)| Rows {
            name: sent.name.clone(),
            lang: document.source().code(),
            rows: rows(analysis),
        };
        let documents = job.documents.iter().zip(&documents).zip(&analyses).map(of).collect();
        Ok(Analysed { documents, total: rows(&total) })
    })
    .await?
}

fn rows(analysis: &Analysis) -> Vec<BandRow> {
    let row = |band: &Band| {
        let row = analysis.row(*band);
        BandRow {
            band: band.name(),
            segments: row.segments,
            words: row.count.words,
            characters: row.count.characters,
            characters_without_spaces: row.count.characters_without_spaces,
        }
    };
    Band::ALL.iter().map(row).collect()
}
