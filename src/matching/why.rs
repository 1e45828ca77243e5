//! The reasons why a suggestion is not 100: stable names for programs, sentences for people.

use super::diff::{CODE, Pair, Tokens, align};
use super::score::write_points;
use crate::lang::Lang;
use crate::text::{Form, Number, Token, TokenKind, form_differences, key, tokens};
use std::collections::HashMap;
use std::fmt;

/// A reason why a suggestion is not 100.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Why {
    /// So many words were changed, added or left out; numbers are not among them.
    Words(usize),
    /// A number differs by value; `None` where one side has no number to set against it. Written as in the
    /// key: ASCII digits.
    Number {
        /// The number in the query.
        query: Option<String>,
        /// The number in the memory's source.
        source: Option<String>,
    },
    /// The inline codes differ.
    InlineCodes,
    /// The same numbers and signs stand in another order.
    Order,
    /// A difference in form.
    Form(Form),
    /// The best there is, although it is below the threshold.
    BelowThreshold,
    /// The unit is in another region's language; that costs nothing.
    Region,
    /// What is taken off for where the unit stands, in hundredths of a percent.
    Penalty(u16),
}

impl Why {
    /// The stable name, in kebab case: `words`, `number`, `inline-codes`, `order`, `below-threshold`, `region`, `penalty`, or
    /// the form's.
    pub fn name(&self) -> &'static str {
        match self {
            Why::Words(_) => "words",
            Why::Number { .. } => "number",
            Why::InlineCodes => "inline-codes",
            Why::Order => "order",
            Why::Form(form) => form.name(),
            Why::BelowThreshold => "below-threshold",
            Why::Region => "region",
            Why::Penalty(_) => "penalty",
        }
    }
}

impl fmt::Display for Why {
    /// A short English phrase.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Words(1) => f.write_str("1 word differs"),
            Why::Words(n) => write!(f, "{n} words differ"),
            Why::Number { query: Some(query), source: Some(source) } => {
                write!(f, "the number {source} became {query}")
            }
            Why::Number { query: Some(query), source: None } => write!(f, "the number {query} is new"),
            Why::Number { query: None, source: Some(source) } => write!(f, "the number {source} is gone"),
            Why::Number { query: None, source: None } => f.write_str("a number differs"),
            Why::InlineCodes => f.write_str("the inline codes differ"),
            Why::Order => f.write_str("the order differs"),
            Why::Form(form) => f.write_str(match form {
                Form::Tashkeel => "vowel marks (tashkeel) differ",
                Form::Tatweel => "stretching (tatweel) differs",
                Form::Hamza => "a hamza is written or left out",
                Form::Yeh => "final yeh with or without dots",
                Form::TehMarbuta => "teh marbuta or heh",
                Form::PersianLetters => "Persian letters for Arabic ones",
                Form::Digits => "digits of another family",
                Form::PresentationForms => "letters stored as presentation forms",
                Form::BidiControls => "invisible direction marks",
                Form::Case => "capital letters differ",
                Form::Width => "fullwidth or halfwidth characters",
                Form::Punctuation => "punctuation differs",
                Form::Spacing => "spacing differs",
                _ => "the same letters in other code points",
            }),
            Why::BelowThreshold => f.write_str("the best there is, below the threshold"),
            Why::Region => f.write_str("from another region"),
            Why::Penalty(100) => f.write_str("a penalty of 1 point"),
            Why::Penalty(hundredths) => {
                f.write_str("a penalty of ")?;
                write_points(f, *hundredths)?;
                f.write_str(" points")
            }
        }
    }
}

/// What keeps `source` from being `query`: words, numbers, codes, then forms.
pub(super) fn reasons(lang: Lang, query: &str, source: &str) -> Vec<Why> {
    if query == source {
        return Vec::new();
    }
    let (query_key, source_key) = (key(lang, query), key(lang, source));
    if query_key == source_key {
        let (codes, forms): (Vec<Form>, Vec<Form>) =
            form_differences(lang, query, source).into_iter().partition(|form| *form == Form::InlineCodes);
        return codes.into_iter().map(|_| Why::InlineCodes).chain(forms.into_iter().map(Why::Form)).collect();
    }
    let (a, b) = (Tokens::new(lang, query), Tokens::new(lang, source));
    let mut changed = Changed::default();
    let mut forms = Vec::new();
    for pair in align(&a, &b) {
        match pair {
            Pair::Both(i, j) => forms.extend(form_differences(lang, a.text(i), b.text(j))),
            Pair::Left(i) => changed.count(&a, i, Side::Query),
            Pair::Right(j) => changed.count(&b, j, Side::Source),
        }
    }
    let mut reasons = Vec::new();
    let words = changed.words[0].max(changed.words[1]);
    if words > 0 {
        reasons.push(Why::Words(words));
    }
    reasons.extend(different_numbers(lang, query, source));
    let codes = |text: &str| text.matches(CODE).count();
    if changed.codes || codes(query) != codes(source) {
        reasons.push(Why::InlineCodes);
    }
    if changed.punctuation {
        forms.push(Form::Punctuation);
    }
    if changed.spaces && !changed.more_than_spaces {
        forms.push(Form::Spacing);
    }
    if reasons.is_empty() && forms.is_empty() {
        reasons.push(Why::Order);
    }
    forms.sort_unstable();
    forms.dedup();
    forms.retain(|form| *form != Form::InlineCodes);
    reasons.extend(forms.into_iter().map(Why::Form));
    reasons
}

#[derive(Clone, Copy)]
enum Side {
    Query,
    Source,
}

/// What stands on one side only.
#[derive(Default)]
struct Changed {
    words: [usize; 2],
    codes: bool,
    punctuation: bool,
    spaces: bool,
    more_than_spaces: bool,
}

impl Changed {
    fn count(&mut self, tokens: &Tokens<'_>, index: usize, side: Side) {
        let key = tokens.key(index);
        self.more_than_spaces |= !key.trim().is_empty();
        if key.contains(char::is_alphabetic) {
            self.words[side as usize] += 1;
        } else if tokens.text(index).contains(CODE) {
            self.codes = true;
        } else if key.trim().is_empty() {
            self.spaces = true;
        } else if !key.contains(char::is_numeric) {
            self.punctuation = true;
        }
    }
}

/// The numbers of each text whose value the other has not, set against each other in their order.
fn different_numbers(lang: Lang, query: &str, source: &str) -> Vec<Why> {
    let (ours, theirs) = (numbers(lang, query), numbers(lang, source));
    let mut new = without(&ours, &theirs).into_iter();
    let mut gone = without(&theirs, &ours).into_iter();
    let mut reasons = Vec::new();
    loop {
        match (new.next(), gone.next()) {
            (None, None) => return reasons,
            (query, source) => reasons.push(Why::Number { query, source }),
        }
    }
}

/// A number's value, by which it is compared, and its folded writing, which is told.
type ByValue = (String, String);

/// The numbers of a text in their order.
fn numbers(lang: Lang, text: &str) -> Vec<ByValue> {
    let by_value = |token: Token<'_>| {
        let written = key(lang, token.text).as_str().to_owned();
        (Number::parse(token.text).map_or_else(|| written.clone(), |n| n.as_str().to_owned()), written)
    };
    tokens(text).into_iter().filter(|token| token.kind == TokenKind::Number).map(by_value).collect()
}

/// How `these` are written that are left when each of `those` takes away one of its value.
fn without(these: &[ByValue], those: &[ByValue]) -> Vec<String> {
    let mut taken: HashMap<&str, usize> = HashMap::new();
    for (value, _) in those {
        *taken.entry(value).or_default() += 1;
    }
    let is_left = |(value, _): &&ByValue| match taken.get_mut(value.as_str()) {
        Some(n @ 1..) => {
            *n -= 1;
            false
        }
        _ => true,
    };
    these.iter().filter(is_left).map(|(_, written)| written.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, source: &str, names: &str) {
        let reasons = reasons(Lang::Ar, query, source);
        let named: Vec<&str> = reasons.iter().map(Why::name).collect();
        assert_eq!(named.join(" "), names, "{query:?} {source:?} {reasons:?}");
    }

    #[test]
    fn reasons_have_names() {
        check("وصل القطار", "وصل القطار", "");
        check("وصل القطار", "وَصَل القطار", "tashkeel");
        check("وصل القطار", "وصل قطار", "words");
        check("وصل القطار ١٨١", "وصل القطار 181", "digits");
        check("وصل القطار ١٨١", "وصل القطار 182", "number");
        check("وصل إلى 5", "وصل الي المدينة 5", "words hamza yeh");
        check("وصل القطار.", "وصل القطار", "punctuation");
        check("قال\u{FFFC}ثم", "قالثم", "inline-codes");
        check("قال\u{FFFC}ثم", "قال ثم", "inline-codes");
        check("قال \u{FFFC} ثم", "قال ثُم", "inline-codes tashkeel");
        check("قال \u{FFFC} ثم ذهب", "قال ثم عاد", "words inline-codes");
        check("قال \u{FFFC} ثم", "قال ثم", "inline-codes");
        check("قال \u{FFFC} ثم \u{FFFC}", "قال \u{FFFC} ثم", "inline-codes");
        check("قال \u{FFFC}\u{20DD} ثم", "قال ثم", "inline-codes"); // with a combining circle
        check("File name", "file", "words case");
        check("", "نعم", "words");
        check("ا ب", "اب", "words");
        check("10 11", "11 10", "order");
    }

    #[test]
    fn numbers_are_told_by_value() {
        let check = |query: &str, source: &str, told: &str| {
            let reasons = reasons(Lang::Ar, query, source);
            let numbers: Vec<String> = reasons.iter().filter(|w| w.name() == "number").map(Why::to_string).collect();
            assert_eq!(numbers.join("; "), told, "{query:?} {source:?}");
        };
        check("دفع ١٬٥٠٠ جنيه", "تسلم 1500 جنيه", "");
        check("دفع ٣٫٥ جنيه", "دفع 3.6 جنيه", "the number 3.6 became 3.5");
        check("الإصدار 1.2.3", "الإصدار ١.٢.٣", "");
        check("من 3 إلى 3", "من 3 إلى 5", "the number 5 became 3");
        check("في 30 أغسطس 2021", "في 31 أغسطس 2021", "the number 31 became 30");
        check("الفصل 3", "الفصل الثالث", "the number 3 is new");
        check("الفصل الثالث", "الفصل 3.", "the number 3 is gone");
    }
}
