//! What a character is to the splitter.

/// Characters that are not seen but stand in texts: joiners, direction marks, isolates, embeddings, byte order mark.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}')
}

/// Marks that stand on the letter before them: tashkeel, Koranic signs, combining accents, variation selectors.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}'
        | '\u{06D6}'..='\u{06DC}' | '\u{06DF}'..='\u{06E4}' | '\u{06E7}' | '\u{06E8}' | '\u{06EA}'..='\u{06ED}'
        | '\u{20D0}'..='\u{20F0}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}')
}

/// Line and page separators of Unicode (UAX #14, classes BK, CR, LF, NL).
pub(super) fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{000B}' | '\u{000C}' | '\u{0085}' | '\u{2028}' | '\u{2029}')
}

/// Letters and digits. (`char::is_alphanumeric` takes tashkeel for letters.)
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !is_mark(c)
}

pub(super) fn is_unseen(c: char) -> bool {
    is_invisible(c) || is_mark(c)
}

pub(super) fn is_arabic(c: char) -> bool {
    matches!(c, '\u{0620}'..='\u{064A}' | '\u{066E}'..='\u{06D3}' | '\u{06FA}'..='\u{06FC}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

/// Question and exclamation marks.
pub(super) fn is_ask(c: char) -> bool {
    matches!(c, '?' | '!' | '؟' | '‼' | '⁇' | '⁈' | '⁉' | '‽' | '！' | '？')
}

/// Full stops: Latin, Urdu, ideographic and full-width.
pub(super) fn is_full_stop(c: char) -> bool {
    matches!(c, '.' | '۔' | '。' | '．')
}

pub(super) fn is_stop(c: char) -> bool {
    is_full_stop(c) || is_ask(c) || c == '…'
}

/// Emoji: they go with the sentence before them.
pub(super) fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F300}'..='\u{1FAFF}' | '\u{2639}'..='\u{263B}' | '\u{2764}')
}

/// Closing by form, whatever stands around it.
pub(super) fn is_closer(c: char) -> bool {
    matches!(c, ')' | ']' | '}' | '）')
}

/// Quotation marks whose role their surroundings tell: writers of Arabic use `”…“` and `»…«` as well as `“…”` and `«…»`.
pub(super) fn is_quote(c: char) -> bool {
    matches!(
        c,
        '\'' | '’' | '‘' | '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '`' | '\u{FD3E}' | '\u{FD3F}' /* ornate parentheses of the Koran */
    )
}

pub(super) fn is_opener(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '“' | '”' | '‘' | '«' | '‹' | '„' | '"' | '\'' | '»' | '’' | '\u{FD3E}' | '\u{FD3F}')
}
