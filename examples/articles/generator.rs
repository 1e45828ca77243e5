//! Article pairs without end: links of known articles drawn at random, in them numbers that both sides say varied.

#[path = "random.rs"]
mod random;

use dhakira::align::LogLinear;
use dhakira::corpus;
use dhakira::task::{Reading, align_pair};
use random::Random;
use std::error::Error;
use std::ops::Range;
use std::path::Path;

/// Draws articles.
pub struct Generator {
    links: Vec<[String; 2]>,
    seed: u64,
}

impl Generator {
    /// From the links of the article pairs below a folder.
    pub fn new(folder: &Path, seed: u64) -> Result<Generator, Box<dyn Error>> {
        let mut links = Vec::new();
        for pair in corpus::pairs(folder)? {
            let pair = pair?;
            let aligned = align_pair(&pair.name, &pair.ar, &pair.en, &Reading::default(), &LogLinear::default())?;
            let full = aligned.alignment.beads.iter().filter(|b| b.is_two_sided());
            links.extend(full.map(|b| [aligned.ar.text(b.ar.clone()), aligned.en.text(b.en.clone())]));
        }
        Ok(Generator { links, seed })
    }

    /// The article with this number, Arabic and English: the same each time. Six to fourteen links, of which a few lack a side.
    pub fn article(&self, number: u64) -> [String; 2] {
        let mut random = Random(self.seed ^ number.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        let mut sides = [String::new(), String::new()];
        let links = 6 + random.below(9);
        for at in 0..links {
            let drawn = random.below(self.links.len());
            let [ar, en] = varied(&self.links[drawn], &mut random);
            let missing = if at > 0 { random.below(50) } else { usize::MAX };
            let space = if at == 0 || at % 4 == 0 { "\n\n" } else { " " };
            for (side, text, lost) in [(0, ar, 0), (1, en, 1)] {
                if missing != lost {
                    sides[side] += &text;
                    sides[side] += space;
                }
            }
        }
        sides
    }
}

/// The value of a digit, and of which family it is.
fn digit(c: char) -> Option<(char, u32)> {
    match c {
        '0'..='9' => Some((c, '0' as u32)),
        '\u{0660}'..='\u{0669}' => Some((char::from_u32(c as u32 - 0x0660 + '0' as u32)?, 0x0660)),
        _ => None,
    }
}

/// The runs of two to four digits, as ASCII, with their families.
fn runs(text: &str) -> Vec<(Range<usize>, String, u32)> {
    let mut runs: Vec<(Range<usize>, String, u32)> = Vec::new();
    for (at, c) in text.char_indices() {
        let Some((value, family)) = digit(c) else { continue };
        match runs.last_mut() {
            Some((range, digits, _)) if range.end == at => {
                range.end = at + c.len_utf8();
                digits.push(value);
            }
            _ => runs.push((at..at + c.len_utf8(), value.to_string(), family)),
        }
    }
    runs.retain(|(_, digits, _)| (2..=4).contains(&digits.len()));
    runs
}

/// The link with other numbers where both sides say the same one.
fn varied([ar, en]: &[String; 2], random: &mut Random) -> [String; 2] {
    let (mut ar_runs, en_runs) = (runs(ar), runs(en));
    let mut edits: [Vec<(Range<usize>, String)>; 2] = Default::default();
    for (en_range, digits, _) in en_runs {
        let Some(at) = ar_runs.iter().position(|(_, other, _)| *other == digits) else { continue };
        let (ar_range, _, family) = ar_runs.remove(at);
        let least = 10usize.pow(digits.len() as u32 - 1);
        let number = (least + random.below(9 * least)).to_string();
        let in_family = number.chars().filter_map(|c| char::from_u32(c as u32 - '0' as u32 + family));
        edits[0].push((ar_range, in_family.collect()));
        edits[1].push((en_range, number));
    }
    let mut sides = [ar.clone(), en.clone()];
    for (side, edits) in sides.iter_mut().zip(&mut edits) {
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.0.start));
        edits.iter().for_each(|(range, number)| side.replace_range(range.clone(), number));
    }
    sides
}
