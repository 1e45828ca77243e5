//! A snapshot from Hugging Face: the folder of a sentence-transformers model, in its steps from a text to a vector.
//!
//! Source: the Python package `sentence-transformers` 6.2, whose files these are: `modules.json` lists the steps, each with a folder
//! of its own settings, in the words of old versions and of new ones (`1_Pooling/config.json`). The network is [`Transformer`], pieces are
//! made by the crate `tokenizers` of `tokenizer.json`.

use super::layer::{Dense, add};
use super::tensors::Tensors;
use super::transformer::{Refusal, Transformer, dense};
use crate::error::{Error, Place};
use serde_json::Value;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::{Component, Path, PathBuf};
use tokenizers::{PostProcessor, Tokenizer, TruncationParams};

/// The steps of a model.
const MODULES: &str = "modules.json";
/// What the network is made like.
const CONFIG: &str = "config.json";
/// Its weights, and those of a dense layer.
const WEIGHTS: &str = "model.safetensors";
/// A batch has at least so many pieces, if there are texts enough: the products are large enough to be quick.
const FULL: usize = 512;
/// What models of the E5 family want before each text, if all are to be compared with all (Wang et al. 2024, "Multilingual E5
/// Text Embeddings", <https://arxiv.org/abs/2402.05672>).
const E5_PROMPT: &str = "query: ";
/// How weights come into a file that is read.
const CONVERT: &str =
    "python -c \"from sentence_transformers import SentenceTransformer as S; S('FOLDER').save('new/FOLDER')\"";

/// The model of a snapshot.
pub(super) struct Snapshot {
    tokenizer: Tokenizer,
    /// Whether texts are brought to lower case first.
    lower: bool,
    /// What stands before each text.
    prompt: String,
    transformer: Transformer,
    pooling: Pooling,
    steps: Vec<Step>,
    dimensions: usize,
}

/// What one vector is made of the rows of a text by.
enum Pooling {
    First,
    Mean,
    Most,
}

/// What is done to vectors afterwards.
enum Step {
    Dense(Dense, fn(f32) -> f32),
    Normalise,
}

impl Snapshot {
    /// Reads the files that `modules.json` names.
    pub(super) fn open(folder: &Path) -> Result<Snapshot, Error> {
        let list = folder.join(MODULES);
        if !list.is_file() {
            let reason = format!(
                "no {MODULES} in this folder, so it holds no sentence-transformers model; name a snapshot of one, such as \
                 intfloat/multilingual-e5-small or sentence-transformers/LaBSE"
            );
            return Err(broken(folder, reason));
        }
        let modules = modules(&list, folder)?;
        let mut modules = modules.iter();
        let Some((_, base)) = modules.next().filter(|(kind, _)| kind == "Transformer") else {
            return Err(broken(&list, "the first module should be a Transformer".to_owned()));
        };
        let (path, config) = (base.join(CONFIG), json(&base.join(CONFIG))?);
        let weights = base.join(WEIGHTS);
        let transformer = tensors(&weights).and_then(|mut tensors| match Transformer::read(&config, &mut tensors) {
            Ok(transformer) => Ok(transformer),
            Err(Refusal::Config(reason)) => Err(broken(&path, reason)),
            Err(Refusal::Weights(reason)) => {
                Err(broken(&weights, format!("{reason}; it is not what {CONFIG} tells of, fetch both again")))
            }
        })?;
        let (tokenizer, lower) = tokenizer(base, &config, &transformer)?;

        let (mut pooling, mut steps, mut width) = (None, Vec::new(), transformer.width());
        for (kind, folder) in modules {
            match (kind.as_str(), &pooling) {
                ("Pooling", None) => pooling = Some(Pooling::read(&folder.join(CONFIG), width)?),
                ("Dense", Some(_)) => {
                    let (step, columns) = Step::dense(folder, width)?;
                    steps.push(step);
                    width = columns;
                }
                ("Normalize", Some(_)) => steps.push(Step::Normalise),
                _ => {
                    let reason =
                        format!("a module {kind:?} in this place is not read; Pooling, Dense and Normalize are");
                    return Err(broken(&list, reason));
                }
            }
        }
        let pooling = pooling.ok_or_else(|| broken(&list, "no module Pooling behind the Transformer".to_owned()))?;
        let prompt = prompt(folder, &config)?;
        Ok(Snapshot { tokenizer, lower, prompt, transformer, pooling, steps, dimensions: width })
    }

    /// How many numbers a vector has.
    pub(super) fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// How many pieces there are.
    pub(super) fn pieces(&self) -> usize {
        self.transformer.pieces()
    }

    /// What stands before each text.
    pub(super) fn prompt(&self) -> &str {
        &self.prompt
    }

    /// The vectors of texts, one behind the other.
    pub(super) fn encode(&self, texts: &[&str]) -> Vec<f32> {
        let mut out = Vec::with_capacity(texts.len() * self.dimensions);
        let (mut pieces, mut lengths) = (Vec::new(), Vec::new());
        for text in texts {
            let before = pieces.len();
            self.cut(text, &mut pieces);
            lengths.push(pieces.len() - before);
            if pieces.len() >= FULL {
                self.run(&pieces, &lengths, &mut out);
                pieces.clear();
                lengths.clear();
            }
        }
        self.run(&pieces, &lengths, &mut out);
        out
    }

    /// Appends the numbers of the pieces of a text, one at least and as many as the network has places for at most.
    fn cut(&self, text: &str, pieces: &mut Vec<u32>) {
        let text = format!("{}{text}", self.prompt);
        let text = if self.lower { text.to_lowercase() } else { text };
        let before = pieces.len();
        // Of what a tokenizer refuses nothing was found when it was opened; such a text has no piece of its own.
        if let Ok(encoding) = self.tokenizer.encode_fast(text, true) {
            pieces.extend_from_slice(encoding.get_ids());
        }
        pieces.truncate(before + self.transformer.longest());
        if pieces.len() == before {
            pieces.push(0);
        }
    }

    /// Appends the vectors of the texts of a batch.
    fn run(&self, pieces: &[u32], lengths: &[usize], out: &mut Vec<f32>) {
        let rows = self.transformer.run(pieces, lengths);
        let width = self.transformer.width();
        let mut rest = rows.as_slice();
        for length in lengths {
            let (text, behind) = rest.split_at(length * width);
            rest = behind;
            let mut vector = self.pooling.of(text, width);
            for step in &self.steps {
                match step {
                    Step::Normalise => normalise(&mut vector),
                    Step::Dense(dense, activation) => {
                        let mut image = vec![0.0; dense.bias.len()];
                        dense.apply(&vector, vector.len(), &mut image);
                        image.iter_mut().for_each(|value| *value = activation(*value));
                        vector = image;
                    }
                }
            }
            normalise(&mut vector);
            out.extend(vector);
        }
    }
}

impl Pooling {
    fn read(path: &Path, width: usize) -> Result<Pooling, Error> {
        let config = json(path)?;
        let said = ["word_embedding_dimension", "embedding_dimension"].map(|name| config[name].as_u64());
        if let Some(other) = said.into_iter().flatten().find(|said| *said != width as u64) {
            return Err(broken(path, format!("is for rows of {other} numbers, and the network makes {width}")));
        }
        if config["include_prompt"] == false {
            return Err(broken(path, "\"include_prompt\" is false, which is not read".to_owned()));
        }
        let mut modes: Vec<&str> = match &config["pooling_mode"] {
            Value::String(mode) => vec![mode],
            Value::Array(modes) => modes.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if modes.is_empty() {
            let flags = config.as_object().into_iter().flatten();
            modes.extend(
                flags.filter(|(_, set)| **set == true).filter_map(|(name, _)| name.strip_prefix("pooling_mode_")),
            );
        }
        match modes[..] {
            ["cls" | "cls_token"] => Ok(Pooling::First),
            [] | ["mean" | "mean_tokens"] => Ok(Pooling::Mean),
            ["max" | "max_tokens"] => Ok(Pooling::Most),
            _ => Err(broken(path, format!("pools by {modes:?}; one of cls, mean and max is read"))),
        }
    }

    /// One vector of the rows of a text, of which there is at least one.
    fn of(&self, rows: &[f32], width: usize) -> Vec<f32> {
        let mut vector = rows[..width].to_vec();
        let others = rows.chunks_exact(width).skip(1);
        match self {
            Pooling::First => {}
            Pooling::Mean => {
                others.for_each(|row| add(&mut vector, row));
                let count = (rows.len() / width) as f32;
                vector.iter_mut().for_each(|value| *value /= count);
            }
            Pooling::Most => {
                others.for_each(|row| vector.iter_mut().zip(row).for_each(|(most, value)| *most = most.max(*value)));
            }
        }
        vector
    }
}

impl Step {
    /// A dense layer for so many numbers, and how many it makes.
    fn dense(folder: &Path, rows: usize) -> Result<(Step, usize), Error> {
        let path = folder.join(CONFIG);
        let config = json(&path)?;
        if config["in_features"].as_u64() != Some(rows as u64) {
            return Err(broken(&path, format!("\"in_features\" is {}, and {rows} come in", config["in_features"])));
        }
        for (name, usual) in [("bias", Value::Bool(true)), ("use_residual", Value::Bool(false))] {
            if config.get(name).is_some_and(|said| *said != usual) {
                return Err(broken(&path, format!("{name:?} is {}, and only {usual} is read", config[name])));
            }
        }
        if config["module_input_name"].as_str().is_some_and(|name| name != "sentence_embedding") {
            return Err(broken(
                &path,
                format!("reads {}, and only \"sentence_embedding\" is read", config["module_input_name"]),
            ));
        }
        let activation = config["activation_function"].as_str().unwrap_or("Tanh");
        let activation: fn(f32) -> f32 = match last(activation) {
            "Tanh" => f32::tanh,
            "Identity" => |x| x,
            "ReLU" => |x| x.max(0.0),
            _ => {
                return Err(broken(
                    &path,
                    format!("\"activation_function\" is {activation:?}; Tanh, Identity and ReLU are read"),
                ));
            }
        };
        let weights = folder.join(WEIGHTS);
        let mut tensors = tensors(&weights)?;
        let read = tensors.shape("linear.weight").map(|shape| shape.first().copied().unwrap_or_default());
        let read = read.and_then(|columns| Ok((dense(&mut tensors, "linear", rows, columns)?, columns)));
        let (dense, columns) = read.map_err(|reason| broken(&weights, reason))?;
        if columns == 0 {
            return Err(broken(&weights, "tensor \"linear.weight\" is empty".to_owned()));
        }
        Ok((Step::Dense(dense, activation), columns))
    }
}

/// What `tokenizer.json` makes pieces by, cutting texts where sentence-transformers does, and whether they are brought to lower
/// case first.
fn tokenizer(base: &Path, config: &Value, transformer: &Transformer) -> Result<(Tokenizer, bool), Error> {
    let path = base.join("tokenizer.json");
    let broken_tokenizer = |reason: String| broken(&path, reason);
    let bytes = bytes(&path)?;
    let mut tokenizer = Tokenizer::from_bytes(bytes)
        .map_err(|error| broken_tokenizer(format!("not a tokenizer that can be read, or not all of it ({error})")))?;
    if let Some((piece, number)) = tokenizer.get_vocab(true).iter().max_by_key(|(_, number)| **number)
        && *number as usize >= transformer.pieces()
    {
        let reason = format!("piece {piece:?} is number {number}, and {WEIGHTS} has {}", transformer.pieces());
        return Err(broken_tokenizer(reason));
    }

    let optional = |name: &str| {
        let path = base.join(name);
        if path.is_file() { json(&path) } else { Ok(Value::Null) }
    };
    let (own, texts) = (optional("sentence_bert_config.json")?, optional("tokenizer_config.json")?);
    // Some say 1e30 for "no limit".
    let limit = |value: &Value| value.as_f64().filter(|limit| *limit >= 0.0).map(|limit| limit as usize);
    let longest = limit(&own["max_seq_length"]).unwrap_or_else(|| {
        let limits = [limit(&texts["model_max_length"]), limit(&config["max_position_embeddings"])];
        limits.into_iter().flatten().min().unwrap_or(usize::MAX)
    });
    let longest = longest.min(transformer.longest());
    let ends = tokenizer.get_post_processor().map_or(0, |processor| processor.added_tokens(false));
    if longest <= ends {
        return Err(broken_tokenizer(format!(
            "texts of {longest} pieces, {ends} of them at the ends, have no room for words"
        )));
    }
    let cut = TruncationParams { max_length: longest, ..TruncationParams::default() };
    tokenizer.with_padding(None);
    tokenizer.with_truncation(Some(cut)).map_err(|error| broken_tokenizer(error.to_string()))?;
    // Characters that no model has, so that one without a piece for the unknown is found out now.
    for text in ["", "\u{10FFFD}", "كتاب \u{10FFFD}\u{E000} book"] {
        let refused = |error| broken_tokenizer(format!("gives no pieces to unknown characters ({error})"));
        tokenizer.encode_fast(text, true).map_err(refused)?;
    }
    Ok((tokenizer, own["do_lower_case"] == true))
}

/// What stands before each text: the prompt that the model has of its own accord; else that of the E5 family, if it is one of them.
fn prompt(folder: &Path, config: &Value) -> Result<String, Error> {
    let path = folder.join("config_sentence_transformers.json");
    if path.is_file() {
        let settings = json(&path)?;
        if let Some(name) = settings["default_prompt_name"].as_str() {
            let prompt = settings["prompts"][name].as_str();
            return prompt
                .map(str::to_owned)
                .ok_or_else(|| broken(&path, format!("no prompt {name:?} in \"prompts\"")));
        }
    }
    // Its own name in the settings; the folder's; that of the cache of Hugging Face, models--intfloat--multilingual-e5-small/snapshots/….
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let cache = full.ancestors().nth(2).and_then(name).filter(|name| name.starts_with("models--"));
    let names = [config["_name_or_path"].as_str().map(str::to_owned), name(&full), cache];
    let is_e5 = |name: &String| name.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case("e5"));
    Ok(if names.iter().flatten().any(is_e5) { E5_PROMPT.to_owned() } else { String::new() })
}

/// The modules in their order: what each is, and its folder.
fn modules(path: &Path, folder: &Path) -> Result<Vec<(String, PathBuf)>, Error> {
    let list = json(path)?;
    let module = |module: &Value| {
        let (kind, below) = (module["type"].as_str()?, Path::new(module["path"].as_str()?));
        // Nothing outside of the folder.
        below
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
            .then(|| (last(kind).to_owned(), folder.join(below)))
    };
    let modules = list.as_array().and_then(|list| list.iter().map(module).collect::<Option<Vec<_>>>());
    modules.ok_or_else(|| {
        broken(path, "not a list of modules, each with \"type\" and a \"path\" below this folder".to_owned())
    })
}

/// The last part of a name in Python.
fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The tensors of a file; if it is not there, what may be there in its place, and what to do.
fn tensors(path: &Path) -> Result<Tensors<impl Read + Seek + use<>>, Error> {
    if !path.is_file() {
        let reason = if path.with_file_name("model.safetensors.index.json").is_file() {
            format!("not in this folder, but parts of it, which are not read; make one file of them: {CONVERT}")
        } else if path.with_file_name("pytorch_model.bin").is_file() {
            format!(
                "not in this folder, and pytorch_model.bin is not read (it can hold programs); convert it: {CONVERT}"
            )
        } else {
            "not in this folder; the snapshot is not whole, fetch it again".to_owned()
        };
        return Err(broken(path, reason));
    }
    let file = File::open(path).map_err(|error| Error::io("read", path, error))?;
    let mut file = BufReader::new(file);
    let mut start = Vec::new();
    file.by_ref().take(POINTER.len() as u64).read_to_end(&mut start).map_err(|error| Error::io("read", path, error))?;
    if start == POINTER {
        return Err(pointer(path));
    }
    Tensors::open(file).map_err(|reason| broken(path, reason))
}

/// The content of a file that a snapshot must have.
fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    if !path.is_file() {
        return Err(broken(path, "not in this folder; the snapshot is not whole, fetch it again".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(|error| Error::io("read", path, error))?;
    if bytes.starts_with(POINTER) { Err(pointer(path)) } else { Ok(bytes) }
}

fn json(path: &Path) -> Result<Value, Error> {
    serde_json::from_slice(&bytes(path)?).map_err(|error| Error::Format {
        path: path.to_path_buf(),
        place: Place { line: Some(error.line() as u64).filter(|line| *line > 0), ..Place::default() },
        reason: format!("not JSON, or not all of it ({error}); fetch it again"),
    })
}

/// What a file of Git Large File Storage begins with where its content did not come along.
const POINTER: &[u8] = b"version https://git-lfs";

fn pointer(path: &Path) -> Error {
    broken(path, "only the pointer of Git LFS, not the file itself; `git lfs pull` in its folder fetches it".to_owned())
}

fn broken(path: &Path, reason: String) -> Error {
    Error::Format { path: path.to_path_buf(), place: Place::default(), reason }
}

/// Brings a vector to length 1; one without any length, or beyond all numbers, becomes empty.
fn normalise(vector: &mut [f32]) {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length.is_finite() {
        vector.iter_mut().for_each(|value| *value /= length.max(1e-12));
    } else {
        vector.fill(0.0);
    }
}
