//! Documents to be translated: what is read of each kind of file, what is written back, and that nothing else changes.

use dhakira::Lang;
use dhakira::document::{Document, Fill, Kind, Options, Part, Proposal, State};
use dhakira::unit::Seg;
use proptest::prelude::*;

const KINDS: [(Kind, &str); 7] = [
    (Kind::Text, "f.txt"),
    (Kind::Markdown, "f.md"),
    (Kind::Html, "f.html"),
    (Kind::Srt, "f.srt"),
    (Kind::Xliff, "f.xlf"),
    (Kind::Po, "f.po"),
    (Kind::Tmx, "f.tmx"),
];

fn parse(kind: Kind, text: &str) -> Document {
    Document::parse(kind, text.as_bytes(), "f", &Options::default()).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

fn codes(seg: &Seg) -> usize {
    seg.codes().len()
}

/// A translation between two marks that no file has, each code of the segment in it.
fn marked(document: &Document, segment: usize, text: &str, confirmed: bool) -> Fill {
    let mut parts = vec![Part::Text(format!("⟦{text}"))];
    parts.extend((0..codes(&document.segments()[segment].source)).map(Part::Code));
    parts.push(Part::Text("⟧".to_owned()));
    let proposals =
        vec![Proposal {
            source: "& <old>".into(), target: "قديم".into(), quality: 87.5, origin: "tm \"1\"".into()
        }];
    Fill { segment, target: Some(parts), confirmed, proposals }
}

fn filled(document: &Document, fills: &[Fill]) -> String {
    String::from_utf8(document.fill(fills).unwrap()).unwrap()
}

/// The pieces of which a generated file is made: its head, one piece for each paragraph or unit, its tail.
fn pieces(kind: Kind, paragraphs: &[(String, u8)]) -> Vec<String> {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let piece = |(number, (text, form)): (usize, &(String, u8))| {
        let xml = escaped(text);
        match (kind, form % 4) {
            (Kind::Text, 0) => format!("{text}\n"),
            (Kind::Text, _) => format!("\t{text} \r\n\n"),
            (Kind::Markdown, 0) => format!("## {text}\n\n"),
            (Kind::Markdown, 1) => format!("> - *{text}* and **more** of `it`\n\n"),
            (Kind::Markdown, 2) => format!("| [{text}](http://a.b) | \\* c |\n|-|-|\n| d | e |\n\n"),
            (Kind::Markdown, _) => format!("{text}\nwrapped &amp; [on](x \"y\").\n\n```\ncode\n```\n"),
            (Kind::Html, 0) => format!("<p class=x>{xml}</p>\n"),
            (Kind::Html, 1) => format!("<li><b>{xml}</b> and &nbsp; <i lang='en'>more</i>.\n"),
            (Kind::Html, 2) => format!("<script>a<b</script><!-- {text} --><td>{xml}<br>{xml}"),
            (Kind::Html, _) => format!("<div translate=\"no\">{xml}</div><span>{xml} <img src=x> end</span>"),
            (Kind::Srt, 0) => format!("{}\n00:00:01,000 --> 00:00:02,000\n{text}\n\n", number + 1),
            (Kind::Srt, _) => {
                format!("{}\r\n00:00:01,000 --> 00:00:02,000\r\n<i>{text}</i>\r\nsecond\r\n\r\n", number + 1)
            }
            (Kind::Xliff, 0) => format!("<trans-unit id='{number}'>\n  <source>{xml}</source>\n</trans-unit>\n"),
            (Kind::Xliff, 1) => format!(
                "<trans-unit id='{number}'><source>a <g id=\"1\">{xml}</g><x id='2'/></source><target state='new'/><note>n</note></trans-unit>"
            ),
            (Kind::Xliff, 2) => format!(
                "<trans-unit id='{number}'><source>A b. {xml}</source><seg-source><mrk mtype='seg' mid='0'>A b.</mrk> <mrk mtype=\"seg\" mid=\"1\">{xml}</mrk></seg-source></trans-unit>\n"
            ),
            (Kind::Xliff, _) => format!(
                "<trans-unit id='{number}' translate='no'><source>{xml}</source></trans-unit><trans-unit id='k{number}'><source>{xml}</source><target>تم</target></trans-unit>"
            ),
            (Kind::Po, 0) => format!("#: a.c:1\n#, c-format\nmsgctxt \"c{number}\"\nmsgid \"{text}\"\nmsgstr \"\"\n\n"),
            (Kind::Po, 1) => format!("msgid \"\"\n\"{text}\\n\"\n\"two {number}\"\nmsgstr \"\"\n\"\"\n\n"),
            (Kind::Po, 2) => {
                format!("msgid \"one {number}\"\nmsgid_plural \"{text}\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n\n")
            }
            (Kind::Po, _) => {
                format!("# note\n#~ msgid \"{text}\"\n#~ msgstr \"قديم\"\n\nmsgid \"x{number}\"\nmsgstr \"س\"\n\n")
            }
            (Kind::Tmx, 0) => format!("<tu tuid='{number}'><tuv xml:lang='en'><seg>{xml}</seg></tuv></tu>\n"),
            (Kind::Tmx, 1) => format!(
                "<tu><tuv xml:lang=\"en\"><seg><bpt i='1'>b</bpt>{xml}<ept i='1'/></seg></tuv><tuv xml:lang='ar'><seg> </seg></tuv></tu>"
            ),
            (_, _) => format!(
                "<tu><tuv xml:lang=\"ar\"><seg>نعم</seg></tuv><tuv xml:lang=\"en\"><seg>{xml}</seg></tuv></tu>\n"
            ),
        }
    };
    let (head, tail) = match kind {
        Kind::Xliff => (
            "\u{FEFF}<?xml version='1.0'?>\n<!-- c -->\n<xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\">\n<file original='f' source-language=\"en\" target-language='ar-EG' datatype='html'><body>\n",
            "</body></file>\n</xliff>\n<!-- end -->\n",
        ),
        Kind::Po => ("msgid \"\"\nmsgstr \"\"\n\"Language: ar\\n\"\n\n", "# the end\n"),
        Kind::Tmx => (
            "<?xml version=\"1.0\"?><!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\n<tmx version='1.4'><header srclang='en'/><body>\n",
            "</body></tmx>\n",
        ),
        Kind::Html => {
            ("<!DOCTYPE html><head><meta charset=utf-8><title>T &amp; t</title></head>\n", "<footer>x</footer>\n")
        }
        Kind::Srt => ("\u{FEFF}", ""),
        _ => ("", ""),
    };
    let middle = paragraphs.iter().enumerate().map(piece);
    std::iter::once(head.to_owned()).chain(middle).chain(std::iter::once(tail.to_owned())).collect()
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-z]{1,6}( [a-z]{1,6}){0,4}[.!?]?( [A-Z][a-z]{2,6}[.])?",
        "[A-Z][a-z]{1,6} & [a-z]{1,4} < [0-9]{1,4} [a-z]{2,5}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn bytes_outside_what_is_filled_stay(
        paragraphs in prop::collection::vec((text(), any::<u8>()), 1..6),
        chosen in prop::collection::vec(any::<bool>(), 32),
        confirmed in any::<bool>(),
    ) {
        for (kind, _) in KINDS {
            let pieces = pieces(kind, &paragraphs);
            let file = pieces.concat();
            let document = Document::parse(kind, file.as_bytes(), "f", &Options { from: Some(Lang::En), encoding: None }).unwrap();
            prop_assert_eq!(document.fill(&[]).unwrap(), file.as_bytes(), "{:?}", kind);
            let text = file.strip_prefix('\u{FEFF}').unwrap_or(&file);
            let fills: Vec<Fill> = (0..document.segments().len())
                .filter(|n| chosen[n % chosen.len()] && document.segments()[*n].state == State::Untranslated && document.segments()[*n].fillable)
                .map(|n| marked(&document, n, "ترجمة & <ب>", confirmed))
                .collect();
            let out = filled(&document, &fills);
            let again = parse(kind, &out);
            if kind.is_bilingual() {
                prop_assert_eq!(again.segments().len(), document.segments().len());
                for (n, (before, after)) in document.segments().iter().zip(again.segments()).enumerate() {
                    prop_assert_eq!(&before.source, &after.source);
                    match fills.iter().any(|fill| fill.segment == n) {
                        true => {
                            prop_assert!(after.target.as_ref().unwrap().plain_text().contains("⟦ترجمة & <ب>"), "{}", out);
                            prop_assert_eq!(after.target.as_ref().unwrap().codes(), after.source.codes());
                            let state = if confirmed || kind == Kind::Tmx { State::Translated } else { State::Draft };
                            // The divisions of a unit share a state.
                            prop_assert!(after.state == state || after.id.is_some() && kind == Kind::Xliff, "{:?}", after.state);
                        }
                        false => prop_assert_eq!(&before.target, &after.target),
                    }
                }
                // A unit that got nothing stands as it stood, behind the one before it.
                let mut at = 0;
                let offset = file.len() - text.len();
                let mut from = 0;
                for piece in &pieces {
                    let end = from + piece.len();
                    let touched = fills.iter().any(|f| {
                        let start = document.segments()[f.segment].span.start + offset;
                        (from..end).contains(&start)
                    });
                    if !touched {
                        let found = out[at..].find(piece.as_str());
                        prop_assert!(found.is_some(), "{piece} is not in\n{out}");
                        at += found.unwrap() + piece.len();
                    }
                    from = end;
                }
            } else {
                // What stands between the marks, with what was there in its place again, is the file.
                let mut back = String::new();
                let mut rest = out.as_str();
                for fill in &fills {
                    let (before, behind) = rest.split_once('⟦').unwrap();
                    let (_, behind) = behind.split_once('⟧').unwrap();
                    back.push_str(before);
                    back.push_str(&text[document.segments()[fill.segment].span.clone()]);
                    rest = behind;
                }
                back.push_str(rest);
                prop_assert_eq!(back, file, "{:?}", kind);
                // It is read again with all of them; two may be one sentence now, as no full stop parts them.
                let said: String = again.segments().iter().map(|s| s.source.plain_text()).collect();
                prop_assert_eq!(said.matches("⟦ترجمة & <ب>").count(), fills.len(), "{}", out);
            }
        }
    }

    #[test]
    fn any_bytes_are_a_document_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for (kind, name) in KINDS {
            if let Ok(document) = Document::parse(kind, &bytes, name, &Options::default()) {
                prop_assert_eq!(document.fill(&[]).unwrap(), bytes.clone());
            }
        }
    }
}

#[test]
fn damaged_files_are_errors_with_a_place() {
    let paragraphs: Vec<(String, u8)> = (0..4).map(|n| (format!("Some text {n}"), n)).collect();
    for (kind, name) in KINDS {
        if matches!(kind, Kind::Text | Kind::Markdown | Kind::Html) {
            continue;
        }
        let file = pieces(kind, &paragraphs).concat();
        let cut = match kind {
            Kind::Srt => file.find(" --> ").unwrap() + 8,
            Kind::Po => file.rfind("msgstr").unwrap() + 8,
            _ => file.len() * 2 / 3,
        };
        let cut = (cut..).find(|n| file.is_char_boundary(*n)).unwrap();
        let error =
            Document::parse(kind, &file.as_bytes()[..cut], name, &Options::default()).map(|_| ()).expect_err(name);
        assert!(error.place().is_some_and(|p| p.line.is_some()), "{error}");
    }
}

#[test]
fn xliff_1_says_what_is_sure_and_keeps_proposals() {
    let file = "<xliff version=\"1.2\"><file source-language=\"en\" original=\"f\"><body>\n  <trans-unit id=\"1\">\n    <source>Press <g id=\"1\">Save</g></source>\n  </trans-unit>\n</body></file></xliff>";
    let document = parse(Kind::Xliff, file);
    assert_eq!(document.source(), Lang::En);
    let target = vec![Part::Text("اضغط ".into()), Part::Code(0), Part::Text("حفظ".into()), Part::Code(1)];
    let proposals =
        vec![Proposal {
            source: "Press Open".into(), target: "اضغط فتح".into(), quality: 81.4, origin: "mine".into()
        }];
    let fill = Fill { segment: 0, target: Some(target), confirmed: false, proposals };
    assert_eq!(
        filled(&document, std::slice::from_ref(&fill)),
        "<xliff version=\"1.2\"><file source-language=\"en\" original=\"f\" target-language=\"ar\"><body>\n  <trans-unit id=\"1\">\n    \
         <source>Press <g id=\"1\">Save</g></source>\n    \
         <target state=\"needs-review-translation\" state-qualifier=\"fuzzy-match\">اضغط <g id=\"1\">حفظ</g></target>\n    \
         <alt-trans match-quality=\"81%\" origin=\"mine\"><source>Press Open</source><target>اضغط فتح</target></alt-trans>\n  \
         </trans-unit>\n</body></file></xliff>"
    );
    // What would lose a code, or double it, is not written.
    for parts in [
        vec![],
        vec![Part::Code(0)],
        vec![Part::Code(0), Part::Code(1), Part::Code(1)],
        vec![Part::Code(1), Part::Code(0)],
    ] {
        let fill = Fill { target: Some(parts), proposals: Vec::new(), ..fill.clone() };
        assert!(!filled(&document, &[fill]).contains("<target"));
    }
}

#[test]
fn xliff_2_gets_direction_matches_and_targets() {
    let file = "<xliff xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" version=\"2.0\" srcLang=\"en\"><file id=\"f\"><unit id=\"1\"><originalData><data id=\"d\">%s</data></originalData>\n<segment><source>Wait <ph id=\"1\" dataRef=\"d\"/> of <pc id=\"2\">it</pc></source></segment></unit></file></xliff>";
    let document = parse(Kind::Xliff, file);
    assert_eq!(document.segments()[0].source.text(), "Wait \u{FFFC} of \u{FFFC}it\u{FFFC}");
    let out = filled(&document, &[marked(&document, 0, "ب", true)]);
    assert!(out.contains("srcLang=\"en\" trgLang=\"ar\">") && out.contains("<file id=\"f\" trgDir=\"rtl\">"), "{out}");
    assert!(out.contains("<unit id=\"1\"><mtc:matches xmlns:mtc=\"urn:oasis:names:tc:xliff:matches:2.0\"><mtc:match ref=\"#dhakira-1\" "), "{out}");
    assert!(out.contains("<segment state=\"translated\" id=\"dhakira-1\"><source>"), "{out}");
    assert!(out.contains("<target>⟦ب<ph id=\"1\" dataRef=\"d\"/><pc id=\"2\"></pc>⟧</target>"), "{out}");
    let again = parse(Kind::Xliff, &out);
    assert_eq!(again.segments()[0].state, State::Translated);
}

#[test]
fn po_marks_what_is_not_sure() {
    let file = "msgid \"\"\nmsgstr \"Language: ar\\n\"\n\n#: a.c\n#, c-format\nmsgid \"Save %s\\n\"\nmsgstr \"\"\n\n#. two\nmsgid \"Open\"\nmsgstr \"\"\n";
    let document = parse(Kind::Po, file);
    let fill = |segment, text: &str, confirmed| {
        let proposals =
            vec![Proposal { source: "Save it\n".into(), target: String::new(), quality: 80.0, origin: String::new() }];
        Fill { segment, target: Some(vec![Part::Text(text.into())]), confirmed, proposals }
    };
    assert_eq!(
        filled(&document, &[fill(0, "احفظ \"%s\"", false), fill(1, "افتح", true)]),
        "msgid \"\"\nmsgstr \"Language: ar\\n\"\n\n#: a.c\n#, c-format, fuzzy\n#| msgid \"Save it\\n\"\nmsgid \"Save %s\\n\"\n\
         msgstr \"احفظ \\\"%s\\\"\\n\"\n\n#. two\nmsgid \"Open\"\nmsgstr \"افتح\"\n"
    );
    let out = filled(&document, &[fill(1, "افتح\u{1}\tالآن", true)]);
    assert!(out.ends_with("msgstr \"افتح\\001\\tالآن\"\n"), "no character is lost: {out}");
    let out = filled(&document, &[fill(1, "افتح", false)]);
    assert!(out.ends_with("#. two\n#, fuzzy\n#| msgid \"Save it\\n\"\nmsgid \"Open\"\nmsgstr \"افتح\"\n"), "{out}");
}

#[test]
fn files_in_old_encodings_keep_them() {
    let text = "خرج الصيادون فجرًا. عادوا مساءً.\r\n";
    let bytes = encoding_rs::WINDOWS_1256.encode(text).0;
    let document = Document::parse(Kind::Text, &bytes, "f.txt", &Options::default()).unwrap();
    assert_eq!((document.source(), document.segments().len()), (Lang::Ar, 2));
    let target = Some(vec![Part::Text("They came back – tired.".into())]);
    let out = document.fill(&[Fill { segment: 1, target, confirmed: true, proposals: Vec::new() }]).unwrap();
    assert_eq!(encoding_rs::WINDOWS_1256.decode(&out).0, "خرج الصيادون فجرًا. They came back – tired.\r\n");
}

#[test]
fn other_languages_are_refused() {
    for (kind, file) in [
        (Kind::Xliff, "<xliff version='1.2'><file source-language='en' target-language='fr'><body/></file></xliff>"),
        (Kind::Xliff, "<xliff version='2.0' srcLang='de'><file id='1'/></xliff>"),
        (Kind::Po, "msgid \"\"\nmsgstr \"Language: fr\\n\"\n\nmsgid \"a\"\nmsgstr \"\"\n"),
    ] {
        let error = Document::parse(kind, file.as_bytes(), "f", &Options::default()).map(|_| ()).expect_err(file);
        assert!(error.to_string().contains("Arabic"), "{error}");
    }
}
