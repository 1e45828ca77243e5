//! Learning: what the units of a memory teach about words, kept only if it helps with units that were not learned from.

use super::pair::fnv1a;
use crate::align::{LogLinear, Scorer};
use crate::error::{Error, Place};
use crate::file;
use crate::lang::Lang;
use crate::lexicon::{Lexicon, Training};
use crate::segment::Document;
use crate::unit::Unit;
use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

/// Every tenth unit is not learned from; which, a hash of its two texts says, so that they stay the same when units are added.
const HELD_OUT: u64 = 10;
/// Fewer held-out units than this prove nothing.
const LEAST: usize = 20;
/// Units that are learned from, and that are judged by, at most: those with the smallest hashes.
const MOST: usize = 200_000;
const MOST_JUDGED: usize = 2_000;
/// Units among whose translations each one's own is to be found.
const AMONG: usize = 32;
/// Units that `align` made count from this score on.
const LEAST_SCORE: f32 = 0.9;
const SIGNATURE: &[u8; 8] = b"dhakLrn1";

/// How well a lexicon finds the translation of held-out units among those of 31 others.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Judged {
    /// The mean of −ln of the probability of the right one: lower is better.
    pub loss: f64,
    /// How many were found.
    pub found: usize,
}

/// What came out.
#[derive(Debug, Clone)]
pub struct Learned {
    /// Units that were learned from.
    pub units: usize,
    /// Units that were only judged by.
    pub held_out: usize,
    /// How well the lexicon from before does.
    pub before: Judged,
    /// How well the new one does.
    pub after: Judged,
    /// The new one, if it is better: a lower loss and no fewer found.
    pub lexicon: Option<Lexicon>,
}

/// The two texts of a unit, if both are there and somebody stands for them: not those that `align` linked with a score below 0.9.
pub fn lesson(unit: &Unit) -> Option<(String, String)> {
    if unit.prop("x-origin") == Some("align") {
        let score = unit.prop("x-align-score").and_then(|score| score.parse::<f32>().ok());
        score.filter(|score| *score >= LEAST_SCORE)?;
    }
    let text = |lang| unit.variants_of(lang).next().map(|v| v.seg.plain_text()).filter(|t| !t.trim().is_empty());
    Some((text(Lang::Ar)?, text(Lang::En)?))
}

/// Learns from pairs of texts, Arabic and English: IBM Model 1 both ways, to which what `usual` knows is worth a few sightings
/// ([`Training::trust`]). What comes out is held against `before`, which may be an earlier outcome. The same pairs in any order give
/// the same.
///
/// ```
/// use dhakira::lexicon::Lexicon;
/// use dhakira::task::learn;
/// let units = vec![("بيت جديد".to_owned(), "a new house".to_owned())];
/// let learned = learn(units, Lexicon::shipped(), Lexicon::shipped());
/// assert!(learned.lexicon.is_none(), "one unit proves nothing");
/// ```
pub fn learn(units: Vec<(String, String)>, usual: &Lexicon, before: &Lexicon) -> Learned {
    let mut hashed: Vec<(u64, (String, String))> =
        units.into_iter().map(|(ar, en)| (fnv1a(&[&ar, "\0", &en]), (ar, en))).collect();
    hashed.sort();
    hashed.dedup();
    let (mut held_out, mut lessons): (Vec<_>, Vec<_>) = hashed.into_iter().partition(|(hash, _)| hash % HELD_OUT == 0);
    held_out.truncate(MOST_JUDGED);
    lessons.truncate(MOST);
    let mut learned = Learned {
        units: lessons.len(),
        held_out: held_out.len(),
        before: Judged::default(),
        after: Judged::default(),
        lexicon: None,
    };
    if held_out.len() < LEAST {
        return learned;
    }
    let pairs = lessons.iter().map(|(_, (ar, en))| (ar.as_str(), en.as_str()));
    let lexicon = Training::default().train_with(pairs, &usual.knowledge());
    learned.before = judged(&held_out, before);
    learned.after = judged(&held_out, &lexicon);
    let is_better = learned.after.loss < learned.before.loss && learned.after.found >= learned.before.found;
    learned.lexicon = is_better.then_some(lexicon);
    learned
}

fn judged(units: &[(u64, (String, String))], lexicon: &Lexicon) -> Judged {
    let scorer = LogLinear { lexicon: Cow::Owned(lexicon.clone()), ..LogLinear::default() };
    let mut judged = Judged::default();
    for window in units.chunks(AMONG) {
        let lines = |of: fn(&(String, String)) -> &String| -> String {
            let line = |unit: &(u64, (String, String))| of(&unit.1).split_whitespace().collect::<Vec<_>>().join(" ");
            window.iter().map(line).collect::<Vec<_>>().join("\n")
        };
        let (ar, en) = (
            Document::from_lines(Lang::Ar, &lines(|pair| &pair.0)),
            Document::from_lines(Lang::En, &lines(|pair| &pair.1)),
        );
        let cost = scorer.prepare(&ar, &en);
        for i in 0..ar.len().min(en.len()) {
            let odds = |j: usize| -f64::from(cost.evidence(i..i + 1, j..j + 1).0);
            let all: Vec<f64> = (0..en.len()).map(odds).collect();
            let best = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let sum: f64 = all.iter().map(|odds| (odds - best).exp()).sum();
            judged.loss += (best + sum.ln() - all[i]) / units.len() as f64;
            judged.found += usize::from(all[i] >= best);
        }
    }
    judged
}

/// Writes a learned lexicon as a file, whole or not at all.
///
/// # Errors
///
/// A folder that can not be written, a full disk.
pub fn write_lexicon(path: &Path, lexicon: &Lexicon) -> Result<(), Error> {
    let bytes = lexicon.as_bytes();
    file::replace(path, |file| {
        file.write_all(SIGNATURE)?;
        file.write_all(&sum(bytes).to_le_bytes())?;
        Ok(file.write_all(bytes)?)
    })
}

/// Reads what [`write_lexicon`] wrote.
///
/// # Errors
///
/// A file that is not there, is none of these, is of another version, or is damaged: [`Error::Format`] with the way out.
pub fn read_lexicon(path: &Path) -> Result<Lexicon, Error> {
    let bytes = std::fs::read(path).map_err(|e| Error::io("read", path, e))?;
    let wrong = |reason: &str| Error::Format {
        path: path.to_path_buf(),
        place: Place::default(),
        reason: format!("{reason}; make it again with `dhakira learn`"),
    };
    let Some((head, rest)) = bytes.split_at_checked(16) else { return Err(wrong("not a learned lexicon")) };
    match &head[..8] {
        signature if signature == SIGNATURE => {}
        signature if signature[..7] == SIGNATURE[..7] => return Err(wrong("a learned lexicon of another version")),
        _ => return Err(wrong("not a learned lexicon")),
    }
    let lexicon = Lexicon::from_bytes(rest.to_vec()).filter(|_| head[8..] == sum(rest).to_le_bytes());
    lexicon.ok_or_else(|| wrong("a damaged lexicon"))
}

/// FNV-1a, 64 bits, of bytes.
fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, b| (sum ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Units about things with names that no lexicon has.
    fn units(count: usize, shift: usize) -> Vec<(String, String)> {
        const AR: [&str; 8] = ["زغطب", "قنفشم", "درجفس", "خلبضت", "شمطرق", "فجنزل", "طربخش", "ضمقلع"];
        const EN: [&str; 8] = ["wug", "dax", "blicket", "toma", "fep", "zib", "norp", "gazzer"];
        (0..count)
            .map(|n| {
                let (a, b, c) = (n % 8, n / 8 % 8, n / 64 % 8);
                let ar = format!("{} {} {}", AR[a], AR[b], AR[c]);
                (ar, [a, b, c].map(|k| EN[(k * (1 + shift * n)) % 8]).join(" "))
            })
            .collect()
    }

    #[test]
    fn what_helps_is_kept_and_what_does_not_is_not() {
        let shipped = Lexicon::shipped();
        let learned = learn(units(512, 0), shipped, shipped);
        assert!(learned.after.loss < learned.before.loss, "{:?} {:?}", learned.before, learned.after);
        let lexicon = learned.lexicon.unwrap();
        assert!(lexicon.word(Lang::Ar, "كتاب").is_some(), "what was known stays known");
        // In another order the same.
        let mut turned = units(512, 0);
        turned.reverse();
        assert_eq!(learn(turned, shipped, shipped).lexicon.unwrap().as_bytes(), lexicon.as_bytes());
        // Held against itself it is no better.
        assert!(learn(units(512, 0), shipped, &lexicon).lexicon.is_none());
        // Texts that do not belong together.
        let learned = learn(units(512, 5), shipped, shipped);
        assert!(learned.lexicon.is_none() || learned.after.loss < learned.before.loss);
    }

    #[test]
    fn a_file_is_read_as_it_was_written_or_says_what_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("معجم.lexicon");
        write_lexicon(&path, Lexicon::shipped()).unwrap();
        assert_eq!(read_lexicon(&path).unwrap().as_bytes(), Lexicon::shipped().as_bytes());
        let bytes = std::fs::read(&path).unwrap();
        let says = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            read_lexicon(&path).unwrap_err().to_string()
        };
        assert!(says(&bytes[..bytes.len() - 1]).contains("damaged"));
        let mut other = bytes.clone();
        other[1000] ^= 1;
        assert!(says(&other).contains("damaged"));
        other[7] = b'2';
        assert!(says(&other).contains("another version"));
        assert!(says("كلام".as_bytes()).contains("not a learned lexicon; make it again with `dhakira learn`"));
    }
}
