//! Our own API, version 1: what its routes take and give stands in `openapi.json`, which is made from them.

pub mod analysis;
pub mod concordance;
mod difference;
mod files;
mod lookup;
mod terms;
mod texts;
pub mod units;

use super::desk::Desk;
use super::trouble::Refusal;
use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use serde::Serialize;
use std::sync::Arc;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// How many bytes an article pair may have, with its links: a book.
const MOST_TEXT: usize = 32 << 20;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Dhakira",
        description = "Translation memory between Arabic and English: suggestions, concordance, units, import and export, alignment.",
        license(name = "MIT OR Apache-2.0")
    ),
    components(schemas(Refusal)),
    modifiers(&Tokens),
    security((), ("token" = []))
)]
struct Document;

/// The token that a guarded server wants.
struct Tokens;

impl Modify for Tokens {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        if let Some(components) = document.components.as_mut() {
            components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        }
    }
}

/// All routes, each with what the document says of it.
pub fn router() -> OpenApiRouter<Arc<Desk>> {
    let texts = OpenApiRouter::new()
        .routes(routes!(texts::align))
        .routes(routes!(texts::save))
        .routes(routes!(analysis::analyse));
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(health))
        .routes(routes!(memories))
        .routes(routes!(lookup::lookup))
        .routes(routes!(lookup::batch))
        .routes(routes!(concordance::concordance))
        .routes(routes!(units::list, units::add))
        .routes(routes!(units::get, units::replace, units::delete))
        .routes(routes!(units::history))
        .routes(routes!(files::import))
        .routes(routes!(files::job, files::stop))
        .routes(routes!(files::file))
        .routes(routes!(files::begin_export))
        .routes(routes!(files::export))
        .routes(routes!(texts::check))
        .routes(routes!(terms::terms))
        .routes(routes!(difference::differences))
        .merge(texts.layer(DefaultBodyLimit::max(MOST_TEXT)))
}

/// Whether the server is alive.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    #[schema(example = "ok")]
    status: &'static str,
    version: &'static str,
}

/// Whether the server is alive.
#[utoipa::path(get, path = "/health", responses((status = 200, body = Health)))]
async fn health() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// One of the memories.
#[derive(Debug, Serialize, ToSchema)]
struct MemoryBody {
    /// What `memories` of a lookup call it.
    name: String,
    units: usize,
    /// Whether new units go there.
    writable: bool,
}

/// The memories, the one that counts most first.
#[utoipa::path(get, path = "/v1/memories", responses(
    (status = 200, body = [MemoryBody]), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
async fn memories(State(desk): State<Arc<Desk>>) -> Result<Json<Vec<MemoryBody>>, super::trouble::Trouble> {
    let here = Arc::clone(&desk);
    let memories = desk
        .read(move |library| {
            let body = |(folder, snapshot): (&std::path::Path, &dhakira::memory::Snapshot)| MemoryBody {
                name: here.label(folder),
                units: snapshot.len(),
                writable: folder == here.memory().folder() && here.may_write().is_ok(),
            };
            library.snapshots().map(body).collect()
        })
        .await?;
    Ok(Json(memories))
}
