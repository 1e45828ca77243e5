#!/usr/bin/env python3
"""Peers that are not written in Rust, with the arguments and the row of `dhakira-peers`.

usage: peers.py rapidfuzz|postgres FOLDER ar|en [MOST]

rapidfuzz: PyPI's, process.extract with its normalized Indel similarity of raw texts, one thread.
postgres: pg_trgm as Weblate uses it, a GIN index and `similarity(source, query) >= 0.5`, five best; needs `psql` and a
server on which the caller may make a database (PGHOST, PGUSER, PGDATABASE as usual; the table `dhakira_peers` is made anew).
"""
import subprocess, sys, time


def report(name, times, built, found, best):
    def share(best):
        wanted = sum(line[0] for line in best[:len(found)])
        named = sum(min(line[0], len(set(line[1:]) & set(got))) for line, got in zip(best, found))
        return f"{100 * named / max(1, wanted):.1f} %"
    times.sort()
    at = lambda q: 1e3 * times[int((len(times) - 1) * q)]
    print(f"| {name} | {at(.5):.3f} | {at(.99):.3f} | {len(times) / sum(times):.1f} | {built:.1f} "
          f"| {share(best[0])} | {share(best[1])} | {len(times)} |")


def rapidfuzz(memory, queries):
    from rapidfuzz import fuzz, process
    def ask(query):
        return [at for _, _, at in process.extract(query, memory, scorer=fuzz.ratio, score_cutoff=70, limit=5)]
    return ask


def postgres(memory, queries):
    def escape(text):
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
    sql = ["CREATE EXTENSION IF NOT EXISTS pg_trgm; DROP TABLE IF EXISTS dhakira_peers;",
           "CREATE UNLOGGED TABLE dhakira_peers (line int, source text); COPY dhakira_peers FROM stdin;\n"]
    rows = "".join(f"{at}\t{escape(text)}\n" for at, text in enumerate(memory))
    after = "CREATE INDEX ON dhakira_peers USING gin (source gin_trgm_ops); ANALYZE dhakira_peers;\n"
    subprocess.run(["psql", "-q"], input="\n".join(sql) + rows + "\\.\n" + after, text=True, check=True)
    server = subprocess.Popen(["psql", "-qAt"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    def send(line):
        server.stdin.write(line + "\n\\echo ---\n")
        server.stdin.flush()
        return [row.strip() for row in iter(server.stdout.readline, "---\n")]
    send("SET pg_trgm.similarity_threshold = 0.5; SET max_parallel_workers_per_gather = 0;")
    def ask(query):
        quoted = "E'" + query.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return [int(row) for row in send(f"SELECT line FROM dhakira_peers WHERE source % {quoted} "
                                         f"ORDER BY similarity(source, {quoted}) DESC LIMIT 5;") if row]
    return ask


def main():
    if len(sys.argv) not in (4, 5) or sys.argv[1] not in ("rapidfuzz", "postgres"):
        sys.exit(__doc__)
    name, folder, lang = sys.argv[1:4]
    read = lambda what: [line.rstrip("\n") for line in open(f"{folder}/{what}.{lang}.txt", encoding="utf-8", newline="\n")]
    memory, queries = read("memory"), read("queries")
    best = [[[int(n) for n in line.split()] for line in read(what)] for what in ("letters", "words")]
    most = int(sys.argv[4]) if len(sys.argv) == 5 else len(queries)
    start = time.perf_counter()
    ask = {"rapidfuzz": rapidfuzz, "postgres": postgres}[name](memory, queries)
    built = time.perf_counter() - start
    times, found = [], []
    for query in queries[:most]:
        start = time.perf_counter()
        found.append(ask(query))
        times.append(time.perf_counter() - start)
    report(name + " (Python)" * (name == "rapidfuzz"), times, built, found, best)


if __name__ == "__main__":
    main()
