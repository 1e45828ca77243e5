//! The journal of a batch: which pairs are aligned already, and which files were written, so that work is done once.
//!
//! A hidden file in the folder of the results, one line a record, each with a sum of itself; it only grows. What a killed process
//! left of its last line has no right sum, and is as if it had not been written. Links are kept, not texts: some hundred bytes a
//! pair, and whatever is made of a pair is made anew each time, from the same links, so that it is the same to the byte.

use super::super::pair::fnv1a;
use super::recipe::{Key, hash_of, hash_of_file, hex};
use crate::align::{Alignment, Bead, Signs};
use crate::error::{Error, in_line};
use crate::file::NewFile;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The name of the file.
const NAME: &str = ".align-journal";
/// Its first line: another one means another form, and the journal begins anew.
const HEAD: &str = "dhakira align journal 1\n";

/// What is done, on disk. Of each pair 16 bytes are in memory, of each file written 8.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    path: PathBuf,
    file: Mutex<File>,
    /// The first half of each pair's key, and where its line begins; sorted.
    pairs: Vec<(u64, u64)>,
    files: Mutex<Files>,
}

/// The files that are known, as hashes.
#[derive(Debug, Default)]
struct Files {
    /// Of the records that are there.
    recorded: HashSet<u64>,
    /// Of the names of those written since the journal was opened.
    written: HashSet<u64>,
}

/// A file that an earlier run wrote and this one did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// Where it is.
    pub path: PathBuf,
    /// Whether it is as it was written.
    pub unchanged: bool,
    /// Whether it is one of a numbered set: [`Journal::note`], not [`Journal::write`], told of it.
    pub numbered: bool,
}

impl Journal {
    /// The journal of a folder of results; it is made if it is not there.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn open(folder: &Path) -> Result<Journal, Error> {
        let path = folder.join(NAME);
        let failed = |e| Error::io("write", &path, e);
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path).map_err(failed)?;
        let mut journal = Journal {
            folder: folder.to_path_buf(),
            path: path.clone(),
            file: Mutex::new(file.try_clone().map_err(failed)?),
            pairs: Vec::new(),
            files: Mutex::default(),
        };
        let whole = journal.read(&mut file).map_err(failed)?;
        // What follows is half a line.
        file.set_len(whole).map_err(failed)?;
        if whole == 0 {
            file.write_all(HEAD.as_bytes()).map_err(failed)?;
        }
        Ok(journal)
    }

    /// Reads what is there; how many bytes of it are whole lines.
    fn read(&mut self, file: &mut File) -> io::Result<u64> {
        let files = self.files.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut input = BufReader::new(file);
        let mut line = Vec::new();
        input.read_until(b'\n', &mut line)?;
        if line != HEAD.as_bytes() {
            return Ok(0);
        }
        let mut at = line.len() as u64;
        loop {
            line.clear();
            let len = input.read_until(b'\n', &mut line)? as u64;
            if line.last() != Some(&b'\n') {
                break;
            }
            match record(&line) {
                Some(Record::Pair(key, _)) => self.pairs.push((half(&key), at)),
                Some(Record::File { text, .. }) => {
                    files.recorded.insert(fnv1a(&[text]));
                }
                None => {}
            }
            at += len;
        }
        // A stable sort: of two lines with one key the later one stands behind.
        self.pairs.sort_by_key(|pair| pair.0);
        Ok(at)
    }

    /// The links of a pair, if it is here with so many sentences.
    pub(super) fn find(&self, key: &Key, sentences: [usize; 2]) -> Option<Alignment> {
        let from = self.pairs.partition_point(|pair| pair.0 < half(key));
        let those = &self.pairs[from..];
        let those = &those[..those.partition_point(|pair| pair.0 == half(key))];
        those.iter().rev().find_map(|&(_, at)| {
            let line = self.line(at).ok()?;
            match record(&line)? {
                Record::Pair(found, text) if found == *key => alignment(text, sentences),
                _ => None,
            }
        })
    }

    fn line(&self, at: u64) -> io::Result<Vec<u8>> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at))?;
        let mut line = Vec::new();
        BufReader::with_capacity(2048, &mut *file).read_until(b'\n', &mut line)?;
        Ok(line)
    }

    /// Writes down the links of a pair: what [`pair_record`] made of them.
    pub(super) fn keep(&self, record: &str) -> Result<(), Error> {
        self.append(record)
    }

    fn append(&self, text: &str) -> Result<(), Error> {
        let line = format!("{:016x} {text}\n", fnv1a(&[text]));
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(line.as_bytes()).map_err(|e| Error::io("write", &self.path, e))
    }

    /// Writes a file of the folder, unless it holds that already: whole or not at all, whoever kills the process. The system brings it to disk
    /// when it likes, for to wait for each of very many files takes longer than to align them; what a power failure takes away, the same
    /// batch makes again.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn write(&self, name: &Path, bytes: &[u8]) -> Result<(), Error> {
        let path = self.folder.join(name);
        if fs::read(&path).ok().as_deref() != Some(bytes) {
            let mut file = NewFile::create(&path)?;
            file.write_all(bytes).map_err(|e| Error::io("write", &path, e))?;
            file.commit_for_now()?;
        }
        self.wrote("file", name, &hash_of(bytes))
    }

    /// Notes that a file of the folder was written, one of a numbered set.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn note(&self, name: &Path) -> Result<(), Error> {
        let hash = hash_of_file(&self.folder.join(name))?;
        self.wrote("part", name, &hash)
    }

    fn wrote(&self, kind: &str, name: &Path, hash: &[u8]) -> Result<(), Error> {
        let name = in_line(name);
        let text = format!("{kind} {} {name}", hex(hash));
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.written.insert(fnv1a(&[&name]));
        if files.recorded.insert(fnv1a(&[&text])) {
            self.append(&text)?;
        }
        Ok(())
    }

    /// The files that earlier runs wrote here and this one did not, as far as they are still there, sorted.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn leftovers(&self) -> Result<Vec<Leftover>, Error> {
        let failed = |e| Error::io("read", &self.path, e);
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        // The last record of each name, and the hashes of all: a file may have gone back to what it was.
        let mut known: BTreeMap<String, (bool, HashSet<String>)> = BTreeMap::new();
        let mut input = BufReader::new(File::open(&self.path).map_err(failed)?);
        let mut line = Vec::new();
        while input.read_until(b'\n', &mut line).map_err(failed)? > 0 {
            if let Some(Record::File { hash, name, numbered, .. }) = record(&line)
                && !files.written.contains(&fnv1a(&[name]))
            {
                let (of_set, hashes) = known.entry(name.to_owned()).or_default();
                *of_set = numbered;
                hashes.insert(hash.to_owned());
            }
            line.clear();
        }
        let there = known.into_iter().filter_map(|(name, (numbered, hashes))| {
            let path = self.folder.join(name);
            let unchanged =
                path.is_file().then(|| hash_of_file(&path).is_ok_and(|found| hashes.contains(&hex(&found))))?;
            Some(Leftover { path, unchanged, numbered })
        });
        Ok(there.collect())
    }

    /// Removes half-written files with this ending that a killed process left in the folder. Only for who alone writes there.
    pub fn sweep(&self, ending: &str) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let whole = name.strip_suffix(".partial").and_then(|name| name.rsplit_once('.'));
            let is_half = whole.is_some_and(|(name, writer)| {
                let numbers = writer
                    .split_once('-')
                    .is_some_and(|(process, count)| process.parse::<u32>().is_ok() && count.parse::<u64>().is_ok());
                numbers && name.rsplit_once('.').is_some_and(|(_, end)| end == ending)
            });
            if is_half {
                // What can not be removed does no harm.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn half(key: &Key) -> u64 {
    key[..8].iter().fold(0, |half, byte| half << 8 | u64::from(*byte))
}

enum Record<'a> {
    /// The key, and what follows it.
    Pair(Key, &'a str),
    /// `file HASH NAME`, or `part HASH NAME` for one of a numbered set.
    File { text: &'a str, hash: &'a str, name: &'a str, numbered: bool },
}

/// What a line says, if its sum is right.
fn record(line: &[u8]) -> Option<Record<'_>> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let (sum, text) = line.split_once(' ')?;
    if sum.len() != 16 || u64::from_str_radix(sum, 16).ok()? != fnv1a(&[text]) {
        return None;
    }
    let (kind, rest) = text.split_once(' ')?;
    let (key, rest) = rest.split_once(' ')?;
    if kind == "file" || kind == "part" {
        return Some(Record::File { text, hash: key, name: rest, numbered: kind == "part" });
    }
    let value = (key.len() == 32).then(|| u128::from_str_radix(key, 16).ok())??;
    Some(Record::Pair(value.to_be_bytes(), rest))
}

/// `pair KEY CONFIDENCE GAIN SENTENCES AR:EN:CONFIDENCE …`, numbers with a point as the bits of a float.
pub(super) fn pair_record(key: &Key, alignment: &Alignment) -> String {
    let Alignment { beads, confidence, signs } = alignment;
    let mut text =
        format!("pair {} {:08x} {:08x} {}", hex(key), confidence.to_bits(), signs.gain.to_bits(), signs.sentences);
    for bead in beads {
        let _ = write!(text, " {}:{}:{:08x}", bead.ar.len(), bead.en.len(), bead.confidence.to_bits());
    }
    text
}

/// What [`pair_record`] wrote behind the key, if its links tile so many sentences.
fn alignment(text: &str, sentences: [usize; 2]) -> Option<Alignment> {
    let float = |bits: &str| u32::from_str_radix(bits, 16).ok().map(f32::from_bits);
    let mut parts = text.split(' ');
    let confidence = float(parts.next()?)?;
    let signs = Signs { gain: float(parts.next()?)?, sentences: parts.next()?.parse().ok()? };
    let (mut ar, mut en) = (0, 0);
    let mut beads = Vec::new();
    for part in parts {
        let (lengths, bits) = part.rsplit_once(':')?;
        let (ar_len, en_len) = lengths.split_once(':')?;
        let (ar_end, en_end) = (ar + ar_len.parse::<usize>().ok()?, en + en_len.parse::<usize>().ok()?);
        beads.push(Bead { ar: ar..ar_end, en: en..en_end, confidence: float(bits)? });
        (ar, en) = (ar_end, en_end);
    }
    ([ar, en] == sentences).then_some(Alignment { beads, confidence, signs })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(confidence: f32) -> Alignment {
        let beads = vec![
            Bead { ar: 0..1, en: 0..1, confidence },
            Bead { ar: 1..1, en: 1..2, confidence: 0.1 },
            Bead { ar: 1..3, en: 2..3, confidence: 1.0 / 3.0 },
        ];
        Alignment { beads, confidence, signs: Signs { gain: 1.5, sentences: 3 } }
    }

    #[test]
    fn what_was_kept_is_found_to_the_bit() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        journal.keep(&pair_record(&[7; 16], &some(0.7))).unwrap();
        journal.keep(&pair_record(&[9; 16], &some(0.9))).unwrap();
        let again = Journal::open(folder.path()).unwrap();
        assert_eq!(again.find(&[7; 16], [3, 3]), Some(some(0.7)));
        assert_eq!(again.find(&[9; 16], [3, 3]), Some(some(0.9)));
        assert_eq!(again.find(&[9; 16], [3, 4]), None);
        assert_eq!(again.find(&[8; 16], [3, 3]), None);
    }

    #[test]
    fn a_torn_line_costs_itself_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let journal = Journal::open(folder.path()).unwrap();
        journal.keep(&pair_record(&[7; 16], &some(0.7))).unwrap();
        let whole = fs::read(&path).unwrap();
        journal.keep(&pair_record(&[9; 16], &some(0.9))).unwrap();
        let both = fs::read(&path).unwrap();
        for len in 0..both.len() {
            fs::write(&path, &both[..len]).unwrap();
            let again = Journal::open(folder.path()).unwrap();
            assert_eq!(again.find(&[7; 16], [3, 3]).is_some(), len >= whole.len(), "{len}");
            assert_eq!(again.find(&[9; 16], [3, 3]), None);
            again.keep(&pair_record(&[8; 16], &some(0.8))).unwrap();
            assert_eq!(Journal::open(folder.path()).unwrap().find(&[8; 16], [3, 3]), Some(some(0.8)), "{len}");
        }
        // A byte that flipped.
        let mut damaged = both.clone();
        damaged[HEAD.len() + 30] ^= 1;
        fs::write(&path, &damaged).unwrap();
        let again = Journal::open(folder.path()).unwrap();
        assert_eq!(again.find(&[7; 16], [3, 3]), None);
        assert_eq!(again.find(&[9; 16], [3, 3]), Some(some(0.9)));
    }

    #[test]
    fn files_of_earlier_runs_are_known_and_whether_they_are_as_written() {
        let folder = tempfile::tempdir().unwrap();
        let name = |name: &str| PathBuf::from(name);
        let journal = Journal::open(folder.path()).unwrap();
        for file in ["أ.tmx", "b.tmx", "c.tmx", "d.tmx"] {
            journal.write(&name(file), b"one").unwrap();
        }
        assert_eq!(journal.leftovers().unwrap(), []);
        let journal = Journal::open(folder.path()).unwrap();
        journal.write(&name("b.tmx"), b"one").unwrap();
        fs::write(folder.path().join("c.tmx"), "mine").unwrap();
        fs::remove_file(folder.path().join("d.tmx")).unwrap();
        let left: Vec<(PathBuf, bool)> =
            journal.leftovers().unwrap().into_iter().map(|left| (left.path, left.unchanged)).collect();
        assert_eq!(left, [(folder.path().join("c.tmx"), false), (folder.path().join("أ.tmx"), true)]);
    }
}
