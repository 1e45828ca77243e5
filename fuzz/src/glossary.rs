//! Glossaries: what is read can be looked for, what can not be read says where.

use dhakira::Lang;
use dhakira::glossary::Glossary;
use std::path::Path;

/// A TBX file.
pub fn tbx(data: &[u8]) {
    hold(data, Glossary::read_tbx);
}

/// A table.
pub fn table(data: &[u8]) {
    hold(data, Glossary::read_table);
}

fn hold(data: &[u8], read: fn(&Path, &str) -> Result<Glossary, dhakira::Error>) {
    let text = String::from_utf8_lossy(data);
    let glossary = match read(Path::new("terms"), &text) {
        Ok(glossary) => glossary,
        Err(error) => {
            let byte = error.place().and_then(|place| place.byte).unwrap_or(0);
            return assert!(byte <= text.len() as u64, "{error}");
        }
    };
    assert!(!glossary.entries().is_empty());
    for entry in glossary.entries().iter().take(20) {
        for term in &entry.terms {
            assert!(!term.text.trim().is_empty());
            // A term is found in itself, if it has a word at all.
            let hits = glossary.hits(term.lang, &term.text);
            let words = dhakira::text::tokens(&term.text)
                .iter()
                .any(|token| token.kind == dhakira::text::TokenKind::Word(term.lang));
            assert!(
                !hits.is_empty() || !words || dhakira::text::key(term.lang, &term.text).as_str().is_empty(),
                "{term:?}"
            );
        }
    }
    for lang in Lang::BOTH {
        let mut end = 0;
        for hit in glossary.hits(lang, &text) {
            assert!(hit.range.end >= end && text.get(hit.range.clone()).is_some());
            end = hit.range.end;
        }
    }
    let half = text.len() / 2;
    let half = (half..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    glossary.breaches(&text[..half], &text[half..]);
}
