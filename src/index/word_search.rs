//! Searches an index by words: all keys that score as much as wanted when whole words are counted.
//!
//! At a distance `d` in words, at least `l - d` of the words of two keys, the longer of which has `l`, are matched with
//! each other. So the rarest matched one is among the first `m - (l - d) + 1` of each when the rarest come first, and that is
//! where it is looked for; as many must be matched before and behind it. What is found so is held against the signatures, and
//! what is left is compared, most promising first.

use super::Index;
use super::layout::Section;
use super::search::{Effort, Hit, Likeness, Scratch};
use super::words::{Candidate, LEAST, Scale, Signature, Word, WordScratch, Words, rarity, word_number};
use crate::matching::{Query, Score, gram_weight, key_words};

impl<B: AsRef<[u8]>> Index<B> {
    /// [`Index::search`] for a query that counts words.
    pub(super) fn search_words(
        &self,
        query: &Query,
        cutoff: Score,
        scratch: &mut Scratch,
        found: impl FnMut(Hit<'_>) -> Score,
    ) -> Effort {
        let key = query.key().as_str();
        let Scratch { text, by_words, .. } = scratch;
        let own = self.own(key, gram_weight(key), text);
        let mut search = WordSearch { index: self, query, cutoff, found, own, effort: Effort::default() };
        if let Some(own) = own {
            search.show(own, key, Likeness::EqualKey);
        }
        by_words.read(key, &self.words());
        let signature = Signature::of(by_words.words.iter().map(|word| word.number));
        search.listed(&signature, by_words, text);
        search.longs(by_words.words.len());
        search.others(&signature, by_words.words.len(), text);
        search.effort
    }

    fn words(&self) -> Words<'_> {
        Words {
            slots: self.section(Section::WordSlots),
            lists: self.section(Section::WordLists),
            signatures: self.section(Section::Signatures),
            wide: self.section(Section::WideSignatures),
        }
    }
}

impl WordScratch {
    /// Takes up the words of a key, rarest first.
    fn read(&mut self, key: &str, index: &Words<'_>) {
        self.words.clear();
        self.words.extend(key_words(key).enumerate().map(|(place, word)| {
            let number = word_number(word);
            Word { number, known: index.find(number), place }
        }));
        self.words.sort_unstable_by_key(|word| (rarity(word.known.entries, word.number), word.place));
    }
}

/// A search on its way.
struct WordSearch<'a, B, F> {
    index: &'a Index<B>,
    query: &'a Query,
    cutoff: Score,
    found: F,
    /// The entry with the query's own key.
    own: Option<usize>,
    effort: Effort,
}

impl<B: AsRef<[u8]>, F: FnMut(Hit<'_>) -> Score> WordSearch<'_, B, F> {
    fn show(&mut self, entry: usize, key: &str, likeness: Likeness) {
        let hit = Hit { likeness, key, sources: self.index.runs().of(entry) };
        self.cutoff = self.cutoff.max((self.found)(hit));
    }

    /// All that score at least [`LEAST`], by the lists.
    fn listed(&mut self, signature: &Signature, scratch: &mut WordScratch, text: &mut String) {
        let cutoff = self.cutoff.max(LEAST);
        self.candidates(cutoff, signature, scratch);
        scratch.candidates.sort_unstable_by_key(|candidate| (std::cmp::Reverse(candidate.best), candidate.entry));
        scratch.candidates.dedup();
        for candidate in &scratch.candidates {
            if candidate.best < self.cutoff {
                break;
            }
            self.compare(candidate.entry as usize, LEAST, Score::CONTEXT, text);
        }
    }

    /// Gathers what may score `cutoff`.
    fn candidates(&mut self, cutoff: Score, signature: &Signature, scratch: &mut WordScratch) {
        let WordScratch { words, entries, candidates } = scratch;
        candidates.clear();
        let (index, m) = (self.index.words(), words.len());
        // How many words must be matched in an entry of `n`: no more than it or the query has.
        let matched = |n: usize| Some(m.max(n) - cutoff.most_words(m.max(n))?).filter(|matched| *matched <= m.min(n));
        let Some(least) = cutoff.most_words(m).map(|apart| (m - apart).max(1)) else { return };
        for (rank, word) in words.iter().enumerate() {
            if m - rank < least {
                break;
            }
            if rank > 0 && words[rank - 1].number == word.number {
                continue;
            }
            let several = words.get(rank + 1).is_some_and(|next| next.number == word.number);
            for (n, group) in index.groups(word.known) {
                if n < least {
                    continue;
                }
                // The more words, the more must be matched.
                let Some(matched) = matched(n).filter(|matched| rank + matched <= m) else { break };
                let places = (!several).then(|| {
                    // Before and behind it, in both keys, there must be room for all that are matched.
                    ((word.place + matched).saturating_sub(m), word.place + n - matched)
                });
                entries.clear();
                self.effort.postings += group.read(Scale::of(n).filter(n - matched, places), entries) as u64;
                for entry in entries.iter() {
                    let Some((ours, theirs)) = index.apart(signature, *entry as usize) else { continue };
                    let most = m.saturating_sub(ours).min(n.saturating_sub(theirs));
                    if most >= matched {
                        self.effort.survivors += 1;
                        candidates.push(Candidate { best: Score::of_words(m.max(n) - most, m.max(n)), entry: *entry });
                    }
                }
            }
        }
    }

    /// All long entries, one by one.
    fn longs(&mut self, m: usize) {
        let index = self.index;
        for number in 0..index.header.longs {
            let entry = index.header.entries + number;
            let Some(long) = index.long(number).filter(|_| self.own != Some(entry)) else { continue };
            if Score::of_words(m.abs_diff(long.words), m.max(long.words)) < self.cutoff {
                continue;
            }
            self.effort.compared += 1;
            if let Some(score) = self.query.score_of_key(long.key, self.cutoff) {
                self.show(entry, long.key, Likeness::Fuzzy(score));
            }
        }
    }

    /// All that score less than [`LEAST`], one by one.
    fn others(&mut self, signature: &Signature, m: usize, text: &mut String) {
        let words = self.index.words();
        for entry in 0..self.index.header.entries {
            if self.cutoff >= LEAST {
                return;
            }
            // Words that only one of both has are not matched.
            let Some((ours, theirs)) = words.apart(signature, entry) else { continue };
            let most = m.saturating_sub(ours);
            let longer = m.max(most + theirs);
            if Score::of_words(longer - most, longer) >= self.cutoff {
                self.compare(entry, Score::ZERO, LEAST.less(1), text);
            }
        }
    }

    /// Shows an entry that scores what is wanted, from `least` to `most`.
    fn compare(&mut self, entry: usize, least: Score, most: Score, text: &mut String) {
        if self.own == Some(entry) || !self.index.decode(entry, text) {
            return;
        }
        self.effort.compared += 1;
        let score = self.query.score_of_key(text, self.cutoff.max(least)).filter(|score| *score <= most);
        if let Some(score) = score {
            self.show(entry, text, Likeness::Fuzzy(score));
        }
    }
}
