//! Units: looked at, added, changed, deleted; nobody overwrites what another changed meanwhile.

use super::concordance::{Side, filter, position};
use crate::serve::amagama::news;
use crate::serve::desk::Desk;
use crate::serve::fingerprint::fingerprint;
use crate::serve::trouble::{Refusal, Trouble};
use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dhakira::Lang;
use dhakira::concordance::{Pattern, PatternKind, PatternOptions};
use dhakira::memory::{Change, Concordance, Library, unit_id};
use dhakira::tmx::unit_xml;
use dhakira::unit::{Meta, Piece, Seg, Unit, Variant};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

const MOST_UNITS: u16 = 500;

/// A unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitBody {
    id: String,
    /// What `If-Match` wants before the unit is changed.
    etag: String,
    ar: String,
    en: String,
    /// Both with their inline codes, as TMX writes them; only if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    ar_seg: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    en_seg: Option<String>,
    document: Option<String>,
    origin: Option<String>,
    author: Option<String>,
    created: Option<String>,
    changed: Option<String>,
    notes: Vec<String>,
}

/// Some units.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitsBody {
    units: Vec<UnitBody>,
    /// Where to go on; null if there is no more.
    next: Option<String>,
}

/// A new unit, or what an old one shall say.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewUnit {
    #[schema(example = "حفظ الملف")]
    ar: String,
    #[schema(example = "Save the file")]
    en: String,
    /// The name of the document that it is from.
    document: Option<String>,
    /// Who says so.
    author: Option<String>,
    /// Adds the unit even if the memory says the same already.
    #[serde(default)]
    again: bool,
}

impl NewUnit {
    pub fn of(ar: String, en: String, document: Option<String>) -> NewUnit {
        NewUnit { ar, en, document, author: None, again: false }
    }
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct Written {
    /// The id of the unit; null if the memory said the same already.
    id: Option<String>,
}

/// Which units.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// The side that must not be empty; `ar` if not given.
    #[serde(rename = "in")]
    #[param(inline)]
    side: Option<Side>,
    document: Option<String>,
    /// Who made or changed it.
    author: Option<String>,
    origin: Option<String>,
    /// The name of the file.
    file: Option<String>,
    /// Changed, made or else dated in this year, month or day or later: 2024, 2024-03, 2024-03-31.
    since: Option<String>,
    /// Or earlier.
    until: Option<String>,
    /// How many, at most 500; 50 if not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u16>,
    /// Where to go on: `next` of the answer before.
    from: Option<String>,
}

/// The version of a unit: 64-bit FNV-1a of all that it is.
fn etag(unit: &Unit) -> String {
    format!("\"{:016x}\"", fingerprint(&unit_xml(unit).unwrap_or_default()))
}

fn body(unit: &Unit) -> UnitBody {
    let side = |lang: Lang| unit.variants.iter().find(|variant| variant.tag.lang() == Some(lang));
    let with_codes = unit.variants.iter().any(|variant| variant.seg.has_codes());
    let seg = |lang| side(lang).filter(|_| with_codes).map(|variant| variant.seg.markup());
    let attr = |name: &str| unit.attr(name).map(str::to_owned);
    let notes = unit.meta.iter().filter(|meta| meta.kind.is_none()).map(|meta| meta.text.clone());
    UnitBody {
        id: unit_id(unit).into_owned(),
        etag: etag(unit),
        ar: unit.text_of(Lang::Ar).unwrap_or_default(),
        en: unit.text_of(Lang::En).unwrap_or_default(),
        ar_seg: seg(Lang::Ar),
        en_seg: seg(Lang::En),
        document: unit.prop("x-document").map(str::to_owned),
        origin: unit.prop("x-origin").map(str::to_owned),
        author: attr("changeid").or(attr("creationid")),
        created: attr("creationdate"),
        changed: attr("changedate"),
        notes: notes.collect(),
    }
}

fn tagged(status: StatusCode, unit: UnitBody) -> Response {
    let tag = HeaderValue::from_str(&unit.etag).unwrap_or_else(|_| HeaderValue::from_static(""));
    (status, [(header::ETAG, tag)], Json(unit)).into_response()
}

/// Units in the order of the memory.
#[utoipa::path(get, path = "/v1/units", params(Asked), responses(
    (status = 200, body = UnitsBody), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn list(
    State(desk): State<Arc<Desk>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<UnitsBody>, Trouble> {
    let Query(asked) = asked?;
    let limit = asked.limit.unwrap_or(50);
    if !(1..=MOST_UNITS).contains(&limit) {
        return Err(Trouble::bad(format!("limit: 1 to {MOST_UNITS}")));
    }
    let options = Concordance {
        side: asked.side.map_or(Lang::Ar, Lang::from),
        limit: limit.into(),
        from: position(asked.from.as_deref())?,
        filter: filter([asked.document, asked.author, asked.origin, asked.file], [asked.since, asked.until])?,
    };
    let any = PatternOptions { kind: PatternKind::Regex, verbatim: true, ..PatternOptions::default() };
    let pattern = Pattern::new("(?s)^.+$", &any).map_err(Trouble::internal)?;
    let found = desk.read(move |library| {
        let found = library.concordance(&pattern, &options);
        let units = found.lines.iter().map(|line| body(&line.unit)).collect();
        UnitsBody { units, next: found.next.map(|next| next.to_string()) }
    });
    Ok(Json(found.await?))
}

/// The unit with this id, in the first memory that has it.
fn unit_of(library: &Library, id: &str) -> Result<Arc<Unit>, Trouble> {
    let found = library.snapshots().find_map(|(_, snapshot)| snapshot.unit_of(id));
    found.ok_or_else(|| Trouble::not_found(format!("no unit has the id {id:?}")))
}

/// A unit.
#[utoipa::path(get, path = "/v1/units/{id}", params(("id" = String, Path)), responses(
    (status = 200, body = UnitBody), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn get(State(desk): State<Arc<Desk>>, id: Result<Path<String>, PathRejection>) -> Result<Response, Trouble> {
    let Path(id) = id?;
    let unit = desk.read(move |library| unit_of(library, &id).map(|unit| body(&unit))).await??;
    Ok(tagged(StatusCode::OK, unit))
}

fn changed(mut unit: Unit, new: &NewUnit) -> Unit {
    for (lang, text) in [(Lang::Ar, &new.ar), (Lang::En, &new.en)] {
        match unit.variants.iter_mut().find(|variant| variant.tag.lang() == Some(lang)) {
            Some(variant) if variant.seg.text() == *text => {}
            Some(variant) => variant.seg = said(&variant.seg, text),
            None => unit.variants.push(Variant::new(lang, Seg::plain(text.as_str()))),
        }
    }
    if let Some(name) = new.document.as_deref().filter(|name| !name.is_empty()) {
        unit.meta.retain(|meta| meta.kind.as_deref() != Some("x-document"));
        unit.meta.insert(0, Meta::prop("x-document", name));
    }
    if let Some(author) = new.author.as_deref().filter(|author| !author.is_empty()) {
        unit.set_attr("changeid", author);
    }
    unit
}

/// A segment that says `text`; its inline codes stay where the text has a U+FFFC for each.
fn said(seg: &Seg, text: &str) -> Seg {
    let codes: Vec<&Piece> = seg.pieces.iter().filter(|piece| matches!(piece, Piece::Code(_))).collect();
    let parts: Vec<&str> = text.split('\u{FFFC}').collect();
    if codes.is_empty() || parts.len() != codes.len() + 1 {
        return Seg::plain(text);
    }
    let mut pieces = Vec::new();
    for (number, part) in parts.into_iter().enumerate() {
        if !part.is_empty() {
            pieces.push(Piece::Text(part.to_owned()));
        }
        pieces.extend(codes.get(number).map(|code| Piece::clone(code)));
    }
    Seg { pieces }
}

fn both_sides(new: &NewUnit) -> Result<(), Trouble> {
    match new.ar.trim().is_empty() || new.en.trim().is_empty() {
        true => Err(Trouble::bad("ar, en: neither side may be empty")),
        false => Ok(()),
    }
}

/// Adds a unit.
#[utoipa::path(post, path = "/v1/units", request_body = NewUnit, responses(
    (status = 201, description = "It is on the disk.", body = Written),
    (status = 200, description = "The memory said the same already.", body = Written),
    (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn add(
    State(desk): State<Arc<Desk>>,
    body: Result<Json<NewUnit>, JsonRejection>,
) -> Result<(StatusCode, Json<Written>), Trouble> {
    let Json(new) = body?;
    let id = add_unit(&desk, new).await?;
    let status = if id.is_some() { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(Written { id })))
}

/// Adds a unit; gives its id, or nothing if the memory says the same already.
pub async fn add_unit(desk: &Arc<Desk>, new: NewUnit) -> Result<Option<String>, Trouble> {
    both_sides(&new)?;
    let ids = desk.write(move |library, writer, when| {
        let mut unit = changed(Unit::default(), &new);
        if let Some(author) = new.author.as_deref().filter(|author| !author.is_empty()) {
            unit.set_attr("creationid", author);
        }
        let change = if new.again { Some(Change::Add(unit)) } else { news(library, Lang::Ar, unit)? };
        Ok(writer.apply(change, when)?)
    });
    Ok(ids.await?.pop())
}

/// The version that a request is about.
fn version(headers: &HeaderMap) -> Result<String, Trouble> {
    let said = headers.get(header::IF_MATCH).and_then(|value| value.to_str().ok()).map(str::to_owned);
    said.ok_or_else(|| {
        let message = "say with If-Match which version is meant: its etag, or * for any";
        Trouble::new(StatusCode::PRECONDITION_REQUIRED, "if-match", message)
    })
}

fn is_meant(unit: &Unit, version: &str) -> Result<(), Trouble> {
    if version == "*" || version.split(',').any(|tag| tag.trim() == etag(unit)) {
        return Ok(());
    }
    let message = "somebody changed the unit meanwhile; look at it again";
    Err(Trouble::new(StatusCode::PRECONDITION_FAILED, "changed", message))
}

/// Changes a unit. Its older version stays in its history.
#[utoipa::path(put, path = "/v1/units/{id}", request_body = NewUnit,
    params(("id" = String, Path), ("If-Match" = String, Header, description = "The etag of the version that is changed, or *.")),
    responses((status = 200, body = UnitBody), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal))
)]
pub async fn replace(
    State(desk): State<Arc<Desk>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body_: Result<Json<NewUnit>, JsonRejection>,
) -> Result<Response, Trouble> {
    let Path(id) = id?;
    let (version, Json(new)) = (version(&headers)?, body_?);
    both_sides(&new)?;
    let here = Arc::clone(&desk);
    let asked = id.clone();
    desk.write(move |library, writer, when| {
        let unit = unit_of(library, &id)?;
        is_meant(&unit, &version)?;
        Ok(writer.replace(&id, changed(Unit::clone(&unit), &new), when)?)
    })
    .await?;
    let unit = here.read(move |library| unit_of(library, &asked).map(|unit| body(&unit))).await??;
    Ok(tagged(StatusCode::OK, unit))
}

/// Deletes a unit. What it said stays in its history.
#[utoipa::path(delete, path = "/v1/units/{id}",
    params(("id" = String, Path), ("If-Match" = String, Header, description = "The etag of the version that is deleted, or *.")),
    responses((status = 204, description = "It is gone."), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal))
)]
pub async fn delete(
    State(desk): State<Arc<Desk>>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<StatusCode, Trouble> {
    let Path(id) = id?;
    let version = version(&headers)?;
    desk.write(move |library, writer, when| {
        is_meant(&*unit_of(library, &id)?, &version)?;
        Ok(writer.delete(&id, when)?)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a unit said at some time.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionBody {
    /// `current`, `superseded` or `deleted`.
    state: &'static str,
    changed: Option<String>,
    file: String,
    ar: String,
    en: String,
}

/// What a unit said before, the oldest first.
#[utoipa::path(get, path = "/v1/units/{id}/history", params(("id" = String, Path)), responses(
    (status = 200, body = [VersionBody]), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn history(
    State(desk): State<Arc<Desk>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<Vec<VersionBody>>, Trouble> {
    let Path(id) = id?;
    let versions = desk.read(move |library| {
        let versions = library.snapshots().map(|(_, snapshot)| snapshot.history(&id)).find(|all| !all.is_empty());
        let body = |version: &dhakira::memory::Version<'_>| VersionBody {
            state: version.state.name(),
            changed: version.changed().map(str::to_owned),
            file: version.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            ar: version.unit.text_of(Lang::Ar).unwrap_or_default(),
            en: version.unit.text_of(Lang::En).unwrap_or_default(),
        };
        let versions = versions.ok_or_else(|| Trouble::not_found(format!("no unit ever had the id {id:?}")))?;
        Ok::<_, Trouble>(versions.iter().map(body).collect())
    });
    Ok(Json(versions.await??))
}
