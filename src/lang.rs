//! The two languages of the trade here, and the language tags that files write for them.

use std::fmt;

/// One of the two sides of every memory: Arabic or English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    /// Arabic, in Arabic script.
    Ar,
    /// English.
    En,
}

impl Lang {
    /// Both languages, Arabic first: the order of every two-sided form in this crate.
    pub const BOTH: [Lang; 2] = [Lang::Ar, Lang::En];

    /// The BCP 47 code, `ar` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Ar => "ar",
            Lang::En => "en",
        }
    }

    /// The other side.
    pub fn other(self) -> Lang {
        match self {
            Lang::Ar => Lang::En,
            Lang::En => Lang::Ar,
        }
    }

    /// The direction in which the language is written, as HTML and XLIFF spell it.
    pub fn dir(self) -> &'static str {
        match self {
            Lang::Ar => "rtl",
            Lang::En => "ltr",
        }
    }

    /// The language that the letters of `text` speak for: the script with more letters; `None` without letters of either.
    ///
    /// Arabic letters are shorter words' letters, so a mixed line (an Arabic sentence about `Firefox`) is Arabic as soon
    /// as two fifths of its letters are.
    ///
    /// ```
    /// use dhakira::lang::Lang;
    /// assert_eq!(Lang::of_script("ثبّت Firefox أولًا"), Some(Lang::Ar));
    /// assert_eq!(Lang::of_script("Install Firefox first"), Some(Lang::En));
    /// assert_eq!(Lang::of_script("2021 …"), None);
    /// ```
    pub fn of_script(text: &str) -> Option<Lang> {
        match Lang::letters(text) {
            [0, 0] => None,
            [a, l] if a * 3 >= l * 2 => Some(Lang::Ar),
            _ => Some(Lang::En),
        }
    }

    /// How many Arabic and how many Latin letters `text` has.
    fn letters(text: &str) -> [usize; 2] {
        let (mut arabic, mut latin) = (0usize, 0usize);
        for c in text.chars() {
            match c {
                '\u{0620}'..='\u{064A}'
                | '\u{066E}'..='\u{06D3}'
                | '\u{FB50}'..='\u{FDFF}'
                | '\u{FE70}'..='\u{FEFC}' => arabic += 1,
                'A'..='Z' | 'a'..='z' | '\u{00C0}'..='\u{024F}' => latin += 1,
                _ => {}
            }
        }
        [arabic, latin]
    }

    /// Whether a whole text is certainly in the other language: it has letters of the other script, and less than a tenth as
    /// many of this one's. A manual full of commands, half of them Latin, is still Arabic.
    ///
    /// ```
    /// use dhakira::lang::Lang;
    /// assert!(Lang::Ar.is_foreign("Install Firefox first"));
    /// assert!(!Lang::Ar.is_foreign("ثبّت mozilla-firefox-esr أولًا"));
    /// assert!(!Lang::En.is_foreign("2021 …"));
    /// ```
    pub fn is_foreign(self, text: &str) -> bool {
        let [arabic, latin] = Lang::letters(text);
        let (own, other) = if self == Lang::Ar { (arabic, latin) } else { (latin, arabic) };
        own * 10 < other
    }

    /// Its name in English.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Lang::Ar => "Arabic",
            Lang::En => "English",
        }
    }

    /// The name of its script in English.
    pub(crate) fn script(self) -> &'static str {
        match self {
            Lang::Ar => "Arabic",
            Lang::En => "Latin",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What a file's `xml:lang` said (`ar-EG`, `EN_us`, `ara`), kept as written.
///
/// Two tags are compared by what they mean, not by how they are spelled: [`LangTag::lang`], [`LangTag::region`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LangTag(Box<str>);

impl LangTag {
    /// Keeps `tag` as it is written; every string is a tag, whether it means a language of ours or not.
    pub fn new(tag: &str) -> LangTag {
        LangTag(tag.into())
    }

    /// The tag as its file wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Which of the two languages the tag means, whatever its case, separator, length or region; `None` for any other
    /// language, and for Arabic or English in another script (`ar-Latn` is not Arabic to a matcher).
    ///
    /// Subtags: RFC 5646 §2.1; `ara`, `arb` and `eng` are the ISO 639-2/3 codes.
    ///
    /// ```
    /// use dhakira::lang::{Lang, LangTag};
    /// for tag in ["ar", "AR", "ar_SA", "ar-EG", "ara", "arb", "ar-001", "ar-Arab-EG"] {
    ///     assert_eq!(LangTag::new(tag).lang(), Some(Lang::Ar), "{tag}");
    /// }
    /// assert_eq!(LangTag::new("EN-us").lang(), Some(Lang::En));
    /// assert_eq!(LangTag::new("ar-Latn").lang(), None);
    /// assert_eq!(LangTag::new("fr").lang(), None);
    /// ```
    pub fn lang(&self) -> Option<Lang> {
        let mut subtags = self.subtags();
        let lang = match subtags.next()?.to_ascii_lowercase().as_str() {
            "ar" | "ara" | "arb" => Lang::Ar,
            "en" | "eng" => Lang::En,
            _ => return None,
        };
        let script = subtags.find(|s| s.len() == 4 && s.bytes().all(|b| b.is_ascii_alphabetic()));
        match (lang, script.map(str::to_ascii_lowercase).as_deref()) {
            (_, None) | (Lang::Ar, Some("arab")) | (Lang::En, Some("latn")) => Some(lang),
            _ => None,
        }
    }

    /// The region subtag in upper case (`EG`, `US`, `001`), if there is one.
    ///
    /// ```
    /// use dhakira::lang::LangTag;
    /// assert_eq!(LangTag::new("ar_sa").region().as_deref(), Some("SA"));
    /// assert_eq!(LangTag::new("ar").region(), None);
    /// ```
    pub fn region(&self) -> Option<String> {
        let is_region = |s: &&str| {
            (s.len() == 2 && s.bytes().all(|b| b.is_ascii_alphabetic()))
                || (s.len() == 3 && s.bytes().all(|b| b.is_ascii_digit()))
        };
        self.subtags().skip(1).find(is_region).map(str::to_ascii_uppercase)
    }

    fn subtags(&self) -> impl Iterator<Item = &str> {
        self.0.trim().split(['-', '_'])
    }
}

impl From<Lang> for LangTag {
    fn from(lang: Lang) -> LangTag {
        LangTag::new(lang.code())
    }
}

impl fmt::Display for LangTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
