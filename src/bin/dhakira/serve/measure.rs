//! What holds for every request: it is counted, and its answer is neither kept nor guessed at.

use super::desk::Desk;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Instant;

/// Counts each request by its route, and says what holds for every answer: not to be kept, not to be guessed at.
pub async fn measure(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    // What the page is made of may be kept; every other answer may be another one a moment later.
    let is_page = request.uri().path().starts_with("/page/");
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let start = Instant::now();
    let mut response = next.run(request).await;
    let route = path.unwrap_or_else(|| "none".to_owned());
    desk.metrics.count(route, response.status(), start.elapsed().as_secs_f64());
    let headers = response.headers_mut();
    if !is_page {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}

/// `GET /metrics`
pub async fn metrics(State(desk): State<Arc<Desk>>) -> Response {
    let units = desk.library().map_or(0, |library| library.snapshots().map(|(_, snapshot)| snapshot.len()).sum());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], desk.metrics.text(units)).into_response()
}
