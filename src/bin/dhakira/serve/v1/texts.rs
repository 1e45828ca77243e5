//! Texts that are sent in: aligned, saved as units when a person has looked at the links, checked.

use crate::serve::desk::Desk;
use crate::serve::trouble::{Refusal, Trouble};
use crate::wire::{FindingBody, Pair};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use dhakira::Lang;
use dhakira::align::{Alignment, Bead, LogLinear, Notes};
use dhakira::check::{Checks, check as check_unit};
use dhakira::corpus::{self, Facts};
use dhakira::segment::Document;
use dhakira::task::{AlignedPair, Reading, Side, align_texts, inspect_terms};
use dhakira::tmx::Header;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// How many sentences a side may have that is saved.
const MOST_SENTENCES: usize = 100_000;
const MOST_CHECKED: usize = 1_000;

/// An article and its translation.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AlignBody {
    /// The name of the pair.
    #[schema(example = "harbour")]
    name: String,
    /// What both texts are.
    kind: Option<Kind>,
    ar: String,
    en: String,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Text,
    Markdown,
    Html,
}

/// The sentences of both, and their links.
#[derive(Debug, Serialize, ToSchema)]
pub struct Aligned {
    name: String,
    /// How sure it is that the two texts are translations of each other, 0 to 1.
    confidence: f64,
    translation: bool,
    ar: Vec<String>,
    en: Vec<String>,
    links: Vec<Link>,
    /// Lines that were taken for furniture of the page.
    removed: Vec<String>,
}

/// A link: sentence numbers from 0 on each side, first and behind the last, and the probability that it is right.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Link {
    #[schema(max_items = 2, min_items = 2)]
    ar: [usize; 2],
    #[schema(max_items = 2, min_items = 2)]
    en: [usize; 2],
    /// 1 if a person said so.
    #[schema(minimum = 0, maximum = 1)]
    confidence: f32,
}

/// Links the sentences of two texts. Nothing is written.
#[utoipa::path(post, path = "/v1/align", request_body = AlignBody, responses(
    (status = 200, body = Aligned), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn align(
    State(desk): State<Arc<Desk>>,
    body: Result<Json<AlignBody>, JsonRejection>,
) -> Result<Json<Aligned>, Trouble> {
    let Json(body) = body?;
    let aligned = desk.work(move || {
        let kind = match body.kind {
            Some(Kind::Markdown) => corpus::Kind::Markdown,
            Some(Kind::Html) => corpus::Kind::Html,
            Some(Kind::Text) | None => corpus::Kind::Text,
        };
        let pair = align_texts(&body.name, kind, [&body.ar, &body.en], &Reading::default(), &LogLinear::default());
        let sentences = |side: &Side| (0..side.document.len()).map(|at| side.text(at..at + 1)).collect();
        let removed = [&pair.ar, &pair.en].into_iter().filter_map(|side| side.article.as_ref());
        Aligned {
            confidence: pair.alignment.confidence.into(),
            translation: pair.alignment.is_translation(),
            ar: sentences(&pair.ar),
            en: sentences(&pair.en),
            links: pair.alignment.beads.iter().map(link).collect(),
            removed: removed.flat_map(|article| article.removed.iter().map(|removed| removed.text.clone())).collect(),
            name: pair.name,
        }
    });
    Ok(Json(aligned.await?))
}

fn link(bead: &Bead) -> Link {
    Link { ar: [bead.ar.start, bead.ar.end], en: [bead.en.start, bead.en.end], confidence: bead.confidence }
}

/// Links that a person has looked at.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Reviewed {
    /// The name of the document.
    #[schema(example = "harbour")]
    name: String,
    ar: Vec<String>,
    en: Vec<String>,
    /// In the order of the texts. Sentences that no link has are left out.
    links: Vec<Link>,
}

/// What was saved.
#[derive(Debug, Serialize, ToSchema)]
pub struct Saved {
    units: usize,
    /// The file of the memory.
    file: String,
}

/// Saves links as units of the memory, in a file of their own; one of the same document is replaced.
#[utoipa::path(post, path = "/v1/alignments", request_body = Reviewed, responses(
    (status = 201, description = "It is on the disk.", body = Saved),
    (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn save(
    State(desk): State<Arc<Desk>>,
    body: Result<Json<Reviewed>, JsonRejection>,
) -> Result<(StatusCode, Json<Saved>), Trouble> {
    let Json(body) = body?;
    let pair = pair(body)?;
    let saved = desk.write(move |library, writer, _| {
        let units = pair.units();
        if units.is_empty() {
            return Err(Trouble::bad("links: none of them has both sides"));
        }
        let plain = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' };
        let name: String = pair.name.chars().take(80).map(plain).collect();
        let name = name.trim_start_matches(['.', '-']);
        let name = if name.is_empty() { "alignment" } else { name };
        let is_ours = library.snapshots().next().is_some_and(|(folder, snapshot)| {
            let path = folder.join(format!("{name}.tmx"));
            let mut units = snapshot.units().filter(|(file, _)| *file == path).peekable();
            units.peek().is_some() && units.all(|(_, unit)| unit.prop("x-document") == Some(&pair.name))
        });
        let file = if is_ours { name.to_owned() } else { writer.free_name(name) };
        let path = writer.write_file(&file, &Header::new("ar"), &units)?;
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Saved { units: units.len(), file })
    });
    Ok((StatusCode::CREATED, Json(saved.await?)))
}

fn pair(body: Reviewed) -> Result<AlignedPair, Trouble> {
    if body.name.trim().is_empty() {
        return Err(Trouble::bad("name: the document has one"));
    }
    let mut at = [0, 0];
    for link in &body.links {
        for ((range, sentences), at) in [(link.ar, body.ar.len()), (link.en, body.en.len())].iter().zip(&mut at) {
            if range[0] < *at || range[1] < range[0] || range[1] > *sentences {
                return Err(Trouble::bad("links: in the order of the texts, none overlapping another"));
            }
            *at = range[1];
        }
    }
    let side = |lang: Lang, sentences: &[String]| {
        let is_line = |text: &String| !text.trim().is_empty() && !text.contains(['\n', '\r']);
        if sentences.len() > MOST_SENTENCES || !sentences.iter().all(is_line) {
            return Err(Trouble::bad(format!("{}: sentences that are lines, at most {MOST_SENTENCES}", lang.code())));
        }
        let document = Document::from_lines(lang, &sentences.join("\n"));
        match document.len() == sentences.len() {
            true => Ok(Side { article: None, document }),
            false => Err(Trouble::bad(format!("{}: sentences that are lines", lang.code()))),
        }
    };
    let bead = |link: &Link| Bead {
        ar: link.ar[0]..link.ar[1],
        en: link.en[0]..link.en[1],
        confidence: link.confidence.clamp(0.0, 1.0),
    };
    let alignment = Alignment { beads: body.links.iter().map(bead).collect(), confidence: 1.0, ..Alignment::default() };
    Ok(AlignedPair {
        ar: side(Lang::Ar, &body.ar)?,
        en: side(Lang::En, &body.en)?,
        alignment,
        name: body.name,
        facts: Facts::default(),
        notes: Notes::default(),
    })
}

/// Units to be checked.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CheckBody {
    #[schema(max_items = 1000)]
    units: Vec<Pair>,
}

/// What is wrong with each unit, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Checked {
    units: Vec<Vec<FindingBody>>,
}

/// Looks for what is wrong with units, and what they have against the glossary. Nothing is written.
#[utoipa::path(post, path = "/v1/check", request_body = CheckBody, responses(
    (status = 200, body = Checked), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn check(
    State(desk): State<Arc<Desk>>,
    body: Result<Json<CheckBody>, JsonRejection>,
) -> Result<Json<Checked>, Trouble> {
    let Json(body) = body?;
    if body.units.len() > MOST_CHECKED {
        return Err(Trouble::bad(format!("units: at most {MOST_CHECKED}")));
    }
    let here = Arc::clone(&desk);
    let checked = desk.work(move || {
        let checks = Checks::default();
        let findings = |pair: &Pair| {
            let unit = pair.unit();
            let against = here.glossary().iter().flat_map(|glossary| inspect_terms(&unit, glossary, &checks));
            check_unit(&unit, &checks).into_iter().chain(against).map(FindingBody::from).collect()
        };
        Checked { units: body.units.iter().map(findings).collect() }
    });
    Ok(Json(checked.await?))
}
