"""The verdicts of copydesk's rules of the group `quality` beside those of datatrove's filters, and the time that both take.

Run by hand, outside the build: `pip install datatrove spacy` (numpy and nltk come with them), then

    python docs/peers/filters.py target/release/copydesk FILE.jsonl…

Each line of a file is a document with `id` and `text`. Prints a table for docs/corpora.md and, on stderr, each difference.
"""

import json
import resource
import subprocess
import sys
import time
from collections import defaultdict

from datatrove.data import Document
from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter

FILTERS = {
    "gopher-quality": GopherQualityFilter,
    "gopher-repetition": GopherRepetitionFilter,
    "c4-quality": C4QualityFilter,
    "fineweb-quality": FineWebQualityFilter,
}


def cpu():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def ours(program, path):
    """For each rule, the lines of the file on which it found something, and what; and the CPU seconds."""
    start = cpu()
    command = [program, "check", path, "--format", "json", "--fail-on", "never", "--jobs", "1", "--one-by-one", "--quiet"]
    command += ["--select", ",".join(FILTERS)]
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    seconds = cpu() - start
    found = defaultdict(dict)
    for line in output.splitlines():
        finding = json.loads(line)
        found[finding["rule"]].setdefault(finding["record"]["line"], []).append(finding["message"])
    return found, seconds


def theirs(path, rule):
    """For each line, the reason for which the filter drops it, or None; and the CPU seconds."""
    quality = FILTERS[rule]()
    quality.filter(Document(text="Warm up the tokenizer.", id="0"))
    verdicts = {}
    start = cpu()
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        result = quality.filter(Document(text=json.loads(line)["text"], id=str(number)))
        verdicts[number] = None if result is True else (result[1] if isinstance(result, tuple) else "dropped")
    return verdicts, cpu() - start


def main():
    program, *paths = sys.argv[1:]
    print("| documents | filter | datatrove drops | the rule finds | verdicts that differ | agreement |")
    print("|---|---|---|---|---|---|")
    times = []
    for path in paths:
        name = path.rsplit("/", 1)[-1].removesuffix(".jsonl")
        found, own = ours(program, path)
        other = 0.0
        size = 0
        for rule in FILTERS:
            verdicts, seconds = theirs(path, rule)
            other += seconds
            size = len(verdicts)
            differ = [n for n, reason in verdicts.items() if (reason is not None) != (n in found[rule])]
            for number in differ:
                print(f"{name}:{number} {rule}: datatrove {verdicts[number]}, copydesk {found[rule].get(number)}", file=sys.stderr)
            dropped = sum(reason is not None for reason in verdicts.values())
            share = 100 * (1 - len(differ) / max(size, 1))
            print(f"| {name} ({size:,}) | `{rule}` | {dropped:,} | {len(found[rule]):,} | {len(differ)} | {share:.2f} % |")
        times.append((name, size, own, other))
    print("\n| documents | copydesk, CPU seconds | datatrove, CPU seconds | times as fast |\n|---|---|---|---|")
    for name, size, own, other in times:
        print(f"| {name} ({size:,}) | {own:.2f} | {other:.2f} | {other / own:.0f} |")


if __name__ == "__main__":
    main()
