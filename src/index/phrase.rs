//! All keys, and those that hold a phrase: what a concordance walks.
//!
//! A key that holds a phrase of three or more characters holds its trigrams: the entries that the two rarest of these are in are
//! looked at, of a shorter phrase all. Looking is searching the bytes of the key as they are stored; only what holds the
//! phrase is decoded.

use super::keys::Stored;
use super::{Entry, Index, Scratch};
use crate::matching::Gram;
use memchr::memmem::Finder;
use std::ops::Range;

/// A phrase, and the entries whose keys may hold it.
#[derive(Debug, Clone)]
pub struct Shortlist {
    /// All of them if there is no list.
    entries: Option<Vec<u32>>,
    count: usize,
    utf8: Finder<'static>,
    /// In the bytes of the alphabet, if it has all its characters.
    letters: Option<Finder<'static>>,
}

impl Shortlist {
    /// How many entries are to be looked at.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether no key holds the phrase.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

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
    pub fn containing(&self, phrase: &str, scratch: &mut Scratch, found: impl FnMut(Entry<'_>) -> bool) {
        let list = self.shortlist(phrase);
        self.look(&list, 0..list.len(), scratch, found);
    }

    /// Shows every entry, in order, until told to stop by `false`.
    pub fn each(&self, scratch: &mut Scratch, found: impl FnMut(Entry<'_>) -> bool) {
        self.containing("", scratch, found);
    }

    /// The entries whose keys may hold `phrase`, for [`Index::look`]: by several threads, in parts.
    pub fn shortlist(&self, phrase: &str) -> Shortlist {
        let chars: Vec<char> = phrase.chars().collect();
        let entries = (chars.len() >= 3).then(|| self.holding(&chars));
        Shortlist {
            count: entries.as_ref().map_or(self.entries(), Vec::len),
            entries,
            utf8: Finder::new(phrase).into_owned(),
            letters: self.alphabet.bytes(&chars).map(|bytes| Finder::new(&bytes).into_owned()),
        }
    }

    /// Shows, of this part of the list, each entry whose key holds the phrase, in order, until told to stop by `false`.
    pub fn look(
        &self,
        list: &Shortlist,
        part: Range<usize>,
        scratch: &mut Scratch,
        mut found: impl FnMut(Entry<'_>) -> bool,
    ) {
        let text = &mut scratch.text;
        let part = part.start.min(list.count)..part.end.min(list.count);
        let mut show = |entry: usize, stored: Stored<'_>| {
            let holds = match stored {
                Stored::Letters(bytes) => list.letters.as_ref().is_some_and(|letters| letters.find(bytes).is_some()),
                Stored::Utf8(key) => list.utf8.find(key.as_bytes()).is_some(),
            };
            if !holds {
                return true;
            }
            stored.decode(&self.alphabet, text);
            found(Entry { key: text, sources: self.runs().of(entry) })
        };
        let keys = self.keys();
        let short = self.header.entries;
        let long = |entry: usize| Some((entry, Stored::Utf8(self.long(entry.checked_sub(short)?)?.key)));
        match &list.entries {
            Some(entries) => {
                let stored = |entry: usize| if entry < short { Some((entry, keys.get(entry)?)) } else { long(entry) };
                let entries = entries[part].iter().filter_map(|entry| stored(*entry as usize));
                let _ = { entries }.all(|(entry, stored)| show(entry, stored));
            }
            None => {
                let _ = keys.run(part.start.min(short)..part.end.min(short)).all(|(entry, stored)| show(entry, stored))
                    && (part.start.max(short)..part.end.max(short)).filter_map(long).all(|(e, stored)| show(e, stored));
            }
        }
    }

    /// The entries that have the two rarest trigrams of these characters, and all long ones.
    fn holding(&self, chars: &[char]) -> Vec<u32> {
        let find = |three: &[char]| self.dictionary().find(Gram::code_of([three[0], three[1], three[2]]), 0);
        let mut entries = Vec::new();
        if let Some(mut lists) = chars.windows(3).map(find).collect::<Option<Vec<_>>>() {
            lists.sort_by_key(|list| list.bytes().len());
            lists.dedup();
            entries = lists.first().map(|list| self.entries_of(*list)).unwrap_or_default();
            // The two rarest leave little; a key that does not hold the phrase is seen soon.
            if let Some(second) = lists.get(1).filter(|_| entries.len() > FEW) {
                let others = self.entries_of(*second);
                entries.retain(|entry| others.binary_search(entry).is_ok());
            }
        }
        entries.extend(self.header.entries as u32..self.entries() as u32);
        entries
    }
}

/// So few keys are looked at without asking a second list.
const FEW: usize = 64;
