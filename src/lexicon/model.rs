//! IBM Model 1: how translated lines teach which words translate each other.
//!
//! Brown, Della Pietra, Della Pietra and Mercer, "The Mathematics of Statistical Machine Translation", 1993, §4.2: each
//! word of the one side comes from one word of the other side or from none (the NULL word), all equally likely before
//! anything is known; expectation and maximisation in turn find the probabilities. Both directions are trained, each for
//! itself. Moore, "Improving IBM Word-Alignment Model 1", 2004, tells how rare words gather wrong partners; here a
//! constant is added to what a word's partners share, so that what was seen once proves little.

use super::pack::{Lexicon, Pair, Word, pack};
use super::stem::stem;
use crate::lang::Lang;
use crate::text::{TokenKind, key, tokens};
use std::collections::{BTreeMap, HashMap};

/// How a lexicon is trained. The same lines give the same bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Training {
    /// How often expectation and maximisation alternate.
    pub iterations: usize,
    /// Added to the count of all partners of a word: probabilities of rare words stay small.
    pub discount: f64,
    /// Pairs below this probability in both directions, or below a quarter of it in one, are left out.
    pub least_probability: f64,
    /// Pairs that are expected less often than this in both directions are left out.
    pub least_count: f64,
    /// Words of a line beyond this many are left out.
    pub longest: usize,
    /// How many sightings a guess is worth.
    pub trust: f64,
    /// How many words of running text are worth what is known of the frequencies; as many as the lines have, if not told.
    pub familiar: Option<f64>,
}

/// What is thought of two stems before any line is seen, from other knowledge.
#[derive(Debug, Clone, PartialEq)]
pub struct Guess {
    /// The Arabic stem.
    pub ar: String,
    /// The English stem.
    pub en: String,
    /// The probability of the English stem, given the Arabic one.
    pub en_given_ar: f64,
    /// The probability of the Arabic stem, given the English one.
    pub ar_given_en: f64,
}

/// What is known beside the lines.
#[derive(Debug, Clone, Default)]
pub struct Knowledge {
    /// Pairs of stems.
    pub guesses: Vec<Guess>,
    /// How often Arabic and English stems stand in running text, shares of all words.
    pub frequencies: [HashMap<String, f64>; 2],
}

impl Default for Training {
    fn default() -> Training {
        Training {
            iterations: 5,
            discount: 1.0,
            least_probability: 0.01,
            least_count: 0.3,
            longest: 50,
            trust: 5.0,
            familiar: None,
        }
    }
}

impl Lexicon {
    /// What this lexicon knows, as what is known beside the lines of another training.
    pub fn knowledge(&self) -> Knowledge {
        let mut knowledge = Knowledge::default();
        for (lang, frequencies) in Lang::BOTH.into_iter().zip(&mut knowledge.frequencies) {
            let stems = (0..self.stems(lang) as u32).map(|number| self.stem(lang, number));
            frequencies
                .extend(stems.filter_map(|stem| Some((stem.to_owned(), f64::from(self.word(lang, stem)?.frequency)))));
        }
        for number in 0..self.stems(Lang::Ar) as u32 {
            let ar = self.stem(Lang::Ar, number);
            let word = Word { number, frequency: 0.0 };
            knowledge.guesses.extend(self.translations(word).map(|translation| Guess {
                ar: ar.to_owned(),
                en: self.stem(Lang::En, translation.en).to_owned(),
                en_given_ar: f64::from(translation.en_given_ar),
                ar_given_en: f64::from(translation.ar_given_en),
            }));
        }
        knowledge
    }
}

/// One side's stems and its lines as runs of their numbers; number 0 is the NULL word, which opens each line.
#[derive(Debug)]
struct Side {
    lang: Lang,
    numbers: HashMap<String, u32>,
    stems: Vec<Stem>,
    words: Vec<u32>,
    ends: Vec<usize>,
    /// Stems by the word as written.
    known: HashMap<String, u32>,
}

#[derive(Debug)]
struct Stem {
    text: String,
    count: u64,
    /// Whether it is a word of this side's script: others only keep these free.
    packed: bool,
}

impl Side {
    fn new(lang: Lang) -> Side {
        let null = Stem { text: String::new(), count: 0, packed: false };
        Side {
            lang,
            numbers: HashMap::new(),
            stems: vec![null],
            words: Vec::new(),
            ends: vec![0],
            known: HashMap::new(),
        }
    }

    fn line(&mut self, text: &str, longest: usize) -> Vec<u32> {
        let mut line = vec![0];
        for token in tokens(text) {
            let lang = match token.kind {
                TokenKind::Word(lang) => lang,
                TokenKind::Number => self.lang,
                _ => continue,
            };
            let number = match self.known.get(token.text) {
                Some(number) => *number,
                None => {
                    let is_word = token.kind == TokenKind::Word(self.lang);
                    let folded = if token.kind == TokenKind::Number {
                        key(lang, token.text).as_str().to_owned()
                    } else {
                        stem(lang, token.text)
                    };
                    let next = self.stems.len() as u32;
                    let number = *self.numbers.entry(folded.clone()).or_insert(next);
                    if number == next {
                        self.stems.push(Stem { text: folded, count: 0, packed: is_word });
                    }
                    self.known.insert(token.text.to_owned(), number);
                    number
                }
            };
            line.push(number);
        }
        line.truncate(longest + 1);
        line
    }

    fn push(&mut self, line: &[u32]) {
        line.iter().skip(1).for_each(|n| self.stems[*n as usize].count += 1);
        self.words.extend(line);
        self.ends.push(self.words.len());
    }

    fn lines(&self) -> impl Iterator<Item = &[u32]> {
        self.ends.windows(2).map(|ends| &self.words[ends[0]..ends[1]])
    }

    /// The share of each stem among the words, on the way to what is known of it: `familiar` words are worth that, or as many as there are.
    fn frequencies(&self, known: &HashMap<String, f64>, familiar: Option<f64>) -> Vec<(String, f64)> {
        let all = self.stems.iter().map(|s| s.count).sum::<u64>() as f64;
        let weight = familiar.map_or(0.5, |words| words / (words + all + 1.0));
        let share = |stem: &Stem| {
            let own = (stem.count as f64 + 0.5) / (all + 1.0);
            match (known.get(&stem.text), familiar) {
                (Some(known), _) => own + weight * (known - own),
                (None, Some(_)) => own * (1.0 - weight),
                (None, None) => own,
            }
        };
        self.stems.iter().map(|stem| (stem.text.clone(), share(stem))).collect()
    }

    /// The number of a stem that no line may have.
    fn add(&mut self, stem: &str) -> u32 {
        let next = self.stems.len() as u32;
        let number = *self.numbers.entry(stem.to_owned()).or_insert(next);
        if number == next {
            self.stems.push(Stem { text: stem.to_owned(), count: 0, packed: true });
        }
        number
    }
}

impl Training {
    /// The lexicon that `pairs` of lines, Arabic and English, teach.
    ///
    /// ```
    /// use dhakira::lang::Lang;
    /// use dhakira::lexicon::Training;
    /// let lines = [("كتاب جديد", "a new book"), ("بيت جديد", "a new house"), ("كتاب", "a book"), ("بيت", "a house")];
    /// let lexicon = Training::default().train(lines);
    /// let word = lexicon.word(Lang::Ar, "كتاب").unwrap();
    /// let best = lexicon.translations(word).max_by(|a, b| a.ar_given_en.total_cmp(&b.ar_given_en)).unwrap();
    /// assert_eq!(lexicon.stem(Lang::En, best.en), "book");
    /// ```
    pub fn train<'t>(&self, pairs: impl IntoIterator<Item = (&'t str, &'t str)>) -> Lexicon {
        self.train_with(pairs, &Knowledge::default())
    }

    /// The lexicon that `pairs` of lines teach one who knows something already: guesses are counts that were there before.
    pub fn train_with<'t>(
        &self,
        pairs: impl IntoIterator<Item = (&'t str, &'t str)>,
        knowledge: &Knowledge,
    ) -> Lexicon {
        let (mut ar, mut en) = (Side::new(Lang::Ar), Side::new(Lang::En));
        for (ar_text, en_text) in pairs {
            let (x, y) = (ar.line(ar_text, self.longest), en.line(en_text, self.longest));
            let (a, b) = (x.len() - 1, y.len() - 1);
            // Lines that differ this much in length are no translations.
            if a > 0 && b > 0 && a <= 4 * b + 5 && b <= 4 * a + 5 {
                ar.push(&x);
                en.push(&y);
            }
        }
        let guesses: BTreeMap<(u32, u32), (f64, f64)> = knowledge
            .guesses
            .iter()
            .map(|guess| ((ar.add(&guess.ar), en.add(&guess.en)), (guess.en_given_ar, guess.ar_given_en)))
            .collect();
        let meetings = Meetings::new(&ar, &en, guesses.keys().copied());
        let prior = |side: fn(&(f64, f64)) -> f64| -> Vec<f64> {
            meetings.kinds.iter().map(|kind| guesses.get(kind).map_or(0.0, side) * self.trust).collect()
        };
        let (en_given_ar, en_counts) = meetings.learn(self, Direction::EnGivenAr, &prior(|g| g.0));
        let (ar_given_en, ar_counts) = meetings.learn(self, Direction::ArGivenEn, &prior(|g| g.1));
        let (likely, least) = (self.least_probability, self.least_probability / 4.0);
        let kept = meetings.kinds.iter().enumerate().filter(|&(n, &(a, e))| {
            let (p, q) = (en_given_ar[n], ar_given_en[n]);
            ar.stems[a as usize].packed
                && en.stems[e as usize].packed
                && p.max(q) > likely
                && p.min(q) > least
                && (en_counts[n].max(ar_counts[n]) > self.least_count || guesses.contains_key(&(a, e)))
        });
        let pairs: Vec<Pair> = kept
            .map(|(n, &(a, e))| Pair {
                ar: a as usize,
                en: e as usize,
                en_given_ar: en_given_ar[n].min(1.0),
                ar_given_en: ar_given_en[n].min(1.0),
            })
            .collect();
        let [ar_known, en_known] = &knowledge.frequencies;
        pack(&ar.frequencies(ar_known, self.familiar), &en.frequencies(en_known, self.familiar), &pairs)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    EnGivenAr,
    ArGivenEn,
}

/// All pairs of stems that stand in the same lines.
struct Meetings {
    /// The kinds of pairs, rising.
    kinds: Vec<(u32, u32)>,
    /// For each line, each Arabic word of it and each English word of it: the kind.
    of: Vec<u32>,
    /// Each line's words, Arabic and English.
    sizes: Vec<(usize, usize)>,
    stems: (usize, usize),
}

impl Meetings {
    /// The meetings of the lines, and kinds that never met but are guessed.
    fn new(ar: &Side, en: &Side, guessed: impl Iterator<Item = (u32, u32)>) -> Meetings {
        /// The place of a guess, which is in no line.
        const NOWHERE: u32 = u32::MAX;
        let mut all: Vec<(u64, u32)> = guessed.map(|(a, e)| (u64::from(a) << 32 | u64::from(e), NOWHERE)).collect();
        let mut places = 0u32;
        let mut sizes = Vec::new();
        for (x, y) in ar.lines().zip(en.lines()) {
            sizes.push((x.len(), y.len()));
            for a in x {
                all.extend(y.iter().map(|e| u64::from(*a) << 32 | u64::from(*e)).zip(places..));
                places += y.len() as u32;
            }
        }
        all.sort_unstable();
        let mut kinds: Vec<(u32, u32)> = Vec::new();
        let mut of = vec![0u32; places as usize];
        for (pair, place) in all {
            let kind = ((pair >> 32) as u32, pair as u32);
            if kinds.last() != Some(&kind) {
                kinds.push(kind);
            }
            if place != NOWHERE {
                of[place as usize] = kinds.len() as u32 - 1;
            }
        }
        Meetings { kinds, of, sizes, stems: (ar.stems.len(), en.stems.len()) }
    }

    /// The probability and the expected count of each kind.
    fn learn(&self, training: &Training, direction: Direction, prior: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut probability = vec![1.0f64; self.kinds.len()];
        let mut counts = vec![0.0f64; self.kinds.len()];
        for _ in 0..training.iterations {
            counts.copy_from_slice(prior);
            let mut start = 0;
            for &(a, e) in &self.sizes {
                let line = &self.of[start..start + a * e];
                start += a * e;
                // Each word of the given side, but not its NULL, has a share of one word of the other side.
                let (words, given) = if direction == Direction::EnGivenAr { (e, a) } else { (a, e) };
                for word in 1..words {
                    let place = |other: usize| match direction {
                        Direction::EnGivenAr => line[other * e + word] as usize,
                        Direction::ArGivenEn => line[word * e + other] as usize,
                    };
                    let sum: f64 = (0..given).map(|other| probability[place(other)]).sum();
                    if sum > 0.0 {
                        (0..given).for_each(|other| counts[place(other)] += probability[place(other)] / sum);
                    }
                }
            }
            let from = |kind: &(u32, u32)| if direction == Direction::EnGivenAr { kind.0 } else { kind.1 } as usize;
            let stems = if direction == Direction::EnGivenAr { self.stems.0 } else { self.stems.1 };
            let mut totals = vec![training.discount; stems];
            self.kinds.iter().zip(&counts).for_each(|(kind, count)| totals[from(kind)] += count);
            for ((kind, count), p) in self.kinds.iter().zip(&counts).zip(&mut probability) {
                *p = count / totals[from(kind)];
            }
        }
        (probability, counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_find_their_partners() {
        let lines = [
            ("القطة تشرب الحليب", "the cat drinks the milk"),
            ("الكلب يشرب الماء", "the dog drinks the water"),
            ("القطة تحب الماء", "the cat likes the water"),
            ("الكلب يحب الحليب", "the dog likes the milk"),
            ("القطة تنام 3 ساعات", "the cat sleeps 3 hours"),
        ];
        let lexicon = Training::default().train(lines);
        for (ar, en) in [("قطة", "cat"), ("كلب", "dog"), ("ماء", "water"), ("حليب", "milk")] {
            let word = lexicon.word(Lang::Ar, &stem(Lang::Ar, ar)).unwrap();
            let best = lexicon.translations(word).max_by(|a, b| a.ar_given_en.total_cmp(&b.ar_given_en)).unwrap();
            assert_eq!(lexicon.stem(Lang::En, best.en), stem(Lang::En, en), "{ar}");
        }
        assert!(lexicon.word(Lang::En, "3").is_none(), "numbers need no lexicon");
        assert_eq!(Training::default().train(lines).as_bytes(), lexicon.as_bytes());
        assert!(Training::default().train([]).is_empty());
    }
}
