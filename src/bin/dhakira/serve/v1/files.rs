//! Files in and out, at once or as jobs.

use crate::serve::desk::Desk;
use crate::serve::intake::{self, Intake};
use crate::serve::jobs::Job;
use crate::serve::outgoing::{self, Formulas, To, Wish};
use crate::serve::parcel::Parcel;
use crate::serve::trouble::{Refusal, Trouble};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use dhakira::task::Duplicates;
use serde::Deserialize;
use std::sync::Arc;
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
    /// What cells of a table are: `as-stored` (usual), or `guarded`, as an export writes them: an apostrophe before what a
    /// spreadsheet would take for a formula is taken away.
    #[param(inline)]
    formulas: Option<Formulas>,
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
    let formulas_guarded = asked.formulas == Some(Formulas::Guarded);
    let how = Intake { duplicates, formulas_guarded, dry_run: asked.dry_run, ..Intake::default() };
    Ok((StatusCode::ACCEPTED, Json(intake::begin(&desk, desk.memory().clone(), asked.name, parcel, bytes, how)?)))
}

fn no_job() -> Trouble {
    Trouble::not_found("no job has this id")
}

/// An import or an export as it stands.
#[utoipa::path(get, path = "/v1/jobs/{id}", params(("id" = String, Path)), responses(
    (status = 200, body = Job), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn job(State(desk): State<Arc<Desk>>, id: Result<Path<String>, PathRejection>) -> Result<Json<Job>, Trouble> {
    let Path(id) = id?;
    desk.jobs.get(&id).map(Json).ok_or_else(no_job)
}

/// Stops a job: nothing of it is written, unless it is done already. Of an export that is done the file goes.
#[utoipa::path(delete, path = "/v1/jobs/{id}", params(("id" = String, Path)), responses(
    (status = 200, description = "As it stands; it stops at its next step.", body = Job),
    (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn stop(
    State(desk): State<Arc<Desk>>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<Job>, Trouble> {
    let Path(id) = id?;
    desk.jobs.stop(&id).map(Json).ok_or_else(no_job)
}

/// What goes out.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportAsked {
    /// `tmx` (usual), `tsv`, `csv`, `jsonl`, `xlf` (1.2), `xliff2` (2.0), `po`.
    #[param(inline)]
    to: Option<To>,
    /// Only units of this document.
    document: Option<String>,
    /// Of `tsv` and `csv`, cells that a spreadsheet would take for formulas (they begin with =, +, - or @): `guarded` (usual)
    /// with an apostrophe before them, or `as-stored`.
    #[param(inline)]
    formulas: Option<Formulas>,
}

impl From<ExportAsked> for Wish {
    fn from(asked: ExportAsked) -> Wish {
        let document = asked.document.filter(|name| !name.is_empty());
        Wish { to: asked.to.unwrap_or_default(), document, formulas: asked.formulas.unwrap_or_default() }
    }
}

/// The memory that is written to, as one file.
#[utoipa::path(get, path = "/v1/export", params(ExportAsked), responses(
    (status = 200, description = "The file.", content(
        (Vec<u8> = "application/x-tmx+xml"), (Vec<u8> = "text/tab-separated-values"), (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/jsonl"), (Vec<u8> = "application/x-xliff+xml"), (Vec<u8> = "application/xliff+xml"),
        (Vec<u8> = "text/x-gettext-translation"),
    )),
    (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn export(
    State(desk): State<Arc<Desk>>,
    asked: Result<Query<ExportAsked>, QueryRejection>,
) -> Result<Response, Trouble> {
    let Query(asked) = asked?;
    let product = outgoing::at_once(&desk, desk.memory().clone(), asked.into()).await?;
    product.ok_or_else(|| Trouble::not_found("no unit to export"))?.response().await
}

/// The same in the background: the job tells how far it is, and at its end where the file is. The last 16 files are kept.
#[utoipa::path(post, path = "/v1/exports", params(ExportAsked), responses(
    (status = 202, body = Job), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn begin_export(
    State(desk): State<Arc<Desk>>,
    asked: Result<Query<ExportAsked>, QueryRejection>,
) -> Result<(StatusCode, Json<Job>), Trouble> {
    let Query(asked) = asked?;
    Ok((StatusCode::ACCEPTED, Json(outgoing::begin(&desk, asked.into())?)))
}

/// The file that an export made.
#[utoipa::path(get, path = "/v1/jobs/{id}/file", params(("id" = String, Path)), responses(
    (status = 200, description = "The file.", content(
        (Vec<u8> = "application/x-tmx+xml"), (Vec<u8> = "text/tab-separated-values"), (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/jsonl"), (Vec<u8> = "application/x-xliff+xml"), (Vec<u8> = "application/xliff+xml"),
        (Vec<u8> = "text/x-gettext-translation"),
    )),
    (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn file(State(desk): State<Arc<Desk>>, id: Result<Path<String>, PathRejection>) -> Result<Response, Trouble> {
    let Path(id) = id?;
    let job = desk.jobs.get(&id).ok_or_else(no_job)?;
    if !job.state.is_over() {
        return Err(Trouble::new(StatusCode::CONFLICT, "not-done", "the file is not made yet; ask for the job again"));
    }
    desk.jobs.product(&id).ok_or_else(|| Trouble::not_found("this job has no file, or no longer"))?.response().await
}
