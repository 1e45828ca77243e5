//! How a SentencePiece model writes a text before it cuts it: compatible characters made one, white space made `▁`.
//!
//! Source: SentencePiece (Kudo and Richardson 2018, <https://aclanthology.org/D18-2012/>), `src/normalizer.cc`. The rules are a map
//! from byte strings to byte strings ("precompiled charsmap"): four bytes length, a double array (Darts-clone), and the
//! replacements, each ended by a zero. At each place the longest rule counts; a character without a rule stays.

/// The mark that stands for a space: U+2581, LOWER ONE EIGHTH BLOCK.
const SPACE: &[u8] = "\u{2581}".as_bytes();

/// The rules of a model.
pub(super) struct Normaliser {
    units: Vec<u32>,
    replacements: Vec<u8>,
}

impl Normaliser {
    /// Reads a precompiled charsmap; an empty one is that of a model without rules.
    pub(super) fn read(charsmap: &[u8]) -> Option<Normaliser> {
        if charsmap.is_empty() {
            return Some(Normaliser { units: Vec::new(), replacements: Vec::new() });
        }
        let (length, rest) = charsmap.split_first_chunk::<4>()?;
        let (units, replacements) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let (units, odd) = units.as_chunks::<4>();
        if !odd.is_empty() || replacements.last().is_some_and(|last| *last != 0) {
            return None;
        }
        let units = units.iter().map(|unit| u32::from_le_bytes(*unit)).collect();
        Some(Normaliser { units, replacements: replacements.to_vec() })
    }

    /// The text as the model wants it: a `▁` before it and for each run of white space inside it, none at its end. Empty
    /// if nothing is left.
    pub(super) fn normalise(&self, text: &str, out: &mut Vec<u8>) {
        out.clear();
        let mut rest = text;
        while !rest.is_empty() {
            let (piece, length) = self.first(rest);
            if piece != b" " {
                break;
            }
            rest = &rest[length..];
        }
        if rest.is_empty() {
            return;
        }
        out.extend_from_slice(SPACE);
        let mut after_space = true;
        while !rest.is_empty() {
            let (mut piece, length) = self.first(rest);
            rest = &rest[length..];
            if after_space {
                piece = &piece[piece.iter().take_while(|byte| **byte == b' ').count()..];
            }
            let Some(last) = piece.last() else { continue };
            after_space = *last == b' ';
            for byte in piece {
                match byte {
                    b' ' => out.extend_from_slice(SPACE),
                    byte => out.push(*byte),
                }
            }
        }
        while out.ends_with(SPACE) {
            out.truncate(out.len() - SPACE.len());
        }
    }

    /// What stands for the first bytes of a text that is not empty, and how many bytes these are: at least one, and whole
    /// characters.
    fn first<'a>(&'a self, text: &'a str) -> (&'a [u8], usize) {
        let mut found = None;
        let mut at = 0;
        for (depth, &byte) in text.as_bytes().iter().enumerate() {
            // Darts-clone: the bits of a unit are a label (and the sign of a leaf), whether a leaf follows, and an offset.
            let Some(&unit) = self.units.get(at) else { break };
            at ^= offset(unit) ^ usize::from(byte);
            let Some(&unit) = self.units.get(at) else { break };
            if unit & 0x8000_00FF != u32::from(byte) {
                break;
            }
            if unit & 0x100 != 0
                && text.is_char_boundary(depth + 1)
                && let Some(&leaf) = self.units.get(at ^ offset(unit))
            {
                found = Some((leaf & 0x7FFF_FFFF, depth + 1));
            }
        }
        if let Some((start, length)) = found
            && let Some(replacement) = self.replacements.get(start as usize..)
            && let Some(end) = memchr::memchr(0, replacement)
        {
            return (&replacement[..end], length);
        }
        let length = text.chars().next().map_or(0, char::len_utf8);
        (&text.as_bytes()[..length], length)
    }
}

fn offset(unit: u32) -> usize {
    ((unit >> 10) << ((unit & 0x200) >> 6)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(normaliser: &Normaliser, text: &str) -> String {
        let mut out = Vec::new();
        normaliser.normalise(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// A double array with one rule: the tab is a space.
    fn tab() -> Normaliser {
        let mut units = vec![0u32; 512];
        // From the root, offset 256: the node of byte 9 is 256 ^ 9, its leaf (offset 16) beside it.
        units[0] = 256 << 10;
        units[256 ^ 9] = 9 | 0x100 | 16 << 10;
        units[256 ^ 9 ^ 16] = 1 << 31;
        let mut charsmap = (4 * units.len() as u32).to_le_bytes().to_vec();
        units.iter().for_each(|unit| charsmap.extend(unit.to_le_bytes()));
        charsmap.extend(b" \0");
        Normaliser::read(&charsmap).unwrap()
    }

    #[test]
    fn white_space() {
        let plain = Normaliser::read(&[]).unwrap();
        assert_eq!(normalised(&plain, ""), "");
        assert_eq!(normalised(&plain, "   "), "");
        assert_eq!(normalised(&plain, " كتاب   جديد "), "▁كتاب▁جديد");
        assert_eq!(normalised(&tab(), "\t\tكتاب \tجديد\t"), "▁كتاب▁جديد");
        assert_eq!(normalised(&plain, "\tكتاب"), "▁\tكتاب");
    }

    #[test]
    fn broken_rules() {
        assert!(Normaliser::read(&[1]).is_none());
        assert!(Normaliser::read(&[8, 0, 0, 0, 1, 2, 3]).is_none());
        assert!(Normaliser::read(&[4, 0, 0, 0, 1, 2, 3, 4, b'a']).is_none(), "a replacement without its end");
        // Offsets that lead out of the array are no rules.
        let wild = Normaliser::read(&[4, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]).unwrap();
        assert_eq!(normalised(&wild, "كتاب"), "▁كتاب");
    }
}
