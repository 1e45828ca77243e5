//! What is like a new sentence: a query prepared once, the score of each candidate, why it is not 100, and a diff for eyes.
//!
//! ```
//! use dhakira::Lang;
//! use dhakira::matching::{Candidate, Query, Ranking, Score};
//! let memory: Vec<Candidate> = ["يُغلَق المتحف يوم الاثنين.", "يفتح المتحف يوم الأحد.", "شكرًا جزيلًا"]
//!     .map(|text| Candidate::new(Lang::Ar, text)).into();
//! let query = Query::new(Lang::Ar, "يغلق المتحف يوم الإثنين.");
//! let mut ranking = Ranking::new(2, Score::from_percent(50.0));
//! for (place, candidate) in (0..).zip(&memory) {
//!     ranking.offer(&query, candidate, 0, place);
//! }
//! let best = ranking.into_sorted();
//! assert_eq!(best.iter().map(|r| r.place).collect::<Vec<_>>(), [0, 1]);
//! let why: Vec<&str> = query.why(&memory[0]).iter().map(|w| w.name()).collect();
//! assert_eq!(why, ["tashkeel", "hamza"]);
//! ```

mod context;
mod coverage;
mod diff;
mod distance;
mod explain;
mod gram;
mod order;
mod query;
mod rank;
mod rarity;
mod score;
mod why;
mod words;

pub use context::{Context, Neighbours};
pub use coverage::Coverage;
pub use diff::{Op, Span, diff};
pub(crate) use diff::{Pair, heaviest};
pub use explain::Explanation;
pub use gram::{Gram, Grams, gram_codes, gram_weight};
pub use order::{Found, LEAST_FOUND, Origin, Position, Preference, Region, SCORE_ALONE, Status, order};
pub use query::{Candidate, Query};
pub use rank::{Rank, Ranking};
pub use score::{MatchKind, Parts, SCORE_VERSION, Score, form_cost};
pub use why::Why;
pub use words::{Measure, key_words};
