#!/usr/bin/env python3
"""Compiles each public header alone, twice included, with warnings as errors: a header must bring what it uses.

usage: scripts/check_headers.py [compiler]      (default g++)
"""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INCLUDE_FOLDERS = [ROOT / "include", ROOT / "stages/optics/include"]


def compile_alone(compiler: str, header: str) -> str:
    """The compiler's complaints; empty when the header stands alone."""
    command = [compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-x", "c++", "-"]
    command += [f"-I{folder}" for folder in INCLUDE_FOLDERS]
    source = f"#include <{header}>\n#include <{header}>\n"
    result = subprocess.run(command, input=source, capture_output=True, text=True)
    return f"{header} does not stand alone:\n{result.stderr}" if result.returncode else ""


def main() -> int:
    compiler = sys.argv[1] if len(sys.argv) > 1 else "g++"
    headers = sorted(
        path.relative_to(folder).as_posix() for folder in INCLUDE_FOLDERS if folder.is_dir() for path in folder.rglob("*.hpp")
    )
    with ThreadPoolExecutor(max_workers=cpu_count()) as pool:
        faults = [fault for fault in pool.map(lambda header: compile_alone(compiler, header), headers) if fault]
    print("\n".join(faults) if faults else f"{len(headers)} public headers stand alone")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
