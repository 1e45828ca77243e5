//! Placeholders in text: what a program puts something else for.

use super::script::{is_arabic_letter, is_tashkeel};
use std::collections::BTreeMap;
use std::ops::Range;

/// A placeholder: where it stands, and what it is the same as on the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// What it is.
    pub kind: PlaceholderKind,
}

/// What a placeholder is, by its meaning and not by its spelling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceholderKind {
    /// `%s`, `%2$d`: the number of its argument where it is written, and what it shows (`d` for all whole numbers).
    Printf(Option<u32>, char),
    /// `%1` (Qt): a percentage as well, so it counts only where the English side has it.
    Numbered(u32),
    /// `{0}`, `{name}`, `${x}`, `#{x}`, `%{x}`, `%(x)s`, `$X$`: by name.
    Named(String),
    /// `<b>`, `</b>`: by name, a closing one with its stroke.
    Tag(String),
}

/// Elements that stand in translated strings: HTML's text-level and common block elements, and those of KDE's KUIT.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "application",
    "b",
    "bcode",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "cite",
    "code",
    "command",
    "dd",
    "del",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "email",
    "emphasis",
    "filename",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "html",
    "i",
    "icode",
    "img",
    "input",
    "ins",
    "interface",
    "kbd",
    "label",
    "li",
    "link",
    "mark",
    "message",
    "nl",
    "note",
    "ol",
    "p",
    "para",
    "placeholder",
    "pre",
    "q",
    "qt",
    "resource",
    "s",
    "samp",
    "shortcut",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "subtitle",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "warning",
];

/// The placeholders of `text` in their order, as far as they are written in one of the usual forms: those of printf, Qt, ICU,
/// Fluent and templates, and the tags of HTML. Total, and linear but for nested braces.
///
/// ```
/// use dhakira::check::placeholders;
/// let text = "حُفظ %1$s في <b>{folder}</b>، 50% من المساحة";
/// let found: Vec<&str> = placeholders(text).into_iter().map(|p| &text[p.range]).collect();
/// assert_eq!(found, ["%1$s", "<b>", "{folder}", "</b>"]);
/// ```
pub fn placeholders(text: &str) -> Vec<Placeholder> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(['%', '{', '$', '#', '<']).map(|i| at + i) {
        let rest = &text[start..];
        let before = text[..start].chars().next_back();
        let read = match rest.as_bytes()[0] {
            b'%' => percent(rest, before),
            b'{' => braces(rest),
            b'$' => prefixed(rest).or_else(|| dollars(rest)),
            b'#' => prefixed(rest),
            _ => tag(rest),
        };
        at = match read {
            Some((kind, length)) => {
                found.push(Placeholder { range: start..start + length, kind });
                start + length
            }
            // “%%” is a percent sign, not the start of another placeholder.
            None if rest.starts_with("%%") => start + 2,
            None => start + 1,
        };
    }
    found
}

/// printf (C, Python, PHP, Objective-C), Qt and `%NAME%`.
fn percent(text: &str, before: Option<char>) -> Option<(PlaceholderKind, usize)> {
    let rest = &text[1..];
    if let Some(found) = prefixed(text) {
        return Some(found);
    }
    if let Some(named) = rest.strip_prefix('(') {
        let end = named.find(')')?;
        let conversion =
            named[end + 1..].trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
        let c = conversion.chars().next().filter(char::is_ascii_alphabetic)?;
        let length = text.len() - conversion.len() + c.len_utf8();
        return is_name(&named[..end]).then(|| (PlaceholderKind::Named(named[..end].to_owned()), length));
    }
    let upper = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_uppercase() || c == '_').len();
    if upper >= 2 && rest[upper..].starts_with('%') {
        return Some((PlaceholderKind::Named(rest[..upper].to_owned()), upper + 2));
    }
    if let Some(localized) = rest.strip_prefix('L') {
        let digits = localized.bytes().take_while(u8::is_ascii_digit).count();
        let number = localized[..digits].parse().ok().filter(|_| digits <= 2)?;
        return Some((PlaceholderKind::Numbered(number), 2 + digits));
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    // “%1x%2” and “%1pt” are arguments of Qt between letters, and no printf of a width: on both sides it is the same.
    let numbered = (1..=2).contains(&digits)
        && !rest.starts_with('0')
        && rest[digits..].starts_with(|c: char| c.is_ascii_alphabetic());
    let (argument, format) = match rest[digits..].strip_prefix('$') {
        Some(format) if digits > 0 => (rest[..digits].parse().ok(), format),
        _ => (None, rest),
    };
    let flags = format.trim_start_matches(['-', '+', '#', '0']);
    let width = flags.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '*'));
    let length = width.trim_start_matches("I64").trim_start_matches(['l', 'h', 'z', 'j', 't']);
    let conversion = length.chars().next();
    let behind = length.chars().nth(1);
    let shows = match conversion {
        Some('d' | 'i' | 'u') => Some('d'),
        Some('x' | 'X' | 'o') => Some('x'),
        Some('f' | 'F' | 'e' | 'E' | 'g' | 'G') => Some('f'),
        Some('s' | 'S' | '@') => Some('s'),
        Some('c' | 'C') => Some('c'),
        Some('p') => Some('p'),
        _ => None,
    };
    // “100%sure” and “50%d'ici” are percentages in words.
    let percentage = before.is_some_and(char::is_numeric) && behind.is_some_and(char::is_alphabetic);
    if let (Some(shows), false) = (shows, percentage || numbered) {
        let length = text.len() - length.len() + 1;
        return Some((PlaceholderKind::Printf(argument, shows), length));
    }
    if let Some(rest) = rest.strip_prefix('n')
        && !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
    {
        return Some((PlaceholderKind::Named("n".to_owned()), 2));
    }
    if (1..=2).contains(&digits) && !before.is_some_and(char::is_numeric) {
        let number = rest[..digits].parse().ok()?;
        return Some((PlaceholderKind::Numbered(number), 1 + digits));
    }
    None
}

/// `${x}`, `#{x}`, `%{x}`.
fn prefixed(text: &str) -> Option<(PlaceholderKind, usize)> {
    let (kind, length) = braces(text.get(1..).filter(|t| t.starts_with('{'))?)?;
    Some((kind, length + 1))
}

/// `$NAME$`.
fn dollars(text: &str) -> Option<(PlaceholderKind, usize)> {
    let name = &text[1..];
    let end = name.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))?;
    let named = end > 0 && name.starts_with(|c: char| c.is_ascii_uppercase()) && name[end..].starts_with('$');
    named.then(|| (PlaceholderKind::Named(name[..end].to_owned()), end + 2))
}

/// `{0}`, `{name}`, `{ $name }`, `{{name}}`, `{name:>10}`, and ICU's `{count, plural, …}` with all that it holds.
fn braces(text: &str) -> Option<(PlaceholderKind, usize)> {
    /// No argument with its forms is longer; it bounds the search for the closing brace.
    const LONGEST: usize = 4096;
    let mut depth = 0usize;
    let end = text.bytes().take(LONGEST).position(|b| {
        match b {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    let inside = text[1..end].trim_matches(['{', '}']).trim();
    let name = inside.split([',', ':', '!', '(']).next().unwrap_or_default().trim().trim_start_matches('$');
    (name.is_empty() && inside.is_empty() || is_name(name)).then(|| (PlaceholderKind::Named(name.to_owned()), end + 1))
}

/// Names that programs give: ASCII letters, digits and `_ . - > [ ] /`, no spaces.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.->[]/$".contains(&b))
}

/// A start or end tag of a known element.
fn tag(text: &str) -> Option<(PlaceholderKind, usize)> {
    /// Attributes of a link with a long address.
    const LONGEST: usize = 2048;
    let stroke = text[1..].starts_with('/');
    let name = &text[1 + usize::from(stroke)..];
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).filter(|e| *e > 0)?;
    let element = name[..end].to_ascii_lowercase();
    let close = text.bytes().take(LONGEST).position(|b| b == b'>')?;
    let attributes = text.get(text.len() - name.len() + end..close)?;
    let plain = attributes.is_empty() || attributes.starts_with(|c: char| c.is_whitespace() || c == '/');
    if !plain || attributes.contains('<') || !ELEMENTS.contains(&element.as_str()) {
        return None;
    }
    let name = if stroke { format!("/{element}") } else { element };
    Some((PlaceholderKind::Tag(name), close + 1))
}

/// What each side lacks of the other's placeholders, as the other side writes them: Arabic first.
pub(super) fn difference(
    (ar_text, ar_found): (&str, &[Placeholder]),
    (en_text, en_found): (&str, &[Placeholder]),
) -> (Vec<String>, Vec<String>) {
    let english_numbered = en_found.iter().any(|p| matches!(p.kind, PlaceholderKind::Numbered(_)));
    let (ar, en) = (kinds(ar_found, english_numbered), kinds(en_found, true));
    let lacking = |from: &BTreeMap<PlaceholderKind, usize>, of: &BTreeMap<PlaceholderKind, usize>| -> Vec<usize> {
        of.iter().filter(|(kind, _)| !from.contains_key(*kind)).map(|(_, at)| *at).collect()
    };
    let (mut ar_lacks, en_lacks) = (lacking(&ar, &en), lacking(&en, &ar));
    if let ([at], []) = (ar_lacks.as_slice(), en_lacks.as_slice())
        && is_one(ar_text, en_text, &en_found[*at])
    {
        ar_lacks.clear();
    }
    let written = |text: &str, found: &[Placeholder], list: Vec<usize>| {
        list.into_iter().map(|at| text[found[at].range.clone()].to_owned()).collect()
    };
    (written(en_text, en_found, ar_lacks), written(ar_text, ar_found, en_lacks))
}

/// The kinds, each with the number of its first placeholder; unnumbered arguments get their numbers.
fn kinds(found: &[Placeholder], numbered: bool) -> BTreeMap<PlaceholderKind, usize> {
    let mut kinds = BTreeMap::new();
    let mut argument = 0;
    for (at, placeholder) in found.iter().enumerate() {
        let kind = match &placeholder.kind {
            PlaceholderKind::Printf(None, shows) => {
                argument += 1;
                PlaceholderKind::Printf(Some(argument), *shows)
            }
            PlaceholderKind::Numbered(_) if !numbered => continue,
            PlaceholderKind::Tag(name) if LAYOUT.contains(&name.trim_start_matches('/')) => continue,
            kind => kind.clone(),
        };
        kinds.entry(kind).or_insert(at);
    }
    kinds
}

/// Elements that a translation adds for its direction or breaks its lines with.
const LAYOUT: [&str; 11] = ["p", "para", "div", "span", "font", "br", "nl", "qt", "html", "head", "body"];

/// Whether a count is lacking because the Arabic noun or its numeral says it: forms of *one* and *two* (CLDR plural rules
/// for `ar`), which gettext and ICU pair with the English singular.
fn is_one(ar: &str, en: &str, lacking: &Placeholder) -> bool {
    if !matches!(
        &lacking.kind,
        PlaceholderKind::Printf(_, 'd') | PlaceholderKind::Numbered(_) | PlaceholderKind::Named(_)
    ) {
        return false;
    }
    let bare: String = ar.chars().filter(|c| !is_tashkeel(*c)).collect();
    let numeral = bare.split(|c: char| !is_arabic_letter(c)).any(|word| {
        let stem = word.trim_start_matches(['و', 'ب', 'ل', 'ف']).trim_start_matches("ال");
        // Without the first letter that the line above may have taken for a prefix.
        matches!(stem, "احد" | "احدة" | "اثنان" | "اثنين" | "اثنتان" | "اثنتين" | "إثنان" | "إثنين")
    });
    let noun = en[lacking.range.end..].strip_prefix([' ', '\u{A0}', '-']).unwrap_or_default();
    let noun = &noun[..noun.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(noun.len())];
    numeral || noun.len() >= 2 && !noun.ends_with('s') && noun.ends_with(|c: char| c.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_found() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<&str> = placeholders(text).into_iter().map(|p| &text[p.range]).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("%s %1$s %-5.2f %ld %% %@ %zu", &["%s", "%1$s", "%-5.2f", "%ld", "%@", "%zu"]);
        check("%(name)s %{count} ${x} #{y} $URL$", &["%(name)s", "%{count}", "${x}", "#{y}", "$URL$"]);
        check("{0} {name} { $who } {{x}} {}", &["{0}", "{name}", "{ $who }", "{{x}}", "{}"]);
        check("{n, plural, one {# file} other {# files}} now", &["{n, plural, one {# file} other {# files}}"]);
        check(
            "<b>نعم</b><br/> <a href=\"#\">x</a> a<b <ملف> <file>",
            &["<b>", "</b>", "<br/>", "<a href=\"#\">", "</a>"],
        );
        check("100%sure, 50% off, 5 %, %, {, $5, #1, <", &[]);
        check("{مثال} {two words}", &[]);
        check("%1 من %2", &["%1", "%2"]);
    }

    #[test]
    fn sides_are_compared_by_meaning() {
        let check = |ar: &str, en: &str, ar_lacks: &[&str], en_lacks: &[&str]| {
            let (a, b) = difference((ar, &placeholders(ar)), (en, &placeholders(en)));
            assert_eq!(
                (a.as_slice(), b.as_slice()),
                (ar_lacks.map_owned().as_slice(), en_lacks.map_owned().as_slice()),
                "{ar} {en}"
            );
        };
        check("من %2$s إلى %1$s", "%s to %s", &[], &[]);
        check("في %d دقيقة", "in %i minutes", &[], &[]);
        check("منذ ساعة واحدة", "%d hour ago", &[], &[]);
        check("كل يوم", "every %d day", &[], &[]);
        check("كل الأيام", "every %d days", &["%d"], &[]);
        check("صفحة %L1 من %L2", "Page %1 of %2", &[], &[]);
        check("%1×%2", "%1x%2", &[], &[]);
        check("%1 نقطة", "%1pt", &[], &[]);
        check("مهمّة", "%u Job", &[], &[]);
        check("<p dir=rtl>نعم</p>", "yes", &[], &[]);
        check("نحو %50", "about 50%", &[], &[]);
        check("من %1", "%1 of %2", &["%2"], &[]);
        check("{الاسم}", "{name}", &["{name}"], &[]);
        check("<b>نعم", "yes", &[], &["<b>"]);
        check("{count, plural, zero {لا شيء} other {#}}", "{count, plural, other {#}}", &[], &[]);
    }

    trait MapOwned {
        fn map_owned(&self) -> Vec<String>;
    }

    impl MapOwned for [&str] {
        fn map_owned(&self) -> Vec<String> {
            self.iter().map(|s| (*s).to_owned()).collect()
        }
    }
}
