"""Makes the small snapshots in snapshots/, and the vectors that sentence-transformers gives the texts beside this file.

    pip install sentence-transformers==6.2.0 transformers==5.24.0 torch==2.15.0
    python tests/data/encoder/snapshots.py
    python tests/data/encoder/snapshots.py FOLDER [PROMPT]     reference.bin into the folder of a real one, for DHAKIRA_SNAPSHOT

Each has the form of a model on Hugging Face, and less than 80 KB: it has learned the pairs of src/encoder/pairs.txt by heart
(seed 1), knows nothing else, and is there so that the way through it can be tested.

    e5           as intfloat/multilingual-e5-small: BERT, unigram pieces as XLM-R has them, mean, "query: ", float32
    labse        as sentence-transformers/LaBSE: BERT, WordPiece, the first piece, a dense layer with tanh, float16
    xlm-roberta  as sentence-transformers/paraphrase-multilingual-mpnet-base-v2: XLM-RoBERTa, mean, not normalised, bfloat16; its
                 files of settings are those that sentence-transformers writes now, the others have those of old ones

In reference.bin a vector is 16 numbers (of a real one as many as it has), each times 32767 as a little-endian 16-bit integer.
"""

import json
import pathlib
import shutil
import struct
import sys

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaModel

HERE = pathlib.Path(__file__).parent
OUT = HERE / "snapshots"
PIECES = 320
HIDDEN = 16
POSITIONS = 80
LONGEST = 72  # pieces of a text, with those at its ends

lines = (HERE.parents[2] / "src/encoder/pairs.txt").read_text(encoding="utf-8").splitlines()
pairs = [line.split("\t") for line in lines if not line.startswith("#")]
sentences = [text for pair in pairs for text in pair]
texts = [json.loads(line) for line in (HERE / "texts.jsonl").read_text(encoding="utf-8").splitlines()]


def charsmap():
    """The rules of a normaliser in the form of SentencePiece: a tab is a space."""
    units = [0] * 512
    units[0] = 256 << 10
    units[256 ^ 9] = 9 | 0x100 | 16 << 10
    units[256 ^ 9 ^ 16] = 1 << 31
    return struct.pack("<I512I", 2048, *units) + b" \0"


def unigram():
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.Precompiled(charsmap()), normalizers.NFKC()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    special = ["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True)]
    trainer = trainers.UnigramTrainer(vocab_size=PIECES, special_tokens=special, unk_token="<unk>")
    tokenizer.train_from_iterator(sentences + ["query: "] * 20, trainer)
    ends = [("<s>", 0), ("</s>", 2)]
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=ends)
    names = dict(bos_token="<s>", cls_token="<s>", eos_token="</s>", sep_token="</s>", pad_token="<pad>", unk_token="<unk>")
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, mask_token="<mask>", model_max_length=LONGEST, **names)


def wordpiece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(sentences, trainers.WordPieceTrainer(vocab_size=PIECES, special_tokens=special))
    ends = [("[CLS]", 2), ("[SEP]", 3)]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends
    )
    names = dict(cls_token="[CLS]", sep_token="[SEP]", pad_token="[PAD]", unk_token="[UNK]", mask_token="[MASK]")
    # Longer than may be, as in some snapshots: what sentence_bert_config.json says counts.
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=512, **names)


def sizes(tokenizer):
    shape = dict(hidden_size=HIDDEN, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32)
    dropout = dict(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    return dict(vocab_size=len(tokenizer), pad_token_id=tokenizer.pad_token_id, initializer_range=0.2, **shape, **dropout)


def write(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def make(name, network, tokenizer, behind, prompt, dtype):
    """Trains a model and writes its folder."""
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    bare = OUT / "bare"
    network.save_pretrained(bare)
    tokenizer.save_pretrained(bare)
    model = SentenceTransformer(modules=[Transformer(str(bare)), *behind], device="cpu")
    shutil.rmtree(bare)
    model.train()
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)

    def vectors(side):
        said = [prompt + pair[side] for pair in pairs]
        features = model[0].tokenizer(said, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
        return torch.nn.functional.normalize(model(dict(features))["sentence_embedding"], dim=1)

    for _ in range(400):
        scores = vectors(0) @ vectors(1).T / 0.05
        right = torch.arange(len(pairs))
        loss = torch.nn.functional.cross_entropy(scores, right) + torch.nn.functional.cross_entropy(scores.T, right)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.eval()
    model.to(dtype)
    model.save(str(folder), create_model_card=False)
    print(name, "loss", loss.item())
    return folder


def old_forms(folder, longest, pooling):
    """The files of settings as sentence-transformers 2 wrote them."""
    modules = json.loads((folder / "modules.json").read_text())
    for module in modules:
        module["type"] = "sentence_transformers.models." + module["type"].rsplit(".", 1)[1]
    write(folder / "modules.json", modules)
    write(folder / "sentence_bert_config.json", {"max_seq_length": longest, "do_lower_case": False})
    modes = ["cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens"]
    flags = {f"pooling_mode_{mode}": mode == pooling for mode in modes}
    write(folder / "1_Pooling/config.json", {"word_embedding_dimension": HIDDEN, **flags})
    (folder / "config_sentence_transformers.json").unlink()


def reference(folder, prompt):
    """What sentence-transformers makes of the texts, each alone, from the files as they are."""
    model = SentenceTransformer(str(folder), device="cpu", model_kwargs={"dtype": torch.float32}).float()
    rows = [model.encode(text, prompt=prompt or None, normalize_embeddings=True) for text in texts]
    numbers = [round(float(x) * 32767) for row in rows for x in row]
    (folder / "reference.bin").write_bytes(struct.pack(f"<{len(numbers)}h", *numbers))


torch.manual_seed(1)
torch.set_num_threads(1)
if len(sys.argv) > 1:
    reference(pathlib.Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
    sys.exit()
OUT.mkdir(exist_ok=True)

pieces = unigram()
config = BertConfig(**sizes(pieces), max_position_embeddings=POSITIONS, tokenizer_class="XLMRobertaTokenizer")
network = BertModel(config, add_pooling_layer=False)
folder = make("e5", network, pieces, [Pooling(HIDDEN, "mean"), Normalize()], "query: ", torch.float32)
old_forms(folder, LONGEST, "mean_tokens")
reference(folder, "query: ")

words = wordpiece()
network = BertModel(BertConfig(**sizes(words), max_position_embeddings=POSITIONS), add_pooling_layer=False)
behind = [Pooling(HIDDEN, "cls"), Dense(HIDDEN, HIDDEN), Normalize()]
folder = make("labse", network, words, behind, "", torch.float16)
old_forms(folder, LONGEST, "cls_token")
reference(folder, "")

config = XLMRobertaConfig(**sizes(pieces), max_position_embeddings=POSITIONS, type_vocab_size=1, layer_norm_eps=1e-5)
network = XLMRobertaModel(config, add_pooling_layer=False)
folder = make("xlm-roberta", network, pieces, [Pooling(HIDDEN, "mean")], "", torch.bfloat16)
reference(folder, "")
