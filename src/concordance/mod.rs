//! Concordance: a pattern looked for in texts, the exact place of every hit in the letters as written, and lines of
//! keywords in context (KWIC).
//!
//! ```
//! use dhakira::concordance::{Pattern, PatternOptions, kwic};
//! let text = "وقّعت الوزارة اتفاقية بناء المِينَاء الجديد في مطلع العام، وقالت إن الميناء يفتح بعد عامين.";
//! let pattern = Pattern::new("المينا", &PatternOptions::default()).unwrap();
//! let hits = pattern.hits(text);
//! assert_eq!(hits.iter().map(|hit| &text[hit.clone()]).collect::<Vec<_>>(), ["المِينَا", "المينا"]);
//! let line = kwic(text, hits[0].clone(), 40);
//! assert_eq!(&text[line.before], " اتفاقية بناء ");
//! assert_eq!(&text[line.hit], "المِينَاء");
//! ```

mod kwic;
mod pattern;
mod wildcard;
mod word;

pub use kwic::{Kwic, fitting, kwic, width};
pub use pattern::{Fit, Pattern, PatternError, PatternKind, PatternOptions};
