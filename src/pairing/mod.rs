//! Pairing: which Arabic document belongs to which English one, by what they say.
//!
//! Each document is a sparse vector ([`Pairing::add`]): its words, what the lexicon makes of them in the other language, its numbers
//! by value, the skeletons of its names, what its name says; rare things weigh more. A partner is the document whose vector is
//! nearest, by a margin over the neighbours of both ([`Ready::partners`]). Documents that have no partner get none that is believed.
//!
//! ```
//! use dhakira::lang::Lang;
//! use dhakira::lexicon::Lexicon;
//! use dhakira::pairing::{Document, Pairing};
//! let mut pairing = Pairing::new(Lexicon::shipped());
//! for text in ["افتتح الوزير مستشفى جديدا في المدينة يوم ١٢ مايو.", "فاز المنتخب في المباراة أمام اليابان."] {
//!     pairing.add(Lang::Ar, &Document { text, ..Document::default() });
//! }
//! for text in ["The team won the match against Japan.", "On 12 May the minister opened a new hospital in the city."] {
//!     pairing.add(Lang::En, &Document { text, ..Document::default() });
//! }
//! let partners = pairing.ready().partners();
//! let mut found: Vec<(u32, u32)> = partners.iter().filter(|p| p.confidence >= 0.5).map(|p| (p.ar, p.en)).collect();
//! found.sort();
//! assert_eq!(found, [(0, 1), (1, 0)]);
//! ```

mod document;
mod neighbours;
mod partners;

pub use document::{Document, Pairing};
pub use neighbours::{Neighbour, Ready, Room};
pub use partners::{Partner, Sureness, partners};
