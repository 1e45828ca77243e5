//! XLIFF that we write is valid by the schemas of OASIS: 1.2 strict, and 2.0. `XLIFF12_XSD` and `XLIFF20_XSD` name them (Debian's
//! php-symfony-translation has both); without them, or without xmllint, this is skipped.
#![cfg(feature = "cli")]

mod desk;

use desk::Desk;
use std::ffi::OsString;
use std::process::Command;

/// The schemas of both versions.
fn schemas() -> Option<[OsString; 2]> {
    let (Some(old), Some(new)) = (std::env::var_os("XLIFF12_XSD"), std::env::var_os("XLIFF20_XSD")) else {
        eprintln!("skipped: XLIFF12_XSD and XLIFF20_XSD name no schemas");
        return None;
    };
    if Command::new("xmllint").arg("--version").output().is_err() {
        eprintln!("skipped: xmllint is not installed");
        return None;
    }
    Some([old, new])
}

#[track_caller]
fn is_valid(desk: &Desk, schema: &OsString, file: &str) {
    let check =
        Command::new("xmllint").args(["--nonet", "--noout", "--schema"]).arg(schema).arg(desk.path(file)).output();
    let output = check.unwrap();
    assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A memory with inline codes, props, notes, dates and contexts.
fn memory(desk: &Desk) {
    let side = |lang: &str, seg: &str| {
        format!("<tuv xml:lang=\"{lang}\" changedate=\"20260401T120000Z\"><seg>{seg}</seg></tuv>")
    };
    let units = [
        ("Could not save the file", "تعذر حفظ الملف"),
        ("The port has 312 boats", "في الميناء ٣١٢ قاربا"),
        (
            "Press <bpt i=\"1\">&lt;b&gt;</bpt>Save<ept i=\"1\">&lt;/b&gt;</ept> <ph x=\"2\">%s</ph> now &amp; here",
            "اضغط <bpt i=\"1\">&lt;b&gt;</bpt>حفظ<ept i=\"1\">&lt;/b&gt;</ept> <ph x=\"2\">%s</ph> الآن",
        ),
        (
            "An <it pos=\"begin\" x=\"3\">&lt;i&gt;</it>open <hi type=\"term\">code</hi>",
            "رمز <it pos=\"begin\" x=\"3\">&lt;i&gt;</it><hi type=\"term\">مفتوح</hi>",
        ),
    ];
    let unit = |(n, (en, ar)): (usize, &(&str, &str))| {
        format!(
            "<tu tuid=\"u{n}\"><note>n {n}</note><prop type=\"x-document\">a b</prop><prop type=\"x-context\">k&lt;{n}</prop>{}{}</tu>\n",
            side("en", en),
            side("ar-EG", ar)
        )
    };
    let body: String = units.iter().enumerate().map(unit).collect();
    desk.file("tmx/a.tmx", format!("<tmx version=\"1.4\"><header/><body>{body}</body></tmx>"));
}

#[test]
fn exports_are_valid() {
    let desk = Desk::new();
    let Some(schemas) = schemas() else { return };
    memory(&desk);
    for (schema, form) in schemas.iter().zip(["xlf", "xliff2"]) {
        for from in ["en", "ar"] {
            assert_eq!(desk.run(&["export", "--to", form, "--from", from, "-o", "out.xlf"]).code, Some(0), "{form}");
            is_valid(&desk, schema, "out.xlf");
        }
    }
}

#[test]
fn pretranslated_files_stay_valid() {
    let desk = Desk::new();
    let Some(schemas) = schemas() else { return };
    memory(&desk);
    desk.file(
        "a-12.xlf",
        "<xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\"><file original=\"f\" source-language=\"en\" target-language=\"ar\" datatype=\"html\"><body>\n\
         <trans-unit id=\"1\"><source>Could not save the <g id=\"1\">file</g></source></trans-unit>\n\
         <trans-unit id=\"2\"><source>The port has 319 boats</source><target state=\"new\"/><note>n</note></trans-unit>\n\
         <trans-unit id=\"3\" approved=\"no\"><source>Could not save the file</source><note>n</note></trans-unit>\n\
         <trans-unit id=\"4\"><source>Nothing like it at all</source><alt-trans match-quality=\"50\"><target>لا شيء</target></alt-trans></trans-unit>\n\
         <group id=\"g\"><trans-unit id=\"5\"><source>Could not save the file <x id=\"2\"/></source></trans-unit></group>\n\
         </body></file></xliff>",
    );
    desk.file(
        "a-20.xlf",
        "<xliff version=\"2.0\" xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" srcLang=\"en\" trgLang=\"ar\"><file id=\"f\">\n\
         <unit id=\"1\"><segment><source>Could not save the <pc id=\"1\">file</pc></source></segment></unit>\n\
         <unit id=\"2\"><notes><note>n</note></notes><segment><source>The port has 319 boats</source></segment></unit>\n\
         <unit id=\"3\"><segment><source>Could not save the file</source></segment><ignorable><source> </source></ignorable></unit>\n\
         <group id=\"g\"><unit id=\"4\"><segment><source>Nothing like it at all</source></segment><segment><source>The port has 317 boats</source></segment></unit></group>\n\
         </file></xliff>",
    );
    for (schema, file) in schemas.iter().zip(["a-12.xlf", "a-20.xlf"]) {
        is_valid(&desk, schema, file);
        for options in [&[][..], &["--min", "50"], &["--no-repair", "--proposals", "0"]] {
            let ran = desk.run(&[&["pretranslate", file, "-o", "out.xlf"], options].concat());
            assert_eq!(ran.code, Some(0), "{file}: {}", ran.err);
            is_valid(&desk, schema, "out.xlf");
        }
    }
}
