//! What a unit has against the glossary.

use super::{Entry, Glossary, Hit, Standing};
use crate::lang::Lang;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BreachKind {
    /// The term stands on this side, and none that the glossary has for it on the other.
    Missing,
    /// The term on this side is forbidden.
    Forbidden,
}

/// A term that is used against the glossary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach<'g> {
    /// What is wrong.
    pub kind: BreachKind,
    /// The side on which the term stands.
    pub lang: Lang,
    /// Its bytes in the text of that side.
    pub range: Range<usize>,
    /// The term as that side writes it.
    pub written: String,
    /// The entry.
    pub entry: &'g Entry,
}

impl fmt::Display for Breach<'_> {
    /// One sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |lang: Lang| {
            let terms: Vec<String> = self.entry.allowed(lang).map(|term| format!("“{}”", term.text)).collect();
            terms.join(" or ")
        };
        let (own, other) = (list(self.lang), list(self.lang.other()));
        let name = |lang| if lang == Lang::Ar { "Arabic" } else { "English" };
        match self.kind {
            BreachKind::Missing => write!(
                f,
                "the {} side says “{}”, the {} side lacks {other}",
                name(self.lang),
                self.written,
                name(self.lang.other())
            ),
            BreachKind::Forbidden if own.is_empty() => write!(f, "“{}” is a forbidden term", self.written),
            BreachKind::Forbidden if other.is_empty() => {
                write!(f, "“{}” is a forbidden term; the glossary has {own}", self.written)
            }
            BreachKind::Forbidden => {
                write!(f, "“{}” is a forbidden term; the glossary has {own} for {other}", self.written)
            }
        }
    }
}

/// Forbidden terms first, then missing ones, of each kind the Arabic side's first, from the left. An entry is told once.
///
/// A forbidden term counts only if the other side has a term of its entry, as far as there is any: else it is another word. Of several
/// entries with the same term one that is kept is enough.
pub(super) fn breaches<'g>(glossary: &'g Glossary, ar: &str, en: &str) -> Vec<Breach<'g>> {
    let text = |lang: Lang| if lang == Lang::Ar { ar } else { en };
    let hits = Lang::BOTH.map(|lang| (lang, glossary.hits(lang, text(lang))));
    if hits.iter().all(|(_, hits)| hits.is_empty()) {
        return Vec::new();
    }
    let [in_arabic, in_english] = Lang::BOTH.map(|lang| glossary.index(lang).allowed(&glossary.entries, text(lang)));
    let has = |lang: Lang, hit: &Hit<'_>| match lang {
        Lang::Ar => in_arabic.contains(&hit.number),
        Lang::En => in_english.contains(&hit.number),
    };
    let mut found: Vec<Breach<'g>> = Vec::new();
    let mut told: HashSet<usize> = HashSet::new();
    let mut tell = |kind: BreachKind, lang: Lang, hit: &Hit<'g>| {
        if told.insert(hit.number) {
            let written = text(lang)[hit.range.clone()].to_owned();
            found.push(Breach { kind, lang, range: hit.range.clone(), written, entry: hit.entry });
        }
    };
    for (lang, hits) in &hits {
        let is_forbidden = |hit: &&Hit<'_>| hit.term.standing == Standing::Forbidden;
        for hit in hits.iter().filter(is_forbidden) {
            let other = lang.other();
            let allowed = hits.iter().any(|h| h.range == hit.range && h.term.standing != Standing::Forbidden);
            if !allowed && (hit.entry.allowed(other).next().is_none() || has(other, hit)) {
                tell(BreachKind::Forbidden, *lang, hit);
            }
        }
    }
    for (lang, hits) in &hits {
        let other = lang.other();
        for hit in hits.iter().filter(|hit| hit.term.standing != Standing::Forbidden) {
            let mut same = hits.iter().filter(|h| h.range == hit.range && h.term.standing != Standing::Forbidden);
            let is_kept = |hit: &Hit<'_>| hit.entry.allowed(other).next().is_none() || has(other, hit);
            if !same.any(is_kept) {
                tell(BreachKind::Missing, *lang, hit);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn missing_and_forbidden_terms() {
        let table = "ar\ten\nوزارة الصحة\tMinistry of Health|!Health Ministry\nحاسوب|حواسيب|!كمبيوتر\tcomputer\n\
                     عين\teye\nعين\tspring\n!مش\tnot\n";
        let glossary = Glossary::read_table(Path::new("t.tsv"), table).unwrap();
        let check = |ar: &str, en: &str, expected: &[(BreachKind, &str)]| {
            let found = glossary.breaches(ar, en);
            let found: Vec<(BreachKind, &str)> = found.iter().map(|b| (b.kind, b.written.as_str())).collect();
            assert_eq!(found, expected, "{ar} {en}");
        };
        use BreachKind::{Forbidden, Missing};
        check("أعلنت وزارة الصحة ذلك", "The Ministry of Health said so", &[]);
        check("أعلنت وزارة الصحة ذلك", "The Health Ministry said so", &[(Forbidden, "Health Ministry")]);
        check("أعلنت وزارة الصحة ذلك", "The government said so", &[(Missing, "وزارة الصحة")]);
        check("أعلنت الحكومة ذلك", "The Ministry of Health said so", &[(Missing, "Ministry of Health")]);
        check("الحواسيب", "Computers", &[]);
        check("بالكمبيوتر", "by computer", &[(Forbidden, "بالكمبيوتر")]);
        check("كمبيوتر", "machine", &[]);
        check("عين", "the eye", &[]);
        check("عين", "the spring", &[]);
        check("عين", "the source", &[(Missing, "عين"), (Missing, "عين")]);
        check("", "", &[]);
    }
}
