//! What characters a text is made of: letters of each script, and what needs a closer look.

/// How many of what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Census {
    /// Arabic letters, shapes of them too.
    pub arabic: usize,
    /// Latin letters.
    pub latin: usize,
    /// Latin letters and signs beyond ASCII, C1 controls too: what a wrong decoding is made of.
    pub high: usize,
    /// Characters that somebody sees, tashkeel and tatweel left out.
    pub visible: usize,
    /// All letters of whatever script, and digits.
    pub alphanumeric: usize,
    pub presentation: usize,
    pub control: usize,
    pub replacement: usize,
    pub question: usize,
    pub bidi: usize,
    pub ampersand: usize,
    pub persian: usize,
    pub tatweel: usize,
}

impl Census {
    pub(super) fn of(text: &str) -> Census {
        let mut n = Census::default();
        for c in text.chars() {
            match c {
                ' ' | '\t' | '\n' | '\r' | '\u{FFFC}' => continue,
                'a'..='z' | 'A'..='Z' => n.latin += 1,
                '?' => n.question += 1,
                '&' => n.ampersand += 1,
                '!'..='~' => {}
                c if is_tashkeel(c) => continue,
                '\u{0640}' => {
                    n.tatweel += 1;
                    continue;
                }
                c if is_arabic_letter(c) => {
                    n.arabic += 1;
                    n.persian += usize::from(persian(c).is_some());
                    n.presentation += usize::from(is_shape(c));
                }
                c if is_shape(c) => n.presentation += 1,
                c if is_bidi_control(c) => {
                    n.bidi += 1;
                    continue;
                }
                c if is_control(c) => {
                    n.control += 1;
                    n.high += usize::from(matches!(c, '\u{80}'..='\u{9F}'));
                    continue;
                }
                '\u{FFFD}' => n.replacement += 1,
                '\u{A1}'..='\u{24F}' => {
                    n.high += 1;
                    n.latin += usize::from(c.is_alphabetic());
                }
                c if c.is_whitespace() || is_invisible(c) => continue,
                _ => {}
            }
            n.visible += 1;
            n.alphanumeric += usize::from(c.is_alphanumeric());
        }
        n
    }
}

/// Whether `c` is a vowel, hamza or Quranic mark on an Arabic letter (Unicode 16.0, blocks Arabic and Arabic Extended-A).
pub(super) fn is_tashkeel(c: char) -> bool {
    matches!(c, '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06DC}'
        | '\u{06DF}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}' | '\u{08D3}'..='\u{08E1}' | '\u{08E3}'..='\u{08FF}')
}

/// Whether `c` is an Arabic letter, or a shape of one.
pub(super) fn is_arabic_letter(c: char) -> bool {
    matches!(c, '\u{0620}'..='\u{063F}' | '\u{0641}'..='\u{064A}' | '\u{066E}' | '\u{066F}' | '\u{0671}'..='\u{06D3}'
        | '\u{06D5}' | '\u{06EE}' | '\u{06EF}' | '\u{06FA}'..='\u{06FC}' | '\u{0750}'..='\u{077F}'
        | '\u{FB50}'..='\u{FBB1}' | '\u{FBD3}'..='\u{FD3D}' | '\u{FDF0}'..='\u{FDFB}' | '\u{FE80}'..='\u{FEFC}')
}

/// Whether `c` is a shape stored for letters or marks.
///
/// Left out are the signs that are typed as such: ornate parentheses and the honorific ligatures U+FD3E–FD4F and
/// U+FDF0–FDFF (`ﷲ`, `ﷺ`, `﷼`), and the non-characters of the block.
pub(super) fn is_shape(c: char) -> bool {
    matches!(c, '\u{FB50}'..='\u{FBB1}' | '\u{FBD3}'..='\u{FD3D}' | '\u{FD50}'..='\u{FDC7}' | '\u{FE70}'..='\u{FEFC}')
}

/// Whether `c` is a bidi formatting character (UAX #9 §2, Unicode 16.0).
pub(super) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whether `c` is no text: a control other than tab and line ends, a non-character, a byte order mark inside a text.
pub(super) fn is_control(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{FEFF}' | '\u{FDD0}'..='\u{FDEF}' => true,
        c => c.is_control() || c as u32 & 0xFFFE == 0xFFFE,
    }
}

/// Whether nobody sees `c`: joiners, zero width spaces, soft hyphen, variation selectors.
pub(super) fn is_invisible(c: char) -> bool {
    is_bidi_control(c)
        || matches!(c, '\u{00AD}' | '\u{034F}' | '\u{180E}' | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2065}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// The Arabic letter that a Persian or Urdu letter of the same shape stands for.
pub(super) fn persian(c: char) -> Option<char> {
    Some(match c {
        '\u{06CC}' => 'ي',                           // Farsi yeh
        '\u{06A9}' | '\u{06AA}' => 'ك',              // keheh, swash kaf
        '\u{06BE}' | '\u{06C1}' | '\u{06D5}' => 'ه', // heh doachashmee, heh goal, ae
        '\u{06C3}' => 'ة',                           // teh marbuta goal
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tashkeel_and_tatweel_count_for_nothing_seen() {
        let (bare, marked) = (Census::of("محمد"), Census::of("مُحَـمَّدٌ"));
        assert_eq!((marked.visible, marked.arabic, marked.tatweel), (bare.visible, bare.arabic, 1));
    }

    #[test]
    fn what_is_typed_as_a_sign_is_no_shape() {
        for sign in ['ﷲ', 'ﷺ', '﴿', '﷼'] {
            assert!(!is_shape(sign), "{sign}");
        }
        assert!(is_shape('\u{FEFB}') && is_shape('\u{FE8D}')); // lam-alef, alef
    }
}
