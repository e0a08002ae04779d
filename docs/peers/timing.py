"""Times copydesk beside typos, codespell and datatrove's filters on one corpus in one run, each on one core, and prints ratios.

Run by hand, outside the build: `cargo install typos-cli`, `pip install codespell datatrove spacy`, then

    python docs/peers/timing.py FILE.jsonl target/release/copydesk [--typos PATH] [--codespell PATH] [--runs 3] [--filter-documents 500]

A peer that is not there is left out. Times are CPU seconds (user and system, children included), the least of the runs, which take
turns, so that a busy machine is busy for all. Spelling reads the same bytes as its peers do; datatrove's filters get the first documents
only and are timed without the start of Python.
"""

import argparse
import itertools
import json
import os
import shutil
import subprocess
import sys


def seconds(command):
    """CPU seconds of a command, whose verdict does not matter here."""
    before = os.times()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def filters(path, count):
    """CPU seconds that datatrove's four filters take for `count` documents, and the bytes of these; None where it is not installed."""
    try:
        from datatrove.data import Document
        from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter

        quality = [GopherRepetitionFilter(), GopherQualityFilter(), C4QualityFilter(), FineWebQualityFilter()]
        # The first call loads the word tokenizer.
        for each in quality:
            each.filter(Document(text="Warm up the tokenizer.", id="0"))
    except ImportError as missing:
        print(f"datatrove's filters are left out: {missing}", file=sys.stderr)
        return None
    with open(path, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in itertools.islice(lines, count)]
    before = os.times()
    for number, text in enumerate(texts):
        for each in quality:
            each.filter(Document(text=text, id=str(number)))
    after = os.times()
    return after.user + after.system - before.user - before.system, sum(len(text.encode()) for text in texts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("copydesk")
    parser.add_argument("--typos", default=shutil.which("typos"))
    parser.add_argument("--codespell", default=shutil.which("codespell"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--filter-documents", type=int, default=500)
    args = parser.parse_args()

    check = [args.copydesk, "check", args.corpus, "--jobs", "1", "--format", "json", "--quiet"]
    commands = {
        "copydesk, all rules": check,
        "copydesk, all rules, --one-by-one": check + ["--one-by-one"],
        "copydesk, spelling": check + ["--select", "spelling"],
        "copydesk, misspelling, real-word-typo, name-drift": check + ["--one-by-one", "--select", "misspelling,real-word-typo,name-drift"],
        "copydesk, quality": check + ["--one-by-one", "--select", "quality"],
    }
    if args.typos:
        commands["typos"] = [args.typos, "--threads", "1", "--format", "brief", args.corpus]
    if args.codespell:
        commands["codespell"] = [args.codespell, args.corpus]
    commands["sha256sum"] = ["sha256sum", args.corpus]
    times = {name: float("inf") for name in commands}
    for _ in range(args.runs):
        for name, command in commands.items():
            times[name] = min(times[name], seconds(command))

    size = os.path.getsize(args.corpus) / 1e6
    print(f"{size:.1f} MB of JSONL, least of {args.runs} runs\n")
    print("| what | CPU s | MB/s | copydesk's spelling is so many times as fast |\n|---|---|---|---|")
    rates = {name: size / time for name, time in times.items()}
    for name, time in times.items():
        print(f"| {name} | {time:.2f} | {rates[name]:.1f} | {rates['copydesk, spelling'] / rates[name]:.2f} |")
    measured = filters(args.corpus, args.filter_documents)
    if measured:
        time, read = measured
        rate = read / 1e6 / time
        print(f"\ndatatrove's Gopher, C4 and FineWeb filters: {time:.2f} s for {read / 1e6:.2f} MB, {rate:.2f} MB/s; ", end="")
        print(f"copydesk's rules of the group `quality` are {rates['copydesk, quality'] / rate:.1f} times as fast")


if __name__ == "__main__":
    sys.exit(main())
