//! Files that go out: the memory in one of its forms, made as a whole before the first byte is sent.

use super::desk::Desk;
use super::jobs::Job;
use super::parcel::{Parcel, Product};
use super::trouble::Trouble;
use dhakira::bitext::{Kind, XliffVersion};
use dhakira::memory::Memory;
use dhakira::task::{ExportOptions, OutputForm, Progress, Workers, export};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A form of the file.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum To {
    #[default]
    Tmx,
    Tsv,
    Csv,
    Jsonl,
    Xlf,
    Xliff2,
    Po,
}

/// How cells are written that a spreadsheet would take for formulas.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Formulas {
    /// With an apostrophe before them.
    #[default]
    Guarded,
    /// As the memory has them.
    AsStored,
}

/// What goes out.
#[derive(Debug, Default)]
pub struct Wish {
    pub to: To,
    /// Only units of this document.
    pub document: Option<String>,
    pub formulas: Formulas,
}

impl Wish {
    fn options(&self, progress: Progress) -> ExportOptions {
        let mut options = ExportOptions { document: self.document.clone(), progress, ..ExportOptions::default() };
        options.output.form = Some(match self.to {
            To::Tmx => OutputForm::Tmx,
            To::Tsv => OutputForm::Bitext(Kind::Tsv),
            To::Csv => OutputForm::Bitext(Kind::Csv),
            To::Jsonl => OutputForm::Bitext(Kind::JsonLines),
            To::Xlf | To::Xliff2 => OutputForm::Bitext(Kind::Xliff),
            To::Po => OutputForm::Bitext(Kind::Po),
        });
        if matches!(self.to, To::Xliff2) {
            options.output.bitext.xliff = XliffVersion::V2_0;
        }
        // Both are opened by spreadsheets.
        options.output.bitext.guard_formulas = self.formulas == Formulas::Guarded;
        options
    }

    /// The name of the file.
    pub fn file_name(&self) -> &'static str {
        match self.to {
            To::Tmx => "dhakira.tmx",
            To::Tsv => "dhakira.tsv",
            To::Csv => "dhakira.csv",
            To::Jsonl => "dhakira.jsonl",
            To::Xlf | To::Xliff2 => "dhakira.xlf",
            To::Po => "dhakira.po",
        }
    }

    fn media_type(&self) -> &'static str {
        match self.to {
            To::Tmx => "application/x-tmx+xml",
            To::Tsv => "text/tab-separated-values; charset=utf-8",
            To::Csv => "text/csv; charset=utf-8; header=present",
            To::Jsonl => "application/jsonl",
            To::Xlf => "application/x-xliff+xml",
            To::Xliff2 => "application/xliff+xml",
            To::Po => "text/x-gettext-translation",
        }
    }

    /// Makes the file in the pool that it is called for; nothing if there is no such unit.
    pub fn fulfil(&self, memory: &Memory, workers: &Workers, progress: Progress) -> Result<Option<Product>, Trouble> {
        let parcel = Parcel::new(self.file_name())?;
        let options = self.options(progress);
        let problem = |problem: &dhakira::Error| anstream::eprintln!("dhakira: {problem}");
        let delivered = workers.run(|| export(memory, &options, parcel.path(), problem))?;
        let (media_type, name) = (self.media_type(), self.file_name());
        Ok(delivered.map(|delivered| Product { parcel, media_type, name, units: delivered.units }))
    }
}

/// The file at once, for somebody who waits for it.
pub async fn at_once(desk: &Arc<Desk>, memory: Memory, wish: Wish) -> Result<Option<Product>, Trouble> {
    desk.read_with(move |_, workers| wish.fulfil(&memory, workers, Progress::default())).await?
}

/// The file of the first memory while nobody waits for it; gives the job at once.
pub fn begin(desk: &Arc<Desk>, wish: Wish) -> Result<Job, Trouble> {
    let memory = desk.memory().clone();
    let library = desk.library()?;
    let units = library.snapshots().find(|(folder, _)| *folder == memory.folder()).map_or(0, |(_, held)| held.len());
    let (job, progress) = desk.jobs.export(memory.folder(), wish.file_name().to_owned(), units as u64);
    let (desk, id) = (Arc::clone(desk), job.id.clone());
    tokio::spawn(async move {
        let (here, begun) = (Arc::clone(&desk), id.clone());
        let made = desk.work_long(move |workers| {
            here.jobs.run(&begun);
            wish.fulfil(&memory, workers, progress)
        });
        let made = made.await.and_then(|made| made);
        desk.jobs.exported(&id, made);
    });
    Ok(job)
}
