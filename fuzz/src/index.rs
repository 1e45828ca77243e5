//! Promises of the searchable form of keys, whole and damaged.

use dhakira::Lang;
use dhakira::index::{Builder, Index, Likeness, Scratch};
use dhakira::matching::{Measure, Query, Score};
use dhakira::text::key;
use std::collections::{BTreeMap, BTreeSet};

/// Input: lines, the first of which is the query and the others the memory; behind the first NUL damage, three bytes each:
/// two for the place, one for what it is changed by.
pub fn open(data: &[u8]) {
    let _ = Index::open(data);
    let (text, damage) = data.split_at(data.iter().position(|byte| *byte == 0).unwrap_or(data.len()));
    let text = String::from_utf8_lossy(text);
    let mut lines = text.split('\n');
    let query = lines.next().unwrap_or_default();
    let queries = [Measure::Letters, Measure::Words].map(|measure| Query::with_measure(Lang::Ar, query, measure));
    let phrase = queries[0].key().as_str();
    let keys: Vec<_> = lines.map(|line| key(Lang::Ar, line)).collect();
    let mut builder = Builder::new(Lang::Ar);
    keys.iter().for_each(|key| builder.add(key.as_str()));
    let mut bytes = builder.finish();

    let index = Index::open(&bytes).expect("just made");
    assert_eq!(index.verify(), Ok(()));
    let scratch = &mut Scratch::default();
    let cutoffs = [0.0, 50.0, 70.0, 90.0].map(Score::from_percent);
    for (query, cutoff) in queries.iter().flat_map(|query| cutoffs.map(|cutoff| (query, cutoff))) {
        let mut found = BTreeMap::new();
        index.search(query, cutoff, scratch, |hit| {
            hit.sources.for_each(|source| assert_eq!(found.insert(source, hit.likeness), None));
            cutoff
        });
        let of = |of: &str| match of == query.key().as_str() {
            true => Some(Likeness::EqualKey),
            false => query.score_of_key(of, cutoff).map(Likeness::Fuzzy),
        };
        let slow: BTreeMap<u32, Likeness> =
            (0..).zip(&keys).filter_map(|(source, key)| Some((source, of(key.as_str())?))).collect();
        assert_eq!(found, slow, "what comparing with everything finds");
    }
    let mut holding = BTreeSet::new();
    index.containing(phrase, scratch, |entry| {
        holding.extend(entry.sources);
        true
    });
    let slow: BTreeSet<u32> =
        (0..).zip(&keys).filter(|(_, key)| key.as_str().contains(phrase)).map(|(n, _)| n).collect();
    assert_eq!(holding, slow, "the phrase where looking everywhere finds it");

    for change in damage.get(1..).unwrap_or_default().chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % bytes.len();
        bytes[at] ^= change[2];
    }
    let Ok(index) = Index::open(&bytes) else { return };
    let cutoffs = [0.0, 60.0].map(Score::from_percent);
    for (query, cutoff) in queries.iter().flat_map(|query| cutoffs.map(|cutoff| (query, cutoff))) {
        index.search(query, cutoff, scratch, |hit| {
            match hit.likeness {
                Likeness::EqualKey => assert_eq!(hit.key, query.key().as_str()),
                Likeness::Fuzzy(score) => assert_eq!(query.score_of_key(hit.key, cutoff), Some(score)),
            }
            assert!({ hit.sources }.all(|source| (source as usize) < keys.len()));
            cutoff
        });
    }
    index.containing(phrase, scratch, |_| true);
    index.each(scratch, |_| true);
}
