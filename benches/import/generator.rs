//! TMX files of any size as other tools write them, from the words of our own articles, the same every time.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes a file of at least `size` bytes and says how many units it has. Four tools take turns, some thousand units each.
pub fn write(path: &Path, size: u64) -> io::Result<u64> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let (ar, en) = (words("ar")?, words("en")?);
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    out.write_all(
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tmx version=\"1.4\">\n  <header creationtool=\"other\" creationtoolversion=\"1\" \
          segtype=\"sentence\" o-tmf=\"x\" adminlang=\"en\" srclang=\"en\" datatype=\"plaintext\"/>\n  <body>\n",
    )?;
    let (mut written, mut units) = (0u64, 0u64);
    let mut unit = String::new();
    while written < size {
        let tool = (units / 5_000) % 4;
        // Every twentieth unit has been there before: a duplicate.
        let repeat = units % 20 == 19;
        if !repeat || unit.is_empty() || units % 5_000 == 0 {
            unit.clear();
            push_unit(&mut unit, tool, units, &mut random, &ar, &en);
        }
        out.write_all(unit.as_bytes())?;
        written += unit.len() as u64;
        units += 1;
    }
    out.write_all(b"  </body>\n</tmx>\n")?;
    out.flush()?;
    Ok(units)
}

fn push_unit(out: &mut String, tool: u64, n: u64, random: &mut Random, ar: &[String], en: &[String]) {
    let day = 20_150_101 + random.below(9) as u64 * 10_000 + random.below(12) as u64 * 100 + random.below(28) as u64;
    let date = format!("{day}T{:02}3012Z", random.below(24));
    let ar = segment(random, ar, tool == 1 || tool == 2);
    let en = segment(random, en, tool == 1 || tool == 2);
    out.push_str(&match tool {
        0 => format!(
            "    <tu tuid=\"{n}\">\n      <tuv xml:lang=\"ar\"><seg>{ar}</seg></tuv>\n      <tuv xml:lang=\"en\"><seg>{en}</seg></tuv>\n    </tu>\n"
        ),
        1 => format!(
            "    <tu creationdate=\"{date}\" creationid=\"OFFICE\\user{}\" changedate=\"{date}\" changeid=\"OFFICE\\user1\" \
             lastusagedate=\"{date}\" usagecount=\"{}\">\n      <prop type=\"x-LastUsedBy\">OFFICE\\user1</prop>\n      \
             <prop type=\"x-Context\">{n}, {}</prop>\n      <prop type=\"x-Origin\">TM</prop>\n      \
             <prop type=\"x-ConfirmationLevel\">ApprovedTranslation</prop>\n      <tuv xml:lang=\"en-US\">\n        <seg>{en}</seg>\n      \
             </tuv>\n      <tuv xml:lang=\"ar-SA\">\n        <seg>{ar}</seg>\n      </tuv>\n    </tu>\n",
            random.below(7), random.below(9), random.below(1 << 30)
        ),
        2 => format!(
            "<tu changedate=\"{date}\" creationdate=\"{date}\" creationid=\"user{}\" changeid=\"user2\">\n  \
             <prop type=\"client\">client</prop>\n  <prop type=\"project\">project {}</prop>\n  <prop type=\"domain\"></prop>\n  \
             <prop type=\"x-document\">chapter-{}.docx</prop>\n  <tuv xml:lang=\"en-us\">\n    <prop type=\"x-context-pre\">&lt;seg&gt;{n}&lt;/seg&gt;</prop>\n    \
             <seg>{en}</seg>\n  </tuv>\n  <tuv xml:lang=\"ar-eg\">\n    <seg>{ar}</seg>\n  </tuv>\n</tu>\n",
            random.below(5), n / 3000, n / 200
        ),
        _ => format!(
            "    <tu>\n      <note>file {}</note>\n      <tuv lang=\"EN-US\">\n        <seg>{en}</seg>\n      </tuv>\n      \
             <tuv lang=\"AR\" changeid=\"user\" changedate=\"{date}\" creationid=\"user\" creationdate=\"{date}\">\n        \
             <seg>{ar}</seg>\n      </tuv>\n    </tu>\n",
            n / 300
        ),
    });
}

/// Words in a row out of the articles; with codes around some and an `&` in some.
fn segment(random: &mut Random, words: &[String], codes: bool) -> String {
    let len = 4 + random.below(28);
    let from = random.below(words.len() - len);
    let mut text = words[from..from + len].join(" ");
    if random.below(12) == 0 {
        text.push_str(" &amp; ");
        text.push_str(&words[random.below(words.len())]);
    }
    if codes && random.below(4) == 0 {
        let word = &words[from];
        text = format!("<bpt i=\"1\" x=\"1\" type=\"bold\">&lt;b&gt;</bpt>{word}<ept i=\"1\">&lt;/b&gt;</ept> {text}");
    }
    if codes && random.below(8) == 0 {
        text.push_str("<ph x=\"2\" type=\"fnote\">{1}</ph>");
    }
    text
}

/// The words of all articles of a language, escaped.
fn words(lang: &str) -> io::Result<Vec<String>> {
    let mut paths: Vec<_> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora"))?
        .collect::<io::Result<Vec<_>>>()?
        .into_iter()
        .map(|entry| entry.path())
        .filter(|path| path.to_string_lossy().ends_with(&format!(".{lang}.txt")))
        .collect();
    paths.sort();
    let mut words = Vec::new();
    for path in paths {
        let text = fs::read_to_string(path)?;
        words
            .extend(text.split_whitespace().map(|w| w.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")));
    }
    Ok(words)
}

/// Xorshift: the same numbers every time.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % n
    }
}
