//! One memory or file into several: by document, by languages, by any prop, or so many units a file.

use super::header::{SharedHeader, shared_header};
use super::output::{Delivered, Output, OutputOptions};
use super::source::{Placed, SetAside, Source, SourceOptions};
use crate::error::Error;
use crate::unit::Unit;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What decides in which file a unit goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartitionKey {
    /// The value of its prop of this type; units without it go into one file.
    Prop(String),
    /// Its language tags, in alphabetical order.
    Languages,
    /// So many units a file, in the order of the input.
    Units(u64),
}

impl PartitionKey {
    /// What a user types: `document` (the prop `x-document`), `lang`, or the name of a prop.
    ///
    /// ```
    /// use dhakira::task::PartitionKey;
    /// assert_eq!(PartitionKey::named("document"), PartitionKey::Prop("x-document".to_owned()));
    /// assert_eq!(PartitionKey::named("client"), PartitionKey::Prop("client".to_owned()));
    /// ```
    pub fn named(name: &str) -> PartitionKey {
        match name {
            "document" => PartitionKey::Prop("x-document".to_owned()),
            "lang" => PartitionKey::Languages,
            prop => PartitionKey::Prop(prop.to_owned()),
        }
    }

    /// The part that a unit belongs to; `number` is its number in the input, from 0.
    fn part(&self, unit: &Unit, number: u64) -> String {
        match self {
            PartitionKey::Prop(kind) => unit.prop(kind).unwrap_or_default().trim().to_owned(),
            PartitionKey::Languages => {
                let mut tags: Vec<&str> = unit.variants.iter().map(|v| v.tag.as_str()).collect();
                tags.sort_unstable();
                tags.dedup();
                tags.join("_")
            }
            PartitionKey::Units(units) => format!("part-{:04}", number / (*units).max(1) + 1),
        }
    }
}

/// What became of a partition.
#[derive(Debug, Default)]
pub struct Partitioned {
    /// Units read.
    pub read: u64,
    /// The files in the order of their first units, with what was written to each.
    pub files: Vec<(PathBuf, Delivered)>,
    /// What of the inputs' headers is in none of them: see [`SharedHeader`](super::SharedHeader).
    pub dropped: Vec<String>,
}

/// How many files are open at once: below what systems allow a process, and 13 MB of buffers.
const OPEN: usize = 200;

/// Writes the units of all inputs to files in `folder`, each unit to one, named after its part, `ending` behind it.
///
/// The inputs are read once to see which parts there are, then once for each 200 files: memory stays constant. Every file
/// is there whole or not at all; files that are there under such a name are replaced. What can not be read goes to `aside`.
///
/// # Errors
///
/// An input that can not be read at all or lies in `folder`; a folder that can not be made or written. Files that were
/// finished before stay.
pub fn partition(
    inputs: &[PathBuf],
    source: &SourceOptions,
    key: &PartitionKey,
    folder: &Path,
    (ending, output): (&str, &OutputOptions),
    mut aside: impl FnMut(SetAside),
) -> Result<Partitioned, Error> {
    fs::create_dir_all(folder).map_err(|e| Error::io("make the folder", folder, e))?;
    inputs.iter().try_for_each(|input| apart(input, folder))?;
    let open = || inputs.iter().map(|path| Source::open(path, source)).collect::<Result<Vec<_>, _>>();
    let mut partitioned = Partitioned::default();
    let mut parts = Vec::new();
    let mut known = HashSet::new();
    for item in open()?.into_iter().flatten() {
        match item {
            Err(item) => aside(item),
            Ok(Placed { unit, .. }) => {
                let part = key.part(&unit, partitioned.read);
                partitioned.read += 1;
                if !known.contains(&part) {
                    known.insert(part.clone());
                    parts.push(part);
                }
            }
        }
    }
    let SharedHeader { header, dropped } = shared_header(inputs, source);
    partitioned.dropped = dropped;
    let without = match key {
        PartitionKey::Prop(kind) => format!("without-{kind}"),
        _ => "without".to_owned(),
    };
    let mut taken = HashSet::new();
    let names: Vec<String> = parts.iter().map(|part| file_name(part, &without, &mut taken)).collect();
    for (parts, names) in parts.chunks(OPEN).zip(names.chunks(OPEN)) {
        let mut outputs = Vec::new();
        for name in names {
            let path = folder.join(format!("{name}.{ending}"));
            outputs.push((Output::create(&path, &header, output)?, path));
        }
        let at: HashMap<&str, usize> = parts.iter().map(String::as_str).zip(0..).collect();
        let units = open()?.into_iter().flatten().flatten();
        for (number, Placed { unit, .. }) in (0..).zip(units) {
            if let Some(&at) = at.get(key.part(&unit, number).as_str()) {
                outputs[at].0.write(&unit)?;
            }
        }
        for (output, path) in outputs {
            partitioned.files.push((path, output.finish()?));
        }
    }
    Ok(partitioned)
}

/// Whether what is written can not be what is still to be read.
fn apart(input: &Path, folder: &Path) -> Result<(), Error> {
    let canonical = |path: &Path| fs::canonicalize(path).map_err(|e| Error::io("read", path, e));
    let (input_path, folder_path) = (canonical(input)?, canonical(folder)?);
    if input_path == folder_path || input_path.parent() == Some(&folder_path) {
        let reason = io::Error::other("an input lies in this folder; name another folder for the parts");
        return Err(Error::io("write", folder, reason));
    }
    Ok(())
}

/// The longest name in bytes: file systems allow 255, and the ending and a number follow.
const MAX_NAME: usize = 180;

/// A name that any file system takes and no other part has, also where case makes no difference.
fn file_name(part: &str, without: &str, taken: &mut HashSet<String>) -> String {
    let part = if part.is_empty() { without } else { part };
    let safe = |c: char| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c };
    let mut name: String = part.chars().map(safe).collect();
    while name.len() > MAX_NAME {
        name.pop();
    }
    // A leading dot hides a file, and a memory does not read hidden ones.
    if name.starts_with('.') {
        name.replace_range(..1, "_");
    }
    let numbered = (2u64..).map(|n| format!("{name}-{n}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    names.find(|name| taken.insert(name.to_lowercase())).expect("there are more numbers than parts")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_gets_a_name_of_its_own_that_a_file_can_have() {
        let mut taken = HashSet::new();
        let mut check = |part: &str, expected: &str| assert_eq!(file_name(part, "without-x", &mut taken), expected);
        check("أخبار/ميناء", "أخبار_ميناء");
        check("أخبار:ميناء", "أخبار_ميناء-2");
        check("", "without-x");
        check("..", "_.");
        check("News", "News");
        check("news", "news-2");
        assert!(file_name(&"ذ".repeat(500), "", &mut HashSet::new()).len() <= MAX_NAME);
    }
}
