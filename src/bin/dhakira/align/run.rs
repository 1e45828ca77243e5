//! One run over many pairs: what is written, filtered, counted and said, pair by pair.

use super::form::{bytes_of_units, file_name};
use super::{doubt, explain, println_json, report};
use crate::args::Align as Args;
use crate::delivery::Rejects;
use crate::talk::Talk;
use crate::wire::{ErrorBody, ErrorRecord};
use anyhow::Result;
use dhakira::task::AlignedPair;
use dhakira::task::batch::{Candidate, Filter, Journal, Outcome, Report, Shards, Verdict};
use dhakira::unit::Unit;
use std::path::Path;

/// What a worker makes of a pair.
pub enum Formed {
    Withheld,
    /// A file of its own.
    File(Vec<u8>),
    /// Units, to be judged, and put with others perhaps.
    Units(Vec<Candidate>),
}

/// What a run holds.
pub struct Run<'a> {
    pub args: &'a Args,
    pub output: &'a Path,
    pub journal: &'a Journal,
    pub shards: Option<Shards>,
    pub filter: Filter,
    pub rejects: Rejects,
    pub report: Report,
    /// Pairs of which something was written.
    pub done: u64,
    /// Files with the units of several pairs that are whole.
    pub files: u64,
    pub talk: &'a Talk,
}

impl Run<'_> {
    /// Writes and says what became of one pair.
    pub fn take(&mut self, outcome: Outcome<Formed>) -> Result<()> {
        let Outcome { name, kept, result } = outcome;
        let (aligned, formed) = match result {
            Ok(done) => *done,
            Err(error) => {
                self.report.fail(&name, &error);
                self.talk.error(&error);
                if self.args.json {
                    println_json(&ErrorRecord { id: name.into(), error: ErrorBody::from(&error) })?;
                }
                return Ok(());
            }
        };
        explain(&aligned, self.args, self.talk);
        doubt(&aligned, self.talk);
        let mut verdicts = Vec::new();
        let mut units = aligned.alignment.beads.iter().filter(|b| b.is_two_sided()).count();
        let mut written = None;
        // A full disk fails for this pair and for all that follow: that is an end, and every file there is whole.
        match formed {
            Formed::Withheld => units = 0,
            Formed::File(bytes) => {
                let name = file_name(&aligned.name, self.args.to);
                self.journal.write(&name, &bytes)?;
                written = Some(self.output.join(name));
            }
            Formed::Units(candidates) => {
                let kept;
                (kept, verdicts) = self.judge(candidates)?;
                units = kept.len();
                written = self.write(&aligned, &kept)?.map(|name| self.output.join(name));
            }
        }
        self.report.add(&aligned, units as u64, kept, &verdicts);
        self.done += u64::from(written.is_some());
        if self.args.json {
            let filtered = verdicts.iter().filter(|verdicts| !verdicts.is_empty()).count();
            let report = report(&aligned, written.as_deref(), kept);
            println_json(&crate::wire::AlignReport { units, filtered, ..report })?;
        }
        Ok(())
    }

    /// The units that stay, and what was said of each.
    fn judge(&mut self, candidates: Vec<Candidate>) -> Result<(Vec<Unit>, Vec<Vec<Verdict>>)> {
        // Documents are told apart by their number; after four thousand million they would be mistaken for others.
        let document = self.report.pairs as u32;
        let (mut units, mut said) = (Vec::with_capacity(candidates.len()), Vec::with_capacity(candidates.len()));
        for candidate in candidates {
            let verdicts = self.filter.judge(&candidate, document);
            if verdicts.is_empty() {
                units.push(candidate.unit);
            } else if self.args.mark {
                units.push(candidate.marked(&verdicts));
            } else {
                self.rejects.write(&candidate.rejected(&verdicts))?;
            }
            said.push(verdicts);
        }
        Ok((units, said))
    }

    /// The name of the file that the units are in, if there are any.
    fn write(&mut self, aligned: &AlignedPair, units: &[Unit]) -> Result<Option<std::path::PathBuf>> {
        let Some(shards) = &mut self.shards else {
            let name = file_name(&aligned.name, self.args.to);
            self.journal.write(&name, &bytes_of_units(&aligned.name, units, self.args.to)?)?;
            return Ok(Some(name));
        };
        let (journal, files) = (self.journal, &mut self.files);
        Ok(shards.write(aligned.facts.source.as_deref(), units, |name, _| {
            *files += 1;
            journal.note(name)
        })?)
    }

    /// Ends the files that hold units of several pairs.
    pub fn finish_shards(&mut self) -> Result<()> {
        let Some(shards) = self.shards.take() else { return Ok(()) };
        let (journal, files) = (self.journal, &mut self.files);
        Ok(shards.finish(|name, _| {
            *files += 1;
            journal.note(name)
        })?)
    }
}
