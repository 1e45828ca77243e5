//! What workers are asked, and answer, that no command does line by line.

use super::{AloneRecord, ErrorRecord};
use dhakira::Lang;
use dhakira::check::Finding;
use dhakira::unit::{Seg, Unit, Variant};
use serde::{Deserialize, Serialize};

/// `worker`, in: articles to be paired, each with the fields of a line of a manifest.
#[derive(Debug, Deserialize)]
pub struct PairRequest {
    pub articles: Vec<serde_json::Map<String, serde_json::Value>>,
}

/// `worker`, out: which articles belong together.
#[derive(Debug, Serialize)]
pub struct PairAnswer<'a> {
    pub id: serde_json::Value,
    pub pairs: Vec<PartnerRecord<'a>>,
    pub alone: Vec<AloneRecord<'a>>,
    /// What could not be read.
    pub failed: Vec<ErrorRecord>,
}

/// An Arabic article, the English one that belongs to it, and how sure that is, 0 to 1.
#[derive(Debug, Serialize)]
pub struct PartnerRecord<'a> {
    pub id: &'a str,
    pub partner: &'a str,
    pub pairing: f64,
}

/// `worker`, in: units to be checked.
#[derive(Debug, Deserialize)]
pub struct CheckRequest {
    pub id: serde_json::Value,
    pub units: Vec<Pair>,
}

/// The two sides of a unit.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Pair {
    ar: String,
    en: String,
}

impl Pair {
    pub fn unit(&self) -> Unit {
        let sides = [(Lang::Ar, &self.ar), (Lang::En, &self.en)];
        let variants = sides.map(|(lang, text)| Variant::new(lang, Seg::plain(text.as_str()))).into();
        Unit { variants, ..Unit::default() }
    }
}

/// `worker`, out: what is wrong with each unit, in their order.
#[derive(Debug, Serialize)]
pub struct CheckAnswer {
    pub id: serde_json::Value,
    pub units: Vec<Vec<FindingBody>>,
}

/// Something that is wrong.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct FindingBody {
    kind: &'static str,
    /// `error`, `warning`, `info`.
    severity: &'static str,
    message: String,
    /// The side it is about.
    lang: Option<&'static str>,
    /// Where: bytes of that side.
    span: Option<[usize; 2]>,
}

impl From<Finding> for FindingBody {
    fn from(finding: Finding) -> FindingBody {
        FindingBody {
            kind: finding.kind.name(),
            severity: finding.severity.name(),
            message: finding.message,
            lang: finding.lang.map(Lang::code),
            span: finding.range.map(|range| [range.start, range.end]),
        }
    }
}
