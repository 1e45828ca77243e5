//! The protocol of translate-toolkit's tmserver and of amaGama, as Weblate, Okapi and Virtaal speak it.
//!
//! Routes and fields are those of translate-toolkit 3.18.1 (`translate/services/tmserver.py`) and amaGama
//! (`amagama/views/api.py`), mounted under `/tmserver` and `/api/v1`. What clients need beyond them: `quality` is a number
//! with a fraction (Okapi casts to Double), the list is sorted by it (Okapi stops at the first one below its threshold), and
//! nothing found is `200 []` or `404`, never a status that makes Weblate stop asking.

use super::desk::Desk;
use super::intake::Intake;
use super::parcel::Parcel;
use super::trouble::Trouble;
use axum::Json;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query as QueryString, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use dhakira::matching::{Query, Score};
use dhakira::memory::{Change, Find, Library};
use dhakira::unit::{Meta, Seg, Unit, Variant};
use dhakira::{Lang, LangTag};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Below this nobody is answered, whatever `min_similarity` says.
const LEAST: f64 = 30.0;
/// What Okapi looks at: it sends no threshold.
const USUAL: f64 = 60.0;
const USUAL_COUNT: usize = 5;
const MOST_COUNT: usize = 30;

/// The regions that clients ask for, as CLDR knows them for both languages.
const REGIONS: [(Lang, &str); 2] = [
    (Lang::Ar, "001 ae bh dj dz eg eh er il iq jo km kw lb ly ma mr om ps qa sa sd so ss sy td tn ye"),
    (Lang::En, "001 150 ae au ca gb hk ie in jm ke mt my ng nz ph pk sg tt us za zw"),
];

pub fn router() -> Router<Arc<Desk>> {
    Router::new()
        .route("/languages/", get(languages))
        .route("/languages", get(languages))
        .route("/{source}/{target}/unit/{*text}", get(unit_in_path).put(put_unit).post(put_unit))
        .route("/{source}/{target}/unit/", get(unit_in_query).put(put_unit_alone).post(put_unit_alone))
        .route("/{source}/{target}/store/{*name}", put(put_store).post(post_store))
}

#[derive(Debug, Deserialize)]
struct Asked {
    source: Option<String>,
    min_similarity: Option<String>,
    max_candidates: Option<String>,
    #[serde(alias = "jsoncallback")]
    callback: Option<String>,
}

#[derive(Debug, Serialize)]
struct Suggestion {
    source: String,
    target: String,
    quality: f64,
    rank: f64,
    context: String,
}

/// A pair that can be served, each language perhaps with a region, in any of the clients' spellings.
fn pair(source: &str, target: &str) -> Result<(LangTag, Lang), Trouble> {
    let (source, target) = (LangTag::new(source), LangTag::new(target));
    match (source.lang(), target.lang()) {
        (Some(from), Some(to)) if from != to => Ok((source, from)),
        _ => Err(Trouble::not_found("this memory is between ar and en")),
    }
}

async fn unit_in_path(
    State(desk): State<Arc<Desk>>,
    Path((source, target, text)): Path<(String, String, String)>,
    QueryString(asked): QueryString<Asked>,
) -> Result<Response, Trouble> {
    suggest(&desk, &source, &target, text, &asked).await
}

async fn unit_in_query(
    State(desk): State<Arc<Desk>>,
    Path((source, target)): Path<(String, String)>,
    QueryString(asked): QueryString<Asked>,
) -> Result<Response, Trouble> {
    match asked.source.clone().filter(|text| !text.is_empty()) {
        Some(text) => suggest(&desk, &source, &target, text, &asked).await,
        None => Err(Trouble::not_found("no text in source=")),
    }
}

async fn suggest(
    desk: &Arc<Desk>,
    source: &str,
    target: &str,
    text: String,
    asked: &Asked,
) -> Result<Response, Trouble> {
    let (tag, lang) = pair(source, target)?;
    let number = |said: &Option<String>| said.as_deref().and_then(|said| said.trim().parse::<f64>().ok());
    let min = number(&asked.min_similarity).filter(|min| min.is_finite()).unwrap_or(USUAL).clamp(LEAST, 100.0);
    let top = number(&asked.max_candidates).map_or(USUAL_COUNT, |most| (most.max(0.0) as usize).min(MOST_COUNT));
    let suggestions = desk
        .read(move |library| {
            let query = Query::new(lang, &text).with_region(&tag);
            let min = Score::from_percent(min);
            let found = library.find(&query, &Find { top, min, floor: min });
            let suggestion = |found: &dhakira::memory::Match<'_>| Suggestion {
                source: found.source.clone(),
                target: found.target.clone(),
                quality: found.score.percent().min(100.0),
                rank: 100.0,
                context: found.unit.prop("x-context").unwrap_or_default().to_owned(),
            };
            let mut suggestions: Vec<Suggestion> = found.iter().map(suggestion).collect();
            suggestions.sort_by(|a, b| b.quality.total_cmp(&a.quality));
            suggestions
        })
        .await?;
    let json = serde_json::to_string(&suggestions).map_err(Trouble::internal)?;
    let Some(callback) = &asked.callback else {
        return Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response());
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_$.".contains(c);
    if callback.is_empty() || callback.len() > 64 || !callback.chars().all(is_name) {
        return Err(Trouble::bad("callback: the name of a function"));
    }
    Ok(([(header::CONTENT_TYPE, "application/javascript")], format!("{callback}({json})")).into_response())
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Languages {
    source_languages: Vec<String>,
    target_languages: Vec<String>,
}

/// Every code that can be asked for, lower case with underscore, as Weblate compares them.
async fn languages() -> Json<Languages> {
    let codes = |(lang, regions): &(Lang, &str)| -> Vec<String> {
        let with_region = regions.split(' ').map(|region| format!("{}_{region}", lang.code()));
        std::iter::once(lang.code().to_owned()).chain(with_region).collect()
    };
    let all: Vec<String> = REGIONS.iter().flat_map(codes).collect();
    Json(Languages { source_languages: all.clone(), target_languages: all })
}

/// A unit as these clients send it.
#[derive(Debug, Deserialize)]
struct Sent {
    source: Option<String>,
    target: String,
    #[serde(default)]
    context: Option<String>,
}

fn unit(lang: Lang, source: &str, sent: &Sent) -> Unit {
    let variants =
        vec![Variant::new(lang, Seg::plain(source)), Variant::new(lang.other(), Seg::plain(sent.target.as_str()))];
    let context = sent.context.as_deref().filter(|context| !context.is_empty());
    let meta = context.map(|context| Meta::prop("x-context", context)).into_iter().collect();
    Unit { variants, meta, ..Unit::default() }
}

/// A unit that the memory does not say already.
pub fn news(library: &Library, lang: Lang, unit: Unit) -> Result<Option<Change>, Trouble> {
    let text = |lang| unit.text_of(lang).unwrap_or_default();
    let (source, target) = (text(lang), text(lang.other()));
    if source.trim().is_empty() || target.trim().is_empty() {
        return Err(Trouble::bad("a unit has two sides that are not empty"));
    }
    let find = Find { top: MOST_COUNT, min: Score::EXACT, floor: Score::EXACT };
    let found = library.find(&Query::new(lang, &source), &find);
    let is_known = found.iter().any(|found| found.source == source && found.target == target);
    Ok((!is_known).then_some(Change::Add(unit)))
}

async fn put_unit(
    State(desk): State<Arc<Desk>>,
    Path((source, target, text)): Path<(String, String, String)>,
    body: Bytes,
) -> Result<StatusCode, Trouble> {
    put_one(&desk, &source, &target, Some(text), &body).await
}

async fn put_unit_alone(
    State(desk): State<Arc<Desk>>,
    Path((source, target)): Path<(String, String)>,
    body: Bytes,
) -> Result<StatusCode, Trouble> {
    put_one(&desk, &source, &target, None, &body).await
}

async fn put_one(
    desk: &Arc<Desk>,
    source: &str,
    target: &str,
    text: Option<String>,
    body: &Bytes,
) -> Result<StatusCode, Trouble> {
    let (_, lang) = pair(source, target)?;
    let sent: Sent = serde_json::from_slice(body).map_err(|error| Trouble::bad(error.to_string()))?;
    let Some(text) = sent.source.clone().or(text) else { return Err(Trouble::bad("no source")) };
    let unit = unit(lang, &text, &sent);
    desk.write(move |library, writer, when| Ok(writer.apply(news(library, lang, unit)?, when)?)).await?;
    Ok(StatusCode::OK)
}

/// A list of units.
async fn post_store(
    State(desk): State<Arc<Desk>>,
    Path((source, target, name)): Path<(String, String, String)>,
    body: Body,
) -> Result<String, Trouble> {
    let (_, lang) = pair(&source, &target)?;
    let bytes = desk.limits.whole(body).await?;
    let sent: Vec<Sent> = serde_json::from_slice(&bytes).map_err(|error| Trouble::bad(error.to_string()))?;
    let count = sent.len();
    desk.write(move |library, writer, when| {
        let mut changes = Vec::new();
        for one in &sent {
            let Some(text) = &one.source else { return Err(Trouble::bad("a unit without source")) };
            changes.extend(news(library, lang, unit(lang, text, one))?.filter(|change| !changes.contains(change)));
        }
        Ok(writer.apply(changes, when)?)
    })
    .await?;
    Ok(format!("added {count} units from {name}"))
}

/// A file, its kind told by its name.
async fn put_store(
    State(desk): State<Arc<Desk>>,
    Path((source, target, name)): Path<(String, String, String)>,
    body: Body,
) -> Result<String, Trouble> {
    pair(&source, &target)?;
    let parcel = Parcel::new(&name)?;
    desk.limits.store(body, parcel.path()).await?;
    let here = Arc::clone(&desk);
    let imported =
        desk.write(move |_, writer, when| Intake::default().take(here.memory(), &parcel, writer, when)).await?;
    Ok(format!("added {} units from {name}", imported.new))
}
