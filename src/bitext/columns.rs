//! What columns and keys mean, by their names, and the unit that a row of them makes.

use super::ReadOptions;
use crate::lang::{Lang, LangTag};
use crate::unit::{Meta, Seg, Unit, Variant};

/// What a column or key holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    /// Text in a language.
    Text(LangTag),
    /// Text in the source language, whichever that is.
    Source,
    /// Text in the target language, whichever that is.
    Target,
    Id,
    Note,
    /// A prop of this type.
    Prop(String),
    Skip,
}

/// Words that stand beside a language in names of columns (`text_ar`, `English sentence`).
const COMPANIONS: &[&str] = &[
    "text",
    "sentence",
    "segment",
    "seg",
    "string",
    "source",
    "target",
    "src",
    "tgt",
    "translation",
    "النص",
    "نص",
    "اللغة",
];

fn language(word: &str) -> Option<Lang> {
    match word {
        "arabic" | "عربي" | "عربية" | "العربي" | "العربية" => Some(Lang::Ar),
        "english"
        | "إنجليزي"
        | "انجليزي"
        | "إنجليزية"
        | "انجليزية"
        | "الإنجليزي"
        | "الانجليزي"
        | "الإنجليزية"
        | "الانجليزية" => Some(Lang::En),
        _ => None,
    }
}

impl Column {
    /// What a name means, in a header, in an option, as a key.
    pub(super) fn named(name: &str) -> Column {
        let name = name.trim();
        let lower = name.to_lowercase();
        match lower.as_str() {
            "" | "-" => return Column::Skip,
            "id" | "tuid" => return Column::Id,
            "note" | "comment" | "ملاحظة" | "ملاحظات" => return Column::Note,
            "source" | "src" | "source text" | "source_text" | "المصدر" => return Column::Source,
            "target" | "tgt" | "target text" | "target_text" | "translation" | "الهدف" | "الترجمة" => {
                return Column::Target;
            }
            _ => {}
        }
        if LangTag::new(name).lang().is_some() {
            return Column::Text(LangTag::new(name));
        }
        let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty() && !COMPANIONS.contains(w));
        let mut words = words.peekable();
        if let Some(word) = words.next()
            && words.peek().is_none()
            && let Some(lang) = language(word).or_else(|| LangTag::new(word).lang())
        {
            return Column::Text(lang.into());
        }
        Column::Prop(name.to_owned())
    }

    fn lang(&self) -> Option<Lang> {
        match self {
            Column::Text(tag) => tag.lang(),
            _ => None,
        }
    }
}

/// Whether these columns name both sides: a header, and not a row of data.
pub(super) fn name_both_sides(columns: &[Column]) -> bool {
    let both_languages = Lang::BOTH.iter().all(|&lang| columns.iter().any(|c| c.lang() == Some(lang)));
    both_languages || (columns.contains(&Column::Source) && columns.contains(&Column::Target))
}

/// Makes units of rows; knows which language is the source as soon as a row has told it.
#[derive(Debug)]
pub(super) struct Rows {
    source: Option<Lang>,
    keep_empty: bool,
}

impl Rows {
    pub(super) fn new(options: &ReadOptions) -> Rows {
        Rows { source: options.source, keep_empty: options.keep_empty }
    }

    /// The unit of a row, or why it is none.
    pub(super) fn unit(&mut self, cells: Vec<(Column, String)>) -> Result<Unit, String> {
        let script_of = |wanted: &Column| {
            cells.iter().find(|(column, _)| column == wanted).and_then(|(_, text)| Lang::of_script(text))
        };
        if self.source.is_none()
            && let (Some(source), Some(target)) = (script_of(&Column::Source), script_of(&Column::Target))
            && source != target
        {
            self.source = Some(source);
        }
        let mut unit = Unit::default();
        for (column, text) in cells {
            let tag = match column {
                Column::Text(tag) => tag,
                Column::Source | Column::Target => {
                    let Some(source) = self.source else {
                        return Err("which side is Arabic can not be told; name the source language".to_owned());
                    };
                    if column == Column::Source { source.into() } else { source.other().into() }
                }
                Column::Id if !text.is_empty() => {
                    unit.set_attr("tuid", text);
                    continue;
                }
                Column::Note if !text.is_empty() => {
                    unit.meta.push(Meta::note(text));
                    continue;
                }
                Column::Prop(kind) if !text.is_empty() => {
                    unit.meta.push(Meta::prop(kind, text));
                    continue;
                }
                _ => continue,
            };
            let seg = if text.is_empty() { Seg::default() } else { Seg::plain(text) };
            unit.variants.push(Variant::new(tag, seg));
        }
        let full = unit.variants.iter().filter(|v| !v.seg.is_blank()).count();
        match unit.variants.len() {
            0 => Err("no text in any language".to_owned()),
            1 => Err("one side is missing".to_owned()),
            _ if full < 2 && !self.keep_empty => Err("a side without text".to_owned()),
            _ => Ok(unit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns() {
        let text = |tag: &str| Column::Text(LangTag::new(tag));
        for (name, column) in [
            ("ar", text("ar")),
            ("ar-EG", text("ar-EG")),
            ("EN_us", text("EN_us")),
            ("Arabic", text("ar")),
            (" English sentence ", text("en")),
            ("text_ar", text("ar")),
            ("النص العربي", text("ar")),
            ("Source", Column::Source),
            ("translation", Column::Target),
            ("score_en", Column::Prop("score_en".into())),
            ("domain", Column::Prop("domain".into())),
            ("TUID", Column::Id),
            ("-", Column::Skip),
        ] {
            assert_eq!(Column::named(name), column, "{name}");
        }
    }
}
