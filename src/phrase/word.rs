//! The words of a text as phrases see them: what the lexicon knows of each, and how much it tells.

use crate::lang::Lang;
use crate::lexicon::{self, Lexicon, stem};
use crate::text::{Number, TokenKind, key, name_skeletons, skeleton, tokens};
use std::ops::Range;

/// The probability of a word that the lexicon does not know.
const UNKNOWN: f32 = 1e-6;
/// What names, numbers and addresses are worth beside words, which tell −ln of their frequency.
const ITEM: f32 = 8.0;

/// A word, a number or an address.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    /// Its bytes in the text.
    pub span: Range<usize>,
    /// What the lexicon knows of it.
    pub known: Option<lexicon::Word>,
    /// What it is in either language: a number's value, a Latin word or an address in small letters.
    pub literal: Option<String>,
    /// The consonants of what may be a name.
    pub skeletons: Vec<String>,
    /// How much it tells, in nats.
    pub weight: f32,
    /// Its probability at large.
    pub chance: f32,
    /// `the`, `a`, `an`.
    pub is_article: bool,
    /// Whether it denies: a phrase with it is none without.
    pub is_negation: bool,
    /// Whether it tells something: it is none of [`SMALL`].
    pub is_telling: bool,
    /// Whether it is a word of the text's language.
    pub is_word: bool,
    /// Words with no mark between them have the same number.
    pub run: usize,
}

/// Direction marks, joiners and the like, which part nothing.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Words that tell nothing of their own, as their keys; how frequent a word is does not show that, for `file` is frequent, too, where programs
/// are translated.
const SMALL: [&[&str]; 2] = [
    &[
        "في",
        "من",
        "الى",
        "على",
        "عن",
        "مع",
        "ان",
        "او",
        "ثم",
        "بل",
        "هذا",
        "هذه",
        "ذلك",
        "تلك",
        "هولاء",
        "هو",
        "هي",
        "هم",
        "هما",
        "نحن",
        "انا",
        "انت",
        "انتم",
        "التي",
        "الذي",
        "الذين",
        "ما",
        "ماذا",
        "هل",
        "كان",
        "كانت",
        "كانوا",
        "يكون",
        "تكون",
        "قد",
        "لقد",
        "كل",
        "بعد",
        "قبل",
        "عند",
        "بين",
        "حتى",
        "اذا",
        "لو",
        "لكن",
        "لكنه",
        "كما",
        "منذ",
        "حول",
        "خلال",
        "اي",
        "ايضا",
        "انه",
        "انها",
        "لها",
        "له",
        "لهم",
        "لك",
        "لي",
        "لنا",
        "فيها",
        "فيه",
        "عليه",
        "عليها",
        "به",
        "بها",
        "منه",
        "منها",
        "اليه",
        "اليها",
        "هنا",
        "هناك",
        "حيث",
        "عندما",
        "تم",
        "يتم",
        "كيف",
        "متى",
        "اين",
        "لماذا",
        "يا",
        "اما",
        "الان",
        "جدا",
        "بعض",
        "نفس",
        "اذ",
        "لان",
        "كي",
        "لكي",
        "بدل",
        "ضد",
        "فوق",
        "تحت",
        "امام",
        "وراء",
        "لدى",
        "لديك",
        "لديه",
    ],
    &[
        "the", "a", "an", "of", "in", "on", "at", "to", "for", "from", "by", "with", "and", "or", "but", "if", "is",
        "are", "was", "were", "be", "been", "being", "am", "do", "does", "did", "has", "have", "had", "will", "would",
        "can", "could", "may", "might", "shall", "should", "must", "this", "that", "these", "those", "it", "its", "he",
        "she", "they", "we", "you", "i", "his", "her", "their", "our", "your", "my", "me", "him", "them", "us", "as",
        "than", "then", "so", "there", "here", "what", "which", "who", "whom", "when", "where", "why", "how", "about",
        "into", "over", "under", "up", "down", "out", "off", "also", "just", "very", "some", "any", "each", "all",
        "while", "because", "let", "let's",
    ],
];

fn is_small(lang: Lang, word: &str) -> bool {
    let key = key(lang, word);
    let word = key.as_str();
    match lang {
        Lang::Ar => {
            let bare = word.strip_prefix(['و', 'ف']).unwrap_or(word);
            SMALL[0].contains(&word) || SMALL[0].contains(&bare)
        }
        Lang::En => SMALL[1].contains(&word),
    }
}

/// Words that deny, as their keys.
const NEGATIONS: [&[&str]; 2] = [
    &[
        "لا",
        "لم",
        "لن",
        "ليس",
        "ليست",
        "ليسوا",
        "لست",
        "غير",
        "عدم",
        "بدون",
        "دون",
        "ولا",
        "ولم",
        "ولن",
        "وليس",
        "تعذر",
        "بلا",
        "فلا",
        "الا",
    ],
    &["not", "no", "cannot", "never", "without", "none", "nothing", "unable", "nor"],
];

fn is_negation(lang: Lang, word: &str) -> bool {
    let key = key(lang, word);
    match lang {
        Lang::Ar => NEGATIONS[0].contains(&key.as_str()),
        // “isn’t”, “disabled” is a word of its own.
        Lang::En => NEGATIONS[1].contains(&key.as_str()) || key.as_str().ends_with("n't"),
    }
}

/// A word of a sentence whose phrases are looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Its bytes in the sentence.
    pub span: Range<usize>,
    /// Words with no mark between them have the same number.
    pub run: usize,
    /// How much it tells, in nats: −ln of its frequency; numbers, names in the other script and addresses 8.
    pub weight: f32,
    /// Whether it is a word of the sentence's language.
    pub is_word: bool,
    /// Whether it denies.
    pub is_negation: bool,
    /// Whether it tells something: no article, no pronoun, no small word.
    pub is_telling: bool,
}

impl Asked {
    /// Whether a phrase may begin or end with it: it tells something, or denies.
    pub fn is_border(&self) -> bool {
        self.is_telling || self.is_negation
    }
}

/// The words of a sentence in their order.
///
/// ```
/// use dhakira::{Lang, lexicon::Lexicon, phrase::asked};
/// let words = asked(Lang::Ar, "في ميناء الإسكندرية، ١٢ سفينة", Lexicon::shipped());
/// assert_eq!(words.iter().map(|word| word.run).collect::<Vec<_>>(), [0, 0, 0, 1, 1]);
/// assert!(words[1].weight > words[0].weight && !words[3].is_word);
/// ```
pub fn asked(lang: Lang, text: &str, lexicon: &Lexicon) -> Vec<Asked> {
    let asked = |word: Word| {
        let Word { span, run, weight, is_word, is_negation, is_telling, .. } = word;
        Asked { span, run, weight, is_word, is_negation, is_telling }
    };
    words(lang, text, lexicon).into_iter().map(asked).collect()
}

/// The words of a text in their order.
pub(super) fn words(lang: Lang, text: &str, lexicon: &Lexicon) -> Vec<Word> {
    let mut words = Vec::new();
    let (mut run, mut end, mut was_sign) = (0, 0, false);
    for token in tokens(text) {
        // A mark parts phrases, and what a mark of programs stands before is none of theirs: `%s`, `{name}`, `&Open`.
        let between = &text[end..token.span.start];
        let is_sign = between.ends_with(['%', '{', '<', '$', '&', '\\', '_', '@', '#', ')']);
        if was_sign || between.chars().any(|c| !c.is_whitespace() && !is_invisible(c)) {
            run += 1;
        }
        (end, was_sign) = (token.span.end, is_sign);
        let mut word = Word {
            span: token.span.clone(),
            known: None,
            literal: None,
            skeletons: Vec::new(),
            weight: ITEM,
            chance: UNKNOWN,
            is_article: false,
            is_negation: false,
            is_telling: true,
            is_word: false,
            run,
        };
        match token.kind {
            TokenKind::Mark(_) => {
                end = token.span.start;
                continue;
            }
            TokenKind::Number => {
                let value = Number::parse(token.text).map_or(token.text.to_owned(), |n| n.as_str().to_owned());
                word.literal = Some(value);
            }
            TokenKind::Word(own) if own == lang => {
                word.is_word = token.text.chars().nth(1).is_some();
                word.is_negation = is_negation(lang, token.text);
                word.is_telling = word.is_word && !is_small(lang, token.text);
                word.known = lexicon.word(lang, &stem(lang, token.text));
                word.chance = word.known.map_or(UNKNOWN, |known| known.frequency.max(UNKNOWN));
                word.weight = -word.chance.ln();
                word.is_article =
                    lang == Lang::En && matches!(token.text.to_ascii_lowercase().as_str(), "the" | "a" | "an");
                match lang {
                    Lang::Ar => word.skeletons = name_skeletons(token.text),
                    Lang::En if token.text.starts_with(char::is_uppercase) => {
                        word.skeletons.push(skeleton(lang, token.text));
                        word.literal = Some(token.text.to_lowercase());
                    }
                    Lang::En => word.literal = Some(token.text.to_lowercase()),
                }
            }
            _ => word.literal = Some(token.text.to_lowercase()),
        }
        words.push(word);
    }
    words
}
