//! Which Arabic article belongs to which English one: pairs of files under a folder, found by their names.

use super::{Kind, read};
use crate::error::Error;
use crate::lang::Lang;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// An article and its translation, as files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The path below the folder without language and ending, parts joined by `/`: `news/kabul`.
    pub name: String,
    /// The Arabic file.
    pub ar: PathBuf,
    /// The English file.
    pub en: PathBuf,
}

impl Pair {
    /// Reads both sides, Arabic first.
    ///
    /// # Errors
    /// Those of [`read`], of the first side that fails.
    pub fn read(&self, options: &super::ReadOptions) -> Result<(super::Article, super::Article), Error> {
        Ok((read(&self.ar, Lang::Ar, options)?, read(&self.en, Lang::En, options)?))
    }
}

/// The article pairs under `folder` and the folders in it, sorted by name.
///
/// A side is `NAME.ar.EXT` or `NAME.en.EXT`, or stands as `NAME.EXT` below a folder `ar` or `en`; `EXT` is one of
/// [`ENDINGS`](super::ENDINGS) and may differ between the sides. Other files are no business of this function; hidden
/// ones and linked folders are passed over. A side without partner, or beside a second file that claims its place, is an
/// [`Error::Unpaired`] among the items; so is a folder inside that cannot be read an [`Error::Io`].
///
/// ```
/// use dhakira::corpus;
/// let folder = tempfile::tempdir()?;
/// for name in ["نهر.ar.txt", "نهر.en.md", "وحيد.ar.txt"] {
///     std::fs::write(folder.path().join(name), "نص")?;
/// }
/// let pairs = corpus::pairs(folder.path())?;
/// assert_eq!(pairs[0].as_ref().unwrap().name, "نهر");
/// assert_eq!(pairs[1].as_ref().unwrap_err().code(), "unpaired");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Io`] if `folder` itself cannot be read.
pub fn pairs(folder: &Path) -> Result<Vec<Result<Pair, Error>>, Error> {
    let mut sides: BTreeMap<String, [Vec<PathBuf>; 2]> = BTreeMap::new();
    let (files, failed) = files_below(folder)?;
    for path in files {
        if let Some((name, lang)) = side(folder, &path) {
            sides.entry(name).or_default()[index(lang)].push(path);
        }
    }
    let mut items: Vec<(String, Result<Pair, Error>)> = failed.into_iter().map(|(name, e)| (name, Err(e))).collect();
    for (name, [mut ar, mut en]) in sides {
        ar.sort();
        en.sort();
        // Of several files for one side the one with its partner's ending is meant.
        let matching = ar
            .iter()
            .enumerate()
            .find_map(|(a, path)| en.iter().position(|other| other.extension() == path.extension()).map(|e| (a, e)));
        let meant = matching.or((!ar.is_empty() && !en.is_empty()).then_some((0, 0)));
        if let Some((a, e)) = meant {
            items.push((name.clone(), Ok(Pair { name: name.clone(), ar: ar.remove(a), en: en.remove(e) })));
        }
        let lonely = ar.into_iter().map(|p| (p, Lang::En)).chain(en.into_iter().map(|p| (p, Lang::Ar)));
        items.extend(lonely.map(|(path, missing)| (name.clone(), Err(Error::Unpaired { path, missing }))));
    }
    items.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(items.into_iter().map(|(_, item)| item).collect())
}

/// Files, and folders that can not be read, with their names.
type Below = (Vec<PathBuf>, Vec<(String, Error)>);

/// The files below `folder` that can be articles, in no order, and the folders in it that can not be read, by name.
pub(super) fn files_below(folder: &Path) -> Result<Below, Error> {
    let (mut files, mut failed) = (Vec::new(), Vec::new());
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        let listed = std::fs::read_dir(&next).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
        let entries = match listed {
            Ok(entries) => entries,
            Err(source) if next == folder => return Err(Error::io("list", folder, source)),
            Err(source) => {
                failed.push((slashed(folder, &next), Error::io("list", &next, source)));
                continue;
            }
        };
        for entry in entries {
            let path = entry.path();
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if entry.file_type().is_ok_and(|t| t.is_dir()) {
                open.push(path);
            } else if path.is_file() && Kind::of_path(&path).is_some() {
                files.push(path);
            }
        }
    }
    Ok((files, failed))
}

fn index(lang: Lang) -> usize {
    match lang {
        Lang::Ar => 0,
        Lang::En => 1,
    }
}

fn slashed(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    below.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The name and language of a side, if the path is one.
pub(super) fn side(folder: &Path, path: &Path) -> Option<(String, Lang)> {
    Kind::of_path(path)?;
    let code = |s: &str| Lang::BOTH.into_iter().find(|l| l.code().eq_ignore_ascii_case(s));
    let whole = slashed(folder, path);
    let stem = whole.rsplit_once('.')?.0;
    if let Some((name, lang)) = stem.rsplit_once('.').and_then(|(name, tag)| Some((name, code(tag)?))) {
        return Some((name.to_owned(), lang));
    }
    let parts: Vec<&str> = stem.split('/').collect();
    let (at, lang) =
        parts[..parts.len() - 1].iter().enumerate().rev().find_map(|(at, part)| Some((at, code(part)?)))?;
    let name: Vec<&str> = parts.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, p)| *p).collect();
    Some((name.join("/"), lang))
}

/// What a file is called below `folder`, without language and ending.
pub(super) fn name_of_file(folder: &Path, path: &Path) -> String {
    if let Some((name, _)) = side(folder, path) {
        return name;
    }
    slashed(folder, &path.with_extension(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sides() {
        let check = |path: &str, expected: Option<(&str, Lang)>| {
            let found = side("c".as_ref(), path.as_ref());
            assert_eq!(found, expected.map(|(n, l)| (n.to_owned(), l)), "{path}");
        };
        check("c/kabul.ar.txt", Some(("kabul", Lang::Ar)));
        check("c/news/2021.08.EN.html", Some(("news/2021.08", Lang::En)));
        check("c/ar/kabul.txt", Some(("kabul", Lang::Ar)));
        check("c/news/en/a/kabul.md", Some(("news/a/kabul", Lang::En)));
        check("c/en/kabul.ar.txt", Some(("en/kabul", Lang::Ar)));
        check("c/kabul.txt", None);
        check("c/kabul.fr.txt", None);
        check("c/kabul.ar.tmx", None);
        check("c/ar.txt", None);
    }
}
