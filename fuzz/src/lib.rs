//! What every reader of Dhakira promises for any input whatever, as functions that panic where it does not hold.
//!
//! A fuzz target calls one of them; `tests/fuzz_findings.rs` calls them with the inputs that once broke a promise.

mod bitext;
mod corpus;
mod document;
mod encoder;
mod glossary;
mod index;
mod model;
mod repair;
mod text;
mod tmx;
mod unit;

/// Panics where a promise does not hold for these bytes.
pub type Promises = fn(&[u8]);

/// The promises by the names of their fuzz targets.
pub const TARGETS: [(&str, Promises); 23] = [
    ("align_small", text::align_small),
    ("bitext_json", bitext::json),
    ("bitext_po", bitext::po),
    ("bitext_table", bitext::table),
    ("bitext_xliff", bitext::xliff),
    ("check_repair", unit::check_repair),
    ("corpus_html", corpus::html),
    ("corpus_markdown", corpus::markdown),
    ("corpus_plain", corpus::plain),
    ("decode", corpus::decode),
    ("document", document::document),
    ("encoder_open", encoder::open),
    ("glossary_table", glossary::table),
    ("glossary_tbx", glossary::tbx),
    ("index_open", index::open),
    ("matching_diff", text::matching_diff),
    ("matching_score", text::matching_score),
    ("repair", repair::repair),
    ("rule_lists", corpus::rule_lists),
    ("segment_split", text::segment_split),
    ("text_key", text::text_key),
    ("tmx_read", tmx::read),
    ("tmx_unit", tmx::unit),
];

/// Holds `data` against the promises of this target.
pub fn run(target: &str, data: &[u8]) {
    let found = TARGETS.iter().find(|(name, _)| *name == target);
    let (_, promises) = found.unwrap_or_else(|| panic!("no target is called {target}"));
    promises(data);
}
