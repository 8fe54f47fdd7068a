"""What the tests of `neve dataset` share: adding a file and reading what became of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from command_test import PROGRAM, CommandTest  # noqa: F401

PRINT_PARQUET = os.environ["NEVE_PRINT_PARQUET"]


class DatasetTest(CommandTest):
    def write_bytes(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def add(self, name, *words):
        """Adds the file; what the command says about it."""
        return self.json("dataset", "add", name, *words)

    def add_text(self, text, *words, name="table.csv"):
        self.write_bytes(name, text.encode() if isinstance(text, str) else text)
        return self.add(name, *words)

    def refused(self, name, *words, code=2):
        """Adds a file that is none; the error. Nothing may remain of it."""
        before = self.files(".")
        error = self.neve("dataset", "add", name, *words, code=code).stderr
        left = [path for path in self.files(".") if path not in before and not path.startswith("storage/.")]
        self.assertEqual(left, [])
        staging = self.folder / "storage/.staging"
        if staging.exists():
            self.assertEqual([path.name for path in staging.iterdir() if path.is_dir()], [])
        return error

    def rows(self, dataset="table"):
        path = self.folder / "storage/datasets" / dataset / "normalized.parquet"
        done = subprocess.run([PRINT_PARQUET, path], text=True, capture_output=True, check=True, timeout=120)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def column(self, added, name):
        return next(column for column in added["schema"]["columns"] if column["name"] == name)

    def types(self, added):
        return {column["name"]: column["type"] for column in added["schema"]["columns"]}

    def warnings(self, added):
        return {warning["code"] for warning in added["schema"]["warnings"]}

    def steps(self, dataset="table"):
        return self.json("dataset", "lineage", dataset)["steps"]

    def step(self, name, dataset="table"):
        return next(step for step in reversed(self.steps(dataset)) if step["step"] == name)

    def coercions(self, column, dataset="table"):
        columns = self.step("normalise", dataset)["columns"]
        found = next(item for item in columns if item["name"] == column)
        return {coercion["coercion"]: coercion["count"] for coercion in found["coercions"]}
