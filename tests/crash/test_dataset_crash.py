"""`neve dataset add` and `neve analyze` killed at the entry of each of their system calls that change anything on the disk.

Between two such calls nothing changes that another process could see.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "cli"))
from command_test import PROGRAM, CommandTest

STRACE = os.environ["NEVE_STRACE"]
CALLS = (
    "write",
    "pwrite64",
    "rename",
    "renameat",
    "renameat2",
    "mkdir",
    "mkdirat",
    "rmdir",
    "unlink",
    "unlinkat",
    "link",
    "linkat",
    "ftruncate",
    "fallocate",
    "flock",
    "fsync",
    "fdatasync",
)
MOST = 200  # of one call; neither command makes so many
ADD = ("dataset", "add", "new.csv", "--id", "orders", "--quiet")
QUESTION = ("analyze", "orders", "--group-by", "name", "--value", "amount", "--json")


class DatasetCrash(CommandTest):
    def setUp(self):
        super().setUp()
        self.write("old.csv", "name,amount\na,1\nb,2\n")
        self.write("new.csv", "name,amount,more\na,7,2\nb,3,4\nc,5,6\n")
        self.neve("dataset", "add", "old.csv", "--id", "orders", "--quiet")
        shutil.copytree(self.folder / "storage", self.folder / "scene")

    def killed_at(self, call, nth, words):
        """Whether the command made so many of these calls that it was killed."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("NEVE_")}
        done = subprocess.run(
            [
                STRACE,
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                f"trace={call}",
                "-e",
                f"inject={call}:signal=KILL:when={nth}",
                PROGRAM,
                *words,
            ],
            cwd=self.folder,
            env=environment | {"ASAN_OPTIONS": "detect_leaks=0"},
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode == -9:
            return True
        self.assertEqual(done.returncode, 0, done.stderr)
        return False

    def kill_everywhere(self, words, check):
        kills = 0
        for call in CALLS:
            for nth in range(1, MOST):
                shutil.rmtree(self.folder / "storage")
                shutil.copytree(self.folder / "scene", self.folder / "storage")
                killed = self.killed_at(call, nth, words)
                with self.subTest(call=call, nth=nth):
                    check(killed)
                if not killed:
                    break
                kills += 1
            else:
                self.fail(f"{call} is made again and again")
        self.assertGreater(kills, 10, "the injection did not work")

    def total(self):
        """What the rows of the dataset there is add up to; the command checks that its table is whole."""
        return json.loads(self.neve(*QUESTION).stdout)["result"]["totals"]["total"]

    def columns(self):
        return len(self.json("dataset", "schema", "orders")["columns"])

    def test_an_addition_killed_anywhere_leaves_the_old_dataset_or_the_new_one(self):
        self.assertEqual((self.columns(), self.total()), (2, 3))

        def check(killed):
            found = (self.columns(), self.total())
            self.assertIn(found, ((2, 3), (3, 15)) if killed else ((3, 15),))
            self.neve(*ADD)
            self.assertEqual((self.columns(), self.total()), (3, 15))

        self.kill_everywhere(ADD, check)

    def answers(self):
        """The folders of the answers there are; each must hold what its manifest says."""
        manifests = list((self.folder / "storage/datasets/orders/analyses").rglob("manifest.json"))
        for manifest in manifests:
            for file in json.loads(manifest.read_text())["files"]:
                content = (manifest.parent / f"concentration.{file['format']}").read_bytes()
                self.assertEqual(hashlib.sha256(content).hexdigest(), file["sha256"])
        return {manifest.parent.parent.name for manifest in manifests}

    def test_an_analysis_killed_anywhere_is_readable_or_absent(self):
        expected = self.neve(*QUESTION).stdout

        def check(_):
            self.assertEqual(self.neve(*QUESTION).stdout, expected)
            self.assertEqual(self.neve(*QUESTION).stdout, expected)
            self.assertEqual(len(self.answers()), 1)

        self.kill_everywhere(QUESTION, check)

    def test_an_older_answer_that_makes_room_is_there_or_absent(self):
        self.neve(*QUESTION, "--thresholds", "5")
        older = self.answers()
        shutil.rmtree(self.folder / "scene")
        shutil.copytree(self.folder / "storage", self.folder / "scene")

        def check(killed):
            left = self.answers()
            if not killed:
                self.assertEqual((len(left), left & older), (1, set()))
            self.neve(*QUESTION, "--thresholds", "6", "--artifacts", "1KiB")
            self.assertEqual(len(self.answers()), 1)
            self.assertEqual([path.name for path in (self.folder / "storage/.staging").iterdir()], [".lock"])

        self.kill_everywhere((*QUESTION, "--artifacts", "1KiB"), check)


if __name__ == "__main__":
    unittest.main()
