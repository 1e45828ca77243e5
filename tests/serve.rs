//! The doors of the server: each protocol with the rules that its clients break on.
#![cfg(feature = "serve")]

mod served;

use serde_json::{Value, json};
use served::{Served, encoded};

#[test]
fn tmserver_answers_as_its_clients_need() {
    let served = Served::new(&[]);
    for prefix in ["/tmserver", "/api/v1"] {
        let ask = |rest: &str| served.get(&format!("{prefix}{rest}"));
        let found = ask(&format!("/en/ar/unit/{}", encoded("Open the file / folder?")));
        assert_eq!(found.header("content-type"), Some("application/json"));
        assert_eq!(found.header("cache-control"), Some("no-store"));
        let found = found.json();
        assert_eq!(
            (&found[0]["source"], &found[0]["target"]),
            (&json!("Open the file / folder?"), &json!("افتح الملف / المجلد؟"))
        );
        // Okapi casts it to Double, Weblate calls int() on it.
        assert!(found[0]["quality"].is_f64(), "{found}");
        let found =
            ask(&format!("/ar_eg/en/unit/{}?min_similarity=30&max_candidates=30", encoded("تعذر حفظ الملف أو المجلد")));
        let qualities: Vec<f64> =
            found.json().as_array().unwrap().iter().map(|one| one["quality"].as_f64().unwrap()).collect();
        assert!(!qualities.is_empty() && qualities.is_sorted_by(|a, b| a >= b), "{qualities:?}");
        let found = ask(&format!("/EN-us/ar-SA/unit/?source={}", encoded("Could not save the file.")));
        assert_eq!(found.json()[0]["quality"], json!(100.0));
        // Nothing found is no failure; 429, 403 and 503 would make Weblate stop asking.
        let found = ask(&format!("/en/ar/unit/{}", encoded("zzz")));
        assert_eq!((found.status, found.text().as_str()), (200, "[]"));
        for nothing in ["/en/ar/unit/?source=", "/en/en/unit/x", "/fr/ar/unit/x"] {
            assert_eq!(ask(nothing).status, 404, "{nothing}");
        }
        let languages = ask("/languages/").json();
        for side in ["sourceLanguages", "targetLanguages"] {
            let codes = languages[side].as_array().unwrap();
            assert!(["ar", "en", "ar_eg", "en_gb"].iter().all(|code| codes.contains(&json!(code))), "{codes:?}");
        }
        let wrapped = ask("/en/ar/unit/zzz?jsoncallback=cb").text();
        assert_eq!(wrapped, "cb([])");
        assert_eq!(ask("/en/ar/unit/zzz?callback=alert(1)").status, 400);
    }
    // Writing, which tmserver 3.18.1 does not survive.
    let new = json!({"source": "A new sentence", "target": "جملة جديدة", "context": "menu"}).to_string();
    for _ in 0..2 {
        assert_eq!(served.ask("PUT", "/tmserver/en/ar/unit/ignored", &[], new.as_bytes()).status, 200);
    }
    let found = served.get("/tmserver/en/ar/unit/A%20new%20sentence").json();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["context"]), (1, &json!("menu")));
    let list =
        json!([{"source": "One more", "target": "واحدة أخرى"}, {"source": "Two more", "target": "اثنتان أخريان"}]);
    let said = served.post("/api/v1/en/ar/store/list.po", &list);
    assert_eq!((said.status, said.text().as_str()), (200, "added 2 units from list.po"));
    let said = served.ask("PUT", "/api/v1/en/ar/store/file.tsv", &[], "en\tar\nThird\tثالث\n".as_bytes());
    assert_eq!(said.text(), "added 1 units from file.tsv");
    let back = served.get("/tmserver/ar/en/unit/%D8%AB%D8%A7%D9%84%D8%AB").json();
    assert_eq!(back[0]["target"], "Third");
}

#[test]
fn mymemory_answers_as_its_clients_need() {
    let served = Served::new(&[]);
    let pair = "langpair=en-GB%7Car-SA&mt=0";
    for path in ["/get", "/api/get"] {
        let found = served.get(&format!("{path}?q={}&{pair}", encoded("Could not save the files"))).json();
        // Okapi compares it with 200L.
        assert_eq!(found["responseStatus"], json!(200));
        assert_eq!(found["responseData"]["translatedText"], "تعذّر حفظ الملف.");
        let best = &found["matches"][0];
        let how_good = best["match"].as_f64().unwrap();
        assert!(how_good > 0.5 && how_good < 1.0, "{best}");
        for key in ["id", "segment", "translation", "last-updated-by", "reference", "create-date", "created-by"] {
            assert!(best.get(key).is_some(), "{key}");
        }
    }
    let form = format!("q={}&{pair}", encoded("The council adopted the resolution."));
    let kind = [("Content-Type", "application/x-www-form-urlencoded")];
    let found = served.ask("POST", "/get", &kind, form.as_bytes()).json();
    assert_eq!(found["responseData"]["match"], json!(1.0));
    let nothing = served.get(&format!("/get?q=zzz&{pair}")).json();
    assert_eq!((&nothing["matches"], &nothing["responseStatus"]), (&json!([]), &json!(200)));
    for refused in ["/get?q=x&langpair=en%7Cfr", "/get?langpair=en%7Car", "/get?q=x"] {
        let refused = served.get(refused);
        assert_eq!((refused.status, &refused.json()["responseStatus"]), (200, &json!(403)));
    }
    let concordance = served.get(&format!("/get?conc=true&q=file&{pair}&numres=10")).json();
    assert_eq!(concordance["matches"].as_array().unwrap().len(), 2);

    let set = format!("seg={}&tra={}&{pair}&de=amal%40example.org", encoded("Fresh bread"), encoded("خبز طازج"));
    assert_eq!(served.get(&format!("/set?{set}")).json()["responseStatus"], json!(200));
    let found = served.get(&format!("/get?q=Fresh%20bread&{pair}")).json();
    assert_eq!(found["matches"][0]["created-by"], "amal@example.org");
    assert_eq!((&found["matches"][0]["source"], &found["matches"][0]["target"]), (&json!("en-GB"), &json!("ar-SA")));
    let update = format!("{set}&newseg=Fresh%20bread&newtra={}", encoded("خبز ساخن"));
    assert_eq!(served.get(&format!("/update?{update}")).json()["responseStatus"], json!(200));
    let found = served.get(&format!("/get?q=Fresh%20bread&{pair}")).json();
    assert_eq!(found["matches"][0]["translation"], "خبز ساخن");
    let id = found["matches"][0]["id"].as_str().unwrap();
    assert_eq!(served.get(&format!("/delete_by_id?id={id}")).json()["responseStatus"], json!(200));
    assert_eq!(served.get(&format!("/get?q=Fresh%20bread&{pair}")).json()["matches"], json!([]));

    let unit = "<tu><tuv xml:lang=\"en\"><seg>Imported</seg></tuv><tuv xml:lang=\"ar\"><seg>مستورد</seg></tuv></tu>";
    let begun = form_with(&served, "/tmx/import", &[("tmx", "a.tmx", &tmx(unit))]).json();
    assert_eq!((&begun["responseStatus"], &begun["responseData"]["completed"]), (&json!(202), &json!(0)));
    let id = begun["responseData"]["uuid"].as_str().unwrap().to_owned();
    let done = until(|| {
        let said = served.get(&format!("/v2/import/status?uuid={id}")).json();
        (said["responseData"]["status"] == 1).then_some(said)
    });
    assert_eq!(done["responseData"]["completed"], 1);
    assert_eq!(served.get(&format!("/get?q=Imported&{pair}")).json()["responseData"]["match"], json!(1.0));
}

#[test]
fn t5memory_answers_as_translate5_calls_it() {
    let served = Served::new(&[]);
    assert!(served.get("/t5memory_service/resources").json()["Version"].is_string());
    let ping = json!({"name": "ping_tm", "sourceLang": "en-GB"});
    assert_eq!(served.post("/t5memory", &ping).json()["name"], "ping_tm");
    assert!(served.post("/t5memory", &ping).text().contains("ERROR_MEM_NAME_EXISTS"));
    assert_eq!(served.post("/t5memory", &json!({"name": "../up", "sourceLang": "en"})).status, 400);
    assert!(served.get("/t5memory/none/flush").text().contains("not found(error 48)"));
    assert_eq!(served.get("/t5memory/none/status").json()["status"], "not found");

    let entry = |source: &str, target: &str| {
        json!({"source": source, "target": target, "type": "Manual", "markupTable": "OTMXUXLF", "sourceLang": "en-GB",
            "targetLang": "ar", "timeStamp": "20260102T030405Z", "documentName": "a.xlf", "author": "Amal", "context": "",
            "save2disk": "1", "saveDifferentTargetsForSameSource": "0"})
    };
    let said =
        served.post("/t5memory/ping_tm/entry", &entry("Press <ph id=\"1\"/> now", "اضغط <ph id=\"1\"/> الآن")).json();
    assert_eq!(said["ReturnValue"], 0);
    let asked = json!({"sourceLang": "en-GB", "targetLang": "ar", "source": "Press <ph id=\"1\"/> now", "documentName": "a.xlf",
        "markupTable": "OTMXUXLF", "context": ""});
    let found = served.post("/t5memory/ping_tm/fuzzysearch", &asked).json();
    assert_eq!(
        (&found["ReturnValue"], &found["ErrorMsg"], &found["NumOfFoundProposals"]),
        (&json!(0), &json!(""), &json!(1))
    );
    let best = &found["results"][0];
    assert_eq!(
        (&best["matchType"], &best["matchRate"], &best["author"]),
        (&json!("ExactSameDoc"), &json!(100), &json!("Amal"))
    );
    assert_eq!((&best["target"], &best["timestamp"]), (&json!("اضغط <ph id=\"1\"/> الآن"), &json!("20260102T030405Z")));
    // The same source again: the newer translation takes the place of the older one.
    served.post("/t5memory/ping_tm/entry", &entry("Press <ph id=\"1\"/> now", "انقر <ph id=\"1\"/> الآن"));
    let found = served.post("/t5memory/ping_tm/fuzzysearch", &asked).json();
    assert_eq!(
        (&found["NumOfFoundProposals"], &found["results"][0]["target"]),
        (&json!(1), &json!("انقر <ph id=\"1\"/> الآن"))
    );
    // What one memory has, another has not.
    let nothing =
        served.post("/t5memory/tmx/fuzzysearch", &json!({"sourceLang": "en", "targetLang": "ar", "source": "nothing"}));
    assert_eq!(nothing.json()["results"], json!([]));

    let search = |extra: Value| {
        let mut asked = json!({"sourceLang": "en", "targetLang": "ar", "source": "FILE", "sourceSearchMode": "contains, CASEINSENSETIVE",
            "target": "", "searchPosition": "", "numResults": 1, "onlyCountSegments": "0"});
        asked.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        served.post("/t5memory/tmx/search", &asked).json()
    };
    let first = search(json!({}));
    assert_eq!(first["results"].as_array().unwrap().len(), 1);
    let next = search(json!({"searchPosition": first["NewSearchPosition"]}));
    assert_ne!(next["results"][0]["source"], first["results"][0]["source"]);
    assert_eq!(search(json!({"onlyCountSegments": "1"}))["NumOfFoundSegments"], 2);
    let by_case = json!({"sourceSearchMode": "contains, CASESENSETIVE", "onlyCountSegments": "1"});
    assert_eq!(search(by_case)["NumOfFoundSegments"], 0);

    let unit = "<tu><tuv xml:lang=\"en\"><seg>Imported</seg></tuv><tuv xml:lang=\"ar\"><seg>مستورد</seg></tuv></tu>";
    let data = "{\"framingTags\":\"saveAll\"}";
    let begun =
        form_with(&served, "/t5memory/ping_tm/importtmx", &[("json_data", "", data), ("file", "a.tmx", &tmx(unit))]);
    assert_eq!(begun.status, 201, "{}", begun.text());
    let status = until(|| {
        let said = served.get("/t5memory/ping_tm/status").json();
        (said["status"] == "open").then_some(said)
    });
    assert_eq!((&status["tmxImportStatus"], &status["segmentIndex"]), (&json!("available"), &json!(1)));
    let file = served.get("/t5memory/ping_tm/download.tmx");
    assert_eq!(file.header("nextinternalkey"), Some("0:0"));
    assert!(file.text().contains("مستورد") && file.text().contains("انقر") && !file.text().contains("اضغط"));
}

#[test]
fn t5memory_entries_are_deleted_as_they_were_seen() {
    let served = Served::new(&[]);
    served.post("/t5memory", &json!({"name": "mine", "sourceLang": "en-GB"}));
    let entry = |target: &str| {
        let entry = json!({"source": "Close the door", "target": target, "sourceLang": "en-GB", "targetLang": "ar",
            "documentName": "a.xlf", "author": "Amal", "saveDifferentTargetsForSameSource": "0"});
        served.post("/t5memory/mine/entry", &entry).json()["internalKey"].as_str().unwrap().to_owned()
    };
    let key = entry("أغلق الباب");
    let (record, target) = key.split_once(':').unwrap();
    let mut address = json!({"recordKey": record.parse::<u64>().unwrap(), "targetKey": target.parse::<u64>().unwrap()});
    let seen = served.post("/t5memory/mine/getentry", &address).json();
    let fields = ["ReturnValue", "source", "target", "sourceLang", "targetLang", "author", "internalKey"];
    let fields = fields.map(|field| seen[field].clone());
    assert_eq!(json!(fields), json!([0, "Close the door", "أغلق الباب", "en-GB", "ar", "Amal", key]));
    // Somebody translates it otherwise meanwhile: what she saw is no longer there.
    assert_eq!(entry("أغلقي الباب"), key);
    address["segmentId"] = seen["segmentId"].clone();
    let refused = served.post("/t5memory/mine/entrydelete", &address).json();
    assert_eq!(
        (&refused["ErrorMsg"], &refused["results"][0]["target"]),
        (&json!("SEGMENT_ID_IS_NOT_EQUAL"), &json!("أغلقي الباب"))
    );
    address["segmentId"] = refused["results"][0]["segmentId"].clone();
    assert_eq!(served.post("/t5memory/mine/entrydelete", &address).json()["fileFlushed"], 1);
    assert_eq!(served.post("/t5memory/mine/getentry", &address).status, 500);
    assert_eq!(served.post("/t5memory/mine/getentry", &json!({"recordKey": "x"})).status, 500);
}

#[test]
fn t5memory_memories_are_cloned_and_deleted() {
    let served = Served::new(&[]);
    let names = || {
        let listed = served.get("/t5memory/").json();
        let mut names: Vec<String> =
            listed["Open"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(served.post("/t5memory/tmx/clone", &json!({"newName": "copy"})).json()["ReturnValue"], 0);
    assert!(served.post("/t5memory/tmx/clone", &json!({"newName": "copy"})).text().contains("ERROR_MEM_NAME_EXISTS"));
    assert_eq!(served.post("/t5memory/tmx/clone", &json!({"newName": "../up"})).status, 400);
    assert_eq!(names(), ["copy", "tmx"]);
    let entry = json!({"source": "Only here", "target": "هنا فقط", "sourceLang": "en", "targetLang": "ar"});
    served.post("/t5memory/copy/entry", &entry);
    // The concordance of older servers: no languages, the letters tell.
    let older = |tm: &str, text: &str, kind: &str| {
        let asked = json!({"searchString": text, "searchType": kind, "searchPosition": "", "numResults": 20, "msSearchAfterNumResults": 250});
        served.post(&format!("/t5memory/{tm}/concordancesearch"), &asked).json()
    };
    assert_eq!(older("copy", "file", "source")["results"].as_array().unwrap().len(), 2);
    let found = older("copy", "هنا", "target")["results"][0].clone();
    assert_eq!(json!([found["source"], found["sourceLang"]]), json!(["Only here", "en"]));
    let folder = served.folder.path().join("tmx/copy");
    std::fs::write(folder.join("notes.txt"), "mine").unwrap();
    assert_eq!(served.ask("DELETE", "/t5memory/copy", &[], b"").status, 409);
    std::fs::remove_file(folder.join("notes.txt")).unwrap();
    assert_eq!(served.ask("DELETE", "/t5memory/copy", &[], b"").json()["ReturnValue"], 0);
    assert!(!folder.exists());
    assert_eq!(names(), ["tmx"]);
    assert!(served.ask("DELETE", "/t5memory/copy", &[], b"").text().contains("not found(error 48)"));
    assert_eq!(served.ask("DELETE", "/t5memory/tmx", &[], b"").status, 409);
    // A name that was free again is taken again.
    assert_eq!(served.post("/t5memory", &json!({"name": "copy", "sourceLang": "en"})).json()["name"], "copy");
    assert!(served.post("/t5memory/copy/entry", &entry).json()["ReturnValue"] == 0);
}

#[test]
fn our_own_api_looks_up_with_context_memories_and_reasons() {
    let served = Served::new(&[]);
    let found = served.post("/v1/lookup", &json!({"source": "تعذر حفظ الملف.", "explain": true})).json();
    let best = &found["matches"][0];
    assert_eq!(
        (&found["lang"], &best["target"], &best["why"]),
        (&json!("ar"), &json!("Could not save the file."), &json!(["tashkeel"]))
    );
    assert!(best["explain"]["forms"]["tashkeel"].is_number() && best["reasons"][0].is_string(), "{best}");
    assert_eq!(best["memory"], "tmx");
    let ops: Vec<&str> = best["diff"].as_array().unwrap().iter().map(|step| step["op"].as_str().unwrap()).collect();
    assert!(ops.contains(&"form") && ops.contains(&"equal"), "{ops:?}");
    let taken = json!({"source": "تعذر حفظ الملف.", "memories": [{"name": "tmx", "penalty": 10}]});
    let less = served.post("/v1/lookup", &taken).json()["matches"][0]["score"].as_f64().unwrap();
    assert!((best["score"].as_f64().unwrap() - less - 10.0).abs() < 1e-9);
    let none = json!({"source": "x", "memories": [{"name": "theirs"}]});
    assert_eq!(served.post("/v1/lookup", &none).status, 404);
    let batch = json!({"queries": [{"source": "Could not save the file."}, {"seg": "Open the <ph>x</ph>file"}, {"source": "…"}], "min": 50});
    let answers = served.post("/v1/lookup/batch", &batch).json();
    let counts: Vec<usize> =
        answers["answers"].as_array().unwrap().iter().map(|a| a["matches"].as_array().unwrap().len()).collect();
    assert!(counts[0] >= 1 && counts[2] == 0, "{counts:?}");
    let mut parted = json!({"source": "بعد ساعة من العمل تعذر حفظ الملف كما قيل لنا أمس"});
    assert_eq!(served.post("/v1/lookup", &parted).json().get("fragments"), None);
    parted["fragments"] = json!(true);
    let part = served.post("/v1/lookup", &parted).json()["fragments"][0].clone();
    assert_eq!(
        (&part["text"], &part["target"], &part["kind"]),
        (&json!("تعذر حفظ الملف"), &json!("Could not save the file"), &json!("whole"))
    );
    let many = json!({"queries": vec![json!({"source": "x"}); 101]});
    assert_eq!(served.post("/v1/lookup/batch", &many).status, 400);
    for wrong in [
        json!({}),
        json!({"source": "x", "min": 101}),
        json!({"source": "x", "lang": "fr"}),
        json!({"source": "x", "limit": 101}),
    ] {
        let refused = served.post("/v1/lookup", &wrong);
        assert!(refused.status == 400 || refused.status == 422, "{wrong}");
        assert!(refused.json()["error"]["message"].is_string());
    }
}

#[test]
fn units_are_changed_by_one_editor_at_a_time() {
    let served = Served::new(&[]);
    let added = served.post("/v1/units", &json!({"ar": "قهوة", "en": "coffee", "document": "menu", "author": "Amal"}));
    assert_eq!(added.status, 201);
    let id = added.json()["id"].as_str().unwrap().to_owned();
    let again = served.post("/v1/units", &json!({"ar": "قهوة", "en": "coffee"}));
    assert_eq!((again.status, &again.json()["id"]), (200, &Value::Null));
    let path = format!("/v1/units/{id}");
    let seen = served.get(&path);
    let tag = seen.header("etag").unwrap().to_owned();
    assert_eq!((&seen.json()["author"], seen.json()["etag"].as_str()), (&json!("Amal"), Some(tag.as_str())));
    let put = |tag: &str, en: &str| {
        let body = json!({"ar": "قهوة", "en": en}).to_string();
        served.ask("PUT", &path, &[("Content-Type", "application/json"), ("If-Match", tag)], body.as_bytes())
    };
    let body = json!({"ar": "قهوة", "en": "Coffee"}).to_string();
    assert_eq!(served.ask("PUT", &path, &[("Content-Type", "application/json")], body.as_bytes()).status, 428);
    // Two editors have seen the same version.
    let first = put(&tag, "Coffee");
    assert_eq!((first.status, &first.json()["en"]), (200, &json!("Coffee")));
    assert_eq!(put(&tag, "Kaffee").status, 412);
    let history = served.get(&format!("{path}/history")).json();
    let states: Vec<&str> = history.as_array().unwrap().iter().map(|v| v["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["superseded", "current"]);
    assert_eq!(served.ask("DELETE", &path, &[("If-Match", &tag)], b"").status, 412);
    assert_eq!(served.ask("DELETE", &path, &[("If-Match", "*")], b"").status, 204);
    assert_eq!(served.get(&path).status, 404);
    for wrong in [json!({"ar": " ", "en": "x"}), json!({"ar": "x"})] {
        assert!(matches!(served.post("/v1/units", &wrong).status, 400 | 422));
    }
    let page = served.get("/v1/units?limit=2").json();
    let next = page["next"].as_str().unwrap();
    let rest = served.get(&format!("/v1/units?limit=500&from={}", encoded(next))).json();
    assert_eq!(rest["units"].as_array().unwrap().len(), served::MEMORY.len() - 2);
}

#[test]
fn concordance_export_import_and_check() {
    let served = Served::new(&[]);
    let found = served.get(&format!("/v1/concordance?q={}", encoded("ملف"))).json();
    assert_eq!((&found["segments"], &found["lang"]), (&json!(2), &json!("ar")));
    assert_eq!(found["lines"][0]["parts"].as_array().unwrap().concat_text(), served::MEMORY[1].0);
    assert_eq!(served.get("/v1/concordance?q=file&count=true").json()["hits"], 2);
    assert_eq!(served.get("/v1/concordance?q=(&kind=regex").status, 400);
    let tmx = served.get("/v1/export");
    assert_eq!(tmx.header("content-type"), Some("application/x-tmx+xml"));
    let job = served.ask("POST", "/v1/imports?name=back.tmx", &[], &tmx.body);
    assert_eq!(job.status, 202);
    let id = job.json()["id"].as_str().unwrap().to_owned();
    let done = until(|| Some(served.get(&format!("/v1/jobs/{id}")).json()).filter(|job| job["state"] == "done"));
    assert_eq!(
        (&done["report"]["read"], &done["report"]["new"], &done["report"]["kept"]),
        (&json!(6), &json!(0), &json!(6))
    );
    let broken = "<tmx version=\"1.4\"><header/><body><tu><tuv xml:lang=\"ar\"><seg>نص</seg></tuv></tu><tu><tuv xml:lang=\"en\"><seg>a<b></seg></tuv></tu></body></tmx>";
    let job = served.ask("POST", "/v1/imports?name=broken.tmx", &[], broken.as_bytes()).json();
    let done = until(|| {
        let job = served.get(&format!("/v1/jobs/{}", job["id"].as_str().unwrap())).json();
        (job["state"] != "running" && job["state"] != "waiting").then_some(job)
    });
    assert!(done["report"]["rejected"].as_u64().unwrap() > 0, "{done}");
    let told = done["report"]["set_aside"][0]["message"].as_str().unwrap();
    assert!(!told.contains('/') || !told.contains("tmp"), "{told}");
    assert_eq!(served.get("/v1/jobs/none").status, 404);
    let units = json!({"units": [{"ar": "المادة ١٨٢", "en": "Article 181"}, {"ar": "نعم", "en": "yes"}]});
    let checked = served.post("/v1/check", &units).json();
    assert_eq!(checked["units"][0][0]["kind"], "numbers-differ");
    assert_eq!(checked["units"][1], json!([]));
}

#[test]
fn tables_are_safe_to_open_in_a_spreadsheet() {
    let served = Served::new(&[]);
    for (to, kind, delimiter) in [
        ("csv", "text/csv; charset=utf-8; header=present", ','),
        ("tsv", "text/tab-separated-values; charset=utf-8", '\t'),
    ] {
        let file = served.get(&format!("/v1/export?to={to}"));
        assert_eq!(file.header("content-type"), Some(kind));
        let text = file.text();
        assert!(text.contains(&format!("'=1+1 صيغة{delimiter}'=1+1 formula")), "{text}");
        let as_stored = served.get(&format!("/v1/export?to={to}&formulas=as-stored")).text();
        assert!(as_stored.contains(&format!("\n=1+1 صيغة{delimiter}=1+1 formula")), "{as_stored}");
        // Nothing is new in what comes back, as long as it is said that it was guarded.
        for (formulas, new) in [("guarded", 0), ("as-stored", 1)] {
            let path = format!("/v1/imports?name=back.{to}&formulas={formulas}&dry_run=true");
            let id = served.ask("POST", &path, &[], text.as_bytes()).json()["id"].as_str().unwrap().to_owned();
            let job = until(|| Some(served.get(&format!("/v1/jobs/{id}")).json()).filter(|job| job["state"] == "done"));
            assert_eq!(job["report"]["new"], new, "{to} {formulas}");
        }
    }
    assert_eq!(served.get("/v1/export?to=docx").status, 400);
}

#[test]
fn exports_and_imports_are_jobs_that_tell_how_far_they_are() {
    let served = Served::new(&[]);
    let job = served.post("/v1/exports?to=tsv", &json!(null));
    assert_eq!(job.status, 202);
    let id = job.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/jobs/{id}");
    let done = until(|| Some(served.get(&path).json()).filter(|job| job["state"] == "done"));
    assert_eq!(
        json!([done["kind"], done["percent"], done["units"], done["file"], done["name"]]),
        json!(["export", 100.0, 6, format!("{path}/file"), "dhakira.tsv"])
    );
    let file = served.get(done["file"].as_str().unwrap());
    assert_eq!(file.body, served.get("/v1/export?to=tsv").body);
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"dhakira.tsv\""));
    assert_eq!(served.ask("DELETE", &path, &[], b"").json()["file"], Value::Null);
    assert_eq!(served.get(&format!("{path}/file")).status, 404);
    let none = served.post("/v1/exports?document=none", &json!(null)).json()["id"].as_str().unwrap().to_owned();
    let done = until(|| Some(served.get(&format!("/v1/jobs/{none}")).json()).filter(|job| job["state"] == "done"));
    assert_eq!((&done["units"], &done["file"]), (&json!(0), &Value::Null));
    // As long as another process writes, an import waits; stopped then, it leaves nothing behind.
    let writer = dhakira::memory::Memory::open(served.folder.path().join("tmx")).unwrap();
    let writer = until(|| writer.writer().ok());
    let unit = "<tu><tuv xml:lang=\"en\"><seg>Stopped</seg></tuv><tuv xml:lang=\"ar\"><seg>موقوف</seg></tuv></tu>";
    let job = served.ask("POST", "/v1/imports?name=late.tmx", &[], tmx(unit).as_bytes()).json();
    let path = format!("/v1/jobs/{}", job["id"].as_str().unwrap());
    assert_eq!(
        (&job["kind"], &job["bytes"], &job["percent"]),
        (&json!("import"), &json!(tmx(unit).len()), &json!(0.0))
    );
    let told = served.ask("DELETE", &path, &[], b"").json();
    assert!(told["state"] == "waiting" || told["state"] == "running", "{told}");
    assert_eq!(served.get(&format!("{path}/file")).status, 409);
    drop(writer);
    let ended = until(|| Some(served.get(&path).json()).filter(|job| job["state"] == "stopped"));
    assert_eq!(ended["code"], "stopped");
    assert!(!served.folder.path().join("tmx/late.tmx").exists());
    assert_eq!(served.ask("DELETE", "/v1/jobs/none", &[], b"").status, 404);
}

#[test]
fn units_are_filtered_as_the_concordance_is() {
    let served = Served::new(&[]);
    for (ar, en, author) in [("شاي", "tea", "Amal"), ("حليب", "milk", "Nur")] {
        served.post("/v1/units", &json!({"ar": ar, "en": en, "author": author, "document": "menu"}));
    }
    let count = |query: &str| served.get(&format!("/v1/units?{query}")).json()["units"].as_array().unwrap().len();
    assert_eq!([count("document=menu"), count("author=Amal"), count("author=Amal&document=other")], [2, 1, 0]);
    assert_eq!(
        [count("since=2024&document=menu"), count("until=2024&document=menu"), count("origin=align")],
        [2, 0, 0]
    );
    assert_eq!(served.get("/v1/units?since=yesterday").json()["error"]["code"], "date");
}

#[test]
fn terms_stand_beside_suggestions_and_are_checked() {
    let folder = Served::new(&[]);
    std::fs::write(
        folder.folder.path().join("terms.tsv"),
        "ar\ten\tnote\nميناء|موانئ\tport|!harbour\tnot of software\n",
    )
    .unwrap();
    let mut folder = folder;
    folder.child.kill().unwrap();
    folder.child.wait().unwrap();
    let place = std::mem::replace(&mut folder.folder, tempfile::tempdir().unwrap());
    let served = Served::over(place, &["--glossary", "terms.tsv"]);
    let source = "وصلت السفينة إلى الميناء مساء اليوم.";
    let found = served.post("/v1/lookup", &json!({"source": source})).json();
    let term = &found["terms"][0];
    let [from, to] = [0, 1].map(|at| term["span"][at].as_u64().unwrap() as usize);
    assert_eq!((&term["term"], &term["targets"], &source[from..to]), (&json!("ميناء"), &json!(["port"]), "الميناء"));
    assert_eq!((&term["standing"], &term["note"]), (&json!("preferred"), &json!("not of software")));
    let terms = served.get(&format!("/v1/terms?q={}", encoded("the ports"))).json();
    assert_eq!((&terms["lang"], &terms["terms"][0]["targets"]), (&json!("en"), &json!(["ميناء", "موانئ"])));
    let units = json!({"units": [{"ar": source, "en": "The ship reached the harbour this evening."}]});
    let checked = served.post("/v1/check", &units).json();
    assert_eq!(checked["units"][0][0]["kind"], "term-forbidden", "{checked}");
    let without = Served::new(&[]);
    assert_eq!(without.post("/v1/lookup", &json!({"source": source})).json()["terms"], Value::Null);
    assert_eq!(without.get("/v1/terms?q=port").json()["terms"], json!([]));
}

#[test]
fn what_became_of_a_text_is_told_in_whole_words() {
    let served = Served::new(&[]);
    let pairs = json!({"pairs": [{"lang": "ar", "before": "وصل القطار متأخرا", "after": "وصل القطارُ مبكرا"}, {"lang": "en", "before": "", "after": "new"}]});
    let told = served.post("/v1/diff", &pairs).json();
    let steps = told["pairs"][0].as_array().unwrap();
    let joined = |side: &str| steps.iter().map(|step| step[side].as_str().unwrap()).collect::<String>();
    assert_eq!((joined("before").as_str(), joined("after").as_str()), ("وصل القطار متأخرا", "وصل القطارُ مبكرا"));
    let ops: Vec<&str> = steps.iter().map(|step| step["op"].as_str().unwrap()).collect();
    assert!(ops.contains(&"form") && ops.contains(&"replace"), "{ops:?}");
    assert_eq!(told["pairs"][1][0]["op"], "insert");
}

trait Concat {
    fn concat_text(&self) -> String;
}

impl Concat for Vec<Value> {
    fn concat_text(&self) -> String {
        self.iter().map(|part| part.as_str().unwrap()).collect()
    }
}

#[test]
fn texts_are_aligned_reviewed_and_saved() {
    let served = Served::new(&[]);
    let texts = json!({"name": "قطار", "ar": "وصل القطار متأخرًا. نزل الركاب مسرعين.\n\nبقي السائق.",
        "en": "The train arrived late. The passengers got off in a hurry.\n\nThe driver stayed."});
    let aligned = served.post("/v1/align", &texts).json();
    assert_eq!((aligned["ar"].as_array().unwrap().len(), aligned["links"].as_array().unwrap().len()), (3, 3));
    let mut reviewed = json!({"name": "قطار", "ar": aligned["ar"], "en": aligned["en"], "links": aligned["links"]});
    let saved = served.post("/v1/alignments", &reviewed);
    assert_eq!((saved.status, &saved.json()["units"], &saved.json()["file"]), (201, &json!(3), &json!("قطار.tmx")));
    // The last two become one; the file of the same document is replaced.
    reviewed["links"] =
        json!([{"ar": [0, 1], "en": [0, 1], "confidence": 1}, {"ar": [1, 3], "en": [1, 3], "confidence": 1}]);
    let saved = served.post("/v1/alignments", &reviewed).json();
    assert_eq!((&saved["units"], &saved["file"]), (&json!(2), &json!("قطار.tmx")));
    // A file of something else is not.
    let other = json!({"name": "memory", "ar": ["نعم"], "en": ["Yes"], "links": [{"ar": [0, 1], "en": [0, 1], "confidence": 1}]});
    assert_ne!(served.post("/v1/alignments", &other).json()["file"], "memory.tmx");
    let overlapping =
        json!([{"ar": [0, 2], "en": [0, 1], "confidence": 1}, {"ar": [1, 3], "en": [1, 3], "confidence": 1}]);
    for (field, wrong) in [("links", overlapping), ("links", json!([])), ("ar", json!(["a\nb"])), ("name", json!(" "))]
    {
        let mut body = reviewed.clone();
        body[field] = wrong;
        assert_eq!(served.post("/v1/alignments", &body).status, 400, "{field}");
    }
    let book = format!("{}. ", "كلمة ".repeat(200)).repeat(700);
    let long = json!({"name": "book", "ar": book, "en": "One sentence."});
    assert_eq!(served.post("/v1/align", &long).json()["translation"], false);
    let found = served.post("/v1/lookup", &json!({"source": "وصل القطار متأخرًا."})).json();
    assert_eq!(found["matches"][0]["target"], "The train arrived late.");
}

#[test]
fn jobs_are_analysed() {
    let served = Served::new(&[]);
    let documents = json!([
        {"name": "a.md", "text": "# Could not save the file.\n\nSomething entirely **different**, isn't it?\n"},
        {"name": "b.txt", "text": "Could not save the file."},
    ]);
    let answer = served.post("/v1/analyse", &json!({"documents": documents}));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = answer.json();
    let row = |rows: &Value, band: &str| {
        let row = rows.as_array().unwrap().iter().find(|row| row["band"] == band).unwrap();
        (row["segments"].as_u64().unwrap(), row["words"].as_u64().unwrap())
    };
    let total = &answer["total"];
    assert_eq!((row(total, "100"), row(total, "repetition"), row(total, "new")), ((1, 5), (1, 5), (1, 5)));
    assert_eq!(
        (&answer["documents"][1]["name"], row(&answer["documents"][1]["rows"], "repetition")),
        (&json!("b.txt"), (1, 5))
    );
    for (name, text, said) in
        [("a.pdf", "x", "a.pdf: unknown kind"), ("a.xlf", "<xliff>", "a.xlf:1 (byte "), ("a.txt", "", "a.txt: no text")]
    {
        let refused = served.post("/v1/analyse", &json!({"documents": [{"name": name, "text": text}]}));
        assert_eq!(refused.status, 400, "{}", refused.text());
        assert!(refused.text().contains(said), "{}", refused.text());
    }
}

#[test]
fn suggestions_are_repaired_if_that_is_wanted() {
    let served = Served::new(&[]);
    let unit = json!({"ar": "يضم الميناء ٣١٢ قاربا", "en": "The port has 312 boats"});
    assert_eq!(served.post("/v1/units", &unit).status, 201);
    let ask = |more: Value| {
        let mut body = json!({"source": "يضم الميناء 320 قاربا"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        served.post("/v1/lookup", &body)
    };
    let repaired = ask(json!({})).json()["matches"][0]["repaired"].clone();
    assert_eq!((&repaired["target"], &repaired["score"]), (&json!("The port has 320 boats"), &json!(99.0)));
    assert_eq!(repaired["edits"][0]["span"], json!([13, 16]));
    for none in [json!({"repair": []}), json!({"repair": ["date", "code"]})] {
        assert_eq!(ask(none).json()["matches"][0]["repaired"], Value::Null);
    }
    assert_eq!(ask(json!({"repair": ["everything"]})).status, 422);
    // What its codes say is not known here: they are left as they are.
    let coded = json!({"source": "يضم \u{FFFC}الميناء\u{FFFC} 320 قاربا"});
    let found = served.post("/v1/lookup", &coded).json();
    assert_eq!(found["matches"][0]["repaired"]["target"], "The port has 320 boats");
}

#[test]
fn the_document_of_the_api_is_the_one_in_docs() {
    let printed =
        std::process::Command::new(env!("CARGO_BIN_EXE_dhakira")).args(["serve", "--openapi"]).output().unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");
    assert!(
        printed == std::fs::read_to_string(kept).unwrap_or_default(),
        "make it anew: dhakira serve --openapi > docs/openapi.json"
    );
    let served = Served::new(&[]);
    assert_eq!(served.get("/openapi.json").json(), serde_json::from_str::<Value>(&printed).unwrap());
    assert!(served.get("/metrics").text().contains("dhakira_request_seconds_bucket{route=\"/openapi.json\""));
}

fn tmx(units: &str) -> String {
    format!("<tmx version=\"1.4\"><header srclang=\"en\"/><body>{units}</body></tmx>")
}

/// Asks until there is an answer.
fn until<T>(mut ask: impl FnMut() -> Option<T>) -> T {
    for _ in 0..600 {
        if let Some(answer) = ask() {
            return answer;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("not within half a minute");
}

/// A form of parts: name, file name, content.
fn form_with(served: &Served, path: &str, parts: &[(&str, &str, &str)]) -> served::Answer {
    let mut body = String::new();
    for (name, file, content) in parts {
        let file = if file.is_empty() { String::new() } else { format!("; filename=\"{file}\"") };
        body += &format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n");
    }
    body += "--edge--\r\n";
    served.ask("POST", path, &[("Content-Type", "multipart/form-data; boundary=edge")], body.as_bytes())
}
