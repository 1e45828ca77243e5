//! Parts of a sentence that a memory knows: what is found is there, and stands nowhere twice.

use dhakira::Lang;
use dhakira::memory::{Library, Memory, Moment, Shelf};
use dhakira::text::key;
use dhakira::unit::{Seg, Unit, Variant};
use proptest::prelude::*;

fn library(folder: &std::path::Path, pairs: &[(String, String)]) -> Library {
    let memory = Memory::create(folder.join("tmx")).unwrap();
    let moment = Moment::new("20260101T000000Z").unwrap();
    let unit = |(ar, en): &(String, String)| {
        let variants = vec![Variant::new(Lang::Ar, Seg::plain(ar)), Variant::new(Lang::En, Seg::plain(en))];
        Unit { variants, ..Unit::default() }
    };
    let mut writer = memory.writer().unwrap();
    for pair in pairs {
        writer.add(unit(pair), moment).unwrap();
    }
    drop(writer);
    Library::new(vec![Shelf { memory, penalty: 0 }]).unwrap()
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(ar, en)| ((*ar).to_owned(), (*en).to_owned())).collect()
}

/// Part, translation, whether it is a unit of its own, how many say so.
fn found(library: &Library, lang: Lang, sentence: &str) -> Vec<(String, String, bool, usize)> {
    let fragments = library.fragments(lang, sentence);
    let each = fragments.iter().map(|f| (sentence[f.span.clone()].to_owned(), f.target.clone(), f.is_whole, f.times));
    each.collect()
}

fn expected(parts: &[(&str, &str, bool, usize)]) -> Vec<(String, String, bool, usize)> {
    parts
        .iter()
        .map(|(part, target, whole, times)| ((*part).to_owned(), (*target).to_owned(), *whole, *times))
        .collect()
}

#[test]
fn the_longest_known_parts_are_found_in_both_directions() {
    let folder = tempfile::tempdir().unwrap();
    let library = library(
        folder.path(),
        &pairs(&[
            ("افتتح الوزير الميناء القديم أمس.", "The minister opened the old port yesterday."),
            ("زار السياح المِيناءَ القديم في الصباح", "The tourists visited the old port in the morning"),
            ("المتحف الوطني", "National Museum"),
            ("قنديل", "Lamp"),
            ("لا يمكن حذف الملف", "The file cannot be deleted"),
        ]),
    );
    let ar = "نُقلت اللوحات من الميناء القديم إلى المتحف الوطني تحت ضوء قنديل صغير";
    let parts = [
        ("الميناء القديم", "the old port", false, 2),
        ("المتحف الوطني", "National Museum", true, 1),
        ("قنديل", "Lamp", true, 1),
    ];
    assert_eq!(found(&library, Lang::Ar, ar), expected(&parts));
    let en = "Paintings went from the old port to the National Museum.";
    let parts = [("old port", "الميناء القديم", false, 1), ("National Museum", "المتحف الوطني", true, 1)];
    let seen = found(&library, Lang::En, en);
    let keys = |parts: &[(String, String, bool, usize)]| -> Vec<_> {
        parts.iter().map(|(part, target, whole, _)| (part.clone(), key(Lang::Ar, target), *whole)).collect()
    };
    assert_eq!(keys(&seen), keys(&expected(&parts)));
    // What is denied there is not offered where nobody denies.
    assert_eq!(found(&library, Lang::Ar, "هل تريد حذف الملف؟").iter().find(|f| f.1.contains("cannot")), None);
    for nothing in ["", "،", "\u{64B}", "٣ ٤ ٥", "في من إلى"] {
        assert_eq!(found(&library, Lang::Ar, nothing), []);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn fragments_are_words_of_the_sentence_that_units_have(
        units in prop::collection::vec(("((الكِتاب|البيت|القديم|لا|في|١٢|زار) ?){1,6}", "((book|house|the|old|not|in|12|visited) ?){1,6}"), 1..8),
        sentence in "((الكتاب|البَيت|القديم|لا|في|١٢|زار|،) ?){0,9}",
    ) {
        let folder = tempfile::tempdir().unwrap();
        let library = library(folder.path(), &units);
        let mut end = 0;
        for fragment in library.fragments(Lang::Ar, &sentence) {
            prop_assert!(fragment.span.start >= end && fragment.span.end <= sentence.len());
            end = fragment.span.end;
            let part = key(Lang::Ar, &sentence[fragment.span.clone()]);
            prop_assert!(key(Lang::Ar, &fragment.source).as_str().contains(part.as_str()));
            prop_assert!(fragment.translation.contains(&fragment.target));
            prop_assert!((0.5..=1.0).contains(&fragment.confidence) && fragment.times >= 1);
            prop_assert!(units.iter().any(|(_, en)| en.trim() == fragment.translation.trim()));
        }
    }
}
