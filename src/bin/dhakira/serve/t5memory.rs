//! The protocol of t5memory, as translate5 calls it: memories by name, fuzzy search, search, entries, import, export.
//!
//! Routes and fields are those of translate5's client (`application/modules/editor/src/T5Memory/Api`). A memory is a folder
//! below the first one, so that `dhakira match` finds what translate5 wrote and the other way round; the name of the first
//! memory itself is that of its folder.

use super::amagama::news;
use super::desk::Desk;
use super::fingerprint::fingerprint;
use super::intake::{self, Intake, Parcel};
use super::jobs::JobState;
use super::trouble::Trouble;
use crate::markup;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, RequestExt, Router};
use dhakira::concordance::{Pattern, PatternOptions};
use dhakira::matching::{Context, MatchKind, Query, Score};
use dhakira::memory::{Concordance, DateRange, Filter, Find, Library, Match, Memory, Position, unit_id};
use dhakira::task::{ExportOptions, export};
use dhakira::text::key;
use dhakira::unit::{Meta, Seg, Unit, Variant};
use dhakira::{Lang, LangTag};
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;

const SUGGESTIONS: usize = 5;
/// What translate5 shows begins there.
const LEAST: f64 = 50.0;
const MOST_LINES: usize = 200;

pub fn router() -> Router<Arc<Desk>> {
    Router::new()
        .route("/t5memory_service/resources", get(resources))
        .route("/t5memory_service/savetms", get(saved))
        .route("/t5memory", get(list).post(create))
        .route("/t5memory/", get(list).post(create))
        .route("/t5memory/{tm}/status", get(status))
        .route("/t5memory/{tm}/fuzzysearch", post(fuzzy))
        .route("/t5memory/{tm}/search", post(search))
        .route("/t5memory/{tm}/entry", post(entry))
        .route("/t5memory/{tm}/importtmx", post(import))
        .route("/t5memory/{tm}/download.tmx", get(download))
        .route("/t5memory/{tm}/flush", get(flush))
        .route("/t5memory/{tm}/reorganize", get(flush))
}

async fn resources() -> Json<Value> {
    Json(json!({"Version": concat!("dhakira ", env!("CARGO_PKG_VERSION"))}))
}

/// Everything that was acknowledged is on the disk already.
async fn saved() -> Json<Value> {
    Json(json!({"saved": 0}))
}

async fn flush(State(desk): State<Arc<Desk>>, Path(tm): Path<String>) -> Result<Json<Value>, Trouble> {
    named(&desk, &tm)
        .map(|memory| Json(json!({"msg": "on the disk", "ReturnValue": 0, "name": desk.label(memory.folder())})))
}

async fn list(State(desk): State<Arc<Desk>>) -> Result<Json<Value>, Trouble> {
    let library = desk.library()?;
    let open: Vec<Value> = library.snapshots().map(|(folder, _)| json!({"name": desk.label(folder)})).collect();
    Ok(Json(json!({"Open": open, "Available on disk": []})))
}

/// The folder of a memory, whether it is there or not; translate5 sends `+` as `-plus-`.
fn folder(desk: &Desk, name: &str) -> Result<PathBuf, Trouble> {
    let is_plain = !name.starts_with('.') && !name.is_empty() && name.len() <= 200;
    if !is_plain || name.contains(['/', '\\', ':', '\0']) {
        return Err(Trouble::bad("a name of a memory: no dot at its beginning, no slash, at most 200 bytes"));
    }
    let first = desk.memory().folder();
    Ok(if desk.label(first) == name { first.to_path_buf() } else { first.join(name) })
}

fn named(desk: &Desk, name: &str) -> Result<Memory, Trouble> {
    let folder = folder(desk, name)?;
    match folder.is_dir() {
        true => Ok(Memory::open(folder)?),
        // As t5memory says it, which the client looks for.
        false => {
            Err(Trouble::new(StatusCode::INTERNAL_SERVER_ERROR, "not-found", format!("{name}: not found(error 48)")))
        }
    }
}

#[derive(Debug, Deserialize)]
struct New {
    name: String,
}

/// A form with `json_data` and perhaps a `file`.
async fn form(desk: &Desk, mut form: Multipart) -> Result<(Value, Option<(String, Parcel, u64)>), Trouble> {
    let flawed =
        |error: axum::extract::multipart::MultipartError| Trouble::new(error.status(), "format", error.body_text());
    let (mut data, mut file) = (Value::Null, None);
    while let Some(field) = form.next_field().await.map_err(flawed)? {
        match field.name() {
            Some("json_data") => {
                let text = field.text().await.map_err(flawed)?;
                data = serde_json::from_str(&text).map_err(|error| Trouble::bad(format!("json_data: {error}")))?;
            }
            Some("file") => {
                let name = field.file_name().unwrap_or("upload.tmx").to_owned();
                let name = if name.to_ascii_lowercase().ends_with(".tmx") { name } else { format!("{name}.tmx") };
                let parcel = Parcel::new(&name)?;
                let bytes = desk.limits.store_field(field, parcel.path()).await?;
                file = Some((name, parcel, bytes));
            }
            _ => {}
        }
    }
    Ok((data, file))
}

fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

async fn create(State(desk): State<Arc<Desk>>, request: Request) -> Result<Response, Trouble> {
    desk.may_write()?;
    let (data, file) = match is_form(&request) {
        true => {
            form(
                &desk,
                request
                    .extract()
                    .await
                    .map_err(|error: axum::extract::multipart::MultipartRejection| Trouble::bad(error.body_text()))?,
            )
            .await?
        }
        false => (body(request).await?, None),
    };
    let New { name } = serde_json::from_value(data).map_err(|error| Trouble::bad(error.to_string()))?;
    let folder = folder(&desk, &name)?;
    if folder.is_dir() {
        let said = json!({"ReturnValue": 7272, "ErrorMsg": format!("{name}: ERROR_MEM_NAME_EXISTS")});
        return Ok((StatusCode::INTERNAL_SERVER_ERROR, Json(said)).into_response());
    }
    let memory = Memory::create(folder)?;
    if let Some((file, parcel, bytes)) = file {
        intake::begin(&desk, memory, file, parcel, bytes, Intake::default())?;
    }
    Ok(Json(json!({"name": name})).into_response())
}

async fn body(request: Request) -> Result<Value, Trouble> {
    let text: String = request.extract().await.map_err(|error: axum::extract::rejection::StringRejection| {
        Trouble::new(error.status(), "format", error.body_text())
    })?;
    serde_json::from_str(&text).map_err(|error| Trouble::bad(error.to_string()))
}

async fn import(
    State(desk): State<Arc<Desk>>,
    Path(tm): Path<String>,
    multipart: Multipart,
) -> Result<(StatusCode, Json<Value>), Trouble> {
    let memory = named(&desk, &tm)?;
    let (_, file) = form(&desk, multipart).await?;
    let Some((name, parcel, bytes)) = file else { return Err(Trouble::bad("no part `file` in the form")) };
    let job = intake::begin(&desk, memory, name, parcel, bytes, Intake::default())?;
    Ok((StatusCode::CREATED, Json(json!({"ReturnValue": 0, "importId": job.id}))))
}

async fn status(State(desk): State<Arc<Desk>>, Path(tm): Path<String>) -> Result<Json<Value>, Trouble> {
    let folder = folder(&desk, &tm)?;
    if !folder.is_dir() {
        return Ok(Json(json!({"status": "not found", "res": "not found(error 48)"})));
    }
    let job = desk.jobs.last_of(&folder);
    let mut said = json!({"status": "open", "tmxImportStatus": "available"});
    match job.map(|job| (job.state, job)) {
        Some((JobState::Waiting | JobState::Running, _)) => {
            said["status"] = json!("import running");
            said["tmxImportStatus"] = json!("import");
            said["importTime"] = json!("not finished");
        }
        Some((JobState::Failed, job)) => {
            said["tmxImportStatus"] = json!("error");
            said["importErrorMsg"] = json!(job.error.unwrap_or_default());
        }
        Some((JobState::Done, job)) => {
            said["segmentIndex"] = json!(job.report.map_or(0, |report| report.counts.read));
        }
        None => {}
    }
    Ok(Json(said))
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Asked {
    source_lang: String,
    target_lang: String,
    source: String,
    target: String,
    document_name: String,
    document: String,
    author: String,
    context: String,
    time_stamp: String,
    source_search_mode: String,
    target_search_mode: String,
    timestamp_span_start: String,
    timestamp_span_end: String,
    only_count_segments: Value,
    search_position: Value,
    num_results: Value,
    save_different_targets_for_same_source: Value,
}

impl Asked {
    fn pair(&self) -> Result<(LangTag, LangTag, Lang), Trouble> {
        let (from, to) = (LangTag::new(self.source_lang.as_str()), LangTag::new(self.target_lang.as_str()));
        match (from.lang(), to.lang()) {
            (Some(lang), Some(other)) if lang != other => Ok((from, to, lang)),
            _ => Err(Trouble::bad("sourceLang, targetLang: this memory is between ar and en")),
        }
    }
}

/// `"1"`, `1`, `true`.
fn is_on(value: &Value) -> bool {
    matches!(value, Value::Bool(true)) || number(value) == Some(1)
}

fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// A memory, and what is asked of it.
struct Call {
    memory: Memory,
    asked: Asked,
}

impl FromRequest<Arc<Desk>> for Call {
    type Rejection = Trouble;

    async fn from_request(mut request: Request, desk: &Arc<Desk>) -> Result<Call, Trouble> {
        let Path(tm) = request.extract_parts::<Path<String>>().await?;
        let memory = named(desk, &tm)?;
        let asked = serde_json::from_value(body(request).await?).map_err(|error| Trouble::bad(error.to_string()))?;
        Ok(Call { memory, asked })
    }
}

/// One memory of the library, that of this folder.
fn only(library: &Library, memory: &Memory) -> Library {
    library.arranged(&[(memory.folder().to_path_buf(), 0)])
}

async fn fuzzy(State(desk): State<Arc<Desk>>, Call { memory, asked }: Call) -> Result<Json<Value>, Trouble> {
    let (tag, to, lang) = asked.pair()?;
    let results = desk.read(move |library| {
        let library = only(library, &memory);
        let (text, codes) = coded(&asked.source);
        let id = Some(asked.context.as_str()).filter(|context| !context.is_empty());
        let query = Query::new(lang, &text).with_region(&tag).with_context(Context::of(lang, None, None, id));
        let query = if codes.is_empty() { query } else { query.with_codes(codes) };
        let min = Score::from_percent(LEAST);
        let mut found = library.find(&query, &Find { top: SUGGESTIONS, min, floor: min });
        found.sort_by_key(|found| std::cmp::Reverse(found.score));
        let of = |found: &Match<'_>| result(&query, found, [&tag, &to], &asked.document_name);
        found.iter().map(of).collect::<Vec<Value>>()
    });
    let results = results.await?;
    let count = results.len();
    Ok(Json(json!({"ReturnValue": 0, "ErrorMsg": "", "NumOfFoundProposals": count, "results": results})))
}

/// A sentence with markup where it is such, else as it is.
fn coded(text: &str) -> (String, Vec<Box<str>>) {
    match text.contains('<') {
        true => markup::read(text).unwrap_or_else(|_| (text.to_owned(), Vec::new())),
        false => (text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), Vec::new()),
    }
}

/// A number that an id always has: t5memory addresses entries by two numbers.
fn internal_key(id: &str) -> String {
    format!("{}:1", fingerprint(id) >> 24)
}

fn entry_value(unit: &Unit, source: &str, target: &str, [from, to]: [&LangTag; 2]) -> Value {
    let origin = unit.prop("x-origin").unwrap_or_default().to_ascii_lowercase();
    let kind = if origin.starts_with("mt") || origin.starts_with("machine") { "MachineTranslation" } else { "Manual" };
    let id = unit_id(unit);
    json!({
        "source": source,
        "target": target,
        "segmentId": 1,
        "customId": "",
        "documentName": unit.prop("x-document").unwrap_or_default(),
        "sourceLang": from.as_str(),
        "targetLang": to.as_str(),
        "type": kind,
        "author": unit.attr("changeid").or(unit.attr("creationid")).unwrap_or_default(),
        "timestamp": unit.attr("changedate").or(unit.attr("creationdate")).unwrap_or("19700101T000000Z"),
        "markupTable": "OTMXUXLF",
        "context": unit.prop("x-context").unwrap_or_default(),
        "additionalInfo": "",
        "internalKey": internal_key(&id),
    })
}

fn result(query: &Query, found: &Match<'_>, tags: [&LangTag; 2], document: &str) -> Value {
    let [source, target] = found.segments.each_ref().map(Seg::markup);
    let mut value = entry_value(&found.unit, &source, &target, tags);
    let is_same_document = !document.is_empty() && found.unit.prop("x-document") == Some(document);
    value["matchType"] = json!(match found.kind {
        MatchKind::Context => "ExactExact",
        MatchKind::Exact if is_same_document => "ExactSameDoc",
        MatchKind::Exact => "Exact",
        _ => "Fuzzy",
    });
    // Nothing that is not equal may be 100 when the fraction is gone.
    value["matchRate"] = json!(found.score.hundredths().min(10_000) / 100);
    let words = query.key().as_str().split_whitespace().count();
    let differing = dhakira::matching::diff(query.lang(), query.text(), &found.source);
    value["fuzzyWords"] = json!(words);
    value["fuzzyDiffs"] = json!(differing.iter().filter(|span| span.op.name() != "equal").count());
    value
}

/// `exact`, `contains` or `concordance`, with a comma and whether case counts, in the spelling of the protocol.
fn pattern(text: &str, mode: &str) -> Result<Pattern, Trouble> {
    let verbatim = mode.to_ascii_uppercase().replace(' ', "").contains(",CASESENSETIVE");
    let options = PatternOptions { verbatim, ..PatternOptions::default() };
    Pattern::new(text, &options).map_err(|error| Trouble::bad(error.to_string()))
}

async fn search(State(desk): State<Arc<Desk>>, Call { memory, asked }: Call) -> Result<Json<Value>, Trouble> {
    let (from, to, lang) = asked.pair()?;
    let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    // By the source where it is given, and then what the target must hold.
    let (side, text, mode, other) = match (asked.source.is_empty(), asked.target.is_empty()) {
        (false, _) => (lang, &asked.source, &asked.source_search_mode, given(&asked.target)),
        (true, false) => (lang.other(), &asked.target, &asked.target_search_mode, None),
        (true, true) => return Ok(Json(json!({"ReturnValue": 0, "NewSearchPosition": null, "results": []}))),
    };
    let pattern = pattern(text, mode)?;
    let is_exact = mode.trim_start().to_ascii_lowercase().starts_with("exact");
    let (since, until) = (given(&asked.timestamp_span_start), given(&asked.timestamp_span_end));
    let dates = DateRange::new(since.as_deref(), until.as_deref());
    let dates = dates.ok_or_else(|| Trouble::bad("timestampSpanStart, timestampSpanEnd: YYYYMMDDThhmmssZ"))?;
    let options = Concordance {
        side,
        limit: number(&asked.num_results).map_or(5, |count| (count as usize).clamp(1, MOST_LINES)),
        from: asked.search_position.as_str().and_then(Position::new),
        filter: Filter { document: given(&asked.document), author: given(&asked.author), dates, ..Filter::default() },
    };
    let (wanted, tags) = (key(side, text), [from, to]);
    let is_count = is_on(&asked.only_count_segments);
    let answer = desk.read(move |library| {
        let library = only(library, &memory);
        if is_count {
            return json!({"ReturnValue": 0, "NumOfFoundSegments": library.occurrences(&pattern, &options).segments});
        }
        let found = library.concordance(&pattern, &options);
        let other = other.map(|text| key(side.other(), &text));
        let lines = found.lines.iter().filter(|line| {
            let fits = |other: &dhakira::text::Key| key(side.other(), &line.target).as_str().contains(other.as_str());
            (!is_exact || key(side, &line.text) == wanted) && other.as_ref().is_none_or(fits)
        });
        let value = |line: &dhakira::memory::ConcordanceLine<'_>| {
            let (source, target) = if side == lang { (&line.text, &line.target) } else { (&line.target, &line.text) };
            entry_value(&line.unit, source, target, tags.each_ref())
        };
        let results: Vec<Value> = lines.map(value).collect();
        let next = found.next.map(|next| next.to_string());
        json!({"ReturnValue": 0, "NewSearchPosition": next, "results": results})
    });
    Ok(Json(answer.await?))
}

async fn entry(State(desk): State<Arc<Desk>>, Call { memory, asked }: Call) -> Result<Json<Value>, Trouble> {
    let (from, to, lang) = asked.pair()?;
    let mut unit =
        Unit { variants: vec![segment(&from, &asked.source)?, segment(&to, &asked.target)?], ..Unit::default() };
    for (kind, text) in [("x-document", &asked.document_name), ("x-context", &asked.context)] {
        if !text.is_empty() {
            unit.meta.push(Meta::prop(kind, text.as_str()));
        }
    }
    for (name, text) in [("creationid", &asked.author), ("changedate", &asked.time_stamp)] {
        if !text.is_empty() {
            unit.set_attr(name, text.as_str());
        }
    }
    let several = is_on(&asked.save_different_targets_for_same_source);
    let here = memory.clone();
    let id = desk
        .write_in(memory, move |library, writer, when| {
            let library = only(library, &here);
            let source = unit.text_of(lang).unwrap_or_default();
            let find = Find { top: 1, min: Score::EXACT, floor: Score::EXACT };
            let older = library.find(&Query::new(lang, &source), &find).pop().filter(|older| older.source == source);
            let Some(dhakira::memory::Change::Add(unit)) = news(&library, lang, unit)? else {
                return Ok(older.map(|older| unit_id(&older.unit).into_owned()).unwrap_or_default());
            };
            match older.filter(|_| !several) {
                Some(older) => {
                    let id = unit_id(&older.unit).into_owned();
                    writer.replace(&id, unit, when)?;
                    Ok(id)
                }
                None => Ok(writer.add(unit, when)?),
            }
        })
        .await?;
    Ok(Json(json!({"internalKey": internal_key(&id), "ReturnValue": 0})))
}

/// A side with its markup as inline codes.
fn segment(tag: &LangTag, text: &str) -> Result<Variant, Trouble> {
    if !text.contains('<') {
        return Ok(Variant::new(tag.clone(), Seg::plain(coded(text).0)));
    }
    markup::variant(tag, text).map_err(Trouble::bad)
}

async fn download(State(desk): State<Arc<Desk>>, Path(tm): Path<String>) -> Result<Response, Trouble> {
    let memory = named(&desk, &tm)?;
    let parcel = Parcel::new("download.tmx")?;
    let (parcel, delivered) = desk
        .work(move || {
            let problem = |problem: &dhakira::Error| anstream::eprintln!("dhakira: {problem}");
            let delivered = export(&memory, &ExportOptions::default(), parcel.path(), problem);
            (parcel, delivered)
        })
        .await?;
    let bytes = match delivered? {
        Some(_) => tokio::fs::read(parcel.path()).await.map_err(Trouble::internal)?,
        None => Vec::new(),
    };
    let next = [(HeaderName::from_static("nextinternalkey"), HeaderValue::from_static("0:0"))];
    Ok((next, [(header::CONTENT_TYPE, "application/xml")], bytes).into_response())
}
