//! Documents with gold links, and how links are scored against them. `tests/align.rs` and other examples use this file, too.

#![allow(dead_code, reason = "not everyone who reads documents scores links")]

use dhakira::align::{Alignment, Example, ladder};
use dhakira::lang::Lang;
use dhakira::segment::Document;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

/// A document with gold links; `plain` has no blank lines.
pub struct Gold {
    pub ar: Document,
    pub en: Document,
    pub plain_ar: Document,
    pub plain_en: Document,
    pub links: BTreeSet<Link>,
}

/// A link: numbers of Arabic and of English sentences.
pub type Link = (Vec<usize>, Vec<usize>);

/// All documents of a set, by name.
pub fn set(folder: &Path) -> io::Result<Vec<Gold>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".gold").map(str::to_owned));
    }
    names.sort();
    let plain = |text: &str| text.lines().filter(|l| !l.trim().is_empty()).collect::<Vec<_>>().join("\n");
    names
        .into_iter()
        .map(|name| {
            let read = |ending: &str| fs::read_to_string(folder.join(format!("{name}.{ending}")));
            let (ar, en, gold) = (read("ar.txt")?, read("en.txt")?, read("gold")?);
            Ok(Gold {
                plain_ar: Document::from_lines(Lang::Ar, &plain(&ar)),
                plain_en: Document::from_lines(Lang::En, &plain(&en)),
                ar: Document::from_lines(Lang::Ar, &ar),
                en: Document::from_lines(Lang::En, &en),
                links: links(&gold),
            })
        })
        .collect()
}

/// The links of a ladder.
pub fn links(ladder: &str) -> BTreeSet<Link> {
    let side = |text: &str| -> Vec<usize> {
        text.trim_matches(['[', ']']).split(',').filter_map(|n| n.trim().parse().ok()).collect()
    };
    let split = ladder.lines().filter_map(|line| line.trim().split_once(':'));
    split.map(|(ar, en)| (side(ar), side(en))).filter(|(ar, en)| !ar.is_empty() || !en.is_empty()).collect()
}

/// A document as an example; lonely sentences stand where the link before them ends.
pub fn example(ar: &Document, en: &Document, links: &BTreeSet<Link>) -> Example {
    let mut ordered = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < ar.len() || j < en.len() {
        let next = links.iter().find(|(a, e)| match (a.first(), e.first()) {
            (Some(a), Some(e)) => (*a, *e) == (i, j),
            (Some(a), None) => *a == i,
            (None, e) => e == Some(&j),
        });
        let Some((a, e)) = next else { break };
        ordered.push((i..i + a.len(), j..j + e.len()));
        (i, j) = (i + a.len(), j + e.len());
    }
    Example { ar: ar.clone(), en: en.clone(), links: ordered }
}

/// Strict and lax F1 in percent over pooled links: precision counts every link given, recall the gold links with both
/// sides filled (Xu, Max and Yvon 2015).
#[derive(Default, Clone, Copy)]
pub struct Score {
    right: usize,
    near: usize,
    given: usize,
    found: usize,
    nearly_found: usize,
    wanted: usize,
}

fn f1(precision: f64, recall: f64) -> f64 {
    if precision + recall > 0.0 { 200.0 * precision * recall / (precision + recall) } else { 0.0 }
}

impl Score {
    pub fn add(&mut self, gold: &BTreeSet<Link>, alignment: &Alignment) {
        let given = links(&ladder(alignment));
        let full = |link: &&Link| !link.0.is_empty() && !link.1.is_empty();
        let partners = |links: &BTreeSet<Link>| {
            let mut partners: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
            links.iter().for_each(|(ar, en)| ar.iter().for_each(|i| partners.entry(*i).or_default().extend(en)));
            partners
        };
        let near = |link: &Link, among: &BTreeSet<Link>, partners: &BTreeMap<usize, BTreeSet<usize>>| {
            among.contains(link)
                || link.0.iter().any(|i| partners.get(i).is_some_and(|found| link.1.iter().any(|j| found.contains(j))))
        };
        let (gold_partners, given_partners) = (partners(gold), partners(&given));
        self.right += given.intersection(gold).count();
        self.near += given.iter().filter(|link| near(link, gold, &gold_partners)).count();
        self.given += given.len();
        self.found += gold.iter().filter(full).filter(|link| given.contains(*link)).count();
        self.nearly_found += gold.iter().filter(full).filter(|link| near(link, &given, &given_partners)).count();
        self.wanted += gold.iter().filter(full).count();
    }

    /// Adds what another score counted.
    pub fn join(&mut self, other: &Score) {
        self.right += other.right;
        self.near += other.near;
        self.given += other.given;
        self.found += other.found;
        self.nearly_found += other.nearly_found;
        self.wanted += other.wanted;
    }

    pub fn strict(&self) -> f64 {
        f1(self.right as f64 / self.given.max(1) as f64, self.found as f64 / self.wanted.max(1) as f64)
    }

    pub fn lax(&self) -> f64 {
        f1(self.near as f64 / self.given.max(1) as f64, self.nearly_found as f64 / self.wanted.max(1) as f64)
    }
}
