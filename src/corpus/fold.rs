//! The folded form in which lines are compared with furniture rules: spelling variants, marks, digits and signs gone.

use unicode_normalization::UnicodeNormalization;

/// The words of `text` in a form for comparing only, joined by single spaces.
///
/// Gone are tashkeel, tatweel, format characters, digits and signs; case, the forms of alef, of ya and alef maqsura and of
/// ta marbuta and ha are one, as are presentation forms and their letters. `©` stays, being a word of its own here.
pub(super) fn fold(text: &str) -> String {
    if text.contains(is_presentation_form) {
        let mut plain = String::with_capacity(text.len());
        for c in text.chars() {
            if is_presentation_form(c) { plain.extend(c.nfkc()) } else { plain.push(c) }
        }
        return fold_plain(&plain);
    }
    fold_plain(text)
}

fn is_presentation_form(c: char) -> bool {
    matches!(c, '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

fn fold_plain(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        match c {
            '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06ED}' => continue, // tashkeel, Quranic marks
            '\u{0640}' => continue,                                                     // tatweel
            // joiners, bidirectional controls, byte order mark, soft hyphen
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' => continue,
            '\u{061C}' | '\u{FEFF}' | '\u{00AD}' => continue,
            '\'' | '’' | '‘' => continue,
            _ => {}
        }
        let Some(c) = letter(c) else {
            gap = true;
            continue;
        };
        if std::mem::take(&mut gap) && !folded.is_empty() {
            folded.push(' ');
        }
        match c {
            '\u{0621}'..='\u{064A}' | 'a'..='z' | '©' => folded.push(c),
            c => folded.extend(c.to_lowercase().filter(|c| c.is_alphabetic())),
        }
    }
    folded
}

fn letter(c: char) -> Option<char> {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => Some('ا'),
        'ى' | 'ی' | 'ئ' => Some('ي'),
        'ؤ' => Some('و'),
        'ة' => Some('ه'),
        'ک' => Some('ك'),
        '©' | '\u{0621}'..='\u{064A}' | 'a'..='z' => Some(c),
        '\0'..='\u{0040}' => None,
        c if c.is_alphabetic() => Some(c),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn one_form_for_many_spellings() {
        let check = |a: &str, b: &str| assert_eq!(fold(a), fold(b));
        check("اقرأ أيضًا:", "إقرا ايضا");
        check("لرؤيــــه أصدق", "لرؤية اصدق");
        check("التعليقات (12)", "التعليقات");
        check("READ   MORE »", "read more");
        check("Don’t miss", "dont miss");
        check("\u{FE8D}\u{FECB}\u{FEFC}\u{FEE5}", "اعلان"); // presentation forms
        check("© 2019", "©");
        assert_eq!(fold(" 12 — 34 "), "");
    }

    proptest::proptest! {
        #[test]
        fn idempotent(text: String) {
            proptest::prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }
}
