//! Files in and out.

use crate::serve::desk::Desk;
use crate::serve::intake::{self, Intake, Parcel};
use crate::serve::jobs::Job;
use crate::serve::trouble::{Refusal, Trouble};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use dhakira::bitext::{Kind, XliffVersion};
use dhakira::task::{Duplicates, ExportOptions, OutputForm, export as export_memory};
use serde::Deserialize;
use std::sync::Arc;
use tokio_util::io::ReaderStream;
use utoipa::{IntoParams, ToSchema};

/// How a file is taken.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ImportAsked {
    /// The name of the file; its ending tells its kind: tmx, tsv, csv, jsonl, xlf, po.
    #[param(example = "project.tmx")]
    name: String,
    /// Of other translations of a source that is there: `keep` what is there, `overwrite` it, or keep `both` (usual).
    #[param(inline)]
    duplicates: Option<Twice>,
    /// Only tells what would happen.
    #[serde(default)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Twice {
    Keep,
    Overwrite,
    Both,
}

/// Takes a file into the memory, in the background.
#[utoipa::path(post, path = "/v1/imports", params(ImportAsked),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file."),
    responses((status = 202, body = Job), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal))
)]
pub async fn import(
    State(desk): State<Arc<Desk>>,
    asked: Result<Query<ImportAsked>, QueryRejection>,
    body: Body,
) -> Result<(StatusCode, Json<Job>), Trouble> {
    let Query(asked) = asked?;
    desk.may_write()?;
    let parcel = Parcel::new(&asked.name)?;
    let bytes = desk.limits.store(body, parcel.path()).await?;
    let duplicates = match asked.duplicates {
        Some(Twice::Keep) => Duplicates::Keep,
        Some(Twice::Overwrite) => Duplicates::Overwrite,
        Some(Twice::Both) | None => Duplicates::Both,
    };
    let how = Intake { duplicates, dry_run: asked.dry_run };
    Ok((StatusCode::ACCEPTED, Json(intake::begin(&desk, desk.memory().clone(), asked.name, parcel, bytes, how)?)))
}

/// An import as it stands.
#[utoipa::path(get, path = "/v1/jobs/{id}", params(("id" = String, Path)), responses(
    (status = 200, body = Job), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn job(State(desk): State<Arc<Desk>>, id: Result<Path<String>, PathRejection>) -> Result<Json<Job>, Trouble> {
    let Path(id) = id?;
    desk.jobs.get(&id).map(Json).ok_or_else(|| Trouble::not_found("no job has this id"))
}

/// What goes out.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportAsked {
    /// `tmx` (usual), `tsv`, `jsonl`, `xlf` (1.2), `xliff2` (2.0), `po`.
    #[param(inline)]
    to: Option<To>,
    /// Only units of this document.
    document: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum To {
    Tmx,
    Tsv,
    Jsonl,
    Xlf,
    Xliff2,
    Po,
}

/// The memory that is written to, as one file.
#[utoipa::path(get, path = "/v1/export", params(ExportAsked), responses(
    (status = 200, description = "The file.", content(
        (Vec<u8> = "application/x-tmx+xml"), (Vec<u8> = "text/tab-separated-values"), (Vec<u8> = "application/jsonl"),
        (Vec<u8> = "application/x-xliff+xml"), (Vec<u8> = "application/xliff+xml"), (Vec<u8> = "text/x-gettext-translation"),
    )),
    (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn export(
    State(desk): State<Arc<Desk>>,
    asked: Result<Query<ExportAsked>, QueryRejection>,
) -> Result<Response, Trouble> {
    let Query(asked) = asked?;
    let mut options =
        ExportOptions { document: asked.document.filter(|name| !name.is_empty()), ..ExportOptions::default() };
    let (form, kind, ending) = match asked.to.unwrap_or(To::Tmx) {
        To::Tmx => (OutputForm::Tmx, "application/x-tmx+xml", "tmx"),
        To::Tsv => (OutputForm::Bitext(Kind::Tsv), "text/tab-separated-values; charset=utf-8", "tsv"),
        To::Jsonl => (OutputForm::Bitext(Kind::JsonLines), "application/jsonl", "jsonl"),
        To::Xlf => (OutputForm::Bitext(Kind::Xliff), "application/x-xliff+xml", "xlf"),
        To::Xliff2 => {
            options.output.bitext.xliff = XliffVersion::V2_0;
            (OutputForm::Bitext(Kind::Xliff), "application/xliff+xml", "xlf")
        }
        To::Po => (OutputForm::Bitext(Kind::Po), "text/x-gettext-translation", "po"),
    };
    options.output.form = Some(form);
    // As a whole before the first byte goes out: an export that fails is an error, never a shorter file.
    let parcel = Parcel::new(&format!("dhakira.{ending}"))?;
    let here = Arc::clone(&desk);
    let (parcel, delivered) = desk
        .work(move || {
            let problem = |problem: &dhakira::Error| anstream::eprintln!("dhakira: {problem}");
            let delivered = export_memory(here.memory(), &options, parcel.path(), problem);
            (parcel, delivered)
        })
        .await?;
    if delivered?.is_none() {
        return Err(Trouble::not_found("no unit to export"));
    }
    let file = tokio::fs::File::open(parcel.path()).await.map_err(Trouble::internal)?;
    let size = file.metadata().await.map_err(Trouble::internal)?.len();
    let name = format!("attachment; filename=\"dhakira.{ending}\"");
    let head = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CONTENT_LENGTH, size.to_string()),
    ];
    // On Unix an open file stays when its name goes; elsewhere the parcel's folder is left to the system.
    Ok((head, Body::from_stream(ReaderStream::new(file))).into_response())
}
