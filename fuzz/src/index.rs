//! Promises of the searchable form of keys, whole and damaged.

use dhakira::Lang;
use dhakira::index::{Builder, Index, Likeness, Scratch};
use dhakira::matching::{Query, Score};
use dhakira::text::key;
use std::collections::BTreeMap;

/// Input: lines, the first of which is the query and the others the memory; behind the first NUL damage, three bytes each:
/// two for the place, one for what it is changed by.
pub fn open(data: &[u8]) {
    let _ = Index::open(data);
    let (text, damage) = data.split_at(data.iter().position(|byte| *byte == 0).unwrap_or(data.len()));
    let text = String::from_utf8_lossy(text);
    let mut lines = text.split('\n');
    let query = Query::new(Lang::Ar, lines.next().unwrap_or_default());
    let keys: Vec<_> = lines.map(|line| key(Lang::Ar, line)).collect();
    let mut builder = Builder::new(Lang::Ar);
    keys.iter().for_each(|key| builder.add(key.as_str()));
    let mut bytes = builder.finish();

    let index = Index::open(&bytes).expect("just made");
    assert_eq!(index.verify(), Ok(()));
    let scratch = &mut Scratch::default();
    for cutoff in [0.0, 50.0, 70.0, 90.0].map(Score::from_percent) {
        let mut found = BTreeMap::new();
        index.search(&query, cutoff, scratch, |hit| {
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

    for change in damage.get(1..).unwrap_or_default().chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % bytes.len();
        bytes[at] ^= change[2];
    }
    let Ok(index) = Index::open(&bytes) else { return };
    for cutoff in [0.0, 60.0].map(Score::from_percent) {
        index.search(&query, cutoff, scratch, |hit| {
            match hit.likeness {
                Likeness::EqualKey => assert_eq!(hit.key, query.key().as_str()),
                Likeness::Fuzzy(score) => assert_eq!(query.score_of_key(hit.key, cutoff), Some(score)),
            }
            assert!({ hit.sources }.all(|source| (source as usize) < keys.len()));
            cutoff
        });
    }
    index.containing(query.key().as_str(), scratch, |_| true);
    index.each(scratch, |_| true);
}
