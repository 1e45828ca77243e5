//! The protocol of MyMemory (`/get`, `/set` and what belongs to them), as Weblate, OmegaT, Okapi, MateCat, deep-translator
//! and translate speak it.
//!
//! Fields are those of mymemory.translated.net/doc/spec.php and of these clients' code. `responseStatus` is a whole number,
//! `match` is 0 to 1, `matches` is a list even when it is empty, and a request that can not be answered says so in
//! `responseDetails` with status 200, as the original does: clients read the field, not the status.

use super::amagama::news;
use super::desk::Desk;
use super::intake::{self, Intake};
use super::jobs::{Job, JobState};
use super::parcel::Parcel;
use super::trouble::Trouble;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use dhakira::concordance::{Pattern, PatternOptions};
use dhakira::matching::{Context, Query, Score};
use dhakira::memory::{Change, Concordance, Find, Library, Match, unit_id};
use dhakira::unit::{Meta, Seg, Unit, Variant};
use dhakira::{Lang, LangTag};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// What the original answers when nobody says how many.
const USUAL_COUNT: usize = 3;
const MOST_COUNT: usize = 30;
/// Below this nothing is a suggestion.
const LEAST: f64 = 50.0;

pub fn router() -> Router<Arc<Desk>> {
    let mut router = Router::new();
    for prefix in ["", "/api"] {
        let at = |path: &str| format!("{prefix}{path}");
        router = router
            .route(&at("/get"), get(look_up).post(look_up))
            .route(&at("/set"), get(set).post(set))
            .route(&at("/update"), get(update).post(update))
            .route(&at("/delete_by_id"), get(delete).post(delete))
            .route(&at("/tmx/import"), post(import))
            .route(&at("/v2/import/status"), get(import_status))
            .route(&at("/tmx/status"), get(import_status))
            .route(&at("/authkey"), get(auth_key).post(auth_key));
    }
    router
}

/// The parameters of a request, in the query or as a form.
struct Asked {
    fields: HashMap<String, String>,
}

impl<S: Send + Sync> FromRequest<S> for Asked {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Asked, Trouble> {
        let mut fields = pairs(request.uri().query().unwrap_or_default())?;
        let is_form = |headers: &HeaderMap| {
            let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
            kind.starts_with("application/x-www-form-urlencoded")
        };
        if is_form(request.headers()) {
            let body = String::from_request(request, state).await;
            let body = body.map_err(|error| Trouble::new(error.status(), "format", error.body_text()))?;
            fields.extend(pairs(&body)?);
        }
        Ok(Asked { fields })
    }
}

fn pairs(text: &str) -> Result<HashMap<String, String>, Trouble> {
    serde_urlencoded::from_str(text).map_err(|error| Trouble::bad(error.to_string()))
}

impl Asked {
    fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    fn is_on(&self, name: &str) -> bool {
        self.text(name).is_some_and(|said| !matches!(said, "0" | "false"))
    }

    /// `langpair=en-GB|ar-SA`, or `source` and `target`.
    fn pair(&self) -> Result<(LangTag, Lang), &'static str> {
        let (from, to) = match self.text("langpair").and_then(|pair| pair.split_once('|')) {
            Some(pair) => pair,
            None => (self.text("source").unwrap_or_default(), self.text("target").unwrap_or_default()),
        };
        let (from, to) = (LangTag::new(from), LangTag::new(to));
        match (from.lang(), to.lang()) {
            (Some(lang), Some(other)) if lang != other => Ok((from, lang)),
            _ => Err("INVALID LANGUAGE PAIR SPECIFIED. THIS MEMORY HAS en|ar AND ar|en"),
        }
    }
}

/// As the original refuses.
fn refused(details: &str) -> Response {
    let data = json!({"translatedText": details});
    let status = StatusCode::FORBIDDEN.as_u16();
    let body = json!({"responseData": data, "responseDetails": details, "responseStatus": status, "matches": []});
    Json(body).into_response()
}

async fn look_up(State(desk): State<Arc<Desk>>, asked: Asked) -> Result<Response, Trouble> {
    let (tag, lang) = match asked.pair() {
        Ok(pair) => pair,
        Err(why) => return Ok(refused(why)),
    };
    let Some(text) = asked.text("q").map(str::to_owned) else {
        return Ok(refused("NO QUERY SPECIFIED. EXAMPLE REQUEST: GET?Q=HELLO&LANGPAIR=EN|AR"));
    };
    let count = asked.text("numres").and_then(|count| count.parse().ok()).unwrap_or(USUAL_COUNT).min(MOST_COUNT);
    let is_concordance = asked.is_on("conc");
    let context = [asked.text("context_before"), asked.text("context_after")].map(|text| text.map(str::to_owned));
    let matches = desk
        .read(move |library| match is_concordance {
            true => occurrences(library, lang, &text, count),
            false => suggestions(library, &tag, lang, &text, &context, count),
        })
        .await?;
    let best = matches.first();
    let data = json!({
        "translatedText": best.map_or("", |best| best["translation"].as_str().unwrap_or_default()),
        "match": best.map_or(json!(0), |best| best["match"].clone()),
    });
    let body = json!({
        "responseData": data,
        "quotaFinished": false,
        "mtLangSupported": null,
        "responseDetails": "",
        "responseStatus": 200,
        "responderId": null,
        "exception_code": null,
        "matches": matches,
    });
    Ok(Json(body).into_response())
}

fn suggestions(
    library: &Library,
    tag: &LangTag,
    lang: Lang,
    text: &str,
    context: &[Option<String>; 2],
    count: usize,
) -> Vec<Value> {
    let [before, after] = context.each_ref().map(|text| text.as_deref());
    let query = Query::new(lang, text).with_region(tag).with_context(Context::of(lang, before, after, None));
    let min = Score::from_percent(LEAST);
    let mut found = library.find(&query, &Find { top: count, min, floor: min });
    found.sort_by_key(|found| std::cmp::Reverse(found.score));
    found.iter().map(|found| suggestion(lang, found)).collect()
}

fn suggestion(lang: Lang, found: &Match<'_>) -> Value {
    let percent = found.score.percent().min(100.0);
    let [raw_segment, raw_translation] = found.segments.each_ref().map(Seg::markup);
    let mut value = unit_value(lang, &found.unit, &found.source, &found.target);
    value["quality"] = json!("74");
    value["match"] = json!((percent.round() / 100.0).min(if percent < 100.0 { 0.99 } else { 1.0 }));
    value["ICE"] = json!(found.score == Score::CONTEXT);
    value["raw_segment"] = json!(raw_segment);
    value["raw_translation"] = json!(raw_translation);
    value["penalty"] = json!(f64::from(found.penalty) / 1e4);
    value
}

fn occurrences(library: &Library, lang: Lang, text: &str, count: usize) -> Vec<Value> {
    let Ok(pattern) = Pattern::new(text, &PatternOptions::default()) else { return Vec::new() };
    let options = Concordance { side: lang, limit: count, ..Concordance::default() };
    let found = library.concordance(&pattern, &options);
    let line = |line: &dhakira::memory::ConcordanceLine<'_>| {
        let mut value = unit_value(lang, &line.unit, &line.text, &line.target);
        value["match"] = json!(0.0);
        value
    };
    found.lines.iter().map(line).collect()
}

fn unit_value(lang: Lang, unit: &Unit, source: &str, target: &str) -> Value {
    let tag = |lang| {
        let variant = unit.variants.iter().find(|variant| variant.tag.lang() == Some(lang));
        variant.map_or(lang.code(), |variant| variant.tag.as_str()).to_owned()
    };
    let is_machine = unit.prop("x-origin").is_some_and(|origin| origin.to_ascii_lowercase().starts_with("mt"));
    let author = |name: &str| if is_machine { "MT!" } else { unit.attr(name).unwrap_or("dhakira") }.to_owned();
    let created = date(unit.attr("creationdate").or(unit.attr("changedate")));
    let changed = date(unit.attr("changedate").or(unit.attr("creationdate")));
    json!({
        "id": unit_id(unit),
        "segment": source,
        "translation": target,
        "source": tag(lang),
        "target": tag(lang.other()),
        "quality": "74",
        "reference": unit.prop("x-document"),
        "usage-count": 1,
        "subject": "All",
        "created-by": author("creationid"),
        "last-updated-by": author("changeid"),
        "create-date": created,
        "last-update-date": changed,
        "match": 0.0,
        "key": "",
        "tm_properties": null,
        "target_note": null,
        "prop": null,
        "style": null,
        "ICE": false,
    })
}

/// `YYYYMMDDThhmmssZ` as `YYYY-MM-DD hh:mm:ss`.
fn date(tmx: Option<&str>) -> String {
    let digits: String = tmx.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    match digits.len() {
        14.. => {
            let part = |from: usize, to: usize| &digits[from..to];
            let (day, time) = ([part(0, 4), part(4, 6), part(6, 8)], [part(8, 10), part(10, 12), part(12, 14)]);
            format!("{} {}", day.join("-"), time.join(":"))
        }
        _ => "1970-01-01 00:00:00".to_owned(),
    }
}

fn done(id: Option<&str>) -> Response {
    let data = json!({"translatedText": "OK"});
    Json(json!({"responseData": data, "responseDetails": id, "responseStatus": 200, "matches": []})).into_response()
}

/// The unit that a request brings.
fn unit(asked: &Asked, tag: &LangTag, lang: Lang, [source, target]: [&str; 2]) -> Unit {
    let to = asked.text("langpair").and_then(|pair| pair.split_once('|')).map_or("", |(_, to)| to);
    let to = Some(LangTag::new(to)).filter(|tag| tag.lang().is_some()).unwrap_or_else(|| lang.other().into());
    let variants = vec![Variant::new(tag.clone(), Seg::plain(source)), Variant::new(to, Seg::plain(target))];
    let mut unit = Unit { variants, ..Unit::default() };
    if let Some(who) = asked.text("de") {
        unit.set_attr("creationid", who);
    }
    if let Some(note) = asked.text("tnote") {
        unit.meta.push(Meta::note(note));
    }
    unit
}

async fn set(State(desk): State<Arc<Desk>>, asked: Asked) -> Result<Response, Trouble> {
    let (tag, lang) = match asked.pair() {
        Ok(pair) => pair,
        Err(why) => return Ok(refused(why)),
    };
    let (Some(source), Some(target)) = (asked.text("seg"), asked.text("tra")) else {
        return Ok(refused("NO SEGMENT OR TRANSLATION SPECIFIED: SEG, TRA"));
    };
    let unit = unit(&asked, &tag, lang, [source, target]);
    let ids = desk.write(move |library, writer, when| Ok(writer.apply(news(library, lang, unit)?, when)?)).await?;
    Ok(done(ids.first().map(String::as_str)))
}

/// The unit that says exactly this.
fn known<'l>(library: &'l Library, lang: Lang, source: &str, target: &str) -> Option<Match<'l>> {
    let find = Find { top: MOST_COUNT, min: Score::EXACT, floor: Score::EXACT };
    let found = library.find(&Query::new(lang, source), &find);
    found.into_iter().find(|found| found.source == source && found.target == target)
}

async fn update(State(desk): State<Arc<Desk>>, asked: Asked) -> Result<Response, Trouble> {
    let (_, lang) = match asked.pair() {
        Ok(pair) => pair,
        Err(why) => return Ok(refused(why)),
    };
    let said = ["seg", "tra", "newseg", "newtra"].map(|name| asked.text(name).map(str::to_owned));
    let [Some(source), Some(target), new_source, Some(new_target)] = said else {
        return Ok(refused("NO SEGMENT OR TRANSLATION SPECIFIED: SEG, TRA, NEWTRA"));
    };
    let changed = desk
        .write(move |library, writer, when| {
            let Some(found) = known(library, lang, &source, &target) else { return Ok(None) };
            let (id, mut unit) = (unit_id(&found.unit).into_owned(), Unit::clone(&found.unit));
            let news = [(lang, new_source.unwrap_or(source)), (lang.other(), new_target)];
            for (lang, text) in news {
                if let Some(variant) = unit.variants.iter_mut().find(|variant| variant.tag.lang() == Some(lang)) {
                    variant.seg = Seg::plain(text);
                }
            }
            writer.apply([Change::Replace(id.clone(), unit)], when)?;
            Ok(Some(id))
        })
        .await?;
    Ok(changed.map_or_else(|| refused("NO SUCH SEGMENT"), |id| done(Some(&id))))
}

async fn delete(State(desk): State<Arc<Desk>>, asked: Asked) -> Result<Response, Trouble> {
    let id = asked.text("id").map(str::to_owned);
    let lang = asked.pair().map(|(_, lang)| lang).ok();
    let said = ["seg", "tra"].map(|name| asked.text(name).map(str::to_owned));
    let deleted = desk
        .write(move |library, writer, when| {
            let id = match (id, lang, said) {
                (Some(id), ..) => Some(id),
                (None, Some(lang), [Some(source), Some(target)]) => {
                    known(library, lang, &source, &target).map(|found| unit_id(&found.unit).into_owned())
                }
                _ => None,
            };
            match id {
                Some(id) => Ok(writer.delete(&id, when).map(|()| Some(id))?),
                None => Ok(None),
            }
        })
        .await?;
    Ok(deleted.map_or_else(|| refused("NO SUCH SEGMENT"), |id| done(Some(&id))))
}

/// An import as this protocol tells it: `status` 1 is done.
fn job_value(job: &Job) -> Value {
    let report = job.report.as_ref();
    let (read, rejected) = report.map_or((0, 0), |report| (report.counts.read, report.rejected));
    json!({
        "uuid": job.id,
        "id": job.id,
        "creation_date": null,
        "totals": report.map(|_| read + rejected),
        "completed": read,
        "skipped": rejected,
        "status": match job.state { JobState::Waiting | JobState::Running => 0, JobState::Done => 1, JobState::Failed | JobState::Stopped => 2 },
    })
}

async fn import(State(desk): State<Arc<Desk>>, mut form: Multipart) -> Result<Response, Trouble> {
    let flawed =
        |error: axum::extract::multipart::MultipartError| Trouble::new(error.status(), "format", error.body_text());
    let mut sent = None;
    while let Some(field) = form.next_field().await.map_err(flawed)? {
        if field.name() != Some("tmx") {
            continue;
        }
        let name = field.file_name().unwrap_or("upload.tmx").to_owned();
        let parcel = Parcel::new(&name)?;
        let bytes = desk.limits.store_field(field, parcel.path()).await?;
        sent = Some((name, parcel, bytes));
    }
    let Some((name, parcel, bytes)) = sent else { return Err(Trouble::bad("no part `tmx` in the form")) };
    let job = intake::begin(&desk, desk.memory().clone(), name, parcel, bytes, Intake::default())?;
    let status = StatusCode::ACCEPTED.as_u16();
    let body = json!({"messageType": "tms-import", "responseData": job_value(&job), "responseStatus": status});
    Ok(Json(body).into_response())
}

async fn import_status(State(desk): State<Arc<Desk>>, asked: Asked) -> Response {
    let job = asked.text("uuid").or(asked.text("id")).and_then(|id| desk.jobs.get(id));
    match job {
        Some(job) => Json(json!({"messageType": "tms-import", "responseData": job_value(&job), "responseStatus": 200}))
            .into_response(),
        None => refused("NO SUCH IMPORT"),
    }
}

/// Every key is good where none is needed; where one is, it has been shown to come here.
async fn auth_key() -> Json<Value> {
    Json(json!({"responseData": 1, "responseDetails": "", "responseStatus": 200}))
}
