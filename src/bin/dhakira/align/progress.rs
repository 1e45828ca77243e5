//! How far a batch is: a bar on a terminal, JSON lines for a program, nothing in a pipe.

use super::form::rounded;
use crate::choice::ProgressForm;
use crate::options::General;
use crate::wire::ProgressRecord;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::{Duration, Instant};

/// Counts what is done, and shows it.
pub struct Progress {
    bar: ProgressBar,
    /// When the next line of JSON is due, if they are wanted.
    due: Option<Instant>,
    started: Instant,
    done: u64,
    failed: u64,
    kept: u64,
    fraction: Option<f64>,
}

/// How the parts of the bar are counted.
const PARTS: u64 = 10_000;
/// How often a program is told.
const EVERY: Duration = Duration::from_secs(1);

impl Progress {
    pub fn new(form: ProgressForm, general: &General) -> Progress {
        let shown = form == ProgressForm::Auto && !general.quiet;
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let now = Instant::now();
        Progress {
            bar: ProgressBar::with_draw_target(None, target),
            due: (form == ProgressForm::Json).then_some(now + EVERY),
            started: now,
            done: 0,
            failed: 0,
            kept: 0,
            fraction: None,
        }
    }

    /// One more pair is done, or failed; `kept` of one that an earlier run had done, `fraction` of the input taken.
    pub fn step(&mut self, failed: bool, kept: bool, fraction: Option<f64>) {
        self.done += 1;
        self.failed += u64::from(failed);
        self.kept += u64::from(kept);
        self.fraction = fraction;
        if let Some(due) = &mut self.due {
            let now = Instant::now();
            if now >= *due {
                *due = now + EVERY;
                self.tell();
            }
        }
        if self.bar.is_hidden() {
            return;
        }
        if let (Some(fraction), None) = (fraction, self.bar.length()) {
            _ = fraction;
            self.bar.set_length(PARTS);
            let template = "{bar:30} {percent:>3} %  {msg}  {eta} left";
            self.bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
        }
        if let Some(fraction) = fraction {
            self.bar.set_position((fraction * PARTS as f64) as u64);
        }
        self.bar.set_message(format!("{} pairs, {} failed, {:.0}/s", self.done, self.failed, self.rate()));
        self.bar.tick();
    }

    /// Says something while the bar is out of the way.
    pub fn aside<R>(&self, say: impl FnOnce() -> R) -> R {
        self.bar.suspend(say)
    }

    /// The last word.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
        if self.due.is_some() {
            self.tell();
        }
    }

    fn rate(&self) -> f64 {
        self.done as f64 / self.started.elapsed().as_secs_f64().max(1e-3)
    }

    fn tell(&self) {
        let seconds = self.started.elapsed().as_secs_f64();
        let left = self.fraction.filter(|f| *f > 0.0).map(|f| (seconds * (1.0 - f) / f * 10.0).round() / 10.0);
        let record = ProgressRecord {
            kind: "progress",
            done: self.done,
            failed: self.failed,
            kept: self.kept,
            fraction: self.fraction.map(rounded),
            per_second: (self.rate() * 10.0).round() / 10.0,
            seconds_left: left,
        };
        let line = serde_json::to_string(&record).expect("numbers that are finite are always JSON");
        anstream::eprintln!("{line}");
    }
}
