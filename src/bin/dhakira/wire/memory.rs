//! Units in and out of a memory: `import`, `add`, `remove`, `history`, `compact`.

use super::error::ErrorBody;
use dhakira::bitext::LeftOut;
use dhakira::task::Imported;
use serde::Serialize;

/// `import --json`, out: what became of one file.
#[derive(Debug, Serialize)]
pub struct ImportReport {
    pub file: String,
    #[serde(flatten)]
    pub counts: ImportCounts,
    /// Comments and processing instructions of a TMX file outside its units, which no memory holds.
    pub comments: u64,
    /// Units of an XLIFF or PO file that were not read though nothing is wrong with them.
    pub left_out: LeftOutRecord,
    /// Units that could not be read, each with its reason.
    pub set_aside: Vec<ErrorBody>,
    /// The file of the memory that holds the new units; null if there are none, and in a dry run.
    pub output: Option<String>,
    pub dry_run: bool,
}

/// What became of the units of a file.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct ImportCounts {
    /// Units read from the file.
    pub read: usize,
    /// Of these, new to the memory.
    pub new: usize,
    /// Of these, in the place of units of the memory.
    pub updated: usize,
    /// Of these, deleted in the memory before and brought back.
    pub returned: usize,
    /// Of these, there already.
    pub kept: usize,
    /// Of these, left out because the memory translates their source otherwise, or because they were deleted in it.
    pub refused: usize,
}

impl From<&Imported> for ImportCounts {
    fn from(imported: &Imported) -> ImportCounts {
        let &Imported { read, new, updated, returned, kept, refused, .. } = imported;
        ImportCounts { read, new, updated, returned, kept, refused }
    }
}

/// Units without a translation, with a fuzzy one, and in files between other languages.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct LeftOutRecord {
    pub untranslated: u64,
    pub fuzzy: u64,
    pub foreign: u64,
}

impl From<LeftOut> for LeftOutRecord {
    fn from(left_out: LeftOut) -> LeftOutRecord {
        LeftOutRecord { untranslated: left_out.untranslated, fuzzy: left_out.fuzzy, foreign: left_out.foreign }
    }
}

/// `add --json` and `remove --json`, out: the unit that was changed, and is on disk.
#[derive(Debug, Serialize)]
pub struct Changed<'a> {
    pub id: &'a str,
}

/// `history --json`, out, oldest first: `state` is current, superseded or deleted.
#[derive(Debug, Serialize)]
pub struct VersionRecord<'a> {
    pub id: &'a str,
    pub state: &'a str,
    pub changed: Option<&'a str>,
    pub memory: &'a str,
    pub ar: &'a str,
    pub en: &'a str,
}

/// `compact --json`, out.
#[derive(Debug, Serialize)]
pub struct CompactReport {
    pub files_before: usize,
    pub files_after: usize,
    /// Versions that are in live files still.
    pub kept: usize,
    pub dropped: usize,
}
