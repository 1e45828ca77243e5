//! A TMX file as a document: its units in order, those without a translation filled by a variant.

use super::edit::Edit;
use super::encoded::Encoded;
use super::fill::{Fill, rendered};
use super::segment::{Segment, State};
use crate::bitext::tree::Tree;
use crate::error::Error;
use crate::lang::{Lang, LangTag};
use crate::tmx::parse_unit;
use crate::unit::Piece;
use crate::xml::{Spot, escaped};
use std::collections::HashMap;
use std::ops::Range;

/// Where a translation goes: the place of a blank variant, or one behind the others.
#[derive(Debug, Clone)]
pub(super) struct Slot(Range<usize>);

/// Reads the text of a TMX file.
pub(super) fn read(file: &Encoded, from: Option<Lang>) -> Result<(Vec<Segment>, Lang, Vec<Slot>), Error> {
    let text = &file.text;
    let missing = || file.error_at(0, "no <tmx> element in it".to_owned());
    let start = text.find("<tmx").ok_or_else(missing)?;
    let end = text.rfind("</tmx>").filter(|end| *end > start).map(|at| at + "</tmx>".len());
    let end = end.ok_or_else(|| file.error_at(text.len(), "no </tmx>; the file may have lost its end".to_owned()))?;
    let tree = Tree::parse(&text[start..end], "").map_err(|(at, reason)| file.error_at(start + at, reason))?;
    let header = tree.child(0, "header").and_then(|at| tree.nodes[at].attr("srclang")).map(LangTag::new);
    let units = tree.child(0, "body").map(|body| tree.children(body).collect::<Vec<_>>()).unwrap_or_default();
    let units: Vec<usize> = units.into_iter().filter(|&at| tree.nodes[at].name == Some("tu")).collect();
    let mut source = from.or_else(|| header?.lang());
    let (mut segments, mut slots) = (Vec::new(), Vec::new());
    for at in units {
        let node = &tree.nodes[at];
        let begins = start + node.span.start;
        let unit = parse_unit(tree.raw(at)).map_err(|flaw| file.error_at(begins + flaw.offset, flaw.reason))?;
        // A header that names no language of ours (`*all*`): that of the first variant.
        let lang = *source.get_or_insert(unit.variants.iter().find_map(|v| v.tag.lang()).unwrap_or(Lang::Ar));
        let Some(variant) = unit.variants_of(lang).find(|v| !v.seg.is_blank()) else { continue };
        let theirs = unit.variants_of(lang.other()).find(|v| !v.seg.is_blank());
        let raws =
            variant.seg.pieces.iter().filter_map(|p| if let Piece::Code(code) = p { Some(code.clone()) } else { None });
        let mut segment = Segment::new(variant.seg.clone(), raws.collect(), begins..start + node.span.end);
        segment.id = unit.id().map(str::to_owned);
        segment.context = unit.prop("x-context").map(str::to_owned);
        segment.target = theirs.map(|v| v.seg.clone());
        segment.state = if theirs.is_some() { State::Translated } else { State::Untranslated };
        segments.push(segment);
        let tag = |at: usize| tree.nodes[at].attr("xml:lang").or(tree.nodes[at].attr("lang")).map(LangTag::new);
        let is_theirs =
            |at: &usize| tree.nodes[*at].name == Some("tuv") && tag(*at).and_then(|t| t.lang()) == Some(lang.other());
        let blank = tree.children(at).find(is_theirs).map(|at| tree.nodes[at].span.clone());
        let place = blank.unwrap_or(node.content.end..node.content.end);
        slots.push(Slot(start + place.start..start + place.end));
    }
    Ok((segments, source.unwrap_or(Lang::Ar), slots))
}

/// The edits that put these fills in.
pub(super) fn edits(segments: &[Segment], target: Lang, slots: &[Slot], fills: &HashMap<usize, &Fill>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (number, fill) in fills {
        let (Some(slot), Some(parts)) = (slots.get(*number), &fill.target) else { continue };
        let Some(seg) = rendered(&segments[*number], parts, |text| escaped(text, Spot::Text)) else { continue };
        let status = if fill.confirmed { "" } else { "<prop type=\"x-status\">fuzzy</prop>" };
        let with = format!("<tuv xml:lang=\"{}\">{status}<seg>{seg}</seg></tuv>", target.code());
        edits.push(Edit { range: slot.0.clone(), with });
    }
    edits
}
