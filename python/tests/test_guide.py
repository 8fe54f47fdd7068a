"""The Python in docs/guide/python.md is one program, and runs."""

import pathlib
import re
import subprocess
import sys

GUIDE = pathlib.Path(__file__).parents[2] / "docs" / "guide" / "python.md"
BLOCK = re.compile(r"(<!-- test: none -->\n)?```python\n(.*?)```", re.DOTALL)


def test_the_guide_runs(tmp_path):
    blocks = [text for left_out, text in BLOCK.findall(GUIDE.read_text()) if not left_out]
    assert len(blocks) >= 5
    program = tmp_path / "guide.py"
    program.write_text("\n".join(blocks))
    command = [sys.executable, "-W", "error", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "config.arguments.y: 2 → 3" in done.stdout
