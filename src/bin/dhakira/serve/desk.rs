//! The desk: what all requests share: the memories as they are now, the one pen, the threads.

use super::jobs::Jobs;
use super::limits::Limits;
use super::lock::locked;
use super::metrics::Metrics;
use super::trouble::Trouble;
use crate::wire::TermRecord;
use axum::http::StatusCode;
use dhakira::Lang;
use dhakira::glossary::Glossary;
use dhakira::memory::{Library, Memory, Moment, Writer};
use dhakira::task::Workers;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

/// How often the folders are looked at, for what other processes wrote.
const LOOK: Duration = Duration::from_millis(100);
/// How long a write waits for another process to be done with the memory.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long the pen is kept after a write, so that the next one is quick and other processes may write too.
const KEPT: Duration = Duration::from_secs(2);

/// What all requests share.
#[derive(Debug)]
pub struct Desk {
    /// What readers see: they never wait for a look at the folders, even if it has to make the index of a large new file.
    shown: Mutex<Arc<Library>>,
    /// Held while somebody looks; whether the last look failed.
    looking: Mutex<Option<String>>,
    /// By folder.
    pens: Mutex<HashMap<PathBuf, Arc<Turn>>>,
    /// Where new units go: the first memory.
    memory: Memory,
    /// For what somebody waits for.
    workers: Workers,
    /// For what takes long: one thread, so that who types is served beside it.
    background: Workers,
    /// For looking at the folders.
    watch: Workers,
    /// Terms, if there are any.
    glossary: Option<Glossary>,
    /// Whether nobody may write.
    read_only: bool,
    pub limits: Limits,
    pub jobs: Jobs,
    pub metrics: Metrics,
}

/// Who has it writes, one after the other.
type Turn = tokio::sync::Mutex<Option<Pen>>;

#[derive(Debug)]
struct Pen {
    writer: Writer,
    used: Instant,
}

impl Desk {
    pub fn new(library: Library, memory: Memory, threads: usize, read_only: bool, limits: Limits) -> Desk {
        Desk {
            shown: Mutex::new(Arc::new(library)),
            looking: Mutex::default(),
            pens: Mutex::default(),
            memory,
            workers: Workers::new(threads),
            background: Workers::new(1),
            watch: Workers::new(1),
            glossary: None,
            read_only,
            limits,
            jobs: Jobs::default(),
            metrics: Metrics::default(),
        }
    }

    /// With terms.
    pub fn with_glossary(self, glossary: Option<Glossary>) -> Desk {
        Desk { glossary, ..self }
    }

    /// The terms.
    pub fn glossary(&self) -> &Option<Glossary> {
        &self.glossary
    }

    /// The terms in a text, if there is a glossary.
    pub fn terms(&self, lang: Lang, text: &str) -> Option<Vec<TermRecord>> {
        let hits = self.glossary.as_ref()?.hits(lang, text);
        Some(hits.iter().map(|hit| TermRecord::new(hit, lang)).collect())
    }

    /// The memories: with all that was acknowledged here, and what other processes wrote up to a moment ago.
    pub fn library(&self) -> Result<Arc<Library>, Trouble> {
        // Somebody who is looking does not know yet.
        if let Ok(failed) = self.looking.try_lock()
            && let Some(why) = &*failed
        {
            return Err(Trouble::internal(why));
        }
        Ok(Arc::clone(&locked(&self.shown)))
    }

    /// Looks at the folders; what is there is shown from then on.
    pub fn look(&self) -> Result<(), Trouble> {
        self.look_with(&self.watch)
    }

    fn look_with(&self, workers: &Workers) -> Result<(), Trouble> {
        let mut failed = locked(&self.looking);
        let mut library = Library::clone(&locked(&self.shown));
        let looked = workers.run(|| library.refresh());
        *failed = looked.as_ref().err().map(ToString::to_string);
        looked?;
        *locked(&self.shown) = Arc::new(library);
        Ok(())
    }

    /// Looks at the folders again and again, and lets others write when nobody here does.
    pub async fn keep_watch(self: Arc<Self>) {
        let mut tick = tokio::time::interval(LOOK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            self.lay_down_pen();
            let desk = Arc::clone(&self);
            // What went wrong is told to the next who asks.
            let _ = aside(move || desk.look()).await;
        }
    }

    /// Does what somebody waits for, away from the threads that talk to the network.
    pub async fn read<R: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Library) -> R + Send + 'static,
    ) -> Result<R, Trouble> {
        let desk = Arc::clone(self);
        aside(move || {
            let library = desk.library()?;
            Ok(desk.workers.run(|| work(&library)))
        })
        .await
    }

    /// [`Desk::read`] for work that shares itself out among the threads.
    pub async fn read_with<R: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Library, &Workers) -> R + Send + 'static,
    ) -> Result<R, Trouble> {
        let desk = Arc::clone(self);
        aside(move || Ok(work(&*desk.library()?, &desk.workers))).await
    }

    /// Does what needs no memory.
    pub async fn work<R: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R, Trouble> {
        let desk = Arc::clone(self);
        aside(move || Ok(desk.workers.run(work))).await
    }

    /// Does what needs no memory and takes long, beside what somebody waits for.
    pub async fn work_long<R: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Workers) -> R + Send + 'static,
    ) -> Result<R, Trouble> {
        let desk = Arc::clone(self);
        aside(move || Ok(work(&desk.background))).await
    }

    /// Writes, one request after the other; `work` sees the memories as they are at that moment.
    pub async fn write<R: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Library, &mut Writer, Moment) -> Result<R, Trouble> + Send + 'static,
    ) -> Result<R, Trouble> {
        self.write_in(self.memory.clone(), work).await
    }

    /// The same, to another memory.
    pub async fn write_in<R: Send + 'static>(
        self: &Arc<Self>,
        memory: Memory,
        work: impl FnOnce(&Library, &mut Writer, Moment) -> Result<R, Trouble> + Send + 'static,
    ) -> Result<R, Trouble> {
        self.write_with(memory, |desk| &desk.workers, work).await
    }

    /// Whether anything may be written at all.
    pub fn may_write(&self) -> Result<(), Trouble> {
        if self.read_only { Err(Trouble::read_only()) } else { Ok(()) }
    }

    /// The same, beside what somebody waits for.
    pub async fn write_long<R: Send + 'static>(
        self: &Arc<Self>,
        memory: Memory,
        work: impl FnOnce(&Library, &mut Writer, Moment) -> Result<R, Trouble> + Send + 'static,
    ) -> Result<R, Trouble> {
        self.write_with(memory, |desk| &desk.background, work).await
    }

    async fn write_with<R: Send + 'static>(
        self: &Arc<Self>,
        memory: Memory,
        workers: fn(&Desk) -> &Workers,
        work: impl FnOnce(&Library, &mut Writer, Moment) -> Result<R, Trouble> + Send + 'static,
    ) -> Result<R, Trouble> {
        self.may_write()?;
        // Who waits for the pen holds no thread.
        let pen = Arc::clone(locked(&self.pens).entry(memory.folder().to_path_buf()).or_default());
        let mut pen = pen.lock_owned().await;
        let desk = Arc::clone(self);
        aside(move || {
            let held = match &mut *pen {
                Some(held) => held,
                none => {
                    let held = none.insert(Pen { writer: memory.writer_waiting(PATIENCE)?, used: Instant::now() });
                    // Others may have written until now.
                    desk.look_with(workers(&desk))?;
                    held
                }
            };
            let library = desk.library()?;
            let writer = &mut held.writer;
            let done = workers(&desk).run(|| work(&library, writer, Moment::from(SystemTime::now())));
            held.used = Instant::now();
            // Before it is acknowledged. If it fails, the next who asks is told.
            let _ = desk.look_with(workers(&desk));
            done
        })
        .await
    }

    /// Copies the files of a memory into a new folder, which appears when it is whole.
    pub async fn copy_memory(self: &Arc<Self>, memory: Memory, to: PathBuf) -> Result<(), Trouble> {
        let from = memory.clone();
        self.write_in(memory, move |_, _, _| {
            let draft = hidden_beside(&to)?;
            std::fs::create_dir(&draft).map_err(Trouble::internal)?;
            let copied = from.files()?.into_iter().try_for_each(|file| {
                let copy = draft.join(file.file_name().unwrap_or_default());
                std::fs::copy(&file, &copy).and_then(|_| on_disk(&copy))
            });
            let moved = copied.and_then(|()| on_disk(&draft)).and_then(|()| std::fs::rename(&draft, &to));
            match moved.and_then(|()| on_disk(to.parent().unwrap_or(&to))) {
                Ok(()) => Ok(()),
                Err(error) => {
                    let _ = std::fs::remove_dir_all(&draft);
                    Err(Trouble::internal(error))
                }
            }
        })
        .await
    }

    /// Removes a memory below the first one, with its folder. One that has other files in it, or memories below it, stays.
    pub async fn remove_memory(self: &Arc<Self>, memory: Memory) -> Result<(), Trouble> {
        let folder = memory.folder().to_path_buf();
        if folder == self.memory.folder() {
            return Err(Trouble::new(StatusCode::CONFLICT, "first", "the first memory holds the others and stays"));
        }
        let gone = self
            .write_in(memory, move |_, _, _| {
                let entries = std::fs::read_dir(&folder).map_err(Trouble::internal)?;
                let is_ours = |path: &Path| {
                    let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
                    is_hidden || (path.is_file() && path.extension().is_some_and(|ending| ending == "tmx"))
                };
                for entry in entries {
                    if !is_ours(&entry.map_err(Trouble::internal)?.path()) {
                        let message = "there is more in its folder than a memory; remove that first";
                        return Err(Trouble::new(StatusCode::CONFLICT, "not-empty", message));
                    }
                }
                // Its name goes first, at once; then what was in it.
                let gone = hidden_beside(&folder)?;
                std::fs::rename(&folder, &gone).map_err(Trouble::internal)?;
                on_disk(folder.parent().unwrap_or(&folder)).map_err(Trouble::internal)?;
                Ok((folder, gone))
            })
            .await;
        let (folder, gone) = gone?;
        // The pen, and the lock that it holds, are of a folder that is no more.
        locked(&self.pens).remove(&folder);
        aside(move || std::fs::remove_dir_all(&gone).map_err(Trouble::internal)).await
    }

    /// Lets others write, if nobody here has for a while.
    fn lay_down_pen(&self) {
        for pen in locked(&self.pens).values() {
            if let Ok(mut pen) = pen.try_lock()
                && pen.as_ref().is_some_and(|pen| pen.used.elapsed() > KEPT)
            {
                *pen = None;
            }
        }
    }

    /// The name that a folder has outside: its place on the server is nobody's business.
    pub fn label(&self, folder: &Path) -> String {
        let top = self.memory.folder();
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        match folder.strip_prefix(top) {
            Ok(below) if !below.as_os_str().is_empty() => below.to_string_lossy().into_owned(),
            _ => name(folder).unwrap_or_else(|| "tmx".to_owned()),
        }
    }

    /// The memory that is written to.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }
}

/// A name beside that folder that no memory has.
fn hidden_beside(folder: &Path) -> Result<PathBuf, Trouble> {
    let parent = folder.parent().ok_or_else(|| Trouble::internal("a memory has a folder around it"))?;
    Ok(parent.join(format!(".{}", Uuid::new_v4())))
}

/// Brings a file, or on Unix the names in a folder, to the disk.
fn on_disk(path: &Path) -> std::io::Result<()> {
    if cfg!(unix) || path.is_file() { std::fs::File::open(path)?.sync_all() } else { Ok(()) }
}

/// Runs what blocks on a thread for that.
async fn aside<R: Send + 'static>(work: impl FnOnce() -> Result<R, Trouble> + Send + 'static) -> Result<R, Trouble> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(Trouble::internal(error)),
    }
}
