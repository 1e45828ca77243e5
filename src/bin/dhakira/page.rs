//! Suggestions as a page of HTML: one file without scripts or links, each side in its own direction.

use crate::explain;
use crate::highlight::{escaped, html};
use crate::suggester::Suggestions;
use dhakira::matching::Score;
use dhakira::memory::Repaired;

/// The beginning of a page. Colours are those of the terminal's styles; who sees none sees lines under and through.
pub const HEAD: &str = r#"<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>dhakira match</title>
<style>
body { font-family: sans-serif; max-width: 60em; margin: 1em auto }
p { margin: .2em 0; white-space: pre-wrap }
h2 { font-size: 1.1em; font-weight: bold }
li { margin: .6em 0; list-style: none }
dt { font-weight: bold } dd { margin: 0 0 .4em }
.about { color: #555; font-size: .85em }
del { color: #b00020; background: #fde7ea } ins { color: #00632b; background: #e3f6e9 }
del.r { color: #7b1fa2; background: #f4e6fa } ins.r { color: #005b74; background: #dff3f8 }
mark { color: inherit; background: #fff3c4; text-decoration: underline dotted }
</style>
"#;

/// The end of a page.
pub const FOOT: &str = "</html>\n";

/// A query with its suggestions, each perhaps explained, and the parts of it that the memory knows.
pub fn section(found: &Suggestions<'_>, min: Score, explained: bool) -> String {
    let Suggestions { query, matches, repaired, fragments } = found;
    let (from, to) = (query.lang(), query.lang().other());
    let mut page =
        format!("<section>\n<h2 lang=\"{}\" dir=\"{}\">{}</h2>\n", from.code(), from.dir(), escaped(query.text()));
    if matches.is_empty() {
        page += &format!("<p class=\"about\">nothing at {min} or better</p>\n");
    }
    page += "<ol>\n";
    for (found, repaired) in matches.iter().zip(repaired) {
        let file = found.file.file_stem().unwrap_or_default().to_string_lossy();
        let why: Vec<String> = found.why.iter().map(ToString::to_string).collect();
        let other = if found.alternative_to.is_some() { "another translation" } else { "" };
        let about = [format!("{} {} {file}", found.score, found.kind), other.to_owned(), why.join("; ")];
        let about = about.iter().filter(|part| !part.is_empty()).map(|part| escaped(part)).collect::<Vec<_>>();
        page += &format!("<li>\n<p class=\"about\">{}</p>\n", about.join(" · "));
        let source = html(from, query.text(), &found.source);
        page += &format!("<p lang=\"{}\" dir=\"{}\">{source}</p>\n", from.code(), from.dir());
        page += &format!("<p lang=\"{}\" dir=\"{}\">{}</p>\n", to.code(), to.dir(), escaped(&found.target));
        if let Some(repaired) = repaired {
            page += &format!("<p lang=\"{}\" dir=\"{}\">{}</p>\n", to.code(), to.dir(), marked(repaired));
            let why: Vec<String> = repaired.repair.edits.iter().map(ToString::to_string).collect();
            page += &format!("<p class=\"about\">repaired, {} · {}</p>\n", repaired.score, escaped(&why.join("; ")));
        }
        for line in explain::lines(found).iter().filter(|_| explained) {
            page += &format!("<p class=\"about\">{}</p>\n", escaped(line));
        }
        page += "</li>\n";
    }
    page += "</ol>\n";
    if let Some(fragments) = fragments.as_ref().filter(|fragments| !fragments.is_empty()) {
        page += "<dl>\n";
        for fragment in fragments {
            let part = &query.text()[fragment.span.clone()];
            page += &format!("<dt lang=\"{}\" dir=\"{}\">{}</dt>\n", from.code(), from.dir(), escaped(part));
            page += &format!("<dd lang=\"{}\" dir=\"{}\">{}</dd>\n", to.code(), to.dir(), escaped(&fragment.target));
        }
        page += "</dl>\n";
    }
    page + "</section>\n"
}

/// A repaired translation, what is new in it as `<ins>`.
fn marked(repaired: &Repaired) -> String {
    let text = repaired.repair.target.text();
    let (mut shown, mut at) = (String::new(), 0);
    for edit in &repaired.repair.edits {
        shown += &escaped(&text[at..edit.range.start]);
        shown += &format!("<ins class=\"r\" dir=\"auto\">{}</ins>", escaped(&text[edit.range.clone()]));
        at = edit.range.end;
    }
    shown + &escaped(&text[at..])
}
