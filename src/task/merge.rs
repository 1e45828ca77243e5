//! Several memories or files into one.

use super::duplicates::{Duplicates, Identity, Seen};
use super::source::{Placed, SetAside, Source, SourceOptions};
use crate::error::Error;
use std::path::Path;

/// What became of the inputs of a merge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Merged {
    /// Units read.
    pub read: u64,
    /// Of these, handed out.
    pub kept: u64,
    /// Of these, left out because another input has them, or another translation of their source.
    pub left_out: u64,
    /// What could not be read.
    pub set_aside: u64,
    /// Comments and processing instructions outside units, which are no part of a memory.
    pub comments: u64,
}

/// How a merge goes.
#[derive(Debug, Clone, Default)]
pub struct MergeOptions {
    /// How the inputs are read.
    pub source: SourceOptions,
    /// What becomes of a source that two inputs translate in different ways.
    pub duplicates: Duplicates,
}

/// Hands the units of all inputs to `take`, in their order, each with what could not be read.
///
/// What stands in one input stays as it is, twins and alternatives too; units are only compared with those of other
/// inputs. So a memory merged with itself is itself, in every mode. [`Duplicates::Keep`] lets the first input speak that has
/// a source, [`Duplicates::Overwrite`] the last (the inputs are read twice then), [`Duplicates::Both`] leaves out only what
/// says the same in the same place: equal languages and segments, equal context and document.
///
/// Memory: some 40 bytes for each unit, however long it is.
///
/// # Errors
///
/// The first input that can not be read at all, before anything is handed out; the first error of `take`.
///
/// ```
/// use dhakira::task::{Duplicates, MergeOptions, merge};
/// let folder = tempfile::tempdir().unwrap();
/// let file = |name: &str, text: &str| {
///     let path = folder.path().join(name);
///     std::fs::write(&path, text).unwrap();
///     path
/// };
/// let inputs = [file("a.tsv", "ar\ten\nنعم\tyes\n"), file("b.tsv", "ar\ten\nنعم\taye\nلا\tno\n")];
/// let options = MergeOptions { duplicates: Duplicates::Overwrite, ..MergeOptions::default() };
/// let mut english = Vec::new();
/// let merged = merge(&inputs, &options, |item| {
///     english.push(item.unwrap().unit.text_of(dhakira::Lang::En).unwrap());
///     Ok::<(), dhakira::Error>(())
/// });
/// assert_eq!((english, merged.unwrap().left_out), (vec!["aye".to_owned(), "no".to_owned()], 1));
/// ```
pub fn merge<E: From<Error>>(
    inputs: &[impl AsRef<Path>],
    options: &MergeOptions,
    mut take: impl FnMut(Result<Placed, SetAside>) -> Result<(), E>,
) -> Result<Merged, E> {
    let open = || inputs.iter().map(|path| Source::open(path, &options.source)).collect::<Result<Vec<_>, _>>();
    let identity = |placed: &Placed| {
        let source = || Identity::of_source(&placed.unit, placed.source);
        let by_source = if options.duplicates == Duplicates::Both { None } else { source() };
        by_source.unwrap_or_else(|| Identity::of_content(&placed.unit))
    };
    let mut seen = Seen::default();
    if options.duplicates == Duplicates::Overwrite {
        for (input, source) in (0..).zip(open()?) {
            source.flatten().for_each(|placed| seen.last(identity(&placed), input));
        }
    }
    let mut merged = Merged::default();
    for (input, mut source) in (0..).zip(open()?) {
        for item in source.by_ref() {
            let Ok(placed) = &item else {
                merged.set_aside += 1;
                take(item)?;
                continue;
            };
            merged.read += 1;
            let identity = identity(placed);
            let spoken_for = match options.duplicates {
                Duplicates::Overwrite => seen.is_overridden(identity, input),
                Duplicates::Keep | Duplicates::Both => seen.first(identity, input).is_some(),
            };
            if spoken_for {
                merged.left_out += 1;
            } else {
                merged.kept += 1;
                take(item)?;
            }
        }
        merged.comments += source.comments();
    }
    Ok(merged)
}
