//! Work that outlives its request: imports, with what became of them.

use super::lock::locked;
use super::trouble::reason;
use crate::wire::{ErrorBody, ImportCounts, LeftOutRecord};
use dhakira::task::{Imported, SetAside};
use serde::Serialize;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use utoipa::ToSchema;
use uuid::Uuid;

/// How many jobs are remembered.
const REMEMBERED: usize = 1_000;
/// How many rejected units are told one by one.
const TOLD: usize = 100;

/// The jobs, the oldest first.
#[derive(Debug, Default)]
pub struct Jobs {
    all: Mutex<VecDeque<Job>>,
}

/// An import.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Job {
    /// Its id.
    pub id: String,
    pub state: JobState,
    /// The name of the file.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// What became of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<JobReport>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Of which memory.
    #[serde(skip)]
    folder: PathBuf,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    Waiting,
    Running,
    Done,
    Failed,
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

impl Jobs {
    /// A job as it stands.
    pub fn get(&self, id: &str) -> Option<Job> {
        locked(&self.all).iter().find(|job| job.id == id).cloned()
    }

    /// The last one of a memory.
    pub fn last_of(&self, folder: &Path) -> Option<Job> {
        locked(&self.all).iter().rev().find(|job| job.folder == folder).cloned()
    }

    /// Whether any is at work.
    pub fn are_done(&self) -> bool {
        locked(&self.all).iter().all(|job| matches!(job.state, JobState::Done | JobState::Failed))
    }

    /// A new job.
    pub fn begin(&self, folder: &Path, name: String, bytes: u64) -> Job {
        let id = Uuid::new_v4().to_string();
        let job =
            Job { id, state: JobState::Waiting, name, bytes, report: None, error: None, folder: folder.to_path_buf() };
        let mut all = locked(&self.all);
        if all.len() == REMEMBERED {
            all.pop_front();
        }
        all.push_back(job.clone());
        job
    }

    /// Changes a job.
    pub fn change(&self, id: &str, change: impl FnOnce(&mut Job)) {
        if let Some(job) = locked(&self.all).iter_mut().find(|job| job.id == id) {
            change(job);
        }
    }
}
