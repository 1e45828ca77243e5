//! Bylines: lines that say who wrote, reported, translated or published an article.

use super::fold::fold;
use super::furniture::Rules;

/// Longest byline in words.
const WORDS: usize = 14;

/// What `line` is as a byline: the names in it, as written.
///
/// It begins with a phrase of the rule files' `[byline]` or `[source]` section and is short. It does not end like a
/// sentence, except where a separator stands behind the phrase ("Reporting by A; editing by B.").
pub(super) fn names<'a>(rules: &Rules, line: &'a str) -> Option<&'a str> {
    if line.split_whitespace().nth(WORDS).is_some() {
        return None;
    }
    let folded = fold(line);
    let phrase = rules.byline(&folded)?;
    let rest = after_words(line, phrase.split(' ').count());
    let names = rest.trim_start_matches(|c: char| c.is_whitespace() || SEPARATORS.contains(c));
    let separated = names.len() < rest.trim_start().len() || line.trim_end().ends_with([':', '-', '\u{0640}']);
    let sentence = super::draft::ends_sentence(line) && !separated && !folded.starts_with("reporting by");
    let names = names.trim_end_matches(|c: char| c.is_whitespace() || SEPARATORS.contains(c));
    (!sentence && !names.is_empty()).then_some(names)
}

/// What stands between the word of a byline and the name: the tatweel is "كتب ـ".
const SEPARATORS: &str = ":-–—/|\u{0640}";

/// The rest of `line` behind its first `count` words, counted as [`fold`] counts them.
fn after_words(line: &str, count: usize) -> &str {
    let mut seen = 0;
    let mut inside = false;
    for (at, c) in line.char_indices() {
        let part =
            c.is_alphabetic() || (inside && !c.is_whitespace() && !SEPARATORS.contains(c) && !c.is_ascii_punctuation());
        if inside && !part {
            seen += 1;
            if seen == count {
                return &line[at..];
            }
        }
        inside = part && (c != '\u{0640}' || inside);
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines() {
        let extra = Default::default();
        let rules = Rules::of(&extra, super::super::Sieve::Remove);
        let check = |line: &str, expected: Option<&str>| assert_eq!(names(&rules, line), expected, "{line}");
        check("كتب- محمد صفوت:", Some("محمد صفوت"));
        check("كتبت ـ سعاد حسن", Some("سعاد حسن"));
        check("كَتَبَ: أنور", Some("أنور"));
        check("بقلم د. سمير عوض", Some("د. سمير عوض"));
        check("By Mohamed Safwat", Some("Mohamed Safwat"));
        check("BY JANE DOE", Some("JANE DOE"));
        check("Reporting by Ann Lee; editing by Bo Kim.", Some("Ann Lee; editing by Bo Kim."));
        check("المصدر: وكالات", Some("وكالات"));
        check("كتب الرجل رسالة طويلة إلى أخيه.", None);
        check("By the river stood an old house.", None);
        check("كتب", None);
        check("Bystanders watched", None);
    }
}
