"""How much is shuffled, and how long cores work, when documents are checked and compared on Spark, from a sample of them.

    python docs/scale.py sample.jsonl[.gz] [--hot 10000] [--site-bytes 14] [--key-bytes 40] [--shuffle-mb 50]

The sample should be pages as they were stored, boilerplate and all. From it are measured: bytes, blocks and keys of a document, how the
number of different blocks grows with the number of documents (a power law, Heaps 1978), how the most frequent blocks are spread, and how many
bytes a second one core digests, asks and checks (CPU seconds, so that a busy machine tells the same as an idle one).
The rest is arithmetic over the stages of `copydesk.spark.check(across=True)`; bytes are those before Spark compresses them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

import copydesk
from copydesk._core import digest_batch, roll_voices, voice_batch

TARGETS = {"1 TB": 1e12, "10 TB": 1e13, "1 PB": 1e15}
HASH, NUMBER = 16, 8  # bytes
TIMED = 20_000_000  # bytes of the sample that are checked to see how fast that is


@dataclass
class Sample:
    """What a sample says of the documents that it was taken from."""

    documents: int
    text: float  # bytes of a document
    blocks: float  # a document
    sketched: float  # of them, those of twenty words or more that are looked for with a few words changed
    block_keys: float  # look-up keys of each of those
    keys: float  # look-up keys of the sketch, a document
    row: float  # bytes of a document's part of the index
    digested: float  # bytes that a core digests in a second
    checked: float  # bytes that a core checks in a second, with all rules of the default profile
    asked: float  # bytes that a core takes a census of and hears in a second
    paragraphs: float  # keys of its paragraphs, a document
    suspects: float  # words that may be slips of names, a document
    name_row: float  # bytes of a name that was counted
    voice: float  # bytes of what a document holds, for the hearing
    different_keys: list[tuple[int, int]]  # documents read, different keys of paragraphs so far
    different_names: list[tuple[int, int]]  # documents read, different names so far
    concerned: float  # share of the documents that have a paragraph of another
    shared_keys: float  # keys of paragraphs that other documents have, too, a document
    different: list[tuple[int, int]]  # documents read, different blocks so far
    single: list[tuple[int, int]]  # documents read, blocks in one document so far
    frequencies: list[int]  # documents that have a block, the most frequent first


def records(path: str) -> Iterator[dict]:
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if isinstance(record.get("text"), str):
                yield record


def measure(path: str) -> Sample:
    counts: Counter[bytes] = Counter()
    paragraphs: Counter[int] = Counter()
    names: set[str] = set()
    held: list[list[int]] = []
    suspects = voice = name_bytes = name_rows = 0
    ask_seconds = 0.0
    different_keys, different_names = [], []
    text = blocks = sketched = block_keys = keys = size = documents = 0
    different, single, step = [], [], 64
    batch: list[dict] = []
    linter = copydesk.Linter()
    linter.check("Rules are made ready when a text first asks for them.\n")
    digest_seconds = check_seconds = checked = 0.0

    def digest() -> None:
        nonlocal suspects, voice, name_bytes, name_rows, ask_seconds
        nonlocal text, blocks, sketched, block_keys, keys, size, documents, step, digest_seconds, check_seconds, checked
        rows = pa.table({"id": [str(documents + n) for n in range(len(batch))], "text": [r["text"] for r in batch]})
        start = time.process_time()
        table = digest_batch(rows)
        digest_seconds += time.process_time() - start
        if checked < TIMED:
            start = time.process_time()
            hearing = linter.hear(rows)
            ask_seconds += time.process_time() - start
            start = time.process_time()
            linter.check_batch(rows, hearing=hearing)
            check_seconds += time.process_time() - start
            checked += sum(len(record["text"].encode()) for record in batch)
        size += table.nbytes
        voices = voice_batch(linter, rows)
        voice += voices.nbytes
        suspects += sum(len(of) for of in voices["suspects"].to_pylist())
        rolls = roll_voices(voices)
        name_bytes, name_rows = name_bytes + rolls.nbytes, name_rows + len(rolls)
        spoken = zip(voices["keys"].to_pylist(), voices["names"].to_pylist())
        for record, row in zip(batch, table.select(["blocks", "keys"]).to_pylist()):
            documents += 1
            keys_of, names_of = next(spoken)
            held.append(keys_of)
            paragraphs.update(keys_of)
            names.update(name["word"] for name in names_of)
            text += len(record["text"].encode())
            blocks += len(row["blocks"])
            sketched += sum(block["sketch"] is not None for block in row["blocks"])
            block_keys += sum(len(block["keys"]) for block in row["blocks"])
            keys += len(row["keys"])
            counts.update(block["hash"] for block in row["blocks"])
            if documents == step:
                step *= 2
                different.append((documents, len(counts)))
                different_keys.append((documents, len(paragraphs)))
                different_names.append((documents, len(names)))
                single.append((documents, sum(count == 1 for count in counts.values())))
        batch.clear()

    for record in records(path):
        batch.append(record)
        if len(batch) == 500:
            digest()
    digest()
    different.append((documents, len(counts)))
    different_keys.append((documents, len(paragraphs)))
    different_names.append((documents, len(names)))
    single.append((documents, sum(count == 1 for count in counts.values())))
    frequencies = [count for _, count in counts.most_common()]
    speeds = text / digest_seconds, checked / check_seconds
    means = text / documents, blocks / documents, sketched / documents, block_keys / max(sketched, 1), keys / documents, size / documents
    concerned = sum(any(paragraphs[key] > 1 for key in keys_of) for keys_of in held) / documents
    asked = checked / ask_seconds, sum(map(len, held)) / documents, suspects / documents, name_bytes / max(name_rows, 1), voice / documents
    shared_keys = sum(paragraphs[key] > 1 for keys_of in held for key in keys_of) / documents
    return Sample(documents, *means, *speeds, *asked, different_keys, different_names, concerned, shared_keys, different, single, frequencies)


def grown(measured: list[tuple[int, int]], documents: float) -> float:
    """A count after so many documents: the power law through the last measurement and the one at a quarter of it."""
    (few, below), (many, above) = min(measured, key=lambda at: abs(math.log(measured[-1][0] / 4 / at[0]))), measured[-1]
    slope = math.log(max(above, 1) / max(below, 1)) / math.log(many / few) if many > few else 1.0
    return above * (documents / many) ** min(slope, 1.0)


def simulate(sample: Sample, total: float, hot: int, site: int, key: int, task: float, rate: float) -> dict[str, float]:
    documents = total / sample.text
    blocks = documents * sample.blocks
    tasks = max(1.0, total / task)
    # A task sends a row for each different block that it has met, whatever their number.
    sent = tasks * min(grown(sample.different, documents / tasks), blocks / tasks)
    single = min(grown(sample.single, documents), blocks)
    shared = blocks - single
    # A block that stands on a share of all pages stands on the same share of more pages.
    scaled = [frequency / sample.documents * documents for frequency in sample.frequencies if frequency > 1]
    many = [frequency for frequency in scaled if frequency > hot]
    place = key + 2 * NUMBER
    counting = sent * (HASH + site + NUMBER + place)
    looking_up = blocks * (HASH + site + key)
    facts = shared * (HASH + key + 2 * NUMBER + place)
    # Each different block that has a sketch sends its keys twice: to be counted, and to meet the others.
    near = 2 * min(grown(sample.different, documents), blocks) * sample.sketched / sample.blocks * sample.block_keys * (NUMBER + HASH)
    of_sketches = 2 * documents * sample.keys * (NUMBER + key)
    # A key is a row of each task that met it. Each one of each document is sent four times: is it shared, is its document to be heard, what is
    # that to be asked, and where is the paragraph at home?
    keys_sent = tasks * min(grown(sample.different_keys, documents / tasks), documents / tasks * sample.paragraphs)
    of_paragraphs = keys_sent * (2 * NUMBER + key) + 4 * documents * sample.paragraphs * (NUMBER + key)
    # A home has ten numbers and up to 32 keys of its document; it goes to each document that has the paragraph, and with it to its text.
    homes = 2 * documents * sample.shared_keys * (key + NUMBER * (10 + min(32, sample.paragraphs)))
    names_sent = tasks * grown(sample.different_names, documents / tasks) * sample.name_row
    # What two names an edit apart have in common: a hash for each letter, of names that may be either.
    of_names = names_sent + grown(sample.different_names, documents) * 10 * (2 * NUMBER) + documents * sample.suspects * (NUMBER + key)
    heard = total * sample.concerned
    digesting, checking, asking = (total / speed / 3600 for speed in (sample.digested, sample.checked, sample.asked))
    shuffling = (counting + looking_up + facts + near + of_sketches + of_paragraphs + homes + of_names + heard + total) / rate / 3600
    return {
        "documents": documents,
        "blocks": blocks,
        "counting blocks, GB": counting / 1e9,
        "without aggregation, GB": blocks * (HASH + site + place) / 1e9,
        "looking blocks up, GB": looking_up / 1e9,
        "facts to documents, GB": facts / 1e9,
        "keys of blocks, GB": near / 1e9,
        "keys of sketches, GB": of_sketches / 1e9,
        "keys of paragraphs, GB": of_paragraphs / 1e9,
        "homes, GB": homes / 1e9,
        "names, GB": of_names / 1e9,
        "texts heard, GB": heard / 1e9,
        "texts joined, GB": total / 1e9,
        "index, GB": documents * sample.row / 1e9,
        "documents of the most frequent block": max(scaled, default=0.0),
        "rows of it in one task": tasks if scaled else 0.0,
        "known hot keys, MB broadcast": len(many) * (HASH + place + NUMBER) / 1e6,
        "core hours, checking": checking,
        "core hours, digests": digesting,
        "core hours, asking": asking,
        "core hours, shuffles": shuffling,
        "hours on 64 cores": (checking + digesting + asking + shuffling) / 64,
        "hours on 1,024 cores": (checking + digesting + asking + shuffling) / 1024,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sample")
    parser.add_argument("--hot", type=int, default=10_000)
    parser.add_argument("--site-bytes", type=int, default=14)
    parser.add_argument("--key-bytes", type=int, default=40)
    parser.add_argument("--task-mb", type=float, default=128, help="text that one task reads")
    parser.add_argument("--shuffle-mb", type=float, default=50, help="that a core sorts, sends and reads again in a second: an assumption")
    arguments = parser.parse_args()
    sample = measure(arguments.sample)
    print(f"{sample.documents} documents of {sample.text:.0f} bytes, {sample.blocks:.1f} blocks ({sample.sketched:.1f} sketched), {sample.keys:.1f} keys, "
          f"{sample.row:.0f} bytes of index each (copydesk {copydesk.__version__})")
    print(f"{sample.paragraphs:.1f} keys of paragraphs, {sample.suspects:.1f} suspects, {sample.voice:.0f} bytes for the hearing each; "
          f"{sample.concerned:.1%} of the documents share a paragraph, by {sample.shared_keys:.1f} keys; {sample.different_names[-1][1]} different names of {sample.name_row:.0f} bytes")
    print(f"one core digests {sample.digested / 1e6:.1f} MB a second, asks {sample.asked / 1e6:.1f} and checks {sample.checked / 1e6:.1f}")
    occurrences = sum(sample.frequencies)
    repeated = sum(frequency for frequency in sample.frequencies if frequency > 1)
    print(f"{len(sample.frequencies)} different blocks; {repeated / max(occurrences, 1):.1%} of all blocks stand in other documents, too; "
          f"the most frequent one in {sample.frequencies[0] / sample.documents:.1%} of the documents")
    asked = arguments.hot, arguments.site_bytes, arguments.key_bytes, arguments.task_mb * 1e6, arguments.shuffle_mb * 1e6
    columns = [simulate(sample, total, *asked) for total in TARGETS.values()]
    print("| | " + " | ".join(TARGETS) + " |\n|---|" + "---:|" * len(TARGETS))
    for name in columns[0]:
        print(f"| {name} | " + " | ".join(f"{column[name]:,.3g}" if column[name] < 1000 else f"{column[name]:,.0f}" for column in columns) + " |")


if __name__ == "__main__":
    main()
