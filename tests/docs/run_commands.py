#!/usr/bin/env python3
"""Runs the marked commands of one document in a fresh copy of what a reader would have, and compares what they print.

usage: run_commands.py DOCUMENT NEVE_PROGRAM SOURCE_TREE
The copy holds the examples/ folder, the files that the document's blocks define, and the command both on the PATH and as
build/release/bin/neve; `python3` is the Python that runs this script. A command that serves is started on a free port, in the
place of 127.0.0.1:8080, and ended after the last of the others. Expected output is compared line by line: any number
matches any number, any duration any duration (a busy machine takes seconds for milliseconds), runs of blanks match one
another, `...` matches anything within a line, and a line of `...` alone matches any number of lines.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from blocks import Block, blocks_of

WRITTEN_ADDRESS = "127.0.0.1:8080"
ADDRESS = re.compile(r"http://(\S+)")
NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)
DURATION = re.compile(r"\b0 (?:us|ms|s)\b")  # whose number is normal


def normal(line: str) -> str:
    return re.sub(r"\s+", " ", DURATION.sub("0 s", NUMBER.sub("0", line))).strip()


def pattern_of(expected: str) -> re.Pattern:
    parts = []
    for line in expected.splitlines():
        if line.strip() == "...":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            parts.append(r"[^\n]*".join(re.escape(piece) for piece in normal(line).split("...")) + "\n")
    return re.compile("".join(parts))


def matches(expected: str, printed: str) -> bool:
    text = "".join(f"{normal(line)}\n" for line in printed.splitlines())
    return pattern_of(expected).fullmatch(text) is not None


def steps_of(block: Block) -> list[tuple[str, str]]:
    """Commands with the output they must print; an empty output is not compared."""
    if block.language != "console":
        return [(block.text, "")]
    steps: list[tuple[str, str]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], ""))
        elif steps and steps[-1][0].endswith("\\"):
            steps[-1] = (f"{steps[-1][0]}\n{line}", "")
        elif steps:
            command, output = steps[-1]
            steps[-1] = (command, f"{output}{line}\n")
    return steps


def prepare(folder: Path, blocks: list[Block], program: Path, tree: Path) -> dict[str, str]:
    """Lays out the reader's folder; returns the environment of the commands."""
    if (tree / "examples").is_dir():
        shutil.copytree(tree / "examples", folder / "examples")
    for block in blocks:
        if block.file_name and block.language != "cpp":
            path = folder / block.file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    programs = folder / "build/release/bin"
    programs.mkdir(parents=True)
    (programs / "neve").symlink_to(program)
    # The Python that has NumPy, whichever comes first on the PATH; by name, so that a virtual environment stays one.
    (programs / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    (programs / "python3").chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEVE_")}
    return kept | {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(folder), "LC_ALL": "C.UTF-8"}


def run(command: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env=environment,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


class Server:
    """A document's server while the block lasts; commands that name its address go to where it is."""

    def __init__(self):
        self.process = None
        self.address = WRITTEN_ADDRESS

    def start(self, command: str, folder: Path, environment: dict[str, str]) -> str:
        """What it prints first, which ends in its address; empty if it does not start."""
        free_port = WRITTEN_ADDRESS.rpartition(":")[0] + ":0"
        with open(folder / "server.log", "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                ["bash", "-c", "exec " + command.replace(WRITTEN_ADDRESS, free_port)],
                cwd=folder,
                env=environment,
                text=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        line = self.process.stdout.readline()
        found = ADDRESS.search(line)
        if not found:
            return ""
        self.address = found.group(1)
        return line

    def at_hand(self, command: str) -> str:
        return command.replace(WRITTEN_ADDRESS, self.address)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.terminate()
            self.process.communicate(timeout=60)


def main() -> int:
    document, program, tree = Path(sys.argv[1]), Path(sys.argv[2]).resolve(), Path(sys.argv[3])
    blocks = blocks_of(document)
    printed, count = "", 0
    with tempfile.TemporaryDirectory(prefix="neve-docs-") as name, Server() as server:
        environment = prepare(Path(name), blocks, program, tree)
        for block in blocks:
            if block.mark == "output" and not matches(block.text, printed):
                print(f"{block.place}: the commands before it printed:\n{printed}")
                return 1
            if block.mark == "serve":
                printed = server.start(block.text, Path(name), environment)
                count += 1
                if not printed:
                    print(f"{block.place}: does not serve:\n{(Path(name) / 'server.log').read_text(encoding='utf-8')}")
                    return 1
            if block.mark != "run":
                continue
            printed = ""
            for command, expected in steps_of(block):
                result = run(server.at_hand(command), Path(name), environment)
                printed += result.stdout
                count += 1
                if result.returncode:
                    print(f"{block.place}: exit code {result.returncode} of: {command}\n{result.stdout}")
                    return 1
                if expected and not matches(expected, result.stdout):
                    print(f"{block.place}: not what it says is printed by: {command}\n{result.stdout}")
                    return 1
    print(f"{document.name}: {count} commands do what it says")
    return 0


if __name__ == "__main__":
    sys.exit(main())
