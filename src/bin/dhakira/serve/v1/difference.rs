//! What became of a text: the way from what it was to what it is, in whole words.

use super::concordance::Side;
use crate::serve::desk::Desk;
use crate::serve::trouble::{Refusal, Trouble};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use dhakira::Lang;
use dhakira::matching::{Span, diff};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// How many pairs of texts are taken at once.
const MOST_PAIRS: usize = 100;

/// Pairs of texts.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DiffBody {
    #[schema(max_items = 100)]
    pairs: Vec<Texts>,
}

/// A text as it was, and as it is.
#[derive(Debug, Deserialize, ToSchema)]
struct Texts {
    lang: Side,
    #[schema(example = "وصل القطار متأخرا")]
    before: String,
    #[schema(example = "وصل القطار مبكرا")]
    after: String,
}

/// The ways, in the order of the pairs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Differences {
    pairs: Vec<Vec<Change>>,
}

/// A step: `equal`, `form` (written otherwise), `replace`, `insert`, `delete`. Joined, the steps are both texts.
#[derive(Debug, Serialize, ToSchema)]
struct Change {
    op: &'static str,
    before: String,
    after: String,
}

/// What became of texts. Nothing is written.
#[utoipa::path(post, path = "/v1/diff", request_body = DiffBody, responses(
    (status = 200, body = Differences), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn differences(
    State(desk): State<Arc<Desk>>,
    body: Result<Json<DiffBody>, JsonRejection>,
) -> Result<Json<Differences>, Trouble> {
    let Json(body) = body?;
    if body.pairs.len() > MOST_PAIRS {
        return Err(Trouble::bad(format!("pairs: at most {MOST_PAIRS}")));
    }
    let steps = |texts: &Texts| {
        let step = |span: Span| Change {
            op: span.op.name(),
            before: texts.before[span.b].to_owned(),
            after: texts.after[span.a].to_owned(),
        };
        diff(Lang::from(texts.lang), &texts.after, &texts.before).into_iter().map(step).collect()
    };
    Ok(Json(desk.work(move || Differences { pairs: body.pairs.iter().map(steps).collect() }).await?))
}
