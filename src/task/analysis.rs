//! What a job costs: the words of documents by how much of them the memory knows.
//!
//! Each segment is in one row, the first that fits: equal as written between the same neighbours (101); repeated, word for word
//! and code for code, in this document or one before it; else by the best match in the memory. With
//! [`AnalysisOptions::internal`] the segments before it count as if they were translated: what will be in the memory by then.

use super::job::queries;
use super::workers::Workers;
use crate::document::{Document, Segment, State};
use crate::matching::{Candidate, Measure, Query, Score};
use crate::memory::{Find, Library};
use crate::text::Count;
use std::collections::HashSet;
use std::convert::Infallible;

/// A row of an analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Band {
    /// 101: equal as written, its place too.
    Context,
    /// The same as a segment before.
    Repetition,
    /// 100: equal as written.
    Exact,
    /// 95 to 99: the same words and numbers in another form.
    From95,
    /// 85 to 94.
    From85,
    /// 75 to 84.
    From75,
    /// 50 to 74.
    From50,
    /// Nothing at 50 or better.
    New,
}

impl Band {
    /// All rows in their order.
    pub const ALL: [Band; 8] = [
        Band::Context,
        Band::Repetition,
        Band::Exact,
        Band::From95,
        Band::From85,
        Band::From75,
        Band::From50,
        Band::New,
    ];

    /// The row of a score from the memory.
    ///
    /// ```
    /// use dhakira::matching::Score;
    /// use dhakira::task::Band;
    /// assert_eq!(Band::of(Score::from_percent(94.99)), Band::From85);
    /// assert_eq!(Band::of(Score::CONTEXT), Band::Context);
    /// ```
    pub fn of(score: Score) -> Band {
        match score.hundredths() {
            10_100.. => Band::Context,
            10_000.. => Band::Exact,
            9_500.. => Band::From95,
            8_500.. => Band::From85,
            7_500.. => Band::From75,
            5_000.. => Band::From50,
            _ => Band::New,
        }
    }

    /// Its name for programs and in tables of rates: `context`, `repetition`, `100`, `95-99`, `85-94`, `75-84`, `50-74`, `new`.
    pub fn name(self) -> &'static str {
        match self {
            Band::Context => "context",
            Band::Repetition => "repetition",
            Band::Exact => "100",
            Band::From95 => "95-99",
            Band::From85 => "85-94",
            Band::From75 => "75-84",
            Band::From50 => "50-74",
            Band::New => "new",
        }
    }
}

/// What of a word is paid in each row, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates([u32; 8]);

impl Default for Rates {
    /// 0, 20, 20, 30, 50, 70, 100, 100: a table as agencies often have it. No standard says what is right; what was agreed
    /// goes into a file.
    fn default() -> Rates {
        Rates([0, 20, 20, 30, 50, 70, 100, 100])
    }
}

impl Rates {
    /// Reads a table: a line `NAME PERCENT` for each row, named as [`Band::name`] does, `#` before comments; `=`, `%`, `:` and
    /// white space between are as good. A row that is not named keeps its default.
    ///
    /// # Errors
    ///
    /// The line that is none, as text.
    ///
    /// ```
    /// use dhakira::task::{Band, Rates};
    /// let rates = Rates::parse("# agreed in May\n100: 10 %\n95-99 = 25\n").unwrap();
    /// assert_eq!((rates.percent(Band::Exact), rates.percent(Band::From95), rates.percent(Band::New)), (10, 25, 100));
    /// assert!(Rates::parse("96-99 25").is_err());
    /// ```
    pub fn parse(table: &str) -> Result<Rates, String> {
        let mut rates = Rates::default();
        for (number, line) in table.lines().enumerate() {
            let said = line.split('#').next().unwrap_or_default();
            let mut parts =
                said.split(|c: char| c.is_whitespace() || matches!(c, '=' | '%' | ':')).filter(|p| !p.is_empty());
            let Some(name) = parts.next() else { continue };
            let band = Band::ALL.iter().find(|band| band.name() == name);
            let percent = parts.next().and_then(|p| p.parse().ok()).filter(|p| *p <= 1_000);
            match (band, percent, parts.next()) {
                (Some(band), Some(percent), None) => rates.0[*band as usize] = percent,
                _ => {
                    let names: Vec<&str> = Band::ALL.iter().map(|band| band.name()).collect();
                    return Err(format!(
                        "line {}: {line:?} is no rate; a line is a row and its percent, and rows are {}",
                        number + 1,
                        names.join(", ")
                    ));
                }
            }
        }
        Ok(rates)
    }

    /// The rate of a row in percent.
    pub fn percent(&self, band: Band) -> u32 {
        self.0[band as usize]
    }
}

/// Segments and what they hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Row {
    /// How many segments.
    pub segments: u64,
    /// Their words and characters.
    pub count: Count,
}

/// The rows of a document, or of a job. They share no segment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Analysis {
    rows: [Row; 8],
}

impl Analysis {
    /// A row.
    pub fn row(&self, band: Band) -> Row {
        self.rows[band as usize]
    }

    /// All rows together.
    pub fn total(&self) -> Row {
        self.rows.iter().fold(Row::default(), |sum, row| Row {
            segments: sum.segments + row.segments,
            count: sum.count + row.count,
        })
    }

    /// The words of a row that are paid, in hundredths of a word.
    pub fn payable(&self, band: Band, rates: &Rates) -> u64 {
        self.row(band).count.words * u64::from(rates.percent(band))
    }

    /// The words of all rows that are paid, in hundredths of a word.
    pub fn payable_total(&self, rates: &Rates) -> u64 {
        Band::ALL.iter().map(|band| self.payable(*band, rates)).sum()
    }

    /// Adds the rows of another.
    pub fn add(&mut self, other: &Analysis) {
        for (row, more) in self.rows.iter_mut().zip(&other.rows) {
            *row = Row { segments: row.segments + more.segments, count: row.count + more.count };
        }
    }

    fn put(&mut self, band: Band, segment: &Segment) {
        let row = &mut self.rows[band as usize];
        *row = Row { segments: row.segments + 1, count: row.count + segment.count() };
    }
}

/// How documents are analysed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AnalysisOptions {
    /// What the scores of matches count.
    pub measure: Measure,
    /// Whether the segments before count as known.
    pub internal: bool,
    /// Whether segments that have a confirmed translation are left out.
    pub untranslated: bool,
}

/// Analyses documents, one after the other: what repeats across them counts as a repetition in the later one. An analysis for
/// each, in their order; the same with any number of threads.
///
/// ```
/// use dhakira::document::{Document, Kind, Options};
/// use dhakira::memory::{Library, Memory, Moment, Shelf};
/// use dhakira::task::{AnalysisOptions, Band, Workers, analyse};
/// use dhakira::{Lang, unit::{Seg, Unit, Variant}};
/// let folder = tempfile::tempdir().unwrap();
/// let memory = Memory::create(folder.path()).unwrap();
/// let variants = vec![Variant::new(Lang::Ar, Seg::plain("صباح الخير")), Variant::new(Lang::En, Seg::plain("Good morning"))];
/// memory.writer().unwrap().add(Unit { variants, ..Unit::default() }, Moment::new("20260101T000000Z").unwrap()).unwrap();
/// let library = Library::new(vec![Shelf { memory, penalty: 0 }]).unwrap();
/// let text = "صباح الخير\nأهلًا وسهلًا بكم\nأهلًا وسهلًا بكم\n";
/// let document = Document::parse(Kind::Text, text.as_bytes(), "f.txt", &Options::default()).unwrap();
/// let analysis = &analyse(&[document], &library, &AnalysisOptions::default(), &Workers::new(1))[0];
/// assert_eq!(analysis.row(Band::Exact).count.words, 2);
/// assert_eq!((analysis.row(Band::New).count.words, analysis.row(Band::Repetition).count.words), (3, 3));
/// ```
pub fn analyse(
    documents: &[Document],
    library: &Library,
    options: &AnalysisOptions,
    workers: &Workers,
) -> Vec<Analysis> {
    let half = Score::from_percent(50.0);
    let find = Find { top: 1, min: half, floor: half };
    let mut seen: HashSet<(String, Vec<Box<str>>)> = HashSet::new();
    let mut known: Vec<Candidate> = Vec::new();
    let mut all = Vec::new();
    for document in documents {
        let mut analysis = Analysis::default();
        let wanted = |segment: &Segment| !options.untranslated || segment.state != State::Translated;
        let queries: Vec<(usize, Query)> =
            (0..).zip(queries(document, options.measure)).filter(|(n, _)| wanted(&document.segments()[*n])).collect();
        // Each segment that is not the same as one before it, with how many of `known` stand before it.
        let mut first: Vec<bool> = Vec::with_capacity(queries.len());
        let mut before: Vec<usize> = Vec::with_capacity(queries.len());
        for (number, query) in &queries {
            let codes = document.segments()[*number].source.codes();
            first.push(seen.insert((query.text().to_owned(), codes.clone())));
            before.push(known.len());
            if options.internal && first[first.len() - 1] {
                known.push(Candidate::new(query.lang(), query.text()).with_codes(codes));
            }
        }
        let best = |at: usize| {
            let query = &queries[at].1;
            let found = library.find(query, &find).first().map_or(Score::ZERO, |found| found.score);
            if !first[at] || !options.internal {
                return found;
            }
            let mut best = found;
            for candidate in &known[..before[at]] {
                // What is equal is known already; only more would change the row.
                let cutoff = Score::from_hundredths(best.hundredths() + 1).max(half);
                best = query.score(candidate, cutoff).unwrap_or(best);
                if best >= Score::NORMALIZED_FLOOR {
                    break;
                }
            }
            best
        };
        let mut at = 0;
        let take = |score: Score| {
            let band = match Band::of(score) {
                Band::Context => Band::Context,
                _ if !first[at] => Band::Repetition,
                band => band,
            };
            analysis.put(band, &document.segments()[queries[at].0]);
            at += 1;
            Ok::<(), Infallible>(())
        };
        let Ok(()) = workers.run_all(0..queries.len(), best, take);
        all.push(analysis);
    }
    all
}
