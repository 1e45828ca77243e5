//! Aligning one article with its translation: two files in, translation units out.

use crate::align::{Alignment, Bead, Notes, Scorer, align_at_first};
use crate::corpus::{self, Article, Body, Entry, Facts, Kind, ReadOptions};
use crate::error::Error;
use crate::lang::{Lang, LangTag};
use crate::segment::{self, Document};
use crate::unit::{Meta, Seg, Unit, Variant};
use foldhash::{HashMap, HashMapExt};
use std::ops::Range;
use std::path::Path;

/// One side of an aligned pair.
#[derive(Debug, Clone)]
pub struct Side {
    /// What the sentences were read from; `None` for a side that came already split.
    pub article: Option<Article>,
    /// The sentences.
    pub document: Document,
}

/// An article and its translation, linked.
#[derive(Debug, Clone)]
pub struct AlignedPair {
    /// The name of the pair: what both file names share.
    pub name: String,
    /// The Arabic side.
    pub ar: Side,
    /// The English side.
    pub en: Side,
    /// The links.
    pub alignment: Alignment,
    /// What is known beside the texts.
    pub facts: Facts,
    /// What was noted of the texts at a first look, until all looks are taken: for [`reconsider`](crate::align::reconsider).
    pub notes: Notes,
}

/// How the files of a pair are read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// What they hold.
    pub form: Form,
    /// Encoding and furniture.
    pub options: ReadOptions,
}

/// What a file of a pair holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// An article: furniture goes out, text is split into sentences.
    #[default]
    Article,
    /// Sentences, one a line, a blank line between paragraphs; nothing goes out.
    Lines,
}

/// The name of a pair of files: the Arabic one's without folder, language and ending.
///
/// ```
/// use dhakira::task::pair_name;
/// assert_eq!(pair_name("news/ميناء.ar.txt".as_ref()), "ميناء");
/// assert_eq!(pair_name("news/harbour.html".as_ref()), "harbour");
/// ```
pub fn pair_name(ar: &Path) -> String {
    let stem = ar.file_stem().unwrap_or_default().to_string_lossy();
    let name = stem.strip_suffix(".ar").unwrap_or(&stem);
    if name.is_empty() { "article".to_owned() } else { name.to_owned() }
}

/// Reads both sides and aligns them, by what `scorer` says of links: [`LogLinear`](crate::align::LogLinear), or
/// [`Semantic`](crate::align::Semantic) where there is a sentence model. What is unsure in a long pair is decided by what its own sure links
/// teach of its words ([`taught`](super::taught)).
///
/// # Errors
///
/// What [`corpus::read`] says of either file: missing, empty, binary, in an unknown encoding; [`Error::Language`] for a side
/// in the other language.
pub fn align_pair(
    name: &str,
    ar: &Path,
    en: &Path,
    reading: &Reading,
    scorer: &dyn Scorer,
) -> Result<AlignedPair, Error> {
    align_entry(&Entry::new(name, Body::File(ar.to_path_buf()), Body::File(en.to_path_buf())), reading, scorer)
}

/// As [`align_pair`], wherever the texts are.
///
/// # Errors
///
/// Those of [`align_pair`], said as what is wrong with the line that lists the pair, if one does.
///
/// ```
/// use dhakira::align::LogLinear;
/// use dhakira::corpus::{Body, Entry, Kind};
/// use dhakira::task::{Reading, align_entry};
/// let text = |text: &str| Body::Inline { field: "text", text: text.to_owned(), kind: Kind::Text };
/// let train = Entry::new("قطار", text("وصل القطار. نزل الركاب."), text("The train arrived. The passengers got off."));
/// assert_eq!(align_entry(&train, &Reading::default(), &LogLinear::default()).unwrap().units().len(), 2);
/// ```
pub fn align_entry(entry: &Entry, reading: &Reading, scorer: &dyn Scorer) -> Result<AlignedPair, Error> {
    let read = |lang| {
        let body = entry.body(lang);
        body.bytes().and_then(|bytes| side(lang, body, &bytes, reading)).map_err(|error| entry.failed(error))
    };
    let (ar, en) = (read(Lang::Ar)?, read(Lang::En)?);
    let mut pair = AlignedPair::at_first(&entry.name, [ar, en], entry.facts.clone(), scorer);
    pair.decide_alone(scorer);
    Ok(pair)
}

/// Aligns two texts of one kind; as [`align_pair`], but nothing is wrong with a side that is empty or in another language: it
/// has no links then, or the pair is no translation.
///
/// ```
/// use dhakira::align::LogLinear;
/// use dhakira::corpus::Kind;
/// use dhakira::task::{Reading, align_texts};
/// let texts = ["وصل القطار. نزل الركاب.", "The train arrived. The passengers got off."];
/// let pair = align_texts("train", Kind::Text, texts, &Reading::default(), &LogLinear::default());
/// assert_eq!(pair.units().len(), 2);
/// ```
pub fn align_texts(name: &str, kind: Kind, [ar, en]: [&str; 2], reading: &Reading, scorer: &dyn Scorer) -> AlignedPair {
    let side = |lang, text| {
        let article = corpus::parse(kind, lang, text, &reading.options);
        let document = segment::split(lang, &article.text);
        Side { article: Some(article), document }
    };
    let mut pair = AlignedPair::at_first(name, [side(Lang::Ar, ar), side(Lang::En, en)], Facts::default(), scorer);
    pair.decide_alone(scorer);
    pair
}

/// The side that `bytes` of `body` hold.
pub(super) fn side(lang: Lang, body: &Body, bytes: &[u8], reading: &Reading) -> Result<Side, Error> {
    if reading.form == Form::Lines {
        let (text, _) = body.text(bytes, reading.options.encoding.as_deref())?;
        return in_its_language(body.path(), Side { article: None, document: Document::from_lines(lang, &text) });
    }
    let article = body.article(bytes, lang, &reading.options)?;
    let document = segment::split(lang, &article.text);
    if document.is_empty() {
        return Err(Error::Empty { path: body.path().to_path_buf() });
    }
    in_its_language(body.path(), Side { article: Some(article), document })
}

/// The side, unless it is certainly in the other language.
fn in_its_language(path: &Path, side: Side) -> Result<Side, Error> {
    let wanted = side.document.lang();
    if wanted.is_foreign(side.document.text()) {
        return Err(Error::Language { path: path.to_path_buf(), wanted });
    }
    Ok(side)
}

impl Side {
    /// The text of some sentences in a row: as the article has it where they stand in one paragraph, joined by a space where
    /// a paragraph ends between them.
    pub fn text(&self, sentences: Range<usize>) -> String {
        let segments = &self.document.segments()[sentences];
        let mut text = String::new();
        for paragraph in segments.chunk_by(|a, b| a.paragraph == b.paragraph) {
            if !text.is_empty() {
                text.push(' ');
            }
            let (first, last) = (&paragraph[0], &paragraph[paragraph.len() - 1]);
            text.push_str(&self.document.text()[first.core.start..last.core.end]);
        }
        text
    }
}

impl AlignedPair {
    /// The pair with the links of a first look.
    pub(super) fn at_first(name: &str, [ar, en]: [Side; 2], facts: Facts, scorer: &dyn Scorer) -> AlignedPair {
        let (alignment, notes) = align_at_first(&ar.document, &en.document, scorer);
        AlignedPair { name: name.to_owned(), ar, en, alignment, facts, notes }
    }

    /// How many Arabic and English sentences it has.
    pub(super) fn sentences(&self) -> [usize; 2] {
        [self.ar.document.len(), self.en.document.len()]
    }

    /// The links that have both sides, as units, in the order of the text.
    ///
    /// Each says where it comes from: `x-document` (the pair's name), `x-document-date` (the article's, ISO 8601),
    /// `x-align-bead` (how many Arabic and English sentences, `1:2`), `x-align-score` (the probability that the link is
    /// right, 0.00 to 1.00), `x-origin` (`align`), and of its [`Facts`] those that are known: `x-url`, `x-licence`, `x-source`,
    /// `x-pairing-score`. The `tuid` is the pair's name and a hash of both texts, so that it stays
    /// when other sentences of the article change.
    pub fn units(&self) -> Vec<Unit> {
        let mut twins: HashMap<String, usize> = HashMap::new();
        let two_sided = self.alignment.beads.iter().filter(|bead| bead.is_two_sided());
        two_sided
            .map(|bead| {
                let mut unit = self.unit(bead);
                let id = unit.id().unwrap_or_default().to_owned();
                let count = twins.entry(id.clone()).and_modify(|count| *count += 1).or_insert(1);
                if *count > 1 {
                    // The same sentence twice in one article: both stay, and no two units share an id.
                    unit.set_attr("tuid", format!("{id}.{count}"));
                }
                unit
            })
            .collect()
    }

    fn unit(&self, bead: &Bead) -> Unit {
        let (ar, en) = (self.ar.text(bead.ar.clone()), self.en.text(bead.en.clone()));
        let mut meta = vec![Meta::prop("x-document", &self.name)];
        let told = || [&self.ar, &self.en].into_iter().find_map(|s| s.article.as_ref()?.date.as_ref()?.iso.clone());
        let Facts { url, date, licence, source, pairing } = self.facts.clone();
        let facts = [
            ("x-document-date", date.or_else(told)),
            ("x-url", url),
            ("x-licence", licence),
            ("x-source", source),
            ("x-pairing-score", pairing.map(|found| found.score)),
        ];
        meta.extend(facts.into_iter().filter_map(|(name, value)| Some(Meta::prop(name, value?))));
        meta.push(Meta::prop("x-align-bead", format!("{}:{}", bead.ar.len(), bead.en.len())));
        meta.push(Meta::prop("x-align-score", format!("{:.2}", bead.confidence)));
        meta.push(Meta::prop("x-origin", "align"));
        Unit {
            attrs: vec![("tuid".to_owned(), format!("{}-{:016x}", self.name, fnv1a(&[&ar, "\0", &en])))],
            meta,
            variants: vec![
                Variant::new(LangTag::from(Lang::Ar), Seg::plain(ar)),
                Variant::new(LangTag::from(Lang::En), Seg::plain(en)),
            ],
        }
    }
}

/// The 64-bit FNV-1a hash (draft-eastlake-fnv-17 §3): stable over machines and versions, which `std`'s hasher does not promise.
pub(super) fn fnv1a(parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|p| p.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
