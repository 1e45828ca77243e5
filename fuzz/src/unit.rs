//! Units out of any bytes, and the promises of checking and mending them.

use dhakira::LangTag;
use dhakira::check::{Checks, FindingKind, check, repair};
use dhakira::unit::{Meta, Piece, Seg, Unit, Variant};

/// A unit from lines: `@name=value` an attribute, `%type=text` a prop, `#text` a note, `^tag` the next variant, `<…` a code,
/// `~…` a highlight tag, any other line text. `\n` and `\r` stand for line breaks.
pub fn unit(data: &[u8]) -> Unit {
    let mut unit = Unit::default();
    let named = |rest: &str| -> (String, String) {
        let (name, value) = rest.split_once('=').unwrap_or((rest, ""));
        (name.to_owned(), value.to_owned())
    };
    for line in String::from_utf8_lossy(data).split('\n') {
        let line = line.replace("\\n", "\n").replace("\\r", "\r");
        let (attrs, metas) = match unit.variants.last_mut() {
            Some(variant) => (&mut variant.attrs, &mut variant.meta),
            None => (&mut unit.attrs, &mut unit.meta),
        };
        if let Some(rest) = line.strip_prefix('@') {
            attrs.push(named(rest));
        } else if let Some(rest) = line.strip_prefix('%') {
            let (kind, text) = named(rest);
            metas.push(Meta::prop(kind, text));
        } else if let Some(rest) = line.strip_prefix('#') {
            metas.push(Meta::note(rest));
        } else if let Some(rest) = line.strip_prefix('^') {
            unit.variants.push(Variant::new(LangTag::new(rest), Seg::default()));
        } else if let Some(variant) = unit.variants.last_mut() {
            variant.seg.pieces.push(match line.strip_prefix('~') {
                Some(tag) => Piece::Highlight(tag.to_owned()),
                None if line.starts_with('<') => Piece::Code(line),
                None => Piece::Text(line),
            });
        }
    }
    unit
}

/// What is mended is mended wholly, at once, and told; what is found lies in its text; codes stay.
pub fn check_repair(data: &[u8]) {
    let unit = unit(data);
    for finding in check(&unit, &Checks::all()) {
        if let (Some(variant), Some(range)) = (finding.variant, finding.range.clone()) {
            assert!(unit.variants[variant].seg.text().get(range).is_some(), "{finding:?}");
        }
    }
    let codes = |unit: &Unit| -> Vec<Vec<Piece>> {
        let of = |v: &Variant| v.seg.pieces.iter().filter(|p| !matches!(p, Piece::Text(_))).cloned().collect();
        unit.variants.iter().map(of).collect()
    };
    let everything = FindingKind::all().fold(Checks::all(), Checks::mending);
    for checks in [Checks::default(), everything] {
        let mendable = |unit: &Unit| check(unit, &checks).into_iter().find(|f| f.mendable && checks.mends(f.kind));
        let mut mended = unit.clone();
        let changes = repair(&mut mended, &checks);
        assert_eq!(changes.is_empty(), mended == unit, "{changes:?}");
        assert_eq!(mendable(&unit).is_none(), changes.is_empty(), "{changes:?}");
        assert_eq!(mendable(&mended), None, "{mended:?} from {unit:?}");
        assert_eq!(codes(&mended), codes(&unit));
        assert_eq!(repair(&mut mended.clone(), &checks), [], "{mended:?} from {unit:?}");
    }
}
