//! A file's text, and the way back to its bytes: what is not edited stays as it is.

use super::edit::{Edit, applied};
use crate::corpus::decode;
use crate::error::{Error, Place};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::path::{Path, PathBuf};

/// A file read whole.
#[derive(Debug, Clone)]
pub(super) struct Encoded {
    pub(super) text: String,
    pub(super) path: PathBuf,
    encoding: &'static Encoding,
    /// The byte order mark.
    bom: Vec<u8>,
}

/// Where characters may go that the file's encoding does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Foreign {
    /// They are written as references (`&#1605;`).
    Reference,
    /// They have no way to be written: an error.
    Refused,
}

impl Encoded {
    /// Decodes a file, strictly: as told, else as it is found.
    pub(super) fn read(path: &Path, bytes: &[u8], told: Option<&'static Encoding>) -> Result<Encoded, Error> {
        let (text, name) = decode(path, bytes, told.map(Encoding::name))?;
        let encoding = Encoding::for_label(name.as_bytes()).unwrap_or(UTF_8);
        let bom = Encoding::for_bom(bytes).map_or(0, |(found, len)| if found == encoding { len } else { 0 });
        let encoded = Encoded { text, path: path.to_owned(), encoding, bom: bytes[..bom].to_vec() };
        // Where decoding loses nothing, encoding the unedited parts again gives the same bytes.
        if encoded.bytes(&encoded.text).is_none_or(|again| again != bytes) {
            let reason = format!("{name} with sequences that have more than one spelling; convert the file to UTF-8");
            return Err(encoded.error_at(0, reason));
        }
        Ok(encoded)
    }

    /// Stands for an archive, which is no text.
    pub(super) fn of_archive(path: &Path) -> Encoded {
        Encoded { text: String::new(), path: path.to_owned(), encoding: UTF_8, bom: Vec::new() }
    }

    /// The file with these edits.
    pub(super) fn edited(&self, edits: Vec<Edit>, foreign: Foreign) -> Result<Vec<u8>, Error> {
        let text = applied(&self.text, edits);
        if let Some(bytes) = self.bytes(&text) {
            return Ok(bytes);
        }
        match foreign {
            Foreign::Reference => Ok([&self.bom[..], &self.encoding.encode(&text).0[..]].concat()),
            Foreign::Refused => {
                let reason = format!(
                    "the translations have letters that {} does not have; convert the file to UTF-8",
                    self.encoding.name()
                );
                Err(Error::Format { path: self.path.clone(), place: Place::default(), reason })
            }
        }
    }

    /// `text` in the file's encoding, if it can be written so.
    fn bytes(&self, text: &str) -> Option<Vec<u8>> {
        let mut bytes = self.bom.clone();
        if self.encoding == UTF_8 {
            bytes.extend(text.as_bytes());
        } else if self.encoding == UTF_16LE {
            bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        } else if self.encoding == UTF_16BE {
            bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        } else {
            let (encoded, _, lossy) = self.encoding.encode(text);
            if lossy {
                return None;
            }
            bytes.extend(&*encoded);
        }
        Some(bytes)
    }

    /// The place in the file of byte `at` of the text.
    pub(super) fn place(&self, at: usize) -> Place {
        let before = &self.text[..at.min(self.text.len())];
        let byte = self.bytes(before).map(|bytes| bytes.len() as u64);
        Place { line: Some(self.line(at)), byte, tuid: None }
    }

    /// The line of byte `at` of the text, from 1.
    pub(super) fn line(&self, at: usize) -> u64 {
        1 + memchr::memchr_iter(b'\n', &self.text.as_bytes()[..at.min(self.text.len())]).count() as u64
    }

    /// The error for what is wrong at byte `at` of the text.
    pub(super) fn error_at(&self, at: usize, reason: String) -> Error {
        Error::Format { path: self.path.clone(), place: self.place(at), reason }
    }

    /// What ends a line of the file.
    pub(super) fn newline(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_edited_stays() {
        let check = |bytes: &[u8], told: Option<&'static Encoding>| {
            let encoded = Encoded::read("f.txt".as_ref(), bytes, told).unwrap();
            assert_eq!(encoded.edited(Vec::new(), Foreign::Refused).unwrap(), bytes);
            let at = encoded.text.find('ك').unwrap();
            let edit = Edit { range: at..at + 'ك'.len_utf8(), with: "ق".to_owned() };
            let edited = encoded.edited(vec![edit], Foreign::Refused).unwrap();
            let before = bytes.iter().zip(&edited).take_while(|(a, b)| a == b).count();
            let after = bytes.iter().rev().zip(edited.iter().rev()).take_while(|(a, b)| a == b).count();
            assert!(before + after >= bytes.len() - 2, "{edited:?}");
        };
        let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        check("\u{FEFF}هذا كتاب\r\n".as_bytes(), None);
        check(&utf_16("\u{FEFF}هذا كتاب\r\n"), None);
        check(&utf_16("هذا كتاب جديد"), Some(UTF_16LE));
        check(&encoding_rs::WINDOWS_1256.encode("هذا كتاب جديد في المكتبة").0, None);
    }

    #[test]
    fn letters_that_an_encoding_lacks() {
        let bytes = encoding_rs::WINDOWS_1252.encode("The “old” town – café").0;
        let encoded = Encoded::read("f.txt".as_ref(), &bytes, None).unwrap();
        let edit = || vec![Edit { range: 0..3, with: "م".to_owned() }];
        assert!(encoded.edited(edit(), Foreign::Refused).is_err_and(|e| e.to_string().contains("UTF-8")));
        assert!(encoded.edited(edit(), Foreign::Reference).unwrap().starts_with(b"&#1605; "));
    }
}
