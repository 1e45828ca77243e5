//! Entries of a memory as t5memory addresses and describes them: asked for, searched, written, deleted.

use super::{body, named};
use crate::markup;
use crate::serve::amagama::news;
use crate::serve::desk::Desk;
use crate::serve::fingerprint::fingerprint;
use crate::serve::trouble::Trouble;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Json, RequestExt};
use dhakira::concordance::{Pattern, PatternOptions};
use dhakira::matching::{Context, MatchKind, Query, Score};
use dhakira::memory::{
    Concordance, ConcordanceLine, DateRange, Filter, Find, Library, Match, Memory, Moment, Position, unit_id,
};
use dhakira::text::key;
use dhakira::tmx::unit_xml;
use dhakira::unit::{Meta, Seg, Unit, Variant};
use dhakira::{Lang, LangTag};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::SystemTime;

const SUGGESTIONS: usize = 5;
/// What translate5 shows begins there.
const LEAST: f64 = 50.0;
const MOST_LINES: usize = 200;

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
pub struct Call {
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

pub async fn fuzzy(State(desk): State<Arc<Desk>>, Call { memory, asked }: Call) -> Result<Json<Value>, Trouble> {
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

/// The first of the two numbers by which t5memory addresses an entry: 53 bits of the id's fingerprint, which JSON and PHP keep
/// whole. The second one is always 1.
fn record_key(id: &str) -> u64 {
    fingerprint(id) >> 11
}

fn internal_key(id: &str) -> String {
    format!("{}:1", record_key(id))
}

/// The number of an entry's version: 31 bits of the fingerprint of all that it is. Who deletes an entry says which one was seen.
fn segment_id(unit: &Unit) -> u64 {
    fingerprint(&unit_xml(unit).unwrap_or_default()) >> 33
}

fn entry_value(unit: &Unit, source: &str, target: &str, [from, to]: [&LangTag; 2]) -> Value {
    let origin = unit.prop("x-origin").unwrap_or_default().to_ascii_lowercase();
    let kind = if origin.starts_with("mt") || origin.starts_with("machine") { "MachineTranslation" } else { "Manual" };
    let id = unit_id(unit);
    json!({
        "source": source,
        "target": target,
        "segmentId": segment_id(unit),
        "customId": "",
        "documentName": unit.prop("x-document").unwrap_or_default(),
        "sourceLang": from.as_str(),
        "targetLang": to.as_str(),
        "type": kind,
        "author": unit.attr("changeid").or(unit.attr("creationid")).unwrap_or_default(),
        "timestamp": unit.attr("changedate").or(unit.attr("creationdate")).unwrap_or(UNDATED),
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

/// What a unit without a date is told to be from.
const UNDATED: &str = "19700101T000000Z";

/// From when to when. Bounds that leave out nothing are none: a range is of dated units, and who asks for all since 1970 wants
/// the others as well.
fn span(asked: &Asked) -> Result<DateRange, Trouble> {
    let given = |text: &String, is_bound: bool| Some(text.clone()).filter(|text| !text.is_empty() && is_bound);
    let now = Moment::from(SystemTime::now()).to_string();
    let since = given(&asked.timestamp_span_start, asked.timestamp_span_start.as_str() > UNDATED);
    let until = given(&asked.timestamp_span_end, asked.timestamp_span_end < now);
    let dates = DateRange::new(since.as_deref(), until.as_deref());
    dates.ok_or_else(|| Trouble::bad("timestampSpanStart, timestampSpanEnd: YYYYMMDDThhmmssZ"))
}

pub async fn search(State(desk): State<Arc<Desk>>, Call { memory, asked }: Call) -> Result<Json<Value>, Trouble> {
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
    let dates = span(&asked)?;
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
        let results: Vec<Value> = lines.map(|line| line_value(line, side, lang, tags.each_ref())).collect();
        let next = found.next.map(|next| next.to_string());
        json!({"ReturnValue": 0, "NewSearchPosition": next, "results": results})
    });
    Ok(Json(answer.await?))
}

pub async fn entry(State(desk): State<Arc<Desk>>, Call { memory, asked }: Call) -> Result<Json<Value>, Trouble> {
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

/// A line of a search, between these languages.
fn line_value(line: &ConcordanceLine<'_>, side: Lang, source: Lang, tags: [&LangTag; 2]) -> Value {
    let (from, to) = if side == source { (&line.text, &line.target) } else { (&line.target, &line.text) };
    entry_value(&line.unit, from, to, tags)
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct AskedOlder {
    search_string: String,
    search_type: String,
    search_position: Value,
    num_results: Value,
}

/// The concordance of older servers: no languages are named, so the letters of what is looked for tell the side that it is in,
/// and `searchType` whether that is the source or the target.
pub async fn older_search(
    State(desk): State<Arc<Desk>>,
    Path(tm): Path<String>,
    request: Request,
) -> Result<Json<Value>, Trouble> {
    let memory = named(&desk, &tm)?;
    let asked: AskedOlder =
        serde_json::from_value(body(request).await?).map_err(|error| Trouble::bad(error.to_string()))?;
    if asked.search_string.is_empty() {
        return Ok(Json(json!({"ReturnValue": 0, "NewSearchPosition": null, "results": []})));
    }
    let side = Lang::of_script(&asked.search_string).unwrap_or(Lang::Ar);
    let is_target = asked.search_type.eq_ignore_ascii_case("target");
    let source = if is_target { side.other() } else { side };
    let pattern = pattern(&asked.search_string, "")?;
    let options = Concordance {
        side,
        limit: number(&asked.num_results).map_or(5, |count| (count as usize).clamp(1, MOST_LINES)),
        from: asked.search_position.as_str().and_then(Position::new),
        ..Concordance::default()
    };
    let answer = desk.read(move |library| {
        let library = only(library, &memory);
        let found = library.concordance(&pattern, &options);
        let tags = [LangTag::from(source), LangTag::from(source.other())];
        let results: Vec<Value> =
            found.lines.iter().map(|line| line_value(line, side, source, tags.each_ref())).collect();
        json!({"ReturnValue": 0, "NewSearchPosition": found.next.map(|next| next.to_string()), "results": results})
    });
    Ok(Json(answer.await?))
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Addressed {
    record_key: Value,
    target_key: Value,
    segment_id: Value,
}

impl Addressed {
    /// The unit that is meant, which no other one may be: ids are looked through one by one, for people ask this one at a time.
    fn unit(&self, library: &Library, memory: &Memory) -> Option<Arc<Unit>> {
        let wanted = number(&self.record_key).filter(|_| number(&self.target_key) == Some(1))?;
        let snapshots = library.snapshots().filter(|(folder, _)| *folder == memory.folder());
        let units = snapshots.flat_map(|(_, snapshot)| snapshot.units());
        let mut meant = units.map(|(_, unit)| unit).filter(|unit| record_key(&unit_id(unit)) == wanted);
        meant.next().filter(|_| meant.next().is_none())
    }
}

async fn addressed(desk: &Desk, tm: &str, request: Request) -> Result<(Memory, Addressed), Trouble> {
    let memory = named(desk, tm)?;
    let asked = serde_json::from_value(body(request).await?).map_err(|error| Trouble::bad(error.to_string()))?;
    Ok((memory, asked))
}

/// An entry, from the unit's first language to its other one.
fn whole_value(unit: &Unit) -> Value {
    let tag = |lang: Lang| unit.variants_of(lang).next().map_or_else(|| LangTag::from(lang), |side| side.tag.clone());
    let text = |lang: Lang| unit.variants_of(lang).next().map(|side| side.seg.markup()).unwrap_or_default();
    let source = unit.variants.iter().find_map(|side| side.tag.lang()).unwrap_or(Lang::Ar);
    let tags = [tag(source), tag(source.other())];
    entry_value(unit, &text(source), &text(source.other()), tags.each_ref())
}

fn no_entry() -> Trouble {
    Trouble::new(StatusCode::INTERNAL_SERVER_ERROR, "not-found", "no entry has this key")
}

pub async fn get_entry(
    State(desk): State<Arc<Desk>>,
    Path(tm): Path<String>,
    request: Request,
) -> Result<Json<Value>, Trouble> {
    let (memory, asked) = addressed(&desk, &tm, request).await?;
    let unit = desk.read(move |library| asked.unit(library, &memory)).await?.ok_or_else(no_entry)?;
    let mut value = whole_value(&unit);
    value["ReturnValue"] = json!(0);
    Ok(Json(value))
}

/// Deletes the version that was seen; another one that took its place meanwhile is shown and stays.
pub async fn delete_entry(
    State(desk): State<Arc<Desk>>,
    Path(tm): Path<String>,
    request: Request,
) -> Result<Response, Trouble> {
    let (memory, asked) = addressed(&desk, &tm, request).await?;
    let here = memory.clone();
    let stays = desk
        .write_in(memory, move |library, writer, when| {
            let unit = asked.unit(library, &here).ok_or_else(no_entry)?;
            if number(&asked.segment_id) != Some(segment_id(&unit)) {
                return Ok(Some(whole_value(&unit)));
            }
            writer.delete(&unit_id(&unit), when)?;
            Ok(None)
        })
        .await?;
    Ok(match stays {
        None => Json(json!({"fileFlushed": 1, "ReturnValue": 0})).into_response(),
        Some(entry) => {
            let said = json!({"ReturnValue": 1, "ErrorMsg": "SEGMENT_ID_IS_NOT_EQUAL", "results": [entry]});
            (StatusCode::INTERNAL_SERVER_ERROR, Json(said)).into_response()
        }
    })
}
