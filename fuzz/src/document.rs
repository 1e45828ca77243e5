//! Promises of documents to be translated: what is not filled stays, byte for byte.

use dhakira::document::{Document, Fill, Kind, Options, Part};
use dhakira::unit::Piece;

const KINDS: [Kind; 7] = [Kind::Text, Kind::Markdown, Kind::Html, Kind::Srt, Kind::Xliff, Kind::Po, Kind::Tmx];

/// A digit that names the kind, then the file.
pub fn document(data: &[u8]) {
    let Some((digit, file)) = data.split_first() else { return };
    let kind = KINDS[usize::from(*digit) % 8 % KINDS.len()];
    let Ok(document) = Document::parse(kind, file, "f", &Options::default()) else { return };
    assert_eq!(document.fill(&[]).unwrap(), file, "{kind:?}");
    let mut fills = Vec::new();
    for (segment, found) in document.segments().iter().enumerate() {
        let mut codes = 0..;
        let part = |piece: &Piece| match piece {
            Piece::Text(text) => Some(Part::Text(text.clone())),
            Piece::Code(_) => codes.next().map(Part::Code),
            Piece::Highlight(_) => None,
        };
        let target = Some(found.source.pieces.iter().filter_map(part).collect());
        fills.push(Fill { segment, target, confirmed: true, proposals: Vec::new() });
    }
    // An encoding may lack what a reference named.
    let Ok(filled) = document.fill(&fills) else { return };
    let again = match Document::parse(kind, &filled, "f", &Options { from: Some(document.source()), encoding: None }) {
        Ok(again) => again,
        Err(error) => {
            assert!(!std::str::from_utf8(file).is_ok_and(|t| !t.starts_with('\u{FEFF}')), "{kind:?} {error}");
            return;
        }
    };
    if !kind.is_bilingual() {
        return;
    }
    assert_eq!(again.segments().len(), document.segments().len(), "{kind:?}");
    for (before, after) in document.segments().iter().zip(again.segments()) {
        assert_eq!(before.source.text(), after.source.text(), "{kind:?}");
    }
}
