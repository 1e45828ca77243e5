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
use foldhash::{HashMap as WordMap, HashMapExt};
use std::collections::{BTreeMap, HashMap};
use std::ops::{AddAssign, Div, Mul};

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

    /// A lexicon of some stems alone, Arabic and English, as lines of them teach one who knows this lexicon: what
    /// [`Training::train_with`] makes of the same lines and [`Lexicon::knowledge`] says the same of these stems, but takes a time that
    /// hardly depends on how many others there are. Lines are numbers of stems.
    ///
    /// ```
    /// use dhakira::lang::Lang;
    /// use dhakira::lexicon::{Lexicon, Training, stem};
    /// let arabic = ["كتاب", "زغطب"].map(|word| stem(Lang::Ar, word));
    /// let stems: [&[&str]; 2] = [&[&arabic[0], &arabic[1]], &["book", "wug"]];
    /// let small = Lexicon::shipped().taught(&Training::default(), stems, &[(vec![1, 0], vec![1, 0])]);
    /// assert_eq!(small.stems(Lang::Ar), 2);
    /// let word = small.word(Lang::Ar, &arabic[1]).unwrap();
    /// let best = small.translations(word).max_by(|a, b| a.ar_given_en.total_cmp(&b.ar_given_en)).unwrap();
    /// assert_eq!(small.stem(Lang::En, best.en), "wug");
    /// ```
    pub fn taught(&self, training: &Training, stems: [&[&str]; 2], lines: &[(Vec<u32>, Vec<u32>)]) -> Lexicon {
        let [mut ar, mut en] = [0, 1].map(|side| Side::of(Lang::BOTH[side], stems[side]));
        for (x, y) in lines {
            if training.fit_each_other(x.len(), y.len()) {
                ar.push(x.iter().map(|number| number + 1).take(training.longest));
                en.push(y.iter().map(|number| number + 1).take(training.longest));
            }
        }
        let words = [0, 1].map(|side| {
            let known = stems[side].iter().map(|stem| self.word(Lang::BOTH[side], stem));
            known.collect::<Vec<Option<Word>>>()
        });
        let [ar_words, en_words] = &words;
        let mut guesses: Vec<(Kind, [f64; 2])> = Vec::new();
        let mut left_out = [vec![0.0f64; ar.stems.len()], vec![0.0f64; en.stems.len()]];
        // The numbers that English stems have here, by those that they have there.
        let mut en_numbers = vec![0u32; self.stems(Lang::En)];
        let en_sums = self.en_sums();
        for (here, word) in (1u32..).zip(en_words) {
            if let Some(there) = word {
                en_numbers[there.number as usize] = here;
                left_out[1][here as usize] = en_sums[there.number as usize];
            }
        }
        for (a, word) in (1..).zip(ar_words) {
            for translation in word.iter().flat_map(|word| self.translations(*word)) {
                let e = en_numbers[translation.en as usize];
                let [p, q] = [translation.en_given_ar, translation.ar_given_en].map(f64::from);
                if e > 0 {
                    guesses.push(((a, e), [p, q]));
                    left_out[1][e as usize] -= q;
                } else {
                    left_out[0][a as usize] += p;
                }
            }
        }
        // Sums of the same figures in another order.
        left_out[1].iter_mut().for_each(|rest| *rest = rest.max(0.0));
        let pairs = training.pairs::<f32>(&ar, &en, &guesses, left_out);
        let shares = |side: &Side, words: &[Option<Word>]| {
            let known = |number: usize| Some(f64::from(words.get(number.checked_sub(1)?)?.as_ref()?.frequency));
            side.frequencies(known, training.familiar)
        };
        pack(&shares(&ar, ar_words), &shares(&en, en_words), &pairs, true)
    }
}

/// An Arabic and an English stem, by their numbers.
type Kind = (u32, u32);

/// One side's stems and its lines as runs of their numbers; number 0 is the NULL word, which opens each line.
#[derive(Debug)]
struct Side {
    lang: Lang,
    numbers: WordMap<String, u32>,
    stems: Vec<Stem>,
    words: Vec<u32>,
    ends: Vec<usize>,
    /// Stems by the word as written.
    known: WordMap<String, u32>,
}

#[derive(Debug)]
struct Stem {
    text: String,
    count: u64,
    /// Whether it is a word of this side's script: others only keep these free.
    packed: bool,
}

impl Side {
    /// A side with these stems and no lines; they are numbered from 1.
    fn of(lang: Lang, stems: &[&str]) -> Side {
        let mut side = Side::new(lang);
        side.stems.extend(stems.iter().map(|text| Stem { text: (*text).to_owned(), count: 0, packed: true }));
        side
    }

    fn new(lang: Lang) -> Side {
        let null = Stem { text: String::new(), count: 0, packed: false };
        Side {
            lang,
            numbers: WordMap::new(),
            stems: vec![null],
            words: Vec::new(),
            ends: vec![0],
            known: WordMap::new(),
        }
    }

    fn line(&mut self, text: &str, longest: usize) -> Vec<u32> {
        let mut line = Vec::new();
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
        line.truncate(longest);
        line
    }

    fn push(&mut self, line: impl IntoIterator<Item = u32>) {
        self.words.push(0);
        for number in line {
            self.stems[number as usize].count += 1;
            self.words.push(number);
        }
        self.ends.push(self.words.len());
    }

    fn lines(&self) -> impl Iterator<Item = &[u32]> {
        self.ends.windows(2).map(|ends| &self.words[ends[0]..ends[1]])
    }

    fn line_of(&self, number: usize) -> &[u32] {
        &self.words[self.ends[number]..self.ends[number + 1]]
    }

    /// The share of each stem among the words, on the way to what is `known` of it: `familiar` words are worth that, or as many as there are.
    fn frequencies(&self, known: impl Fn(usize) -> Option<f64>, familiar: Option<f64>) -> Vec<(String, f64)> {
        let all = self.stems.iter().map(|s| s.count).sum::<u64>() as f64;
        let weight = familiar.map_or(0.5, |words| words / (words + all + 1.0));
        let share = |(number, stem): (usize, &Stem)| {
            let own = (stem.count as f64 + 0.5) / (all + 1.0);
            let share = match (known(number), familiar) {
                (Some(known), _) => own + weight * (known - own),
                (None, Some(_)) => own * (1.0 - weight),
                (None, None) => own,
            };
            (stem.text.clone(), share)
        };
        self.stems.iter().enumerate().map(share).collect()
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
            if self.fit_each_other(x.len(), y.len()) {
                ar.push(x);
                en.push(y);
            }
        }
        let guesses: BTreeMap<Kind, [f64; 2]> = knowledge
            .guesses
            .iter()
            .map(|guess| ((ar.add(&guess.ar), en.add(&guess.en)), [guess.en_given_ar, guess.ar_given_en]))
            .collect();
        let guesses: Vec<(Kind, [f64; 2])> = guesses.into_iter().collect();
        let pairs = self.pairs::<f64>(&ar, &en, &guesses, [vec![0.0; ar.stems.len()], vec![0.0; en.stems.len()]]);
        let shares = |side: &Side, known: &HashMap<String, f64>| {
            side.frequencies(|number| known.get(&side.stems[number].text).copied(), self.familiar)
        };
        let [ar_known, en_known] = &knowledge.frequencies;
        pack(&shares(&ar, ar_known), &shares(&en, en_known), &pairs, false)
    }

    /// Whether lines of so many words may be translations: none is that differs more in length.
    fn fit_each_other(&self, a: usize, b: usize) -> bool {
        let (a, b) = (a.min(self.longest), b.min(self.longest));
        a > 0 && b > 0 && a <= 4 * b + 5 && b <= 4 * a + 5
    }

    /// The pairs that lines and guesses, which come by the Arabic stem, make probable; `left_out` is the sum of the guesses of each stem that are not told.
    fn pairs<F: Figure>(
        &self,
        ar: &Side,
        en: &Side,
        guesses: &[(Kind, [f64; 2])],
        left_out: [Vec<f64>; 2],
    ) -> Vec<Pair> {
        let meetings = Meetings::new(ar, en, guesses.iter().map(|guess| guess.0));
        let mut guessed = vec![false; meetings.kinds.len()];
        meetings.guessed.iter().for_each(|kind| guessed[*kind as usize] = true);
        let priors = guesses.iter().map(|(_, both)| both.map(|p| F::of(p * self.trust)));
        let priors: Vec<(u32, [F; 2])> = meetings.guessed.iter().copied().zip(priors).collect();
        let beside = left_out.map(|mut sums| {
            sums.iter_mut().for_each(|sum| *sum = self.discount + self.trust * *sum);
            sums
        });
        let (probabilities, counts) = meetings.learn(self, &priors, &beside);
        let (likely, least) = (self.least_probability, self.least_probability / 4.0);
        let kept = meetings.kinds.iter().enumerate().filter(|&(n, &(a, e))| {
            let [p, q] = probabilities[n].map(Into::into);
            // Few are that probable.
            p.max(q) > likely
                && p.min(q) > least
                && ar.stems[a as usize].packed
                && en.stems[e as usize].packed
                && (counts[n].map(Into::into).into_iter().fold(0.0, f64::max) > self.least_count || guessed[n])
        });
        let pair = |(n, &(a, e)): (usize, &Kind)| {
            let [en_given_ar, ar_given_en] = probabilities[n].map(|p| p.into().min(1.0));
            Pair { ar: a as usize, en: e as usize, en_given_ar, ar_given_en }
        };
        kept.map(pair).collect()
    }
}

/// All pairs of stems that stand in the same lines, and those that are guessed.
struct Meetings {
    /// The kinds of pairs: by the Arabic stem, and as they first meet, so that those of one line are near each other.
    kinds: Vec<Kind>,
    /// The kind of each guess.
    guessed: Vec<u32>,
    /// For each line, each Arabic word of it and each English word of it: the kind.
    of: Vec<u32>,
    /// Each line's words, Arabic and English.
    sizes: Vec<(usize, usize)>,
}

impl Meetings {
    /// The meetings of the lines, and kinds that never met but are guessed; guesses come by the Arabic stem.
    fn new(ar: &Side, en: &Side, guesses: impl Iterator<Item = Kind>) -> Meetings {
        let mut guesses = guesses.peekable();
        let mut guessed = Vec::new();
        // For each Arabic word its line and the place of its first meeting, then the same by stems.
        let (mut words, mut sizes, mut places) = (Vec::with_capacity(ar.words.len()), Vec::new(), 0);
        let mut firsts = vec![0usize; ar.stems.len() + 1];
        for (line, (x, y)) in ar.lines().zip(en.lines()).enumerate() {
            sizes.push((x.len(), y.len()));
            for stem in x {
                words.push((*stem, line, places));
                firsts[*stem as usize + 1] += 1;
                places += y.len();
            }
        }
        (1..firsts.len()).for_each(|stem| firsts[stem] += firsts[stem - 1]);
        let mut by_stem = vec![(0, 0); words.len()];
        let mut next = firsts.clone();
        for (stem, line, place) in words {
            by_stem[next[stem as usize]] = (line, place);
            next[stem as usize] += 1;
        }
        let mut kinds: Vec<Kind> = Vec::with_capacity(places / 2);
        let mut of = vec![0u32; places];
        // For each English stem the Arabic one that it met last, and the kind of that.
        let mut last = vec![(u32::MAX, 0u32); en.stems.len()];
        for stem in 0..ar.stems.len() as u32 {
            let mut kind = |other: u32| {
                let met = &mut last[other as usize];
                if met.0 != stem {
                    *met = (stem, kinds.len() as u32);
                    kinds.push((stem, other));
                }
                met.1
            };
            for &(line, place) in &by_stem[firsts[stem as usize]..firsts[stem as usize + 1]] {
                let others = en.line_of(line);
                of[place..place + others.len()].iter_mut().zip(others).for_each(|(of, other)| *of = kind(*other));
            }
            while let Some((_, other)) = guesses.next_if(|guess| guess.0 == stem) {
                guessed.push(kind(other));
            }
        }
        Meetings { kinds, guessed, of, sizes }
    }

    /// The probabilities and the expected counts of each kind, English given Arabic and back; both directions at once, for most of
    /// the time goes into finding the figures of a kind. `priors` are what is counted of some before, `beside` what each given stem counts for
    /// that is no kind.
    fn learn<F: Figure>(
        &self,
        training: &Training,
        priors: &[(u32, [F; 2])],
        beside: &[Vec<f64>; 2],
    ) -> (Vec<[F; 2]>, Vec<[F; 2]>) {
        let (none, one) = (F::of(0.0), F::of(1.0));
        let mut probabilities = vec![[one; 2]; self.kinds.len()];
        let mut counts = vec![[none; 2]; self.kinds.len()];
        let mut en_shares: Vec<F> = Vec::new();
        let mut ar_shares: Vec<F> = Vec::new();
        let share = |sum: F| if sum > none { one / sum } else { none };
        for round in 0..training.iterations {
            counts.fill([none; 2]);
            priors.iter().for_each(|(kind, prior)| counts[*kind as usize] = *prior);
            let mut start = 0;
            for &(a, e) in &self.sizes {
                // Each word of the given side, but not its NULL, has a share of one word of the other side. A row has the meetings of one
                // Arabic word, whose kinds lie together.
                let rows = self.of[start..start + a * e].chunks_exact(e);
                start += a * e;
                en_shares.clear();
                ar_shares.clear();
                if round == 0 {
                    // All are as probable.
                    en_shares.resize(e, F::of(1.0 / a as f64));
                    ar_shares.resize(a, F::of(1.0 / e as f64));
                } else {
                    en_shares.resize(e, none);
                    for row in rows.clone() {
                        let mut sum = none;
                        for (en_sum, kind) in en_shares.iter_mut().zip(row) {
                            let [en_given_ar, ar_given_en] = probabilities[*kind as usize];
                            *en_sum += en_given_ar;
                            sum += ar_given_en;
                        }
                        ar_shares.push(share(sum));
                    }
                    en_shares.iter_mut().for_each(|sum| *sum = share(*sum));
                }
                // A NULL comes from nothing.
                (en_shares[0], ar_shares[0]) = (none, none);
                for (row, ar_share) in rows.zip(&ar_shares) {
                    for (kind, en_share) in row.iter().zip(&en_shares) {
                        let [en_given_ar, ar_given_en] = probabilities[*kind as usize];
                        let count = &mut counts[*kind as usize];
                        count[0] += en_given_ar * *en_share;
                        count[1] += ar_given_en * *ar_share;
                    }
                }
            }
            let mut totals = beside.clone();
            for (kind, count) in self.kinds.iter().zip(&counts) {
                totals[0][kind.0 as usize] += count[0].into();
                totals[1][kind.1 as usize] += count[1].into();
            }
            let totals = totals.map(|totals| totals.into_iter().map(|total| F::of(1.0 / total)).collect::<Vec<F>>());
            for ((kind, count), p) in self.kinds.iter().zip(&counts).zip(&mut probabilities) {
                *p = [count[0] * totals[0][kind.0 as usize], count[1] * totals[1][kind.1 as usize]];
            }
        }
        (probabilities, counts)
    }
}

/// What is counted in: twice as exact for what ships, half as large where a batch waits for it.
trait Figure: Copy + Into<f64> + PartialOrd + AddAssign + Mul<Output = Self> + Div<Output = Self> {
    fn of(value: f64) -> Self;
}

impl Figure for f64 {
    fn of(value: f64) -> f64 {
        value
    }
}

impl Figure for f32 {
    fn of(value: f64) -> f32 {
        value as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    proptest! {
        // The slow twin is slow.
        #![proptest_config(ProptestConfig::with_cases(12))]

        /// Slow twin: all that is known, and the lines as text.
        #[test]
        fn what_a_few_words_are_taught_is_what_all_of_them_would_be(
            lines in prop::collection::vec((prop::collection::vec(0usize..8, 1..7), prop::collection::vec(0usize..8, 1..7)), 1..12),
        ) {
            const AR: [&str; 8] = ["كتاب", "مدرسه", "زغطب", "بيت", "قلم", "نهر", "خنفشار", "شمس"];
            const EN: [&str; 8] = ["book", "school", "wug", "house", "pen", "river", "blick", "sun"];
            let usual = Lexicon::shipped();
            let training = Training { familiar: Some(100.0), iterations: 3, ..Training::default() };
            let stems = [AR.map(|word| stem(Lang::Ar, word)), EN.map(|word| stem(Lang::En, word))];
            let numbers: Vec<(Vec<u32>, Vec<u32>)> = lines
                .iter()
                .map(|(x, y)| (x.iter().map(|n| *n as u32).collect(), y.iter().map(|n| *n as u32).collect()))
                .collect();
            let named = [0, 1].map(|side| stems[side].iter().map(String::as_str).collect::<Vec<_>>());
            let few = usual.taught(&training, [&named[0], &named[1]], &numbers);
            let text = |words: &[usize], side: &[&str]| words.iter().map(|n| side[*n]).collect::<Vec<_>>().join(" ");
            let texts: Vec<(String, String)> = lines.iter().map(|(x, y)| (text(x, &AR), text(y, &EN))).collect();
            let all = training.train_with(texts.iter().map(|(x, y)| (x.as_str(), y.as_str())), &usual.knowledge());
            let known = |lexicon: &Lexicon, word: &str| -> BTreeMap<String, (f32, f32)> {
                let word = lexicon.word(Lang::Ar, word);
                let found = word.into_iter().flat_map(|word| lexicon.translations(word));
                let named = found.map(|t| (lexicon.stem(Lang::En, t.en).to_owned(), (t.en_given_ar, t.ar_given_en)));
                named.filter(|(stem, _)| stems[1].contains(stem)).collect()
            };
            for word in &stems[0] {
                let (few, all) = (known(&few, word), known(&all, word));
                prop_assert_eq!(few.keys().collect::<Vec<_>>(), all.keys().collect::<Vec<_>>());
                for (few, all) in few.values().zip(all.values()) {
                    // A step of the packed form is 7 %, to whichever side the last bit falls.
                    prop_assert!((few.0 / all.0).ln().abs() < 0.08 && (few.1 / all.1).ln().abs() < 0.08, "{word}");
                }
            }
        }
    }
}
