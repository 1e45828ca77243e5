//! Other people's programs: translate-toolkit and OmegaT read what we write, Arabic and English as source, with inline codes;
//! lxml counts the units that we read.
//!
//! Each test skips where its program is not installed; `.ci/run` installs them.

use dhakira::tmx::{Header, Reader, Writer};
use dhakira::unit::{Meta, Piece, Seg, Unit, Variant};
use dhakira::{Lang, LangTag};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Source and translation without codes, as a reader that drops them sees them.
const TEXTS: [(&str, &str); 4] = [
    ("عاد الصيّادون إلى الميناء مساءً.", "The fishermen returned to the harbour in the evening."),
    ("دفع ١٢ دينارًا & ابتسم.", "He paid 12 dinars & smiled."),
    ("هل قال «نعم» أم <لا>؟", "Did he say \"yes\" or <no>?"),
    ("اضغط حفظ.", "Press Save."),
];

/// The last text with what surrounds one of its words, as paired codes.
fn coded(before: &str, inside: &str) -> Seg {
    let pieces = [
        Piece::Text(before.to_owned()),
        Piece::Code("<bpt i=\"1\" x=\"1\">&lt;b&gt;</bpt>".to_owned()),
        Piece::Text(inside.to_owned()),
        Piece::Code("<ept i=\"1\">&lt;/b&gt;</ept>".to_owned()),
        Piece::Text(".".to_owned()),
    ];
    Seg { pieces: pieces.to_vec() }
}

fn memory(source: Lang) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), &Header::new(source.code())).unwrap();
    for (number, (ar, en)) in TEXTS.into_iter().enumerate() {
        let last = number + 1 == TEXTS.len();
        let (ar, en) = if last {
            (coded("اضغط ", "حفظ"), coded("Press ", "Save"))
        } else {
            (Seg::plain(ar), Seg::plain(en))
        };
        let variants = [(Lang::Ar, ar), (Lang::En, en)].map(|(lang, seg)| Variant::new(LangTag::from(lang), seg));
        let unit = Unit {
            attrs: vec![("tuid".to_owned(), format!("u{number}"))],
            meta: vec![Meta::prop("x-document", "harbour"), Meta::note("قيل في المرسى")],
            variants: variants.to_vec(),
        };
        writer.write_unit(&unit).unwrap();
    }
    writer.finish().unwrap()
}

#[test]
fn translate_toolkit_reads_every_unit() {
    let Some(python) = std::env::var_os("TOOLKIT_PYTHON").filter(|p| Path::new(p).exists()) else {
        eprintln!("skipped: TOOLKIT_PYTHON names no Python with translate-toolkit");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for source in Lang::BOTH {
        let path = folder.path().join("memory.tmx");
        fs::write(&path, memory(source)).unwrap();
        let script = "import sys\nfrom translate.storage import tmx\n\
            store = tmx.tmxfile(open(sys.argv[1], 'rb'), sys.argv[2], sys.argv[3])\n\
            for unit in store.units:\n    print(str(unit.source) + '\\t' + str(unit.target))\n";
        let output = Command::new(&python)
            .args(["-c", script])
            .arg(&path)
            .args([source.code(), source.other().code()])
            .env("PYTHONIOENCODING", "utf-8")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let lines = String::from_utf8(output.stdout).unwrap();
        assert_eq!(lines.lines().count(), TEXTS.len(), "{lines}");
        for (line, (ar, en)) in lines.lines().zip(TEXTS).take(TEXTS.len() - 1) {
            let (from, to) = if source == Lang::Ar { (ar, en) } else { (en, ar) };
            assert_eq!(line, format!("{from}\t{to}"));
        }
        // It writes the codes' content into the text (its habit); the words are there on both sides.
        let coded = lines.lines().last().unwrap();
        assert!(coded.contains("حفظ") && coded.contains("Save"), "{coded}");
    }
}

#[test]
fn lxml_counts_as_many_units() {
    let root = std::env::var_os("DHAKIRA_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let folder = root.join("data/tmx/real");
    let Some(python) = std::env::var_os("TOOLKIT_PYTHON").filter(|p| Path::new(p).exists()) else {
        eprintln!("skipped: TOOLKIT_PYTHON names no Python with lxml");
        return;
    };
    if !folder.exists() {
        eprintln!("skipped: no {}", folder.display());
        return;
    }
    // A line for each file that lxml reads to its end: how many <tu>, and the name.
    let script = "import os, sys\nfrom lxml import etree\n\
        for name in sorted(os.listdir(sys.argv[1])):\n    \
            try:\n        \
                units = etree.iterparse(os.path.join(sys.argv[1], name), tag='{*}tu', no_network=True, resolve_entities=False, huge_tree=True)\n        \
                print(sum(1 for _ in units), name)\n    \
            except etree.XMLSyntaxError:\n        pass\n";
    let output = Command::new(&python).args(["-c", script]).arg(&folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    for line in lines.lines() {
        let (count, name) = line.split_once(' ').unwrap();
        let mut reader = Reader::open(folder.join(name)).unwrap();
        reader.by_ref().for_each(drop);
        let report = reader.report();
        assert_eq!((report.read + report.set_aside).to_string(), count, "{name}");
    }
    assert!(lines.lines().count() >= 100, "{lines}");
}

#[test]
fn omegat_translates_from_our_memory() {
    if Command::new("omegat").arg("--help").output().is_err() {
        eprintln!("skipped: OmegaT is not installed");
        return;
    }
    for source in Lang::BOTH {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("project");
        for name in ["source", "target", "tm/auto", "glossary", "dictionary", "omegat"] {
            fs::create_dir_all(project.join(name)).unwrap();
        }
        let sides = TEXTS.map(|(ar, en)| if source == Lang::Ar { (ar, en) } else { (en, ar) });
        // A blank line between: each is a paragraph, and a paragraph is a segment.
        let text = sides.map(|(from, _)| from).join("\n\n");
        fs::write(project.join("source/text.txt"), text).unwrap();
        fs::write(project.join("tm/auto/memory.tmx"), memory(source)).unwrap();
        fs::write(project.join("omegat.project"), project_file(source)).unwrap();
        let output = Command::new("omegat")
            .arg(&project)
            .arg("--mode=console-translate")
            .arg(format!("--config-dir={}", folder.path().join("config").display()))
            .env("LC_ALL", "C.UTF-8")
            .env("JAVA_TOOL_OPTIONS", "-Dfile.encoding=UTF-8 -Djava.awt.headless=true")
            .output()
            .unwrap();
        let translated = fs::read_to_string(project.join("target/text.txt"))
            .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stdout)));
        let lines: Vec<&str> = translated.lines().filter(|line| !line.trim().is_empty()).collect();
        let expected: Vec<&str> = sides.iter().map(|(_, to)| *to).collect();
        assert_eq!(lines, expected, "from {source}");
    }
}

/// The least that OmegaT takes for a project; segments are paragraphs.
fn project_file(source: Lang) -> String {
    let folders = ["source", "target", "tm", "glossary", "dictionary"];
    let folders: String = folders.iter().map(|f| format!("<{f}_dir>__DEFAULT__</{f}_dir>")).collect();
    let tokenizer = "org.omegat.tokenizer.DefaultTokenizer";
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<omegat><project version=\"1.0\">{folders}<source_dir_excludes/>\
         <glossary_file>__DEFAULT__</glossary_file><source_lang>{}</source_lang><target_lang>{}</target_lang>\
         <source_tok>{tokenizer}</source_tok><target_tok>{tokenizer}</target_tok><sentence_seg>false</sentence_seg>\
         <support_default_translations>true</support_default_translations><remove_tags>false</remove_tags></project></omegat>",
        source.code().to_uppercase(),
        source.other().code().to_uppercase()
    )
}
