//! Articles out of files: text, Markdown and HTML become title, byline, captions, headings and paragraphs.
//!
//! Page furniture (advertisements, share bars, lists of other articles) goes out by rules that are data, and what was
//! taken out can be seen in [`Article::removed`] with the name of the rule.

mod byline;
mod candidate;
mod dateline;
mod decode;
mod draft;
mod entry;
mod fold;
mod furniture;
mod html;
mod manifest;
mod markdown;
mod metadata;
mod pair;
mod plain;
mod row;
mod sieve;
mod tree;

pub use candidate::{Candidate, candidates};
pub use dateline::Date;
pub use decode::decode;
pub use entry::{Body, Entry, Facts, Found, Listed};
pub use furniture::{Furniture, furniture_look};
pub use manifest::{MANIFEST_ENDINGS, Manifest};
pub use pair::{Pair, pairs};

use crate::error::Error;
use crate::lang::Lang;
use draft::{Draft, Line, collapse};
use std::ops::Range;
use std::path::Path;

/// The endings that [`read`] knows, for messages.
pub const ENDINGS: &str = "txt, text, md, markdown, html, htm, xhtml";

/// What kind of file an article comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Plain text: a paragraph a line, or hard-wrapped paragraphs between blank lines.
    Text,
    /// CommonMark with tables, footnotes and YAML front matter.
    Markdown,
    /// HTML of any age, and XHTML.
    Html,
}

impl Kind {
    /// The kind that a file's ending means, whatever its case; `None` for an ending not in [`ENDINGS`].
    ///
    /// ```
    /// use dhakira::corpus::Kind;
    /// assert_eq!(Kind::of_path("مقال.ar.HTM".as_ref()), Some(Kind::Html));
    /// assert_eq!(Kind::of_path("مقال.pdf".as_ref()), None);
    /// ```
    pub fn of_path(path: &Path) -> Option<Kind> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" | "text" => Some(Kind::Text),
            "md" | "markdown" => Some(Kind::Markdown),
            "html" | "htm" | "xhtml" => Some(Kind::Html),
            _ => None,
        }
    }
}

/// The kind of that name: `text`, `markdown`, `html`.
fn kind_named(name: &str) -> Option<Kind> {
    match name.trim().to_ascii_lowercase().as_str() {
        "text" => Some(Kind::Text),
        "markdown" => Some(Kind::Markdown),
        "html" => Some(Kind::Html),
        _ => None,
    }
}

/// An article without its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// The blocks' texts, one a line, joined by `\n`: a line break stands between two blocks and nowhere else.
    pub text: String,
    /// The blocks in reading order.
    pub blocks: Vec<Block>,
    /// What was taken out, in the order of the source, with the rule that did it.
    pub removed: Vec<Removed>,
    /// The language that the caller told.
    pub lang: Lang,
    /// When the article was published, from its metadata or else from its date line.
    pub date: Option<Date>,
    /// The encoding that the file was read in (`UTF-8` from [`parse`]).
    pub encoding: &'static str,
    /// What the page says of itself.
    pub source: Source,
}

impl Article {
    /// The text of a block of this article.
    pub fn block_text(&self, block: &Block) -> &str {
        self.text.get(block.range.clone()).unwrap_or_default()
    }

    /// The article's title: its first [`BlockKind::Title`] block.
    pub fn title(&self) -> Option<&str> {
        self.blocks.iter().find(|b| b.kind == BlockKind::Title).map(|b| self.block_text(b))
    }
}

/// What a page says of itself in its head, front matter, JSON-LD or byline; as written there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The address that the page names as its own (`rel=canonical`, `og:url`).
    pub url: Option<String>,
    /// The page's title in its metadata.
    pub title: Option<String>,
    /// Who wrote it: metadata, or else the byline without "كتب" or "By".
    pub author: Option<String>,
    /// The site's name (`og:site_name`).
    pub site: Option<String>,
}

/// A piece of an article that is one line of [`Article::text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What the piece is.
    pub kind: BlockKind,
    /// Its bytes in [`Article::text`], without the line break; never empty, no white space at either end (a
    /// [`BlockKind::Verbatim`] block keeps its indentation).
    pub range: Range<usize>,
}

/// What a [`Block`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BlockKind {
    /// The article's title.
    Title,
    /// Who wrote, translated or reported it, and the line that names its source ("المصدر: وكالات").
    Byline,
    /// The words under a picture or a table; in Markdown the picture's own words.
    Caption,
    /// A heading inside the article.
    Heading,
    /// Running text.
    Paragraph,
    /// An item of a list, a term or its definition. Plain text keeps the bullet that it was written with.
    Item,
    /// A quoted paragraph.
    Quote,
    /// A cell of a table.
    Cell,
    /// A line of code or of other text whose white space matters.
    Verbatim,
}

impl BlockKind {
    /// The kind's name in lower case: `title`, `byline`, …
    pub fn name(self) -> &'static str {
        match self {
            BlockKind::Title => "title",
            BlockKind::Byline => "byline",
            BlockKind::Caption => "caption",
            BlockKind::Heading => "heading",
            BlockKind::Paragraph => "paragraph",
            BlockKind::Item => "item",
            BlockKind::Quote => "quote",
            BlockKind::Cell => "cell",
            BlockKind::Verbatim => "verbatim",
        }
    }
}

/// A piece of the page that is not the article's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// The piece, white space collapsed.
    pub text: String,
    /// 1-based line of the decoded source; 0 where it is not known, as in HTML.
    pub line: usize,
    /// The rule that took it out: the section of the rule file and the phrase (`line: إعلان`), a rule of structure
    /// (`html:nav`), or `date` for the date line, which is kept as [`Article::date`].
    pub rule: String,
}

/// How articles are read; [`Default`] detects the encoding and takes furniture out by the rules that come along.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The label of the files' encoding (`windows-1256`, see the WHATWG Encoding Standard); `None` detects it.
    pub encoding: Option<String>,
    /// The user's own rules, on top of those that come along.
    pub furniture: Furniture,
    /// What happens to furniture.
    pub sieve: Sieve,
}

/// What happens to page furniture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sieve {
    /// It goes out, and is listed in [`Article::removed`].
    #[default]
    Remove,
    /// It stays: no rule of the furniture files is used. Structure of HTML (`nav`, `script`) still goes out.
    Keep,
}

/// Reads one article; the file's ending tells its kind.
///
/// ```
/// use dhakira::corpus::{self, ReadOptions};
/// use dhakira::Lang;
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("سوق.ar.txt");
/// std::fs::write(&path, "إعلان\nسوق القرية يفتح أبوابه\n\nكتبت- سعاد:\n\nعاد الباعة إلى السوق صباح اليوم.\n")?;
/// let article = corpus::read(&path, Lang::Ar, &ReadOptions::default())?;
/// assert_eq!(article.text, "سوق القرية يفتح أبوابه\nكتبت- سعاد:\nعاد الباعة إلى السوق صباح اليوم.");
/// assert_eq!(article.removed[0].rule, "line: إعلان");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::UnknownKind`] for an ending not in [`ENDINGS`], [`Error::Io`], [`Error::Binary`], [`Error::Encoding`], and
/// [`Error::Empty`] if nothing of the file is an article's text.
pub fn read(path: &Path, lang: Lang, options: &ReadOptions) -> Result<Article, Error> {
    let body = Body::File(path.to_path_buf());
    body.kind()?;
    body.article(&body.bytes()?, lang, options)
}

/// The article in `source`. Total: every string is some article, if an empty one.
///
/// ```
/// use dhakira::corpus::{self, BlockKind, Kind, ReadOptions};
/// use dhakira::Lang;
/// let page = "<title>x</title><nav>الرئيسية</nav><h1>عودة اللقالق</h1><p>عادت <b>اللقالق</b> إلى النهر.</p>";
/// let article = corpus::parse(Kind::Html, Lang::Ar, page, &ReadOptions::default());
/// assert_eq!(article.text, "عودة اللقالق\nعادت اللقالق إلى النهر.");
/// assert_eq!(article.blocks[0].kind, BlockKind::Title);
/// assert_eq!(article.removed[0].rule, "html:nav");
/// ```
pub fn parse(kind: Kind, lang: Lang, source: &str, options: &ReadOptions) -> Article {
    let rules = furniture::Rules::of(&options.furniture, options.sieve);
    let draft = match kind {
        Kind::Text => plain::draft(source),
        Kind::Markdown => markdown::draft(source, &rules),
        Kind::Html => html::draft(source, &rules),
    };
    sieve::article(draft, lang, options.sieve, rules)
}
