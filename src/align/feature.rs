//! Features: what is reckoned of a bead, and the weights that say how much each of it counts.

use std::fmt;

/// Defines the features, their number and their names in one place.
macro_rules! features {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What is reckoned of a bead. A bead's cost is the sum of its features, each times its weight, negated.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(usize)]
        pub enum Feature {
            $($(#[$doc])* $name,)*
        }

        impl Feature {
            /// All features in the order of their numbers.
            pub const ALL: &[Feature] = &[$(Feature::$name,)*];

            /// The stable name that a file of weights calls it by.
            pub fn name(self) -> &'static str {
                match self { $(Feature::$name => $text,)* }
            }
        }
    };
}

features! {
    /// 1 for an Arabic sentence without partner.
    AloneAr = "alone-ar",
    /// 1 for an English sentence without partner.
    AloneEn = "alone-en",
    /// For a sentence without partner: the logarithm of its length in characters, less that of 100.
    AloneLength = "alone-length",
    /// For a sentence without partner: by how much such sentences are more frequent in the document than usual (ln).
    AloneHabit = "alone-habit",
    /// For a sentence without partner: whether it looks like page furniture.
    AloneFurniture = "alone-furniture",
    /// 1 for one Arabic sentence with two English ones.
    OneTwo = "1-2",
    /// 1 for two Arabic sentences with one English one.
    TwoOne = "2-1",
    /// 1 for one Arabic sentence with three English ones.
    OneThree = "1-3",
    /// 1 for three Arabic sentences with one English one.
    ThreeOne = "3-1",
    /// 1 for one sentence with four, whichever side.
    OneFour = "1-4",
    /// For one sentence with more than four: 1 and a quarter of how many more.
    OneMany = "1-n",
    /// 1 for two with two.
    TwoTwo = "2-2",
    /// 1 for two with three, whichever side.
    TwoThree = "2-3",
    /// 1 for greater shapes with several sentences on both sides.
    Greater = "3-3",
    /// For a bead of more than two sentences: by how much such beads are more frequent in the document than usual (ln).
    MergedHabit = "merged-habit",
    /// Log odds of the lengths.
    Length = "length",
    /// Log odds of the English words, given the Arabic ones.
    WordsEn = "words-en",
    /// Log odds of the Arabic words, given the English ones.
    WordsAr = "words-ar",
    /// How many English words there are.
    CountEn = "count-en",
    /// How many Arabic words there are.
    CountAr = "count-ar",
    /// The log odds of the words of both sides, times how free the document's translation is.
    WordsFree = "words-free",
    /// How many words there are on both sides, times how free the document's translation is.
    CountFree = "count-free",
    /// Log odds of the numbers.
    Number = "number",
    /// Log odds of numbers in words.
    NumberWord = "number-word",
    /// Log odds of months and weekdays.
    Date = "date",
    /// Log odds of Latin words that stand in the Arabic.
    Latin = "latin",
    /// Log odds of web and mail addresses.
    Address = "address",
    /// Log odds of question marks.
    Question = "question",
    /// Log odds of other marks.
    Mark = "mark",
    /// 1 where both sides begin a paragraph, −1 where one does.
    Opening = "opening",
    /// 1 where a paragraph begins inside.
    Crossing = "crossing",
    /// How much the sides differ in sentences, as splitting would count them.
    Sentences = "sentences",
    /// In a second look: the cost that the first one found, negated.
    FirstLook = "first-look",
    /// In a second look: 1 for a sentence without partner.
    Alone = "alone",
    /// The cosine of the two sides, as a sentence model's vectors have it.
    Cosine = "cosine",
    /// How much more that is than what the sides have on average with the single sentences near the region.
    Margin = "margin",
    /// The cosine, times how many sentences there are beyond two.
    CosineMerged = "cosine-merged",
    /// By how much the cosine grows with the outermost sentence that brings least; 0 for one with one.
    Gain = "gain",
    /// How much better partners the two sides have in the region, in cosine.
    Rival = "rival",
}

/// How many features there are.
pub const FEATURES: usize = Feature::ALL.len();

/// The features of one bead.
pub type Vector = [f32; FEATURES];

/// How much each feature counts.
#[derive(Clone, PartialEq)]
pub struct Weights(pub Vector);

impl Weights {
    /// The weight of a feature.
    pub fn of(&self, feature: Feature) -> f32 {
        self.0[feature as usize]
    }

    /// The sum of the features, weighted.
    pub fn dot(&self, vector: &Vector) -> f32 {
        self.0.iter().zip(vector).map(|(w, x)| w * x).sum()
    }

    /// Reads `name value` lines; `#` begins a remark. A feature that is not named weighs nothing; `None` if a line says
    /// something else.
    pub fn parse(text: &str) -> Option<Weights> {
        let mut weights = Weights([0.0; FEATURES]);
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            let (name, value) = line.split_once(char::is_whitespace)?;
            let feature = Feature::ALL.iter().find(|f| f.name() == name)?;
            let value: f32 = value.trim().parse().ok()?;
            weights.0[*feature as usize] = value.is_finite().then_some(value)?;
        }
        Some(weights)
    }
}

impl fmt::Display for Weights {
    /// A line for each feature that weighs something.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut weighing = Feature::ALL.iter().filter(|feature| self.of(**feature) != 0.0);
        weighing.try_for_each(|feature| writeln!(f, "{:14} {:.4}", feature.name(), self.of(*feature)))
    }
}

impl fmt::Debug for Weights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(Feature::ALL.iter().map(|feature| (feature.name(), self.of(*feature)))).finish()
    }
}
