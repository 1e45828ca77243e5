//! Canonical TMX out: strict 1.4, UTF-8, one unit a line, valid against the DTD to the letter.

use std::collections::HashSet;
use std::io::{self, IoSlice, Write};

use super::block::Selection;
use super::dtd::{self, Element, Tag};
use super::header::{Header, Ude};
use super::line::Line;
use super::parse::{ATTR_PROP, META_ATTR_PROP, one_line, wrapped};
use crate::unit::{Meta, Piece, Seg, Unit};
use crate::xml::{self, Spot};

/// Writes a TMX file; [`Writer::finish`] closes it.
///
/// The form: XML declaration, `<!DOCTYPE tmx SYSTEM "tmx14.dtd">`, header with all seven required attributes, then one
/// `<tu>` a line with props and notes before variants and before segments; line breaks in text are `&#10;`. In the header
/// come attributes in their order, then props and notes, then tables of private characters (`ude`), each on a line. Reading what
/// was written gives equal units, and writing what was read from a written file gives the same bytes.
///
/// What TMX does not allow but a file had is carried in forms that it does allow, and that [`Reader`](super::Reader) turns
/// back: an unknown attribute is `<prop type="x-attr:NAME">` in front of the other props (for an attribute of a prop or
/// note, `x-meta-attr:NAME` before it), foreign markup in a segment is `<ph type="x-raw">` with the markup escaped.
/// Characters that XML forbids are left out and counted. Comments and processing instructions are no part of a memory: a
/// reader counts those outside units ([`Report::comments`](super::Report::comments)), and those inside are left out.
///
/// ```
/// use dhakira::tmx::{Header, Writer};
/// use dhakira::unit::{Seg, Unit, Variant};
/// let unit = Unit {
///     variants: vec![
///         Variant::new(dhakira::Lang::Ar, Seg::plain("السلام عليكم")),
///         Variant::new(dhakira::Lang::En, Seg::plain("Peace & quiet")),
///     ],
///     ..Unit::default()
/// };
/// let mut writer = Writer::new(Vec::new(), &Header::new("ar")).unwrap();
/// writer.write_unit(&unit).unwrap();
/// let text = String::from_utf8(writer.finish().unwrap()).unwrap();
/// assert!(text.contains(
///     "<tu><tuv xml:lang=\"ar\"><seg>السلام عليكم</seg></tuv><tuv xml:lang=\"en\"><seg>Peace &amp; quiet</seg></tuv></tu>\n"
/// ));
/// ```
#[derive(Debug)]
pub struct Writer<W: Write> {
    sink: W,
    line: String,
    units: u64,
    removed: u64,
}

impl<W: Write> Writer<W> {
    /// Writes everything up to the first unit. `sink` should be buffered.
    ///
    /// # Errors
    ///
    /// Those of `sink`.
    pub fn new(sink: W, header: &Header) -> io::Result<Writer<W>> {
        let mut writer = Writer { sink, line: String::new(), units: 0, removed: 0 };
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n<tmx version=\"1.4\">\n<header",
        );
        let mut form = Form { out: &mut out, removed: 0 };
        form.attributes(&header.attrs, Element::Header);
        for (name, value) in header.defaults() {
            form.attribute(name, value);
        }
        let carried = header.attrs.iter().any(|(n, v)| !dtd::allows(Element::Header, n, v));
        let ude = || header.ude.iter().filter(|ude| ude.is_valid());
        if header.meta.is_empty() && !carried && ude().next().is_none() {
            form.out.push_str("/>\n");
        } else {
            form.out.push_str(">\n");
            form.metas(&header.attrs, &header.meta, Element::Header, "\n");
            ude().for_each(|ude| form.ude(ude));
            form.out.push_str("</header>\n");
        }
        form.out.push_str("<body>\n");
        writer.removed = form.removed;
        writer.sink.write_all(out.as_bytes())?;
        Ok(writer)
    }

    /// Writes one unit as one line.
    ///
    /// # Errors
    ///
    /// Those of the sink; `InvalidInput` for a unit without a variant, which TMX does not allow (nothing is written then).
    pub fn write_unit(&mut self, unit: &Unit) -> io::Result<()> {
        self.line.clear();
        self.removed += push_unit(&mut self.line, unit)?;
        self.line.push('\n');
        self.sink.write_all(self.line.as_bytes())?;
        self.units += 1;
        Ok(())
    }

    /// Writes one unit that is a canonical line already.
    ///
    /// # Errors
    ///
    /// Those of the sink.
    pub fn write_line(&mut self, line: &Line<'_>) -> io::Result<()> {
        self.sink.write_all(line.with_break().as_bytes())?;
        self.units += 1;
        Ok(())
    }

    /// Writes units of a block, without copying them where the sink can take many pieces at once.
    ///
    /// # Errors
    ///
    /// Those of the sink.
    pub fn write_selection(&mut self, selection: &Selection<'_>) -> io::Result<()> {
        let mut pieces: Vec<IoSlice<'_>> =
            selection.stretches().iter().map(|stretch| IoSlice::new(stretch.as_bytes())).collect();
        let mut pieces = &mut pieces[..];
        while !pieces.is_empty() {
            match self.sink.write_vectored(pieces) {
                Ok(0) => return Err(io::Error::from(io::ErrorKind::WriteZero)),
                Ok(len) => IoSlice::advance_slices(&mut pieces, len),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.units += selection.len();
        Ok(())
    }

    /// How many units have been written.
    pub fn units(&self) -> u64 {
        self.units
    }

    /// How many characters were left out because XML 1.0 forbids them.
    pub fn removed(&self) -> u64 {
        self.removed
    }

    /// Closes the file, flushes and gives the sink back.
    ///
    /// # Errors
    ///
    /// Those of the sink.
    pub fn finish(mut self) -> io::Result<W> {
        self.sink.write_all(b"</body>\n</tmx>\n")?;
        self.sink.flush()?;
        Ok(self.sink)
    }
}

/// The unit's canonical XML, `<tu …>` to `</tu>` on one line.
///
/// # Errors
///
/// `InvalidInput` for a unit without a variant.
pub fn unit_xml(unit: &Unit) -> io::Result<String> {
    let mut out = String::new();
    push_unit(&mut out, unit)?;
    Ok(out)
}

/// A segment's canonical XML, what stands between `<seg>` and `</seg>`.
pub(super) fn seg_xml(seg: &Seg) -> String {
    let mut text = String::new();
    Form { out: &mut text, removed: 0 }.seg(seg);
    text
}

pub(super) fn push_unit(out: &mut String, unit: &Unit) -> io::Result<u64> {
    if unit.variants.is_empty() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a unit without a variant can not be written"));
    }
    let mut form = Form { out, removed: 0 };
    form.out.push_str("<tu");
    form.attributes(&unit.attrs, Element::Tu);
    form.out.push('>');
    form.metas(&unit.attrs, &unit.meta, Element::Tu, "");
    for variant in &unit.variants {
        form.out.push_str("<tuv");
        form.attribute("xml:lang", variant.tag.as_str());
        form.attributes(&variant.attrs, Element::Tuv);
        form.out.push('>');
        form.metas(&variant.attrs, &variant.meta, Element::Tuv, "");
        form.out.push_str("<seg>");
        form.seg(&variant.seg);
        form.out.push_str("</seg></tuv>");
    }
    form.out.push_str("</tu>");
    Ok(form.removed)
}

/// XML while it is made.
struct Form<'a> {
    out: &'a mut String,
    removed: u64,
}

impl Form<'_> {
    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.removed += xml::push_escaped(self.out, value, Spot::Attribute);
        self.out.push('"');
    }

    /// The attributes that the element may carry, each once.
    fn attributes(&mut self, attrs: &[(String, String)], element: Element) {
        for (at, (name, value)) in attrs.iter().enumerate() {
            if dtd::allows(element, name, value) && !attrs[..at].iter().any(|(n, _)| n == name) {
                self.attribute(name, value);
            }
        }
    }

    /// Props for the attributes that the element may not carry, each once.
    fn carriers(&mut self, attrs: &[(String, String)], element: Element, prefix: &str, line_end: &str) {
        if attrs.iter().all(|(n, v)| dtd::allows(element, n, v)) {
            return;
        }
        let mut seen = HashSet::new();
        for (name, value) in attrs {
            if seen.insert(name) && !dtd::allows(element, name, value) && xml::is_name(name) {
                self.meta(&Meta::prop(format!("{prefix}{name}"), value.as_str()), line_end);
            }
        }
    }

    /// A table of private characters, which is valid.
    fn ude(&mut self, ude: &Ude) {
        self.out.push_str("<ude");
        self.attributes(&ude.attrs, Element::Ude);
        self.out.push('>');
        for map in &ude.maps {
            self.out.push_str("<map");
            self.attributes(map, Element::Map);
            self.out.push_str("/>");
        }
        self.out.push_str("</ude>\n");
    }

    fn metas(&mut self, attrs: &[(String, String)], metas: &[Meta], element: Element, line_end: &str) {
        self.carriers(attrs, element, ATTR_PROP, line_end);
        for meta in metas {
            self.meta(meta, line_end);
        }
    }

    fn meta(&mut self, meta: &Meta, line_end: &str) {
        self.carriers(&meta.attrs, Element::Meta, META_ATTR_PROP, line_end);
        let name = if meta.kind.is_some() { "prop" } else { "note" };
        self.out.push('<');
        self.out.push_str(name);
        if let Some(kind) = &meta.kind {
            self.attribute("type", kind);
        }
        self.attributes(&meta.attrs, Element::Meta);
        self.out.push('>');
        self.removed += xml::push_escaped(self.out, &meta.text, Spot::Text);
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
        self.out.push_str(line_end);
    }

    fn seg(&mut self, seg: &Seg) {
        let plain_tags = paired_highlights(&seg.pieces);
        for (at, piece) in seg.pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) => self.removed += xml::push_escaped(self.out, text, Spot::Text),
                Piece::Code(markup) | Piece::Highlight(markup) => {
                    let mut markup = one_line(markup);
                    if xml::forbidden(&markup).is_some() {
                        let before = markup.chars().count();
                        markup.retain(xml::is_char);
                        self.removed += (before - markup.chars().count()) as u64;
                    }
                    let as_is = match piece {
                        Piece::Code(_) => dtd::is_valid_code(&markup),
                        _ => plain_tags[at],
                    };
                    if as_is { self.out.push_str(&markup) } else { self.out.push_str(&wrapped(&markup)) }
                }
            }
        }
    }
}

/// Which pieces are `hi` tags that may stand as they are: valid, and each start with its end.
fn paired_highlights(pieces: &[Piece]) -> Vec<bool> {
    let mut plain = vec![false; pieces.len()];
    // Every start is remembered, valid or not, so that an end finds its own start.
    let mut open: Vec<Option<usize>> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let Piece::Highlight(markup) = piece else { continue };
        let markup = one_line(markup);
        match dtd::tag(&markup) {
            Some(Tag::Empty("hi")) => plain[at] = true,
            Some(Tag::Start("hi")) => open.push(Some(at)),
            Some(Tag::End("hi")) => {
                if let Some(Some(start)) = open.pop() {
                    plain[start] = true;
                    plain[at] = true;
                }
            }
            _ if markup.ends_with("/>") => {}
            _ => open.push(None),
        }
    }
    plain
}
