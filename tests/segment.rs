//! The splitter from outside: golden files, measured sets, properties of any text.

use dhakira::lang::Lang;
use dhakira::segment::{Document, Rules, split, split_with};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn sentences(document: &Document) -> Vec<String> {
    document.sentences().map(str::to_owned).collect()
}

/// The cases of a golden file: input, `---`, one expected sentence a line, `===`; `//` lines between cases are comments.
fn golden(path: &Path) -> Vec<(usize, String, Vec<String>)> {
    let text = fs::read_to_string(path).unwrap();
    let mut cases = Vec::new();
    let (mut input, mut expected): (Vec<&str>, Option<Vec<String>>) = (Vec::new(), None);
    for (number, line) in text.lines().enumerate() {
        let place = || format!("{}:{}", path.display(), number + 1);
        match (line, &mut expected) {
            ("---", None) => {
                assert!(!input.is_empty(), "{}: --- without an input above it", place());
                expected = Some(Vec::new());
            }
            ("---", Some(_)) => panic!("{}: a second ---", place()),
            ("===", None) => panic!("{}: === without ---", place()),
            ("===", Some(list)) => {
                assert!(!list.is_empty(), "{}: no expected sentence", place());
                cases.push((number + 1, input.join("\n"), std::mem::take(list)));
                input.clear();
                expected = None;
            }
            (_, None) if input.is_empty() && (line.starts_with("//") || line.is_empty()) => {}
            (_, None) => input.push(line),
            (_, Some(list)) => {
                assert!(!line.trim().is_empty(), "{}: a blank expected sentence", place());
                list.push(line.to_owned());
            }
        }
    }
    assert!(input.is_empty() && expected.is_none(), "{}: the last case is not closed by ===", path.display());
    cases
}

fn check_golden(lang: Lang) {
    let path = Path::new(ROOT).join(format!("tests/data/segment/{lang}.txt"));
    let cases = golden(&path);
    assert!(cases.len() >= 80, "{}: only {} cases", path.display(), cases.len());
    let mut wrong = Vec::new();
    for (line, input, expected) in cases {
        let found = sentences(&split(lang, &input));
        if found != expected {
            wrong.push(format!("{}:{line}\n  expected {expected:#?}\n  found {found:#?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn golden_cases_of_arabic() {
    check_golden(Lang::Ar);
}

#[test]
fn golden_cases_of_english() {
    check_golden(Lang::En);
}

/// Boundary figures of one set and language.
#[cfg(feature = "cli")]
#[derive(Default, Clone, Copy)]
struct Figures {
    right: usize,
    found: usize,
    wanted: usize,
}

#[cfg(feature = "cli")]
impl Figures {
    fn f1(self) -> f64 {
        200.0 * self.right as f64 / (self.found + self.wanted).max(1) as f64
    }
}

#[cfg(feature = "cli")]
fn shared() -> Option<PathBuf> {
    let named = std::env::var_os("DHAKIRA_SHARED").map(PathBuf::from);
    let beside = Path::new(ROOT).join("../shared");
    named.into_iter().chain([beside]).find(|p| p.join("data/split").is_dir())
}

/// Ends of sentences as positions in the text without its white space; the end of the text does not count.
#[cfg(feature = "cli")]
fn ends(sentences: &[String]) -> (BTreeSet<usize>, String) {
    let mut text = String::new();
    let mut ends = BTreeSet::new();
    for sentence in sentences {
        text.extend(sentence.split_whitespace());
        ends.insert(text.len());
    }
    ends.remove(&text.len());
    (ends, text)
}

/// Floors of boundary F1, Arabic and English.
///
/// Headings without a stop run into the text of `ntrex` and `tico19`, and some of their rows are two sentences: a
/// splitter that found every boundary with a stop, and no other, would have 93.4 and 96.0 on `ntrex`; `joined_title`
/// parts a third of the headings of `ntrex`. In Arabic `tico19` 128 rows hold several sentences, and a dialogue is
/// without stops. The gold of `debian-handbook` parts numbers of the form `B.4.` from their headings; ours stay
/// together.
///
/// Rules were written looking at the errors of every other paragraph only (the first half of the figures). The other half
/// is not wholly unseen: counts of short words before cuts, over all texts of both languages, went into the word lists.
#[cfg(feature = "cli")]
#[test]
fn boundaries_of_the_measured_sets() {
    let Some(shared) = shared() else {
        eprintln!("no shared data: boundaries are not measured");
        return;
    };
    let show = std::env::var("DHAKIRA_SHOW").unwrap_or_default();
    let mut low = Vec::new();
    let floors =
        [("xquad", [99.0, 99.0]), ("debian-handbook", [98.0, 98.0]), ("ntrex", [94.0, 96.5]), ("tico19", [93.0, 95.0])];
    for (set, floors) in floors {
        for (lang, floor) in Lang::BOTH.into_iter().zip(floors) {
            let path = shared.join(format!("data/split/{set}.{lang}.jsonl"));
            let mut halves = [Figures::default(); 2];
            for (number, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
                let row: serde_json::Value = serde_json::from_str(line).unwrap();
                let raw = row["raw"].as_str().unwrap();
                let gold: Vec<String> =
                    row["sentences"].as_array().unwrap().iter().map(|s| s.as_str().unwrap().to_owned()).collect();
                let (wanted, gold_text) = ends(&gold);
                let (found, found_text) = ends(&sentences(&split(lang, raw)));
                assert_eq!(gold_text, found_text, "{} line {}: text altered", path.display(), number + 1);
                let figures = &mut halves[number % 2];
                figures.right += wanted.intersection(&found).count();
                figures.found += found.len();
                figures.wanted += wanted.len();
                if number % 2 == 0 && show == format!("{set}.{lang}") {
                    for at in wanted.symmetric_difference(&found) {
                        let from = gold_text[..*at].char_indices().rev().nth(24).map_or(0, |(n, _)| n);
                        let to = gold_text[*at..].char_indices().nth(18).map_or(gold_text.len(), |(n, _)| at + n);
                        let kind = if found.contains(at) { "too many" } else { "missing " };
                        eprintln!("{kind} {} | {}", &gold_text[from..*at], &gold_text[*at..to]);
                    }
                }
            }
            let whole = Figures {
                right: halves[0].right + halves[1].right,
                found: halves[0].found + halves[1].found,
                wanted: halves[0].wanted + halves[1].wanted,
            };
            println!(
                "{set:16} {lang}  F1 {:.2}  P {:.2} R {:.2}  looked at {:.2}, not looked at {:.2}",
                whole.f1(),
                100.0 * whole.right as f64 / whole.found as f64,
                100.0 * whole.right as f64 / whole.wanted as f64,
                halves[0].f1(),
                halves[1].f1()
            );
            if whole.f1() < floor {
                low.push(format!("{set} {lang}: {:.2} < {floor}", whole.f1()));
            }
        }
    }
    assert!(low.is_empty(), "{}", low.join("\n"));
}

fn check(lang: Lang, rules: &Rules, text: &str, expected: &[&str]) {
    let document = split_with(lang, text, rules);
    check_document(&document);
    assert_eq!(document.sentences().collect::<Vec<_>>(), expected, "{text:?}");
}

#[test]
fn every_line_break_ends_a_sentence_and_a_paragraph() {
    for line_break in
        ["\n", "\r\n", "\r", "\n\n", "\u{0B}", "\u{0C}", "\u{85}", "\u{2028}", "\u{2029}", " \n\u{200F}\n "]
    {
        let text = format!("عنوان{line_break}نص أول. نص ثان{line_break}");
        check(Lang::Ar, &Rules::default(), &text, &["عنوان", "نص أول.", "نص ثان"]);
        let paragraphs: Vec<usize> = split(Lang::Ar, &text).segments().iter().map(|s| s.paragraph).collect();
        assert_eq!(paragraphs, [0, 1, 1], "{text:?}");
    }
}

#[test]
fn a_text_without_words_is_one_sentence_a_line_or_none() {
    for (text, expected) in
        [("", 0), (" \n\u{A0}\t\n", 0), ("\u{FEFF}\u{200F}", 0), ("...", 1), ("؟!\n.", 2), ("\" . \" .", 1)]
    {
        assert_eq!(split(Lang::Ar, text).len(), expected, "{text:?}");
        assert_eq!(split(Lang::En, text).len(), expected, "{text:?}");
    }
}

#[test]
fn semicolons_end_segments_when_asked() {
    let mut rules = Rules::default();
    rules.semicolon = true;
    check(Lang::Ar, &rules, "تعب كثيرًا؛ لأنه لم ينم. ثم نام؛", &["تعب كثيرًا؛", "لأنه لم ينم.", "ثم نام؛"]);
    check(
        Lang::En,
        &rules,
        "He was tired; he slept. Use &amp; here.",
        &["He was tired;", "he slept.", "Use &amp; here."],
    );
}

#[test]
fn glued_stops_end_segments_when_asked() {
    let mut rules = Rules::default();
    rules.glued_stop = true;
    check(Lang::Ar, &rules, "انتهى الدرس الأول.بدأ الثاني.", &["انتهى الدرس الأول.", "بدأ الثاني."]);
    check(Lang::En, &rules, "It stopped.Then it went on.", &["It stopped.", "Then it went on."]);
    for text in ["ملف د.أحمد في node.js و config.Local.txt", "عام 300 ق.م كان", "www.Example.com", "10.5 و ٣.٥"]
    {
        check(Lang::Ar, &rules, text, &[text]);
        check(Lang::En, &rules, text, &[text]);
    }
}

#[test]
fn a_joined_title_stays_when_asked() {
    let text = "مصنع الزجاج القديم يصبح متحفا للأطفال أعلنت إدارة مصنع الزجاج أن المتحف سيفتح في الربيع. الدخول مجاني.";
    let title = "مصنع الزجاج القديم يصبح متحفا للأطفال";
    assert_eq!(split(Lang::Ar, text).sentence(0), title);
    let mut rules = Rules::default();
    rules.joined_title = false;
    assert_eq!(split_with(Lang::Ar, text, &rules).len(), 2);
    // A verb that a user adds.
    let rules = Rules::default().with_abbreviations("[lead]\nأماطت").unwrap();
    let text = text.replace("أعلنت", "أماطت");
    assert_eq!(split(Lang::Ar, &text).len(), 2);
    assert_eq!(split_with(Lang::Ar, &text, &rules).sentence(0), title);
}

#[test]
fn a_user_adds_abbreviations() {
    let rules = Rules::default().with_abbreviations("[never]\nالفر. // rank\n[number]\nبر").unwrap();
    check(Lang::Ar, &rules, "حضر الفر. حسن. نزل في بر. 5 قديم.", &["حضر الفر. حسن.", "نزل في بر. 5 قديم."]);
    let rules = Rules::default().with_abbreviations("[never]\nBaron\n[end]\nKft").unwrap();
    check(Lang::En, &rules, "Baron. Hall of Acme Kft. Budapest left.", &["Baron. Hall of Acme Kft. Budapest left."]);
    for (list, message) in [("[nevr]\nx", "line 1: no section"), ("// a\nx", "line 2: `x` stands before")] {
        let error = Rules::default().with_abbreviations(list).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}

#[test]
fn lines_may_come_already_split() {
    let document = Document::from_lines(Lang::En, "\n\n A b. C d. \r\n\r\n \nE\u{2028}f\n");
    check_document(&document);
    assert_eq!(document.sentences().collect::<Vec<_>>(), ["A b. C d.", "E\u{2028}f"]);
    assert_eq!(document.segments().iter().map(|s| s.paragraph).collect::<Vec<_>>(), [0, 1]);
    assert!(Document::from_lines(Lang::En, " \n").is_empty());
}

/// What every document promises, whatever its text.
fn check_document(document: &Document) {
    let text = document.text();
    let mut at = 0;
    let mut paragraph = 0;
    for (number, segment) in document.segments().iter().enumerate() {
        assert_eq!(segment.span.start, at, "spans tile the text");
        at = segment.span.end;
        let core = &text[segment.core.clone()];
        assert!(!core.is_empty() && core.trim() == core, "core {core:?}");
        assert!(segment.span.start <= segment.core.start && segment.core.end <= segment.span.end);
        let around = [&text[segment.span.start..segment.core.start], &text[segment.core.end..segment.span.end]];
        if number > 0 {
            assert!(around[0].trim().is_empty(), "before the core {:?}", around[0]);
        }
        assert!(segment.paragraph == paragraph || segment.paragraph == paragraph + 1);
        paragraph = segment.paragraph;
    }
    if document.is_empty() {
        assert!(text.chars().all(|c| c.is_whitespace() || !is_seen(c)));
    } else {
        assert_eq!(at, text.len(), "spans tile the text");
    }
}

/// Neither invisible nor a mark that stands on another character.
fn is_seen(c: char) -> bool {
    use unicode_segmentation::UnicodeSegmentation;
    let joined = format!("a{c}");
    let control = matches!(c, '\u{200B}'..='\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}');
    !control && joined.graphemes(true).count() == 2
}

/// Texts of the pieces that matter to a splitter.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "كتاب",
        "وقال",
        "هل",
        "أعلنت",
        "مدينة",
        "د",
        "ص",
        "أ.د",
        "هـ",
        "م",
        "بي",
        "مَدْرَسَةٌ",
        "ـ",
        "The",
        "he",
        "Mr",
        "J",
        "U.S",
        "e.g",
        "iPhone",
        "Fig",
        "etc",
        "2014",
        "12",
        "٣",
        "1.5",
        ".",
        ".",
        ".",
        "..",
        "...",
        "…",
        "؟",
        "!",
        "?",
        "۔",
        "،",
        "؛",
        ";",
        ":",
        "\"",
        "\"",
        "'",
        "«",
        "»",
        "“",
        "”",
        "(",
        ")",
        "[",
        "]",
        "[1]",
        "-",
        "—",
        " ",
        " ",
        " ",
        " ",
        "\u{A0}",
        "\n",
        "\r\n",
        "\u{2028}",
        "\u{0C}",
        "\u{200F}",
        "\u{202A}",
        "\u{202C}",
        "\u{0301}",
        "\u{064B}",
        "😀",
        "👨‍👩‍👧",
        "🇸🇦",
        "/",
        "•",
        "→",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|p| p.concat())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![4 => pieces(), 1 => any::<String>()]
}

fn any_lang() -> impl Strategy<Value = Lang> {
    prop::sample::select(Lang::BOTH.to_vec())
}

fn any_rules() -> impl Strategy<Value = Rules> {
    (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(semicolon, glued_stop, joined_title)| {
        let mut rules = Rules::default();
        rules.semicolon = semicolon;
        rules.glued_stop = glued_stop;
        rules.joined_title = joined_title;
        rules
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documents_keep_their_promises(lang in any_lang(), text in any_text(), rules in any_rules()) {
        check_document(&split_with(lang, &text, &rules));
        check_document(&split(lang, &text));
    }

    #[test]
    fn lines_are_sentences(lang in any_lang(), text in any_text()) {
        let document = Document::from_lines(lang, &text);
        let lines: Vec<&str> = text.split('\n').map(str::trim).filter(|l| !l.is_empty()).collect();
        prop_assert_eq!(document.sentences().collect::<Vec<_>>(), lines);
        let spans: String = document.segments().iter().map(|s| &text[s.span.clone()]).collect();
        prop_assert!(document.is_empty() || spans == text);
    }

    #[test]
    fn no_boundary_inside_a_word_or_grapheme(lang in any_lang(), text in any_text()) {
        use unicode_segmentation::UnicodeSegmentation;
        let graphemes: BTreeSet<usize> = text.grapheme_indices(true).map(|(at, _)| at).collect();
        for segment in split(lang, &text).segments().iter().skip(1) {
            let at = segment.span.start;
            prop_assert!(graphemes.contains(&at), "{:?} at {}", text, at);
            let before = text[..at].chars().next_back().unwrap();
            let after = text[at..].chars().next().unwrap();
            let is_letter = |c: char| c.is_alphanumeric() && !('\u{064B}'..='\u{0652}').contains(&c); // not tashkeel
            prop_assert!(!(is_letter(before) && is_letter(after)), "{:?} at {}", text, at);
        }
    }

    #[test]
    fn tashkeel_and_tatweel_change_no_boundary(text in pieces()) {
        let is_tashkeel = |c: &char| matches!(c, '\u{064B}'..='\u{0652}');
        let bare: String = text.chars().filter(|c| !is_tashkeel(c)).collect();
        prop_assert_eq!(split(Lang::Ar, &text).len(), split(Lang::Ar, &bare).len(), "{:?}", text);
    }

    #[test]
    fn a_sentence_split_again_is_one_sentence(lang in any_lang(), text in pieces()) {
        for sentence in sentences(&split(lang, &text)) {
            prop_assert_eq!(split(lang, &sentence).len(), 1, "{:?} of {:?}", sentence, text);
        }
    }
}

/// Texts that a splitter with a hidden square would need hours for.
#[test]
fn long_texts_are_linear() {
    let texts = [
        "كلمة ".repeat(100_000),
        ".".repeat(2_000_000),
        ". ".repeat(1_000_000),
        ".a ".repeat(500_000),
        "\"".repeat(2_000_000),
        "\" ".repeat(1_000_000),
        "«.» ".repeat(300_000),
        ".[".repeat(500_000),
        ". [".repeat(500_000),
        "a.".repeat(500_000),
        ".\u{200F}".repeat(500_000),
        "\"\u{200F}\"".repeat(500_000),
        format!(".{}a", " ".repeat(2_000_000)),
        format!("\"{}", "\u{200F}".repeat(2_000_000)).repeat(2),
        "وصل د. سامي أمس. هل عاد؟ ".repeat(250_000),
        "\n".repeat(1_000_000),
        "؟\"".repeat(500_000),
        "a. ... ".repeat(300_000),
        format!("a{}", " .".repeat(1_000_000)),
        format!("a.{}b", " .x".repeat(500_000)),
        "كلمة هل ".repeat(300_000),
        format!("a{}{}", " ".repeat(500_000), "هل ".repeat(300_000)),
        format!("{}. كلمة", "مدينة أعلنت ".repeat(300_000)),
        "مدينة النور تفتح بابها أمام الزوار أعلنت مدينة النور أن بابها مفتوح أمام الزوار. نعم.\n".repeat(20_000),
    ];
    for text in &texts {
        for lang in Lang::BOTH {
            check_document(&split(lang, text));
        }
    }
}
