//! The `dhakira` program: what the command line asks, done by the library, told to a person or a program.

#![forbid(unsafe_code)]

mod add;
mod align;
mod analyse;
mod args;
mod check;
mod choice;
mod clean;
mod compact;
mod concordance;
mod csv;
mod delivery;
mod diff;
mod explain;
mod export;
mod highlight;
mod history;
mod import;
mod input;
mod job;
mod learn;
mod markup;
#[cfg(feature = "serve")]
mod mcp;
mod merge;
mod options;
mod page;
mod pretranslate;
mod remove;
#[cfg(feature = "serve")]
mod serve;
mod split;
mod split_by;
mod stats;
mod suggest;
mod suggester;
mod talk;
mod terminal;
mod wire;
mod worker;

use args::{Cli, Command};
use clap::Parser;
use std::process::ExitCode;
use talk::Talk;

/// How a command ended, if it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Done, or found: 0.
    Done,
    /// Nothing found, or for `diff`: not alike: 1.
    Nothing,
    /// The work was done, and what it found is wrong: 2.
    Wrong,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let talk = Talk::new(&cli.general);
    let ending = match &cli.command {
        Command::Split(args) => split::run(args, &cli.general, &talk),
        Command::Align(args) => align::run(args, &cli.general, &talk),
        Command::Import(args) => import::run(args, &cli.general, &talk),
        Command::Export(args) => export::run(args, &cli.general, &talk),
        Command::Match(args) => suggest::run(args, &cli.general, &talk),
        Command::Concordance(args) => concordance::run(args, &cli.general, &talk),
        Command::Analyse(args) => analyse::run(args, &cli.general, &talk),
        Command::Pretranslate(args) => pretranslate::run(args, &cli.general, &talk),
        Command::Add(args) => add::run(args, &cli.general, &talk),
        Command::Remove(args) => remove::run(args, &cli.general, &talk),
        Command::History(args) => history::run(args, &cli.general, &talk),
        Command::Learn(args) => learn::run(args, &cli.general, &talk),
        Command::Compact(args) => compact::run(args, &cli.general, &talk),
        Command::Check(args) => check::run(args, &cli.general, &talk),
        Command::Clean(args) => clean::run(args, &cli.general, &talk),
        Command::Merge(args) => merge::run(args, &talk),
        Command::SplitBy(args) => split_by::run(args, &talk),
        Command::Diff(args) => diff::run(args, &cli.general, &talk),
        Command::Stats(args) => stats::run(args, &cli.general, &talk),
        Command::Worker(args) => worker::run(args, &cli.general, &talk),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(args, &cli.general, &talk),
        #[cfg(feature = "serve")]
        Command::Mcp(args) => mcp::run(args, &cli.general, &talk),
    };
    match ending {
        // Who reads us has seen enough (`| head`): that is success.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // An error of the library says what the system said; its chain would say it again.
            match error.downcast_ref::<dhakira::Error>() {
                Some(error) => talk.error(error),
                None => talk.error(format_args!("{error:#}")),
            }
            ExitCode::from(2)
        }
        Ok(Ending::Wrong) => ExitCode::from(2),
        Ok(_) if talk.failures() > 0 => ExitCode::from(2),
        Ok(Ending::Nothing) => ExitCode::from(1),
        Ok(Ending::Done) => ExitCode::SUCCESS,
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<std::io::Error>();
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        io.map(std::io::Error::kind).or(json) == Some(std::io::ErrorKind::BrokenPipe)
    })
}
