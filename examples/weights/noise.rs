//! Noise: documents made harder the way real ones are, by merged, dropped and added sentences.

#[path = "../articles/random.rs"]
mod random;

use dhakira::align::Example;
use dhakira::lang::Lang;
use dhakira::segment::Document;
use random::Random;
use std::ops::Range;

/// Page furniture, and what it is in English.
const AR: [&str; 14] = [
    "اقرأ أيضا",
    "تابعونا على فيسبوك وتويتر",
    "جميع الحقوق محفوظة",
    "إعلان",
    "الأكثر قراءة",
    "شارك هذا الخبر مع أصدقائك",
    "كتب: مراسلنا في العاصمة",
    "آخر تحديث الساعة العاشرة مساء",
    "لمشاهدة الصور اضغط هنا",
    "مواضيع ذات صلة: أخبار الأسبوع",
    "اشترك في نشرتنا البريدية",
    "تصوير: قسم الصور",
    "الصفحة الرئيسية",
    "التعليقات مغلقة",
];
const EN: [&str; 14] = [
    "Read more",
    "Follow us on Facebook and Twitter",
    "All rights reserved",
    "Advertisement",
    "Most read today",
    "Share this story with your friends",
    "By our staff reporter",
    "Last updated at 10 pm",
    "Click here for the pictures",
    "Related: stories of the week",
    "Subscribe to our newsletter",
    "Photo: our picture desk",
    "Home",
    "Comments are closed",
];

/// `example`, of one-to-one links, with sentences merged, dropped and added.
pub fn noisy(example: &Example, seed: u64) -> Example {
    let mut random = Random(seed ^ (example.ar.len() as u64) << 20 ^ (example.en.text().len() as u64) << 32);
    let level = [0.4, 1.0, 1.6][random.below(3)];
    let (merge, drop, add) = (0.14 * level, 0.09 * level, 0.04 * level);
    let (mut ar, mut en) = (String::new(), String::new());
    let mut links: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let (mut i, mut j) = (0, 0);
    let mut at = 0;
    let links_in = &example.links;
    while at < links_in.len() {
        if random.chance(add / 8.0) {
            // Furniture that is translated, too.
            let which = random.below(AR.len());
            ar += &format!("{}\n", AR[which]);
            en += &format!("{}\n", EN[which]);
            links.push((i..i + 1, j..j + 1));
            (i, j) = (i + 1, j + 1);
        }
        if random.chance(add) {
            ar += &format!("{}\n", AR[random.below(AR.len())]);
            links.push((i..i + 1, j..j));
            i += 1;
        }
        if random.chance(add) {
            en += &format!("{}\n", EN[random.below(EN.len())]);
            links.push((i..i, j..j + 1));
            j += 1;
        }
        let mut take = 1;
        if random.chance(merge) {
            take = if random.chance(0.2) { 3 } else { 2 };
        }
        let group = &links_in[at..(at + take).min(links_in.len())];
        at += take;
        let (a, e) = (group[0].0.start..group[group.len() - 1].0.end, group[0].1.start..group[group.len() - 1].1.end);
        if a.is_empty() || e.is_empty() {
            continue;
        }
        let text = |document: &Document, range: &Range<usize>, separator: &str| {
            range.clone().map(|n| document.sentence(n)).collect::<Vec<_>>().join(separator) + "\n"
        };
        let merged_ar = random.chance(0.5);
        let parted = group.len() > 1;
        let (ar_separator, en_separator) = match (parted, merged_ar) {
            (true, true) => (" ", "\n"),
            (true, false) => ("\n", " "),
            _ => ("\n", "\n"),
        };
        let (ar_lines, en_lines) = (text(&example.ar, &a, ar_separator), text(&example.en, &e, en_separator));
        let (na, ne) = (ar_lines.lines().count(), en_lines.lines().count());
        if !parted && random.chance(drop) {
            if random.chance(0.5) {
                ar += &ar_lines;
                links.extend((i..i + na).map(|k| (k..k + 1, j..j)));
                i += na;
            } else {
                en += &en_lines;
                links.extend((j..j + ne).map(|k| (i..i, k..k + 1)));
                j += ne;
            }
            continue;
        }
        ar += &ar_lines;
        en += &en_lines;
        links.push((i..i + na, j..j + ne));
        (i, j) = (i + na, j + ne);
    }
    Example { ar: Document::from_lines(Lang::Ar, &ar), en: Document::from_lines(Lang::En, &en), links }
}
