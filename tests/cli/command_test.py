"""What the tests of the command share: a fresh folder per test, the program run in it, and small pipeline files."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = os.environ.get("NEVE_PROGRAM", "neve")
PYTHON = sys.executable

# Two stages: numbers made in Python, summed up in Python.
LINE = f"""
name: line
stages:
  data:
    run: {PYTHON} make.py
    inputs: make.py
    with: {{points: 50, slope: 2}}
  fit:
    run: {PYTHON} fit.py
    inputs: [fit.py]
    needs: data
"""
MAKE = """
import json, os, numpy as np
config = json.load(open(os.environ["NEVE_CONFIG"]))
x = np.linspace(0, 1, config["points"])
np.savez(os.environ["NEVE_OUTPUT_DIR"] + "/data.npz", x=x, y=config["slope"] * x + 1)
"""
FIT = """
import json, os, numpy as np
data = np.load(os.environ["NEVE_INPUT_DIR"] + "/data/arrays.npz")
slope, offset = np.polyfit(data["x"], data["y"], 1)
out = os.environ["NEVE_OUTPUT_DIR"]
np.save(out + "/residual.npy", data["y"] - slope * data["x"] - offset)
json.dump({"points": len(data["x"])}, open(out + "/state.json", "w"))
json.dump({"slope": slope, "offset": offset}, open(out + "/metrics.json", "w"))
os.mkdir(out + "/artifacts")
json.dump(["fitted"], open(out + "/artifacts/note.json", "w"))
"""


class CommandTest(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="neve-cli-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()

    def environment(self, **changes):
        kept = {name: value for name, value in os.environ.items() if name not in ("NEVE_CACHE", "NO_COLOR")}
        return kept | {"TMPDIR": str(self.temporary), "LC_ALL": "C.UTF-8"} | changes

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def write_line(self):
        self.write("line.yaml", LINE)
        self.write("make.py", MAKE)
        self.write("fit.py", FIT)

    def neve(self, *words, code=0, **environment):
        """Runs the command; its result has stdout and stderr as text."""
        done = subprocess.run(
            [PROGRAM, *words],
            cwd=self.folder,
            env=self.environment(**environment),
            text=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
        )
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout}\n{done.stderr}")
        return done

    def json(self, *words, code=0, **environment):
        return json.loads(self.neve(*words, "--json", code=code, **environment).stdout)

    def run_line(self, *words, code=0):
        """Runs the two-stage pipeline; its report by stage."""
        report = self.json("run", "line.yaml", *words, code=code)
        return {stage["node"]: stage for stage in report["stages"]}

    def wait_until_dead(self, pid):
        """A killed process dies when the kernel gets round to it; one that lives on runs into the test's time limit."""
        while True:
            try:
                if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] in "ZX":
                    return
            except (FileNotFoundError, ProcessLookupError):
                return
            os.sched_yield()

    def files(self, folder):
        root = self.folder / folder
        return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())

    def entries(self, cache=".neve"):
        """Names of the files of entries, without neve's own sub-folder."""
        return [name for name in self.files(cache) if not name.startswith(".neve/")]


if __name__ == "__main__":
    unittest.main()
