//! Work that outlives its request: imports and exports, how far they are, what became of them.

use super::lock::locked;
use super::parcel::Product;
use super::trouble::{Trouble, reason};
use crate::wire::{ErrorBody, ImportCounts, LeftOutRecord};
use dhakira::task::{Imported, Progress, SetAside};
use serde::Serialize;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use utoipa::ToSchema;
use uuid::Uuid;

/// How many jobs are remembered.
const REMEMBERED: usize = 1_000;
/// How many exported files are kept for whoever asked for them.
const KEPT: usize = 16;
/// How many rejected units are told one by one.
const TOLD: usize = 100;

/// The jobs, the oldest first.
#[derive(Debug, Default)]
pub struct Jobs {
    all: Mutex<VecDeque<Entry>>,
}

/// A job, and what only the server knows of it.
#[derive(Debug)]
struct Entry {
    job: Job,
    /// Of which memory.
    folder: PathBuf,
    progress: Progress,
    /// What `progress` is when all is done.
    whole: u64,
    product: Option<Arc<Product>>,
}

/// An import or an export.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Job {
    /// Its id.
    pub id: String,
    pub kind: JobKind,
    pub state: JobState,
    /// The name of the file.
    pub name: String,
    /// How much is done, 0 to 100: of an import by bytes of the file, of an export by units of the memory.
    pub percent: f64,
    /// The size of the file that came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// What became of an import.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<JobReport>,
    /// How many units went out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<u64>,
    /// Where the exported file is, as long as it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/v1/jobs/0b9f3c2e/file")]
    pub file: Option<String>,
    /// Why it failed: a short stable name, and a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobKind {
    Import,
    Export,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    Waiting,
    Running,
    Done,
    Failed,
    /// Somebody stopped it; nothing was written.
    Stopped,
}

impl JobState {
    /// Whether nothing more happens.
    pub fn is_over(self) -> bool {
        !matches!(self, JobState::Waiting | JobState::Running)
    }
}

/// What became of the units of a file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct JobReport {
    #[serde(flatten)]
    pub counts: ImportCounts,
    pub left_out: LeftOutRecord,
    /// How many units could not be read.
    pub rejected: usize,
    /// The first hundred of these.
    pub set_aside: Vec<ErrorBody>,
}

impl JobReport {
    pub fn of(imported: &Imported) -> JobReport {
        JobReport {
            counts: ImportCounts::from(imported),
            left_out: imported.left_out.into(),
            rejected: imported.set_aside.len(),
            set_aside: imported.set_aside.iter().take(TOLD).map(told).collect(),
        }
    }
}

fn told(aside: &SetAside) -> ErrorBody {
    ErrorBody { message: reason(&aside.error), ..ErrorBody::from(&aside.error) }
}

impl Entry {
    /// The job as it stands now.
    fn now(&self) -> Job {
        let mut job = self.job.clone();
        job.percent = match job.state {
            JobState::Waiting => 0.0,
            JobState::Done => 100.0,
            // What is counted last is on the disk a moment later.
            _ => (self.progress.done() as f64 * 1000.0 / self.whole.max(1) as f64).floor().min(999.0) / 10.0,
        };
        job.file = self.product.as_ref().map(|_| format!("/v1/jobs/{}/file", job.id));
        job
    }
}

impl Jobs {
    /// A job as it stands.
    pub fn get(&self, id: &str) -> Option<Job> {
        locked(&self.all).iter().find(|entry| entry.job.id == id).map(Entry::now)
    }

    /// The last import into a memory.
    pub fn last_of(&self, folder: &Path) -> Option<Job> {
        let is_its = |entry: &&Entry| entry.folder == folder && entry.job.kind == JobKind::Import;
        locked(&self.all).iter().rev().find(is_its).map(Entry::now)
    }

    /// The file that an export made.
    pub fn product(&self, id: &str) -> Option<Arc<Product>> {
        locked(&self.all).iter().find(|entry| entry.job.id == id).and_then(|entry| entry.product.clone())
    }

    /// Whether none is at work.
    pub fn are_done(&self) -> bool {
        locked(&self.all).iter().all(|entry| entry.job.state.is_over())
    }

    /// A new import of so many bytes.
    pub fn import(&self, folder: &Path, name: String, bytes: u64) -> (Job, Progress) {
        self.begin(JobKind::Import, folder, name, bytes)
    }

    /// A new export of a memory of so many units.
    pub fn export(&self, folder: &Path, name: String, units: u64) -> (Job, Progress) {
        self.begin(JobKind::Export, folder, name, units)
    }

    fn begin(&self, kind: JobKind, folder: &Path, name: String, whole: u64) -> (Job, Progress) {
        let job = Job {
            id: Uuid::new_v4().to_string(),
            kind,
            state: JobState::Waiting,
            name,
            percent: 0.0,
            bytes: (kind == JobKind::Import).then_some(whole),
            report: None,
            units: None,
            file: None,
            code: None,
            error: None,
        };
        let progress = Progress::default();
        let (folder, given) = (folder.to_path_buf(), (job.clone(), progress.clone()));
        let mut all = locked(&self.all);
        if all.len() == REMEMBERED {
            all.pop_front();
        }
        all.push_back(Entry { job, folder, progress, whole, product: None });
        given
    }

    /// It has begun.
    pub fn run(&self, id: &str) {
        self.change(id, |entry| entry.job.state = JobState::Running);
    }

    /// An import has come to its end.
    pub fn imported(&self, id: &str, done: Result<Imported, Trouble>) {
        self.change(id, |entry| match done {
            Ok(imported) => (entry.job.state, entry.job.report) = (JobState::Done, Some(JobReport::of(&imported))),
            Err(trouble) => entry.fail(trouble),
        });
    }

    /// An export has come to its end. Of the files that are kept for others the oldest ones go.
    pub fn exported(&self, id: &str, done: Result<Option<Product>, Trouble>) {
        self.change(id, |entry| match done {
            Ok(product) => {
                let units = product.as_ref().map_or(0, |product| product.units);
                (entry.job.state, entry.job.units) = (JobState::Done, Some(units));
                entry.product = product.map(Arc::new);
            }
            Err(trouble) => entry.fail(trouble),
        });
        let mut all = locked(&self.all);
        let kept = all.iter().filter(|entry| entry.product.is_some()).count();
        let with_file = all.iter_mut().filter(|entry| entry.product.is_some());
        with_file.take(kept.saturating_sub(KEPT)).for_each(|entry| entry.product = None);
    }

    /// Has a job stop, or drops the file of one that is done; gives it as it stands.
    pub fn stop(&self, id: &str) -> Option<Job> {
        self.change(id, |entry| {
            entry.progress.stop();
            entry.product = None;
        });
        self.get(id)
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = locked(&self.all).iter_mut().find(|entry| entry.job.id == id) {
            change(entry);
        }
    }
}

impl Entry {
    fn fail(&mut self, trouble: Trouble) {
        self.job.state = if trouble.code == "stopped" { JobState::Stopped } else { JobState::Failed };
        (self.job.code, self.job.error) = (Some(trouble.code), Some(trouble.message));
    }
}
