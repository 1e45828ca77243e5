#!/usr/bin/env python3
"""rapidfuzz's WRatio, for the table of `examples/usefulness`: first suggestion of each query, every unit compared as written.

usage: wratio.py DATA_FOLDER development|test FOLDER          (needs: pip install rapidfuzz numpy sacrebleu)

FOLDER is the one that the example was given for its JSON lines, from the same half: `ar.0.jsonl` and `en.0.jsonl` there are what
key Indel suggests, for the paired difference. Writes `ar.wratio.jsonl` and `en.wratio.jsonl` beside them.
"""
import hashlib, json, math, sys
from rapidfuzz import fuzz, process
from sacrebleu.metrics import CHRF


def interval(values):
    mean = sum(values) / len(values)
    variance = sum((v - mean) ** 2 for v in values) / (len(values) - 1)
    return mean, 1.96 * math.sqrt(variance / len(values))


def lines(path):
    return [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8", newline="\n")]


def main(data, half, folder):
    parity = {"development": 0, "test": 1}[half]
    pairs = [line for name in ("software", "general") for line in lines(f"{data}/tm/{name}.tsv")]
    chrf = CHRF()
    for lang, source, target in (("ar", 0, 1), ("en", 1, 0)):
        rows = [row for row in lines(f"{data}/queries/queries.{lang}.tsv")[1:]
                if row[1].startswith("software") and hashlib.sha256(row[2].encode()).digest()[0] % 2 == parity]
        indel = {row["id"]: row["matches"] for row in map(json.loads, open(f"{folder}/{lang}.0.jsonl", encoding="utf-8"))}
        sources = [pair[source] for pair in pairs]
        values, differences = [], []
        with open(f"{folder}/{lang}.wratio.jsonl", "w", encoding="utf-8") as out:
            for at in range(0, len(rows), 16):
                some = rows[at:at + 16]
                scores = process.cdist([row[2] for row in some], sources, scorer=fuzz.WRatio, score_cutoff=30, workers=-1)
                for row, line in zip(some, scores):
                    place = int(line.argmax())
                    best = {"target": pairs[place][target], "score": float(line[place])}
                    out.write(json.dumps({"id": row[0], "matches": [best]}, ensure_ascii=False) + "\n")
                    score = lambda text: chrf.sentence_score(text, [row[3]]).score
                    values.append(score(best["target"]))
                    differences.append(values[-1] - (score(indel[row[0]][0]["target"]) if indel[row[0]] else 0))
        (mean, half_width), (more, more_half) = interval(values), interval(differences)
        print(f"{lang}: WRatio {mean:.2f} ± {half_width:.2f}, {more:+.2f} ± {more_half:.2f} from key Indel, {len(rows)} queries",
              flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[2] not in ("development", "test"):
        sys.exit(__doc__)
    main(*sys.argv[1:])
