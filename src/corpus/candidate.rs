//! An article whose partner in the other language is still to be found.

use super::entry::{Body, Facts, Listed};
use super::pair::{files_below, name_of_file, side};
use super::{Article, ReadOptions};
use crate::error::Error;
use crate::lang::Lang;
use std::path::Path;

/// One side of a pair that is not known yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What it is called.
    pub name: String,
    /// Its language, if its name or its manifest tells.
    pub lang: Option<Lang>,
    /// Where its text is.
    pub body: Body,
    /// What is known beside the text.
    pub facts: Facts,
    /// Where it is listed, if it is from a manifest.
    pub listed: Option<Listed>,
}

impl Candidate {
    /// `error`, with the line of the manifest that it comes from.
    pub fn failed(&self, error: Error) -> Error {
        match &self.listed {
            Some(listed) => listed.failed(error),
            None => error,
        }
    }

    /// Reads it; where nothing tells its language, its letters do.
    ///
    /// # Errors
    ///
    /// Those of [`read`](super::read()); [`Error::Language`] where the letters are those of another language than was told.
    pub fn read(&self, options: &ReadOptions) -> Result<(Lang, Article), Error> {
        let read = || {
            let bytes = self.body.bytes()?;
            let told = self.lang.unwrap_or(Lang::Ar);
            let article = self.body.article(&bytes, told, options)?;
            if !told.is_foreign(&article.text) {
                return Ok((told, article));
            }
            match self.lang {
                Some(wanted) => Err(Error::Language { path: self.body.path().to_path_buf(), wanted }),
                None => Ok((told.other(), self.body.article(&bytes, told.other(), options)?)),
            }
        };
        read().map_err(|error| self.failed(error))
    }
}

/// Every article below `folder`, sorted by path, whatever it is called.
///
/// ```
/// use dhakira::{Lang, corpus};
/// let folder = tempfile::tempdir()?;
/// for (name, text) in [("0017.txt", "وصل القطار."), ("x.en.txt", "The train arrived.")] {
///     std::fs::write(folder.path().join(name), text)?;
/// }
/// let found = corpus::candidates(folder.path())?;
/// let langs: Vec<_> = found.iter().map(|c| c.as_ref().unwrap().lang).collect();
/// assert_eq!(langs, [None, Some(Lang::En)]);
/// assert_eq!(found[0].as_ref().unwrap().read(&Default::default())?.0, Lang::Ar);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`Error::Io`] if `folder` itself cannot be read; of folders in it, as an item.
pub fn candidates(folder: &Path) -> Result<Vec<Result<Candidate, Error>>, Error> {
    let (mut files, failed) = files_below(folder)?;
    files.sort();
    let candidate = |path: std::path::PathBuf| {
        let lang = side(folder, &path).map(|(_, lang)| lang);
        let name = name_of_file(folder, &path);
        Candidate { name, lang, body: Body::File(path), facts: Facts::default(), listed: None }
    };
    let failed = failed.into_iter().map(|(_, error)| Err(error));
    Ok(files.into_iter().map(|path| Ok(candidate(path))).chain(failed).collect())
}
