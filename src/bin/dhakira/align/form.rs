//! The forms of an aligned pair: TMX, a table, JSON, a ladder.

use crate::choice::AlignForm;
use crate::wire::{AlignAnswer, BeadRecord};
use dhakira::align::{Bead, ladder};
use dhakira::task::{AlignedPair, Side, batch};
use dhakira::tmx::{self, Header};
use dhakira::unit::Unit;
use dhakira::{Error, Lang};
use std::io;
use std::path::PathBuf;

/// The whole file of a pair; forms that put units together have one with its units.
pub fn form(aligned: &AlignedPair, form: AlignForm) -> Result<Vec<u8>, Error> {
    let text = match form {
        AlignForm::Ladder => ladder(&aligned.alignment),
        AlignForm::Json => json(aligned),
        _ => return bytes_of_units(&aligned.name, &aligned.units(), form),
    };
    Ok(text.into_bytes())
}

/// A file of units, TMX or TSV.
pub fn bytes_of_units(name: &str, units: &[Unit], form: AlignForm) -> Result<Vec<u8>, Error> {
    if form != AlignForm::Tsv {
        return tmx(name, units);
    }
    let text = |unit: &Unit, lang| cell(&unit.text_of(lang).unwrap_or_default());
    let row = |unit: &Unit| {
        let score = unit.prop("x-align-score").unwrap_or_default();
        format!("{}\t{}\t{score}\n", text(unit, Lang::Ar), text(unit, Lang::En))
    };
    Ok(("ar\ten\tscore\n".to_owned() + &units.iter().map(row).collect::<String>()).into_bytes())
}

fn tmx(name: &str, units: &[Unit]) -> Result<Vec<u8>, Error> {
    let written = || -> io::Result<Vec<u8>> {
        let mut writer = tmx::Writer::new(Vec::new(), &Header::new(Lang::Ar.code()))?;
        units.iter().try_for_each(|unit| writer.write_unit(unit))?;
        writer.finish()
    };
    written().map_err(|e| Error::io("write", name, e))
}

/// A cell of a TSV: what would end it becomes a space.
fn cell(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}

fn json(aligned: &AlignedPair) -> String {
    let answer = answer(aligned, aligned.name.as_str().into(), None);
    serde_json::to_string(&answer).expect("strings and finite numbers are always JSON") + "\n"
}

/// The links of a pair, for programs.
pub fn answer(aligned: &AlignedPair, id: serde_json::Value, units: Option<Vec<String>>) -> AlignAnswer<'_> {
    let bead = |bead: &Bead| BeadRecord {
        ar: bead.ar.clone().collect(),
        en: bead.en.clone().collect(),
        score: rounded(bead.confidence),
    };
    AlignAnswer {
        id,
        confidence: rounded(aligned.alignment.confidence),
        translation: aligned.alignment.is_translation(),
        ar: sentences(&aligned.ar),
        en: sentences(&aligned.en),
        beads: aligned.alignment.beads.iter().map(bead).collect(),
        units,
    }
}

fn sentences(side: &Side) -> Vec<&str> {
    (0..side.document.len()).map(|i| side.document.sentence(i)).collect()
}

/// To four decimals: more would differ between machines' arithmetic libraries.
pub fn rounded(value: impl Into<f64>) -> f64 {
    (value.into() * 1e4).round() / 1e4
}

/// The file of a pair.
pub fn file_name(name: &str, form: AlignForm) -> PathBuf {
    PathBuf::from(format!("{}.{}", batch::file_stem(name), ending(form)))
}

/// The ending of files of a form.
pub fn ending(form: AlignForm) -> &'static str {
    match form {
        AlignForm::Tmx => "tmx",
        AlignForm::Tsv => "tsv",
        AlignForm::Json => "json",
        AlignForm::Ladder => "ladder",
        AlignForm::Jsonl => "jsonl",
        AlignForm::Moses => "ar",
        #[cfg(feature = "parquet")]
        AlignForm::Parquet => "parquet",
    }
}
