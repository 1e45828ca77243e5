//! Terms of the glossary in a text.

use super::concordance::Side;
use crate::serve::desk::Desk;
use crate::serve::trouble::{Refusal, Trouble};
use crate::wire::TermRecord;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use dhakira::Lang;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// A text.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// The text.
    q: String,
    /// Its language, `ar` or `en`; else told by its letters.
    #[param(inline)]
    lang: Option<Side>,
}

/// The terms of a text, from its beginning.
#[derive(Debug, Serialize, ToSchema)]
pub struct Terms {
    /// The language of the text: `ar` or `en`.
    lang: &'static str,
    terms: Vec<TermRecord>,
}

/// The terms of the glossary that stand in a text; none if the server has no glossary.
#[utoipa::path(get, path = "/v1/terms", params(Asked), responses(
    (status = 200, body = Terms), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn terms(
    State(desk): State<Arc<Desk>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Terms>, Trouble> {
    let Query(Asked { q, lang }) = asked?;
    let lang = lang.map(Lang::from).or_else(|| Lang::of_script(&q)).unwrap_or(Lang::Ar);
    let here = Arc::clone(&desk);
    let terms = desk.work(move || here.terms(lang, &q).unwrap_or_default()).await?;
    Ok(Json(Terms { lang: lang.code(), terms }))
}
