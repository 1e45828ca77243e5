//! The threads: one pool, a value handed in, results in input order.

use rayon::prelude::*;

/// A pool of threads.
///
/// Whatever runs on it gives the same answer with any number of threads: work items do not see each other, and results come
/// back in the order of the items.
#[derive(Debug)]
pub struct Workers {
    pool: rayon::ThreadPool,
}

/// How many items a window holds for each thread: enough to even out long and short ones, few enough to keep memory flat.
const ITEMS_PER_THREAD: usize = 16;

impl Workers {
    /// A pool of `threads` threads; 0 means one for each core.
    ///
    /// Where the system refuses new threads, there is one: slower, with the same answers.
    pub fn new(threads: usize) -> Workers {
        let build = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build();
        let alone = || rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
        let pool = build(threads).or_else(|_| alone()).expect("a pool of the current thread alone starts no thread");
        Workers { pool }
    }

    /// How many threads there are.
    pub fn threads(&self) -> usize {
        self.pool.current_num_threads()
    }

    /// How many items [`Workers::run_all`] works on before it hands their results on.
    pub(super) fn window(&self) -> usize {
        ITEMS_PER_THREAD * self.threads()
    }

    /// Runs `work` inside the pool, so that what it does in parallel is done by these threads.
    pub fn run<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        self.pool.install(work)
    }

    /// Does `work` on every item, in windows of bounded size, and hands the results to `take` in the order of the items.
    ///
    /// # Errors
    ///
    /// The first error of `take` ends the run.
    ///
    /// ```
    /// use dhakira::task::Workers;
    /// let mut lengths = Vec::new();
    /// let words = ["ذاكرة", "ترجمة", "نص"];
    /// Workers::new(2).run_all(words, |w| w.chars().count(), |n| { lengths.push(n); Ok::<(), ()>(()) })?;
    /// assert_eq!(lengths, [5, 5, 2]);
    /// # Ok::<(), ()>(())
    /// ```
    pub fn run_all<T: Send, R: Send, E>(
        &self,
        items: impl IntoIterator<Item = T>,
        work: impl Fn(T) -> R + Sync,
        mut take: impl FnMut(R) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut items = items.into_iter();
        loop {
            let window: Vec<T> = items.by_ref().take(self.window()).collect();
            if window.is_empty() {
                return Ok(());
            }
            let results: Vec<R> = self.pool.install(|| window.into_par_iter().map(&work).collect());
            results.into_iter().try_for_each(&mut take)?;
        }
    }
}
