//! All keys, and those that hold a phrase: what a concordance walks.

use super::{Entry, Index, Scratch};
use crate::matching::Gram;

impl<B: AsRef<[u8]>> Index<B> {
    /// Shows each entry whose key holds `phrase`, itself a key or part of one, until told to stop by `false`.
    ///
    /// ```
    /// use dhakira::Lang;
    /// use dhakira::index::{Builder, Index, Scratch};
    /// use dhakira::text::key;
    /// let mut builder = Builder::new(Lang::Ar);
    /// ["فُتِحَ الباب", "قفل الباب", "فتح النافذة"].map(|text| builder.add(key(Lang::Ar, text).as_str()));
    /// let index = Index::open(builder.finish()).unwrap();
    /// let mut found = Vec::new();
    /// index.containing("الباب", &mut Scratch::default(), |entry| {
    ///     found.extend(entry.sources);
    ///     true
    /// });
    /// found.sort();
    /// assert_eq!(found, [0, 1]);
    /// ```
    pub fn containing(&self, phrase: &str, scratch: &mut Scratch, mut found: impl FnMut(Entry<'_>) -> bool) {
        let chars: Vec<char> = phrase.chars().collect();
        if chars.len() < 3 {
            self.each(scratch, |entry| !entry.key.contains(phrase) || found(entry));
            return;
        }
        let mut lists = Vec::new();
        for three in chars.windows(3) {
            match self.dictionary().find(Gram::code_of([three[0], three[1], three[2]]), 0) {
                Some(list) => lists.push(list),
                None => {
                    lists.clear();
                    break;
                }
            }
        }
        lists.sort_by_key(|list| list.bytes().len());
        lists.dedup();
        let mut entries = lists.first().map(|list| self.entries_of(*list)).unwrap_or_default();
        // The two rarest leave little; a key that does not hold the phrase is seen soon.
        if let Some(second) = lists.get(1).filter(|_| entries.len() > FEW) {
            let others = self.entries_of(*second);
            entries.retain(|entry| others.binary_search(entry).is_ok());
        }
        let finder = memchr::memmem::Finder::new(phrase);
        let holds = |key: &str| finder.find(key.as_bytes()).is_some();
        let text = &mut scratch.text;
        for entry in entries.into_iter().map(|entry| entry as usize) {
            if self.decode(entry, text) && holds(text) && !found(Entry { key: text, sources: self.runs().of(entry) }) {
                return;
            }
        }
        for (entry, key) in self.long_keys() {
            if holds(key) && !found(Entry { key, sources: self.runs().of(entry) }) {
                return;
            }
        }
    }

    /// Shows every entry, in order, until told to stop by `false`.
    pub fn each(&self, scratch: &mut Scratch, mut found: impl FnMut(Entry<'_>) -> bool) {
        let text = &mut scratch.text;
        for entry in 0..self.header.entries {
            if self.decode(entry, text) && !found(Entry { key: text, sources: self.runs().of(entry) }) {
                return;
            }
        }
        for (entry, key) in self.long_keys() {
            if !found(Entry { key, sources: self.runs().of(entry) }) {
                return;
            }
        }
    }
}

/// So few keys are looked at without asking a second list.
const FEW: usize = 64;
