"""The service against its own OpenAPI document, by schemathesis with a fixed seed.

Skipped (status 77) where schemathesis cannot be installed, unless CI is set: it comes from PyPI, once, into the build folder.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from serve_test_case import ORDERS, Server

SCHEMATHESIS = "schemathesis==4.32.5"
SEED = "1"
# Of a body that is of the right form, whether its columns exist or its file is a table only the service can say.
LEFT_OUT = "positive_data_acceptance"


def schemathesis():
    """The program, installed if it is not there; None if it cannot be."""
    venv = Path(os.environ.get("NEVE_VENVS", tempfile.gettempdir())) / "schemathesis"
    program = venv / "bin" / "schemathesis"
    marker = venv / SCHEMATHESIS
    if not marker.exists():
        for words in (
            [sys.executable, "-m", "venv", str(venv)],
            [str(venv / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", SCHEMATHESIS],
        ):
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                print(f"schemathesis cannot be installed: {done.stdout}{done.stderr}", file=sys.stderr)
                return None
        marker.touch()
    return program


class OpenApi(unittest.TestCase):
    def run_against(self, server, folder, examples, *config):
        (folder / "schemathesis.toml").write_text("\n".join(config) + "\n")
        done = subprocess.run(
            [
                PROGRAM,
                "run",
                server.url + "/openapi.json",
                "--seed",
                SEED,
                "--max-examples",
                str(examples),
                "--no-shrink",
                "--phases",
                "examples,coverage,fuzzing",
                "--exclude-checks",
                LEFT_OUT,
                "--warnings",
                "off",
                "--request-timeout",
                "30",
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=280,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_answer_is_as_the_document_says(self):
        with tempfile.TemporaryDirectory(prefix="neve-openapi-") as name:
            folder = Path(name)
            with Server(folder, "--cache", "memory:64MiB") as server:
                self.run_against(server, folder, 10)

    def test_so_are_answers_about_a_dataset_there_is(self):
        with tempfile.TemporaryDirectory(prefix="neve-openapi-") as name:
            folder = Path(name)
            with Server(folder, "--cache", "memory:64MiB") as server:
                self.assertEqual(server.json("POST", "/api/v1/datasets?id=orders", ORDERS)[0], 201)
                question = json.dumps({"group_by": "customer", "value": "revenue"})
                _, answer = server.json(
                    "POST", "/api/v1/datasets/orders/analyses/concentration", question, {"Content-Type": "application/json"}
                )
                analysis, file = answer["artifacts"]["csv"].split("/")[-2:]
                self.run_against(
                    server,
                    folder,
                    10,
                    "[parameters]",
                    '"path.id" = "orders"',
                    f'"path.analysis" = "{analysis}"',
                    f'"path.file" = "{file}"',
                    "[[operations]]",
                    'include-operation-id = "remove_dataset"',
                    "enabled = false",
                )


if __name__ == "__main__":
    PROGRAM = schemathesis()
    if PROGRAM is None:
        sys.exit(1 if os.environ.get("CI") else 77)
    unittest.main()
