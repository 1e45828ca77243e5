//! Files that are sent in, and how they become part of the memory.

use super::desk::Desk;
use super::jobs::{Job, JobReport, JobState};
use super::trouble::Trouble;
use dhakira::memory::{Memory, Moment, Writer};
use dhakira::task::{Duplicates, ImportOptions, Imported, Known, SourceOptions, import};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// A file that was sent in, under a name of its own; gone when nobody holds it.
#[derive(Debug)]
pub struct Parcel {
    path: PathBuf,
    _folder: TempDir,
}

impl Parcel {
    /// Room for a file of this name: of what the sender calls it, letters, digits and the ending stay.
    pub fn new(name: &str) -> Result<Parcel, Trouble> {
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let plain = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' };
        let kept: String = last.chars().skip(last.chars().count().saturating_sub(80)).map(plain).collect();
        let kept = kept.trim_start_matches(['.', '-']);
        let folder = tempfile::tempdir().map_err(Trouble::internal)?;
        let path = folder.path().join(if kept.is_empty() { "upload.tmx" } else { kept });
        Ok(Parcel { path, _folder: folder })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// How files are taken into the memory.
#[derive(Debug, Default)]
pub struct Intake {
    pub duplicates: Duplicates,
    /// Only what would happen is told.
    pub dry_run: bool,
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
        let source = SourceOptions::default();
        let options = ImportOptions { source, duplicates: self.duplicates };
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
    let job = desk.jobs.begin(memory.folder(), name, bytes);
    let (desk, id) = (Arc::clone(desk), job.id.clone());
    tokio::spawn(async move {
        let (here, begun, to) = (Arc::clone(&desk), id.clone(), memory.clone());
        let done = desk.write_long(memory, move |_, writer, when| {
            here.jobs.change(&begun, |job| job.state = JobState::Running);
            intake.take(&to, &parcel, writer, when)
        });
        let done = done.await;
        desk.jobs.change(&id, |job| match &done {
            Ok(imported) => (job.state, job.report) = (JobState::Done, Some(JobReport::of(imported))),
            Err(trouble) => (job.state, job.error) = (JobState::Failed, Some(trouble.message.clone())),
        });
    });
    Ok(job)
}
