#!/usr/bin/env python3
"""Compiles each public header alone, twice included, with warnings as errors: a header must bring what it uses.

usage: scripts/check_headers.py [compiler]      (default g++)

With ccache, a header that passed is compiled again only after a change to what it includes: ccache knows no check of the
syntax alone, so there is an object file of each in build/headers, which nobody needs.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INCLUDE_FOLDERS = [ROOT / "include", ROOT / "stages/optics/include"]
BUILT = ROOT / "build/headers"
CCACHE = shutil.which("ccache")
# ccache reads what the compiler included from the file written by -MD, and need not preprocess by itself.
ENVIRONMENT = os.environ | {"CCACHE_DEPEND": "1", "CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "1"}


def compile_alone(compiler: str, header: str) -> str:
    """The compiler's complaints; empty when the header stands alone."""
    source = BUILT / header.replace(".hpp", ".cpp")
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(f"#include <{header}>\n#include <{header}>\n")
    command = [compiler, "-std=c++20", "-Wall", "-Wextra", "-Werror", str(source)]
    command += [f"-I{folder}" for folder in INCLUDE_FOLDERS]
    if CCACHE:
        command = [CCACHE, *command, "-c", "-MD", "-o", str(source.with_suffix(".o"))]
    else:
        command += ["-fsyntax-only"]
    result = subprocess.run(command, capture_output=True, text=True, cwd=BUILT, env=ENVIRONMENT)
    return f"{header} does not stand alone:\n{result.stderr}" if result.returncode else ""


def main() -> int:
    compiler = sys.argv[1] if len(sys.argv) > 1 else "g++"
    headers = sorted(
        path.relative_to(folder).as_posix() for folder in INCLUDE_FOLDERS if folder.is_dir() for path in folder.rglob("*.hpp")
    )
    BUILT.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        faults = [fault for fault in pool.map(lambda header: compile_alone(compiler, header), headers) if fault]
    print("\n".join(faults) if faults else f"{len(headers)} public headers stand alone")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
