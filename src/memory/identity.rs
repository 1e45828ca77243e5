//! Which unit is which: ids, what a unit says as a number, and the marks by which one takes the place of another.

use crate::unit::{Meta, Unit, Variant};
use std::borrow::Cow;

/// The prop of a deleted unit, and its value.
pub(super) const STATUS: (&str, &str) = ("x-status", "deleted");
/// The prop that names, by [`content_id`], a unit of another tool's file that this one takes the place of.
const SUPERSEDES: &str = "x-supersedes";

/// How a unit is addressed: by its `tuid`, or where it has none by [`content_id`].
///
/// ```
/// use dhakira::memory::unit_id;
/// use dhakira::tmx::parse_unit;
/// let seg = "<tuv xml:lang=\"ar\"><seg>نعم</seg></tuv><tuv xml:lang=\"en\"><seg>yes</seg></tuv>";
/// assert_eq!(unit_id(&parse_unit(&format!("<tu tuid=\"u7\">{seg}</tu>")).unwrap()), "u7");
/// assert_eq!(unit_id(&parse_unit(&format!("<tu>{seg}</tu>")).unwrap()), "~b61e7c8618fddbc2");
/// ```
pub fn unit_id(unit: &Unit) -> Cow<'_, str> {
    match tuid(unit) {
        Some(id) => Cow::Borrowed(id),
        None => Cow::Owned(content_id(unit)),
    }
}

/// The `tuid`, if it says anything.
pub(super) fn tuid(unit: &Unit) -> Option<&str> {
    unit.id().filter(|id| !id.is_empty())
}

/// `~` and 16 hexadecimal digits made of what the unit says: languages and segments with their codes, in order; not its
/// props and dates, nor the name of its file. So it stays when another tool saves the file again or a person renames it.
///
/// Units of other tools that have no `tuid`, or share it with a stranger, are addressed by it.
pub fn content_id(unit: &Unit) -> String {
    hex(content(unit))
}

pub(super) fn hex(content: u64) -> String {
    format!("~{content:016x}")
}

/// The number behind an id that [`content_id`] may have made.
pub(super) fn content_of_id(id: &str) -> Option<u64> {
    let digits = id.strip_prefix('~').filter(|digits| digits.len() == 16)?;
    u64::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))
}

/// The number of [`content_id`]: 64-bit FNV-1a (draft-eastlake-fnv-17 §3), stable over machines and versions. Among ten
/// million units the chance that any two share it is below 3 in 10⁶.
pub(super) fn content(unit: &Unit) -> u64 {
    let mut hash = Fnv::default();
    for variant in &unit.variants {
        hash.part(language(variant).as_bytes());
        for piece in &variant.seg.pieces {
            let (kind, text) = match piece {
                crate::unit::Piece::Text(text) => (b't', text),
                crate::unit::Piece::Code(code) => (b'c', code),
                crate::unit::Piece::Highlight(tag) => (b'h', tag),
            };
            hash.part(&[kind]);
            hash.part(text.as_bytes());
        }
    }
    hash.0
}

/// A number for an id, for tables, never 0; equal ids have equal numbers.
pub(super) fn number(id: &str) -> u64 {
    let mut hash = Fnv::default();
    hash.part(id.as_bytes());
    hash.0.max(1)
}

/// 64-bit FNV-1a (draft-eastlake-fnv-17 §3) over parts.
pub(super) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// A part and its end, a byte that UTF-8 never has: `ab` and `c` are not `a` and `bc`.
    pub(super) fn part(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0xFF]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    pub(super) fn number(&self) -> u64 {
        self.0
    }
}

/// The first subtag of a variant's language, in lower case; of Arabic and English the code, however it is spelled.
fn language(variant: &Variant) -> String {
    match variant.tag.lang() {
        Some(lang) => lang.code().to_owned(),
        None => variant.tag.as_str().trim().to_ascii_lowercase().replace('_', "-"),
    }
}

/// One number for each side of a unit with a `tuid`. Two units of one `tuid` are one unit at two times if they share one of
/// these: they have the same `tuid` and languages, and one side says the same.
///
/// A `tuid` is no proof by itself: TMX leaves open whether it is unique (1.4b, `tuid`), and most tools count 1, 2, 3 in
/// each file.
pub(super) fn sides(unit: &Unit) -> impl Iterator<Item = u64> {
    let mut languages: Vec<String> = unit.variants.iter().map(language).collect();
    languages.sort();
    languages.dedup();
    let mut start = Fnv::default();
    start.part(tuid(unit).unwrap_or_default().as_bytes());
    languages.iter().for_each(|language| start.part(language.as_bytes()));
    unit.variants.iter().map(move |variant| {
        let mut hash = Fnv(start.0);
        hash.part(language(variant).as_bytes());
        hash.part(variant.seg.text().as_bytes());
        hash.0
    })
}

/// An id for a new unit: 16 hexadecimal digits made of what it says and when it came.
pub(super) fn new_id(unit: &Unit, when: u64) -> String {
    let mut hash = Fnv(content(unit));
    hash.part(&when.to_le_bytes());
    format!("{:016x}", hash.0)
}

/// Whether the unit stands for one that was deleted.
pub(super) fn is_deleted(unit: &Unit) -> bool {
    unit.prop(STATUS.0) == Some(STATUS.1)
}

pub(super) fn mark_deleted(unit: &mut Unit) {
    unmark_deleted(unit);
    unit.meta.insert(0, Meta::prop(STATUS.0, STATUS.1));
}

pub(super) fn unmark_deleted(unit: &mut Unit) {
    unit.meta.retain(|meta| !(meta.kind.as_deref() == Some(STATUS.0) && meta.text == STATUS.1));
}

/// What the unit takes the place of, by [`content`].
pub(super) fn supersedes(unit: &Unit) -> impl Iterator<Item = u64> {
    let props = unit.meta.iter().filter(|meta| meta.kind.as_deref() == Some(SUPERSEDES));
    props.filter_map(|meta| content_of_id(meta.text.trim()))
}

pub(super) fn mark_supersedes(unit: &mut Unit, contents: &[u64]) {
    unit.meta.retain(|meta| meta.kind.as_deref() != Some(SUPERSEDES));
    unit.meta.extend(contents.iter().map(|&content| Meta::prop(SUPERSEDES, hex(content))));
}

/// Two numbers made of [`sides`], for a table: units of which neither is equal are no two versions of one unit. `[0, 0]`
/// says nothing; it is given for all but the usual unit with one variant in each of two languages.
pub(super) fn side_marks(unit: &Unit) -> [u8; 2] {
    let [first, second] = &unit.variants[..] else { return [0, 0] };
    let mark = |side: u64| (side >> 56) as u8 | 1;
    let mut marks = sides(unit).map(mark);
    let marks = [marks.next().unwrap_or(0), marks.next().unwrap_or(0)];
    match language(first).cmp(&language(second)) {
        std::cmp::Ordering::Less => marks,
        std::cmp::Ordering::Equal => [0, 0],
        std::cmp::Ordering::Greater => [marks[1], marks[0]],
    }
}

/// Whether units with these [`side_marks`] may share a side.
pub(super) fn may_share(a: [u8; 2], b: [u8; 2]) -> bool {
    a == [0, 0] || b == [0, 0] || a[0] == b[0] || a[1] == b[1]
}

/// Whether a unit whose `tuid` has the number `own` and that says `content` is the one that a live unit with the `tuid` `by`
/// supersedes when it names this content: others may say the same and be meant to stay.
pub(super) fn is_meant(own: Option<u64>, content: u64, by: Option<&str>) -> bool {
    own.is_none() || own == by.map(number) || by.and_then(content_of_id) == Some(content)
}
