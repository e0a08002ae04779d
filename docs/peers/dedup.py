"""Documents that are versions of one another: the time copydesk takes to find them beside datatrove's MinHash deduplication.

Run by hand, outside the build: `pip install datatrove spacy "xxhash<4" tokenizers orjson`, then

    python docs/peers/dedup.py target/release/copydesk FILE.jsonl

Each line of the file is a document with `id` and `text`. Prints a row of the table in docs/corpora.md: CPU seconds of all steps on both
sides, start, input and output with them, and how many of the documents each would leave out.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from loguru import logger


def cpu():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def ours(program, path):
    """How many documents are versions of an earlier one, and the CPU seconds."""
    start = cpu()
    command = [program, "check", path, "--format", "json", "--fail-on", "never", "--jobs", "1", "--one-by-one", "--quiet", "--across"]
    output = subprocess.run([*command, "--select", "near-duplicate-document"], stdout=subprocess.PIPE, check=True).stdout
    return output.count(b"\n"), cpu() - start


def theirs(path, room):
    """How many documents all four stages leave out, and the CPU seconds."""
    start = cpu()
    config = MinhashConfig()
    read = [JsonlReader(str(path.parent), glob_pattern=path.name)]
    writer = JsonlWriter(f"{room}/out", compression=None)
    stages = [
        (1, [*read, MinhashDedupSignature(f"{room}/signatures", config)]),
        (config.num_buckets, [MinhashDedupBuckets(f"{room}/signatures", f"{room}/buckets", config=config)]),
        (1, [MinhashDedupCluster(f"{room}/buckets", f"{room}/remove", config=config)]),
        (1, [*read, MinhashDedupFilter(f"{room}/remove"), writer]),
    ]
    for number, (tasks, steps) in enumerate(stages):
        LocalPipelineExecutor(steps, tasks=tasks, workers=1, logging_dir=f"{room}/logs/{number}").run()
    seconds = cpu() - start
    kept = sum(line.count(b"\n") for out in Path(room, "out").iterdir() for line in [out.read_bytes()])
    return path.read_bytes().count(b"\n") - kept, seconds


def main():
    program, path = sys.argv[1], Path(sys.argv[2]).resolve()
    logger.remove()
    found, our_seconds = ours(program, path)
    with tempfile.TemporaryDirectory() as room:
        left_out, their_seconds = theirs(path, room)
    size = os.path.getsize(path) / 1e6
    documents = path.read_bytes().count(b"\n")
    print("| documents | MB | copydesk finds | CPU seconds | datatrove leaves out | CPU seconds | times as fast |")
    print("|---|---|---|---|---|---|---|")
    print(f"| {documents:,} | {size:.1f} | {found:,} | {our_seconds:.2f} | {left_out:,} | {their_seconds:.2f} | {their_seconds / our_seconds:.0f} |")


if __name__ == "__main__":
    main()
