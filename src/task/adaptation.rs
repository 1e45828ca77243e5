//! What is changed in units on their way out, and only because somebody asked: codes, bidi controls, language tags, and
//! the habits of the program that will read them.

use crate::lang::{Lang, LangTag};
use crate::tmx::Header;
use crate::unit::{Meta, Piece, Seg, Unit, Variant};

/// A program whose reader wants something else than strict TMX 1.4 alone.
///
/// In every dialect a unit with alternatives (several variants of Arabic or of English) becomes a unit for each: of two
/// variants of one language OmegaT takes the last, translate-toolkit the first. Tags are written with a hyphen: OmegaT
/// does not match `ar_SA`. Everything stays strict 1.4, valid against the DTD, which OmegaT 6.1 and later insist on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// OmegaT, with inline codes (its "level 2"). It reads language tags in any case, so they stay as they are.
    Omegat,
    /// OmegaT without inline codes (its "level 1"). Not the TMX 1.1 with `lang` that OmegaT itself writes: its validation
    /// since 6.1 refuses that, and every reader that takes 1.1 takes 1.4.
    OmegatLevel1,
    /// Trados Studio: props become user fields, `x-document` is `x-document:SingleString`, and those that this program
    /// writes are declared in the header. Its own contexts (`x-Context`) are hashes that nobody else can make.
    Trados,
    /// memoQ: `x-context-pre` and `x-context-post` stand in the source variant, their text as an escaped `<seg>`.
    Memoq,
    /// MateCat: as strict TMX; its contexts are ours (plain text, in the unit).
    Matecat,
}

impl Dialect {
    /// The name that users type: `omegat`, `omegat-level1`, `trados`, `memoq`, `matecat`.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Omegat => "omegat",
            Dialect::OmegatLevel1 => "omegat-level1",
            Dialect::Trados => "trados",
            Dialect::Memoq => "memoq",
            Dialect::Matecat => "matecat",
        }
    }
}

/// What is changed in units on their way out. The default changes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adaptation {
    /// Inline codes go out; between two words a lone code leaves a space ([`Seg::plain_text`]).
    pub strip_codes: bool,
    /// Bidi marks, embeddings, overrides and isolates go out of texts.
    pub strip_bidi_controls: bool,
    /// Tags that are written as another: `ar-EG` as `ar`. Compared without regard to case, `_` as `-`.
    pub lang_map: Vec<(LangTag, LangTag)>,
    /// For which program.
    pub dialect: Option<Dialect>,
}

/// What was changed, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Adapted {
    /// Segments that lost inline codes.
    pub codes: u64,
    /// Segments that lost bidi controls.
    pub bidi_controls: u64,
    /// Variants whose language tag is written in another way.
    pub tags: u64,
    /// Units with alternatives that became several.
    pub parted: u64,
    /// Props that were renamed or moved.
    pub props: u64,
}

/// The props that this program writes, for the header of a Trados file.
const OWN_PROPS: [&str; 8] = [
    "x-document",
    "x-document-date",
    "x-align-bead",
    "x-align-score",
    "x-origin",
    "x-status",
    "x-context-pre",
    "x-context-post",
];

/// The types of Trados user fields.
const FIELD_TYPES: [&str; 6] =
    ["SingleString", "MultipleString", "SinglePicklist", "MultiplePicklist", "Integer", "DateTime"];

impl Adaptation {
    /// Whether units go out as they are.
    pub fn is_none(&self) -> bool {
        *self == Adaptation::default()
    }

    /// The header as it goes out.
    pub fn header(&self, header: &Header) -> Header {
        let mut header = header.clone();
        if let Some((_, srclang)) = header.attrs.iter_mut().find(|(name, _)| name == "srclang")
            && let Some(tag) = self.tag(&LangTag::new(srclang))
        {
            *srclang = tag.as_str().to_owned();
        }
        if self.dialect == Some(Dialect::Trados) {
            let fields = OWN_PROPS.map(|name| Meta::prop(format!("{name}:SingleString"), ""));
            header.meta.extend(fields);
        }
        header
    }

    /// The unit as it goes out: one, or where a dialect parts alternatives, several. `source` is the language that a
    /// dialect takes for the source.
    ///
    /// ```
    /// use dhakira::task::{Adaptation, Adapted};
    /// use dhakira::unit::{Seg, Unit, Variant};
    /// use dhakira::{Lang, LangTag};
    /// let unit = Unit { variants: vec![Variant::new(LangTag::new("AR_eg"), Seg::plain("\u{200F}نعم"))], ..Unit::default() };
    /// let map = (LangTag::new("ar-EG"), LangTag::new("ar"));
    /// let adaptation = Adaptation { strip_bidi_controls: true, lang_map: vec![map], ..Adaptation::default() };
    /// let mut adapted = Adapted::default();
    /// let out = adaptation.adapt(&unit, Lang::Ar, &mut adapted);
    /// assert_eq!(out[0].variants[0], Variant::new(LangTag::new("ar"), Seg::plain("نعم")));
    /// assert_eq!((adapted.bidi_controls, adapted.tags), (1, 1));
    /// ```
    pub fn adapt(&self, unit: &Unit, source: Lang, adapted: &mut Adapted) -> Vec<Unit> {
        let mut unit = unit.clone();
        let strip_codes = self.strip_codes || self.dialect == Some(Dialect::OmegatLevel1);
        for variant in &mut unit.variants {
            if strip_codes && variant.seg.pieces.iter().any(|p| !matches!(p, Piece::Text(_))) {
                variant.seg = Seg::plain(variant.seg.plain_text());
                adapted.codes += 1;
            }
            if self.strip_bidi_controls && strip_bidi_controls(&mut variant.seg) {
                adapted.bidi_controls += 1;
            }
            if let Some(tag) = self.tag(&variant.tag) {
                variant.tag = tag;
                adapted.tags += 1;
            }
        }
        if let Some((_, srclang)) = unit.attrs.iter_mut().find(|(name, _)| name == "srclang")
            && let Some(tag) = self.tag(&LangTag::new(srclang))
        {
            *srclang = tag.as_str().to_owned();
        }
        match self.dialect {
            Some(Dialect::Memoq) => adapted.props += contexts_to_source(&mut unit, source),
            Some(Dialect::Trados) => adapted.props += props_to_fields(&mut unit),
            _ => {}
        }
        if self.dialect.is_none() {
            return vec![unit];
        }
        let units = part_alternatives(unit, source);
        adapted.parted += u64::from(units.len() > 1);
        units
    }

    /// What the tag is written as, if not as it is.
    fn tag(&self, tag: &LangTag) -> Option<LangTag> {
        let same = |a: &LangTag, b: &LangTag| {
            a.as_str().trim().replace('_', "-").eq_ignore_ascii_case(&b.as_str().trim().replace('_', "-"))
        };
        if let Some((_, to)) = self.lang_map.iter().find(|(from, _)| same(from, tag)) {
            return (to != tag).then(|| to.clone());
        }
        (self.dialect.is_some() && tag.as_str().contains('_')).then(|| LangTag::new(&tag.as_str().replace('_', "-")))
    }
}

/// U+061C, U+200E, U+200F (marks), U+202A–U+202E (embeddings, overrides), U+2066–U+2069 (isolates): UAX #9 §2.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether there was any.
fn strip_bidi_controls(seg: &mut Seg) -> bool {
    let mut found = false;
    for piece in &mut seg.pieces {
        if let Piece::Text(text) = piece
            && text.contains(is_bidi_control)
        {
            text.retain(|c| !is_bidi_control(c));
            found = true;
        }
    }
    found
}

/// memoQ looks for contexts in the source variant, as segments of their own.
fn contexts_to_source(unit: &mut Unit, source: Lang) -> u64 {
    let is_context = |meta: &Meta| matches!(meta.kind.as_deref(), Some("x-context-pre" | "x-context-post"));
    let Some(variant) = unit.variants.iter_mut().find(|v| v.tag.lang() == Some(source)) else { return 0 };
    let contexts: Vec<Meta> = unit.meta.iter().filter(|m| is_context(m)).cloned().collect();
    unit.meta.retain(|m| !is_context(m));
    let moved = contexts.len() as u64;
    variant.meta.extend(contexts.into_iter().map(|mut meta| {
        let text = meta.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        meta.text = format!("<seg>{text}</seg>");
        meta
    }));
    moved
}

/// Trados keeps a prop that names the type of its field.
fn props_to_fields(unit: &mut Unit) -> u64 {
    let mut renamed = 0;
    for kind in unit.meta.iter_mut().filter_map(|m| m.kind.as_mut()) {
        let typed = kind.rsplit_once(':').is_some_and(|(_, t)| FIELD_TYPES.contains(&t));
        // Its own props begin with a capital (`x-Context`), those of its forerunner with `Txt::` or `Att::`.
        let own = kind.strip_prefix("x-").is_some_and(|k| k.starts_with(|c: char| c.is_ascii_lowercase()));
        if own && !typed {
            kind.push_str(":SingleString");
            renamed += 1;
        }
    }
    renamed
}

/// The first source with each translation, and each other source with the first translation.
fn part_alternatives(unit: Unit, source: Lang) -> Vec<Unit> {
    let of = |lang: Lang| unit.variants.iter().filter(move |v| v.tag.lang() == Some(lang)).collect::<Vec<_>>();
    let (sources, targets) = (of(source), of(source.other()));
    if sources.len() < 2 && targets.len() < 2 {
        return vec![unit];
    }
    let rest: Vec<&Variant> = unit.variants.iter().filter(|v| v.tag.lang().is_none()).collect();
    let mut pairs: Vec<Vec<&Variant>> = Vec::new();
    for at in 0..targets.len().max(1) {
        pairs.push([sources.first(), targets.get(at)].into_iter().flatten().copied().collect());
    }
    for &other in sources.iter().skip(1) {
        pairs.push([Some(&other), targets.first()].into_iter().flatten().copied().collect());
    }
    let with = |(number, pair): (usize, Vec<&Variant>)| {
        let variants = pair.into_iter().chain(rest.iter().copied()).cloned().collect();
        let mut parted = Unit { attrs: unit.attrs.clone(), meta: unit.meta.clone(), variants };
        if let (Some(id), true) = (unit.id(), number > 0) {
            parted.set_attr("tuid", format!("{id}.{}", number + 1));
        }
        parted
    };
    pairs.into_iter().enumerate().map(with).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(variants: &[(&str, &str)]) -> Unit {
        let variants = variants.iter().map(|(tag, text)| Variant::new(LangTag::new(tag), Seg::plain(*text))).collect();
        Unit { attrs: vec![("tuid".to_owned(), "7".to_owned())], meta: Vec::new(), variants }
    }

    fn adapted(unit: &Unit, dialect: Dialect) -> Vec<Unit> {
        let adaptation = Adaptation { dialect: Some(dialect), ..Adaptation::default() };
        adaptation.adapt(unit, Lang::Ar, &mut Adapted::default())
    }

    #[test]
    fn alternatives_become_units_of_their_own() {
        let told = |units: Vec<Unit>| -> Vec<String> {
            let side = |u: &Unit| u.variants.iter().map(|v| v.seg.text()).collect::<Vec<_>>().join(" | ");
            units.iter().map(|u| format!("{} {}", u.id().unwrap(), side(u))).collect()
        };
        let out = adapted(&unit(&[("ar_SA", "أجل"), ("en", "Yes"), ("en", "Aye"), ("ar", "نعم")]), Dialect::Omegat);
        assert_eq!(out[0].variants[0].tag.as_str(), "ar-SA");
        assert_eq!(told(out), ["7 أجل | Yes", "7.2 أجل | Aye", "7.3 نعم | Yes"]);
        assert_eq!(told(adapted(&unit(&[("en", "Yes")]), Dialect::Omegat)), ["7 Yes"]);
        assert_eq!(told(adapted(&unit(&[("en", "Yes"), ("en", "Aye")]), Dialect::Matecat)), ["7 Yes", "7.2 Aye"]);
    }

    #[test]
    fn each_program_finds_contexts_and_fields_where_it_looks() {
        let mut plain = unit(&[("ar", "نعم"), ("en", "Yes")]);
        plain.meta = vec![Meta::prop("x-context-pre", "أ < ب"), Meta::prop("x-LastUsedBy", "s"), Meta::note("ملاحظة")];
        let memoq = &adapted(&plain, Dialect::Memoq)[0];
        assert_eq!(memoq.variants[0].meta, [Meta::prop("x-context-pre", "<seg>أ &lt; ب</seg>")]);
        assert_eq!(memoq.meta.len(), 2);
        let trados = &adapted(&plain, Dialect::Trados)[0];
        assert_eq!(trados.prop("x-context-pre:SingleString"), Some("أ < ب"));
        assert_eq!(trados.prop("x-LastUsedBy"), Some("s"));
        assert_eq!(adapted(&plain, Dialect::Matecat), [plain]);
    }

    #[test]
    fn codes_go_out_when_asked() {
        let mut coded = unit(&[("ar", ""), ("en", "Yes")]);
        let pieces = vec![Piece::Text("قال".into()), Piece::Code("<ph/>".into()), Piece::Text("نعم".into())];
        coded.variants[0].seg = Seg { pieces };
        assert_eq!(adapted(&coded, Dialect::OmegatLevel1)[0].variants[0].seg, Seg::plain("قال نعم"));
        assert_eq!(adapted(&coded, Dialect::Omegat), [coded.clone()]);
    }
}
