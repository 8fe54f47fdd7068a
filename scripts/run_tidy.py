#!/usr/bin/env python3
"""Runs clang-tidy's short list (.clang-tidy) over the product's sources, not the tests.

Given a unity build it looks at several sources at a time, which costs a third: most of the work is the headers they share.

A file that passed is remembered by a digest of everything clang-tidy would look at (its text, the repository's headers
it reaches, its compile command, the list of checks), so a second run checks only what changed.
usage: scripts/run_tidy.py BUILD_FOLDER      (one with compile_commands.json, made by clang)
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TIDY = "clang-tidy-14"
PASSED = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "neve-tidy"
SEARCHED = [ROOT / "include", ROOT / "stages/optics/include", ROOT / "src", ROOT]
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


@cache
def included_by(path: Path) -> frozenset[Path]:
    """The repository's files that `path` includes directly."""
    found = set()
    for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
        candidates = [path.parent / name] + [folder / name for folder in SEARCHED]
        found.update(candidate.resolve() for candidate in candidates if candidate.is_file())
    return frozenset(found)


def reached_by(path: Path) -> list[Path]:
    seen, waiting = set(), [path]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting.extend(included_by(current))
    return sorted(seen)


def digest_of(path: Path, command: str) -> str:
    digest = hashlib.sha256(command.replace(str(ROOT), "").encode())  # the same wherever the tree stands
    for part in [ROOT / ".clang-tidy", Path(__file__), *reached_by(path)]:
        digest.update(part.read_bytes().replace(f"{ROOT}/".encode(), b"") + b"\0")
    return digest.hexdigest()


def tidy(build: Path, path: Path, command: str) -> str:
    """clang-tidy's complaints; empty when the file passes or has passed before."""
    mark = PASSED / digest_of(path, command)
    if mark.exists():
        return ""
    arguments = [TIDY, "-p", str(build), "--quiet", str(path)]
    result = subprocess.run(arguments, capture_output=True, text=True)
    if result.returncode:
        return result.stdout + result.stderr
    mark.touch()
    return ""


def is_product(command: str) -> bool:
    """Whether it compiles a part of a library or of the command: CMake puts those into neve_NAME.dir and neve.dir."""
    return re.search(r"/neve(_\w+)?\.dir/", command) is not None


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    build = Path(sys.argv[1])
    PASSED.mkdir(parents=True, exist_ok=True)
    commands = {Path(item["file"]): item["command"] for item in json.loads((build / "compile_commands.json").read_text())}
    files = sorted(path for path, command in commands.items() if is_product(command))
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        faults = [fault for fault in pool.map(lambda path: tidy(build, path, commands[path]), files) if fault]
    print("\n".join(faults) if faults else f"{len(files)} translation units pass clang-tidy's short list")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
