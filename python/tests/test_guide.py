"""The Python in the README and in docs/guide/python.md is one program each, and runs."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[2]
BLOCK = re.compile(r"(<!-- test: none -->\n)?```python\n(.*?)```", re.DOTALL)


def printed_by_the_program_of(page, folder):
    blocks = [text for left_out, text in BLOCK.findall((ROOT / page).read_text()) if not left_out]
    assert blocks
    program = folder / "page.py"
    program.write_text("\n".join(blocks))
    command = [sys.executable, "-W", "error", program]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_guide_runs(tmp_path):
    assert "config.arguments.y: 2 → 3" in printed_by_the_program_of("docs/guide/python.md", tmp_path)


def test_the_program_of_the_readme_computes_nothing_when_it_is_started_again(tmp_path):
    first = printed_by_the_program_of("README.md", tmp_path)
    assert first.startswith("3.14") and "'misses': 10" in first
    again = printed_by_the_program_of("README.md", tmp_path)
    assert again.startswith("3.14") and "'hits': 10, 'misses': 0" in again
