//! Suggestions.

use crate::serve::desk::Desk;
use crate::serve::trouble::{Refusal, Trouble};
use crate::wire::{FragmentRecord, RepairedRecord, TermRecord};
use crate::{explain, markup, suggester};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use dhakira::matching::{Context, Measure, Query, Score, diff};
use dhakira::memory::{Find, Library, Match, Repaired, unit_id};
use dhakira::repair::{Kind, Kinds};
use dhakira::unit::Seg;
use dhakira::{Lang, LangTag};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;
use utoipa::ToSchema;

/// How many questions a batch may have.
const MOST_QUESTIONS: usize = 100;
const MOST_SUGGESTIONS: usize = 100;
const USUAL_SUGGESTIONS: usize = 5;

/// A sentence, and what is known of its place.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct Question {
    /// The sentence, perhaps with a U+FFFC for each inline code.
    #[schema(example = "تعذر حفظ الملف")]
    source: Option<String>,
    /// What each of those codes says (`<b>`, `%s`), if that shall count.
    codes: Option<Vec<String>>,
    /// Instead of both, the content of a TMX or XLIFF segment.
    seg: Option<String>,
    /// `ar` or `en`, perhaps with a region (`ar-EG`); else told by the letters.
    lang: Option<String>,
    /// The sentence before it in its document; empty at the beginning, missing where nobody knows.
    before: Option<String>,
    /// The sentence after it.
    after: Option<String>,
    /// The id that its file format gives it (`msgctxt`, a key).
    context: Option<String>,
}

/// What is wanted.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct Wanted {
    /// The least score, 0 to 100; 70 if not given.
    #[schema(minimum = 0, maximum = 100)]
    min: Option<f64>,
    /// How many, at most 100; 5 if not given.
    #[schema(maximum = 100)]
    limit: Option<u16>,
    /// If nothing scores `min`, the best one is given if it scores so much; 50 if not given.
    #[schema(minimum = 0, maximum = 100)]
    floor: Option<f64>,
    /// `letters` (usual) or `words`.
    score: Option<Scoring>,
    /// Only these memories, the first one counting most.
    memories: Option<Vec<Chosen>>,
    /// Which differences are put into the suggestions where that is sure; all if not given, none if empty.
    repair: Option<Vec<RepairKind>>,
    /// Whether to give, where no match is at 75 or better, the longest parts of the sentence that the memories know.
    #[serde(default)]
    fragments: bool,
    /// Whether to tell how each score came to be.
    #[serde(default)]
    explain: bool,
}

/// By what texts are compared.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Scoring {
    Letters,
    Words,
}

/// What may be put into a suggestion.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum RepairKind {
    Number,
    Date,
    Name,
    Code,
    Word,
}

impl From<RepairKind> for Kind {
    fn from(kind: RepairKind) -> Kind {
        match kind {
            RepairKind::Number => Kind::Number,
            RepairKind::Date => Kind::Date,
            RepairKind::Name => Kind::Name,
            RepairKind::Code => Kind::Code,
            RepairKind::Word => Kind::Word,
        }
    }
}

/// A memory, and what is taken off for it.
#[derive(Debug, Deserialize, ToSchema)]
struct Chosen {
    name: String,
    /// Points that are taken off each score, 0 to 100, beside what the memory's own path says (`penalty-10`).
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100)]
    penalty: f64,
}

/// One question.
#[derive(Debug, Deserialize, ToSchema)]
pub struct LookupBody {
    #[serde(flatten)]
    question: Question,
    #[serde(flatten)]
    wanted: Wanted,
}

/// Up to a hundred questions.
#[derive(Debug, Deserialize, ToSchema)]
pub struct BatchBody {
    #[schema(max_items = 100)]
    queries: Vec<Question>,
    #[serde(flatten)]
    wanted: Wanted,
}

/// The suggestions for one question, the best first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Answer {
    /// The language of the question: `ar` or `en`.
    lang: &'static str,
    matches: Vec<Suggestion>,
    /// The terms of the question, if the server has a glossary.
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<Vec<TermRecord>>,
    /// The parts of the sentence that the memories know, if that was asked for; none where a match is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    fragments: Option<Vec<FragmentRecord>>,
}

/// The answers, in the order of the questions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Answers {
    answers: Vec<Answer>,
}

/// A suggestion.
#[derive(Debug, Serialize, ToSchema)]
struct Suggestion {
    /// The id of its unit.
    id: String,
    source: String,
    target: String,
    /// 0 to 100; 101 is a context match.
    score: f64,
    /// `context`, `exact`, `normalized`, `fuzzy`.
    kind: &'static str,
    /// What keeps it from 100, by names.
    why: Vec<String>,
    /// The same as sentences.
    reasons: Vec<String>,
    /// The name of the memory and of its file.
    memory: String,
    file: String,
    document: Option<String>,
    author: Option<String>,
    changed: Option<String>,
    /// Which match of the list, from 0, has the same source with another translation.
    alternative_to: Option<usize>,
    /// Both texts with their inline codes, as TMX writes them; only if there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    source_seg: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_seg: Option<String>,
    /// The suggestion with the sentence's own values, if any could surely be put in.
    #[serde(skip_serializing_if = "Option::is_none")]
    repaired: Option<RepairedRecord>,
    /// The way from the stored source to the question, in whole words.
    diff: Vec<Step>,
    /// How the score came to be, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    explain: Option<serde_json::Value>,
}

/// A step of the way: `equal`, `form`, `replace`, `insert`, `delete`.
#[derive(Debug, Serialize, ToSchema)]
struct Step {
    op: &'static str,
    query: String,
    source: String,
}

/// Suggestions for one sentence.
#[utoipa::path(post, path = "/v1/lookup", request_body = LookupBody, responses(
    (status = 200, body = Answer), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn lookup(
    State(desk): State<Arc<Desk>>,
    body: Result<Json<LookupBody>, JsonRejection>,
) -> Result<Json<Answer>, Trouble> {
    let Json(LookupBody { question, wanted }) = body?;
    let mut answers = answers(&desk, vec![question], wanted).await?;
    Ok(Json(answers.remove(0)))
}

/// Suggestions for up to a hundred sentences.
#[utoipa::path(post, path = "/v1/lookup/batch", request_body = BatchBody, responses(
    (status = 200, body = Answers), (status = "4XX", body = Refusal), (status = "5XX", body = Refusal)
))]
pub async fn batch(
    State(desk): State<Arc<Desk>>,
    body: Result<Json<BatchBody>, JsonRejection>,
) -> Result<Json<Answers>, Trouble> {
    let Json(BatchBody { queries, wanted }) = body?;
    if queries.len() > MOST_QUESTIONS {
        return Err(Trouble::bad(format!("{} queries; at most {MOST_QUESTIONS} are taken at once", queries.len())));
    }
    Ok(Json(Answers { answers: answers(&desk, queries, wanted).await? }))
}

async fn answers(desk: &Arc<Desk>, questions: Vec<Question>, wanted: Wanted) -> Result<Vec<Answer>, Trouble> {
    let measure = match wanted.score {
        Some(Scoring::Words) => Measure::Words,
        _ => Measure::Letters,
    };
    let asked = questions.into_iter().map(|question| query(question, measure)).collect::<Result<Vec<_>, _>>()?;
    let (queries, segments): (Vec<Query>, Vec<(Seg, bool)>) = asked.into_iter().unzip();
    let kinds =
        wanted.repair.as_ref().map_or(Kinds::default(), |kinds| Kinds::of(kinds.iter().copied().map(Kind::from)));
    let min = score("min", wanted.min, 70.0)?;
    let floor = score("floor", wanted.floor, 50.0)?;
    let top = wanted.limit.map_or(USUAL_SUGGESTIONS, usize::from);
    if top > MOST_SUGGESTIONS {
        return Err(Trouble::bad(format!("limit: at most {MOST_SUGGESTIONS}")));
    }
    let find = Find { top, min, floor };
    let here = Arc::clone(desk);
    let found = desk.read(move |library| {
        let chosen = wanted.memories.as_deref().map(|chosen| arranged(&here, library, chosen)).transpose()?;
        let library = chosen.as_ref().unwrap_or(library);
        let matches = library.find_many(&queries, &find);
        let answer = |((query, (seg, known)), matches): ((&Query, &(Seg, bool)), &Vec<Match<'_>>)| {
            let kinds = if *known { kinds } else { kinds.without(Kind::Code) };
            let repaired = library.repaired(query, seg, matches, kinds, here.glossary());
            let both = matches.iter().zip(&repaired);
            Answer {
                lang: query.lang().code(),
                terms: here.terms(query.lang(), query.text()),
                fragments: wanted.fragments.then(|| parts(library, query, matches)),
                matches: both.map(|(m, r)| suggestion(&here, query, m, r.as_ref(), wanted.explain)).collect(),
            }
        };
        Ok(queries.iter().zip(&segments).zip(&matches).map(answer).collect())
    });
    found.await?
}

fn parts(library: &Library, query: &Query, matches: &[Match<'_>]) -> Vec<FragmentRecord> {
    let found = suggester::fragments(library, query, matches);
    found.iter().map(|fragment| FragmentRecord::new(query.text(), fragment)).collect()
}

fn score(name: &str, percent: Option<f64>, usual: f64) -> Result<Score, Trouble> {
    let percent = percent.unwrap_or(usual);
    match (0.0..=100.0).contains(&percent) {
        true => Ok(Score::from_percent(percent)),
        false => Err(Trouble::bad(format!("{name}: a score is between 0 and 100"))),
    }
}

/// The memories that were asked for, in that order.
fn arranged(desk: &Desk, library: &Library, chosen: &[Chosen]) -> Result<Library, Trouble> {
    let mut shelves: Vec<(PathBuf, u16)> = Vec::new();
    for Chosen { name, penalty } in chosen {
        if !(0.0..=100.0).contains(penalty) {
            return Err(Trouble::bad("penalty: between 0 and 100 points"));
        }
        let folder = library.snapshots().map(|(folder, _)| folder).find(|folder| desk.label(folder) == *name);
        let Some(folder) = folder else { return Err(Trouble::not_found(format!("no memory is called {name:?}"))) };
        shelves.push((folder.to_path_buf(), (penalty * 100.0).round() as u16));
    }
    Ok(library.arranged(&shelves))
}

/// The query, the sentence as a segment, and whether it is known what its codes say.
fn query(question: Question, measure: Measure) -> Result<(Query, (Seg, bool)), Trouble> {
    let tag = question.lang.as_deref().map(LangTag::new);
    if let Some(tag) = tag.as_ref().filter(|tag| tag.lang().is_none()) {
        let message = format!("{:?} is no language of ours; give ar or en", tag.as_str());
        return Err(Trouble::new(axum::http::StatusCode::BAD_REQUEST, "language", message));
    }
    let sentence = markup::sentence(question.seg.as_deref(), question.source, question.codes);
    let (text, codes) = sentence.map_err(Trouble::bad)?;
    let segment = markup::segment(&text, codes.as_deref(), question.seg.as_deref());
    // Without letters (a number, a sign) either side would do; Arabic is the source more often here.
    let lang = tag.as_ref().and_then(LangTag::lang).or_else(|| Lang::of_script(&text)).unwrap_or(Lang::Ar);
    let (before, after, id) = (question.before.as_deref(), question.after.as_deref(), question.context.as_deref());
    let mut query = Query::with_measure(lang, &text, measure).with_context(Context::of(lang, before, after, id));
    if let Some(codes) = codes {
        query = query.with_codes(codes);
    }
    let query = match &tag {
        Some(tag) => query.with_region(tag),
        None => query,
    };
    Ok((query, segment))
}

fn suggestion(
    desk: &Desk,
    query: &Query,
    found: &Match<'_>,
    repaired: Option<&Repaired>,
    explained: bool,
) -> Suggestion {
    let with_codes = found.segments.iter().any(Seg::has_codes);
    let [source_seg, target_seg] = found.segments.each_ref().map(|seg| with_codes.then(|| seg.markup()));
    let author = found.unit.attr("changeid").or(found.unit.attr("creationid"));
    let step = |span: dhakira::matching::Span| Step {
        op: span.op.name(),
        query: query.text()[span.a].to_owned(),
        source: found.source[span.b].to_owned(),
    };
    Suggestion {
        id: unit_id(&found.unit).into_owned(),
        source: found.source.clone(),
        target: found.target.clone(),
        score: found.score.percent(),
        kind: found.kind.name(),
        why: found.why.iter().map(|why| why.name().to_owned()).collect(),
        reasons: found.why.iter().map(ToString::to_string).collect(),
        memory: found.file.parent().map(|folder| desk.label(folder)).unwrap_or_default(),
        file: found.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        document: found.unit.prop("x-document").map(str::to_owned),
        author: author.map(str::to_owned),
        changed: found.changed().map(str::to_owned),
        alternative_to: found.alternative_to,
        source_seg,
        target_seg,
        repaired: repaired.map(RepairedRecord::from),
        diff: diff(query.lang(), query.text(), &found.source).into_iter().map(step).collect(),
        explain: explained.then(|| serde_json::to_value(explain::record(found)).unwrap_or_default()),
    }
}
