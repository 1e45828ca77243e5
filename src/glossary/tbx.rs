//! A glossary in TBX (ISO 30042:2008 and 30042:2019): entries out of a stream of XML, whatever else it holds.

use super::entry::{Entry, Standing, Term};
use crate::lang::LangTag;
use crate::xml::{self, At};
use quick_xml::Reader;
use quick_xml::events::Event;

/// What is being read.
#[derive(Default)]
struct State {
    entries: Vec<Entry>,
    /// The names of the open elements, without prefixes.
    open: Vec<String>,
    entry: Option<Entry>,
    tag: Option<LangTag>,
    /// The terms of the open term section, and their status.
    terms: Vec<String>,
    standing: Option<Standing>,
    /// What the text of the open element is for.
    collected: Option<(Collected, String)>,
    is_tbx: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Collected {
    Term,
    Status,
    Note,
}

/// The entries, or the byte where the text is no TBX, and why.
pub(super) fn entries(text: &str) -> At<Vec<Entry>> {
    if let Some((at, c)) = text.char_indices().find(|&(at, c)| !(xml::is_char(c) || at == 0 && c == '\u{FEFF}')) {
        return Err((at, format!("character U+{:04X}, which XML forbids; remove it", c as u32)));
    }
    let skip = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let source = &text[skip..];
    let mut reader = Reader::from_str(source);
    let mut state = State::default();
    let mut to = 0;
    loop {
        let event = reader.read_event();
        let from = to;
        to = usize::try_from(reader.buffer_position()).map_or(source.len(), |n| n.min(source.len()));
        let raw = source.get(from..to).unwrap_or_default();
        let wrong = |reason: String| Err((skip + from, reason));
        match event {
            Ok(Event::Start(tag)) => {
                let length = tag.name().as_ref().len();
                state.start(raw, length).map_err(|(at, reason)| (skip + from + at, reason))?;
            }
            Ok(Event::Empty(tag)) => {
                let length = tag.name().as_ref().len();
                state.start(raw, length).map_err(|(at, reason)| (skip + from + at, reason))?;
                state.end();
            }
            Ok(Event::End(_)) => state.end(),
            Ok(Event::Text(_)) => state.text(raw),
            Ok(Event::CData(_)) => {
                state.text(raw.strip_prefix("<![CDATA[").and_then(|raw| raw.strip_suffix("]]>")).unwrap_or_default());
            }
            Ok(Event::GeneralRef(name)) => match xml::reference(&name.into_inner()) {
                Ok(c) => state.text(c.encode_utf8(&mut [0; 4])),
                Err(reason) => return wrong(reason),
            },
            Ok(Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_)) => {}
            Ok(Event::Eof) if !state.open.is_empty() => return wrong("the file ends inside an element".to_owned()),
            Ok(Event::Eof) if !state.is_tbx => {
                return wrong("no TBX: there is no martif and no tbx element".to_owned());
            }
            Ok(Event::Eof) => return Ok(state.entries),
            Err(error) => {
                let at = usize::try_from(reader.error_position()).map_or(from, |n| n.min(source.len()));
                return Err((skip + at, format!("not well-formed XML: {error}")));
            }
        }
    }
}

impl State {
    fn start(&mut self, raw: &str, name_length: usize) -> At<()> {
        let name = raw.get(1..1 + name_length).unwrap_or_default();
        let local = name.rsplit(':').next().unwrap_or(name);
        let attributes = xml::tag_attributes(raw, name_length)?;
        let attribute = |name: &str| attributes.iter().find(|(n, _)| *n == name).map(|(_, value)| value.to_string());
        self.is_tbx |= self.open.is_empty() && matches!(local, "martif" | "tbx");
        match local {
            "termEntry" | "conceptEntry" => self.entry = Some(Entry { id: attribute("id"), ..Entry::default() }),
            "langSet" | "langSec" => self.tag = attribute("xml:lang").as_deref().map(LangTag::new),
            "tig" | "ntig" | "termSec" => (self.terms, self.standing) = (Vec::new(), None),
            "term" => self.collected = Some((Collected::Term, String::new())),
            "termNote" | "descrip" | "admin" => {
                let status = |kind: &str| matches!(kind, "administrativeStatus" | "normativeAuthorization");
                self.collected = match attribute("type") {
                    Some(kind) if status(&kind) => Some((Collected::Status, String::new())),
                    Some(kind) if kind == "definition" => Some((Collected::Note, String::new())),
                    _ => None,
                };
            }
            "administrativeStatus" | "normativeAuthorization" => {
                self.collected = Some((Collected::Status, String::new()))
            }
            "note" | "definition" if self.entry.is_some() => self.collected = Some((Collected::Note, String::new())),
            // Markup inside a term (`hi`) is transparent.
            _ => {}
        }
        self.open.push(local.to_owned());
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some((_, collected)) = &mut self.collected {
            collected.push_str(text);
        }
    }

    fn end(&mut self) {
        let Some(name) = self.open.pop() else { return };
        let is_collected = matches!(
            name.as_str(),
            "term"
                | "termNote"
                | "descrip"
                | "admin"
                | "administrativeStatus"
                | "normativeAuthorization"
                | "note"
                | "definition"
        );
        if is_collected && let Some((what, text)) = self.collected.take() {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            match what {
                Collected::Term if !text.is_empty() => self.terms.push(text),
                Collected::Status => self.standing = Some(Standing::of_status(&text)),
                Collected::Note if !text.is_empty() => {
                    if let Some(entry) = &mut self.entry {
                        entry.note.get_or_insert(text);
                    }
                }
                Collected::Term | Collected::Note => {}
            }
        }
        match name.as_str() {
            "tig" | "ntig" | "termSec" => {
                let lang = self.tag.as_ref().and_then(LangTag::lang);
                let standing = self.standing.take().unwrap_or(Standing::Admitted);
                let texts = std::mem::take(&mut self.terms);
                if let (Some(entry), Some(lang)) = (&mut self.entry, lang) {
                    entry.terms.extend(texts.into_iter().map(|text| Term { lang, text, standing }));
                }
            }
            "langSet" | "langSec" => self.tag = None,
            "termEntry" | "conceptEntry" => self.entries.extend(self.entry.take().filter(|e| !e.terms.is_empty())),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use proptest::prelude::*;

    const OF_2008: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX" xml:lang="en"><martifHeader><fileDesc><sourceDesc><p>ours</p></sourceDesc></fileDesc></martifHeader>
<text><body>
<termEntry id="c1"><descrip type="definition">Who heals.</descrip>
 <langSet xml:lang="ar"><tig><term>وزارة  الصحة</term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></tig></langSet>
 <langSet xml:lang="en-GB"><ntig><termGrp><term>Ministry of <hi>Health</hi></term><termNote type="partOfSpeech">noun</termNote></termGrp></ntig>
  <tig><term>Health Ministry</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig></langSet>
 <langSet xml:lang="fr"><tig><term>ministère</term></tig></langSet>
</termEntry></body></text></martif>"#;

    const OF_2019: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2" xmlns:min="http://www.tbxinfo.net/ns/min">
<text><body><conceptEntry id="c2"><note>For courts &amp; offices.</note>
 <langSec xml:lang="ar-EG"><termSec><term>دعوى</term><min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec>
  <termSec><term>دعاوى</term></termSec></langSec>
 <langSec xml:lang="en"><termSec><term>lawsuit</term></termSec></langSec>
</conceptEntry></body></text></tbx>"#;

    fn told(text: &str) -> String {
        let term = |term: &Term| format!("{}:{}:{}", term.lang.code(), term.text, term.standing.name());
        match entries(text) {
            Ok(found) => {
                let entry = |entry: &Entry| entry.terms.iter().map(term).collect::<Vec<_>>().join(" ");
                found.iter().map(entry).collect::<Vec<_>>().join("; ")
            }
            Err((at, reason)) => format!("{at}: {reason}"),
        }
    }

    #[test]
    fn both_editions_are_read() {
        assert_eq!(
            told(OF_2008),
            "ar:وزارة الصحة:preferred en:Ministry of Health:admitted en:Health Ministry:forbidden"
        );
        assert_eq!(told(OF_2019), "ar:دعوى:preferred ar:دعاوى:admitted en:lawsuit:admitted");
        let notes: Vec<_> = [OF_2008, OF_2019].iter().map(|text| entries(text).unwrap().remove(0)).collect();
        assert_eq!((notes[0].note.as_deref(), notes[0].id.as_deref()), (Some("Who heals."), Some("c1")));
        assert_eq!(notes[1].note.as_deref(), Some("For courts & offices."));
        assert_eq!(notes[1].allowed(Lang::Ar).map(|term| term.text.as_str()).collect::<Vec<_>>(), ["دعوى", "دعاوى"]);
    }

    #[test]
    fn what_is_no_tbx_says_where() {
        assert_eq!(told("<tmx/>"), "6: no TBX: there is no martif and no tbx element");
        assert!(told("<tbx><text>").starts_with("11: "), "{}", told("<tbx><text>"));
        assert!(told("<tbx>&nbsp;</tbx>").starts_with("5: "));
        assert!(told("<tbx></text>").contains("not well-formed"));
        assert!(told("<tbx>\u{1}</tbx>").starts_with("5: character U+0001"));
        assert_eq!(told("<tbx/>"), "");
    }

    proptest! {
        #[test]
        fn damaged_files_are_read_or_refused(at in 0usize..2_000, with in "\\PC{0,3}|<|>|&|</term>|<term>", cut in 0usize..40) {
            for text in [OF_2008, OF_2019] {
                let border = |mut at: usize| { at = at.min(text.len()); while !text.is_char_boundary(at) { at -= 1 } at };
                let (from, to) = (border(at), border(at + cut));
                let damaged = format!("{}{with}{}", &text[..from], &text[to..]);
                if let Err((place, reason)) = entries(&damaged) {
                    prop_assert!(place <= damaged.len() && !reason.is_empty());
                }
            }
        }
    }
}
