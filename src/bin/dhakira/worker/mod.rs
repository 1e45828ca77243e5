//! `dhakira worker`: JSON lines in, JSON lines out, in their order, for engines that run many of us.

mod answer;
mod arrivals;
mod request;

use crate::align::How;
use crate::args::Worker as Args;
use crate::choice::TaskName;
use crate::options::General;
use crate::suggester::Suggester;
use crate::talk::Talk;
use crate::{Ending, input};
use answer::Answerer;
use anyhow::Result;
use arrivals::Arrivals;
use dhakira::Error;
use dhakira::check::Checks;
use dhakira::encoder::Encoder;
use dhakira::error::in_line;
use dhakira::segment::Rules;
use dhakira::task::Workers;
use request::Request;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

/// How many lines are answered before the answers go out, for each thread; fewer if no more have come.
const LINES_PER_THREAD: usize = 16;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    // Whoever runs many of us has a core for each.
    let workers = Workers::new(general.threads.max(1));
    let encoder = args.linking.model.as_deref().map(Encoder::open).transpose()?;
    let how = How::new(&args.linking, encoder.as_ref())?;
    let scorer = how.scorer();
    let mut answerer = Answerer {
        args,
        how: &how,
        scorer: scorer.as_ref(),
        rules: Rules::default(),
        checks: Checks::default(),
        suggester: Suggester::new(&args.suggesting)?,
        library: None,
        workers: &workers,
    };
    let longest = (args.max_line as usize) << 20;
    let mut out = BufWriter::new(io::stdout().lock());
    for path in input::or_stdin(&args.files) {
        let (arrivals, path): (_, Arc<Path>) = match opened(&path, longest) {
            Ok(opened) => opened,
            Err(error) => {
                talk.error(error);
                continue;
            }
        };
        while let Some(first) = arrivals.wait() {
            let mut room = longest;
            let more = std::iter::from_fn(|| arrivals.ready(&mut room));
            let window = std::iter::once(first).chain(more).take(LINES_PER_THREAD * workers.threads());
            let mut requests = Vec::new();
            workers.run_all(
                window,
                |arrival| Request::read(arrival.line, arrival.text, args.task, longest),
                |request| {
                    requests.extend(request);
                    Ok::<(), io::Error>(())
                },
            )?;
            let asks_memory = |request: &Request| matches!(&request.asked, Ok((TaskName::Match, _)));
            if answerer.library.is_none() && requests.iter().any(asks_memory) {
                let library = workers.run(|| answerer.suggester.library());
                if let Ok(library) = &library {
                    library.problems().iter().for_each(|problem| talk.error(problem));
                }
                answerer.library = Some(library.map_err(|error| format!("{error:#}")));
            }
            workers.run_all(
                requests,
                |request| answerer.answer(request, &path),
                |answer| {
                    if let Some(why) = answer.failed {
                        talk.error(format_args!("{}: {why}", in_line(&path)));
                    }
                    out.write_all(answer.text.as_bytes())?;
                    out.write_all(b"\n")
                },
            )?;
            out.flush()?;
        }
    }
    Ok(Ending::Done)
}

/// The lines of a file or of stdin, and what it is called.
fn opened(path: &Path, longest: usize) -> Result<(Arrivals, Arc<Path>), Error> {
    if path == Path::new("-") {
        return Ok((Arrivals::of(|| io::stdin().lock(), longest), Path::new("stdin").into()));
    }
    let file = File::open(path).map_err(|e| Error::io("read", path, e))?;
    Ok((Arrivals::of(move || BufReader::new(file), longest), path.into()))
}
