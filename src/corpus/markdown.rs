//! Markdown: the blocks of CommonMark with tables, footnotes and front matter.

use super::furniture::Rules;
use super::{BlockKind, Draft, Line, collapse, dateline, html};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// The lines of a Markdown text.
///
/// Marks of emphasis go and the text of links stays without its target. The first heading of the first level is the
/// title, or else front matter's `title`. A picture's own words are a caption, a cell of a table and a line of code are a
/// block each. Line breaks of the source become spaces; a hard one begins a new block, except in headings and cells. HTML
/// inside is read as HTML.
pub(super) fn draft(source: &str, rules: &Rules<'_>) -> Draft {
    let source = source.strip_prefix('\u{FEFF}').unwrap_or(source);
    let extensions = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader::new(source, rules);
    for (event, range) in Parser::new_ext(source, extensions).into_offset_iter() {
        reader.take(event, range);
    }
    reader.flush();
    let mut draft = reader.draft;
    let titled = draft.lines.iter().any(|l| l.kind == Some(BlockKind::Title));
    if let Some(title) = draft.source.title.clone().filter(|_| !titled) {
        draft.lines.insert(0, Line { text: title, kind: Some(BlockKind::Title), line: 1, link: false });
    }
    draft
}

struct Reader<'a> {
    draft: Draft,
    rules: &'a Rules<'a>,
    source: &'a str,
    starts: Vec<usize>,
    /// The block being gathered, and where it begins in the source.
    text: String,
    at: usize,
    /// The kinds of the blocks around, innermost last.
    kinds: Vec<BlockKind>,
    titled: bool,
    /// The words of pictures, to stand behind the block that they are in.
    captions: Vec<(String, usize)>,
    /// Depth of pictures around.
    images: usize,
    front: bool,
    raw: String,
    /// How much of the block is inside a link.
    links: usize,
    linked: usize,
}

impl<'a> Reader<'a> {
    fn new(source: &'a str, rules: &'a Rules<'a>) -> Reader<'a> {
        Reader {
            draft: Draft::default(),
            rules,
            source,
            starts: line_starts(source),
            text: String::new(),
            at: 0,
            kinds: Vec::new(),
            titled: false,
            captions: Vec::new(),
            images: 0,
            front: false,
            raw: String::new(),
            links: 0,
            linked: 0,
        }
    }

    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(end) => self.end(end),
            Event::Text(text) if self.front => self.raw.push_str(&text),
            Event::Text(text) | Event::Code(text) => self.push(&text, range.start),
            Event::SoftBreak => self.push(" ", range.start),
            Event::HardBreak => match self.kinds.last() {
                Some(BlockKind::Title | BlockKind::Heading | BlockKind::Cell) => self.push(" ", range.start),
                _ => self.flush(),
            },
            Event::Html(text) => self.raw.push_str(&text),
            Event::InlineHtml(text) if text.trim_start_matches('<').to_ascii_lowercase().starts_with("br") => {
                self.push(" ", range.start);
            }
            Event::InlineMath(text) | Event::DisplayMath(text) => self.push(&text, range.start),
            Event::InlineHtml(_) | Event::FootnoteReference(_) | Event::Rule | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        let kind = match tag {
            Tag::Heading { level, .. } if *level as usize == 1 && !self.titled => {
                self.titled = true;
                BlockKind::Title
            }
            Tag::Heading { .. } => BlockKind::Heading,
            Tag::Paragraph => match self.kinds.last() {
                Some(kind @ (BlockKind::Item | BlockKind::Quote)) => *kind,
                _ => BlockKind::Paragraph,
            },
            Tag::BlockQuote(_) => BlockKind::Quote,
            Tag::Item | Tag::DefinitionListTitle | Tag::DefinitionListDefinition => BlockKind::Item,
            Tag::CodeBlock(_) => BlockKind::Verbatim,
            Tag::TableCell => BlockKind::Cell,
            Tag::FootnoteDefinition(_) => BlockKind::Paragraph,
            Tag::MetadataBlock(_) => {
                self.front = true;
                return;
            }
            Tag::Image { .. } => {
                self.images += 1;
                self.captions.push((String::new(), range.start));
                return;
            }
            Tag::Link { .. } => {
                self.links += 1;
                return;
            }
            _ => return,
        };
        self.flush();
        self.kinds.push(kind);
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::Heading(_)
            | TagEnd::Paragraph
            | TagEnd::BlockQuote(_)
            | TagEnd::Item
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::CodeBlock
            | TagEnd::TableCell
            | TagEnd::FootnoteDefinition => {
                self.flush();
                self.kinds.pop();
            }
            TagEnd::MetadataBlock(_) => {
                self.front = false;
                let front = std::mem::take(&mut self.raw);
                self.front_matter(&front);
            }
            TagEnd::HtmlBlock => {
                self.flush();
                let raw = std::mem::take(&mut self.raw);
                let inside = html::fragment(&raw, self.rules);
                self.draft.lines.extend(inside.lines);
                self.draft.removed.extend(inside.removed);
            }
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            TagEnd::Link => self.links = self.links.saturating_sub(1),
            _ => {}
        }
    }

    fn push(&mut self, text: &str, at: usize) {
        if self.images > 0 {
            if let Some((caption, _)) = self.captions.last_mut() {
                caption.push_str(text);
            }
            return;
        }
        if self.text.is_empty() {
            self.at = at;
        }
        self.text.push_str(text);
        if self.links > 0 {
            self.linked += text.len();
        }
    }

    /// Ends the block being gathered.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        let kind = self.kinds.last().copied();
        let line = self.line(self.at);
        let link = self.linked > 0 && self.linked >= text.trim().len();
        self.linked = 0;
        if kind == Some(BlockKind::Verbatim) {
            let rows = text.lines().enumerate();
            let rows = rows.map(|(i, row)| Line { text: row.to_owned(), kind, line: line + i, link: false });
            self.draft.lines.extend(rows);
        } else if !text.trim().is_empty() {
            self.draft.lines.push(Line { text, kind, line, link });
        }
        if self.images == 0 {
            for (text, at) in std::mem::take(&mut self.captions) {
                let line = self.line(at);
                self.draft.lines.push(Line { text, kind: Some(BlockKind::Caption), line, link: false });
            }
        }
    }

    /// `title`, `date`, `author` and `url` of front matter: `key: value` lines, quotation marks around the value gone.
    fn front_matter(&mut self, text: &str) {
        for line in text.lines() {
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = collapse(value.trim().trim_matches(['"', '\'']));
            if value.is_empty() || value.starts_with(['[', '{', '|', '>']) {
                continue;
            }
            match key.trim().to_ascii_lowercase().as_str() {
                "title" if self.draft.source.title.is_none() => self.draft.source.title = Some(value),
                "author" | "byline" => self.draft.source.author = Some(value),
                "url" | "link" | "canonical" | "source" => self.draft.source.url = Some(value),
                "site" => self.draft.source.site = Some(value),
                "date" | "published" => {
                    let lang = crate::lang::Lang::of_script(&value).unwrap_or(crate::lang::Lang::En);
                    self.draft.date = dateline::machine(&value).or_else(|| Some(dateline::parse(lang, &value)?.0));
                }
                _ => {}
            }
        }
    }

    fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at.min(self.source.len()))
    }
}

fn line_starts(source: &str) -> Vec<usize> {
    std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect()
}
