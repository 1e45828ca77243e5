//! An article pair as a batch takes it: a name, where each side's text is, and what is known of the pair beside its texts.

use super::pair::Pair;
use super::{Article, ENDINGS, Kind, ReadOptions, decode, parse};
use crate::error::{Error, Place};
use crate::lang::Lang;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An article and its translation, wherever they are.
///
/// ```
/// use dhakira::corpus::{Body, Entry, Kind};
/// let text = |text: &str| Body::Inline { field: "ar_text", text: text.to_owned(), kind: Kind::Text };
/// let entry = Entry::new("ميناء", text("عاد القارب."), text("The boat came back."));
/// assert_eq!(entry.ar.bytes().unwrap(), "عاد القارب.".as_bytes());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What the pair is called: parts joined by `/`, as in [`Pair::name`].
    pub name: String,
    /// The Arabic side.
    pub ar: Body,
    /// The English side.
    pub en: Body,
    /// What is known beside the texts.
    pub facts: Facts,
    /// Where the pair is listed, if it is from a manifest.
    pub listed: Option<Listed>,
}

/// Where an article's text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// In a file, whose ending tells its kind.
    File(PathBuf),
    /// Here.
    Inline {
        /// The field that it came in, for messages.
        field: &'static str,
        /// The text.
        text: String,
        /// What kind of text it is.
        kind: Kind,
    },
}

/// What is known of an article pair beside its texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Where it was published.
    pub url: Option<String>,
    /// The day on which it was, as ISO 8601 has it (`2021-08-31`); it goes before the date that the article itself tells.
    pub date: Option<String>,
    /// Under which terms it may be used (`CC-BY-4.0`).
    pub licence: Option<String>,
    /// Who published it: a paper, an archive, a collection.
    pub source: Option<String>,
    /// That the two belong together, where that was found out by what they say.
    pub pairing: Option<Found>,
}

/// A partner that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// How sure it is, `0.00` to `1.00`.
    pub score: String,
    /// What the English article is called.
    pub partner: String,
}

/// A place in a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The manifest.
    pub path: Arc<Path>,
    /// 1-based line.
    pub line: u64,
    /// Offset in bytes of the line's beginning.
    pub byte: u64,
}

impl Listed {
    /// `error`, said as what is wrong with this line.
    pub fn failed(&self, error: Error) -> Error {
        Error::Listed { path: self.path.to_path_buf(), place: self.place(), source: Box::new(error) }
    }

    pub(crate) fn place(&self) -> Place {
        Place { line: Some(self.line), byte: Some(self.byte), tuid: None }
    }
}

impl Entry {
    /// A pair of which nothing more is known.
    pub fn new(name: impl Into<String>, ar: Body, en: Body) -> Entry {
        Entry { name: name.into(), ar, en, facts: Facts::default(), listed: None }
    }

    /// `error`, with the line of the manifest that it comes from.
    pub fn failed(&self, error: Error) -> Error {
        match &self.listed {
            Some(listed) => listed.failed(error),
            None => error,
        }
    }

    /// The side of a language.
    pub fn body(&self, lang: Lang) -> &Body {
        match lang {
            Lang::Ar => &self.ar,
            Lang::En => &self.en,
        }
    }
}

impl From<Pair> for Entry {
    fn from(pair: Pair) -> Entry {
        Entry::new(pair.name, Body::File(pair.ar), Body::File(pair.en))
    }
}

impl Body {
    /// The path of the file, or the field, for messages.
    pub fn path(&self) -> &Path {
        match self {
            Body::File(path) => path,
            Body::Inline { field, .. } => Path::new(field),
        }
    }

    /// What it holds, as it is.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn bytes(&self) -> Result<Cow<'_, [u8]>, Error> {
        match self {
            Body::File(path) => std::fs::read(path).map(Cow::Owned).map_err(|e| Error::io("read", path, e)),
            Body::Inline { text, .. } => Ok(Cow::Borrowed(text.as_bytes())),
        }
    }

    /// The kind of text.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownKind`] for a file with an ending not in [`ENDINGS`].
    pub fn kind(&self) -> Result<Kind, Error> {
        match self {
            Body::File(path) => {
                Kind::of_path(path).ok_or_else(|| Error::UnknownKind { path: path.clone(), known: ENDINGS })
            }
            Body::Inline { kind, .. } => Ok(*kind),
        }
    }

    /// Its text, of which `bytes` is what [`Body::bytes`] gave, and the encoding: text that stands in a manifest is in none.
    ///
    /// # Errors
    ///
    /// Those of [`decode`].
    pub fn text(&self, bytes: &[u8], encoding: Option<&str>) -> Result<(String, &'static str), Error> {
        let encoding = if matches!(self, Body::Inline { .. }) { Some("utf-8") } else { encoding };
        decode(self.path(), bytes, encoding)
    }

    /// The article in `bytes`, which [`Body::bytes`] gave.
    ///
    /// # Errors
    ///
    /// Those of [`read`](super::read()).
    pub fn article(&self, bytes: &[u8], lang: Lang, options: &ReadOptions) -> Result<Article, Error> {
        let kind = self.kind()?;
        let (text, encoding) = self.text(bytes, options.encoding.as_deref())?;
        let article = Article { encoding, ..parse(kind, lang, &text, options) };
        if article.blocks.is_empty() {
            return Err(Error::Empty { path: self.path().to_path_buf() });
        }
        Ok(article)
    }
}
