//! The sieve: lines of a page become blocks of an article, what is furniture goes out with the rule's name.

use super::furniture::{Rules, Verdict};
use super::{Article, Block, BlockKind, Date, Draft, Line, Removed, Sieve, byline, collapse, dateline};
use crate::corpus::draft::ends_sentence;
use crate::corpus::fold::fold;
use crate::lang::Lang;
use std::collections::HashMap;

/// Furniture is short: no rule looks at a line of more words than this.
const LONGEST: usize = 60;

/// From this many words on a line is running text however it ends; from half of them if it ends like a sentence.
const RUNNING: usize = 24;

/// Longest title or heading in words.
const TITLE: usize = 30;

/// A line with what the rules need to know of it.
struct Row {
    line: Line,
    words: usize,
    folded: String,
    /// Running text: a paragraph that no list of headlines holds.
    body: bool,
    fate: Fate,
}

#[derive(Debug, Clone, PartialEq)]
enum Fate {
    Stays,
    /// Goes if a neighbour goes.
    Weak(String),
    Goes(String),
}

/// The article that a draft holds.
pub(super) fn article(draft: Draft, lang: Lang, sieve: Sieve, rules: Rules<'_>) -> Article {
    let rules = rules.on_site(draft.source.site.as_deref());
    let mut rows: Vec<Row> = draft.lines.into_iter().filter_map(row).collect();
    let mut source = draft.source;
    let mut date = draft.date;
    if sieve == Sieve::Remove {
        judge(&mut rows, &rules);
        take_neighbours(&mut rows);
        take_masthead(&mut rows);
    }
    take_dates(&mut rows, lang, sieve, &mut date);
    name_kinds(&mut rows, &rules, &mut source.author);
    if sieve == Sieve::Remove {
        take_second_titles(&mut rows);
    }

    let mut article = Article {
        text: String::new(),
        blocks: Vec::new(),
        removed: draft.removed,
        lang,
        date,
        encoding: "UTF-8",
        source,
    };
    for row in rows {
        if let Fate::Goes(rule) = row.fate {
            article.removed.push(Removed { text: collapse(&row.line.text), line: row.line.line, rule });
            continue;
        }
        if !article.text.is_empty() {
            article.text.push('\n');
        }
        let start = article.text.len();
        article.text.push_str(&row.line.text);
        let kind = row.line.kind.unwrap_or(BlockKind::Paragraph);
        article.blocks.push(Block { kind, range: start..article.text.len() });
    }
    article
}

/// A line ready for the rules; `None` for one of white space. No line break stays in it.
fn row(mut line: Line) -> Option<Row> {
    let breaks = ['\n', '\r', '\u{000B}', '\u{000C}', '\u{0085}', '\u{2028}', '\u{2029}'];
    if line.text.contains(breaks) {
        line.text = line.text.replace(breaks, " ");
    }
    let kept = if line.kind == Some(BlockKind::Verbatim) { line.text.trim_end() } else { line.text.trim() };
    if kept.trim().is_empty() {
        return None;
    }
    if kept.len() < line.text.len() {
        line.text = kept.to_owned();
    }
    let words = line.text.split_whitespace().take(LONGEST + 1).count();
    let folded = if words <= LONGEST { fold(&line.text) } else { String::new() };
    let markup =
        matches!(line.kind, Some(BlockKind::Verbatim | BlockKind::Cell | BlockKind::Heading | BlockKind::Title));
    let body = !markup && (words > RUNNING || (words * 2 >= RUNNING && ends_sentence(&line.text)));
    Some(Row { line, words, folded, body, fate: Fate::Stays })
}

/// Each line by itself, and the lists that hang on one.
fn judge(rows: &mut [Row], rules: &Rules) {
    let total: usize = rows.iter().filter(|r| r.body).map(|r| r.words).sum();
    let mut before = 0;
    let mut times: HashMap<String, usize> = HashMap::new();
    for row in rows.iter().filter(|r| !r.body && r.words <= 6 && !row_is_markup(r)) {
        *times.entry(row.folded.clone()).or_default() += 1;
    }
    let first_body = rows.iter().position(|r| r.body).unwrap_or(rows.len());
    let follows: Vec<bool> = (0..rows.len()).map(|at| rows.get(at + 1).is_some_and(|next| next.body)).collect();
    let mut list: Option<List> = None;
    let mut closed: Option<String> = None;
    for (at, row) in rows.iter_mut().enumerate() {
        if let Some(rule) = &closed {
            row.fate = Fate::Goes(format!("{rule} …"));
            continue;
        }
        before += if row.body { row.words } else { 0 };
        if list.as_mut().is_some_and(|list| !list.goes_on(row.line.line)) {
            list = None;
        }
        // Titles of other articles do not end in a full stop.
        let sentence = row.words >= 5 && ends_sentence(&row.line.text);
        if row.body || sentence || matches!(row.line.kind, Some(BlockKind::Title | BlockKind::Heading)) {
            list = None;
        }
        if row_is_markup(row) || row.words > LONGEST {
            continue;
        }
        // A heading over running text is the article's, whatever it says; so is what markup calls the title.
        let heads = row.line.kind == Some(BlockKind::Heading) && follows[at];
        if heads || row.line.kind == Some(BlockKind::Title) {
            continue;
        }
        let shape = shape(row, rules, at < first_body);
        let verdict = if row.folded.is_empty() { None } else { rules.verdict(&row.line.text, &row.folded) };
        row.fate = match (shape, verdict) {
            (Some(rule), _) => Fate::Goes(rule.to_owned()),
            (None, Some(Verdict::Out(rule))) => Fate::Goes(rule),
            (None, Some(Verdict::List(rule))) => {
                list = Some(List { rule: rule.clone(), last: row.line.line, tight: None });
                Fate::Goes(rule)
            }
            (None, Some(Verdict::Close(rule))) => {
                if before > 0 && before * 2 >= total {
                    closed = Some(rule.clone());
                }
                Fate::Goes(rule)
            }
            (None, _) if list.is_some() && !row.body => {
                Fate::Goes(format!("{} …", list.as_ref().map_or("", |list| &list.rule)))
            }
            (None, Some(Verdict::Weak(rule))) => Fate::Weak(rule),
            (None, None) if !row.folded.is_empty() && times.get(&row.folded).is_some_and(|n| *n > 1) => {
                Fate::Weak("again".to_owned())
            }
            (None, None) if row.line.link && row.line.kind == Some(BlockKind::Paragraph) => {
                Fate::Weak("link".to_owned())
            }
            (None, None) if row.folded.is_empty() => Fate::Weak("number".to_owned()),
            (None, None) => Fate::Stays,
        };
    }
}

/// A list of other articles that has begun.
struct List {
    rule: String,
    /// The line of its last item, 0 where lines are not known.
    last: usize,
    /// Whether its items stand line under line; known from the first one.
    tight: Option<bool>,
}

impl List {
    /// Whether an item on `line` may still belong to it: a list set line under line ends with a blank line.
    fn goes_on(&mut self, line: usize) -> bool {
        let under = line == 0 || line == self.last + 1;
        self.last = line;
        *self.tight.get_or_insert(under) <= under
    }
}

fn row_is_markup(row: &Row) -> bool {
    matches!(row.line.kind, Some(BlockKind::Verbatim | BlockKind::Cell))
}

/// Furniture that is told by how it looks, not by what it says.
fn shape(row: &Row, rules: &Rules, before_body: bool) -> Option<&'static str> {
    let line = row.line.text.as_str();
    if row.folded.is_empty() && !line.chars().any(char::is_numeric) {
        return Some("ornament");
    }
    if row.words == 1 && (line.contains("://") || line.starts_with("www.")) {
        return Some("address");
    }
    if !row.body && row.words <= 8 && tatweels(line) >= 2 {
        return Some("tatweel");
    }
    let pieces: Vec<&str> =
        line.split(['>', '›', '»', '→', '\\', '|', '/', '<', '‹', '«', '←']).map(str::trim).collect();
    let short = |p: &&str| !p.is_empty() && p.split_whitespace().count() <= 5;
    if before_body && pieces.len() >= 2 && rules.is_home(&fold(pieces[0])) && pieces[1..].iter().any(short) {
        return Some("breadcrumb");
    }
    None
}

/// How many words are drawn out by two tatweels or more: "لرؤيــــه أصدق للأحــــداث" is a banner, not a sentence.
fn tatweels(line: &str) -> usize {
    line.split_whitespace().filter(|word| word.contains("\u{0640}\u{0640}")).count()
}

/// A weak line goes if the line before or behind it goes.
fn take_neighbours(rows: &mut [Row]) {
    let step = |rows: &mut [Row], at: usize, beside: usize| {
        if let (Fate::Weak(rule), Fate::Goes(_)) = (&rows[at].fate, &rows[beside].fate) {
            rows[at].fate = Fate::Goes(rule.clone());
        }
    };
    for at in 1..rows.len() {
        step(rows, at, at - 1);
    }
    for at in (0..rows.len().saturating_sub(1)).rev() {
        step(rows, at, at + 1);
    }
    for row in rows {
        if matches!(row.fate, Fate::Weak(_)) {
            row.fate = Fate::Stays;
        }
    }
}

/// The site's name: a few words in the first line, right above the menu.
fn take_masthead(rows: &mut [Row]) {
    if let [first, second, ..] = rows
        && first.fate == Fate::Stays
        && first.line.kind.is_none()
        && first.words <= 4
        && !ends_sentence(&first.line.text)
        && second.line.line == first.line.line + 1
        && second.fate == Fate::Goes("breadcrumb".to_owned())
    {
        first.fate = Fate::Goes("masthead".to_owned());
    }
}

/// Where an article's text is sure to have begun, its second paragraph (a lead may stand above byline and date), and
/// where it ends.
fn text_between(rows: &[Row]) -> (usize, usize) {
    let body = |row: &Row| row.body && row.fate == Fate::Stays;
    let mut bodies = rows.iter().enumerate().filter(|(_, row)| body(row)).map(|(at, _)| at);
    (bodies.nth(1).unwrap_or(rows.len()), rows.iter().rposition(body).unwrap_or(rows.len()))
}

/// Date lines become the article's date: those around the running text, where no sub-heading of a chronicle stands.
fn take_dates(rows: &mut [Row], lang: Lang, sieve: Sieve, date: &mut Option<Date>) {
    let (first, last) = text_between(rows);
    let told = date.as_ref().and_then(|d| d.iso.clone());
    let mut found: Option<Date> = None;
    let mut changed: Option<Date> = None;
    for (at, row) in rows.iter_mut().enumerate() {
        let around = at < first || at > last;
        // A first line is a title even if it is a date; lines of tables and code are what they are.
        if row.body || row_is_markup(row) || matches!(row.line.kind, Some(BlockKind::Title)) {
            continue;
        }
        let Some((day, change)) = dateline::parse(lang, &row.line.text) else { continue };
        let place = if change { &mut changed } else { &mut found };
        if !around && !change && (told.is_none() || told != day.iso) {
            continue;
        }
        if place.is_none() {
            *place = Some(day);
        } else if row.line.kind == Some(BlockKind::Heading) {
            continue; // dates as headings: a chronicle
        }
        if sieve == Sieve::Remove || row.fate != Fate::Stays {
            row.fate = Fate::Goes("date".to_owned());
        }
    }
    // What the page's metadata says is for machines and sure; the line shows how a person would write it.
    let shown = found.or(changed);
    *date = match (date.take(), shown) {
        (Some(sure), _) if sure.iso.is_some() => Some(sure),
        (unsure, shown) => shown.or(unsure),
    };
}

/// Says what each line that stays is, as far as markup did not.
fn name_kinds(rows: &mut [Row], rules: &Rules, author: &mut Option<String>) {
    let stays = |row: &Row| row.fate == Fate::Stays;
    let first_body = rows.iter().position(|r| r.body && stays(r)).unwrap_or(rows.len());
    let last_body = rows.iter().rposition(|r| r.body && stays(r));
    let (first, last) = text_between(rows);
    let mut titled = rows.iter().any(|r| stays(r) && r.line.kind == Some(BlockKind::Title));
    let mut behind_title = false;
    for (at, row) in rows.iter_mut().enumerate().filter(|(_, r)| r.fate == Fate::Stays) {
        behind_title |= row.line.kind == Some(BlockKind::Title);
        let around = at < first || at > last;
        if around
            && !row.body
            && matches!(row.line.kind, None | Some(BlockKind::Paragraph | BlockKind::Byline))
            && let Some(names) = byline::names(rules, &row.line.text)
        {
            row.line.kind = Some(BlockKind::Byline);
            if author.is_none() && at < first {
                *author = Some(names.to_owned());
            }
            continue;
        }
        if row.line.kind.is_some() {
            continue;
        }
        let short = !row.body && row.words <= TITLE && !ends_sentence(&row.line.text);
        let introduces = row.line.text.ends_with([':', '،', '؛', ',', ';']);
        row.line.kind = Some(match () {
            () if short && !titled && at <= first_body => {
                (titled, behind_title) = (true, true);
                BlockKind::Title
            }
            () if !short || introduces => BlockKind::Paragraph,
            () if behind_title && at < first_body => BlockKind::Caption,
            () if row.words <= 15 && last_body.is_some_and(|last| at < last) => BlockKind::Heading,
            () => BlockKind::Paragraph,
        });
        titled |= row.body; // a text that begins with running text has no title
    }
}

/// A page that says its title twice before the text (breadcrumb, banner) needs it once.
fn take_second_titles(rows: &mut [Row]) {
    let Some(title) = rows.iter().find(|r| r.fate == Fate::Stays && r.line.kind == Some(BlockKind::Title)) else {
        return;
    };
    let title = title.folded.clone();
    let mut seen = false;
    for row in rows.iter_mut().take_while(|r| !r.body).filter(|r| r.fate == Fate::Stays && r.folded == title) {
        if row.line.kind == Some(BlockKind::Title) && !seen {
            seen = true;
        } else if !title.is_empty() && !row_is_markup(row) {
            row.fate = Fate::Goes("title again".to_owned());
        }
    }
}
