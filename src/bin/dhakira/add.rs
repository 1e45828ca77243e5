//! `dhakira add`: one unit into the memory, new or in the place of an older one.

use crate::Ending;
use crate::args::Add as Args;
use crate::options::General;
use crate::talk::Talk;
use crate::wire::Changed;
use anyhow::Result;
use dhakira::Lang;
use dhakira::error::in_line;
use dhakira::memory::{Memory, Moment};
use dhakira::task::Workers;
use dhakira::unit::{Meta, Seg, Unit, Variant};
use std::io::Write;
use std::time::SystemTime;

pub fn run(args: &Args, general: &General, talk: &Talk) -> Result<Ending> {
    let memory = Memory::create(args.memory.folder())?;
    let mut writer = memory.writer_waiting(args.writing.patience())?;
    let moment = Moment::from(SystemTime::now());
    let id = Workers::new(general.threads).run(|| match &args.id {
        None => writer.add(unit(args, Unit::default()), moment),
        Some(id) => {
            // What its older version says beside the texts stays.
            let mut older = memory.snapshot()?.unit_of(id).map(|unit| Unit::clone(&unit)).unwrap_or_default();
            older.set_attr("tuid", id);
            writer.add(unit(args, older), moment)
        }
    })?;
    if args.json {
        writeln!(std::io::stdout(), "{}", serde_json::to_string(&Changed { id: &id })?)?;
    } else {
        writeln!(std::io::stdout(), "{id}")?;
    }
    talk.note(format_args!("{}: 1 unit", in_line(memory.folder())));
    Ok(Ending::Done)
}

fn unit(args: &Args, mut unit: Unit) -> Unit {
    for (lang, text) in [(Lang::Ar, &args.ar), (Lang::En, &args.en)] {
        let seg = Seg::plain(text.as_str());
        match unit.variants.iter_mut().find(|variant| variant.tag.lang() == Some(lang)) {
            Some(variant) => variant.seg = seg,
            None => unit.variants.push(Variant::new(lang, seg)),
        }
    }
    if let Some(name) = &args.document {
        unit.meta.retain(|meta| meta.kind.as_deref() != Some("x-document"));
        unit.meta.insert(0, Meta::prop("x-document", name.as_str()));
    }
    unit
}
