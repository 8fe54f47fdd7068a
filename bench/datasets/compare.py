#!/usr/bin/env python3
"""Datasets beside their peers, in one run: CPU seconds and peak memory of whole processes, and the claims made for them.

usage: bench/datasets/compare.py NEVE READ_WORKBOOK [--quick] [--large]
With --quick there are a tenth of the rows; with --large also 100 M of them (6 GB of disk, many minutes). pandas and pyarrow, which
Debian does not have together, are looked for in this Python and in build/bench/peers; what is missing is reported as absent.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = HERE.parent.parent / "build/bench/peers/bin/python"
ROUNDS = 3
MIB = 1 << 20


class Cost:
    """What a finished process took. This process stays small: the memory of a child counts from that of its parent on."""

    def __init__(self, words, folder):
        with tempfile.TemporaryFile() as said:
            child = subprocess.Popen(
                [str(word) for word in words], cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
            )
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode:
                said.seek(0)
                raise SystemExit(f"{words[0]} failed:\n{said.read().decode(errors='replace')}")
        self.cpu_s, self.memory = used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


class Comparison:
    def __init__(self, folder):
        self.folder, self.short = folder, 0

    def measure(self, cases, rounds=ROUNDS, before=lambda: None):
        """Name to command; in turn, round after round, so that the ratios survive a machine that drifts. The median counts.
        `before` is called ahead of each command and not counted."""
        costs = {name: [] for name in cases}
        for _ in range(rounds):
            for name, words in cases.items():
                before()
                costs[name].append(Cost(words, self.folder))
        found = {}
        for name, each in costs.items():
            found[name] = (statistics.median(one.cpu_s for one in each), max(one.memory for one in each))
            print(f"  {name:46} {found[name][0]:9.2f} CPU s {found[name][1] / MIB:9.0f} MiB", flush=True)
        return found

    def claim(self, text, found, holds):
        self.short += not holds
        print(f"  {'+' if holds else '-'} claim {text}: {found}", flush=True)

    def ratio(self, text, ours, peer, wanted):
        self.claim(text, f"{peer[0] / ours[0]:.2f}x (wanted {wanted:g}x)", peer[0] >= wanted * ours[0])

    def memory(self, text, ours, wanted):
        self.claim(text, f"{ours[1] / MIB:.0f} MiB (wanted at most {wanted / MIB:.0f} MiB)", ours[1] <= wanted)


def has(python, modules):
    done = subprocess.run([python, "-c", f"import {modules}"], capture_output=True, check=False)
    return done.returncode == 0


def python_with(modules):
    for python in (sys.executable, str(PEERS)):
        if Path(python).exists() and has(python, modules):
            return python
    print(f"  {modules}: absent")
    return None


def generate(kind, path, rows):
    subprocess.run([sys.executable, HERE / "messy_orders.py", kind, path, str(rows)], check=True)


def messy_rows(comparison, neve, rows, pandas):
    print(f"\n{rows:,} messy rows to Parquet", flush=True)
    folder = comparison.folder
    generate("csv", folder / "orders.csv", rows)
    # Where the dataset is there already, adding it again would do nothing.
    cases = {"neve dataset add": [neve, "dataset", "add", "orders.csv", "--quiet"]}
    if pandas:
        cases["pandas, tuned"] = [pandas, HERE / "peers.py", "normalise", "orders.csv", "peer.parquet"]
    found = comparison.measure(cases, before=lambda: shutil.rmtree(folder / "storage", ignore_errors=True))
    subprocess.run([neve, "dataset", "add", "orders.csv", "--quiet"], cwd=folder, check=True, capture_output=True)
    if pandas:
        comparison.ratio("CPU time against pandas, tuned", found["neve dataset add"], found["pandas, tuned"], 3.17)
    comparison.memory("peak memory", found["neve dataset add"], 1 << 30)

    print(f"\nconcentration of {rows:,} rows by customer and month", flush=True)
    cases = {
        "neve analyze --again": [neve, "analyze", "orders", "-g", "customer", "-v", "revenue", "--grain", "month", "--again"]
    }
    if pandas:
        cases["pandas, tuned "] = [pandas, HERE / "peers.py", "concentration", "peer.parquet"]
    found = comparison.measure(cases)
    if pandas:
        comparison.ratio("CPU time against pandas, tuned", found["neve analyze --again"], found["pandas, tuned "], 1.9)


def workbook(comparison, reader, rows, openpyxl):
    print(f"\na workbook of {rows:,} x 6 cells, read", flush=True)
    generate("xlsx", comparison.folder / "orders.xlsx", rows)
    cases = {"neve, every row as text": [reader, "orders.xlsx"]}
    if openpyxl:
        cases["openpyxl, read-only"] = [openpyxl, HERE / "peers.py", "workbook", "orders.xlsx"]
    found = comparison.measure(cases, 1)
    if openpyxl:
        comparison.ratio("CPU time against openpyxl", found["neve, every row as text"], found["openpyxl, read-only"], 8)
    comparison.memory("peak memory", found["neve, every row as text"], 50 * MIB)


def large(comparison, neve, rows):
    print(f"\n{rows:,} rows in little memory", flush=True)
    generate("csv", comparison.folder / "large.csv", rows)
    found = comparison.measure(
        {
            "neve dataset add, large": [neve, "dataset", "add", "large.csv", "--quiet"],
            "neve analyze, large": [neve, "analyze", "large", "-g", "customer", "-v", "revenue", "--grain", "month"],
        },
        1,
    )
    for name, cost in found.items():
        comparison.memory(f"peak memory, {name}", cost, 2 << 30)


def main():
    neve, reader = (str(Path(path).resolve()) for path in sys.argv[1:3])
    part = 10 if "--quick" in sys.argv else 1
    with tempfile.TemporaryDirectory(prefix="neve-bench-", dir=os.environ.get("NEVE_BENCH_FOLDER")) as name:
        comparison = Comparison(Path(name))
        print("Datasets: CPU seconds of whole processes")
        messy_rows(comparison, neve, 10_000_000 // part, python_with("pandas, pyarrow"))
        workbook(comparison, reader, 1_000_000 // part, python_with("openpyxl"))
        if "--large" in sys.argv:
            large(comparison, neve, 100_000_000 // part)
        else:
            print("\n100 M rows in 2 GiB: only with --large")
        print(f"\n{'every claim holds' if not comparison.short else f'{comparison.short} claims fell short'}")


if __name__ == "__main__":
    main()
