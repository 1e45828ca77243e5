//! The protocol of t5memory, as translate5 calls it: memories by name, with import and export, and their entries.
//!
//! Routes and fields are those of translate5's client (`application/modules/editor/src/T5Memory/Api`). A memory is a folder
//! below the first one, so that `dhakira match` finds what translate5 wrote and the other way round; the name of the first
//! memory itself is that of its folder.

mod entries;

use super::desk::Desk;
use super::intake::{self, Intake};
use super::jobs::JobState;
use super::outgoing::{self, Wish};
use super::parcel::Parcel;
use super::trouble::Trouble;
use axum::extract::{Multipart, Path, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, RequestExt, Router};
use dhakira::memory::Memory;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;

pub fn router() -> Router<Arc<Desk>> {
    Router::new()
        .route("/t5memory_service/resources", get(resources))
        .route("/t5memory_service/savetms", get(saved))
        .route("/t5memory", get(list).post(create))
        .route("/t5memory/", get(list).post(create))
        .route("/t5memory/{tm}/status", get(status))
        .route("/t5memory/{tm}/fuzzysearch", post(entries::fuzzy))
        .route("/t5memory/{tm}/search", post(entries::search))
        .route("/t5memory/{tm}/entry", post(entries::entry))
        .route("/t5memory/{tm}/concordancesearch", post(entries::older_search))
        .route("/t5memory/{tm}/getentry", post(entries::get_entry))
        .route("/t5memory/{tm}/entrydelete", post(entries::delete_entry))
        .route("/t5memory/{tm}/clone", post(clone))
        .route("/t5memory/{tm}", delete(remove))
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
        return Ok(exists(&name));
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
        Some((JobState::Failed | JobState::Stopped, job)) => {
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

async fn download(State(desk): State<Arc<Desk>>, Path(tm): Path<String>) -> Result<Response, Trouble> {
    let memory = named(&desk, &tm)?;
    let mut response = match outgoing::at_once(&desk, memory, Wish::default()).await? {
        Some(product) => product.response().await?,
        None => StatusCode::OK.into_response(),
    };
    let head = response.headers_mut();
    head.insert(HeaderName::from_static("nextinternalkey"), HeaderValue::from_static("0:0"));
    head.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    Ok(response)
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewName {
    new_name: String,
}

/// As t5memory says it.
fn exists(name: &str) -> Response {
    let said = json!({"ReturnValue": 7272, "ErrorMsg": format!("{name}: ERROR_MEM_NAME_EXISTS")});
    (StatusCode::INTERNAL_SERVER_ERROR, Json(said)).into_response()
}

/// A memory once more, with the history of its units.
async fn clone(State(desk): State<Arc<Desk>>, Path(tm): Path<String>, request: Request) -> Result<Response, Trouble> {
    desk.may_write()?;
    let memory = named(&desk, &tm)?;
    let asked = serde_json::from_value(body(request).await?).map_err(|error| Trouble::bad(error.to_string()));
    let NewName { new_name } = asked?;
    let to = folder(&desk, &new_name)?;
    if to.is_dir() {
        return Ok(exists(&new_name));
    }
    desk.copy_memory(memory, to).await?;
    Ok(Json(json!({"ReturnValue": 0, "ErrorMsg": "", "name": new_name})).into_response())
}

async fn remove(State(desk): State<Arc<Desk>>, Path(tm): Path<String>) -> Result<Json<Value>, Trouble> {
    desk.may_write()?;
    let memory = named(&desk, &tm)?;
    desk.remove_memory(memory).await?;
    Ok(Json(json!({"ReturnValue": 0, "ErrorMsg": "", "name": tm})))
}
