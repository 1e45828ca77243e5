//! The page, and what it is made of: all of it in the binary.

use super::desk::Desk;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;

/// Only what this server sends is run and shown.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const FACE: &str = "font/woff2";
const TEXT: &str = "text/plain; charset=utf-8";

/// A file of the page: its address, its kind, what stands in it.
macro_rules! files {
    ($($name:literal $kind:ident),* $(,)?) => {
        [$((concat!("/page/", $name), $kind, include_bytes!(concat!("page/", $name)) as &'static [u8])),*]
    };
}

const FILES: &[(&str, &str, &[u8])] = &files![
    "page.css" CSS,
    "text.css" CSS,
    "review.css" CSS,
    "page.js" SCRIPT,
    "beads.js" SCRIPT,
    "bytes.js" SCRIPT,
    "codes.js" SCRIPT,
    "concordance.js" SCRIPT,
    "diff.js" SCRIPT,
    "editor.js" SCRIPT,
    "element.js" SCRIPT,
    "files.js" SCRIPT,
    "history.js" SCRIPT,
    "memory.js" SCRIPT,
    "phrases.js" SCRIPT,
    "review.js" SCRIPT,
    "search.js" SCRIPT,
    "sentences.js" SCRIPT,
    "server.js" SCRIPT,
    "table.js" SCRIPT,
    "views.js" SCRIPT,
    "voice.js" SCRIPT,
    "words.js" SCRIPT,
    "ibm-plex-sans-arabic-400.woff2" FACE,
    "ibm-plex-sans-arabic-600.woff2" FACE,
    "ibm-plex-sans-arabic.OFL.txt" TEXT,
    "noto-naskh-arabic-400.woff2" FACE,
    "noto-naskh-arabic.OFL.txt" TEXT,
];

pub fn router() -> Router<Arc<Desk>> {
    let page = get(|| async { file("text/html; charset=utf-8", include_bytes!("page/page.html")) });
    FILES.iter().fold(Router::new().route("/", page), |router, &(address, kind, bytes)| {
        router.route(address, get(move || async move { file(kind, bytes) }))
    })
}

/// Browsers ask again each time whether a file is still the same: a newer binary has a newer page under the same address.
fn file(kind: &'static str, bytes: &'static [u8]) -> Response {
    let head = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (head, bytes).into_response()
}
