//! One `<tu>` (or `<header>`) from its XML: strict about what XML forbids, lenient about what TMX forbids.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::dtd::{self, Element, Tag};
use super::header::{Header, Ude};
use crate::lang::LangTag;
use crate::unit::{Meta, Piece, Seg, Unit, Variant};
use crate::xml;

/// The type of the props that carry an attribute that TMX does not allow: this, then the attribute's name.
pub(super) const ATTR_PROP: &str = "x-attr:";
/// The type of the props that carry such an attribute of the prop or note that follows.
pub(super) const META_ATTR_PROP: &str = "x-meta-attr:";
/// More of such props than this in one place stay props: no honest file has them, and each is searched among the others.
const MOST_CARRIED: usize = 1000;
/// Opens a `<ph>` that carries markup that TMX does not allow in a segment.
pub(super) const RAW_OPEN: &str = "<ph type=\"x-raw\">";

/// Why a unit can not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The byte of the unit's XML where it shows.
    pub offset: usize,
    /// The unit's `tuid`, where one could be read.
    pub tuid: Option<String>,
    /// What is wrong and what to do.
    pub reason: String,
}

/// Reads one unit from its XML, `<tu …>` to `</tu>`, as a memory finds it by position in a file.
///
/// Inline codes stay as they are written, line breaks in them aside (`&#10;` in content, a space in tags); comments and
/// processing instructions are left out; attributes that TMX does not know come after those that it knows.
///
/// # Errors
///
/// XML that is not well formed, characters that XML forbids, entities other than XML's five, a unit without a variant, a
/// variant without a language or a segment, elements that have no place in a unit.
///
/// ```
/// use dhakira::{Lang, tmx};
/// let unit = tmx::parse_unit(
///     "<tu tuid=\"7\"><tuv xml:lang=\"ar\"><seg>الدين &amp; الدولة</seg></tuv><tuv lang=\"EN\"><seg>Religion</seg></tuv></tu>",
/// ).unwrap();
/// assert_eq!(unit.id(), Some("7"));
/// assert_eq!(unit.text_of(Lang::Ar).as_deref(), Some("الدين & الدولة"));
/// assert_eq!(unit.text_of(Lang::En).as_deref(), Some("Religion"));
/// assert!(tmx::parse_unit("<tu><tuv xml:lang=\"ar\"><seg>&laughs;</seg></tuv></tu>").is_err());
/// ```
pub fn parse_unit(xml: &str) -> Result<Unit, Flaw> {
    if !xml.starts_with('<') {
        return Err(Flaw { offset: 0, tuid: None, reason: "no <tu> where a unit should begin".to_owned() });
    }
    let mut parser = Parser::new(xml);
    parser.unit().map_err(|(offset, reason)| Flaw { offset, tuid: parser.tuid.take(), reason })
}

/// Reads `<header …>` to `</header>` or `/>`. What can be read is kept; what is wrong comes beside it.
pub(super) fn parse_header(xml: &str) -> (Header, Vec<Flaw>) {
    let mut header = Header::missing();
    let mut flaws = Vec::new();
    if let Err((offset, reason)) = Parser::new(xml).header(&mut header, &mut flaws) {
        flaws.push(Flaw { offset, tuid: None, reason: format!("the header is broken: {reason}") });
    }
    (header, flaws)
}

/// The attributes of the start tag that `xml` opens with; none when it is broken.
pub(super) fn start_tag_attributes(xml: &str) -> Vec<(String, String)> {
    let mut parser = Parser::new(xml);
    match parser.next() {
        Ok(Token::Start(name) | Token::Empty(name)) => parser.attributes(name, Element::Header).unwrap_or_default(),
        _ => Vec::new(),
    }
}

type At<T> = xml::At<T>;

/// What the tokenizer hands out; the slice of the source behind a token is `Parser::raw`.
enum Token<'a> {
    Start(&'a str),
    Empty(&'a str),
    End(&'a str),
    /// Text as written, without references.
    Text,
    /// A resolved reference.
    Char(char),
    /// The inside of a CDATA section.
    CData(&'a str),
    /// A comment or processing instruction.
    Skip,
    Eof,
}

struct Parser<'a> {
    source: &'a str,
    reader: Reader<&'a [u8]>,
    /// Where the last token begins and ends.
    from: usize,
    to: usize,
    tuid: Option<String>,
}

impl<'a> Parser<'a> {
    fn new(source: &'a str) -> Parser<'a> {
        Parser { source, reader: Reader::from_str(source), from: 0, to: 0, tuid: None }
    }

    /// The last token as written.
    fn raw(&self) -> &'a str {
        &self.source[self.from..self.to]
    }

    fn wrong<T>(&self, reason: impl Into<String>) -> At<T> {
        Err((self.from, reason.into()))
    }

    fn next(&mut self) -> At<Token<'a>> {
        let event = self.reader.read_event();
        self.from = self.to;
        self.to =
            usize::try_from(self.reader.buffer_position()).map_or(self.source.len(), |n| n.min(self.source.len()));
        let raw = self.raw();
        Ok(match event {
            Ok(Event::Start(tag)) => Token::Start(&raw[1..1 + tag.name().as_ref().len()]),
            Ok(Event::Empty(tag)) => Token::Empty(&raw[1..1 + tag.name().as_ref().len()]),
            Ok(Event::End(tag)) => Token::End(&raw[2..2 + tag.name().as_ref().len()]),
            Ok(Event::Text(_)) if raw.contains("]]>") => return self.wrong("]]> in text (write ]]&gt;)"),
            Ok(Event::Text(_)) => Token::Text,
            Ok(Event::GeneralRef(name)) => Token::Char(xml::reference(&name.into_inner()).or_else(|e| self.wrong(e))?),
            Ok(Event::CData(_)) => Token::CData(&raw["<![CDATA[".len()..raw.len() - "]]>".len()]),
            Ok(Event::Comment(_) | Event::PI(_) | Event::Decl(_)) => Token::Skip,
            Ok(Event::DocType(_)) => return self.wrong("a DOCTYPE has no place here"),
            Ok(Event::Eof) => Token::Eof,
            Err(quick_xml::Error::IllFormed(quick_xml::errors::IllFormedError::UnclosedReference)) => {
                return Err((self.error_at(), "a bare & (write &amp;)".to_owned()));
            }
            Err(error) => return Err((self.error_at(), format!("not well-formed XML: {error}"))),
        })
    }

    fn error_at(&self) -> usize {
        let at = usize::try_from(self.reader.error_position()).map_or(0, |n| n.min(self.source.len()));
        if self.source.is_char_boundary(at) { at } else { self.from }
    }

    /// The attributes of the last token, those that the DTD allows before the others, each in their order.
    fn attributes(&self, name: &str, element: Element) -> At<Vec<(String, String)>> {
        let raw = self.raw();
        let inside = raw[1 + name.len()..raw.len() - 1].trim_end_matches('/');
        let base = self.from + 1 + name.len();
        let mut known = Vec::new();
        let mut unknown = Vec::new();
        for (name, raw) in xml::attributes(inside).map_err(|(at, reason)| (base + at, reason))? {
            let value =
                xml::attribute_value(raw).map_err(|(_, reason)| (base, format!("attribute {name}: {reason}")))?;
            let list = if dtd::allows(element, name, &value) { &mut known } else { &mut unknown };
            list.push((name.to_owned(), value.into_owned()));
        }
        known.append(&mut unknown);
        Ok(known)
    }

    fn unit(&mut self) -> At<Unit> {
        if let Some((at, c)) = xml::forbidden(self.source) {
            self.tuid = start_tag_attributes(self.source).into_iter().find(|(n, _)| n == "tuid").map(|(_, v)| v);
            return Err((at, format!("character U+{:04X}, which XML forbids; remove it", c as u32)));
        }
        let mut unit = Unit::default();
        let empty = match self.next()? {
            Token::Start("tu") => false,
            Token::Empty("tu") => true,
            _ => return self.wrong("no <tu> where a unit should begin"),
        };
        unit.attrs = self.attributes("tu", Element::Tu)?;
        self.tuid = unit.id().map(str::to_owned);
        let mut metas = Metas::default();
        if !empty {
            loop {
                match self.next()? {
                    Token::Start("tuv") => {
                        let variant = self.variant()?;
                        unit.variants.push(variant);
                    }
                    Token::Empty("tuv") => return self.wrong("a <tuv> without a <seg>"),
                    Token::End(_) => break,
                    other => self.meta(other, "tu", &mut metas)?,
                }
            }
        }
        unit.meta = metas.finish(&mut unit.attrs, Element::Tu);
        match self.next()? {
            Token::Eof if unit.variants.is_empty() => Err((0, "a unit without any <tuv>".to_owned())),
            Token::Eof => Ok(unit),
            _ => self.wrong("something stands behind </tu>"),
        }
    }

    fn variant(&mut self) -> At<Variant> {
        let start = self.from;
        let mut attrs = self.attributes("tuv", Element::Tuv)?;
        // TMX 1.1 to 1.3 wrote `lang`; where both stand, `xml:lang` speaks and `lang` is kept beside it.
        let at =
            attrs.iter().position(|(n, _)| n == "xml:lang").or_else(|| attrs.iter().position(|(n, _)| n == "lang"));
        let Some(at) = at else { return self.wrong("a <tuv> without xml:lang") };
        let tag = LangTag::new(&attrs.remove(at).1);
        let mut metas = Metas::default();
        let mut seg = None;
        loop {
            match self.next()? {
                Token::Start("seg") if seg.is_none() => seg = Some(self.seg()?),
                Token::Empty("seg") if seg.is_none() => seg = Some(Seg::default()),
                Token::Start("seg") | Token::Empty("seg") => return self.wrong("a second <seg> in one <tuv>"),
                Token::End(_) => break,
                other => self.meta(other, "tuv", &mut metas)?,
            }
        }
        let Some(seg) = seg else { return Err((start, "a <tuv> without a <seg>".to_owned())) };
        let meta = metas.finish(&mut attrs, Element::Tuv);
        Ok(Variant { tag, attrs, meta, seg })
    }

    /// A token between the children of `parent`: a prop or note, white space, or nothing that belongs there.
    fn meta(&mut self, token: Token<'a>, parent: &str, metas: &mut Metas) -> At<()> {
        let (name, empty) = match token {
            Token::Start(name @ ("prop" | "note")) => (name, false),
            Token::Empty(name @ ("prop" | "note")) => (name, true),
            Token::Skip => return Ok(()),
            Token::Text if self.raw().trim_ascii().is_empty() => return Ok(()),
            Token::Char(c) if c.is_ascii_whitespace() => return Ok(()),
            Token::Start(name) | Token::Empty(name) => {
                return self.wrong(format!("<{name}> has no place in <{parent}>"));
            }
            Token::Eof => return self.wrong(format!("<{parent}> has no end")),
            _ => return self.wrong(format!("text that stands loose in <{parent}>")),
        };
        let mut attrs = self.attributes(name, Element::Meta)?;
        let kind = (name == "prop").then(|| match attrs.iter().position(|(n, _)| n == "type") {
            Some(at) => attrs.remove(at).1,
            None => String::new(),
        });
        let text = if empty { String::new() } else { self.flat_text()? };
        metas.list.push(Meta { kind, attrs, text });
        Ok(())
    }

    /// The text up to the end of the open element; tags inside, which TMX does not allow there, become text as written.
    fn flat_text(&mut self) -> At<String> {
        let mut text = String::new();
        let mut depth = 1;
        loop {
            match self.next()? {
                Token::Text => xml::push_lines(&mut text, self.raw()),
                Token::CData(inside) => xml::push_lines(&mut text, inside),
                Token::Char(c) => text.push(c),
                Token::Skip => {}
                Token::Start(_) => {
                    depth += 1;
                    xml::push_lines(&mut text, self.raw());
                }
                Token::Empty(_) => xml::push_lines(&mut text, self.raw()),
                Token::End(_) => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(text);
                    }
                    xml::push_lines(&mut text, self.raw());
                }
                Token::Eof => return self.wrong("a prop or note has no end"),
            }
        }
    }

    fn seg(&mut self) -> At<Seg> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut depth = 1;
        loop {
            match self.next()? {
                Token::Text => {
                    let raw = self.raw();
                    xml::push_lines(open_text(&mut pieces), raw);
                }
                Token::CData(inside) => {
                    if !inside.is_empty() {
                        xml::push_lines(open_text(&mut pieces), inside);
                    }
                }
                Token::Char(c) => open_text(&mut pieces).push(c),
                Token::Skip => {}
                Token::Start(name) if dtd::is_code(name) => {
                    let start = self.from;
                    self.skip_to_end()?;
                    pieces.push(code_piece(&self.source[start..self.to]));
                }
                Token::Empty(name) if dtd::is_code(name) => pieces.push(code_piece(self.raw())),
                Token::Start(name) => {
                    depth += 1;
                    pieces.push(tag_piece(name, self.raw()));
                }
                Token::Empty(name) => pieces.push(tag_piece(name, self.raw())),
                Token::End(name) => {
                    depth -= 1;
                    if depth == 0 {
                        return Ok(Seg { pieces });
                    }
                    pieces.push(tag_piece(name, self.raw()));
                }
                Token::Eof => return self.wrong("a segment has no end"),
            }
        }
    }

    /// Reads on to the end of the element that the last token opened.
    fn skip_to_end(&mut self) -> At<()> {
        let mut depth = 1;
        while depth > 0 {
            match self.next()? {
                Token::Start(_) => depth += 1,
                Token::End(_) => depth -= 1,
                Token::Eof => return self.wrong("an element has no end"),
                _ => {}
            }
        }
        Ok(())
    }

    fn header(&mut self, header: &mut Header, flaws: &mut Vec<Flaw>) -> At<()> {
        if let Some((at, c)) = xml::forbidden(self.source) {
            return Err((at, format!("character U+{:04X}, which XML forbids; remove it", c as u32)));
        }
        let empty = match self.next()? {
            Token::Start("header") => false,
            Token::Empty("header") => true,
            _ => return self.wrong("no <header> where one should begin"),
        };
        header.attrs = self.attributes("header", Element::Header)?;
        let mut metas = Metas::default();
        let mut result = Ok(());
        while !empty && result.is_ok() {
            result = match self.next() {
                Ok(Token::End(_)) => break,
                Ok(token @ (Token::Start("ude") | Token::Empty("ude"))) => {
                    let offset = self.from;
                    let is_empty = matches!(token, Token::Empty(_));
                    self.ude(is_empty).map(|ude| match ude {
                        Some(ude) => header.ude.push(ude),
                        None => {
                            let reason = "a <ude> that TMX does not allow is left out".to_owned();
                            flaws.push(Flaw { offset, tuid: None, reason });
                        }
                    })
                }
                Ok(other) => self.meta(other, "header", &mut metas),
                Err(flaw) => Err(flaw),
            };
        }
        header.meta = metas.finish(&mut header.attrs, Element::Header);
        result
    }
}

impl Parser<'_> {
    /// A table of private characters whose start tag was read; `None` if TMX does not allow it.
    fn ude(&mut self, is_empty: bool) -> At<Option<Ude>> {
        let mut ude = Ude { attrs: self.attributes("ude", Element::Ude)?, maps: Vec::new() };
        let mut is_pure = true;
        let mut depth = usize::from(!is_empty);
        while depth > 0 {
            let token = self.next()?;
            match token {
                Token::Start("map") | Token::Empty("map") if depth == 1 => {
                    ude.maps.push(self.attributes("map", Element::Map)?);
                    depth += usize::from(matches!(token, Token::Start(_)));
                }
                Token::Start(_) => {
                    is_pure = false;
                    depth += 1;
                }
                Token::End(_) => depth -= 1,
                Token::Skip => {}
                Token::Text if self.raw().trim_ascii().is_empty() => {}
                Token::Eof => return self.wrong("a <ude> has no end"),
                _ => is_pure = false,
            }
        }
        Ok(Some(ude).filter(|ude| is_pure && ude.is_valid()))
    }
}

/// Props and notes while they are gathered.
#[derive(Default)]
struct Metas {
    list: Vec<Meta>,
}

impl Metas {
    /// Turns the props that stand for attributes back into these.
    fn finish(self, attrs: &mut Vec<(String, String)>, element: Element) -> Vec<Meta> {
        let stands_for_attribute = |m: &Meta| m.kind.as_deref().is_some_and(|k| k.starts_with("x-"));
        if !self.list.iter().any(stands_for_attribute) {
            return self.list;
        }
        let mut kept: Vec<Meta> = Vec::with_capacity(self.list.len());
        // Carriers stand in front of all else, and no two for one attribute; other props of such a type are the file's own.
        let mut in_front = true;
        let mut of_tag = attrs.len();
        let mut waiting: Vec<Meta> = Vec::new();
        for mut meta in self.list {
            let kind = meta.kind.as_deref().unwrap_or_default();
            let carried = |prefix: &str, element| {
                kind.strip_prefix(prefix)
                    .filter(|name| {
                        meta.attrs.is_empty() && xml::is_name(name) && !dtd::allows(element, name, &meta.text)
                    })
                    .map(str::to_owned)
            };
            let name = carried(ATTR_PROP, element).filter(|name| {
                in_front && attrs.len() < MOST_CARRIED && !(element == Element::Tuv && name == "xml:lang")
            });
            let twice = name.as_ref().and_then(|name| attrs.iter().position(|(n, _)| n == name));
            if let Some(at) = twice.filter(|at| element == Element::Header && *at < of_tag) {
                // The header's writer puts a valid value beside one that it had to move.
                attrs.remove(at);
                of_tag -= 1;
            } else {
                in_front &= name.is_some() && twice.is_none();
            }
            if let Some(name) = name.filter(|_| in_front) {
                attrs.push((name, meta.text));
            } else if waiting.len() < MOST_CARRIED && carried(META_ATTR_PROP, Element::Meta).is_some() {
                waiting.push(meta);
            } else {
                let name_of = |w: &Meta| w.kind.as_deref().unwrap_or_default()[META_ATTR_PROP.len()..].to_owned();
                let names: Vec<String> = waiting.iter().map(name_of).collect();
                let taken = |n: &String| meta.attrs.iter().any(|(a, _)| a == n) || (meta.kind.is_some() && n == "type");
                if names.iter().any(taken) || (1..names.len()).any(|at| names[..at].contains(&names[at])) {
                    kept.append(&mut waiting);
                }
                for (name, carrier) in names.into_iter().zip(waiting.drain(..)) {
                    meta.attrs.push((name, carrier.text));
                }
                kept.push(meta);
            }
        }
        kept.append(&mut waiting);
        kept
    }
}

/// The text piece at the end, made if there is none.
fn open_text(pieces: &mut Vec<Piece>) -> &mut String {
    if !matches!(pieces.last(), Some(Piece::Text(_))) {
        pieces.push(Piece::Text(String::new()));
    }
    match pieces.last_mut() {
        Some(Piece::Text(text)) => text,
        _ => unreachable!("a text piece was pushed above"),
    }
}

/// A whole inline code; one that carries foreign markup becomes that markup again.
fn code_piece(raw: &str) -> Piece {
    let code = one_line(raw);
    if let Some(inner) = code.strip_prefix(RAW_OPEN).and_then(|c| c.strip_suffix("</ph>"))
        && let Some(markup) = unwrapped(inner)
        && wrapped(&markup) == code
    {
        match dtd::tag(&markup) {
            Some(Tag::Start("hi") | Tag::End("hi") | Tag::Empty("hi")) => return Piece::Highlight(markup),
            _ if markup.starts_with("<hi ") => return Piece::Highlight(markup),
            _ if !dtd::is_valid_code(&markup) => return Piece::Code(markup),
            _ => {}
        }
    }
    Piece::Code(code)
}

/// A single tag that is not part of a code.
fn tag_piece(name: &str, raw: &str) -> Piece {
    let markup = one_line(raw);
    if name == "hi" { Piece::Highlight(markup) } else { Piece::Code(markup) }
}

/// Markup that may not stand in a segment, carried by a `<ph>`.
pub(super) fn wrapped(markup: &str) -> String {
    format!("{RAW_OPEN}{}</ph>", xml::escaped(markup, xml::Spot::Text))
}

fn unwrapped(inner: &str) -> Option<String> {
    let mut out = String::with_capacity(inner.len());
    let mut parts = inner.split('&');
    out.push_str(parts.next()?);
    for part in parts {
        let (name, rest) = part.split_once(';')?;
        out.push(xml::reference(name).ok()?);
        out.push_str(rest);
    }
    Some(out)
}

/// Markup with its line breaks as `&#10;` in content and as a space in tags and comments, so that a unit stays on one line.
pub(super) fn one_line(markup: &str) -> String {
    if !markup.contains(['\n', '\r']) {
        return markup.to_owned();
    }
    let mut out = String::with_capacity(markup.len() + 16);
    let mut rest = markup;
    while !rest.is_empty() {
        let (len, line_break) = if let Some(inside) = rest.strip_prefix("<![CDATA[") {
            (inside.find("]]>").map_or(rest.len(), |n| n + 12), "]]>&#10;<![CDATA[")
        } else if rest.starts_with("<!--") {
            (rest.find("-->").map_or(rest.len(), |n| n + 3), " ")
        } else if rest.starts_with('<') {
            (xml::tag_len(rest).unwrap_or(rest.len()), " ")
        } else {
            (rest.find('<').unwrap_or(rest.len()), "&#10;")
        };
        let mut part = String::new();
        xml::push_lines(&mut part, &rest[..len]);
        out.push_str(&part.replace('\n', line_break));
        rest = &rest[len..];
    }
    out
}
