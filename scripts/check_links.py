#!/usr/bin/env python3
"""Checks that every relative link in the repository's Markdown files leads to a file, and its #anchor to a heading; and
that the sources which the maps of the repository name, as `cache/backend.hpp`, are there.

usage: scripts/check_links.py
"""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)")
FENCE = re.compile(r"^\s*(```|~~~)")
SOURCE = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:hpp|cpp|py|sh|md))`")
MAPS = ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md")
PLACES = (".", "include", "include/neve", "stages/*/include/neve")  # what a name may be relative to
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")


def prose_of(path: Path) -> list[tuple[int, str]]:
    """The numbered lines outside fenced code, without inline code."""
    lines, fenced = [], False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            lines.append((number, line))
    return lines


def slug(heading: str) -> str:
    """A heading's anchor as code forges make it."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


@cache
def anchors_of(path: Path) -> frozenset[str]:
    found: list[str] = []
    for _, line in prose_of(path):
        match = HEADING.match(line)
        if match:
            anchor = slug(match.group(1))
            same = sum(1 for other in found if other == anchor or re.fullmatch(re.escape(anchor) + r"-\d+", other))
            found.append(anchor if same == 0 else f"{anchor}-{same}")
    return frozenset(found)


def fault_of(path: Path, target: str) -> str:
    """What is wrong with a link from `path`; empty when nothing is."""
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return ""
    name, _, anchor = target.partition("#")
    file = (path.parent / name).resolve() if name else path
    if not file.is_relative_to(ROOT) or not file.exists():
        return f"leads nowhere: {target}"
    if anchor and file.suffix == ".md" and anchor not in anchors_of(file):
        return f"no heading for #{anchor} in {file.relative_to(ROOT)}"
    return ""


def is_source(name: str) -> bool:
    return "NAME" in name or any(True for place in PLACES for _ in ROOT.glob(f"{place}/{name}"))


def main() -> int:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    files = [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    faults, links = [], 0
    for path in files:
        for number, line in prose_of(path):
            named = SOURCE.findall(line) if path.parent == ROOT and path.name in MAPS else []
            faults += [f"{path.name}:{number}: there is no {name}" for name in named if not is_source(name)]
            for match in LINK.finditer(re.sub(r"`[^`]*`", "", line)):
                links += 1
                fault = fault_of(path, match.group(1) or match.group(2))
                if fault:
                    faults.append(f"{path.relative_to(ROOT)}:{number}: {fault}")
    print("\n".join(faults) if faults else f"{links} links in {len(files)} Markdown files lead somewhere")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
