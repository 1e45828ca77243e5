//! One unit of work, whoever brings it: the doors (command line, later HTTP and worker) only carry it in and out.

mod adaptation;
mod analysis;
pub mod batch;
mod difference;
mod duplicates;
mod export;
mod header;
mod import;
mod inspection;
mod job;
mod learning;
mod merge;
mod output;
mod pair;
mod partition;
mod pretranslation;
mod source;
mod statistics;
mod stream;
mod workers;

pub use adaptation::{Adaptation, Adapted, Dialect};
pub use analysis::{Analysis, AnalysisOptions, Band, Rates, Row, analyse};
pub use difference::{Difference, Part, differences};
pub use duplicates::Duplicates;
pub use export::{ExportOptions, export, export_to};
pub use header::{SharedHeader, shared_header};
pub use import::{ImportOptions, Imported, Known, import};
pub use inspection::{InspectOptions, Inspected, RepeatFinder, Repeated, Tally, inspect};
pub use learning::{Judged, Learned, learn, lesson, read_lexicon, write_lexicon};
pub use merge::{MergeOptions, Merged, merge};
pub use output::{Delivered, Output, OutputForm, OutputOptions};
pub use pair::{AlignedPair, Form, Reading, Side, align_entry, align_pair, align_texts, pair_name};
pub use partition::{PartitionKey, Partitioned, partition};
pub use pretranslation::{
    Improve, Improved, PretranslateOptions, Pretranslated, Used, Verdict, least_score, pretranslate,
};
pub use source::{IMPORT_ENDINGS, Placed, SetAside, Source, SourceOptions, Warning};
pub use statistics::{LanguageStatistics, Statistics, statistics};
pub use stream::{stream, stream_memory};
pub use workers::Workers;
