//! Snapshots from Hugging Face: the vectors of small ones against those of sentence-transformers, what is wrong with broken ones,
//! and the way through them from the command line. `tests/data/encoder/snapshots.py` made them, and makes what a real one is held
//! against, whose folder `DHAKIRA_SNAPSHOT` names.

#![cfg(feature = "hugging-face")]

use dhakira::align::{LogLinear, Semantic, align};
use dhakira::encoder::Encoder;
use dhakira::lang::Lang;
use dhakira::segment::Document;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Something that is done to a copy.
type Change = Box<dyn FnOnce(&Path)>;

const NAMES: [&str; 3] = ["e5", "labse", "xlm-roberta"];
const DIMENSIONS: usize = 16;

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/encoder")
}

fn snapshot(name: &str) -> PathBuf {
    data().join("snapshots").join(name)
}

fn texts() -> Vec<String> {
    let lines = std::fs::read_to_string(data().join("texts.jsonl")).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The pairs that the small models have learned.
fn pairs() -> Vec<(String, String)> {
    let lines = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/encoder/pairs.txt")).unwrap();
    let pairs = lines.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    pairs.map(|(ar, en)| (ar.to_owned(), en.to_owned())).collect()
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let sum = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum::<f64>();
    sum(a, b) / (sum(a, a) * sum(b, b)).sqrt()
}

/// A copy that may be changed, in a folder of this name.
fn copy(name: &str, named: &str) -> (TempDir, PathBuf) {
    fn all(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
            if path.is_dir() { all(&path, &to) } else { std::fs::copy(&path, &to).map(drop).unwrap() }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join(named);
    all(&snapshot(name), &copy);
    (folder, copy)
}

/// What opening says of a copy with this change, behind the path.
fn refused(name: &str, change: impl FnOnce(&Path)) -> String {
    let (_folder, copy) = copy(name, "model");
    change(&copy);
    let said = Encoder::open(&copy).map(drop).expect_err("a broken snapshot").to_string();
    let place = copy.display().to_string();
    said.strip_prefix(&place)
        .unwrap_or_else(|| panic!("{said}: begins with {place}"))
        .trim_start_matches('/')
        .to_owned()
}

/// Changes what a file of settings says.
fn set(file: &'static str, name: &'static str, value: Value) -> impl FnOnce(&Path) {
    move |folder| {
        let path = folder.join(file);
        let mut all: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        all[name] = value;
        std::fs::write(&path, all.to_string()).unwrap();
    }
}

/// Changes a file of tensors: its header, and the bytes behind it.
fn tensors(folder: &Path, change: impl FnOnce(&mut Value, &mut Vec<u8>)) {
    let path = folder.join("model.safetensors");
    let bytes = std::fs::read(&path).unwrap();
    let (length, rest) = bytes.split_first_chunk::<8>().unwrap();
    let (header, numbers) = rest.split_at(u64::from_le_bytes(*length) as usize);
    let (mut header, mut numbers) = (serde_json::from_slice(header).unwrap(), numbers.to_vec());
    change(&mut header, &mut numbers);
    let header = header.to_string();
    let file = [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &numbers].concat();
    std::fs::write(&path, file).unwrap();
}

/// Takes all that was learned out of a snapshot with numbers of 32 bits.
fn forget(folder: &Path) {
    let mut state = 7u64;
    tensors(folder, |_, numbers| {
        for number in numbers.as_chunks_mut::<4>().0 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *number = ((state >> 40) as f32 / (1 << 23) as f32 - 1.0).to_le_bytes();
        }
    });
}

/// Holds the vectors of a snapshot against the file beside it.
fn like_its_reference(folder: &Path) {
    let texts = texts();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let encoder = Encoder::open(folder).unwrap();
    let bytes = std::fs::read(folder.join("reference.bin")).unwrap();
    let reference: Vec<f32> = bytes.as_chunks().0.iter().map(|n| f32::from(i16::from_le_bytes(*n))).collect();
    let dimensions = encoder.dimensions();
    assert_eq!(reference.len(), texts.len() * dimensions);
    let vectors = encoder.encode(&texts);
    for (text, (ours, theirs)) in
        texts.iter().zip(vectors.chunks_exact(dimensions).zip(reference.chunks_exact(dimensions)))
    {
        assert!(cosine(ours, theirs) > 0.9999, "{}: {text:?}: {}", folder.display(), cosine(ours, theirs));
        assert!((ours.iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-5, "{}: {text:?}", folder.display());
    }
}

#[test]
fn vectors_are_those_of_sentence_transformers() {
    for name in NAMES {
        like_its_reference(&snapshot(name));
    }
}

#[test]
fn vectors_of_a_real_snapshot_too() {
    match std::env::var_os("DHAKIRA_SNAPSHOT") {
        Some(folder) => like_its_reference(Path::new(&folder)),
        None => eprintln!("skipped: no DHAKIRA_SNAPSHOT names a folder that snapshots.py FOLDER was run on"),
    }
}

#[test]
fn the_gauge_puts_translations_where_the_first_model_has_them() {
    for name in NAMES {
        let encoder = Encoder::open(&snapshot(name)).unwrap();
        let pairs = pairs();
        let texts: Vec<&str> = pairs.iter().flat_map(|(ar, en)| [ar.as_str(), en]).collect();
        let vectors = encoder.encode(&texts);
        let row = |at: usize| &vectors[at * DIMENSIONS..][..DIMENSIONS];
        let gauged =
            |ar: usize, en: usize| f64::from(encoder.gauge().apply(cosine(row(2 * ar), row(2 * en + 1)) as f32));
        let right = (0..pairs.len()).map(|at| gauged(at, at)).sum::<f64>() / pairs.len() as f64;
        let wrong = (1..pairs.len()).map(|at| gauged(at, at - 1)).sum::<f64>() / (pairs.len() - 1) as f64;
        assert!((right - 0.7404).abs() < 1e-3 && (wrong - 0.0659).abs() < 0.2, "{name}: {right} {wrong}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_text_has_the_same_vector_whatever_stands_beside_it(
        which in 0usize..3,
        texts in prop::collection::vec("(ال|كتاب|كَ?تَ?اب|الميناء| |the |book|x|🙂|<pad>|\\[SEP\\]|\t){0,60}", 0..24),
    ) {
        let encoder = Encoder::open(&snapshot(NAMES[which])).unwrap();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let vectors = encoder.encode(&texts);
        prop_assert_eq!(vectors.len(), texts.len() * DIMENSIONS);
        for (text, vector) in texts.iter().zip(vectors.chunks_exact(DIMENSIONS)) {
            prop_assert_eq!(&encoder.encode(&[text]), vector);
        }
    }
}

#[test]
fn of_a_long_text_the_beginning_counts() {
    let (begin, rest) = ("مفاتيح ".repeat(80), "window ".repeat(1000));
    for name in NAMES {
        let encoder = Encoder::open(&snapshot(name)).unwrap();
        assert_eq!(encoder.encode(&[&format!("{begin}{rest}")]), encoder.encode(&[&begin]), "{name}");
    }
}

#[test]
fn what_stands_before_each_text() {
    let prompt = |path: &Path| format!("{:?}", Encoder::open(path).unwrap());
    assert!(prompt(&snapshot("e5")).contains("prompt: \"query: \""));
    assert!(prompt(&snapshot("labse")).contains("prompt: \"\""));

    // The name of the folder, that of the model in its own settings, that of the cache.
    for (named, says) in [("model", ""), ("multilingual-e5-base", "query: "), ("me5t", ""), ("E5", "query: ")] {
        let (_folder, copy) = copy("xlm-roberta", named);
        assert!(prompt(&copy).contains(&format!("prompt: {says:?}")), "{named}");
    }
    let (_folder, copy) = copy("xlm-roberta", "models--intfloat--multilingual-e5-small/snapshots/0123abcd");
    assert!(prompt(&copy).contains("prompt: \"query: \""));
    let (_folder, named) = self::copy("xlm-roberta", "model");
    set("config.json", "_name_or_path", json!("intfloat/multilingual-e5-small"))(&named);
    assert!(prompt(&named).contains("prompt: \"query: \""));

    // A prompt of the model's own counts before that, and stands before the text as it is.
    let own = |named: &str, prompt: &str| {
        let (folder, own) = self::copy("e5", named);
        let settings = json!({"prompts": {"sts": prompt}, "default_prompt_name": "sts"});
        std::fs::write(own.join("config_sentence_transformers.json"), settings.to_string()).unwrap();
        (folder, own)
    };
    let ((_one, same), (_two, other)) = (own("model", "query: "), own("e5", "query : "));
    assert!(prompt(&other).contains("prompt: \"query : \""));
    let [same, plain] = [same, snapshot("e5")].map(|folder| Encoder::open(&folder).unwrap());
    assert_eq!(same.encode(&["نسيت مفاتيحي"]), plain.encode(&["نسيت مفاتيحي"]));
    let unknown = refused("xlm-roberta", set("config_sentence_transformers.json", "default_prompt_name", json!("sts")));
    assert!(unknown.starts_with("config_sentence_transformers.json: no prompt \"sts\""), "{unknown}");
}

#[test]
fn settings_that_change_what_is_made_of_a_text() {
    let changed = |name: &str, changes: Vec<Change>, text: &str| {
        let (_folder, copy) = copy(name, "model");
        changes.into_iter().for_each(|change| change(&copy));
        Encoder::open(&copy).unwrap().encode(&[text])
    };
    let plain = |text: &str| changed("labse", Vec::new(), text);
    // Lower case, if the model wants it.
    let lower = set("sentence_bert_config.json", "do_lower_case", json!(true));
    assert_eq!(changed("labse", vec![Box::new(lower)], "THE Book"), plain("the book"));
    // As many pieces as sentence-transformers reads, with those at the ends.
    let few = || Box::new(set("sentence_bert_config.json", "max_seq_length", json!(40)));
    let [short, long] = [22, 30].map(|times| "كم ".repeat(times));
    assert_ne!(plain(&short), plain(&long));
    assert_eq!(changed("labse", vec![few()], &long), changed("labse", vec![few()], &short));
    let few_words = "كم ".repeat(12);
    assert_eq!(changed("labse", vec![few()], &few_words), plain(&few_words));
    // A file of weights with a head may call the network by name.
    let renamed = |folder: &Path| {
        tensors(folder, |header, _| {
            let old = std::mem::replace(header, json!({}));
            for (name, tensor) in old.as_object().unwrap() {
                let name = if name == "__metadata__" { name.clone() } else { format!("bert.{name}") };
                header[name] = tensor.clone();
            }
        });
    };
    assert_eq!(changed("labse", vec![Box::new(renamed)], &long), plain(&long));
}

#[test]
fn a_model_that_knows_nothing_is_refused() {
    let said = refused("e5", forget);
    assert!(said.contains("hardly better than chance: of 64 sentences it finds the translation of "), "{said}");
    assert!(said.contains("name a model of Arabic and English sentences"), "{said}");
}

#[test]
fn what_is_missing_is_said() {
    let without = |file: &'static str| refused("e5", move |folder| std::fs::remove_file(folder.join(file)).unwrap());
    let none = without("modules.json");
    assert!(
        none.starts_with(": no modules.json in this folder") && none.contains("intfloat/multilingual-e5-small"),
        "{none}"
    );
    for file in ["config.json", "tokenizer.json", "1_Pooling/config.json", "model.safetensors"] {
        let said = without(file);
        assert!(
            said.starts_with(&format!("{file}: not in this folder; the snapshot is not whole, fetch it again")),
            "{said}"
        );
    }
    let only = |beside: &'static str| {
        refused("e5", move |folder| {
            std::fs::rename(folder.join("model.safetensors"), folder.join(beside)).unwrap();
        })
    };
    let pickle = only("pytorch_model.bin");
    assert!(pickle.contains("pytorch_model.bin is not read") && pickle.contains("SentenceTransformer"), "{pickle}");
    assert!(only("model.safetensors.index.json").contains("make one file of them"));
    let dense = refused("labse", |folder| std::fs::remove_file(folder.join("2_Dense/model.safetensors")).unwrap());
    assert!(dense.starts_with("2_Dense/model.safetensors: not in this folder"), "{dense}");
    for file in ["model.safetensors", "tokenizer.json"] {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
        let said = refused("e5", |folder| std::fs::write(folder.join(file), pointer).unwrap());
        assert!(said.starts_with(file) && said.contains("`git lfs pull`"), "{said}");
    }
}

#[test]
fn settings_that_are_not_read_are_said() {
    let cases: Vec<(&str, &'static str, &'static str, Value, &str)> = vec![
        (
            "e5",
            "config.json",
            "model_type",
            json!("roberta"),
            "config.json: \"model_type\" is \"roberta\", and \"bert\" and",
        ),
        ("e5", "config.json", "model_type", json!(7), "config.json: \"model_type\" is \"none\""),
        (
            "e5",
            "config.json",
            "hidden_act",
            json!("silu"),
            "config.json: \"hidden_act\" is \"silu\", and only \"gelu\"",
        ),
        (
            "e5",
            "config.json",
            "position_embedding_type",
            json!("relative_key"),
            "config.json: \"position_embedding_type\"",
        ),
        ("e5", "config.json", "is_decoder", json!(true), "config.json: \"is_decoder\""),
        ("e5", "config.json", "num_attention_heads", json!(3), "config.json: \"hidden_size\" 16 is no multiple"),
        ("e5", "config.json", "hidden_size", json!(1u64 << 60), "config.json: \"hidden_size\" is 1152921504606846976"),
        ("e5", "config.json", "intermediate_size", json!(0), "config.json: \"intermediate_size\" is 0"),
        ("e5", "config.json", "num_hidden_layers", json!(-1), "config.json: \"num_hidden_layers\" is -1"),
        ("e5", "config.json", "layer_norm_eps", json!(7), "config.json: \"layer_norm_eps\" is 7"),
        (
            "e5",
            "config.json",
            "hidden_size",
            json!(32),
            "model.safetensors: tensor \"embeddings.word_embeddings.weight\" has the shape [320, 16], not [320, 32]",
        ),
        (
            "e5",
            "config.json",
            "intermediate_size",
            json!(64),
            "model.safetensors: tensor \"encoder.layer.0.intermediate.dense.weight\" has",
        ),
        (
            "e5",
            "config.json",
            "num_hidden_layers",
            json!(60_000),
            "model.safetensors: no tensor \"encoder.layer.2.attention.self.query.weight\"",
        ),
        (
            "xlm-roberta",
            "config.json",
            "pad_token_id",
            json!(79),
            "model.safetensors: \"embeddings.position_embeddings.weight\" has no place",
        ),
        (
            "e5",
            "1_Pooling/config.json",
            "pooling_mode_cls_token",
            json!(true),
            "1_Pooling/config.json: pools by [\"cls_token\", \"mean_tokens\"]",
        ),
        (
            "xlm-roberta",
            "1_Pooling/config.json",
            "pooling_mode",
            json!("lasttoken"),
            "1_Pooling/config.json: pools by [\"lasttoken\"]",
        ),
        (
            "xlm-roberta",
            "1_Pooling/config.json",
            "include_prompt",
            json!(false),
            "1_Pooling/config.json: \"include_prompt\"",
        ),
        (
            "e5",
            "1_Pooling/config.json",
            "word_embedding_dimension",
            json!(24),
            "1_Pooling/config.json: is for rows of 24 numbers, and the network makes 16",
        ),
        (
            "labse",
            "2_Dense/config.json",
            "in_features",
            json!(768),
            "2_Dense/config.json: \"in_features\" is 768, and 16 come in",
        ),
        ("labse", "2_Dense/config.json", "bias", json!(false), "2_Dense/config.json: \"bias\" is false"),
        ("labse", "2_Dense/config.json", "use_residual", json!(true), "2_Dense/config.json: \"use_residual\" is true"),
        (
            "labse",
            "2_Dense/config.json",
            "module_input_name",
            json!("token_embeddings"),
            "2_Dense/config.json: reads \"token_embeddings\"",
        ),
        (
            "labse",
            "2_Dense/config.json",
            "activation_function",
            json!("torch.nn.modules.activation.SiLU"),
            "2_Dense/config.json: \"activation_function\"",
        ),
        (
            "labse",
            "sentence_bert_config.json",
            "max_seq_length",
            json!(2),
            "tokenizer.json: texts of 2 pieces, 2 of them at the ends",
        ),
    ];
    for (name, file, setting, value, says) in cases {
        let said = refused(name, set(file, setting, value));
        assert!(said.starts_with(says), "{said:?} begins with {says:?}");
    }

    let listed = |list: Value| {
        refused("e5", move |folder| std::fs::write(folder.join("modules.json"), list.to_string()).unwrap())
    };
    let module = |kind: &str, path: &str| json!({"type": format!("sentence_transformers.models.{kind}"), "path": path});
    for (list, says) in [
        (json!({}), "modules.json: not a list of modules"),
        (json!([]), "modules.json: the first module should be a Transformer"),
        (json!([module("Transformer", "../model")]), "modules.json: not a list of modules"),
        (json!([module("Transformer", "/tmp")]), "modules.json: not a list of modules"),
        (json!([module("WordEmbeddings", "")]), "modules.json: the first module should be a Transformer"),
        (json!([module("Transformer", "")]), "modules.json: no module Pooling"),
        (
            json!([module("Transformer", ""), module("Normalize", "")]),
            "modules.json: a module \"Normalize\" in this place",
        ),
        (
            json!([module("Transformer", ""), module("Pooling", "1_Pooling"), module("LSTM", "")]),
            "modules.json: a module \"LSTM\"",
        ),
    ] {
        let said = listed(list);
        assert!(said.starts_with(says), "{said:?} begins with {says:?}");
    }
    let cut_off = refused("e5", |folder| std::fs::write(folder.join("config.json"), "{\n\"model_type\": ").unwrap());
    assert!(cut_off.starts_with("config.json:2: not JSON, or not all of it"), "{cut_off}");
}

#[test]
fn broken_tensors_and_pieces_are_said() {
    let with = |change: fn(&mut Value, &mut Vec<u8>)| refused("e5", move |folder| tensors(folder, change));
    let written = |bytes: &'static [u8]| {
        refused("e5", move |folder| std::fs::write(folder.join("model.safetensors"), bytes).unwrap())
    };
    assert!(written(b"").starts_with("model.safetensors: not a safetensors file, or not all of it"));
    assert!(written(&[0xFF; 40]).starts_with("model.safetensors: not a safetensors file, or not all of it"));
    assert!(
        written(b"\x02\0\0\0\0\0\0\0{}")
            .starts_with("model.safetensors: no tensor \"embeddings.word_embeddings.weight\"")
    );
    let short = with(|_, numbers| numbers.truncate(1000));
    assert!(short.starts_with("model.safetensors: shorter or longer than its header says; fetch it again"), "{short}");
    let infinite = with(|_, numbers| numbers.as_chunks_mut().0.iter_mut().for_each(|n| *n = f32::NAN.to_le_bytes()));
    assert!(infinite.contains("some of it is not a finite number"), "{infinite}");
    let kind = with(|header, _| header["embeddings.word_embeddings.weight"]["dtype"] = json!("I32"));
    assert!(
        kind.contains("tensor \"embeddings.word_embeddings.weight\" is of I32; numbers of F64, F32, F16 and BF16"),
        "{kind}"
    );
    let overlap = with(|header, _| header["embeddings.word_embeddings.weight"]["data_offsets"] = json!([0, 4]));
    assert!(overlap.starts_with("model.safetensors: not a safetensors file ("), "{overlap}");
    let huge = with(|header, _| header["embeddings.word_embeddings.weight"]["shape"] = json!([u64::MAX, 16]));
    assert!(huge.starts_with("model.safetensors: not a safetensors file ("), "{huge}");
    let gone = with(|header, _| {
        let tensor = header["encoder.layer.1.output.LayerNorm.bias"].take();
        header.as_object_mut().unwrap().remove("encoder.layer.1.output.LayerNorm.bias");
        header["other"] = tensor;
    });
    assert!(gone.starts_with("model.safetensors: no tensor \"encoder.layer.1.output.LayerNorm.bias\""), "{gone}");

    let tokenizer = |change: fn(&mut Value)| {
        refused("e5", move |folder| {
            let path = folder.join("tokenizer.json");
            let mut tokenizer = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            change(&mut tokenizer);
            std::fs::write(&path, tokenizer.to_string()).unwrap();
        })
    };
    let more = tokenizer(|all| all["model"]["vocab"].as_array_mut().unwrap().push(json!(["▁سفينة", -9.0])));
    assert!(
        more.starts_with("tokenizer.json: piece \"▁سفينة\" is number 320, and model.safetensors has 320"),
        "{more}"
    );
    let unknown = tokenizer(|all| all["model"]["unk_id"] = Value::Null);
    assert!(unknown.starts_with("tokenizer.json: gives no pieces to unknown characters"), "{unknown}");
    let other = tokenizer(|all| *all = json!({"version": "1.0"}));
    assert!(other.starts_with("tokenizer.json: not a tokenizer that can be read"), "{other}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Whatever happens to the files: a model or an error.
    #[test]
    fn bytes_that_changed_on_the_way(
        name in prop::sample::select(NAMES.to_vec()),
        file in prop::sample::select(vec!["modules.json", "config.json", "1_Pooling/config.json", "model.safetensors"]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        end in proptest::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let (_folder, copy) = copy(name, "model");
        let path = copy.join(file);
        let mut bytes = std::fs::read(&path).unwrap();
        // The headers are where it matters.
        let within = bytes.len().min(6000);
        changes.iter().for_each(|(at, byte)| bytes[at.index(within)] = *byte);
        if let Some(end) = end {
            bytes.truncate(end.index(bytes.len()));
        }
        std::fs::write(&path, bytes).unwrap();
        if let Ok(encoder) = Encoder::open(&copy) {
            prop_assert_eq!(encoder.encode(&["كتاب", ""]).len(), 2 * encoder.dimensions());
        }
    }
}

#[test]
fn one_encoder_aligns() {
    let pairs = pairs();
    let side = |lang: Lang, of: fn(&(String, String)) -> &str| {
        Document::from_lines(lang, &pairs.iter().map(of).collect::<Vec<_>>().join("\n"))
    };
    let (ar, en) = (side(Lang::Ar, |pair| &pair.0), side(Lang::En, |pair| &pair.1));
    for name in NAMES {
        let encoder = Encoder::open(&snapshot(name)).unwrap();
        let scorer = Semantic::new(LogLinear::default(), &encoder);
        let alignment = align(&ar, &en, &scorer);
        // These it knows by heart.
        let right = alignment.beads.iter().filter(|bead| bead.ar == bead.en && bead.ar.len() == 1).count();
        assert_eq!(right, pairs.len(), "{name}: {alignment:?}");
    }
}

fn program(arguments: &[&str]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dhakira"));
    command.args(arguments).stdin(Stdio::null()).output().unwrap()
}

#[test]
fn the_program_takes_the_folder_of_a_snapshot() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora");
    let [ar, en] = ["ar", "en"].map(|lang| corpora.join(format!("news-harbour.{lang}.txt")).display().to_string());
    let model = snapshot("labse").display().to_string();
    let done = program(&["align", &ar, &en, "--model", &model]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8(done.stdout).unwrap().contains("<tmx version=\"1.4\">"));

    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.jsonl");
    std::fs::write(&list, json!({"id": "harbour", "ar": ar, "en": en}).to_string()).unwrap();
    let list = list.display().to_string();
    let done = program(&["worker", "--task", "align", "--units", "jsonl", "--model", &model, &list]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8(done.stdout).unwrap().contains("\"harbour\""));

    let (_folder, broken) = copy("e5", "e5");
    forget(&broken);
    let refused = program(&["align", &ar, &en, "--model", &broken.display().to_string()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("hardly better than chance"));
}
