//! `dhakira history`: what a unit said before.

use crate::Ending;
use crate::args::History as Args;
use crate::options::General;
use crate::talk::Talk;
use crate::terminal::{Look, Style};
use crate::wire::VersionRecord;
use anyhow::Result;
use dhakira::Lang;
use dhakira::error::in_line;
use dhakira::memory::Memory;
use dhakira::task::Workers;
use std::io::Write;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let memory = Memory::open(args.memory.folder())?;
    let snapshot = Workers::new(general.threads).run(|| memory.snapshot())?;
    snapshot.problems().iter().for_each(|problem| talk.error(problem));
    let versions = snapshot.history(&args.id);
    let look = Look::new(general);
    let mut out = look.stdout();
    for version in &versions {
        let side = |lang| version.unit.text_of(lang).unwrap_or_default();
        let (ar, en) = (side(Lang::Ar), side(Lang::En));
        let file = version.file.file_name().unwrap_or_default().to_string_lossy();
        if args.json {
            let (state, changed) = (version.state.name(), version.changed());
            let record = VersionRecord { id: &args.id, state, changed, memory: &file, ar: &ar, en: &en };
            writeln!(out, "{}", serde_json::to_string(&record)?)?;
            continue;
        }
        let changed = version.changed().unwrap_or("no date");
        writeln!(out, "{changed}  {}  {}", version.state.name(), look.paint(Style::Dim, &file))?;
        writeln!(out, "       ar  {}\n       en  {}", look.side(Lang::Ar, &ar), look.side(Lang::En, &en))?;
    }
    if versions.is_empty() {
        talk.note(format_args!("{}: no unit ever had the id {:?}", in_line(memory.folder()), args.id));
        return Ok(Ending::Nothing);
    }
    Ok(Ending::Done)
}
