"""Writes the word lists of the package wordfreq, the most frequent words first: FOLDER/ar.tsv and FOLDER/en.tsv.

usage: words.py FOLDER
"""
import pathlib
import sys

from wordfreq import top_n_list, word_frequency

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for lang, most in (("ar", 200_000), ("en", 150_000)):
    words = top_n_list(lang, most, wordlist="large")
    lines = (f"{word}\t{word_frequency(word, lang, wordlist='large'):.3e}\n" for word in words)
    (folder / f"{lang}.tsv").write_text("".join(lines), encoding="utf8")
