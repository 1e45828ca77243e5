//! Requests as clients send them that can not run here, replayed byte by byte: Okapi's two connectors, Virtaal, amaGama's page,
//! OmegaT, MateCat, and a whole session of translate5. What each does with the answer is what is asked of it.
#![cfg(feature = "serve")]

mod served;

use serde_json::{Value, json};
use served::{Answer, Served, encoded};
use std::thread::sleep;
use std::time::Duration;

/// A request with these lines as its head, and a body.
fn replay(served: &Served, lines: &[&str], body: &str) -> Answer {
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    let head = format!("{}\r\nHost: {}\r\nConnection: close\r\n{length}\r\n", lines.join("\r\n"), served.address);
    served.send(format!("{head}{body}").as_bytes())
}

/// Okapi's `TranslateToolkitTMConnector`: no parameters, POSIX codes, and an end at the first match below its threshold.
#[test]
fn okapi_translate_toolkit_connector() {
    let served = Served::new(&[]);
    for text in ["Could not save the files.", "Open the folder?", "The council adopted a resolution."] {
        let line = format!("GET /tmserver/en_GB/ar_EG/unit/{} HTTP/1.1", encoded(text));
        let answer = replay(&served, &[&line, "User-Agent: Java/17.0.9", "Accept: */*"], "");
        let found: Value = answer.json();
        let matches = found.as_array().expect("a JSON array");
        // `(Double) map.get("quality")` of json-simple, which makes Long of a number without a fraction.
        let raw = answer.text();
        let numbers = raw.split("\"quality\":").skip(1).map(|rest| rest.split([',', '}']).next().unwrap());
        assert!(numbers.clone().all(|number| number.contains('.')), "{raw}");
        assert_eq!(numbers.count(), matches.len());
        let qualities: Vec<f64> = matches.iter().map(|one| one["quality"].as_f64().unwrap()).collect();
        assert!(
            qualities.is_sorted_by(|a, b| a >= b) && qualities.iter().all(|quality| *quality >= 60.0),
            "{qualities:?}"
        );
        assert!(matches.iter().all(|one| one["source"].is_string() && one["target"].is_string()));
    }
}

/// Okapi's `MyMemoryTMConnector`: always regions, no machine translation, `responseStatus` against `200L`.
#[test]
fn okapi_mymemory_connector() {
    let served = Served::new(&[]);
    let line =
        format!("GET /get?q={}&langpair=en-US|ar-EG&of=json&mt=0&key= HTTP/1.1", encoded("Could not save the file."));
    let found = replay(&served, &[&line, "User-Agent: Java/17.0.9"], "").json();
    assert!(found["responseStatus"].is_i64() || found["responseStatus"].is_u64());
    assert_eq!(found["responseStatus"], 200);
    let best = &found["matches"][0];
    assert_eq!(best["match"].as_f64(), Some(1.0));
    assert_ne!(best["last-updated-by"], "MT!");
    assert_eq!(best["create-date"].as_str().unwrap().len(), "2026-01-02 03:04:05".len());
}

/// Virtaal's `tmclient`: looks up as it shows a unit, sends what was translated, sends whole stores.
#[test]
fn virtaal_tmclient() {
    let served = Served::new(&[]);
    let agent = "User-Agent: Virtaal/0.7.1";
    for prefix in ["/tmserver", "/api/v1"] {
        let ask = |text: &str, more: &str| {
            let line = format!("GET {prefix}/en/ar/unit/{}{more} HTTP/1.1", encoded(text));
            replay(&served, &[&line, agent, "Accept: */*"], "")
        };
        let found = ask("Could not save the file.", "?min_similarity=70&max_candidates=5").json();
        assert_eq!(found[0]["target"], "تعذّر حفظ الملف.");
        // Line breaks in a unit, a sign of a query, a percent sign, a slash.
        let found = ask("Open the file\n/ folder?", "?min_similarity=30&max_candidates=100").json();
        assert_eq!(found[0]["source"], "Open the file / folder?");
        assert_eq!(ask("100% of 3 = 3?", "?min_similarity=99").json(), json!([]));
        assert_eq!(ask(&"long ".repeat(2_000), "?min_similarity=70").status, 200);
    }
    let unit = json!({"source": "Quit", "target": "اخرج"}).to_string();
    let said =
        replay(&served, &["PUT /tmserver/en/ar/unit/Quit HTTP/1.1", agent, "Content-Type: application/json"], &unit);
    assert_eq!((said.status, said.text().as_str()), (200, ""));
    let list = json!([{"source": "Undo", "target": "تراجع", "context": ""}, {"source": "Redo", "target": "أعد"}]);
    let said = replay(&served, &["POST /api/v1/en/ar/store/messages.po HTTP/1.1", agent], &list.to_string());
    assert_eq!(said.text(), "added 2 units from messages.po");
    let po = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\nLanguage: ar\\n\"\n\nmsgid \"Paste\"\nmsgstr \"ألصق\"\n";
    let said = replay(&served, &["PUT /api/v1/en/ar/store/menu.po HTTP/1.1", agent, "Expect: "], po);
    assert_eq!(said.text(), "added 1 units from menu.po");
    for (text, target) in [("Quit", "اخرج"), ("Undo", "تراجع"), ("Redo", "أعد"), ("Paste", "ألصق")] {
        assert_eq!(served.get(&format!("/tmserver/en/ar/unit/{text}")).json()[0]["target"], target);
    }
    // amaGama's page, which jQuery drives.
    let line = "GET /api/v1/en/ar/unit/Undo?jsoncallback=jQuery16_1&_=1700000000 HTTP/1.1";
    let said = replay(&served, &[line, "Accept: */*"], "");
    assert!(said.text().starts_with("jQuery16_1([{") && said.text().ends_with("}])"), "{}", said.text());
    assert_eq!(said.header("content-type"), Some("application/javascript"));
}

/// OmegaT asks by GET as browsers do; MateCat by a form with all that it knows.
#[test]
fn omegat_and_matecat() {
    let served = Served::new(&[]);
    let line = format!(
        "GET /api/get?q={}&langpair=EN|AR&of=json&mt=1&de=a%40example.org HTTP/1.1",
        encoded("Could not save the file.")
    );
    let found = replay(&served, &[&line, "User-Agent: Mozilla/5.0"], "").json();
    assert_eq!(found["responseData"]["translatedText"], "تعذّر حفظ الملف.");
    let form = |pairs: &[(&str, &str)]| {
        let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        pairs.join("&")
    };
    let post = |path: &str, pairs: &[(&str, &str)]| {
        let line = format!("POST {path} HTTP/1.1");
        let head = [line.as_str(), "User-Agent: MateCat", "Content-Type: application/x-www-form-urlencoded"];
        replay(&served, &head, &form(pairs)).json()
    };
    let asked = [
        ("q", "Could not save the file."),
        ("langpair", "en-US|ar-SA"),
        ("de", "tmanalysis@example.org"),
        ("mt", "0"),
        ("numres", "3"),
        ("onlyprivate", "0"),
        ("priority_key", "1"),
        ("penalty_key", "[{\"key\":\"public\",\"penalty\":0.05}]"),
        ("dialect_strict", "false"),
        ("context_before", "The ship reached the port this morning."),
        ("context_after", "Open the file / folder?"),
        ("key", "abc,def"),
        ("client_id", "mc"),
        ("subfiltering", "1"),
    ];
    let found = post("/get", &asked);
    let best = &found["matches"][0];
    for field in
        ["raw_segment", "raw_translation", "key", "ICE", "tm_properties", "target_note", "penalty", "prop", "style"]
    {
        assert!(best.get(field).is_some(), "{field}: {best}");
    }
    assert_eq!((&best["raw_translation"], &best["match"]), (&json!("تعذّر حفظ الملف."), &json!(1.0)));
    let found = post(
        "/get",
        &[("q", "file"), ("langpair", "en-US|ar-SA"), ("conc", "true"), ("extended", "1"), ("numres", "10")],
    );
    assert_eq!(found["matches"].as_array().unwrap().len(), 2);
    let set = [
        ("seg", "Choose a folder"),
        ("tra", "اختر مجلدًا"),
        ("langpair", "en-US|ar-SA"),
        ("key", "abc"),
        ("tnote", "from a review"),
        ("prop", "{\"project_id\":\"1\"}"),
        ("context_before", ""),
        ("client_id", "mc"),
    ];
    assert_eq!(post("/set", &set)["responseStatus"], 200);
    let update: Vec<(&str, &str)> =
        [&set[..], &[("newseg", "Choose a folder"), ("newtra", "اختر مجلدا"), ("spiceMatch", "0")]].concat();
    assert_eq!(post("/update", &update)["responseStatus"], 200);
    let found = post("/get", &[("q", "Choose a folder"), ("langpair", "en-US|ar-SA"), ("mt", "0")]);
    assert_eq!(found["responseData"]["translatedText"], "اختر مجلدا");
    assert_eq!(
        post("/delete_by_id", &[("seg", "Choose a folder"), ("tra", "اختر مجلدا"), ("langpair", "en-US|ar-SA")])["responseStatus"],
        200
    );
}

/// A session of translate5: the service is there, a memory is made of a TMX file, asked, searched, written to, exported, deleted.
#[test]
fn translate5_session() {
    let served = Served::new(&[]);
    let get = |path: &str| {
        replay(&served, &[&format!("GET /t5memory{path} HTTP/1.1"), "Accept: application/json; charset=utf-8"], "")
    };
    let post = |path: &str, body: Value| {
        let line = format!("POST /t5memory{path} HTTP/1.1");
        replay(&served, &[&line, "Content-Type: application/json; charset=utf-8"], &body.to_string())
    };
    let form = |path: &str, data: Value, tmx: &str| {
        let part = |head: &str, body: &str| format!("--t5\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
        let json = part("name=\"json_data\"\r\nContent-Type: application/json", &data.to_string());
        let file = part("name=\"file\"; filename=\"sample.tmx\"\r\nContent-Type: application/xml", tmx);
        let line = format!("POST /t5memory{path} HTTP/1.1");
        replay(&served, &[&line, "Content-Type: multipart/form-data; boundary=t5"], &format!("{json}{file}--t5--\r\n"))
    };
    let imported = |tm: &str| {
        for _ in 0..600 {
            let status = get(&format!("/{tm}/status")).json();
            if status["status"] == "open" && status["tmxImportStatus"] == "available" {
                assert!(status["importTime"].is_null(), "{status}");
                return status;
            }
            sleep(Duration::from_millis(50));
        }
        panic!("the import has no end");
    };
    assert!(get("_service/resources").json()["Version"].is_string());
    assert_eq!(get("_service/savetms").status, 200);
    let unit = |en: &str, ar: &str| {
        format!("<tu><tuv xml:lang=\"en-GB\"><seg>{en}</seg></tuv><tuv xml:lang=\"ar\"><seg>{ar}</seg></tuv></tu>")
    };
    let file = |units: &str| {
        format!("<?xml version=\"1.0\"?><tmx version=\"1.4\"><header srclang=\"en-GB\"/><body>{units}</body></tmx>")
    };
    // A name as the client encodes it: a space, and `+` as `-plus-`.
    let tm = "ID12%20A-plus-B";
    let made = form(
        "/",
        json!({"name": "ID12 A-plus-B", "sourceLang": "en-GB", "framingTags": "saveAll"}),
        &file(&unit("Lift the lid", "ارفع الغطاء")),
    );
    assert_eq!(made.json()["name"], "ID12 A-plus-B");
    imported(tm);
    let more = form(
        &format!("/{tm}/importtmx"),
        json!({"framingTags": "skipAll", "saveDifferentTargetsForSameSource": "1"}),
        &file(&unit("Close the lid", "أغلق الغطاء")),
    );
    assert_eq!(more.status, 201);
    assert_eq!(imported(tm)["segmentIndex"], 1);
    let listed = get("/").json();
    assert!(listed["Open"].as_array().unwrap().contains(&json!({"name": "ID12 A-plus-B"})), "{listed}");

    let fuzzy = json!({"sourceLang": "en-GB", "targetLang": "ar", "source": "Lift the lid.", "documentName": "manual.xlf", "markupTable": "OTMXUXLF", "context": "7"});
    let found = post(&format!("/{tm}/fuzzysearch"), fuzzy).json();
    assert_eq!((&found["ReturnValue"], &found["ErrorMsg"]), (&json!(0), &json!("")));
    let best = &found["results"][0];
    let fields = [
        "source",
        "target",
        "segmentId",
        "customId",
        "documentName",
        "sourceLang",
        "targetLang",
        "type",
        "author",
        "timestamp",
        "markupTable",
        "context",
        "additionalInfo",
        "internalKey",
        "matchType",
        "matchRate",
        "fuzzyWords",
        "fuzzyDiffs",
    ];
    assert!(fields.iter().all(|field| best.get(field).is_some()), "{best}");
    assert!(best["matchType"] == "Fuzzy" && best["matchRate"].as_u64().unwrap() < 100, "{best}");
    let modes = |name: &str| (format!("{name}SearchMode"), json!("contains, CASEINSENSETIVE"));
    let mut search = json!({"source": "lid", "target": "", "document": "", "author": "", "addInfo": "", "context": "", "sourceLang": "en-GB",
        "targetLang": "ar", "timestampSpanStart": "19700101T000000Z", "timestampSpanEnd": "20991231T235959Z", "onlyCountSegments": "0",
        "searchPosition": "", "numResults": 20});
    search.as_object_mut().unwrap().extend(["source", "target", "document", "author", "addInfo", "context"].map(modes));
    let found = post(&format!("/{tm}/search"), search.clone()).json();
    assert_eq!((found["results"].as_array().unwrap().len(), &found["NewSearchPosition"]), (2, &Value::Null));
    let mut late = search.clone();
    late["timestampSpanStart"] = json!("20200101T000000Z");
    assert_eq!(post(&format!("/{tm}/search"), late).json()["results"], json!([]), "none of them is dated");
    search["onlyCountSegments"] = json!("1");
    assert_eq!(post(&format!("/{tm}/search"), search).json()["NumOfFoundSegments"], 2);

    let entry = json!({"source": "Oil the hinge", "target": "زيّت المفصلة", "type": "Manual", "markupTable": "OTMXUXLF", "sourceLang": "en-GB",
        "targetLang": "ar", "timeStamp": "20260102T030405Z", "documentName": "manual.xlf", "author": "Amal", "context": "9",
        "save2disk": "1", "saveDifferentTargetsForSameSource": "0"});
    let key = post(&format!("/{tm}/entry"), entry).json()["internalKey"].as_str().unwrap().to_owned();
    let (record, target) = key.split_once(':').unwrap();
    let seen = post(&format!("/{tm}/getentry"), json!({"recordKey": record, "targetKey": target})).json();
    assert_eq!((&seen["target"], &seen["context"]), (&json!("زيّت المفصلة"), &json!("9")));
    for path in ["flush", "reorganize"] {
        assert_eq!(get(&format!("/{tm}/{path}")).json()["ReturnValue"], 0);
    }
    let line = format!("GET /t5memory/{tm}/download.tmx HTTP/1.1");
    let file = replay(
        &served,
        &[&line, "Content-Type: application/json"],
        &json!({"limit": 100, "startFromInternalKey": "0:0"}).to_string(),
    );
    assert_eq!((file.status, file.header("nextinternalkey")), (200, Some("0:0")));
    assert_eq!(file.text().matches("<tu ").count() + file.text().matches("<tu>").count(), 3, "{}", file.text());
    assert_eq!(post(&format!("/{tm}/clone"), json!({"newName": "ID13"})).json()["ReturnValue"], 0);
    let gone = json!({"recordKey": record, "targetKey": target, "segmentId": seen["segmentId"]});
    assert_eq!(post(&format!("/{tm}/entrydelete"), gone).json()["fileFlushed"], 1);
    assert_eq!(
        post("/ID13/getentry", json!({"recordKey": record, "targetKey": target})).json()["target"],
        "زيّت المفصلة"
    );
    for name in [tm, "ID13"] {
        assert_eq!(replay(&served, &[&format!("DELETE /t5memory/{name} HTTP/1.1")], "").status, 200);
    }
    assert_eq!(get(&format!("/{tm}/status")).json()["status"], "not found");
}
