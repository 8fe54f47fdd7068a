"""Mistakes get their place, what was expected and the nearest name; every kind its exit code; no secret is printed."""

import subprocess
import unittest

from command_test import PROGRAM, CommandTest

SECRET = "hunter2secret"


class BadInput(CommandTest):
    def refusal(self, text, *words, code=2):
        self.write("p.yaml", text)
        return self.neve("run", "p.yaml", *words, code=code).stderr

    def test_pipeline_files(self):
        for text, expected in [
            ("stages:\n  a: {run: x, nedes: b}", "p.yaml:2:15: unknown field 'nedes' of stage 'a' (did you mean 'needs'?)"),
            ("stages:\n  a: {run: x, needs: b}", "p.yaml:2:22: stage 'a' needs 'b', which is not a stage of this file"),
            ("stages:\n  a: {run: x, needs: b}\n  b: {run: x, needs: a}", "p.yaml:3:22: the stages need each other in a cycle"),
            ("stages:\n  a: {run: x\n", "p.yaml:3:1: "),
            ("stages:\n  a: {uses: no.such}", "p.yaml:2:13: unknown stage 'no.such'"),
            ("stages:\n  a: {run: x, inputs: gone.py}", "p.yaml:2:23: the input 'gone.py' matches no file"),
            ("stages:\n  a: {run: x, timeout: soon}", "p.yaml:2:24: 'timeout' of stage 'a' must be a duration"),
            ("name: a/b\nstages:\n  a: {run: x}", "p.yaml:1:7: "),
        ]:
            self.assertIn(expected, self.refusal(text))
        self.assertEqual(self.entries() if (self.folder / ".neve").exists() else [], [])

    def test_all_mistakes_of_a_file_at_once(self):
        error = self.refusal("stages:\n  a: {run: x, nedes: b}\n  b: {run: x, needs: c, timout: 1}")
        self.assertEqual([line.split(": ")[0] for line in error.splitlines()[1:]], ["p.yaml:3:22", "p.yaml:3:25"], error)
        self.assertTrue(error.startswith("neve: p.yaml:2:15: unknown field 'nedes'"), error)

    def test_compiled_stages(self):
        if "optics.fiber" not in self.neve("stages", "--names").stdout.split():
            self.skipTest("built without the optics stages")
        self.assertIn(
            "p.yaml:2:13: unknown stage 'optics.fibre' (did you mean 'optics.fiber'?)",
            self.refusal("stages:\n  a: {uses: optics.fibre}"),
        )
        self.assertIn(
            "p.yaml:6:5: unknown field 'lenght_m' of stage 'f' (did you mean 'length_m'?)",
            self.refusal(
                "stages:\n  s: {uses: optics.pulse, with: {peak_power_w: 1}}\n  f:\n   uses: optics.fiber\n   with:\n    lenght_m: 1\n   needs: s"
            ),
        )
        self.assertIn("must need 1 stage, not 0", self.refusal("stages:\n  f: {uses: optics.fiber}"))

    def test_flags(self):
        good = "stages:\n  a: {run: x, with: {n: 1}}"
        self.assertIn("did you mean 'n'", self.refusal(good, "--set", "a.m=1"))
        self.assertIn("did you mean 'n'", self.refusal(good, "--set", "a.N=1"))
        self.assertIn("no stage 'b'", self.refusal(good, "--set", "b.n=1"))
        self.assertIn("no stage 'b'", self.refusal(good, "--sweep", "b.n=1,2"))
        self.assertIn("no stage 'b'", self.refusal(good, "--until", "b"))
        self.assertIn("did you mean '--sweep'", self.refusal(good, "--swep", "a.n=1"))
        self.assertIn("did you mean 'disk'", self.refusal(good, "--cache", "dsk:x"))
        self.assertIn("did you mean 'budget'", self.refusal(good, "--cache", "disk:x?buget=1"))

    def test_values_are_refused_with_their_option(self):
        good = "stages:\n  a: {run: x, with: {n: 1}}"
        self.assertIn("--memory: 'lots' is not a size", self.refusal(good, "--memory", "lots"))
        self.assertIn("'budget=': 'lots' is not a size", self.refusal(good, "--cache", "disk:x?budget=lots"))
        self.assertIn("'ttl=': 'soon' is not", self.refusal(good, "--cache", "disk:x?ttl=soon"))
        self.assertIn("'results' names no kind of cache", self.refusal(good, "--cache", "results"))
        self.assertIn("as in 'disk:results'", self.refusal(good, "--cache", "results"))
        self.assertIn("a variable unset", self.refusal(good, "--set", "a.n="))
        self.assertIn("'p.yaml' is a file; name a folder", self.refusal(good, "--record", "p.yaml"))
        self.assertIn("--budget: 'x' is not a size", self.neve("gc", "--budget", "x", code=2).stderr)
        self.assertIn("--limit: 'x' is not a whole number", self.neve("ls", "--limit", "x", code=2).stderr)
        self.assertIn("one of the three", self.neve("rm", "--all", "abc", code=2).stderr)

    def test_a_file_whose_name_is_no_pipelines_is_told_how_to_have_one(self):
        self.write("my study.yaml", "stages: {a: {run: x}}")
        self.assertIn("by 'name: ...' in the file", self.neve("run", "my study.yaml", code=2).stderr)

    def test_verbs(self):
        if not self.json("doctor", "memory:")["built_in"]["datasets"]:
            self.skipTest("built without datasets")
        self.assertIn("unknown command 'dataset ad' (did you mean 'add'?)", self.neve("dataset", "ad", code=2).stderr)
        self.assertIn("'neve dataset' needs a command (known: add,", self.neve("dataset", code=2).stderr)
        self.assertIn("there is no file 'gone.csv'", self.neve("dataset", "add", "gone.csv", code=2).stderr)
        self.assertFalse((self.folder / "storage").exists(), "left by a file that is not there")

    def test_missing_files_and_folders(self):
        self.assertIn("gone.yaml: no such file", self.neve("run", "gone.yaml", code=2).stderr)
        self.assertIn("there is no cache folder", self.neve("ls", code=2).stderr)
        self.write("file", "")
        self.assertIn("file", self.refusal("stages: {a: {run: x}}", "--cache", "disk:file"))

    def test_commands(self):
        self.assertIn("did you mean 'doctor'", self.neve("docter", code=2).stderr)
        error = self.neve("stats", "redis://:s3cret@host", code=2).stderr
        self.assertIn("redis://:***@host", error)
        self.assertNotIn("s3cret", error)
        self.assertIn("neve run", self.neve("run", code=2).stderr)
        self.neve(code=2)
        self.assertIn("--sweep", self.neve("run", "--help").stdout)
        self.assertRegex(self.neve("--version").stdout, r"^neve \d+\.\d+")

    def test_what_cannot_be_listed_is_unsupported(self):
        self.assertIn("cannot be listed", self.neve("ls", "--cache", "memory:1MiB", code=4).stderr)

    def test_a_word_is_no_cache(self):
        for words in (["ls", "--cache", "results"], ["stats", "--cache", "results"], ["verify", "--cache", "results"]):
            self.assertIn("begins with its kind, as in 'disk:results'", self.neve(*words, code=2).stderr)
        self.assertIn("begins with its kind", self.neve("doctor", "results", code=1).stdout)
        self.assertIn("did you mean 'disk'", self.neve("ls", "--cache", "dsk:results", code=2).stderr)

    def test_a_file_that_is_too_large(self):
        self.refusal("#" * (1 << 21), code=5)

    def test_secrets_are_never_printed(self):
        url = f"redis://user:{SECRET}@127.0.0.1:1/0?prefix=x"
        self.write("p.yaml", "stages: {a: {run: 'echo {} > \"$NEVE_OUTPUT_DIR/state.json\"'}}")
        for words in (
            ["run", "p.yaml", "--report", "r.json"],
            ["ls"],
            ["doctor"],
            ["doctor", "--json"],
            ["rm", "x"],
            ["verify"],
        ):
            done = self.run_any(*words, "--cache", url)
            self.assertNotIn(SECRET, done.stdout + done.stderr, words)
        if (self.folder / "r.json").exists():
            self.assertNotIn(SECRET, (self.folder / "r.json").read_text())

    def run_any(self, *words):
        return subprocess.run(
            [PROGRAM, *words],
            cwd=self.folder,
            env=self.environment(),
            text=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )


if __name__ == "__main__":
    unittest.main()
