//! Abbreviations and small word lists that tell a full stop from a dot, read from text files.

use crate::lang::Lang;
use std::collections::HashMap;
use std::sync::LazyLock;
use thiserror::Error;

/// What a word says about the full stop behind it (or, for the word lists, about where it stands).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Never the last word of a sentence: titles, "e.g.".
    Never,
    /// Not the last word when a number follows; otherwise like `End`.
    Number,
    /// May be the last word: it is when a word of `Start` follows.
    End,
    /// Behind a number it is a unit, and its full stop ends the sentence (Arabic).
    Unit,
    /// The name of a foreign letter: an initial (Arabic).
    Initial,
    /// Opens a numbered heading or caption.
    Label,
    /// Opens sentences.
    Start,
    /// A verb of saying that continues the sentence behind a quotation.
    Speech,
    /// Takes a report up again behind a quotation without a stop (Arabic).
    Resume,
    /// A noun with a letter behind it: "vitamin D".
    Lettered,
    /// Opens an editor's note in square brackets.
    Note,
    /// Opens a clause of its own, also behind a quotation without a stop (Arabic).
    Fresh,
    /// A verb that opens the news below a headline (Arabic).
    Lead,
    /// Leans on what follows: particles, prepositions, conjunctions.
    Link,
    /// A pronoun that ties an attribute to its noun (Arabic).
    Resumptive,
    /// Stands before a question that is part of its sentence (Arabic).
    Indirect,
}

/// The sections of a list file and what their words are.
const SECTIONS: [(&str, Role); 16] = [
    ("never", Role::Never),
    ("number", Role::Number),
    ("end", Role::End),
    ("unit", Role::Unit),
    ("initial", Role::Initial),
    ("label", Role::Label),
    ("start", Role::Start),
    ("speech", Role::Speech),
    ("resume", Role::Resume),
    ("lettered", Role::Lettered),
    ("note", Role::Note),
    ("fresh", Role::Fresh),
    ("lead", Role::Lead),
    ("link", Role::Link),
    ("resumptive", Role::Resumptive),
    ("indirect", Role::Indirect),
];

/// What is wrong with a list of abbreviations.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AbbreviationError {
    /// A section that nobody reads.
    #[error(
        "line {line}: no section is called [{name}]; the sections are never, number, end, unit, initial, label, start, speech, resume, lettered, note, fresh, lead, link, resumptive, indirect"
    )]
    Section {
        /// The line, from 1.
        line: usize,
        /// The name as written.
        name: String,
    },
    /// A word that stands before the first section.
    #[error("line {line}: `{word}` stands before the first section; write a line [never], [number] or [end] above it")]
    Homeless {
        /// The line, from 1.
        line: usize,
        /// The word as written.
        word: String,
    },
}

/// Words and their roles: the content of one or more list files.
///
/// The file form: a line `[name]` opens a section, below it stand words without their last full stop, parted by white
/// space; `//` begins a comment. The sections that a translator needs: `never` (titles: a name follows), `number` (no
/// sentence ends there when a number follows), `end` (may end a sentence: does so when a usual first word follows). A
/// word in small letters is found with a capital as well; Arabic diacritics and tatweel make no difference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Abbreviations {
    /// The bit `1 << role` for each role of a word.
    words: HashMap<Box<str>, u16>,
}

static ARABIC: LazyLock<Abbreviations> = LazyLock::new(|| Abbreviations::shipped(include_str!("abbrev/ar.txt")));
static ENGLISH: LazyLock<Abbreviations> = LazyLock::new(|| Abbreviations::shipped(include_str!("abbrev/en.txt")));

impl Abbreviations {
    /// Reads the file form.
    ///
    /// ```
    /// use dhakira::segment::Abbreviations;
    /// assert!(Abbreviations::parse("// ranks\n[never]\nالفريق العميد").is_ok());
    /// let wrong = Abbreviations::parse("[nevr]\nالفريق").unwrap_err();
    /// assert!(wrong.to_string().starts_with("line 1: no section is called [nevr]"));
    /// ```
    pub fn parse(text: &str) -> Result<Abbreviations, AbbreviationError> {
        let mut found = Abbreviations::default();
        let mut role = None;
        for (number, line) in text.lines().enumerate() {
            let line = line.split("//").next().unwrap_or_default().trim().trim_start_matches('\u{FEFF}');
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                let known = SECTIONS.iter().find(|(known, _)| *known == name.trim());
                let Some((_, known)) = known else {
                    return Err(AbbreviationError::Section { line: number + 1, name: name.to_owned() });
                };
                role = Some(*known);
                continue;
            }
            for word in line.split_whitespace() {
                let Some(role) = role else {
                    return Err(AbbreviationError::Homeless { line: number + 1, word: word.to_owned() });
                };
                // A translator writes "Pfc." as it stands in texts: the last full stop is understood.
                let bare = fold(word.strip_suffix('.').unwrap_or(word));
                *found.words.entry(bare.into()).or_default() |= 1 << role as u16;
            }
        }
        Ok(found)
    }

    fn shipped(text: &str) -> Abbreviations {
        Abbreviations::parse(text).expect("a test reads the shipped lists")
    }

    /// The list that ships for a language.
    pub(super) fn of(lang: Lang) -> &'static Abbreviations {
        match lang {
            Lang::Ar => &ARABIC,
            Lang::En => &ENGLISH,
        }
    }

    /// Takes over the words of `other`.
    pub(super) fn extend(&mut self, other: Abbreviations) {
        for (word, roles) in other.words {
            *self.words.entry(word).or_default() |= roles;
        }
    }

    fn roles(&self, word: &str) -> u16 {
        self.words.get(word).copied().unwrap_or_default()
    }
}

/// The list of the language and what the user added to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lists<'a> {
    pub(super) shipped: &'a Abbreviations,
    pub(super) added: &'a Abbreviations,
}

impl Lists<'_> {
    /// Whether `word` (without its full stop) has the role.
    pub(super) fn has(&self, word: &str, role: Role) -> bool {
        let word = fold(word);
        self.roles(&word) & (1 << role as u16) != 0
    }

    fn roles(&self, word: &str) -> u16 {
        let mut roles = self.shipped.roles(word) | self.added.roles(word);
        // "Approx." at the head of a sentence is "approx."; the other way round "Dec" is no "dec".
        if word.as_bytes().first().is_some_and(u8::is_ascii_uppercase) {
            let small = word.to_ascii_lowercase();
            roles |= self.shipped.roles(&small) | self.added.roles(&small);
        }
        roles
    }
}

/// The word without Arabic diacritics, tatweel and invisible characters.
fn fold(word: &str) -> String {
    word.chars()
        .filter(
            |c| !super::character::is_invisible(*c) && !super::character::is_mark(*c) && *c != '\u{0640}', /* tatweel */
        )
        .map(|c| if c == '’' { '\'' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lang: Lang, word: &str, role: Role, expected: bool) {
        let lists = Lists { shipped: Abbreviations::of(lang), added: &Abbreviations::default() };
        assert_eq!(lists.has(word, role), expected, "{word}");
    }

    #[test]
    fn the_shipped_lists_are_read() {
        check(Lang::Ar, "أ.د", Role::Never, true);
        check(Lang::Ar, "الدكتور", Role::Never, false);
        check(Lang::Ar, "هـ", Role::Unit, true);
        check(Lang::Ar, "وَقَدْ", Role::Start, true);
        check(Lang::Ar, "د\u{202C}", Role::Never, true);
        check(Lang::En, "Approx", Role::Never, true);
        check(Lang::En, "dec", Role::Number, false);
        check(Lang::En, "Dec", Role::Number, true);
    }

    #[test]
    fn every_section_has_words_in_one_of_the_lists() {
        for (name, role) in SECTIONS {
            let used = |lang| Abbreviations::of(lang).words.values().any(|roles| roles & (1 << role as u16) != 0);
            assert!(used(Lang::Ar) || used(Lang::En), "[{name}]");
        }
    }
}
