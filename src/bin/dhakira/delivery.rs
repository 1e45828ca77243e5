//! Where units go: files and stdout, the rejects beside them, and what is said about it.

use crate::options::Delivery;
use crate::talk::{Talk, counted, named};
use anyhow::Result;
use dhakira::Error;
use dhakira::bitext::{Kind, WriteOptions, XliffVersion};
use dhakira::error::in_line;
use dhakira::task::{self, Adaptation, Delivered, Output, OutputForm, OutputOptions, SetAside, SourceOptions};
use dhakira::tmx::Header;
use dhakira::unit::Unit;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

/// How units are written, as the command line says it.
pub fn options(delivery: &Delivery) -> Result<OutputOptions> {
    let mut bitext = WriteOptions { guard_formulas: delivery.guard_formulas, ..WriteOptions::default() };
    let form = match delivery.to.as_deref() {
        None => None,
        Some("xliff2" | "xlf2") => {
            bitext.xliff = XliffVersion::V2_0;
            Some(OutputForm::Bitext(Kind::Xliff))
        }
        Some(form) => Some(OutputForm::of(&PathBuf::from(format!("x.{form}")))?),
    };
    let adaptation = Adaptation {
        strip_codes: delivery.strip_codes,
        strip_bidi_controls: delivery.strip_bidi_controls,
        lang_map: delivery.lang_map.clone(),
        dialect: delivery.dialect.map(Into::into),
    };
    Ok(OutputOptions { form, adaptation, bitext })
}

/// The header for the units of all `files`; what they contradict each other in is said.
pub fn shared_header(files: &[PathBuf], options: &SourceOptions, talk: &Talk) -> Header {
    let shared = task::shared_header(files, options);
    headers_differ(&shared.dropped, talk);
    shared.header
}

/// Says what headers contradict each other in.
pub fn headers_differ(dropped: &[String], talk: &Talk) {
    if !dropped.is_empty() {
        talk.note(format_args!("the headers differ; left out of them: {}", dropped.join(", ")));
    }
}

/// Says how many comments of the files read are in no file written.
pub fn left_out(comments: u64, talk: &Talk) {
    if comments > 0 {
        let what = ("comment or processing instruction", "comments and processing instructions");
        talk.note(format_args!("{} outside units left out", named(comments, what.0, what.1)));
    }
}

/// A file, or stdout for `-`.
pub fn open(path: &Path, header: &Header, options: &OutputOptions) -> Result<Output, Error> {
    if path == Path::new("-") {
        let stdout = Box::new(BufWriter::new(io::stdout()));
        return Output::stream(stdout, Path::new("stdout"), header, options);
    }
    Output::create(path, header, options)
}

/// What was written and what of it changed, as the last line on stderr; `more` goes on it.
pub fn said(delivered: &Delivered, what: &Path, more: &str, talk: &Talk) {
    let adapted = &delivered.adapted;
    let changes = [
        (delivered.left_out, "unit without both sides left out", "units without both sides left out"),
        (delivered.repeated, "unit that says nothing new left out", "units that say nothing new left out"),
        (delivered.flattened, "text whose line breaks became spaces", "texts whose line breaks became spaces"),
        (delivered.guarded, "cell kept from being a formula", "cells kept from being formulas"),
        (delivered.codes + adapted.codes, "segment without its inline codes", "segments without their inline codes"),
        (adapted.bidi_controls, "segment without its bidi controls", "segments without their bidi controls"),
        (adapted.tags, "language tag written otherwise", "language tags written otherwise"),
        (adapted.parted, "unit parted into its alternatives", "units parted into their alternatives"),
        (adapted.props, "prop renamed or moved", "props renamed or moved"),
        (delivered.removed, "character left out that XML forbids", "characters left out that XML forbids"),
    ];
    let changes =
        changes.into_iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| format!(", {}", named(n, one, many)));
    let what = if what == Path::new("-") { Path::new("stdout") } else { what };
    let units = counted(delivered.units, "unit");
    talk.note(format_args!("{}: {units}{}{more}", in_line(what), changes.collect::<String>()));
}

/// The rejects file, if one is wanted: TMX, whatever its ending.
pub struct Rejects(Option<(PathBuf, Output)>);

impl Rejects {
    pub fn create(path: Option<&Path>) -> Result<Rejects, Error> {
        let options = OutputOptions { form: Some(OutputForm::Tmx), ..OutputOptions::default() };
        let open = |path: &Path| Ok((path.to_path_buf(), Output::create(path, &Header::new("*all*"), &options)?));
        path.map(open).transpose().map(Rejects)
    }

    pub fn write(&mut self, unit: &Unit) -> Result<(), Error> {
        self.0.as_mut().map_or(Ok(()), |(_, output)| output.write(unit))
    }

    /// Says what could not be read, and keeps it.
    pub fn set_aside(&mut self, aside: &SetAside, talk: &Talk) -> Result<(), Error> {
        talk.error(&aside.error);
        self.write(&aside.reject)
    }

    pub fn finish(self, talk: &Talk) -> Result<(), Error> {
        if let Some((path, output)) = self.0 {
            said(&output.finish()?, &path, " set aside or dropped", talk);
        }
        Ok(())
    }
}
