//! The header of one file that takes in several: what all of them say, and what had to go.

use super::source::{Source, SourceOptions};
use crate::lang::{Lang, LangTag};
use crate::memory::Memory;
use crate::tmx::{Header, Ude};
use crate::unit::Meta;
use std::path::PathBuf;

/// A header for several files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedHeader {
    /// The header.
    pub header: Header,
    /// What of the files' headers is not in it since they contradict each other, a sentence each.
    pub dropped: Vec<String>,
}

/// The prop by which a memory knows its own files.
const OF_MEMORY: &str = "x-dhakira";

/// The header for one file that takes in the units of all `inputs`.
///
/// Of a single TMX file its own. Of several:
///
/// - the source language that all share, `*all*` where they differ;
/// - each other attribute that has one value in all headers that have it, whether TMX knows it or not;
/// - all props of a type that has the same props, in the same order, in all headers that have it; a table of private
///   characters (`ude`) likewise, by its name;
/// - every note once: notes can not contradict each other.
///
/// What they contradict each other in is dropped, and said. An input that can not be read says nothing.
///
/// ```
/// use dhakira::task::{SourceOptions, shared_header};
/// let folder = tempfile::tempdir().unwrap();
/// let file = |name: &str, srclang: &str, prop: &str| {
///     let path = folder.path().join(name);
///     let header = format!("<header srclang=\"{srclang}\" o-tmf=\"ق\"><prop type=\"client\">{prop}</prop></header>");
///     std::fs::write(&path, format!("<tmx version=\"1.4\">{header}<body></body></tmx>")).unwrap();
///     path
/// };
/// let (a, b, c) = (file("a.tmx", "ar-EG", "أ"), file("b.tmx", "ar", "أ"), file("c.tmx", "en", "ب"));
/// let shared = |inputs: &[_]| shared_header(inputs, &SourceOptions::default());
/// assert_eq!(shared(&[a.clone()]).header.srclang(), Some("ar-EG"));
/// let both = shared(&[a.clone(), b.clone()]);
/// assert_eq!((both.header.srclang(), both.header.attr("o-tmf"), both.header.meta.len()), (Some("ar"), Some("ق"), 1));
/// let all = shared(&[a, b, c]);
/// assert_eq!((all.header.srclang(), all.header.meta.len()), (Some("*all*"), 0));
/// assert_eq!(all.dropped, ["props of type “client”"]);
/// ```
pub fn shared_header(inputs: &[PathBuf], options: &SourceOptions) -> SharedHeader {
    let mut files = Vec::new();
    for input in inputs {
        match Memory::open(input).and_then(|memory| memory.files()) {
            Ok(inside) if input.is_dir() => files.extend(inside),
            _ => files.push(input.clone()),
        }
    }
    let mut headers = Vec::new();
    // The source languages that were found, `None` for a file that names none.
    let mut sources: Vec<Option<Lang>> = Vec::new();
    for file in &files {
        let Ok(mut source) = Source::open(file, options) else { continue };
        match source.headers().first() {
            Some((_, header)) => {
                sources.push(header.srclang().and_then(|tag| LangTag::new(tag).lang()));
                headers.push(header.clone());
            }
            None => sources.push(source.by_ref().flatten().next().map(|placed| placed.source)),
        }
    }
    headers.iter_mut().for_each(|header| header.meta.retain(|meta| meta.kind.as_deref() != Some(OF_MEMORY)));
    if let ([_], [header]) = (&files[..], &headers[..]) {
        return SharedHeader { header: header.clone(), dropped: Vec::new() };
    }
    let srclang = match sources.split_first() {
        Some((Some(first), others)) if others.iter().all(|other| other.as_ref() == Some(first)) => first.code(),
        _ => "*all*",
    };
    let mut shared = SharedHeader { header: Header::new(srclang), dropped: Vec::new() };
    for (name, value) in agreed(&headers, |header| header.attrs.iter().map(|(n, v)| (n.clone(), v.clone())).collect()) {
        match value {
            _ if name == "srclang" => {}
            None => shared.dropped.push(format!("attribute {name}")),
            Some(values) => {
                let Some(value) = values.into_iter().next() else { continue };
                match shared.header.attrs.iter_mut().find(|(n, _)| *n == name) {
                    Some((_, own)) => *own = value,
                    None => shared.header.attrs.push((name, value)),
                }
            }
        }
    }
    let props = |header: &Header| -> Vec<(String, Meta)> {
        header.meta.iter().filter_map(|meta| Some((meta.kind.clone()?, meta.clone()))).collect()
    };
    for (kind, metas) in agreed(&headers, props) {
        match metas {
            Some(metas) => shared.header.meta.extend(metas),
            None => shared.dropped.push(format!("props of type “{kind}”")),
        }
    }
    for note in headers.iter().flat_map(|header| &header.meta).filter(|meta| meta.kind.is_none()) {
        if !shared.header.meta.contains(note) {
            shared.header.meta.push(note.clone());
        }
    }
    let name_of = |ude: &Ude| ude.attrs.iter().find(|(n, _)| n == "name").map(|(_, v)| v.clone()).unwrap_or_default();
    for (name, tables) in agreed(&headers, |header| header.ude.iter().map(|ude| (name_of(ude), ude.clone())).collect())
    {
        match tables {
            Some(tables) => shared.header.ude.extend(tables),
            None => shared.dropped.push(format!("the table of private characters “{name}”")),
        }
    }
    shared
}

/// What headers have under each name, in the order of the names' first places; `None` where they do not agree. A header that
/// has nothing under a name has nothing against it.
fn agreed<T: Clone + PartialEq>(
    headers: &[Header],
    of: impl Fn(&Header) -> Vec<(String, T)>,
) -> Vec<(String, Option<Vec<T>>)> {
    let mut found: Vec<(String, Option<Vec<T>>)> = Vec::new();
    for header in headers {
        let mut own: Vec<(String, Vec<T>)> = Vec::new();
        for (name, value) in of(header) {
            match own.iter_mut().find(|(n, _)| *n == name) {
                Some((_, values)) => values.push(value),
                None => own.push((name, vec![value])),
            }
        }
        for (name, values) in own {
            match found.iter_mut().find(|(n, _)| *n == name) {
                Some((_, agreed)) if agreed.as_ref() != Some(&values) => *agreed = None,
                Some(_) => {}
                None => found.push((name, Some(values))),
            }
        }
    }
    found
}
