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
        let skeleton = squeeze(word.chars().filter_map(arabic_class));
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
    let (a, b) = (a.as_bytes(), b.as_bytes());
    jaro_winkler(a, b, |class| class).max(jaro_winkler(a, b, kindred) - 0.1)
}

/// Kindred classes as one.
fn kindred(class: u8) -> u8 {
    match class {
        b'j' => b'g',
        b'z' | b'S' => b's',
        b'd' => b't',
        class => class,
    }
}

/// The Jaro–Winkler similarity (Winkler 1990) of two short runs of bytes, each taken for what `fold` makes of it; what `strsim` says, without
/// memory of its own. Bytes behind the 64th are left out.
fn jaro_winkler(a: &[u8], b: &[u8], fold: impl Fn(u8) -> u8) -> f64 {
    let (a, b) = (&a[..a.len().min(64)], &b[..b.len().min(64)]);
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let (mut a_found, mut b_found) = (0u64, 0u64);
    for (i, x) in a.iter().enumerate() {
        let window = i.saturating_sub(reach)..b.len().min(i + reach + 1);
        if let Some(j) = window.into_iter().find(|j| b_found & (1 << j) == 0 && fold(b[*j]) == fold(*x)) {
            (a_found, b_found) = (a_found | 1 << i, b_found | 1 << j);
        }
    }
    if a_found == 0 {
        return 0.0;
    }
    let matches = f64::from(a_found.count_ones());
    let of = |found: u64, side: &'_ [u8]| -> [u8; 64] {
        let mut picked = [0; 64];
        let places = (0..side.len()).filter(|at| found & (1 << at) != 0);
        picked.iter_mut().zip(places).for_each(|(to, at)| *to = fold(side[at]));
        picked
    };
    let out_of_order = of(a_found, a).iter().zip(of(b_found, b)).filter(|(x, y)| **x != *y).count() / 2;
    let jaro = (matches / a.len() as f64 + matches / b.len() as f64 + (matches - out_of_order as f64) / matches) / 3.0;
    if jaro <= 0.7 {
        return jaro;
    }
    let common = a.iter().zip(b).take(4).take_while(|(x, y)| fold(**x) == fold(**y)).count();
    jaro + 0.1 * common as f64 * (1.0 - jaro)
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

    proptest::proptest! {
        /// Slow twin: strsim.
        #[test]
        fn similarity_is_that_of_strsim(a in "[bdfgjklmnrsStz]{0,12}", b in "[bdfgjklmnrsStz]{0,12}") {
            let folded = |text: &str| text.bytes().map(|byte| char::from(kindred(byte))).collect::<String>();
            let slow = strsim::jaro_winkler(&folded(&a), &folded(&b));
            let quick = jaro_winkler(a.as_bytes(), b.as_bytes(), kindred);
            proptest::prop_assert!((slow - quick).abs() < 1e-12 || a.is_empty() && b.is_empty(), "{slow} {quick}");
        }
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
