//! The key of a text: what stays when everything is folded that Arabic writers write in more than one way.

use crate::lang::Lang;
use crate::text::fold::{Form, bit, fold_char, fold_into, forms_in};
use std::borrow::Cow;
use std::ops::Range;
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use unicode_segmentation::GraphemeCursor;

/// Changes whenever [`key`] gives another answer for any text; an index made with another version is rebuilt.
pub const KEY_VERSION: u32 = 3;

/// A folded text, for comparing only: never shown, never stored as somebody's text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(Box<str>);

impl Key {
    /// The folded text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folded text for itself.
    pub(crate) fn into_string(self) -> String {
        self.0.into()
    }

    /// Whether nothing is left: the text was empty, or all white space, marks and invisible characters.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Folds `text` by the table of [`Form`]. Total and idempotent: `key(lang, key(lang, x)) == key(lang, x)`.
///
/// Both languages use the same table, since each is quoted inside the other.
///
/// ```
/// use dhakira::text::key;
/// use dhakira::Lang;
/// assert_eq!(key(Lang::Ar, "اِستقالَ المســؤولُ، في ٣٠ أغسطس؟").as_str(), "استقال المسوول, في 30 اغسطس?");
/// assert_eq!(key(Lang::En, "  “Press  OK…” ").as_str(), "\"press ok...\"");
/// ```
pub fn key(_lang: Lang, text: &str) -> Key {
    Key(fold(text, None).into())
}

/// [`key`] with a map back into the text.
///
/// ```
/// use dhakira::text::key_mapped;
/// use dhakira::Lang;
/// let text = "قال بَايدِن";
/// let mapped = key_mapped(Lang::Ar, text);
/// let at = mapped.key().as_str().find("بايدن").unwrap();
/// assert_eq!(&text[mapped.original_range(text, at..at + "بايدن".len())], "بَايدِن");
/// ```
pub fn key_mapped(_lang: Lang, text: &str) -> KeyMap {
    let mut folded: Vec<Origin> = Vec::with_capacity(text.len());
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        fold_char(c, None, &mut |to| folded.push(Origin { to, start, end }));
    }
    let composed =
        if is_nfc_quick(folded.iter().map(|o| o.to)) == IsNormalized::Yes { folded } else { compose(&folded) };
    let mut key = String::with_capacity(text.len());
    let mut origins: Vec<(usize, Range<usize>)> = Vec::with_capacity(composed.len());
    let mut gap: Option<Range<usize>> = None;
    for Origin { to, start, end } in composed {
        if to.is_whitespace() {
            gap = Some(gap.map_or(start..end, |g| g.start..end));
            continue;
        }
        if let Some(gap) = gap.take()
            && !key.is_empty()
        {
            origins.push((key.len(), gap));
            key.push(' ');
        }
        origins.push((key.len(), start..end));
        key.push(to);
    }
    KeyMap { key: Key(key.into()), origins }
}

/// A key and where each of its characters comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyMap {
    key: Key,
    /// For each character of the key: its byte in the key, and the bytes of the text that it stands for.
    origins: Vec<(usize, Range<usize>)>,
}

impl KeyMap {
    /// The key.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The bytes of `text` (the one that was folded) that the bytes `range` of the key stand for, widened to whole
    /// grapheme clusters, so that no mark is parted from its letter. An empty range where `range` is empty.
    pub fn original_range(&self, text: &str, range: Range<usize>) -> Range<usize> {
        let first = self.origins.partition_point(|(at, _)| *at < range.start);
        let last = self.origins.partition_point(|(at, _)| *at < range.end);
        let Some(taken) = self.origins.get(first..last).filter(|taken| !taken.is_empty()) else {
            let at = self.origins.get(first).map_or(text.len(), |(_, r)| char_start(text, r.start));
            return at..at;
        };
        let start = taken.iter().map(|(_, r)| r.start).min().expect("not empty");
        let end = taken.iter().map(|(_, r)| r.end).max().expect("not empty");
        whole_clusters(text, start..end)
    }
}

/// `range` of `text`, widened to whole grapheme clusters (UAX #29). Any range will do.
///
/// ```
/// use dhakira::text::whole_clusters;
/// let text = "كِتاب";
/// assert_eq!(&text[whole_clusters(text, 0.."ك".len())], "كِ");
/// ```
pub fn whole_clusters(text: &str, range: Range<usize>) -> Range<usize> {
    let start = cluster_start(text, range.start.min(range.end));
    start..cluster_end(text, range.end).max(start)
}

/// The last grapheme boundary at or before `at`.
fn cluster_start(text: &str, at: usize) -> usize {
    let at = char_start(text, at);
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    match cursor.is_boundary(text, 0) {
        Ok(false) => cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0),
        _ => at,
    }
}

/// The first grapheme boundary at or behind `at`.
fn cluster_end(text: &str, at: usize) -> usize {
    let at = char_start(text, at);
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    match cursor.is_boundary(text, 0) {
        Ok(false) => cursor.next_boundary(text, 0).ok().flatten().unwrap_or(text.len()),
        _ => at,
    }
}

/// `at`, or where the character begins that it falls into: it can only do so in another text than the folded one.
fn char_start(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The form differences between two texts: each form that, were it alone not folded, would make them different.
///
/// For texts with equal keys this says all that the key hides; of texts with different keys it is empty, because there
/// every fold leaves them different: compare their words one by one.
///
/// ```
/// use dhakira::text::{form_differences, Form};
/// use dhakira::Lang;
/// assert_eq!(form_differences(Lang::Ar, "عام ٢٠٢١", "عامُ 2021"), [Form::Tashkeel, Form::Digits]);
/// assert_eq!(form_differences(Lang::Ar, "عام ٢٠٢١", "عام 2022"), []);
/// ```
pub fn form_differences(_lang: Lang, a: &str, b: &str) -> Vec<Form> {
    if a == b || fold(a, None) != fold(b, None) {
        return Vec::new();
    }
    let composed = |text: &str| text.nfc().eq(text.chars());
    // Only what one of them has can part them.
    let there = forms_in(a) | forms_in(b);
    let differs = |form: &Form| match form {
        Form::Normalization => composed(a) != composed(b),
        // Where a code comes or goes, a space often does.
        Form::Spacing => fold(&without_codes(a), Some(*form)) != fold(&without_codes(b), Some(*form)),
        form => there & bit(*form) != 0 && fold(a, Some(*form)) != fold(b, Some(*form)),
    };
    let mut forms: Vec<Form> = Form::ALL.into_iter().filter(differs).collect();
    if forms.is_empty() {
        // Two different ways to be decomposed, or two forms that hide each other.
        forms.push(Form::Normalization);
    }
    forms
}

/// A text without its inline codes, each with one of the spaces around it where it stands between two, or between one and
/// an end of the text.
fn without_codes(text: &str) -> Cow<'_, str> {
    if !text.contains(CODE) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(CODE) {
        out.push_str(before);
        rest = behind;
        let spaced = out.is_empty() || out.ends_with(' ');
        if spaced && rest.starts_with(' ') {
            rest = &rest[1..];
        } else if spaced && rest.is_empty() {
            out.truncate(out.trim_end_matches(' ').len().max(out.len().saturating_sub(1)));
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// What stands for an inline code: object replacement character.
const CODE: char = '\u{FFFC}';

/// Folds all forms but `keep`.
///
/// Order: characters first (so that removed ones part nothing), then composition, then white space. Lower case comes
/// before composition because `J` with a caron composes only when it is small.
fn fold(text: &str, keep: Option<Form>) -> String {
    let mut folded = String::with_capacity(text.len());
    match keep {
        None => {
            let is_plain = fold_into(text, &mut folded);
            if is_plain && !folded.starts_with(' ') && !folded.ends_with(' ') {
                return folded;
            }
        }
        keep => text.chars().for_each(|c| fold_char(c, keep, &mut |to| folded.push(to))),
    }
    if is_nfc_quick(folded.chars()) != IsNormalized::Yes {
        folded = folded.nfc().collect();
    }
    if keep == Some(Form::Spacing) {
        return folded;
    }
    let tidy = !folded.starts_with(char::is_whitespace)
        && !folded.ends_with(char::is_whitespace)
        && !folded.contains("  ")
        && !folded.contains(|c: char| c.is_whitespace() && c != ' ');
    if tidy { folded } else { folded.split_whitespace().collect::<Vec<_>>().join(" ") }
}

/// A folded character and the bytes of the text that it comes from.
#[derive(Debug, Clone, Copy)]
struct Origin {
    to: char,
    start: usize,
    end: usize,
}

/// NFC, piece by piece: a piece goes from one character that composes with nothing before it to the next, and each
/// composed character comes from the whole piece.
fn compose(folded: &[Origin]) -> Vec<Origin> {
    let starts_piece =
        |o: &Origin| canonical_combining_class(o.to) == 0 && is_nfc_quick(std::iter::once(o.to)) != IsNormalized::Maybe;
    let mut out = Vec::with_capacity(folded.len());
    let mut from = 0;
    while from < folded.len() {
        let to = folded[from + 1..].iter().position(starts_piece).map_or(folded.len(), |n| from + 1 + n);
        let piece = &folded[from..to];
        let (start, end) = (piece[0].start, piece[piece.len() - 1].end);
        if piece.len() == 1 && is_nfc_quick(std::iter::once(piece[0].to)) == IsNormalized::Yes {
            out.push(piece[0]);
        } else {
            out.extend(piece.iter().map(|o| o.to).nfc().map(|to| Origin { to, start, end }));
        }
        from = to;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, folded: &str) {
        assert_eq!(key(Lang::Ar, text).as_str(), folded, "{text:?}");
        assert_eq!(key(Lang::Ar, folded).as_str(), folded, "again {text:?}");
        assert_eq!(key_mapped(Lang::Ar, text).key().as_str(), folded, "mapped {text:?}");
    }

    #[test]
    fn arabic_spellings_share_a_key() {
        check("مُحَمَّدٌ", "محمد");
        check("الـــعربـية", "العربيه");
        check("إلى أن آمن ٱلناس", "الي ان امن الناس");
        check("مسؤول، رئيس، جزء، شيء", "مسوول, رييس, جزء, شيء");
        check("علی کل", "علي كل");
        check("١٨١ و ۱۸۱ و １８１", "181 و 181 و 181");
        check("٣٫٥٪ من ١٬٠٠٠", "3.5% من 1,000");
        check("\u{FEFB}\u{FEF7}\u{FE8D}", "لالاا"); // lam-alef, lam-alef with hamza, alef
        check("ﷲ", "الله");
        check("\u{0627}\u{0654}\u{0648}\u{0654}\u{064A}\u{0654}", "اوي"); // NFD of alef, waw and yeh with hamza
        check("ب\u{FE76}ت", "بت"); // isolated fatha
        check("هذا؟ «نعم»؛ لا…", "هذا? \"نعم\"; لا...");
    }

    #[test]
    fn invisible_characters_go() {
        check("\u{FEFF}\u{200F}نعم\u{200C}لا\u{202C}\u{2067}\u{2069}\u{00AD}", "نعملا"); // byte order mark, RLM, ZWNJ, PDF, RLI, PDI, soft hyphen
        check("\u{0}a\u{1}", "a");
        check("\u{FFFC} ن\u{FFFC}عم", "نعم"); // inline codes
    }

    #[test]
    fn white_space_is_one_space() {
        check("\t نعم \u{00A0}\n لا\u{3000}", "نعم لا"); // no-break and ideographic space
        check("", "");
        check(" \u{064E}\u{0640} ", ""); // only a fatha and a tatweel
    }

    #[test]
    fn english_folds_case_width_and_quotes() {
        check("Ｆｉｌｅ “A”—‘b’", "file \"a\"-'b'");
        check("cafe\u{0301} CAFÉ", "café café");
        check("J\u{030C}", "\u{01F0}"); // capital j and caron: only the small one has a composed form
        check("e\u{200D}\u{0301}", "é"); // a joiner between letter and mark
        check("ﬁle", "file");
    }

    fn check_forms(a: &str, b: &str, names: &[&str]) {
        let named = |a, b| form_differences(Lang::Ar, a, b).iter().map(|f| f.name()).collect::<Vec<_>>();
        assert_eq!(named(a, b), names, "{a:?} {b:?}");
        assert_eq!(named(b, a), names, "{b:?} {a:?}");
    }

    #[test]
    fn forms_have_names() {
        check_forms("محمد", "مُحمد", &["tashkeel"]);
        check_forms("محمد", "محـمد", &["tatweel"]);
        check_forms("إلى", "الي", &["hamza", "yeh"]);
        check_forms("مدرسة", "مدرسه", &["teh-marbuta"]);
        check_forms("علي کل", "علي كل", &["persian-letters"]);
        check_forms("١٨١", "181", &["digits"]);
        check_forms("\u{FEFB}", "لا", &["presentation-forms"]);
        check_forms("\u{200F}لا", "لا", &["bidi-controls"]);
        check_forms("File", "file", &["case"]);
        check_forms("Ａ", "A", &["width"]);
        check_forms("لا؟", "لا?", &["punctuation"]);
        check_forms("لا نعم ", "لا  نعم", &["spacing"]);
        check_forms("أ", "\u{0627}\u{0654}", &["normalization"]); // alef and hamza above
        check_forms("بَّ", "ب\u{0651}\u{064E}", &["normalization"]); // shadda before fatha
        check_forms("قال \u{FFFC} ثم", "قال ثم", &["inline-codes"]);
        check_forms("\u{FFFC} قال ثم \u{FFFC}", "قال \u{FFFC}ثم", &["inline-codes"]);
        check_forms("قال  \u{FFFC}ثم", "قال ثم", &["spacing", "inline-codes"]);
        check_forms("نعم", "لا", &[]);
        check_forms("نعم", "نعم", &[]);
    }

    #[test]
    fn ranges_lead_back_to_whole_clusters() {
        let text = "\u{200F}قَالَ  \u{FEFB}: cafe\u{0301}"; // right-to-left mark, lam-alef, acute
        let mapped = key_mapped(Lang::Ar, text);
        let back = |part: &str| {
            let at = mapped.key().as_str().find(part).unwrap();
            &text[mapped.original_range(text, at..at + part.len())]
        };
        assert_eq!(back("قال"), "قَالَ");
        assert_eq!(back("ل"), "لَ");
        assert_eq!(back("لا"), "\u{FEFB}");
        assert_eq!(back(" لا"), "  \u{FEFB}");
        assert_eq!(back("é"), "e\u{0301}");
        assert_eq!(mapped.original_range(text, 0..0).len(), 0);
        assert_eq!(mapped.original_range(text, 0..usize::MAX).end, text.len());
        assert_eq!(mapped.original_range("لا", 3..9), 4..4); // not the text that was folded: no panic
    }

    /// Arabic, with and without marks, and what stands between.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ابتثجحخدذرزسشصضطظعغفقكلمنهوي أإآٱىةؤئء،؟0-9٠-٩a-zA-Z.,\"«»\u{FFFC}]{0,40}",
            "([اأبلوؤيئىةهسم][\u{064B}-\u{0655}\u{0670}\u{0640}]{0,3}){0,15}",
            "[\u{FB50}-\u{FDFF}\u{FE70}-\u{FEFF}\u{0600}-\u{06FF}\u{200B}-\u{2069} ]{0,20}",
            "\\PC{0,30}",
            any::<String>(),
        ]
    }

    /// The specification: every character by the table, then NFC of the whole, then words with one space between.
    fn slow_key(text: &str) -> String {
        let mut folded = Vec::new();
        for c in text.chars() {
            fold_char(c, None, &mut |to| folded.push(to));
        }
        let composed: String = folded.into_iter().nfc().collect();
        composed.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    proptest! {
        #[test]
        fn idempotent_and_as_specified(text in text()) {
            let once = key(Lang::Ar, &text);
            prop_assert_eq!(once.as_str(), slow_key(&text));
            prop_assert_eq!(&key(Lang::En, once.as_str()), &once);
            let mapped = key_mapped(Lang::Ar, &text);
            prop_assert_eq!(mapped.key(), &once);
            for (at, c) in once.as_str().char_indices() {
                let range = mapped.original_range(&text, at..at + c.len_utf8());
                prop_assert!(!text[range].is_empty());
            }
        }

        #[test]
        fn composed_and_decomposed_share_a_key(text in text()) {
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(key(Lang::Ar, &text), key(Lang::Ar, &decomposed));
        }

        #[test]
        fn forms_are_those_whose_fold_matters(a in text(), b in "[\u{064E}\u{0640}أة١A؟  ﻷ]{0,3}", at in any::<prop::sample::Index>()) {
            let at = a.char_indices().map(|(at, _)| at).nth(at.index(a.chars().count().max(1))).unwrap_or(0);
            let other = format!("{}{}{}", &a[..at], b, &a[at..]);
            let matters = |form: &Form| match form {
                Form::Normalization => false,
                // A space that came or went with a code is no other spacing.
                Form::Spacing => fold(&without_codes(&a), Some(*form)) != fold(&without_codes(&other), Some(*form)),
                form => fold(&a, Some(*form)) != fold(&other, Some(*form)),
            };
            let slow = match a == other || fold(&a, None) != fold(&other, None) {
                true => Vec::new(),
                false => Form::ALL.into_iter().filter(matters).collect(),
            };
            let mut fast = form_differences(Lang::Ar, &a, &other);
            fast.retain(|f| *f != Form::Normalization);
            prop_assert_eq!(fast, slow);
        }

        #[test]
        fn tashkeel_alone_is_named_alone(words in "[بتثجسشعغفقكلمن ]{1,20}", at in 0usize..20) {
            prop_assume!(!words.trim().is_empty());
            let n = words.chars().count();
            let marked: String = words.chars().enumerate().flat_map(|(i, c)| [c].into_iter().chain((i == at % n).then_some('\u{064E}'))).collect();
            prop_assert_eq!(form_differences(Lang::Ar, &words, &marked), vec![Form::Tashkeel]);
        }
    }
}
