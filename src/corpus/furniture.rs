//! Furniture rules: the phrases that come along as text files, and the user's own.

use super::{Sieve, fold::fold};
use crate::error::{Error, Place};
use foldhash::{HashMap, HashSet};
use std::ops::Range;
use std::path::Path;
use std::sync::LazyLock;

/// Rules that tell page furniture, read from text files: one phrase a line under a `[section]`.
///
/// The format is written at the head of the file of Arabic rules that comes along (`src/corpus/furniture/ar.txt`).
/// The default holds no rules: it is what a user adds.
#[derive(Debug, Clone, Default)]
pub struct Furniture {
    line: HashMap<String, String>,
    start: Phrases,
    has: Phrases,
    list: Phrases,
    close: HashMap<String, String>,
    weak: Phrases,
    bar: HashSet<String>,
    site: HashSet<String>,
    site_word: HashSet<String>,
    home: HashSet<String>,
    byline: HashSet<String>,
    class: HashSet<String>,
    class_soft: HashSet<String>,
}

#[derive(Debug, Clone)]
struct Phrase {
    folded: String,
    written: String,
    /// Most words of a line.
    most: usize,
    /// A separator must follow.
    colon: bool,
}

/// Phrases in the order of their lines, found by their first words.
#[derive(Debug, Clone, Default)]
struct Phrases {
    all: Vec<Phrase>,
    by_first_word: HashMap<String, Vec<usize>>,
}

impl Phrases {
    fn push(&mut self, phrase: Phrase) {
        let first = first_word(&phrase.folded).to_owned();
        self.by_first_word.entry(first).or_default().push(self.all.len());
        self.all.push(phrase);
    }

    /// Those that begin with the first word of a folded text.
    fn like(&self, folded: &str) -> impl Iterator<Item = &Phrase> {
        self.by_first_word.get(first_word(folded)).into_iter().flatten().map(|number| &self.all[*number])
    }

    /// The first of those that stand somewhere in a folded text, and are `wanted`.
    fn first_in(&self, folded: &str, wanted: impl Fn(&Phrase) -> bool) -> Option<&Phrase> {
        if self.all.is_empty() {
            return None;
        }
        let starts = std::iter::once(0).chain(folded.match_indices(' ').map(|(at, _)| at + 1));
        let found = starts.filter_map(|start| {
            let rest = &folded[start..];
            let mut numbers = self.by_first_word.get(first_word(rest))?.iter();
            numbers.find(|number| begins(rest, &self.all[**number].folded) && wanted(&self.all[**number]))
        });
        found.min().map(|number| &self.all[*number])
    }
}

/// A folded text up to its first space.
fn first_word(folded: &str) -> &str {
    folded.split(' ').next().unwrap_or_default()
}

impl Furniture {
    /// Reads a user's rule file (UTF-8).
    ///
    /// # Errors
    /// [`Error::Io`], those of [`decode`](super::decode), and [`Error::Format`] as [`Furniture::parse`].
    pub fn read(path: &Path) -> Result<Furniture, Error> {
        let bytes = std::fs::read(path).map_err(|source| Error::io("read", path, source))?;
        let (text, _) = super::decode(path, &bytes, None)?;
        Furniture::parse(path, &text)
    }

    /// The rules in `text`; `path` is for messages only.
    ///
    /// ```
    /// use dhakira::corpus::{self, Furniture, Kind, ReadOptions};
    /// let furniture = Furniture::parse("mine.txt".as_ref(), "[line]\nزاوية القرّاء\n")?;
    /// let options = ReadOptions { furniture, ..ReadOptions::default() };
    /// let article = corpus::parse(Kind::Text, dhakira::Lang::Ar, "زاوية القراء\nنزل المطر ليلا.", &options);
    /// assert_eq!(article.text, "نزل المطر ليلا.");
    /// # Ok::<(), dhakira::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Format`] with the line of an unknown section, a phrase before any section, or one without letters.
    pub fn parse(path: &Path, text: &str) -> Result<Furniture, Error> {
        let mut rules = Furniture::default();
        let mut section = "";
        for (at, line) in text.lines().enumerate() {
            let line = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
            let fail = |reason: String| {
                let place = Place { line: Some(at as u64 + 1), ..Place::default() };
                Err(Error::Format { path: path.to_path_buf(), place, reason })
            };
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                match SECTIONS.iter().find(|s| **s == name) {
                    Some(known) => section = known,
                    None => return fail(format!("no section [{name}]; there are {}", SECTIONS.join(", "))),
                }
                continue;
            }
            let (phrase, most) = match line.rsplit_once(" | ").map(|(p, n)| (p.trim(), n.trim().parse::<usize>())) {
                Some((phrase, Ok(most))) => (phrase, Some(most)),
                Some((_, Err(_))) => return fail("behind \" | \" stands the most words that the line may have".into()),
                None => (line, None),
            };
            let folded = fold(phrase);
            if section.is_empty() {
                return fail("a phrase before the first [section]".into());
            }
            if folded.is_empty() {
                return fail("a phrase needs letters".into());
            }
            rules.add(section, phrase, folded, most);
        }
        Ok(rules)
    }

    fn add(&mut self, section: &str, written: &str, folded: String, most: Option<usize>) {
        let written = written.to_owned();
        let words = folded.split(' ').count();
        let phrase = |more: usize| Phrase {
            most: most.unwrap_or(words + more),
            colon: written.ends_with(':'),
            folded: folded.clone(),
            written: written.clone(),
        };
        match section {
            "line" => drop(self.line.insert(folded, written)),
            "start" => self.start.push(phrase(8)),
            "has" => self.has.push(phrase(5)),
            "list" => self.list.push(phrase(24)),
            "close" => drop(self.close.insert(folded, written)),
            "weak" => self.weak.push(phrase(if written.ends_with('*') { 2 } else { 0 })),
            "bar" => drop(self.bar.insert(folded)),
            "site" => drop(self.site.insert(folded)),
            "site-word" => drop(self.site_word.insert(folded)),
            "home" => drop(self.home.insert(folded)),
            "byline" | "source" => drop(self.byline.insert(folded)),
            "class" => drop(self.class.insert(folded)),
            "class-soft" => drop(self.class_soft.insert(folded)),
            _ => {}
        }
    }
}

const SECTIONS: [&str; 14] = [
    "line",
    "start",
    "has",
    "list",
    "close",
    "weak",
    "bar",
    "site",
    "site-word",
    "home",
    "byline",
    "source",
    "class",
    "class-soft",
];

/// The rules of both languages together: a page in one often has furniture in the other.
static KNOWN: LazyLock<Furniture> = LazyLock::new(|| {
    let files =
        [include_str!("furniture/ar.txt"), include_str!("furniture/en.txt"), include_str!("furniture/html.txt")];
    Furniture::parse("furniture".as_ref(), &files.join("\n")).unwrap_or_default()
});

/// Everything that a line is compared with.
pub(super) struct Rules<'a> {
    sets: [&'a Furniture; 2],
    /// The page's own name, folded.
    site: Option<String>,
    /// Whether classes of HTML count.
    classes: bool,
}

/// What a rule says of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It goes.
    Out(String),
    /// It goes with the short lines behind it.
    List(String),
    /// It goes with everything behind it; where the article is not over yet, it goes alone.
    Close(String),
    /// It goes beside a line that goes.
    Weak(String),
}

/// Words beyond which a line is not looked at: furniture is short.
const MOST_WORDS: usize = 16;

/// Whether a line, taken by itself, looks like page furniture by the rules that come along, or opens as a byline does: 1 if
/// so, 0.5 if it would be only beside other furniture, 0 if not.
///
/// ```
/// use dhakira::corpus::furniture_look;
/// assert_eq!(furniture_look("جميع الحقوق محفوظة © 2019"), 1.0);
/// assert_eq!(furniture_look("عاد الصيادون إلى الميناء مع الفجر."), 0.0);
/// ```
pub fn furniture_look(line: &str) -> f32 {
    if line.split_whitespace().nth(MOST_WORDS).is_some() {
        return 0.0;
    }
    static NONE: LazyLock<Furniture> = LazyLock::new(Furniture::default);
    let folded = fold(line);
    let rules = Rules::of(&NONE, Sieve::Remove);
    match rules.verdict(line, &folded) {
        Some(Verdict::Weak(_)) => 0.5,
        Some(_) => 1.0,
        None => f32::from(u8::from(rules.byline(&folded).is_some())),
    }
}

impl<'a> Rules<'a> {
    pub(super) fn of(extra: &'a Furniture, sieve: Sieve) -> Rules<'a> {
        Rules { sets: [&KNOWN, extra], site: None, classes: sieve == Sieve::Remove }
    }

    /// The same rules on a page that calls itself `site`.
    pub(super) fn on_site(self, site: Option<&str>) -> Rules<'a> {
        Rules { site: site.map(fold).filter(|s| !s.is_empty()), ..self }
    }

    /// What the rules say of a line of at most 60 words; `folded` is its folded form.
    pub(super) fn verdict(&self, line: &str, folded: &str) -> Option<Verdict> {
        let words = folded.split(' ').count();
        let named = |section: &str, phrase: &str| format!("{section}: {phrase}");
        if let Some(written) = self.sets.iter().find_map(|s| s.close.get(folded)) {
            return Some(Verdict::Close(named("close", written)));
        }
        for set in self.sets {
            if let Some(phrase) = set.list.like(folded).find(|p| p.folded == folded) {
                return Some(Verdict::List(named("list", &phrase.written)));
            }
        }
        if let Some(written) = self.sets.iter().find_map(|s| s.line.get(folded)) {
            return Some(Verdict::Out(named("line", written)));
        }
        for set in self.sets {
            let fits = |p: &&Phrase| words <= p.most && begins(folded, &p.folded);
            let found = |p: &&Phrase| fits(p) && (!p.colon || separated(line, &p.folded));
            if let Some(phrase) = set.start.like(folded).find(found) {
                return Some(Verdict::Out(named("start", &phrase.written)));
            }
            if let Some(phrase) = set.list.like(folded).find(|p| fits(p) && separated(line, &p.folded)) {
                return Some(Verdict::Out(named("list", &phrase.written)));
            }
            if let Some(phrase) = set.has.first_in(folded, |p| words <= p.most) {
                return Some(Verdict::Out(named("has", &phrase.written)));
            }
        }
        if words <= 8 && self.is_banner_of_site(folded) {
            return Some(Verdict::Out(named("site", folded)));
        }
        if line.contains(['|', '•', '·']) && self.is_menu(line) {
            return Some(Verdict::Out("bar".to_owned()));
        }
        match self.bar_entries(folded) {
            Some(2..) => return Some(Verdict::Out("bar".to_owned())),
            Some(_) => return Some(Verdict::Weak("bar".to_owned())),
            None => {}
        }
        for set in self.sets {
            let weak = set.weak.like(folded).find(|p| {
                p.folded == folded || (words <= p.most && p.written.ends_with('*') && begins(folded, &p.folded))
            });
            if let Some(phrase) = weak {
                return Some(Verdict::Weak(named("weak", &phrase.written)));
            }
        }
        None
    }

    /// Whether the pieces are a path through a site that begins at its front page.
    pub(super) fn is_home(&self, folded: &str) -> bool {
        self.sets.iter().any(|s| s.home.contains(folded)) || self.site.as_deref() == Some(folded)
    }

    /// The phrase of `[byline]` or `[source]` with which the line begins: the longest.
    pub(super) fn byline<'b>(&self, folded: &'b str) -> Option<&'b str> {
        let ends = folded.match_indices(' ').map(|(at, _)| at).take(6).collect::<Vec<_>>();
        ends.into_iter().rev().map(|at| &folded[..at]).find(|p| self.sets.iter().any(|s| s.byline.contains(*p)))
    }

    /// The class rule that one of the words of `class` (folded, runs of at most three) meets: its name, and whether it
    /// holds for elements with running text too.
    pub(super) fn class(&self, words: &[String]) -> Option<(String, bool)> {
        for length in (1..=3).rev().filter(|_| self.classes) {
            for run in words.windows(length) {
                let joined = run.join(" ");
                if self.sets.iter().any(|s| s.class.contains(&joined)) {
                    return Some((joined, true));
                }
                if self.sets.iter().any(|s| s.class_soft.contains(&joined)) {
                    return Some((joined, false));
                }
            }
        }
        None
    }

    /// Whether every piece between the separators of the line is furniture by itself.
    fn is_menu(&self, line: &str) -> bool {
        let mut pieces = line.split(['|', '•', '·']).map(fold).filter(|p| !p.is_empty()).take(20);
        let known = |p: &str| {
            self.sets.iter().any(|s| s.line.contains_key(p) || s.site.contains(p)) || self.bar_entries(p).is_some()
        };
        pieces.all(|p| known(&p))
    }

    /// How many entries of share bars the line is made of, if of nothing else.
    fn bar_entries(&self, folded: &str) -> Option<usize> {
        let words: Vec<Range<usize>> = word_ranges(folded).take(25).collect();
        if words.is_empty() || words.len() > 24 {
            return None;
        }
        let (mut at, mut entries) = (0, 0);
        while at < words.len() {
            let length = (1..=3.min(words.len() - at)).rev().find(|length| {
                let joined = &folded[words[at].start..words[at + length - 1].end];
                self.sets.iter().any(|s| s.bar.contains(joined))
            })?;
            at += length;
            entries += 1;
        }
        Some(entries)
    }

    /// Whether the line is a name of a site with nothing beside it but the words of such banners.
    fn is_banner_of_site(&self, folded: &str) -> bool {
        let words: Vec<Range<usize>> = word_ranges(folded).collect();
        let is_site =
            |name: &str| self.site.as_deref() == Some(name) || self.sets.iter().any(|s| s.site.contains(name));
        let is_word = |word: &Range<usize>| self.sets.iter().any(|s| s.site_word.contains(&folded[word.clone()]));
        (0..words.len()).take_while(|from| words[..*from].iter().all(is_word)).any(|from| {
            (from..words.len().min(from + 5)).any(|last| {
                is_site(&folded[words[from].start..words[last].end]) && words[last + 1..].iter().all(is_word)
            })
        })
    }
}

/// Where the words of a folded text are.
fn word_ranges(folded: &str) -> impl Iterator<Item = Range<usize>> {
    let mut next = 0;
    let words = folded.split(' ').map(move |word| {
        let start = next;
        next = start + word.len() + 1;
        start..start + word.len()
    });
    words.filter(|word| !word.is_empty())
}

fn begins(folded: &str, phrase: &str) -> bool {
    folded.strip_prefix(phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// Whether `line` is the phrase, a separator, and something.
fn separated(line: &str, phrase: &str) -> bool {
    line.match_indices([':', '|', '»', '–', '—', '-', '…', '.', '؛', '،'])
        .take(4)
        .any(|(at, sign)| fold(&line[..at]) == phrase && !line[at + sign.len()..].trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_that_come_along_are_well_formed() {
        for (name, text) in [
            ("ar.txt", include_str!("furniture/ar.txt")),
            ("en.txt", include_str!("furniture/en.txt")),
            ("html.txt", include_str!("furniture/html.txt")),
        ] {
            Furniture::parse(name.as_ref(), text).unwrap();
        }
    }

    #[test]
    fn verdicts() {
        let extra = Furniture::default();
        let rules = Rules::of(&extra, Sieve::Remove).on_site(Some("صحيفة البندر"));
        let check = |line: &str, expected: &str| {
            let found = match rules.verdict(line, &fold(line)) {
                Some(Verdict::Out(rule)) => rule,
                Some(Verdict::List(rule)) => format!("{rule} …"),
                Some(Verdict::Close(rule)) => format!("{rule} ⏹"),
                Some(Verdict::Weak(rule)) => format!("{rule} ?"),
                None => String::new(),
            };
            assert_eq!(found, expected, "{line}");
        };
        check("إعلان", "line: إعلان");
        check("إعـــلان", "line: إعلان");
        check("اقرأ أيضًا:", "list: اقرأ أيضا …");
        check("اقرأ أيضاً: عودة الصيادين إلى البحر", "list: اقرأ أيضا");
        check("اقرأ أيضا كتاب البحر", "");
        check("تابعونا على فيسبوك", "start: تابعونا على");
        check("تطبيق صحيفة البندر", "site: تطبيق صحيفه البندر");
        check("تطبيق القانون", "weak: تطبيق * ?");
        check("فيسبوك تويتر واتس آب", "bar");
        check("Facebook", "bar ?");
        check("Related parties signed the deal", "");
        check("Related: Top stories", "list: Related");
        check("Photo: Jane Doe", "start: Photo:");
        check("Photo albums were found in the ruins", "");
        check("© 2021 The Harbour Times", "start: ©");
        check("Comments (12)", "close: التعليقات ⏹".replace("التعليقات", "Comments").as_str());
        check("وزع الحزب إعلان المبادئ على الحضور", "");
        check("Home", "line: Home");
    }

    proptest::proptest! {
        /// Slow twin: every phrase looked for in the whole line.
        #[test]
        fn phrases_are_found_by_their_first_words(
            line in proptest::collection::vec(0usize..9, 0..7),
            all in proptest::collection::vec((proptest::collection::vec(0usize..9, 1..4), 1usize..8), 0..12),
        ) {
            const WORDS: [&str; 9] = ["اقرا", "اقر", "ايضا", "تابعونا", "على", "read", "more", "mor", "©"];
            let join = |words: &[usize]| words.iter().map(|n| WORDS[*n]).collect::<Vec<_>>().join(" ");
            let mut phrases = Phrases::default();
            for (words, most) in &all {
                phrases.push(Phrase { folded: join(words), written: String::new(), most: *most, colon: false });
            }
            let (folded, count) = (join(&line), line.len());
            let place = |found: Option<&Phrase>| found.map(|phrase| (phrase.folded.clone(), phrase.most));
            let spaced = format!(" {folded} ");
            let held = |p: &&Phrase| count <= p.most && spaced.contains(&format!(" {} ", p.folded));
            let found = phrases.first_in(&folded, |p| count <= p.most);
            proptest::prop_assert_eq!(place(found), place(phrases.all.iter().find(held)));
            let begun = |p: &&Phrase| begins(&folded, &p.folded);
            proptest::prop_assert_eq!(place(phrases.like(&folded).find(begun)), place(phrases.all.iter().find(begun)));
        }
    }

    #[test]
    fn a_users_file_that_is_wrong_names_its_line() {
        for (text, line) in [("[lines]\nx", 1), ("x", 1), ("[line]\n\n123", 3), ("[start]\nx | many", 2)] {
            let error = Furniture::parse("mine.txt".as_ref(), text).unwrap_err();
            assert_eq!(error.place().unwrap().line, Some(line), "{error}");
        }
    }
}
