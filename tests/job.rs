//! A translator's job as a whole: `analyse` says what it costs, `pretranslate` fills what is known.
//!
//! Tests that need translate-toolkit, msgfmt or xmllint skip where these are not.
#![cfg(feature = "cli")]

mod desk;

use desk::{Desk, json_lines};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Sentences that are like no other, English with Arabic.
fn sentence(number: usize) -> (String, String) {
    const NOUNS: [(&str, &str); 8] = [
        ("harbour", "الميناء"),
        ("museum", "المتحف"),
        ("library", "المكتبة"),
        ("bridge", "الجسر"),
        ("orchard", "البستان"),
        ("workshop", "الورشة"),
        ("lighthouse", "المنارة"),
        ("quarry", "المحجر"),
    ];
    const VERBS: [(&str, &str); 8] = [
        ("was rebuilt after heavy storms", "أعيد بناؤه بعد عواصف شديدة"),
        ("closes early during winter", "يغلق مبكرا في الشتاء"),
        ("belongs to forty families", "ملك لأربعين أسرة"),
        ("smells of cedar and salt", "تفوح منه رائحة الأرز والملح"),
        ("lost its only road", "فقد طريقه الوحيد"),
        ("employs many young painters", "يعمل فيه رسامون شباب كثيرون"),
        ("stands behind old walls", "يقف خلف أسوار قديمة"),
        ("received thousands of visitors", "استقبل آلاف الزوار"),
    ];
    let (noun, verb) = (NOUNS[number / 8 % 8], VERBS[number % 8]);
    (format!("The {} {}.", noun.0, verb.0), format!("{} {}.", noun.1, verb.1))
}

/// A memory of units in a document.
fn memory(desk: &Desk, units: &[(String, String)]) {
    let mut body = String::new();
    for (en, ar) in units {
        let _ = write!(
            body,
            "<tu><tuv xml:lang=\"en\"><seg>{en}</seg></tuv><tuv xml:lang=\"ar\"><seg>{ar}</seg></tuv></tu>"
        );
    }
    desk.file("tmx/m.tmx", format!("<tmx version=\"1.4\"><header srclang=\"en\"/><body>{body}</body></tmx>"));
}

fn rows(record: &Value) -> Vec<(String, u64, u64)> {
    let row = |row: &Value| {
        (row["band"].as_str().unwrap().to_owned(), row["segments"].as_u64().unwrap(), row["words"].as_u64().unwrap())
    };
    record["rows"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn planted_segments_are_counted_exactly() {
    let desk = Desk::new();
    // Equal as written; in another form; one word of ten other; new; repeated.
    let mut known: Vec<(String, String)> = (0..20).map(sentence).collect();
    let long = "Every spring the old ferry carries wool and honey across";
    known.push((format!("{long} the bay."), "كل ربيع تنقل العبارة القديمة الصوف والعسل عبر الخليج.".to_owned()));
    memory(&desk, &known);
    let mut text = String::new();
    let mut words = [0; 8];
    let mut segments = [0; 8];
    let mut plant = |row: usize, line: &str| {
        text += &format!("{line}\n\n");
        segments[row] += 1;
        words[row] += line.split_whitespace().count() as u64;
    };
    (0..20).for_each(|n| plant(2, &sentence(n).0));
    (0..5).for_each(|n| plant(3, &sentence(n).0.to_uppercase()));
    plant(4, &format!("{long} the gulf."));
    let new = ["Twelve quiet apprentices polish brass lanterns", "Nobody remembers why kites were forbidden here"];
    new.iter().for_each(|line| plant(7, line));
    (0..7).for_each(|n| plant(1, &sentence(n).0));
    plant(1, new[0]);
    desk.file("job.txt", &text);
    let run = |more: &[&str]| {
        let ran = desk.run(&[&["analyse", "job.txt", "--json"], more].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        json_lines(&ran.out)
    };
    let records = run(&[]);
    assert_eq!(records.len(), 2);
    let names = ["context", "repetition", "100", "95-99", "85-94", "75-84", "50-74", "new"];
    let expected: Vec<(String, u64, u64)> = (0..8).map(|n| (names[n].to_owned(), segments[n], words[n])).collect();
    assert_eq!(rows(&records[0]), expected);
    assert_eq!(records[0]["total"]["segments"], segments.iter().sum::<u64>());
    assert_eq!(
        (&records[0]["lang"], &records[0]["type"], &records[1]["type"]),
        (&json!("en"), &json!("file"), &json!("total"))
    );
    let rates = [0, 20, 20, 30, 50, 70, 100, 100];
    let paid: u64 = (0..8).map(|n| words[n] * rates[n]).sum();
    assert_eq!(records[1]["total"]["payable_words"], paid as f64 / 100.0);
    for threads in ["1", "3"] {
        assert_eq!(run(&["--threads", threads]), records);
    }
    // Rates from a file.
    desk.file("rates", "100 = 10 %\nrepetition 0\n");
    let paid = paid - words[2] * 10 - words[1] * 20;
    assert_eq!(run(&["--rates", "rates"])[1]["total"]["payable_words"], paid as f64 / 100.0);
    desk.file("rates", "100 ten");
    assert_eq!(desk.run(&["analyse", "job.txt", "--rates", "rates"]).code, Some(2));
    // For eyes, as CSV, as OmegaT's text.
    let ran = desk.run(&["analyse", "job.txt"]);
    assert!(ran.out.contains("Repetitions") && ran.out.starts_with("job.txt (en)\n"), "{}", ran.out);
    let ran = desk.run(&["analyse", "job.txt", "--csv"]);
    assert_eq!(ran.out.lines().count(), 1 + 9 + 9);
    assert!(ran.out.contains(&format!("\njob.txt,new,{},{},", segments[7], words[7])), "{}", ran.out);
    let ran = desk.run(&["analyse", "job.txt", "--to", "omegat"]);
    let exact: Vec<&str> = ran.out.lines().nth(2).unwrap().split('\t').map(str::trim).collect();
    assert_eq!(exact[..3], ["Exact match:", &segments[2].to_string(), &words[2].to_string()]);
}

#[test]
fn repetitions_and_internal_matches_go_across_files() {
    let desk = Desk::new();
    memory(&desk, &[]);
    desk.file("1.txt", "Every spring the old ferry carries wool across the bay.\n");
    desk.file("2.md", "Every spring the old ferry carries wool across the bay.\n\nEvery spring the old ferry carries wool across the gulf.\n");
    let totals = |more: &[&str]| {
        let ran = desk.run(&[&["analyse", "1.txt", "2.md", "--json"], more].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        let records = json_lines(&ran.out);
        rows(&records[2]).into_iter().filter(|row| row.1 > 0).map(|row| (row.0, row.1)).collect::<Vec<_>>()
    };
    let row = |name: &str, n| (name.to_owned(), n);
    assert_eq!(totals(&[]), [row("repetition", 1), row("new", 2)]);
    assert_eq!(totals(&["--internal"]), [row("repetition", 1), row("85-94", 1), row("new", 1)]);
}

#[test]
fn context_is_a_row_of_its_own() {
    let desk = Desk::new();
    let unit = |(en, ar): (String, String)| {
        format!(
            "<tu><prop type=\"x-document\">d</prop><tuv xml:lang=\"en\"><seg>{en}</seg></tuv><tuv xml:lang=\"ar\"><seg>{ar}</seg></tuv></tu>"
        )
    };
    let body: String = (0..3).map(sentence).map(unit).collect();
    desk.file("tmx/m.tmx", format!("<tmx version=\"1.4\"><header srclang=\"en\"/><body>{body}</body></tmx>"));
    let text: String = (0..3).map(|n| sentence(n).0 + "\n").collect();
    desk.file("same.txt", &text);
    desk.file("other.txt", format!("Nothing like it at all, whatever\n{text}"));
    let ran = desk.run(&["analyse", "same.txt", "other.txt", "--json"]);
    let records = json_lines(&ran.out);
    assert_eq!(rows(&records[0])[0].1, 3);
    // The first one stands elsewhere now; it was counted in the file before.
    let found: Vec<u64> = rows(&records[1]).iter().map(|row| row.1).collect();
    assert_eq!(found, [2, 1, 0, 0, 0, 0, 0, 1]);
}

#[test]
fn one_bad_file_ends_no_job() {
    let desk = Desk::new();
    memory(&desk, &[sentence(0)]);
    desk.file("good.txt", sentence(0).0);
    desk.file("bad.xlf", "<xliff version=\"1.2\"><file source-language=\"en\"><body><trans-unit id=\"1\"><source>A");
    desk.file("bad.pdf", "x");
    let before = fs::read(desk.path("bad.xlf")).unwrap();
    for command in [&["analyse"][..], &["pretranslate", "-o", "out"]] {
        let ran = desk.run(&[command, &["bad.xlf", "bad.pdf", "good.txt"]].concat());
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        assert!(ran.err.contains("bad.xlf:1 (byte ") && ran.err.contains("bad.pdf: unknown kind"), "{}", ran.err);
    }
    assert_eq!(fs::read(desk.path("bad.xlf")).unwrap(), before);
    assert_eq!(fs::read_to_string(desk.path("out/good.txt")).unwrap(), sentence(0).1);
    assert!(!desk.path("out/bad.xlf").exists());
    // A document may take its own place, and takes it whole.
    assert_eq!(desk.run(&["pretranslate", "good.txt", "-o", "good.txt"]).code, Some(0));
    assert_eq!(fs::read_to_string(desk.path("good.txt")).unwrap(), sentence(0).1);
}

/// A memory with codes and two translations of one source.
fn known(desk: &Desk) {
    memory(
        desk,
        &[
            sentence(0),
            (
                "Press <bpt i=\"1\">&lt;b&gt;</bpt>Save<ept i=\"1\">&lt;/b&gt;</ept> now.".to_owned(),
                "اضغط <bpt i=\"1\">&lt;b&gt;</bpt>حفظ<ept i=\"1\">&lt;/b&gt;</ept> الآن.".to_owned(),
            ),
            ("Open the file called %s.".to_owned(), "افتح الملف المسمى %s.".to_owned()),
            ("Yes, of course".to_owned(), "نعم طبعا".to_owned()),
            ("Yes, of course".to_owned(), "أجل بالتأكيد".to_owned()),
        ],
    );
}

#[test]
fn xliff_1_is_filled_and_valid() {
    let desk = Desk::new();
    known(&desk);
    let unit =
        |id: usize, source: &str| format!("<trans-unit id=\"{id}\">\n<source>{source}</source>\n</trans-unit>\n");
    let units = [
        unit(1, &sentence(0).0),
        unit(2, "Press <g id=\"7\">Save</g> now."),
        unit(3, "Open the folder called %s."),
        unit(4, "Yes, of course"),
        unit(5, "Twelve quiet apprentices polish lanterns"),
        unit(6, "<g id=\"1\">Open</g> the file <x id=\"2\"/>called %s."),
    ];
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\"><file original=\"f\" source-language=\"en\" target-language=\"ar\" datatype=\"html\"><body>\n";
    desk.file("a.xlf", format!("{head}{}</body></file></xliff>\n", units.concat()));
    let ran = desk.run(&["pretranslate", "a.xlf", "-o", "out.xlf", "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let records = json_lines(&ran.out);
    let verdicts: Vec<&str> = records[..6].iter().map(|r| r["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["confirmed", "draft", "draft", "draft", "nothing", "draft"]);
    assert_eq!((&records[3]["match"]["ambiguous"], &records[3]["match"]["score"]), (&json!(true), &json!(100.0)));
    assert_eq!(
        (&records[1]["match"]["why"], &records[1]["match"]["codes_guessed"]),
        (&json!(["the inline codes differ"]), &json!(false)),
        "{}",
        records[1]
    );
    assert_eq!(
        (&records[6]["type"], &records[6]["confirmed"], &records[6]["draft"]),
        (&json!("file"), &json!(1), &json!(4))
    );
    let out = fs::read_to_string(desk.path("out.xlf")).unwrap();
    assert!(out.starts_with(head), "{out}");
    let target =
        format!("</source>\n<target state=\"translated\" state-qualifier=\"exact-match\">{}</target>\n", sentence(0).1);
    assert!(out.contains(&target), "{out}");
    assert!(out.contains(">اضغط <g id=\"7\">حفظ</g> الآن.</target>"), "{out}");
    assert!(
        out.contains(
            "match-quality=\"99%\" origin=\"tmx/m\"><source>Press Save now.</source><target>اضغط حفظ الآن.</target>"
        ),
        "{out}"
    );
    assert!(out.contains(&units[4]), "{out}");
    for code in ["<g id=\"1\">", "<x id=\"2\"/>"] {
        // Once in the source, once in the target.
        assert_eq!(out.matches(code).count(), 2, "{out}");
    }
    // Our own import takes what is confirmed, and the rest as fuzzy.
    let ran = desk.run(&["import", "out.xlf", "-m", "new", "--json"]);
    let report = &json_lines(&ran.out)[0];
    assert_eq!((&report["new"], &report["left_out"]["fuzzy"]), (&json!(1), &json!(4)), "{report}");
    toolkit(&desk, "out.xlf", "5 1");
    // A second time there is nothing to fill, and nothing changes.
    assert_eq!(desk.run(&["pretranslate", "out.xlf", "-o", "again.xlf"]).code, Some(1));
    assert_eq!(fs::read_to_string(desk.path("again.xlf")).unwrap(), out);
}

/// Asks translate-toolkit how many units of a file are translated, and how many are not.
fn toolkit(desk: &Desk, file: &str, expected: &str) {
    let Some(python) = std::env::var_os("TOOLKIT_PYTHON").filter(|p| Path::new(p).exists()) else {
        eprintln!("skipped: TOOLKIT_PYTHON names no Python with translate-toolkit");
        return;
    };
    let script = "import sys\n\
        from translate.storage import factory, xliff2\n\
        second = b' version=\"2.0\"' in open(sys.argv[1], 'rb').read()\n\
        store = xliff2.Xliff2File.parsefile(sys.argv[1]) if second else factory.getobject(sys.argv[1])\n\
        units = [u for u in store.units if u.source and not u.isheader()]\n\
        print(sum(1 for u in units if u.target), sum(1 for u in units if not u.target))\n";
    let output = Command::new(&python).args(["-c", script]).arg(desk.path(file)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), expected);
}

#[test]
fn po_is_filled_and_msgfmt_takes_it() {
    let desk = Desk::new();
    known(&desk);
    let head = "msgid \"\"\nmsgstr \"\"\n\"Language: ar\\n\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\"Plural-Forms: nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;\\n\"\n\n";
    let plural = "#, c-format\nmsgid \"%d file\"\nmsgid_plural \"%d files\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\nmsgstr[2] \"\"\nmsgstr[3] \"\"\nmsgstr[4] \"\"\nmsgstr[5] \"\"\n\n";
    let done = "#: b.c:7\nmsgid \"Cancel\"\nmsgstr \"إلغاء\"\n\n";
    desk.file(
        "a.po",
        format!("{head}#: a.c:1\n#, c-format\nmsgid \"Open the folder called %s.\"\nmsgstr \"\"\n\n{plural}{done}msgid \"{}\"\nmsgstr \"\"\n", sentence(0).0),
    );
    let ran = desk.run(&["pretranslate", "a.po", "-o", "out.po", "--json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let out = fs::read_to_string(desk.path("out.po")).unwrap();
    assert_eq!(
        out,
        format!(
            "{head}#: a.c:1\n#, c-format, fuzzy\n#| msgid \"Open the file called %s.\"\nmsgid \"Open the folder called %s.\"\nmsgstr \"افتح الملف المسمى %s.\"\n\n{plural}{done}msgid \"{}\"\nmsgstr \"{}\"\n",
            sentence(0).0,
            sentence(0).1
        )
    );
    let verdicts: Vec<String> =
        json_lines(&ran.out).iter().filter_map(|r| r["verdict"].as_str().map(str::to_owned)).collect();
    assert_eq!(verdicts.iter().filter(|v| *v == "confirmed").count(), 1);
    toolkit(&desk, "out.po", "3 1");
    match Command::new("msgfmt").args(["-c", "-o", "/dev/null"]).arg(desk.path("out.po")).output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(_) => eprintln!("skipped: msgfmt is not installed"),
    }
}

#[test]
fn xliff_2_is_filled_and_well_formed() {
    let desk = Desk::new();
    known(&desk);
    desk.file("a.xlf", format!("<xliff xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" version=\"2.0\" srcLang=\"en\">\n<file id=\"f\">\n<unit id=\"1\">\n<segment id=\"s\"><source>{}</source></segment>\n<ignorable><source> </source></ignorable>\n<segment><source>Press <pc id=\"1\">Save</pc> now.</source></segment>\n</unit>\n</file>\n</xliff>\n", sentence(0).0));
    let ran = desk.run(&["pretranslate", "a.xlf", "-o", "out.xlf"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let out = fs::read_to_string(desk.path("out.xlf")).unwrap();
    assert!(out.contains("trgLang=\"ar\"") && out.contains("<file id=\"f\" trgDir=\"rtl\">"), "{out}");
    assert!(
        out.contains(&format!(
            "<segment id=\"s\" state=\"translated\"><source>{}</source><target>{}</target></segment>",
            sentence(0).0,
            sentence(0).1
        )),
        "{out}"
    );
    assert!(
        out.contains("state=\"initial\" subState=\"dhakira:fuzzy\"")
            && out.contains("<target>اضغط <pc id=\"1\">حفظ</pc> الآن.</target>"),
        "{out}"
    );
    assert!(out.contains("<mtc:match ref=\"#dhakira-2\" type=\"tm\" matchQuality=\"99.0\""), "{out}");
    toolkit(&desk, "out.xlf", "2 0");
    match Command::new("xmllint").arg("--noout").arg(desk.path("out.xlf")).output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(_) => eprintln!("skipped: xmllint is not installed"),
    }
}

#[test]
fn drafts_get_the_numbers_of_their_sources() {
    let desk = Desk::new();
    let unit = ("The port has 312 registered boats".to_owned(), "في الميناء ٣١٢ قاربا مسجلا".to_owned());
    memory(&desk, &[unit]);
    let file = |source: &str| {
        format!(
            "<xliff version=\"1.2\"><file original=\"f\" source-language=\"en\" target-language=\"ar\" datatype=\"html\"><body><trans-unit id=\"1\"><source>{source}</source></trans-unit></body></file></xliff>"
        )
    };
    desk.file("a.xlf", file("The port has 319 registered boats"));
    let fill = |more: &[&str]| {
        let ran = desk.run(&[&["pretranslate", "a.xlf", "-o", "out.xlf", "--json"], more].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        (json_lines(&ran.out).remove(0)["match"].clone(), fs::read_to_string(desk.path("out.xlf")).unwrap())
    };
    let (used, out) = fill(&[]);
    assert!(out.contains(">في الميناء ٣١٩ قاربا مسجلا</target>"), "{out}");
    // What the memory says stands beside it as it is.
    assert!(
        out.contains("state=\"needs-review-translation\"")
            && out.contains("<target>في الميناء ٣١٢ قاربا مسجلا</target>"),
        "{out}"
    );
    assert!(
        used["repaired"].as_f64().unwrap() < 100.0 && used["notes"][0].as_str().unwrap().starts_with("number: "),
        "{used}"
    );
    let (used, out) = fill(&["--no-repair"]);
    assert!(!out.contains("٣١٩") && used.get("repaired").is_none(), "{out}");
    // In a text nothing would mark it.
    desk.file("a.txt", "The port has 319 registered boats");
    assert_eq!(desk.run(&["pretranslate", "a.txt", "-o", "out.txt"]).code, Some(1));
}

#[test]
fn texts_get_what_is_sure_alone() {
    let desk = Desk::new();
    known(&desk);
    let (en, ar) = sentence(0);
    let check = |name: &str, source: String, expected: String| {
        desk.file(name, &source);
        let ran = desk.run(&["pretranslate", name, "-o", "out"]);
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert_eq!(fs::read_to_string(desk.path("out")).unwrap(), expected);
    };
    check(
        "a.md",
        format!("# {en}\n\n- Press **Save** now.\n- Open the folder called %s.\n\n```\n{en}\n```\n"),
        format!("# {ar}\n\n- اضغط **حفظ** الآن.\n- Open the folder called %s.\n\n```\n{en}\n```\n"),
    );
    check(
        "a.html",
        format!("<p class=x>{en}\n<p>Press <i>Save</i> now. {}", en.to_uppercase()),
        format!("<p class=x>{ar}\n<p>اضغط <i>حفظ</i> الآن. {ar}"),
    );
    check(
        "a.srt",
        format!(
            "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>{en}</i>\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nHm\r\n"
        ),
        format!(
            "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>{ar}</i>\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nHm\r\n"
        ),
    );
    check(
        "a.txt",
        format!("{en} Press Save now.\nYes, of course"),
        format!("{ar} اضغط حفظ الآن.\nYes, of course").replace("Yes, of course", "نعم طبعا"),
    );
    // Where the place of a code would be a guess, the sentence stays; from Arabic it goes as well.
    check(
        "b.md",
        format!("The harbour *was* rebuilt after heavy storms.\n\n{en}\n"),
        format!("The harbour *was* rebuilt after heavy storms.\n\n{ar}\n"),
    );
    check("c.txt", ar.clone(), en);
    assert_eq!(desk.run(&["pretranslate", "a.txt", "a.md", "-o", "-"]).code, Some(2));
    desk.file("d.txt", "Nothing like it at all, whatever");
    assert_eq!(desk.run(&["pretranslate", "d.txt", "-o", "out"]).code, Some(1));
}

#[test]
fn terms_that_are_not_kept_are_told_and_never_confirmed() {
    let desk = Desk::new();
    let units = [("The old port is closed", "المرسى القديم مغلق"), ("The museum is closed", "المتحف مغلق")];
    memory(&desk, &units.map(|(en, ar)| (en.to_owned(), ar.to_owned())));
    desk.file("terms.tsv", "en\tar\nport\tميناء|!مرسى\nmuseum\tمتحف\n");
    let unit = |id: u8, source: &str| format!("<trans-unit id=\"{id}\"><source>{source}</source></trans-unit>");
    let units = unit(1, units[0].0) + "\n" + &unit(2, units[1].0);
    desk.file(
        "a.xlf",
        format!(
            "<xliff version=\"1.2\"><file original=\"f\" source-language=\"en\" target-language=\"ar\" datatype=\"html\"><body>\n{units}</body></file></xliff>"
        ),
    );
    let fill = |more: &[&str]| {
        let ran = desk.run(&[&["pretranslate", "a.xlf", "-o", "out.xlf", "--json"], more].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        (json_lines(&ran.out), ran.err)
    };
    let (plain, _) = fill(&[]);
    assert_eq!([&plain[0]["verdict"], &plain[1]["verdict"]], ["confirmed", "confirmed"]);
    let (kept, said) = fill(&["--glossary", "terms.tsv"]);
    assert_eq!([&kept[0]["verdict"], &kept[1]["verdict"]], ["draft", "confirmed"]);
    let terms = kept[0]["match"]["terms"].as_array().unwrap();
    assert!(terms.iter().any(|term| term.as_str().unwrap().contains("forbidden")), "{terms:?}");
    assert_eq!(kept[1]["match"].get("terms"), None);
    assert!(said.contains("a.xlf:2: ") && said.contains("1 with terms that are not the glossary's"), "{said}");
}
