//! A light stemmer: what stays of a word without what is written on to it.
//!
//! Arabic follows light10 (Larkey, Ballesteros and Connell, "Light Stemming for Arabic Information Retrieval", 2007), with
//! one difference: light10 compares stem with stem, and must take away from every word what *may* be a clitic; so it takes
//! the و from `وزارة`, and cannot take the ب from `بكتاب` without taking it from `بيت`. Here one of the two words is what
//! somebody typed. Of it only what is hardly ever a letter of the word is taken away ([`Stem::of`]); the words of a text
//! may carry any clitics and endings of the closed lists below beside the stem ([`Stem::fits`]).
//!
//! English is steps 1a to 1c and the *e* of step 5 of the Snowball English stemmer ("Porter2"): plurals, *-ed*, *-ing*.

use super::fold::fold_char;
use super::key::key;
use crate::lang::Lang;

/// The stem of a word.
///
/// ```
/// use dhakira::text::Stem;
/// let stem = Stem::of("المَدرَسة");
/// assert_eq!(stem.as_str(), "مدرس");
/// for word in ["مدرسة", "والمدرسة", "بمدرستهم", "للمدرسين", "مدرسات"] {
///     assert!(stem.fits(word), "{word}");
/// }
/// assert!(!stem.fits("دراسة"));
/// assert!(Stem::of("opened").fits("Opening"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Stem {
    script: Script,
    stem: Box<str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Script {
    Arabic,
    English,
    Other,
}

impl Stem {
    /// The stem of `word`, in any spelling: a part of its key. Empty only if the key is.
    pub fn of(word: &str) -> Stem {
        let folded = key(Lang::Ar, word);
        let script = script(folded.as_str());
        let stem = match script {
            Script::Arabic => arabic(folded.as_str()).into(),
            Script::English => english(folded.as_str()).into(),
            Script::Other => folded.as_str().into(),
        };
        Stem { script, stem }
    }

    /// The stem, folded.
    pub fn as_str(&self) -> &str {
        &self.stem
    }

    /// What the key of every word contains that this stem fits: for those who look for such words.
    pub fn literal(&self) -> &str {
        match self.script {
            Script::English => self.stem.strip_suffix(['e', 'i']).unwrap_or(&self.stem),
            Script::Arabic => self.before_teh().unwrap_or(&self.stem),
            Script::Other => &self.stem,
        }
    }

    /// A stem in ه, which may be ة, without it: before an ending it is written ت, or gives way to `ات`.
    fn before_teh(&self) -> Option<&str> {
        self.stem.strip_suffix('ه').filter(|bare| bare.chars().nth(1).is_some())
    }

    /// Whether `word`, in any spelling, is this stem with nothing but clitics and endings on it.
    pub fn fits(&self, word: &str) -> bool {
        let mut folded = String::with_capacity(word.len());
        word.chars().for_each(|c| fold_char(c, None, &mut |to| folded.push(to)));
        self.fits_folded(&folded)
    }

    /// The same for a word of a key.
    pub(crate) fn fits_folded(&self, word: &str) -> bool {
        match self.script {
            Script::Other => word == &*self.stem,
            Script::English => {
                word.starts_with(self.literal()) && script(word) == Script::English && english(word) == *self.stem
            }
            Script::Arabic => word.char_indices().any(|(at, _)| {
                let ends_well = |rest: &str| is_proclitic(&word[..at]) && is_ending(rest);
                let teh = self.before_teh().and_then(|bare| word[at..].strip_prefix(bare));
                word[at..].strip_prefix(&*self.stem).is_some_and(ends_well)
                    || teh.is_some_and(|rest| (rest.starts_with('ت') || rest.starts_with("ات")) && ends_well(rest))
            }),
        }
    }
}

fn script(word: &str) -> Script {
    if word.contains(|c| matches!(c, '\u{0621}'..='\u{064A}')) {
        Script::Arabic
    } else if !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()) {
        Script::English
    } else {
        Script::Other
    }
}

/// Behind an optional و or ف: the article with and without a preposition, a preposition, the س of the future.
const PROCLITICS: [&str; 9] = ["", "ال", "بال", "كال", "لل", "ب", "ك", "ل", "س"];

/// The proclitics that are taken from what somebody typed, behind an optional و or ف.
const ARTICLES: [&str; 4] = ["بال", "كال", "ال", "لل"];

/// Words that only look as if they began with the article.
const NO_ARTICLE: [&str; 5] = ["الان", "الذي", "التي", "الذين", "اللذين"];

/// Endings of nouns and adjectives: gender, number, relation (nisba), the alef of the accusative.
const ENDINGS: [&str; 16] =
    ["", "ه", "ات", "ان", "ون", "ين", "تان", "تين", "يه", "يات", "يون", "يين", "ي", "ا", "يا", "وا"];

/// Attached pronouns.
const PRONOUNS: [&str; 11] = ["ه", "ها", "هما", "هم", "هن", "ك", "كما", "كم", "كن", "ي", "نا"];

/// What endings become before a pronoun: ة is ت, duals and plurals lose their ن; and the ن of `ني`.
const BEFORE_PRONOUNS: [&str; 9] = ["", "ت", "ات", "يت", "يات", "ا", "ي", "و", "ن"];

/// The endings that are taken from what somebody typed: light10's, less `ان` (which is more often a part of the word:
/// `لبنان`, `برلمان`), with the pronouns of more than one letter, ة before a pronoun, and the alef of the accusative.
const TAKEN: [&str; 19] = [
    "تهما", "تها", "تهم", "تهن", "تنا", "تكم", "هما", "كما", "ته", "ها", "هم", "هن", "نا", "كم", "ات", "ون", "ين",
    "يه", "ا",
];

fn is_proclitic(text: &str) -> bool {
    PROCLITICS.contains(&text) || text.strip_prefix(['و', 'ف']).is_some_and(|rest| PROCLITICS.contains(&rest))
}

fn is_ending(text: &str) -> bool {
    ENDINGS.contains(&text)
        || PRONOUNS.iter().any(|p| text.strip_suffix(p).is_some_and(|before| BEFORE_PRONOUNS.contains(&before)))
}

/// Two letters stay at least behind an article (as in light10), three before an ending (one more than there: two letters
/// are some other word too often).
fn arabic(word: &str) -> &str {
    let has = |text: &str, letters: usize| text.chars().nth(letters - 1).is_some();
    let bare = word.strip_prefix(['و', 'ف']).filter(|rest| rest.starts_with(|c| "اكبل".contains(c))).unwrap_or(word);
    let without_article = |text: &'_ str| -> Option<usize> {
        let article = ARTICLES.into_iter().find(|article| text.starts_with(article))?;
        (!NO_ARTICLE.contains(&text) && has(&text[article.len()..], 2)).then_some(text.len() - article.len())
    };
    let length = without_article(word).or_else(|| without_article(bare)).unwrap_or(word.len());
    let word = &word[word.len() - length..];
    let mut taken = TAKEN.into_iter().chain(["ه", "ي"]).filter_map(|ending| word.strip_suffix(ending));
    taken.find(|stem| has(stem, 3)).unwrap_or(word)
}

/// Of a word of a to z. Snowball English: <https://snowballstem.org/algorithms/english/stemmer.html>
fn english(word: &str) -> String {
    let is_vowel = |b: u8| b"aeiouy".contains(&b);
    let mut stem = word.to_owned();
    if word.len() < 3 {
        return stem;
    }
    // Step 1a.
    let before = |suffix: &str| stem.strip_suffix(suffix).map(str::len);
    if let Some(at) = before("sses") {
        stem.truncate(at + 2);
    } else if let Some(at) = before("ies").or(before("ied")) {
        stem.truncate(if at > 1 { at + 1 } else { at + 2 });
    } else if let Some(at) = before("s")
        && !word.ends_with("us")
        && !word.ends_with("ss")
        && stem.bytes().take(at - 1).any(is_vowel)
    {
        stem.truncate(at);
    }
    // Step 1b.
    let before = |suffix: &str| stem.strip_suffix(suffix).map(str::len);
    if let Some(at) = before("eedly").or(before("eed")) {
        if at >= region(&stem, 0) {
            stem.truncate(at + 2);
        }
    } else if let Some(at) = before("ingly").or(before("edly")).or(before("ing")).or(before("ed"))
        && stem.bytes().take(at).any(is_vowel)
    {
        stem.truncate(at);
        let doubled = ["bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt"].iter().any(|pair| stem.ends_with(pair));
        if ["at", "bl", "iz"].iter().any(|end| stem.ends_with(end)) {
            stem.push('e');
        } else if doubled {
            stem.pop();
        } else if ends_short(stem.as_bytes()) && region(&stem, 0) == stem.len() {
            stem.push('e');
        }
    }
    // Step 1c.
    let bytes = stem.as_bytes();
    if let [.., _, before, b'y'] = bytes
        && !is_vowel(*before)
    {
        stem.pop();
        stem.push('i');
    }
    // Step 5, the e.
    if let Some(rest) = stem.strip_suffix('e') {
        let first = region(&stem, 0);
        if rest.len() >= region(&stem, first) || (rest.len() >= first && !ends_short(rest.as_bytes())) {
            stem.pop();
        }
    }
    stem
}

/// Where the part behind the first consonant that follows a vowel begins, looked for from `from` on.
fn region(word: &str, from: usize) -> usize {
    let is_vowel = |b: &u8| b"aeiouy".contains(b);
    let bytes = word.as_bytes();
    let vowel = bytes[from..].iter().position(is_vowel).map(|n| from + n);
    let consonant = vowel.and_then(|v| bytes[v..].iter().position(|b| !is_vowel(b)).map(|n| v + n));
    consonant.map_or(bytes.len(), |c| c + 1)
}

/// Whether the word ends in a short syllable: consonant, vowel, consonant other than w, x, y; or vowel and consonant alone.
fn ends_short(bytes: &[u8]) -> bool {
    let is_vowel = |b: u8| b"aeiouy".contains(&b);
    match *bytes {
        [vowel, consonant] => is_vowel(vowel) && !is_vowel(consonant),
        [.., before, vowel, last] => !is_vowel(before) && is_vowel(vowel) && !is_vowel(last) && !b"wx".contains(&last),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(typed: &str, fits: &str, not: &str) {
        let stem = Stem::of(typed);
        for word in fits.split_whitespace() {
            assert!(stem.fits(word), "{typed} ({}) {word}", stem.as_str());
        }
        for word in not.split_whitespace() {
            assert!(!stem.fits(word), "{typed} ({}) not {word}", stem.as_str());
        }
    }

    #[test]
    fn arabic_words_with_what_is_written_on_them() {
        check(
            "كتاب",
            "كتاب وكتاب بكتاب الكتاب وبالكتاب للكتاب كتابًا كتابه كتابهم فكتابنا كِتَابَان",
            "كتب كاتب مكتب اكتتاب",
        );
        check("كتابهم", "كتاب بكتابك", "كتب");
        check("المدرسة", "مدرسة مدرستهم مدرستان لمدرستي", "دراسة المدارس");
        check("وزارة", "وزارة الوزارة بوزارتها ولوزارات", "زار زيارة");
        check("الوزير", "وزير وزيرا كالوزير", "زير");
        check("مهندسون", "مهندس المهندسين مهندسوها المهندسات", "هندسة");
        check("لبنان", "لبنان ولبنان لبنانية", "لبن");
        check("عربي", "العربية عرب عربيًا عربيين", "عروبة");
        check("اليد", "يد يده واليد", "يدور");
        check("الآن", "الآن والآن", "أن");
        check("كتب", "كتب كتبوا كتبه وكتبها", "سيكتب كاتب");
        check("لغة", "اللغة للغة لغات لغتنا", "بلاغة");
        check("يَستقبِل", "يستقبل سيستقبل ويستقبلهم", "استقبل");
        check("٢٠", "20 ٢٠", "120");
        check("", "", "نعم");
    }

    #[test]
    fn english_plurals_and_tenses() {
        check("study", "study studies studied studying", "stud studio");
        check("use", "use uses used using", "us");
        check("completed", "complete completes completing", "compel");
        check("stop", "stopped stopping stops", "stoop");
        check("agreed", "agree agrees", "agr");
        check("address", "address addresses addressed", "add");
        check("making", "make makes making", "mak");
        check("bus", "bus", "bu");
        check("ties", "tie tied", "ti");
        check("as", "as", "a");
    }

    proptest! {
        #[test]
        fn every_word_has_its_stem(word in "(ال|و|ب|لل|فال)?[ابتجدرسعفقكلمنهوي]{0,5}(ها|ات|ين|ته|هما|ا|ه|ي|ون)?|[a-z]{0,5}(s|ed|ing|ies|eed|edly|y|e)?|\\PC{0,6}") {
            let stem = Stem::of(&word);
            let folded = key(Lang::Ar, &word);
            prop_assert_eq!(stem.as_str().is_empty(), folded.is_empty());
            prop_assert!(folded.as_str().contains(stem.literal()));
            prop_assert!(stem.fits_folded(folded.as_str()), "{:?} {:?}", stem, folded);
        }

        #[test]
        fn fits_are_clitic_stem_ending(word in "[وفبكلسا]{0,4}[مدرس]{0,2}[اتونيهكم]{0,5}", typed in "[مدرس]{1,2}[مه]?") {
            // All words that the lists allow.
            let stem = Stem::of(&typed);
            let mut all = Vec::new();
            for conjunction in ["", "و", "ف"] {
                for proclitic in PROCLITICS {
                    let mut ends: Vec<String> = ENDINGS.map(str::to_owned).into();
                    ends.extend(PRONOUNS.iter().flat_map(|p| BEFORE_PRONOUNS.map(|b| format!("{b}{p}"))));
                    for end in ends {
                        if let Some(bare) = stem.as_str().strip_suffix('ه').filter(|b| b.chars().count() > 1)
                            && (end.starts_with('ت') || end.starts_with("ات"))
                        {
                            all.push(format!("{conjunction}{proclitic}{bare}{end}"));
                        }
                        all.push(format!("{conjunction}{proclitic}{}{end}", stem.as_str()));
                    }
                }
            }
            prop_assert_eq!(stem.fits_folded(&word), all.contains(&word));
            for word in all {
                prop_assert!(stem.fits_folded(&word), "{}", word);
            }
        }
    }
}
