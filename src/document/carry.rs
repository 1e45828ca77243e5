//! Inline codes carried over: a translation from the memory gets the codes of the segment that it is for, each once.
//!
//! 1. The codes of the segment are matched with those of the match's source: the same ones in their order; else by what they say
//!    and what they do (a pair's start, a single one); else by what they do.
//! 2. Those of the match's translation are matched with those of its source: by TMX's `x`, else as in 1. So each says which code
//!    of the segment stands there. A code that leads to none is left out.
//! 3. A code of the segment that is still without a place gets one that is sure: around everything, or at either end, if it
//!    stands so in the segment; around the same letters, if a pair encloses what stands once in the translation as it is (a name
//!    in Latin letters, a number).
//! 4. Else its place is a guess, told as such ([`Carried::guessed`]): in the proportion of the lengths, between two words.

use super::part::{Part, stands_once};
use crate::bitext::inline::{Role, codes};
use crate::unit::{Piece, Seg};

/// A translation with the codes of the segment that it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The translation; each code of the segment stands in it once, pairs closing in their order.
    pub parts: Vec<Part>,
    /// Whether the place of a code is a guess.
    pub guessed: bool,
}

/// Carries the codes of `segment` into the translation `target` of `source`, which is like it. Total.
///
/// ```
/// use dhakira::document::{Part, carried};
/// use dhakira::unit::{Piece, Seg};
/// let coded = |before: &str, open: &str, inside: &str, close: &str| Seg { pieces: vec![
///     Piece::Text(before.into()), Piece::Code(format!("<bpt i=\"1\">{open}</bpt>")),
///     Piece::Text(inside.into()), Piece::Code(format!("<ept i=\"1\">{close}</ept>")),
/// ] };
/// let segment = coded("Press ", "&lt;g id=\"7\"&gt;", "Save", "&lt;/g&gt;");
/// let source = coded("Press ", "&lt;b&gt;", "Save", "&lt;/b&gt;");
/// let target = coded("اضغط ", "&lt;b&gt;", "حفظ", "&lt;/b&gt;");
/// let carried = carried(&segment, &source, &target);
/// let text = |text: &str| Part::Text(text.into());
/// assert_eq!(carried.parts, [text("اضغط "), Part::Code(0), text("حفظ"), Part::Code(1)]);
/// assert!(!carried.guessed);
/// ```
pub fn carried(segment: &Seg, source: &Seg, target: &Seg) -> Carried {
    let (wanted, theirs, found) = (known(segment), known(source), known(target));
    let to_source = matched(&found, &theirs, true);
    let to_segment = matched(&theirs, &wanted, false);
    let code_of = |at: usize| to_source[at].and_then(|at| to_segment[at]);
    let mut marked = Marked::default();
    let mut number = 0;
    let mut glued = false;
    for piece in &target.pieces {
        match piece {
            Piece::Text(text) => {
                let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                if glued && word(marked.text.chars().next_back()) && word(text.chars().next()) {
                    marked.text.push(' ');
                }
                glued = false;
                marked.text.push_str(text);
            }
            Piece::Highlight(_) => {}
            Piece::Code(_) => {
                match code_of(number) {
                    Some(code) if !marked.has(code) => marked.mark(marked.text.len(), 0, code),
                    _ => glued |= found[number].role == Role::Single,
                }
                number += 1;
            }
        }
    }
    let missing: Vec<usize> = (0..wanted.len()).filter(|&code| !marked.has(code)).collect();
    let own = marked.clone();
    let mut guessed = false;
    for &code in &missing {
        guessed |= !marked.place(code, &wanted);
    }
    for (marked, guessed) in [(marked, guessed), (at_the_end(own, &missing), true)] {
        let parts = marked.parts();
        if stands_once(segment, &parts) {
            return Carried { parts, guessed };
        }
    }
    let text = Marked { text: target.plain_text(), marks: Vec::new() };
    let parts = at_the_end(text, &(0..wanted.len()).collect::<Vec<_>>()).parts();
    Carried { parts, guessed: true }
}

fn at_the_end(mut marked: Marked, codes: &[usize]) -> Marked {
    for &code in codes {
        marked.mark(marked.text.len(), 1, code);
    }
    marked
}

/// A code and what stands around it.
struct Known {
    role: Role,
    says: Box<str>,
    /// TMX's `x`.
    x: Option<String>,
    /// The other half of a pair.
    partner: Option<usize>,
    /// The text before it and behind it, codes aside.
    before: String,
    after: String,
}

impl Known {
    fn does(&self) -> u8 {
        match self.role {
            Role::Single => 0,
            Role::Open(_) => 1,
            Role::Close(_) => 2,
            Role::LoneOpen => 3,
            Role::LoneClose => 4,
        }
    }
}

fn known(seg: &Seg) -> Vec<Known> {
    let all: String =
        seg.pieces.iter().filter_map(|p| if let Piece::Text(t) = p { Some(t.as_str()) } else { None }).collect();
    let mut list: Vec<Known> = Vec::new();
    let mut says = seg.codes().into_iter();
    let mut at = 0;
    for (piece, code) in seg.pieces.iter().zip(codes(seg)) {
        if let Piece::Text(text) = piece {
            at += text.len();
        }
        let Some(code) = code else { continue };
        let partner = match code.role {
            Role::Close(pair) => list.iter().position(|k| k.role == Role::Open(pair)),
            _ => None,
        };
        if let Some(open) = partner {
            list[open].partner = Some(list.len());
        }
        list.push(Known {
            role: code.role,
            says: says.next().unwrap_or_default(),
            x: code.x,
            partner,
            before: all[..at].to_owned(),
            after: all[at..].to_owned(),
        });
    }
    list
}

/// For each code of `from` that of `to` which it stands for. Ends of pairs follow their starts.
fn matched(from: &[Known], to: &[Known], by_x: bool) -> Vec<Option<usize>> {
    let mut map = vec![None; from.len()];
    let mut used = vec![false; to.len()];
    let alike = |a: &Known, b: &Known| a.does() == b.does() && a.says == b.says;
    if !by_x && from.len() == to.len() && from.iter().zip(to).all(|(a, b)| alike(a, b)) {
        return (0..to.len()).map(Some).collect();
    }
    let mut pass = |same: &dyn Fn(&Known, &Known) -> bool| {
        for at in 0..from.len() {
            if map[at].is_some() || matches!(from[at].role, Role::Close(_)) {
                continue;
            }
            let free = (0..to.len()).find(|&n| !used[n] && same(&from[at], &to[n]));
            let Some(n) = free else { continue };
            (map[at], used[n]) = (Some(n), true);
            if let (Some(end), Some(n)) = (from[at].partner, to[n].partner) {
                (map[end], used[n]) = (Some(n), true);
            }
        }
    };
    if by_x {
        pass(&|a, b| a.x.is_some() && a.x == b.x && a.does() == b.does());
    }
    pass(&alike);
    pass(&|a, b| a.does() == b.does());
    map
}

/// A text with codes at places in it.
#[derive(Debug, Clone, Default)]
struct Marked {
    text: String,
    /// Byte of the text, which of those at one byte comes first, code.
    marks: Vec<(usize, i8, usize)>,
}

impl Marked {
    fn has(&self, code: usize) -> bool {
        self.marks.iter().any(|(_, _, c)| *c == code)
    }

    fn mark(&mut self, at: usize, order: i8, code: usize) {
        self.marks.push((at, order, code));
    }

    /// Finds a place for a code, and for the other half of its pair; false if it is a guess.
    fn place(&mut self, code: usize, wanted: &[Known]) -> bool {
        if self.has(code) {
            return true;
        }
        let here = &wanted[code];
        let says_nothing = |text: &str| !text.chars().any(char::is_alphanumeric);
        let end = self.text.len();
        let Some(partner) = here.partner.filter(|&partner| partner > code) else {
            let (at, order) = match (says_nothing(&here.before), says_nothing(&here.after)) {
                (true, _) => (0, -1),
                (_, true) => (end, 1),
                _ => (self.proportional(here), 0),
            };
            self.mark(at, order, code);
            return order != 0;
        };
        let there = &wanted[partner];
        let inside = &here.after[..here.after.len() - there.after.len()];
        if says_nothing(&here.before) && says_nothing(&there.after) {
            self.mark(0, -1, code);
            self.mark(end, 1, partner);
            return true;
        }
        let (letters, lead) = (inside.trim(), inside.len() - inside.trim_start().len());
        let mut places = self.text.match_indices(letters).map(|(at, _)| at);
        if let (false, 0, Some(at), None) = (says_nothing(letters), lead, places.next(), places.next()) {
            let to = at + letters.len();
            let inner = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            if !inner(self.text[..at].chars().next_back()) && !inner(self.text[to..].chars().next()) {
                self.mark(at, 0, code);
                self.mark(to, 0, partner);
                return true;
            }
        }
        let from = self.proportional(here);
        let word = self.text[from..].find(char::is_whitespace).map_or(end, |n| from + n);
        self.mark(from, 0, code);
        self.mark(self.proportional_end(there).max(word), 0, partner);
        false
    }

    /// The start of a word about as far in the text as the code stands in its own.
    fn proportional(&self, code: &Known) -> usize {
        let starts = self.text.char_indices().zip(self.text.chars().skip(1));
        let starts = starts.filter(|((_, a), b)| a.is_whitespace() && !b.is_whitespace());
        let starts = starts.map(|((at, a), _)| at + a.len_utf8());
        self.nearest(code, std::iter::once(0).chain(starts))
    }

    /// The end of a word, likewise.
    fn proportional_end(&self, code: &Known) -> usize {
        let ends = self.text.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
        self.nearest(code, ends.chain(std::iter::once(self.text.len())))
    }

    fn nearest(&self, code: &Known, places: impl Iterator<Item = usize>) -> usize {
        let (before, after) = (code.before.chars().count(), code.after.chars().count());
        let wanted = self.text.chars().count() * before / (before + after).max(1);
        let wanted = self.text.char_indices().nth(wanted).map_or(self.text.len(), |(at, _)| at);
        places.min_by_key(|at| at.abs_diff(wanted)).unwrap_or(0)
    }

    fn parts(mut self) -> Vec<Part> {
        self.marks.sort_by_key(|(at, order, _)| (*at, *order));
        let mut parts = Vec::new();
        let mut from = 0;
        for (at, _, code) in self.marks {
            if at > from {
                parts.push(Part::Text(self.text[from..at].to_owned()));
            }
            from = at;
            parts.push(Part::Code(code));
        }
        if from < self.text.len() {
            parts.push(Part::Text(self.text[from..].to_owned()));
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tmx::parse_unit;

    /// A segment out of a short form: `[b]…[/b]` is a pair (names of one length share their `i`), `[@x]` a single code.
    fn seg(form: &str) -> Seg {
        let mut out = String::new();
        let mut rest = form;
        while let Some(at) = rest.find('[') {
            out.push_str(&rest[..at]);
            let (code, behind) = rest[at + 1..].split_once(']').unwrap();
            out.push_str(&match code.strip_prefix('/') {
                Some(name) => format!("<ept i=\"{}\">&lt;/{name}></ept>", name.len()),
                None if code.starts_with('@') => format!("<ph>{code}</ph>"),
                None => format!("<bpt i=\"{}\">&lt;{code}></bpt>", code.len()),
            });
            rest = behind;
        }
        out.push_str(rest);
        let unit = parse_unit(&format!("<tu><tuv xml:lang=\"ar\"><seg>{out}</seg></tuv></tu>")).unwrap();
        unit.variants[0].seg.clone()
    }

    #[track_caller]
    fn check(segment: &str, source: &str, target: &str, expected: &str, guessed: bool) {
        let carried = carried(&seg(segment), &seg(source), &seg(target));
        let shown: String = carried
            .parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Code(number) => format!("[{number}]"),
            })
            .collect();
        assert_eq!((shown.as_str(), carried.guessed), (expected, guessed));
        assert!(stands_once(&seg(segment), &carried.parts));
    }

    #[test]
    fn the_same_codes_go_where_the_memory_has_them() {
        check("Press [b]Save[/b].", "Press [b]Save[/b].", "اضغط [b]حفظ[/b].", "اضغط [0]حفظ[1].", false);
        check("[b]A[/b] and [ii]B[/ii]", "[b]A[/b] and [ii]B[/ii]", "[ii]ب[/ii] و[b]أ[/b]", "[2]ب[3] و[0]أ[1]", false);
        check("Wait [@s] of [@d]", "Wait [@s] of [@d]", "[@d] انتظر [@s]", "[1] انتظر [0]", false);
    }

    #[test]
    fn other_codes_of_the_same_kind_take_their_places() {
        check("Press [g]Save[/g].", "Press [b]Save[/b].", "اضغط [b]حفظ[/b].", "اضغط [0]حفظ[1].", false);
        check("Press [g]Save[/g].", "Press [b]Save[/b][@x].", "اضغط [@x][b]حفظ[/b].", "اضغط [0]حفظ[1].", false);
    }

    #[test]
    fn codes_that_the_memory_has_alone_are_left_out() {
        check("Press Save.", "Press [b]Save[/b].", "اضغط [b]حفظ[/b].", "اضغط حفظ.", false);
        check("a b", "a[@x]b", "ا[@x]ب", "ا ب", false);
    }

    #[test]
    fn codes_without_a_place_get_a_sure_one_or_a_guess() {
        check("[b]All of it.[/b]", "All of it.", "كله.", "[0]كله.[1]", false);
        check("[@x] All of it[@y].", "All of it.", "كله.", "[0]كله.[1]", false);
        check("The [b]Firefox[/b] page", "The Firefox page", "صفحة Firefox", "صفحة [0]Firefox[1]", false);
        check(
            "Press the [b]red[/b] button now",
            "Press the red button now",
            "اضغط الزر الأحمر الآن",
            "اضغط الزر [0]الأحمر[1] الآن",
            true,
        );
        check("One [@x] two", "One two", "واحد اثنان", "واحد [0]اثنان", true);
        check("[b]One [@x] two[/b]", "One two", "", "[0][1][2]", true);
    }

    proptest::proptest! {
        #[test]
        fn codes_are_never_lost_and_never_doubled(
            segment in "([a-c ]|\\[b\\][a-c ]{0,3}\\[/b\\]|\\[ii\\][a-c ]{0,3}\\[/ii\\]|\\[@x\\]){0,6}",
            source in "([a-c ]|\\[b\\]|\\[/b\\]|\\[ii\\]|\\[/ii\\]|\\[@x\\]){0,8}",
            target in "([ا-ت ]|\\[b\\]|\\[/b\\]|\\[ii\\]|\\[/ii\\]|\\[@x\\]){0,8}",
        ) {
            let (segment, source, target) = (seg(&segment), seg(&source), seg(&target));
            let carried = carried(&segment, &source, &target);
            proptest::prop_assert!(stands_once(&segment, &carried.parts), "{carried:?}");
            let text: String = carried.parts.iter().filter_map(|p| if let Part::Text(t) = p { Some(t.as_str()) } else { None }).collect();
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            proptest::prop_assert_eq!(letters(&text), letters(&target.plain_text()));
        }
    }
}
