//! One unit of work, whoever brings it: the doors (command line, later HTTP and worker) only carry it in and out.

mod import;
mod pair;
mod workers;

pub use import::{IMPORT_ENDINGS, ImportOptions, Imported, Known, import};
pub use pair::{AlignedPair, Form, Reading, Side, align_pair, pair_name};
pub use workers::Workers;
