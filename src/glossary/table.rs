//! A glossary as a table: one entry a line, cells with tabs between.

use super::entry::{Entry, Standing, Term};
use crate::lang::Lang;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Terms(Lang),
    Note,
    Id,
    Other,
}

impl Column {
    fn named(name: &str) -> Column {
        match name.trim().to_lowercase().as_str() {
            "ar" | "arabic" | "العربية" => Column::Terms(Lang::Ar),
            "en" | "english" | "الإنجليزية" => Column::Terms(Lang::En),
            "note" | "definition" | "comment" => Column::Note,
            "id" => Column::Id,
            _ => Column::Other,
        }
    }
}

/// The entries, or the line that is wrong and why.
pub(super) fn entries(text: &str) -> Result<Vec<Entry>, (u64, String)> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text); // byte order mark
    let mut columns: Option<Vec<Column>> = None;
    let mut entries = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let cells: Vec<&str> = line.split('\t').collect();
        if columns.is_none() {
            let named: Vec<Column> = cells.iter().map(|cell| Column::named(cell)).collect();
            let both = Lang::BOTH.iter().all(|lang| named.contains(&Column::Terms(*lang)));
            columns = Some(if both { named } else { Vec::new() });
            if both {
                continue;
            }
        }
        let entry = match columns.as_deref() {
            Some([]) | None => by_letters(&cells),
            Some(columns) => by_columns(columns, &cells),
        };
        match entry {
            Some(entry) => entries.push(entry),
            None => {
                let reason = "no Arabic and English term with a tab between; write one entry a line, or a header line \
                              with ar and en";
                return Err((number, reason.to_owned()));
            }
        }
    }
    Ok(entries)
}

/// Two cells of terms, one of each language, and perhaps a note.
fn by_letters(cells: &[&str]) -> Option<Entry> {
    let (first, second) = (cells.first()?, cells.get(1)?);
    let lang = Lang::of_script(first).or_else(|| Lang::of_script(second).map(Lang::other))?;
    let mut entry = Entry::default();
    terms(&mut entry, lang, first);
    terms(&mut entry, lang.other(), second);
    entry.note = cells.get(2).map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    has_both(entry)
}

fn by_columns(columns: &[Column], cells: &[&str]) -> Option<Entry> {
    let mut entry = Entry::default();
    for (column, cell) in columns.iter().zip(cells) {
        let text = || Some(cell.trim().to_owned()).filter(|text| !text.is_empty());
        match column {
            Column::Terms(lang) => terms(&mut entry, *lang, cell),
            Column::Note => entry.note = text(),
            Column::Id => entry.id = text(),
            Column::Other => {}
        }
    }
    has_both(entry)
}

fn has_both(entry: Entry) -> Option<Entry> {
    Lang::BOTH.iter().all(|lang| entry.terms.iter().any(|term| term.lang == *lang)).then_some(entry)
}

fn terms(entry: &mut Entry, lang: Lang, cell: &str) {
    let mut first = Standing::Preferred;
    for text in cell.split('|').map(str::trim) {
        let (text, standing) = match text.strip_prefix('!') {
            Some(text) => (text.trim(), Standing::Forbidden),
            None => (text, std::mem::replace(&mut first, Standing::Admitted)),
        };
        if !text.is_empty() {
            entry.terms.push(Term { lang, text: text.to_owned(), standing });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let term = |term: &Term| format!("{}:{}:{}", term.lang.code(), term.text, term.standing.name());
        let entry = |entry: Entry| entry.terms.iter().map(term).collect::<Vec<_>>().join(" ");
        entries(text).map_or_else(
            |(line, _)| format!("line {line}"),
            |found| found.into_iter().map(entry).collect::<Vec<_>>().join("; "),
        )
    }

    #[test]
    fn tables_with_and_without_a_header() {
        assert_eq!(
            told("ملف\tfile\n# x\n\nfolder\tمجلد\tnote"),
            "ar:ملف:preferred en:file:preferred; en:folder:preferred ar:مجلد:preferred"
        );
        assert_eq!(
            told("\u{FEFF}id\ten\tar\n7\tfile|!doc\tملف | ملفات\n"),
            "en:file:preferred en:doc:forbidden ar:ملف:preferred ar:ملفات:admitted"
        );
        assert_eq!(told("ملف\tfile\nملف\n"), "line 2");
        assert_eq!(told("ar\ten\nملف\t \n"), "line 2");
        assert_eq!(told(""), "");
    }
}
