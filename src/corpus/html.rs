//! HTML: which part of a page is the article, and what its elements are.

use super::furniture::Rules;
use super::tree::{Node, Page, is_block};
use super::{BlockKind, Draft, Line, Removed, collapse, metadata};
use crate::corpus::fold::fold;

/// From this many words outside of links on a block is running text. Words are counted, not commas, as Readability does:
/// it does not know "،".
const RUNNING: usize = 12;

/// Longest line in words that is a byline because of its class.
const BYLINE: usize = 14;

/// The article in a page.
///
/// 1. What nobody reads goes (`script`, `nav`, `form`, hidden elements, …), and elements whose classes are furniture's;
///    none of these rules takes an element that holds half of the page's running text, or the title.
/// 2. The article is the smallest element that holds the page's heading and four fifths of its running text.
/// 3. What is left of it becomes blocks by what its elements are.
pub(super) fn draft(source: &str, rules: &Rules<'_>) -> Draft {
    let page = Page::parse(source);
    let (about, date) = metadata::head(&page);
    let mut view = View::new(&page);
    view.h1 = view.main_heading(about.title.as_deref());
    view.take_furniture(rules);
    view.take_link_lists();
    view.take_surroundings();
    let mut draft = Walk::new(&view).run();
    set_title(&mut draft, about.title.as_deref());
    draft.date = date;
    draft.source = about;
    draft
}

/// The blocks of a piece of HTML inside another text.
pub(super) fn fragment(source: &str, rules: &Rules<'_>) -> Draft {
    let page = Page::parse(source);
    let mut view = View::new(&page);
    view.take_furniture(rules);
    Walk::new(&view).run()
}

/// Sums over the nodes before each node, so that a subtree's sum is one subtraction.
struct Sums(Vec<usize>);

impl Sums {
    fn of(counts: impl Iterator<Item = usize>) -> Sums {
        let mut sums = vec![0];
        let mut sum = 0;
        sums.extend(counts.map(|count| {
            sum += count;
            sum
        }));
        Sums(sums)
    }
}

struct View<'a> {
    page: &'a Page,
    /// Why a subtree goes, at its first node.
    gone: Vec<Option<String>>,
    words: Sums,
    linked: Sums,
    links: Sums,
    /// Words of running text, counted at the blocks that they stand in.
    prose: Sums,
    /// Words of each block that stand in no block inside it, and the block of each node.
    own_words: Vec<usize>,
    block: Vec<usize>,
    h1: Option<usize>,
    root: usize,
}

impl<'a> View<'a> {
    fn new(page: &'a Page) -> View<'a> {
        let nodes = &page.nodes;
        let mut gone: Vec<Option<String>> = vec![None; nodes.len()];
        let mut live = vec![true; nodes.len()];
        let mut at = 0;
        while at < nodes.len() {
            let mark = is_note_mark(page, at);
            if mark || nodes[at].is(&UNREAD) {
                gone[at] = Some(format!("html:{}", if mark { "note-mark" } else { &nodes[at].name }));
                live[at..nodes[at].end].fill(false);
                at = nodes[at].end;
            } else {
                at += 1;
            }
        }
        let mut in_link = vec![false; nodes.len()];
        let mut block = vec![0; nodes.len()];
        let mut counts = vec![(0usize, 0usize); nodes.len()]; // words and words in links of each text
        let mut in_block = vec![(0usize, 0usize); nodes.len()];
        for at in 1..nodes.len() {
            let (node, up) = (&nodes[at], nodes[at].parent);
            in_link[at] = in_link[up] || &*node.name == "a";
            block[at] = if is_block(&node.name) { at } else { block[up] };
            if node.name.is_empty() && live[at] {
                let words = node.text.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count();
                counts[at] = (words, if in_link[at] { words } else { 0 });
                in_block[block[at]].0 += counts[at].0;
                in_block[block[at]].1 += counts[at].1;
            }
        }
        let prose = |at: usize| {
            let (words, linked) = in_block[at];
            let free = words - linked;
            if free >= RUNNING && linked <= words / 2 && !nodes[at].is(&["pre", "h1", "h2", "h3"]) { free } else { 0 }
        };
        View {
            page,
            words: Sums::of(counts.iter().map(|c| c.0)),
            linked: Sums::of(counts.iter().map(|c| c.1)),
            links: Sums::of(nodes.iter().zip(&live).map(|(n, live)| usize::from(*live && &*n.name == "a"))),
            prose: Sums::of((0..nodes.len()).map(prose)),
            own_words: in_block.iter().map(|b| b.0).collect(),
            block,
            gone,
            h1: None,
            root: 0,
        }
    }

    /// The sum over the subtree of `at`.
    fn sum(&self, sums: &Sums, at: usize) -> usize {
        sums.0[self.page.nodes[at].end] - sums.0[at]
    }

    fn holds(&self, outer: usize, inner: usize) -> bool {
        outer <= inner && inner < self.page.nodes[outer].end
    }

    /// The `h1` that is the article's: the one that the page's title holds, else the last one before the running text.
    fn main_heading(&self, title: Option<&str>) -> Option<usize> {
        let title = fold(title.unwrap_or_default());
        let all: Vec<(usize, String)> = self
            .page
            .elements(&["h1"])
            .filter(|&at| self.sum(&self.words, at) > 0)
            .map(|at| (at, fold(&self.page.text(at))))
            .take(64)
            .collect();
        let said = all
            .iter()
            .filter(|(_, h)| !h.is_empty() && (title.contains(h.as_str()) || h.contains(&title) && !title.is_empty()));
        if let Some((at, _)) = said.max_by_key(|(_, h)| h.len()) {
            return Some(*at);
        }
        let first_prose = (0..self.page.nodes.len()).find(|&at| self.prose.0[at + 1] > self.prose.0[at]);
        let before = all.iter().rev().find(|(at, _)| first_prose.is_none_or(|p| *at < p));
        if let Some((at, _)) = before.or(all.first()) {
            return Some(*at);
        }
        // No h1 at all: the last block before the running text that says the page's title.
        let says = |at: usize| (1..=40).contains(&self.own_words[at]) && fold(&self.page.text(at)) == title;
        let until = first_prose.filter(|_| !title.is_empty()).unwrap_or(0);
        let mut blocks = (0..until).rev().filter(|&at| is_block(&self.page.nodes[at].name));
        blocks.find(|&at| says(at) && !self.page.nodes[at].is(&["head", "title", "a", "li"]))
    }

    /// Elements whose name, role, state or class is furniture's.
    fn take_furniture(&mut self, rules: &Rules<'_>) {
        let total = self.sum(&self.prose, 0);
        let mut at = 1;
        while at < self.page.nodes.len() {
            let node = &self.page.nodes[at];
            if self.gone[at].is_some() {
                at = node.end;
                continue;
            }
            let Some((rule, hard)) = furniture(self.page, at, rules) else {
                at += 1;
                continue;
            };
            let prose = self.sum(&self.prose, at);
            let most = prose * 2 > total || self.h1.is_some_and(|h| self.holds(at, h));
            let links = self.sum(&self.linked, at) * 2 >= self.sum(&self.words, at);
            let skeleton = node.is(&["html", "body", "main", "article"]);
            if !most && !skeleton && (hard || prose == 0 || links) && (total > 0 || self.words.0[at] > 0 || hard) {
                self.gone[at] = Some(rule);
                at = self.page.nodes[at].end;
            } else {
                at += 1;
            }
        }
    }

    /// Lists of links: menus, tables of contents, other articles.
    fn take_link_lists(&mut self) {
        let mut at = 1;
        while at < self.page.nodes.len() {
            let node = &self.page.nodes[at];
            if self.gone[at].is_some() {
                at = node.end;
                continue;
            }
            let (words, linked) = (self.sum(&self.words, at), self.sum(&self.linked, at));
            let list = node.is(&["ul", "ol", "dl", "div", "section", "table", "td"])
                && self.sum(&self.links, at) >= 3
                && linked * 5 >= words * 4
                && words > 0
                && self.sum(&self.prose, at) == 0
                && !self.h1.is_some_and(|h| self.holds(at, h));
            if list {
                self.gone[at] = Some("html:links".to_owned());
                at = self.page.nodes[at].end;
            } else {
                at += 1;
            }
        }
    }

    /// What stands around the article.
    fn take_surroundings(&mut self) {
        let nodes = &self.page.nodes;
        // Running text that is still there.
        let mut live = 0;
        let mut left = vec![0; nodes.len()];
        let mut at = 0;
        while at < nodes.len() {
            if self.gone[at].is_some() {
                at = nodes[at].end;
                continue;
            }
            left[at] = self.prose.0[at + 1] - self.prose.0[at];
            live += left[at];
            at += 1;
        }
        let left = Sums::of(left.into_iter());
        let mut root = 0;
        loop {
            let inside = |at: usize| left.0[nodes[at].end] - left.0[at];
            let mut child = root + 1;
            let mut next = None;
            while child < nodes[root].end {
                if live > 0 && inside(child) * 5 >= live * 4 && !nodes[child].name.is_empty() {
                    next = Some(child);
                    break;
                }
                child = nodes[child].end;
            }
            // A single paragraph is no article: its siblings belong to it.
            match next.filter(|&c| !nodes[c].is(&["p", "blockquote", "li", "ul", "ol", "td", "tr", "tbody", "pre"])) {
                Some(child) => root = child,
                None => break,
            }
        }
        match self.h1 {
            Some(h) => {
                while !self.holds(root, h) {
                    root = nodes[root].parent;
                }
            }
            None => {
                let mut up = root;
                while up > 0 && !nodes[up].is(&["article", "main"]) && nodes[up].attr("role") != Some("main") {
                    up = nodes[up].parent;
                }
                root = if up > 0 { up } else { root };
            }
        }
        self.root = root;
        let end = nodes[root].end;
        let mut at = 1;
        while at < nodes.len() {
            let whole_goes = if self.gone[at].is_some() {
                true
            } else if at < root && nodes[at].end > root {
                false
            } else if at < root || at >= end {
                self.gone[at] = Some("html:outside".to_owned());
                true
            } else if self.h1.is_some_and(|h| at < h && nodes[at].end <= h)
                && left.0[nodes[at].end] == left.0[at]
                && !nodes[at].is(&["figure"])
                && live > 0
            {
                self.gone[at] = Some("html:before-title".to_owned());
                true
            } else {
                false
            };
            at = if whole_goes { nodes[at].end } else { at + 1 };
        }
    }
}

/// Elements whose text nobody reads as text.
const UNREAD: [&str; 24] = [
    "script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object", "embed", "audio", "video",
    "canvas", "button", "select", "input", "textarea", "label", "datalist", "progress", "meter", "map", "rt", "rp",
];

/// Those of them that say nothing even to a person who looks for what was taken out.
const SILENT: [&str; 10] =
    ["script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object", "canvas"];

/// A raised number that is a link: the mark of a note.
fn is_note_mark(page: &Page, at: usize) -> bool {
    let node = &page.nodes[at];
    &*node.name == "sup"
        && node.end - at <= 12
        && page.nodes[at..node.end].iter().any(|n| &*n.name == "a")
        && !page.text(at).chars().any(|c| c.is_alphabetic())
}

/// The rule by which an element is furniture, and whether it is so with running text in it too.
fn furniture(page: &Page, at: usize, rules: &Rules<'_>) -> Option<(String, bool)> {
    let node = &page.nodes[at];
    if node.name.is_empty() {
        return None;
    }
    let named = |rule: &str| Some((format!("html:{rule}"), true));
    if node.is(&["nav", "aside", "form", "dialog", "menu", "footer"]) {
        // The footer of a quotation names whose words it is.
        let quoted = &*node.name == "footer" && &*page.nodes[node.parent].name == "blockquote";
        return if quoted { None } else { named(&node.name) };
    }
    let role = node.attr("role").unwrap_or_default();
    if [
        "navigation",
        "banner",
        "complementary",
        "contentinfo",
        "search",
        "dialog",
        "alert",
        "alertdialog",
        "menu",
        "menubar",
        "toolbar",
        "tablist",
        "button",
        "note-mark",
    ]
    .contains(&role)
    {
        return named(role);
    }
    if node.attr("hidden").is_some_and(|h| !h.eq_ignore_ascii_case("until-found")) {
        return named("hidden");
    }
    if node.attr("aria-hidden").is_some_and(|h| h.eq_ignore_ascii_case("true")) {
        return named("aria-hidden");
    }
    if let Some(style) = node.attr("style") {
        let style: String = style.to_ascii_lowercase().split_whitespace().collect();
        if style.contains("display:none") || style.contains("visibility:hidden") {
            return named("hidden");
        }
    }
    let (class, id) = (node.attr("class").unwrap_or_default(), node.attr("id").unwrap_or_default());
    if class.len() + id.len() == 0 || class.len() + id.len() > 2000 {
        return None;
    }
    let names = class.split_whitespace().chain(std::iter::once(id));
    let (rule, hard) = names.map(name_words).find_map(|words| rules.class(&words))?;
    Some((format!("html:class {rule}"), hard))
}

/// Whether one of the words of the element's classes is one of `names`.
fn has_class(node: &Node, names: &[&str]) -> bool {
    let class = node.attr("class").filter(|c| c.len() <= 2000).unwrap_or_default();
    class.split_whitespace().flat_map(name_words).any(|w| names.contains(&w.as_str()))
}

/// The words of a class or id: `shareBar_top` is share, bar, top.
fn name_words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphabetic() {
            open = false;
            continue;
        }
        if !open || (lower && c.is_uppercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
        (open, lower) = (true, c.is_lowercase());
    }
    words
}

/// One walk over the article's nodes, which gathers lines.
struct Walk<'a> {
    view: &'a View<'a>,
    draft: Draft,
    text: String,
    /// How many bytes of the text stand in links.
    linked: usize,
    /// Open elements: where they end, their block kind where they begin a block, whether they are a link.
    open: Vec<(usize, Option<BlockKind>, bool)>,
}

impl<'a> Walk<'a> {
    fn new(view: &'a View<'a>) -> Walk<'a> {
        Walk { view, draft: Draft::default(), text: String::new(), linked: 0, open: Vec::new() }
    }

    fn run(mut self) -> Draft {
        let nodes = &self.view.page.nodes;
        let mut at = 1;
        while at < nodes.len() {
            self.leave(at);
            if let Some(rule) = &self.view.gone[at] {
                self.note_removed(at, rule);
                at = nodes[at].end;
                continue;
            }
            let node = &nodes[at];
            if node.name.is_empty() {
                self.push(&node.text);
            } else if &*node.name == "br" {
                match self.kind() {
                    Some(BlockKind::Verbatim) => self.text.push('\n'),
                    Some(BlockKind::Title | BlockKind::Heading | BlockKind::Caption | BlockKind::Cell) => {
                        self.push(" ")
                    }
                    _ => self.flush(),
                }
            } else {
                let kind = (is_block(&node.name) || self.stands_alone(at)).then(|| self.kind_of(at));
                if kind.is_some() {
                    self.flush();
                }
                self.open.push((node.end, kind, &*node.name == "a"));
            }
            at += 1;
        }
        self.leave(nodes.len());
        self.flush();
        self.draft
    }

    /// Closes the elements that end before node `at`.
    fn leave(&mut self, at: usize) {
        while let Some((_, kind, _)) = self.open.pop_if(|(end, ..)| *end <= at) {
            if kind.is_some() {
                self.flush_as(kind);
            }
        }
    }

    fn kind(&self) -> Option<BlockKind> {
        self.open.iter().rev().find_map(|(_, kind, _)| *kind)
    }

    /// Whether an element in a line is a piece of its own: the name and the date in "كتب فلان <time>…</time>", which
    /// only the page's style keeps apart.
    fn stands_alone(&self, at: usize) -> bool {
        let node = &self.view.page.nodes[at];
        let few =
            self.view.own_words[self.view.block[at]] <= BYLINE && !self.kind().is_some_and(|k| k == BlockKind::Title);
        few && (&*node.name == "time"
            || has_class(node, &["byline", "author", "writer", "date", "published", "posted"]))
    }

    /// What the block element `at` holds.
    fn kind_of(&self, at: usize) -> BlockKind {
        let page = self.view.page;
        let node = &page.nodes[at];
        let outer = self.kind().unwrap_or(BlockKind::Paragraph);
        match &*node.name {
            _ if self.view.h1 == Some(at) => BlockKind::Title,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => BlockKind::Heading,
            "figcaption" | "caption" => BlockKind::Caption,
            "li" | "dt" | "dd" => BlockKind::Item,
            "blockquote" => BlockKind::Quote,
            "pre" | "listing" | "xmp" => BlockKind::Verbatim,
            "td" | "th" if self.is_cell(at) => BlockKind::Cell,
            "td" | "th" => BlockKind::Paragraph,
            _ if node.attr("itemprop") == Some("author") || has_class(node, &["byline", "author", "writer"]) => {
                BlockKind::Byline
            }
            _ if has_class(node, &["caption"]) => BlockKind::Caption,
            _ => outer,
        }
    }

    /// Whether a cell is one of a table of data: a table with running text in it lays out a page.
    fn is_cell(&self, at: usize) -> bool {
        let nodes = &self.view.page.nodes;
        let blocks = nodes[at + 1..nodes[at].end].iter().any(|n| is_block(&n.name));
        let mut up = nodes[at].parent;
        while up > 0 && &*nodes[up].name != "table" {
            up = nodes[up].parent;
        }
        !blocks && up > 0 && self.view.sum(&self.view.prose, up) == 0
    }

    fn push(&mut self, text: &str) {
        let start = self.text.len();
        if self.kind() == Some(BlockKind::Verbatim) {
            self.text.push_str(text);
        } else {
            // HTML white space (Infra standard: tab, LF, FF, CR, space) collapses; a no-break space is text.
            for c in text.chars() {
                match c {
                    '\t' | '\n' | '\u{000C}' | '\r' | ' ' => {
                        if !self.text.is_empty() && !self.text.ends_with(' ') {
                            self.text.push(' ');
                        }
                    }
                    c => self.text.push(c),
                }
            }
        }
        if self.open.iter().any(|(.., link)| *link) {
            self.linked += self.text.len() - start;
        }
    }

    fn flush(&mut self) {
        self.flush_as(self.kind());
    }

    fn flush_as(&mut self, kind: Option<BlockKind>) {
        let text = std::mem::take(&mut self.text);
        let linked = std::mem::take(&mut self.linked);
        if text.trim().is_empty() {
            return;
        }
        let long = text.split_whitespace().nth(BYLINE).is_some();
        let kind = match kind {
            Some(BlockKind::Byline) if long => Some(BlockKind::Paragraph),
            None => Some(BlockKind::Paragraph),
            kind => kind,
        };
        if kind == Some(BlockKind::Verbatim) {
            let lines = text.lines().map(|l| Line { text: l.to_owned(), kind, line: 0, link: false });
            self.draft.lines.extend(lines);
        } else {
            let link = linked > 0 && linked >= text.trim().len();
            self.draft.lines.push(Line { text, kind, line: 0, link });
        }
    }

    fn note_removed(&mut self, at: usize, rule: &str) {
        let page = self.view.page;
        if page.nodes[at].is(&SILENT) {
            return;
        }
        let mut text = String::new();
        let mut inner = at;
        while inner < page.nodes[at].end {
            let node = &page.nodes[inner];
            if node.is(&SILENT) {
                inner = node.end;
                continue;
            }
            text.push_str(&node.text);
            if is_block(&node.name) || &*node.name == "br" {
                text.push(' ');
            }
            inner += 1;
        }
        let text = collapse(&text);
        if !text.is_empty() {
            self.draft.removed.push(Removed { text, line: 0, rule: rule.to_owned() });
        }
    }
}

/// Where no `h1` is the title: the heading or first line that the page's title says, or else that title itself.
fn set_title(draft: &mut Draft, title: Option<&str>) {
    let (Some(title), false) = (title, draft.lines.iter().any(|l| l.kind == Some(BlockKind::Title))) else { return };
    let folded = fold(title);
    if draft.lines.is_empty() || folded.is_empty() {
        return;
    }
    let says = |line: &Line| {
        let own = fold(&line.text);
        own == folded || (own.contains(' ') && (folded.starts_with(&own) || folded.ends_with(&own)))
    };
    let runs = |l: &Line| l.text.split_whitespace().nth(RUNNING).is_some();
    let early = draft.lines.iter().take_while(|l| !runs(l)).position(says);
    let at = early.or_else(|| draft.lines.iter().position(|l| l.kind == Some(BlockKind::Heading) && says(l)));
    match at {
        Some(at) => {
            draft.lines[at].kind = Some(BlockKind::Title);
            if !draft.lines[..at].iter().any(runs) {
                let before = draft.lines.splice(..at, []).map(|l| (collapse(&l.text), "html:before-title".to_owned()));
                draft.removed.extend(before.map(|(text, rule)| Removed { text, line: 0, rule }));
            }
        }
        None => {
            let line = Line { text: title.to_owned(), kind: Some(BlockKind::Title), line: 0, link: false };
            draft.lines.insert(0, line);
        }
    }
}
