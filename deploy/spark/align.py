#!/usr/bin/env python3
"""Aligns a manifest of article pairs on Apache Spark, through `dhakira worker`.

    spark-submit deploy/spark/align.py MANIFEST OUTPUT [--program PATH] [--to jsonl|tmx] [--partitions N] [-- OPTIONS OF THE WORKER]

MANIFEST is what `dhakira align MANIFEST` reads: JSON lines, or a table with tabs and a header line. It may lie wherever Spark reads
from (`file:`, `hdfs:`, `s3a:`, ...). Texts stand in its lines (`ar_text`, `en_text`), or `ar` and `en` name them: paths that every
executor sees, or addresses of an object store, which pyarrow reads then on the executors. Pairs whose texts are elsewhere need an `id`.

OUTPUT gets
    units/part-00000.jsonl ...   the units, in the order of the manifest, as `dhakira align --to jsonl` (or tmx) writes them
    pairs/part-00000.jsonl ...   what became of each pair: its line, id, confidence, beads, number of units, or its error
    summary/part-00000.json      counts of all that, which is printed too

Each partition runs one worker: lines go in and answers come out in a stream, and neither is held. Tasks depend on their lines alone,
and files get their names by Spark's commit protocol, so that lost executors, repeated and speculative tasks change no byte: the
result is that of `dhakira align MANIFEST` in one process. A worker that dies fails its task, which Spark tries again
(`spark.task.maxFailures`).
"""

import argparse
import hashlib
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from urllib.parse import unquote, urlsplit

from pyspark import SparkConf, SparkContext, StorageLevel


class Manifest:
    """How lines are read: what the columns are, and where relative paths start."""

    def __init__(self, first, folder):
        first = first.lstrip("\ufeff")
        self.folder = folder
        self.columns = None if first.lstrip().startswith("{") else [name.strip().lower() for name in first.split("\t")]

    def row(self, line):
        """The fields of a line; None if it holds none, and what the worker has to say of it then."""
        if self.columns is None:
            try:
                row = json.loads(line)
            except ValueError:
                return None
            return {key: value for key, value in row.items() if value is not None} if isinstance(row, dict) else None
        cells = line.split("\t")
        if len(cells) != len(self.columns):
            return None
        row = {}
        for name, cell in zip(self.columns, cells):
            if cell.strip():
                row[name] = unescaped(cell) if name in ("ar_text", "en_text") else cell
        return row

    def name(self, row, number):
        """What a pair is called; None for one that needs a name and has none."""
        for field in ("id", "name"):
            name = row.get(field)
            if isinstance(name, (str, int, float)) and not isinstance(name, bool) and str(name).strip():
                return name.strip() if isinstance(name, str) else name
        return f"line-{number}" if "ar_text" in row else None


def unescaped(cell):
    """`\\n`, `\\t` and `\\\\` of a table's texts; any other backslash is one."""
    parts, at = [], 0
    while (found := cell.find("\\", at)) >= 0:
        meant = {"n": "\n", "t": "\t", "\\": "\\"}.get(cell[found + 1 : found + 2])
        parts += [cell[at:found], meant or "\\"]
        at = found + (2 if meant else 1)
    return "".join(parts) + cell[at:]


def refused(number, name, code, message):
    return {"line": number, "id": name, "error": {"code": code, "message": message, "line": number}}


def staged(address, folder):
    """A local path of what lies at an address; that of a copy in `folder` if it lies elsewhere."""
    scheme = urlsplit(address).scheme
    if scheme == "file":
        return unquote(urlsplit(address).path)
    from pyarrow import fs

    store, path = fs.FileSystem.from_uri(address.replace("s3a://", "s3://", 1))
    copy = tempfile.NamedTemporaryFile(dir=folder, suffix="-" + os.path.basename(path), delete=False)
    with store.open_input_stream(path) as source, copy:
        shutil.copyfileobj(source, copy)
    return copy.name


def request(manifest, number, line, folder):
    """The line for the worker, and the copies that it needs; or an answer that needs no worker."""
    row = manifest.row(line)
    if row is None:
        why = "not a JSON object" if manifest.columns is None else "not as many cells as the header line has"
        return None, [], refused(number, None, "format", why)
    name = manifest.name(row, number)
    if name is None:
        return None, [], refused(number, None, "format", "a pair whose texts are in files needs an id here")
    if manifest.columns is None and row.get("id") == name and not {"ar", "en", "task"} & row.keys():
        return line, [], None  # a request as it is
    row.update(id=name, task="align")
    copies = []
    for side in ("ar", "en"):
        path = row.get(side)
        if not isinstance(path, str):
            continue
        if "://" not in path and not path.startswith("file:"):
            row[side] = os.path.join(manifest.folder, path.strip())
            continue
        try:
            row[side] = staged(path.strip(), folder)
        except Exception as error:  # of any store: whatever it is, this pair can not be read
            return None, copies, refused(number, name, "io", f"{path}: {error}")
        if row[side].startswith(folder):
            copies.append(row[side])
    return json.dumps(row, ensure_ascii=False), copies, None


def aligned(lines, manifest, command, repeated):
    """The answers to (number, line), in their order, through one worker."""
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    folder = tempfile.mkdtemp(prefix="dhakira-")
    sent = queue.Queue(maxsize=1000)
    stopped = threading.Event()

    def hand_on(item):
        while not stopped.is_set():
            try:
                return sent.put(item, timeout=1)
            except queue.Full:
                pass

    def feed():
        try:
            for number, line in lines:
                if stopped.is_set():
                    return
                if not line.strip():
                    continue
                if number in repeated:
                    name = manifest.name(manifest.row(line), number)
                    hand_on((number, [], refused(number, name, "format", "an earlier pair is called so")))
                    continue
                text, copies, answer = request(manifest, number, line, folder)
                hand_on((number, copies, answer))
                if text is not None:
                    worker.stdin.write(text.encode() + b"\n")
            worker.stdin.close()
            hand_on(None)
        except BaseException as error:
            hand_on(error)

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    try:
        while (item := sent.get()) is not None:
            if isinstance(item, BaseException):
                raise RuntimeError(f"{command[0]}: the worker takes no more lines: {item!r}")
            number, copies, answer = item
            if answer is None:
                text = worker.stdout.readline()
                if not text.endswith(b"\n"):
                    raise RuntimeError(f"{command[0]}: the worker ended with {worker.wait()} before line {number} was answered")
                answer = told(number, json.loads(text))
            for copy in copies:
                os.unlink(copy)
            yield answer
        if worker.wait() not in (0, 2):
            raise RuntimeError(f"{command[0]}: the worker ended with {worker.returncode}")
    finally:
        stopped.set()
        worker.kill()
        worker.wait()
        shutil.rmtree(folder, ignore_errors=True)


def told(number, answer):
    """What is kept of an answer of the worker."""
    if "error" in answer:
        answer["error"]["line"] = number
        return {"line": number, "id": answer["id"], "error": answer["error"]}
    beads = {}
    for bead in answer["beads"]:
        kind = f"{len(bead['ar'])}:{len(bead['en'])}"
        beads[kind] = beads.get(kind, 0) + 1
    return {
        "line": number,
        "id": answer["id"],
        "confidence": answer["confidence"],
        "translation": answer["translation"],
        "beads": beads,
        "units": answer["units"],
    }


def counted(answers):
    """The counts of some answers."""
    counts = {"pairs": 0, "failed": 0, "no_translation": 0, "units": 0, "beads": {}, "confidence": [0] * 10, "failures": {}}
    for answer in answers:
        counts["pairs"] += 1
        if "error" in answer:
            code = answer["error"]["code"]
            counts["failed"] += 1
            counts["failures"][code] = counts["failures"].get(code, 0) + 1
            continue
        counts["no_translation"] += not answer["translation"]
        counts["units"] += answer["units"]
        counts["confidence"][min(int(answer["confidence"] * 10), 9)] += 1
        for kind, number in answer["beads"].items():
            counts["beads"][kind] = counts["beads"].get(kind, 0) + number
    return counts


def together(one, other):
    """Two counts as one."""
    both = {}
    for key, value in one.items():
        if isinstance(value, dict):
            names = sorted({*value, *other[key]})
            both[key] = {name: value.get(name, 0) + other[key].get(name, 0) for name in names}
        elif isinstance(value, list):
            both[key] = [a + b for a, b in zip(value, other[key])]
        else:
            both[key] = value + other[key]
    return both


def digest(name):
    return hashlib.blake2b(str(name).lower().encode(), digest_size=12).digest()


class Store:
    """Files wherever Hadoop reaches them, from the driver."""

    def __init__(self, context):
        self.java = context._jvm.org.apache.hadoop.fs
        self.conf = context._jsc.hadoopConfiguration()

    def _at(self, address):
        path = self.java.Path(address)
        return path.getFileSystem(self.conf), path

    def exists(self, address):
        store, path = self._at(address)
        return store.exists(path)

    def remove(self, address):
        store, path = self._at(address)
        store.delete(path, True)

    def with_ending(self, address, ending):
        """Gives the part files of a finished output an ending, for other programs."""
        store, path = self._at(address)
        for status in store.listStatus(path):
            part = status.getPath()
            if part.getName().startswith("part-") and "." not in part.getName():
                if not store.rename(part, part.suffix("." + ending)):
                    raise OSError(f"{part} can not be renamed")


def tmx_frame(program):
    """The lines before and after the units of a TMX file: those that the program writes around any."""
    with tempfile.TemporaryDirectory() as folder:
        sides = [os.path.join(folder, name) for name in ("a.ar.txt", "a.en.txt")]
        for side, text in zip(sides, ("نعم.", "Yes.")):
            with open(side, "w", encoding="utf-8") as file:
                file.write(text)
        command = [program, "align", "--force", "-q", *sides]
        made = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
    lines = made.stdout.decode().splitlines()
    units = [at for at, line in enumerate(lines) if line.lstrip().startswith("<tu ")]
    if not units:
        raise RuntimeError(f"{program} align made no TMX")
    return lines[: units[0]], lines[units[-1] + 1 :]


def main():
    own, worker_options = sys.argv[1:], []
    if "--" in own:
        at = own.index("--")
        own, worker_options = own[:at], own[at + 1 :]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest")
    parser.add_argument("output")
    parser.add_argument("--program", default="dhakira", help="what executors call it: on their PATH, or ./ENV/bin/dhakira of --archives")
    parser.add_argument("--to", choices=("jsonl", "tmx"), default="jsonl", help="the form of the units")
    parser.add_argument("--partitions", type=int, help="in how many files and tasks; three for each core, if not given")
    parser.add_argument("--overwrite", action="store_true", help="removes what an earlier run left in OUTPUT")
    args = parser.parse_args(own)

    context = SparkContext.getOrCreate(SparkConf().setAppName("dhakira align"))
    # The job's files appear at its end and all at once: version 2 of the protocol would show those of tasks that are done.
    context._jsc.hadoopConfiguration().set("mapreduce.fileoutputcommitter.algorithm.version", "1")
    store = Store(context)
    units, pairs, summary = (f"{args.output.rstrip('/')}/{name}" for name in ("units", "pairs", "summary"))
    for address in (units, pairs, summary):
        if store.exists(address):
            if not args.overwrite:
                ended(context, f"{address} is there already; --overwrite makes it anew")
            store.remove(address)

    lines = context.textFile(args.manifest, args.partitions or 3 * context.defaultParallelism)
    first = next((line for line in lines.take(100) if line.strip()), None)
    if first is None:
        ended(context, f"{args.manifest}: nothing in it")
    folder = os.path.dirname(os.path.abspath(unquote(args.manifest.removeprefix("file://").removeprefix("file:"))))
    manifest = Manifest(first, folder)
    command = [args.program, "worker", "--task", "align", "--units", args.to, "--quiet", *worker_options]

    # One look at all lines: how many each partition has, and who is called as an earlier pair is.
    def scanned(partition, lines):
        for at, line in enumerate(lines):
            row = manifest.row(line) if line.strip() else None
            name = None if row is None else manifest.name(row, 0)
            yield partition, at, None if name is None or name == "line-0" else digest(name)

    seen = lines.mapPartitionsWithIndex(scanned).persist(StorageLevel.DISK_ONLY)
    lengths = dict(seen.map(lambda row: (row[0], 1)).reduceByKey(lambda a, b: a + b).collect())
    begins, total = [], 0
    for partition in range(lines.getNumPartitions()):
        begins.append(total)
        total += lengths.get(partition, 0)
    named = seen.filter(lambda row: row[2] is not None).map(lambda row: (row[2], (row[0], row[1])))
    later = named.groupByKey().flatMap(lambda named: sorted(named[1])[1:]).collect()
    seen.unpersist()
    repeated = context.broadcast(frozenset(begins[partition] + at + 1 for partition, at in later))

    def linked(partition, lines):
        numbered = ((begins[partition] + at + 1, line.lstrip("\ufeff")) for at, line in enumerate(lines))
        if manifest.columns is not None and partition == 0:
            numbered = after_header(numbered)
        return aligned(numbered, manifest, command, repeated.value)

    def after_header(numbered):
        for _, line in numbered:
            if line.strip():
                break
        yield from numbered

    answers = lines.mapPartitionsWithIndex(linked).persist(StorageLevel.DISK_ONLY)
    unit_lines = answers.flatMap(lambda answer: answer.get("units", ()))
    if args.to == "tmx":
        unit_lines = unit_lines.mapPartitions(lambda lines: framed(lines, args.program))
    unit_lines.saveAsTextFile(units)

    # Without the units, that the rest need not take them up again.
    short = answers.map(lambda answer: {**answer, "units": len(answer["units"])} if "units" in answer else answer)
    short = short.persist(StorageLevel.DISK_ONLY)
    short.map(lambda answer: json.dumps(answer, ensure_ascii=False)).saveAsTextFile(pairs)
    counts = short.mapPartitions(lambda answers: [counted(answers)]).reduce(together)
    text = json.dumps(counts, ensure_ascii=False, sort_keys=True)
    context.parallelize([text], 1).saveAsTextFile(summary)
    for address, ending in ((units, args.to), (pairs, "jsonl"), (summary, "json")):
        store.with_ending(address, ending)
    print(text)
    ended(context, 2 if counts["failed"] or counts["no_translation"] else 0)


def ended(context, how):
    context.stop()
    sys.exit(how)


def framed(lines, program):
    head, tail = tmx_frame(program)
    yield from head
    yield from lines
    yield from tail


if __name__ == "__main__":
    main()
