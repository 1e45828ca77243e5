//! The splitter: finds the stops of a line, what belongs to them, and asks the language whether the sentence ends there.

use super::abbreviation::{Abbreviations, Lists, Role};
use super::character::{
    is_arabic, is_ask, is_closer, is_emoji, is_full_stop, is_invisible, is_line_break, is_mark, is_opener, is_quote,
    is_stop, is_unseen, is_word,
};
use super::stop::{Stop, last_token};
use super::{Rules, Segment, ar, en, title};
use crate::lang::Lang;
use unicode_segmentation::GraphemeCursor;

/// The segments of `text`.
pub(super) fn segments(lang: Lang, text: &str, rules: &Rules) -> Vec<Segment> {
    let lists = Lists { shipped: Abbreviations::of(lang), added: rules.abbreviations() };
    let mut found: Vec<Segment> = Vec::new();
    let mut paragraph = 0;
    let mut at = 0;
    while at < text.len() {
        let line_end = text[at..].find(is_line_break).map_or(text.len(), |n| at + n);
        // The separator belongs to the span of the line before it; "\r\n" is one separator.
        let mut next = line_end + text[line_end..].chars().next().map_or(0, char::len_utf8);
        if text[line_end..].starts_with("\r\n") {
            next += 1;
        }
        let line = &text[at..line_end];
        if line.chars().all(|c| c.is_whitespace() || is_unseen(c)) {
            if let Some(last) = found.last_mut() {
                last.span.end = next;
            }
            at = next;
            continue;
        }
        let start = at + (line.len() - line.trim_start().len());
        let end = at + line.trim_end().len();
        let first = found.len();
        let mut from = start;
        let mut span = found.last().map_or(0, |s| s.span.end);
        let line = Line { lang, text, start, end, rules, lists };
        line.each_end(|to| {
            found.push(Segment { span: span..to, core: from..from + text[from..to].trim_end().len(), paragraph });
            from = to;
            span = to;
        });
        found.push(Segment { span: span..next, core: from..end, paragraph });
        if from > start && rules.joined_title {
            part_title(lang, text, &mut found, first, lists);
        }
        paragraph += 1;
        at = next;
    }
    found
}

/// Parts the segment `first` when it is a title and the beginning of the article.
fn part_title(lang: Lang, text: &str, found: &mut Vec<Segment>, first: usize, lists: Lists<'_>) {
    let whole = &mut found[first];
    let Some(at) = title::end(lang, &text[whole.core.clone()], lists) else { return };
    let at = whole.core.start + at;
    let rest = Segment { span: at..whole.span.end, core: at..whole.core.end, paragraph: whole.paragraph };
    whole.span.end = at;
    whole.core.end = whole.core.start + text[whole.core.start..at].trim_end().len();
    found.insert(first + 1, rest);
}

/// A line without the white space around it.
struct Line<'a> {
    lang: Lang,
    text: &'a str,
    start: usize,
    end: usize,
    rules: &'a Rules,
    lists: Lists<'a>,
}

/// Most letters: nothing begins or ends with them by themselves. ه may be a word that does.
fn is_plain(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | 'ء'..='غ' | 'ف'..='ن' | 'و'..='ي')
}

/// A quotation that is open.
struct Quotation {
    from: usize,
    /// Whether a colon introduces it.
    reported: bool,
}

/// What [`Line::stop`] read: the stop's characters end at `end`.
struct Cluster {
    dots: usize,
    asks: bool,
    closed: bool,
    /// Whether a quotation mark of the kinds that [`Line::each_end`] counts is among the closing marks.
    quoted: bool,
    end: usize,
}

impl Line<'_> {
    /// Calls `end` with the start of each sentence of the line but the first. One pass: each character is looked at a
    /// bounded number of times.
    fn each_end(&self, mut end: impl FnMut(usize)) {
        let Some(last_word) = self.last_word() else { return };
        let mut sentence = self.start;
        // Whether a straight quotation mark is open; a line begins without one.
        let mut open = false;
        let mut at = self.start;
        let mut previous = ' ';
        let mut worded = false;
        // The last visible character that is no white space.
        let mut before_gap = ' ';
        let mut quotation: Option<Quotation> = None;
        loop {
            // Words and the spaces between them.
            for c in self.text[at..self.end].chars() {
                if is_plain(c) {
                    (before_gap, worded) = (c, true);
                } else if c != ' ' {
                    break;
                }
                previous = c;
                at += c.len_utf8();
            }
            let Some(c) = self.char_at(at) else { return };
            if c == '"' || matches!(c, '«' | '»' | '“' | '”') {
                let opens = if c == '"' {
                    self.opens(previous, at, open)
                } else {
                    self.opens(previous, at, quotation.is_some())
                };
                if c == '"' {
                    open = opens;
                }
                if opens {
                    quotation = Some(Quotation { from: at, reported: before_gap == ':' });
                } else if let Some(quotation) = quotation.take()
                    && self.lang == Lang::Ar
                    && is_word(previous)
                {
                    let from = at + c.len_utf8();
                    let next = self.skip_space(from);
                    if next > from && next <= last_word && self.is_quotation_end(&quotation, at, next) {
                        end(next);
                        sentence = next;
                        worded = false;
                        previous = ' ';
                        before_gap = ' ';
                        at = next;
                        continue;
                    }
                }
            } else if is_stop(c) || (matches!(c, ';' | '؛') && self.rules.semicolon) {
                let cluster = self.stop(at, &mut open);
                let reported = cluster.quoted && quotation.take().is_some_and(|q| q.reported);
                let next = self.skip_space(cluster.end);
                let spaced = next > cluster.end;
                if next > last_word {
                    return;
                }
                // Marks that open a sentence ("... and then") end nothing.
                if worded && self.is_end(sentence, at, &cluster, next, reported) && self.parts_graphemes(next) {
                    end(next);
                    sentence = next;
                    worded = false;
                    previous = ' ';
                } else {
                    previous = if spaced { ' ' } else { self.text[at..next].chars().next_back().unwrap_or(' ') };
                }
                at = next;
                continue;
            } else if c == 'ه'
                && self.lang == Lang::Ar
                && previous.is_whitespace()
                && worded
                && is_word(before_gap)
                && quotation.is_none()
                && ar::begins_question(&self.text[sentence..at], &self.text[at..self.end], self.lists)
            {
                end(at);
                sentence = at;
            }
            if !is_unseen(c) {
                previous = c;
                before_gap = if c.is_whitespace() { before_gap } else { c };
                worded |= !worded && is_word(c);
            }
            at += c.len_utf8();
        }
    }

    /// Where the last letter or digit of the line begins: no sentence begins behind it.
    fn last_word(&self) -> Option<usize> {
        self.text[self.start..self.end].rfind(is_word).map(|n| self.start + n)
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text[at..self.end].chars().next()
    }

    /// The first visible character at or behind `at`.
    fn visible_at(&self, at: usize) -> Option<char> {
        self.text[at..self.end].chars().find(|c| !is_unseen(*c))
    }

    fn skip_space(&self, at: usize) -> usize {
        let rest = &self.text[at..self.end];
        let spaced = rest.trim_start();
        if spaced.len() == rest.len() {
            return at;
        }
        // A mark on a space is one grapheme with it.
        self.end - spaced.trim_start_matches(|c: char| is_mark(c) || c.is_whitespace()).len()
    }

    /// Whether the quotation mark at `at` opens: its white space says so, or else the count of those before it.
    fn opens(&self, previous: char, at: usize, open: bool) -> bool {
        let before_word = self
            .visible_at(at + self.char_at(at).map_or(0, char::len_utf8))
            .is_some_and(|c| is_word(c) || is_opener(c));
        let after_gap = previous.is_whitespace() || matches!(previous, '(' | '[' | '{' | '«' | '“');
        match (after_gap, before_word) {
            (true, true) => true,
            (false, false) => false,
            _ => !open,
        }
    }

    /// Reads the stop at `at`: its marks, and the closing brackets and quotation marks that belong to its sentence.
    fn stop(&self, at: usize, open: &mut bool) -> Cluster {
        let mut found = Cluster { dots: 0, asks: false, closed: false, quoted: false, end: at };
        while let Some(c) = self.char_at(found.end) {
            let after = found.end + c.len_utf8();
            if is_stop(c) || (found.end == at) {
                if found.closed {
                    // "etc.)." ends with one full stop, not with a pause of two dots.
                    found.dots = 0;
                }
                found.dots += if c == '…' { 3 } else { usize::from(is_full_stop(c)) };
                found.asks |= is_ask(c);
                found.closed = false;
            } else if is_unseen(c) || is_emoji(c) {
                // Stays with the mark it follows.
            } else if is_closer(c) {
                found.closed = true;
            } else if c == '"' || is_quote(c) {
                let glued_to_word = self.visible_at(after).is_some_and(is_word);
                if glued_to_word && !(c == '"' && *open) {
                    break;
                }
                if c == '"' {
                    *open = false;
                }
                found.closed = true;
                found.quoted |= matches!(c, '"' | '»' | '”' | '«' | '“');
            } else if c == '[' {
                let Some(note) = self.note_end(found.end, true) else { break };
                found.end = note;
                continue;
            } else if c.is_whitespace() {
                let Some(end) = self.behind_space(found.end, *open) else { break };
                found.end = end;
                continue;
            } else {
                break;
            }
            found.end = after;
        }
        found
    }

    /// Behind white space at `at` inside a stop: the start of what still belongs to it, or the end of a note.
    fn behind_space(&self, at: usize, open: bool) -> Option<usize> {
        let next = self.skip_space(at);
        let c = self.visible_at(next)?;
        let rest = &self.text[next..self.end];
        let visible = next + rest.find(|c| !is_unseen(c)).unwrap_or(0);
        let behind = self.visible_at(visible + c.len_utf8());
        let free = behind.is_none_or(|b| !is_word(b));
        let belongs = match c {
            // " ." and " ..." but not " .NET"; runs of dots are read to their end.
            _ if is_stop(c) => {
                let run = self.text[visible..self.end].trim_start_matches(|c| is_stop(c) || is_unseen(c));
                run.chars().next().is_none_or(|b| !is_word(b))
            }
            '"' => open && behind.is_none_or(|b| b.is_whitespace() || is_stop(b) || is_closer(b)),
            '»' | '”' | '›' => free && !behind.is_some_and(is_opener),
            _ if is_closer(c) || is_emoji(c) => true,
            '[' => return self.note_end(visible, false),
            _ => false,
        };
        belongs.then_some(visible)
    }

    /// The end of an editor's note in square brackets: "[12]", and behind white space "[citation needed]" and its like.
    fn note_end(&self, at: usize, glued: bool) -> Option<usize> {
        // Longer ones are text; the bound keeps the walk linear.
        const LONGEST: usize = 48;
        let inside = &self.text[at + 1..self.end];
        let length = inside.chars().take(LONGEST).position(|c| c == ']')?;
        let bytes: usize = inside.chars().take(length).map(char::len_utf8).sum();
        let inside = &inside[..bytes];
        let first = inside.split(|c: char| c.is_whitespace() || is_stop(c) || c == ':').next().unwrap_or_default();
        let seen = || inside.chars().filter(|c| !is_unseen(*c));
        let number = seen().next().is_some() && seen().all(char::is_numeric);
        let letter = glued && seen().count() == 1 && seen().all(char::is_alphabetic);
        let is_note = number || letter || self.lists.has(first, Role::Note);
        is_note.then_some(at + 1 + bytes + 1)
    }

    fn is_end(&self, sentence: usize, at: usize, cluster: &Cluster, next: usize, reported: bool) -> bool {
        let before = &self.text[sentence..at];
        // "[...]" and "(…)" say that something was left out.
        if cluster.dots > 1 && !cluster.asks && before.trim_end_matches(is_unseen).ends_with(['[', '(']) {
            return false;
        }
        let stop = Stop {
            before,
            dots: cluster.dots,
            asks: cluster.asks,
            closed: cluster.closed,
            reported: reported && cluster.closed,
            after: self.text[next..self.end].trim_start_matches(is_invisible),
        };
        if next == cluster.end {
            return self.is_glued_end(&stop);
        }
        if cluster.dots == 0 && !cluster.asks {
            return self.is_semicolon_end(&stop);
        }
        match self.lang {
            Lang::Ar => ar::ends(&stop, self.lists),
            Lang::En => en::ends(&stop, self.lists),
        }
    }

    /// Without white space behind it, an Arabic question or exclamation mark between Arabic letters ends a sentence, for
    /// no word has one inside; a full stop does so only when the rules ask for it, and only between two plain words
    /// ("done.Next"), not in "node.js", "10.5", "e.g.the".
    fn is_glued_end(&self, stop: &Stop<'_>) -> bool {
        let Some(next) = stop.after.chars().next() else { return false };
        let last = stop.before.chars().rev().find(|c| !is_unseen(*c));
        let arabic = is_arabic(next) && last.is_some_and(is_arabic);
        if stop.asks {
            return arabic && !stop.closed;
        }
        if !self.rules.glued_stop || stop.dots != 1 {
            return false;
        }
        let word = last_token(stop.before);
        let plain = |w: &str| w.chars().filter(|c| is_word(*c)).count() >= 3 && !w.contains(['.', '/', '@', '_']);
        let following: String =
            stop.after.chars().take_while(|c| c.is_alphabetic() || matches!(c, '.' | '/' | '@')).take(24).collect();
        let sentence_case = next.is_uppercase() && last.is_some_and(char::is_lowercase);
        plain(word)
            && !following.contains(['.', '/', '@'])
            && following.chars().count() >= 2
            && (arabic || sentence_case)
    }

    /// Whether the sentence ends with a quotation whose writer left the stop out, as Arabic newspapers do.
    fn is_quotation_end(&self, quotation: &Quotation, at: usize, next: usize) -> bool {
        let words = self.text[quotation.from..at].chars().take(160).filter(|c| c.is_whitespace()).count() + 1;
        ar::ends_with_quotation(words, quotation.reported, &self.text[next..self.end], self.lists)
            && self.parts_graphemes(next)
    }

    fn is_semicolon_end(&self, stop: &Stop<'_>) -> bool {
        // "&amp;" is an entity that somebody forgot, no clause.
        !last_token(stop.before).starts_with('&') && !stop.closed
    }

    /// Whether the place is a grapheme boundary; the cheap answer first.
    fn parts_graphemes(&self, at: usize) -> bool {
        match self.char_at(at) {
            Some(c) if c.is_ascii() || is_arabic(c) => true,
            _ => GraphemeCursor::new(at, self.text.len(), true).is_boundary(self.text, 0).unwrap_or(false),
        }
    }
}
