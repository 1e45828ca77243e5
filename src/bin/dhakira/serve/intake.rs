//! Files that are sent in, and how they become part of the memory.

use super::desk::Desk;
use super::jobs::Job;
use super::parcel::Parcel;
use super::trouble::Trouble;
use dhakira::memory::{Memory, Moment, Writer};
use dhakira::task::{Duplicates, ImportOptions, Imported, Known, Progress, SourceOptions, import};
use std::sync::Arc;

/// How files are taken into the memory.
#[derive(Debug, Default)]
pub struct Intake {
    pub duplicates: Duplicates,
    /// Whether cells of tables have apostrophes before what a spreadsheet would take for formulas.
    pub formulas_guarded: bool,
    /// Only what would happen is told.
    pub dry_run: bool,
    /// How far it is.
    pub progress: Progress,
}

impl Intake {
    /// Takes a file into the memory that `writer` writes to.
    pub fn take(
        &self,
        memory: &Memory,
        parcel: &Parcel,
        writer: &mut Writer,
        when: Moment,
    ) -> Result<Imported, Trouble> {
        let mut source = SourceOptions::default();
        source.bitext.formulas_guarded = self.formulas_guarded;
        let options = ImportOptions { source, duplicates: self.duplicates, progress: self.progress.clone() };
        let mut known = match self.duplicates {
            Duplicates::Overwrite => Known::of(&memory.snapshot()?, Duplicates::Overwrite),
            duplicates => Known::of_memory(memory, duplicates, |_| {})?,
        };
        let writer = (!self.dry_run).then_some((writer, when));
        Ok(import(parcel.path(), &options, writer, &mut known)?)
    }
}

/// Imports a file while nobody waits for it; gives the job at once.
pub fn begin(
    desk: &Arc<Desk>,
    memory: Memory,
    name: String,
    parcel: Parcel,
    bytes: u64,
    intake: Intake,
) -> Result<Job, Trouble> {
    desk.may_write()?;
    let (job, progress) = desk.jobs.import(memory.folder(), name, bytes);
    let intake = Intake { progress, ..intake };
    let (desk, id) = (Arc::clone(desk), job.id.clone());
    tokio::spawn(async move {
        let (here, begun, to) = (Arc::clone(&desk), id.clone(), memory.clone());
        let done = desk.write_long(memory, move |_, writer, when| {
            here.jobs.run(&begun);
            intake.take(&to, &parcel, writer, when)
        });
        let done = done.await;
        desk.jobs.imported(&id, done);
    });
    Ok(job)
}
