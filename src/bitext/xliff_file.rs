//! What holds for all units of an XLIFF `<file>`, and how it makes a unit of two sides.

use super::xliff_id::TUID_PROP;
use crate::lang::{Lang, LangTag};
use crate::unit::{Meta, Seg, Unit, Variant};

/// What holds for all units of a `<file>`.
#[derive(Debug, Clone, Default)]
pub(super) struct File {
    /// `original`
    pub(super) original: Option<String>,
    pub(super) source: Option<LangTag>,
    pub(super) target: Option<LangTag>,
    /// Whether the languages are others than ours.
    pub(super) foreign: bool,
    /// Whether fuzzy translations are wanted.
    pub(super) fuzzy: bool,
}

/// The side of a unit as its file has it.
pub(super) struct Side<'a> {
    /// `xml:lang` of the element.
    pub(super) lang: Option<&'a str>,
    pub(super) seg: Seg,
}

/// What a unit of the file gave.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Each with where it begins in the element.
    pub(super) units: Vec<(usize, Unit)>,
    pub(super) untranslated: u64,
    pub(super) fuzzy: u64,
}

impl File {
    /// A unit of these two sides; the document it stands in is its first prop.
    pub(super) fn unit(&self, source: Side, target: Side, mut meta: Vec<Meta>) -> Result<Unit, String> {
        let own = |of: Option<&str>, file: &Option<LangTag>| match of {
            // What an element says holds as long as it is a language of ours; `xml:lang` is often copied from a template.
            Some(lang) if file.is_none() || LangTag::new(lang).lang() == file.as_ref().and_then(LangTag::lang) => {
                Some(LangTag::new(lang))
            }
            _ => file.clone(),
        };
        let source_tag =
            own(source.lang, &self.source).ok_or("no source language; name it with the file's other tags")?;
        let target_tag = match own(target.lang, &self.target) {
            Some(tag) => tag,
            None => guessed_target(&source_tag, &target.seg)?,
        };
        match (source_tag.lang(), target_tag.lang()) {
            (Some(a), Some(b)) if a != b => {}
            _ => return Err(not_ours(Some(&source_tag), Some(&target_tag))),
        }
        if let Some(original) = self.original.as_deref().filter(|o| !o.is_empty()) {
            meta.insert(0, Meta::prop("x-document", original));
        }
        // A tuid that went out as a prop comes back as what it was.
        let mut unit = Unit::default();
        if let Some(at) = meta.iter().position(|m| m.kind.as_deref() == Some(TUID_PROP)) {
            unit.set_attr("tuid", meta.remove(at).text);
        }
        unit.meta = meta;
        unit.variants = vec![Variant::new(source_tag, source.seg), Variant::new(target_tag, target.seg)];
        Ok(unit)
    }
}

/// A file that does not name its target: the other language, if the target's letters do not speak against it.
fn guessed_target(source: &LangTag, target: &Seg) -> Result<LangTag, String> {
    let other = source.lang().map(Lang::other).ok_or_else(|| not_ours(Some(source), None))?;
    match Lang::of_script(&target.text()) {
        Some(lang) if lang != other => Err(format!("the file names no target language, and this text is not {other}")),
        _ => Ok(other.into()),
    }
}

/// Why a file or a unit between these languages is left out.
pub(super) fn not_ours(source: Option<&LangTag>, target: Option<&LangTag>) -> String {
    let name = |tag: Option<&LangTag>| tag.map_or("an unnamed language".to_owned(), |t| format!("{:?}", t.as_str()));
    format!("from {} to {}: only Arabic and English are read, one from the other", name(source), name(target))
}

/// A name as a prop's type: props that are not TMX's own begin with `x-`.
pub(super) fn prop_type(name: &str) -> String {
    if name.starts_with("x-") { name.to_owned() } else { format!("x-{name}") }
}

/// Which of a unit's props and notes each of its segments gets: all, unless that would be so many copies that a small file
/// fills the memory of the machine; then only the first segment has them.
pub(super) fn shared(meta: &[Meta], segments: usize) -> &[Meta] {
    if meta.len().saturating_mul(segments) <= MOST_COPIES { meta } else { &[] }
}

/// No honest unit comes near.
const MOST_COPIES: usize = 100_000;
