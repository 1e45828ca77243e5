//! Where each source of a file stands: its neighbours by what its unit says of them, else by the order of the file; and its
//! id.
//!
//! | who | says the neighbours | says the id |
//! | --- | --- | --- |
//! | this program, MateCat | props `x-context-pre` and `x-context-post` of the unit, as text | prop `x-context` |
//! | memoQ | the same props of the source variant, as an escaped `<seg>` | prop `x-context` |
//! | OmegaT (alternative translations) | props `prev` and `next` of the unit | prop `id` |
//! | Trados | the one before, first field of the prop `x-ContextContent` (fields between ` | `, a bar in the text doubled) | prop `x-IdContext` |
//! | gettext, Lokalize, Weblate | | prop `x-context` of the unit or a variant |
//!
//! Such a text of the unit counts for the language of its letters. Where it says nothing, the units before and after in the
//! file are its neighbours if they are of the same document (prop `x-document`); the first and last ones of a document have
//! nothing before and behind. Live files are in the order of time, so there order says nothing. `x-Context` of Trados is a
//! hash that only Trados can make.

use super::sides::{filled, sources};
use crate::lang::Lang;
use crate::matching::Context;
use crate::text::{Key, key};
use crate::tmx;
use crate::unit::{Meta, Unit};

/// What a unit tells about places: its own, and as a neighbour.
pub(super) struct Told {
    /// The number of its document; 0 for none.
    document: u64,
    sides: [ToldSide; 2],
}

#[derive(Default)]
struct ToldSide {
    /// The number of its first text.
    own: u32,
    /// What its props say for each of its sources.
    said: Vec<Context>,
}

impl Told {
    /// Of a unit, the keys of whose sources are known in each language.
    pub(super) fn of(unit: &Unit, keys: [&[Key]; 2]) -> Told {
        let document = unit.prop("x-document").filter(|name| !name.is_empty()).map_or(0, super::identity::number);
        let says = says_anything(unit);
        let side = |lang: Lang| {
            let keys = keys[lang as usize];
            // A unit that has text on one side only is a neighbour, but no source.
            let own = match keys.first() {
                Some(key) => Context::number(key),
                None if document == 0 => 0,
                None => filled(unit, lang).next().map_or(0, |v| Context::number(&key(lang, &v.seg.text()))),
            };
            let said = match says {
                true => sources(unit, lang).map(|variant| said(unit, &variant.meta, lang)).collect(),
                false => vec![Context::default(); keys.len()],
            };
            ToldSide { own, said }
        };
        Told { document, sides: Lang::BOTH.map(side) }
    }
}

const BEFORE: [&str; 2] = ["x-context-pre", "prev"];
const AFTER: [&str; 2] = ["x-context-post", "next"];
const ID: [&str; 3] = ["x-context", "x-IdContext", "id"];
const TRADOS: &str = "x-ContextContent";

fn says_anything(unit: &Unit) -> bool {
    let known = |meta: &Meta| {
        let kind = meta.kind.as_deref().unwrap_or_default();
        BEFORE.contains(&kind) || AFTER.contains(&kind) || ID.contains(&kind) || kind == TRADOS
    };
    unit.meta.iter().chain(unit.variants.iter().flat_map(|variant| &variant.meta)).any(known)
}

/// What a unit and one of its variants say of the place.
fn said(unit: &Unit, variant: &[Meta], lang: Lang) -> Context {
    fn text_of<'a>(meta: &'a [Meta], kinds: &[&str]) -> Option<&'a str> {
        let text = |kind: &&str| meta.iter().find(|m| m.kind.as_deref() == Some(*kind)).map(|m| m.text.as_str());
        kinds.iter().find_map(text).filter(|text| !text.trim().is_empty())
    }
    let here = |text: &&str| Lang::of_script(text).is_none_or(|script| script == lang);
    let neighbour = |kinds: &[&str]| {
        let own = text_of(variant, kinds).or_else(|| text_of(&unit.meta, kinds).filter(here));
        own.map(plain)
    };
    let trados = || text_of(&unit.meta, &[TRADOS]).map(first_field).filter(|text| here(&text.as_str()));
    let before = neighbour(&BEFORE).or_else(trados);
    let after = neighbour(&AFTER);
    let of_variants = || unit.variants.iter().find_map(|variant| text_of(&variant.meta, &ID[..1]));
    let id = text_of(&unit.meta, &ID).or_else(of_variants);
    Context::of(lang, before.as_deref(), after.as_deref(), id)
}

/// The text of a neighbour, which may be written as a segment.
fn plain(text: &str) -> String {
    let text = text.trim();
    let seg = || {
        let unit = tmx::parse_unit(&format!("<tu><tuv xml:lang=\"ar\">{text}</tuv></tu>")).ok()?;
        Some(unit.variants.first()?.seg.text())
    };
    text.starts_with("<seg").then(seg).flatten().unwrap_or_else(|| text.to_owned())
}

/// The first field of Trados' list: up to a bar that is not doubled.
fn first_field(list: &str) -> String {
    let (mut field, mut chars) = (String::new(), list.chars().peekable());
    while let Some(c) = chars.next() {
        if c == '|' && chars.next_if_eq(&'|').is_none() {
            break;
        }
        field.push(c);
    }
    field.trim().to_owned()
}

/// The places of a file's sources, made unit by unit.
pub(super) struct Surroundings {
    /// Whether the order of units is that of a text.
    by_order: bool,
    contexts: [Vec<Context>; 2],
    /// The document of the last unit, its own numbers, and where its sources begin.
    last: (u64, [u32; 2], [usize; 2]),
}

impl Surroundings {
    pub(super) fn new(by_order: bool) -> Surroundings {
        Surroundings { by_order, contexts: Default::default(), last: Default::default() }
    }

    /// Takes up the next unit of the file.
    pub(super) fn push(&mut self, told: &Told) {
        let document = if self.by_order { told.document } else { 0 };
        let joined = document != 0 && document == self.last.0;
        if !joined {
            self.end_document();
        }
        let starts = [0, 1].map(|side: usize| self.contexts[side].len());
        for (side, ToldSide { own, said }) in told.sides.iter().enumerate() {
            let before = match (joined, document) {
                (true, _) => self.last.1[side],
                (false, 0) => 0,
                (false, _) => Context::NOTHING,
            };
            if joined {
                self.follow(side, *own);
            }
            let placed =
                |said: &Context| Context { before: if said.before == 0 { before } else { said.before }, ..*said };
            self.contexts[side].extend(said.iter().map(placed));
        }
        self.last = (document, [0, 1].map(|side: usize| told.sides[side].own), starts);
    }

    /// Says to the sources of the last unit what comes behind them.
    fn follow(&mut self, side: usize, after: u32) {
        for context in &mut self.contexts[side][self.last.2[side]..] {
            if context.after == 0 {
                context.after = after;
            }
        }
    }

    fn end_document(&mut self) {
        if self.last.0 != 0 {
            [0, 1].into_iter().for_each(|side| self.follow(side, Context::NOTHING));
        }
    }

    /// The places of all sources in each language; an empty list where none is known.
    pub(super) fn finish(mut self) -> [Vec<Context>; 2] {
        self.end_document();
        self.contexts.map(|contexts| match contexts.iter().all(|context| context.is_unknown()) {
            true => Vec::new(),
            false => contexts,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang::{Ar, En};
    use crate::unit::{Seg, Variant};

    fn unit(document: &str, ar: &str, en: &str) -> Unit {
        let variants = vec![Variant::new(Ar, Seg::plain(ar)), Variant::new(En, Seg::plain(en))];
        let meta = if document.is_empty() { Vec::new() } else { vec![Meta::prop("x-document", document)] };
        Unit { variants, meta, ..Unit::default() }
    }

    fn places(by_order: bool, units: &[Unit]) -> [Vec<Context>; 2] {
        let mut surroundings = Surroundings::new(by_order);
        for unit in units {
            let keys = Lang::BOTH.map(|l| sources(unit, l).map(|v| key(l, &v.seg.text())).collect::<Vec<_>>());
            surroundings.push(&Told::of(unit, [&keys[0], &keys[1]]));
        }
        surroundings.finish()
    }

    #[test]
    fn the_order_of_a_document_is_its_context() {
        let units = [
            unit("a", "وصل الوزير.", "The minister arrived."),
            unit("a", "ثم غادر.", ""),
            unit("a", "عاد.", "He returned."),
            unit("b", "نعم", "yes"),
            unit("", "لا", "no"),
        ];
        let of = |lang, before, after| Context::of(lang, before, after, None);
        let [ar, en] = places(true, &units);
        let first = of(Ar, Some(""), Some("ثم غادر."));
        let last = of(Ar, Some("ثم غادر."), Some(""));
        assert_eq!(ar, [first, last, of(Ar, Some(""), Some("")), Context::default()]);
        assert_eq!(en[0], Context { before: Context::NOTHING, after: 0, id: 0 });
        assert_eq!(places(false, &units), [Vec::new(), Vec::new()]);
        assert_eq!(places(true, &units[4..]), [Vec::new(), Vec::new()]);
    }

    #[test]
    fn each_tool_is_understood() {
        let check = |meta: &[(&str, &str)], of_variant: &[(&str, &str)], expected: Context| {
            let props = |list: &[(&str, &str)]| list.iter().map(|(kind, text)| Meta::prop(*kind, *text)).collect();
            let mut unit = Unit { meta: props(meta), ..unit("", "نعم", "yes") };
            unit.variants[0].meta = props(of_variant);
            assert_eq!(places(true, &[unit])[0].first().copied().unwrap_or_default(), expected, "{meta:?}");
        };
        let of = |before, after, id| Context::of(Ar, before, after, id);
        let both = of(Some("أ < ب"), Some("ج"), None);
        check(&[("x-context-pre", "أ < ب"), ("x-context-post", "ج")], &[], both);
        check(
            &[],
            &[("x-context-pre", "<seg>أ &lt; ب</seg>"), ("x-context-post", "<seg><ph/>ج</seg>")],
            of(Some("أ < ب"), Some("\u{FFFC}ج"), None),
        );
        check(
            &[("file", "a.txt"), ("id", "7"), ("prev", "أ < ب"), ("next", "ج")],
            &[],
            Context { id: of(None, None, Some("7")).id, ..both },
        );
        check(&[("x-context-pre", "yes"), ("x-context-post", "12")], &[], of(None, Some("12"), None));
        check(&[("x-ContextContent", "أ || ب | PHNlZz4= | a or b | PHNlZz4=")], &[], of(Some("أ | ب"), None, None));
        check(&[("x-Context", "12, 34"), ("x-IdContext", "m1")], &[], of(None, None, Some("m1")));
        check(&[], &[("x-context", "menu")], of(None, None, Some("menu")));
        check(&[("x-context-pre", " "), ("x-context-post", "")], &[], Context::default());
        check(&[("x-ContextContent", "")], &[], Context::default());
    }
}
