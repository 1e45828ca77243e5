//! What an HTML page says of itself: `meta`, `link`, `title` and JSON-LD (schema.org), for date, author, title, address.

use super::{Date, Source, collapse, dateline, tree::Page};
use crate::lang::Lang;

/// The page's metadata, and its date if it is there for machines to read.
pub(super) fn head(page: &Page) -> (Source, Option<Date>) {
    let mut source = Source::default();
    let mut date: Option<Date> = None;
    let mut title: Option<String> = None;
    for node in &page.nodes {
        match &*node.name {
            "meta" => {
                let key = node.attr("property").or_else(|| node.attr("name")).or_else(|| node.attr("itemprop"));
                let (Some(key), Some(value)) = (key, node.attr("content")) else { continue };
                let value = collapse(value);
                if value.is_empty() {
                    continue;
                }
                match key.to_ascii_lowercase().as_str() {
                    "og:title" => title = Some(value),
                    "twitter:title" | "dc.title" | "headline" => {
                        let _ = title.get_or_insert(value);
                    }
                    "og:url" => {
                        let _ = source.url.get_or_insert(value);
                    }
                    "og:site_name" | "application-name" => {
                        let _ = source.site.get_or_insert(value);
                    }
                    "author" | "article:author" | "dc.creator" | "parsely-author" | "byl" if !value.contains("://") => {
                        let _ = source.author.get_or_insert(value);
                    }
                    "article:published_time"
                    | "datepublished"
                    | "og:published_time"
                    | "date"
                    | "pubdate"
                    | "dc.date"
                    | "dc.date.issued"
                    | "dcterms.created"
                    | "publishdate"
                    | "parsely-pub-date"
                    | "publish-date" => {
                        date = date.or_else(|| read_date(&value));
                    }
                    _ => {}
                }
            }
            "link" if node.attr("rel").is_some_and(|r| r.eq_ignore_ascii_case("canonical")) => {
                source.url = node.attr("href").map(str::to_owned).filter(|u| !u.trim().is_empty()).or(source.url);
            }
            _ => {}
        }
    }
    for at in page.elements(&["script"]) {
        if page.nodes[at].attr("type").is_some_and(|t| t.trim().eq_ignore_ascii_case("application/ld+json")) {
            let json: String = page.nodes[at..page.nodes[at].end].iter().map(|n| n.text.as_ref()).collect();
            date = date.or_else(|| read_date(&member(&json, "datePublished")?));
            title = title.or_else(|| member(&json, "headline"));
            source.author = source.author.or_else(|| {
                let after = value_of(&json, "author")?;
                if after.starts_with('"') { string(after) } else { member(after.get(..)?, "name") }
            });
        }
    }
    for at in page.elements(&["time", "meta", "span", "abbr", "div", "p"]) {
        let node = &page.nodes[at];
        let published = node.attr("itemprop").is_some_and(|p| p.eq_ignore_ascii_case("datePublished"));
        let value = node.attr("datetime").or_else(|| node.attr("content")).or_else(|| node.attr("title"));
        if (published || &*node.name == "time") && date.is_none() {
            date = value.and_then(dateline::machine);
        }
    }
    let own = page.elements(&["title"]).next().map(|at| page.text(at)).filter(|t| !t.is_empty());
    source.title = title.or_else(|| own.map(|t| without_site(&t, source.site.as_deref())));
    source.title = source.title.map(|t| collapse(&t)).filter(|t| !t.is_empty());
    (source, date)
}

fn read_date(value: &str) -> Option<Date> {
    let lang = Lang::of_script(value).unwrap_or(Lang::En);
    dateline::machine(value).or_else(|| Some(dateline::parse(lang, value)?.0))
}

/// A page's `title` without the name of its site: what stands behind the last separator, if it is that name, or if it is
/// short beside the rest.
fn without_site(title: &str, site: Option<&str>) -> String {
    let cut = [" - ", " | ", " – ", " — ", " :: ", " » ", " • ", "| "]
        .iter()
        .filter_map(|s| title.rfind(s).map(|at| (at, s.len())))
        .max();
    let Some((at, length)) = cut else { return title.to_owned() };
    let (front, back) = (&title[..at], &title[at + length..]);
    let words = |s: &str| s.split_whitespace().count();
    let is_site = site.is_some_and(|s| s.trim() == back.trim());
    if is_site || (words(front) >= 3 && words(back) <= 4 && words(back) < words(front)) {
        without_site(front.trim(), None.or(site).filter(|_| false))
    } else {
        title.to_owned()
    }
}

/// The value behind the first `"key":` of a JSON text.
fn value_of<'a>(json: &'a str, key: &str) -> Option<&'a str> {
    let quoted = format!("\"{key}\"");
    json.match_indices(&quoted)
        .find_map(|(at, _)| json[at + quoted.len()..].trim_start().strip_prefix(':').map(str::trim_start))
}

/// The string that the first `"key"` has, if it is one.
fn member(json: &str, key: &str) -> Option<String> {
    string(value_of(json, key)?)
}

/// The JSON string at the beginning of `text`, decoded (RFC 8259 §7); lone surrogates are left out.
fn string(text: &str) -> Option<String> {
    let mut found = String::new();
    let mut units: Vec<u16> = Vec::new();
    let mut chars = text.strip_prefix('"')?.chars();
    loop {
        let c = chars.next()?;
        let c = match c {
            '"' => break,
            '\\' => match chars.next()? {
                'u' => {
                    let hex: String = chars.by_ref().take(4).collect();
                    units.push(u16::from_str_radix(&hex, 16).ok()?);
                    continue;
                }
                'n' | 't' | 'r' | 'b' | 'f' => ' ',
                other => other,
            },
            c => c,
        };
        found.extend(char::decode_utf16(units.drain(..)).flatten());
        found.push(c);
    }
    found.extend(char::decode_utf16(units).flatten());
    let found = collapse(&found);
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, title: &str, author: &str, day: &str) {
        let (source, date) = head(&Page::parse(html));
        let day_found = date.and_then(|d| d.iso).unwrap_or_default();
        let found = (source.title.unwrap_or_default(), source.author.unwrap_or_default(), day_found);
        assert_eq!(found, (title.to_owned(), author.to_owned(), day.to_owned()), "{html}");
    }

    #[test]
    fn heads() {
        check("<title>عودة اللقالق إلى النهر - صحيفة البندر</title>", "عودة اللقالق إلى النهر", "", "");
        check(
            "<meta property=og:title content='عودة اللقالق'><meta property=article:published_time \
             content=2021-03-04T10:00:00Z><meta name=author content='سعاد حسن'><title>x</title>",
            "عودة اللقالق",
            "سعاد حسن",
            "2021-03-04",
        );
        check(
            r#"<script type="application/ld+json">{"@type":"NewsArticle","headline":"\u0639\u0648\u062f\u0629","datePublished":"2021-03-04","author":[{"@type":"Person","name":"Ann \"A\" Lee"}]}</script>"#,
            "عودة",
            "Ann \"A\" Lee",
            "2021-03-04",
        );
        check("<p>x <time datetime='2020-02-29'>أمس</time>", "", "", "2020-02-29");
    }
}
