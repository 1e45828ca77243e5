//! What a unit says of itself that the order of suggestions asks for: who made it, how far it has come, from where it is.

use crate::lang::LangTag;
use crate::matching::{Origin, Status};
use crate::unit::Unit;

/// Who made a unit and how far it has come, in one byte for tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Traits(pub(super) u8);

const ORIGINS: [Origin; 3] = [Origin::Human, Origin::Aligned, Origin::Machine];
const STATES: [Status; 4] = [Status::Translated, Status::Final, Status::Reviewed, Status::Draft];

impl Traits {
    /// From the props `x-origin` (or `x-Origin`, Trados) and `x-ConfirmationLevel` (Trados) or `x-status`; a unit that says
    /// nothing has the byte 0.
    pub(super) fn of(unit: &Unit) -> Traits {
        let first =
            |kinds: [&str; 2]| kinds.into_iter().find_map(|kind| unit.prop(kind).filter(|text| !text.is_empty()));
        let origin = Origin::from_name(first(["x-origin", "x-Origin"]).unwrap_or_default());
        let status = Status::from_name(first(["x-ConfirmationLevel", "x-status"]).unwrap_or_default());
        let place = |found: Option<usize>| found.unwrap_or(0) as u8;
        let (origin, status) =
            (place(ORIGINS.iter().position(|o| *o == origin)), place(STATES.iter().position(|s| *s == status)));
        Traits(origin << 2 | status)
    }

    pub(super) fn origin(self) -> Origin {
        ORIGINS[usize::from(self.0 >> 2) % ORIGINS.len()]
    }

    pub(super) fn status(self) -> Status {
        STATES[usize::from(self.0 & 3)]
    }
}

/// A region as a number for tables: two letters or three digits (RFC 5646 §2.2.4); 0 is none.
pub(super) fn region_number(region: &str) -> u16 {
    let number = |base: u16, first: u8| {
        let digit = |number: u16, byte: u8| number * base + u16::from(byte.to_ascii_uppercase().saturating_sub(first));
        region.bytes().fold(0, digit)
    };
    match region.len() {
        2 if region.bytes().all(|b| b.is_ascii_alphabetic()) => 1_001 + number(26, b'A'),
        3 if region.bytes().all(|b| b.is_ascii_digit()) => 1 + number(10, b'0'),
        _ => 0,
    }
}

/// The region of a tag as a number for tables.
pub(super) fn region_of(tag: &LangTag) -> u16 {
    // Nearly all tags are two letters, and making a string takes longer than looking.
    if tag.as_str().len() <= 3 { 0 } else { tag.region().map_or(0, |region| region_number(&region)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::Meta;

    #[test]
    fn a_byte_holds_origin_and_status() {
        let check = |props: &[(&str, &str)], origin: Origin, status: Status| {
            let meta = props.iter().map(|(kind, text)| Meta::prop(*kind, *text)).collect();
            let traits = Traits::of(&Unit { meta, ..Unit::default() });
            assert_eq!((traits.origin(), traits.status()), (origin, status), "{props:?}");
        };
        assert_eq!(Traits::of(&Unit::default()), Traits(0));
        check(&[], Origin::Human, Status::Translated);
        check(&[("x-origin", "align"), ("x-status", "draft")], Origin::Aligned, Status::Draft);
        check(&[("x-Origin", "MT"), ("x-ConfirmationLevel", "ApprovedSignOff")], Origin::Machine, Status::Final);
        check(&[("x-ConfirmationLevel", "ApprovedTranslation"), ("x-status", "new")], Origin::Human, Status::Reviewed);
    }

    #[test]
    fn regions_have_numbers_of_their_own() {
        let letters =
            (b'A'..=b'Z').flat_map(|a| (b'A'..=b'Z').map(move |b| [a as char, b as char].iter().collect::<String>()));
        let digits = (0..1_000).map(|n| format!("{n:03}"));
        let mut numbers: Vec<u16> = letters.chain(digits).map(|region| region_number(&region)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!((numbers.len(), numbers[0]), (26 * 26 + 1_000, 1));
        assert_eq!(region_of(&LangTag::new("ar_eg")), region_number("EG"));
        assert_eq!(["ar", "ara", "ar-Arab", ""].map(|tag| region_of(&LangTag::new(tag))), [0; 4]);
    }
}
