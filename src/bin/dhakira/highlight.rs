//! Differences shown: under four styles in a terminal, as `<ins>`, `<del>` and `<mark>` in a page.
//!
//! Styles begin and end where words do, since a terminal or browser may shape each styled run for itself.

use crate::terminal::{Look, Style};
use dhakira::Lang;
use dhakira::matching::{Op, diff};

/// The stored text, coloured by what would have to change to make it the new one, with what is new in its place. Without
/// colours the stored text as it is.
pub fn inline(look: &Look, lang: Lang, new: &str, stored: &str) -> String {
    if !look.coloured() {
        return stored.to_owned();
    }
    let shown = diff(lang, new, stored).into_iter().map(|span| {
        let (new, old) = (&new[span.a], &stored[span.b]);
        match span.op {
            Op::Equal => old.to_owned(),
            Op::Form => look.paint(Style::Form, old),
            Op::Delete => look.paint(Style::Gone, old),
            Op::Insert => look.paint(Style::New, &look.inserted(new)),
            Op::Replace => {
                let gap = if old.ends_with(' ') { "" } else { " " };
                look.paint(Style::Replaced, old) + gap + &look.paint(Style::Replacing, &look.inserted(new))
            }
        }
    });
    shown.collect()
}

/// Both texts, what differs coloured in each; without colours as they are.
pub fn sides(look: &Look, lang: Lang, before: &str, after: &str) -> (String, String) {
    if !look.coloured() {
        return (before.to_owned(), after.to_owned());
    }
    let (mut old, mut new) = (String::new(), String::new());
    for span in diff(lang, after, before) {
        let part = |style: Option<Style>, text: &str| match style {
            Some(style) if !text.is_empty() => look.paint(style, text),
            _ => text.to_owned(),
        };
        let (was, is) = match span.op {
            Op::Equal => (None, None),
            Op::Form => (Some(Style::Form), Some(Style::Form)),
            Op::Delete | Op::Insert => (Some(Style::Gone), Some(Style::New)),
            Op::Replace => (Some(Style::Replaced), Some(Style::Replacing)),
        };
        old += &part(was, &before[span.b]);
        new += &part(is, &after[span.a]);
    }
    (old, new)
}

/// [`inline`] as HTML for an element whose `dir` is the language's: of a replacement `<del class="r">` and `<ins
/// class="r">`, of a difference in form `<mark>`. What is inserted has a direction of its own (`dir="auto"` isolates).
pub fn html(lang: Lang, new: &str, stored: &str) -> String {
    let shown = diff(lang, new, stored).into_iter().map(|span| {
        let (new, old) = (escaped(&new[span.a]), escaped(&stored[span.b]));
        match span.op {
            Op::Equal => old,
            Op::Form => format!("<mark title=\"{new}\">{old}</mark>"),
            Op::Delete => format!("<del>{old}</del>"),
            Op::Insert => format!("<ins dir=\"auto\">{new}</ins>"),
            Op::Replace => {
                let gap = if old.ends_with(' ') { "" } else { " " };
                format!("<del class=\"r\">{old}</del>{gap}<ins class=\"r\" dir=\"auto\">{new}</ins>")
            }
        }
    });
    shown.collect()
}

/// Text as it stands in HTML, in an element or between double quotes: characters that end either are references, and so
/// are controls, which HTML has not.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_show_four_kinds_of_difference() {
        let check = |new: &str, stored: &str, expected: &str| assert_eq!(html(Lang::Ar, new, stored), expected);
        check("غدا", "غدًا", "<mark title=\"غدا\">غدًا</mark>");
        check("عاد Ali أمس", "عاد أمس", "عاد <ins dir=\"auto\">Ali </ins>أمس");
        check("عاد", "عاد <b>", "عاد<del> &lt;b&gt;</del>");
        check("قلم", "كتاب", "<del class=\"r\">كتاب</del> <ins class=\"r\" dir=\"auto\">قلم</ins>");
    }
}
