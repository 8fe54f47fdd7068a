#!/usr/bin/env python3
"""Writes the C++ programs of the documentation to a folder and prints "NAME;SOURCE" for each, for CMake to build.

usage: extract_programs.py OUTPUT_FOLDER DOCUMENT...
A C++ block is either a whole file, named in its first line, or marked as a fragment; anything else is refused, so that
no example in the guides goes untested by accident.
"""

import sys
from pathlib import Path

from blocks import blocks_of, label_of


def write_if_changed(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main() -> int:
    output = Path(sys.argv[1])
    faults = []
    for document in map(Path, sys.argv[2:]):
        for block in blocks_of(document):
            if block.language != "cpp" or block.mark == "none":
                continue
            if not block.file_name:
                faults.append(f"{block.place}: a C++ block without '// file: NAME.cpp' or '<!-- test: none -->' before it")
                continue
            folder = output / label_of(document)
            folder.mkdir(parents=True, exist_ok=True)
            source = folder / block.file_name
            write_if_changed(source, f'#line {block.line + 1} "{document.name}"\n{block.text}')
            print(f"{label_of(document)}_{source.stem};{source}")
    print("\n".join(faults), end="", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
