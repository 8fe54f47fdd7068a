"""neve ls, show, stats, verify, gc, rm, doctor and stages, with and without --json."""

import json
import os
import subprocess
import unittest
import zipfile

from command_test import PROGRAM, CommandTest


class CacheCommands(CommandTest):
    def setUp(self):
        super().setUp()
        self.write_line()
        self.stages = self.run_line()

    def key(self, stage):
        return self.stages[stage]["key"]

    def test_ls_lists_every_entry(self):
        listed = self.json("ls")
        self.assertEqual({entry["key"] for entry in listed}, {self.key("data"), self.key("fit")})
        for entry in listed:
            for field in ("bytes", "modified_at", "expires_at", "compute_s", "hits", "stage"):
                self.assertIn(field, entry)
        text = self.neve("ls").stdout
        self.assertIn("data", text)
        self.assertIn("2 entries", text)
        self.assertEqual(len(self.neve("ls", "--keys").stdout.split()), 2)
        self.assertEqual(self.neve("ls", "--keys", "--limit", "1", self.key("fit")[:8]).stdout.strip(), self.key("fit"))

    def test_ls_sorts_as_asked(self):
        by_size = self.json("ls", "--sort", "size")
        self.assertEqual([entry["bytes"] for entry in by_size], sorted((entry["bytes"] for entry in by_size), reverse=True))
        by_key = [entry["key"] for entry in self.json("ls", "--sort", "key")]
        self.assertEqual(by_key, sorted(by_key))

    def test_show_takes_a_unique_beginning_and_tells_everything(self):
        shown = self.json("show", self.key("fit")[:10])
        self.assertEqual(shown["key"], self.key("fit"))
        self.assertEqual(shown["arrays"]["residual"]["dtype"], "float64")
        self.assertEqual(shown["arrays"]["residual"]["shape"], [50])
        self.assertIn("min", shown["arrays"]["residual"])
        self.assertEqual(shown["recipe"]["node_id"], "fit")
        self.assertIn("fit.py", shown["recipe"]["files"])
        text = self.neve("show", self.key("data")).stdout
        for words in ("made from", "config    points = 50", "make.py", "expires   never", "float64", "(50,)", "0 to 1"):
            self.assertIn(words, text)

    def test_show_tells_where_the_files_are(self):
        shown = self.json("show", self.key("fit"))
        for member in ("json_path", "npz_path"):
            self.assertTrue((self.folder / shown[member]).is_file(), shown[member])
            self.assertIn(shown[member], self.neve("show", self.key("fit")).stdout)

    def test_ls_of_a_stage_tells_its_entries_apart(self):
        self.assertNotIn("settings", self.neve("ls").stdout)
        self.run_line("--set", "data.points=60")
        text = self.neve("ls", "--stage", "data").stdout
        self.assertRegex(text, r"(?m)^key +settings ")
        self.assertRegex(text, r"(?m)^\S+ +points=50 ")
        self.assertRegex(text, r"(?m)^\S+ +points=60 ")
        self.assertNotIn("expires", text)
        self.run_line("--set", "data.points=70", "--cache", "disk:.neve?ttl=1h")
        self.assertRegex(self.neve("ls", "--stage", "data").stdout, r"(?m)^\S+ +points=70 .* in (59 min|1 h)")
        listed = self.json("ls", "--stage", "data")
        self.assertEqual({entry["config"]["points"] for entry in listed}, {50, 60, 70})

    def test_ls_cuts_no_settings_where_there_is_no_terminal(self):
        self.write("named.yaml", "stages:\n  named: {run: 'cp $NEVE_CONFIG $NEVE_OUTPUT_DIR/state.json', with: {n: a}}\n")
        name = "a-name-that-takes-more-than-there-is-room-for-beside-the-rest"
        self.neve("run", "named.yaml", "--sweep", f"named.n=b,{name}")
        self.assertIn(name, self.neve("ls", "--stage", "named").stdout)

    def test_keys_that_are_not_there_or_not_unique_are_said(self):
        self.assertIn("no key begins with 'zzz'", self.neve("show", "zzz", code=2).stderr)
        self.assertIn("empty", self.neve("show", "", code=2).stderr)

    def test_stats_sum_up_by_stage(self):
        self.run_line()
        stats = self.json("stats")
        self.assertEqual(stats["entries"], 2)
        self.assertEqual(stats["hits"], 2)
        self.assertGreater(stats["saved_s"], 0)
        self.assertEqual(set(stats["stages"]), {"data", "fit"})
        self.assertRegex(self.neve("stats").stdout, r"(?m)^total +2 ")

    def test_verify_finds_a_flipped_byte_and_a_missing_half(self):
        self.assertEqual(self.json("verify")["sound"], 2)
        path = self.folder / f".neve/{self.key('data')}.npz"
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        (self.folder / f".neve/{self.key('fit')}.json").unlink()
        verdict = self.json("verify", code=3)
        self.assertEqual(
            {found["key"]: found["reason"] for found in verdict["damaged"]},
            {self.key("data"): "corrupt", self.key("fit"): "half"},
        )
        self.assertIn("1 sound" if verdict["sound"] else "2 damaged", self.neve("verify", code=3).stdout)
        self.assertEqual(self.json("verify", self.key("data")[:12], code=3)["checked"], 1)

    def test_a_damaged_entry_is_computed_anew(self):
        path = self.folder / f".neve/{self.key('data')}.json"
        path.write_text(path.read_text() + " ")
        again = self.run_line()
        self.assertEqual(again["data"]["outcome"], "miss")
        self.assertNotEqual(again["data"]["reason"], "absent")
        self.assertEqual(self.json("verify")["sound"], 2)

    def test_show_of_a_damaged_entry_says_so(self):
        path = self.folder / f".neve/{self.key('data')}.json"
        path.write_text(path.read_text() + " ")
        self.assertIn("A lookup does not find it", self.neve("show", self.key("data"), code=3).stdout)

    def test_gc_keeps_a_budget(self):
        self.assertEqual(self.json("gc")["removed"], [])
        would = self.json("gc", "--files", "2", "--dry-run")
        self.assertEqual(len(would["removed"]), 1)
        self.assertEqual(len(self.entries()), 4)
        self.assertEqual(len(self.json("gc", "--files", "2")["removed"]), 1)
        self.assertEqual(len(self.entries()), 2)
        self.assertIn("removed 1 entry (1 over budget)", self.neve("gc", "--budget", "1B").stdout)
        self.assertEqual(self.entries(), [])

    def test_gc_removes_what_has_expired(self):
        self.neve("run", "line.yaml", "--cache", "disk:short?ttl=0.001s")
        removed = []
        while len(removed) < 2:  # what a collection goes by counts whole seconds
            removed += self.json("gc", "--cache", "disk:short")["removed"]
        self.assertEqual({removal["reason"] for removal in removed}, {"expired"})
        self.assertEqual(self.entries("short"), [])

    def test_rm_by_prefix_and_all(self):
        self.assertEqual(self.json("rm", self.key("data")[:10])["removed"], [self.key("data")])
        self.assertEqual(len(self.entries()), 2)
        self.neve("rm", code=2)
        self.neve("rm", "--all", self.key("fit"), code=2)
        self.assertIn("removed 1 entry", self.neve("rm", "--all").stdout)
        self.assertEqual(self.entries(), [])

    def test_entries_of_a_stage_are_listed_and_removed(self):
        self.assertEqual([entry["key"] for entry in self.json("ls", "--stage", "fit")], [self.key("fit")])
        self.assertEqual(self.json("ls", "--stage", "fti"), [])
        self.assertIn("no entry is of a stage 'fti' (did you mean 'fit'?)", self.neve("ls", "--stage", "fti").stdout)
        self.assertIn("'fit' is a stage: neve ls --stage fit", self.neve("ls", "fit").stdout)
        self.assertIn("did you mean 'fit'?", self.neve("rm", "--stage", "fti", code=2).stderr)
        self.neve("rm", "--stage", "fit", "--all", code=2)
        self.neve("rm", "--stage", "fit", self.key("data"), code=2)
        self.assertEqual(self.json("rm", "--stage", "fit")["removed"], [self.key("fit")])
        self.assertEqual(self.json("ls", "--stage", "data")[0]["key"], self.key("data"))

    def test_doctor_tells_what_is_built_in_and_where_the_cache_is(self):
        report = self.json("doctor")
        self.assertEqual(report["problems"], [])
        self.assertEqual(report["cache"]["entries"], 2)
        self.assertIn("oneTBB", report["built_in"]["libraries"])
        for part in ("redis", "optics", "datasets", "service", "prometheus"):
            self.assertIsInstance(report["built_in"][part], bool)
        self.assertEqual("DuckDB" in report["built_in"]["libraries"], report["built_in"]["datasets"])
        self.assertEqual(report["built_in"]["stages"], self.neve("stages", "--names").stdout.split())
        text = self.neve("doctor").stdout
        self.assertIn("no problems found", text)
        self.assertIn("disk:.neve", text)

    def test_doctor_names_problems_with_their_remedy(self):
        path = self.folder / f".neve/{self.key('data')}.npz"
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        for half in (path, path.with_suffix(".json")):  # what was just touched is left alone: it may be in the making
            os.utime(half, (1_000_000_000, 1_000_000_000))
        self.run_line()
        problems = self.json("doctor", code=1)["problems"]
        self.assertIn("quarantine", problems[0]["problem"])
        self.assertIn("neve verify", problems[0]["remedy"])
        self.assertEqual(self.json("rm", "--all")["quarantined"], 2)
        self.assertEqual(self.json("doctor")["problems"], [])
        gone = self.neve("doctor", "--cache", "disk:gone", code=1).stdout
        self.assertEqual(self.neve("doctor", "disk:gone", code=1).stdout, gone)
        self.assertIn("there is no cache folder 'gone'", gone)

    def test_stages_show_fields_units_and_defaults(self):
        names = self.neve("stages", "--names").stdout.split()
        self.assertEqual([stage["name"] for stage in self.json("stages")], names)
        if not names:
            self.skipTest("built without compiled stages")
        text = self.neve("stages", "optics.fiber").stdout
        self.assertRegex(text, r"length_m +number.* m ")
        self.assertIn("did you mean 'optics.fiber'", self.neve("stages", "optics.fibre", code=2).stderr)

    def test_output_that_cannot_be_written_is_an_error(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [PROGRAM, "ls"],
                cwd=self.folder,
                env=self.environment(),
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        self.assertEqual(done.returncode, 8, done.stderr)
        self.assertIn("standard output", done.stderr)

    def test_json_has_no_bare_words_for_what_is_no_number(self):
        self.write(".neve/odd.json", '{"a": NaN, "b": [Infinity, -Infinity, 1.5]}')
        np_like = zipfile.ZipFile(self.folder / ".neve/odd.npz", "w")
        np_like.close()
        shown = json.loads(self.neve("show", "odd", "--json").stdout, parse_constant=self.fail)
        self.assertEqual(shown["meta"], {"a": "NaN", "b": ["Infinity", "-Infinity", 1.5]})

    def test_what_neve_does_not_read_is_not_called_damaged(self):
        self.write(".neve/deep.json", '{"a": ' + "[" * 300 + "]" * 300 + "}")
        zipfile.ZipFile(self.folder / ".neve/deep.npz", "w").close()
        verified = self.json("verify")
        self.assertEqual([item["key"] for item in verified["unsupported"]], ["deep"])
        self.assertEqual(verified["damaged"], [])
        self.assertIn("1 of a kind that neve does not read", self.neve("verify").stdout)

    def test_values_that_are_empty_or_below_zero_are_refused(self):
        for words in (
            ["rm", ""],
            ["gc", "--files", ""],
            ["gc", "--budget", ""],
            ["gc", "--files", "-1"],
            ["ls", "--limit", "-1"],
            ["ls", "--cache", ""],
            ["run", ""],
            ["ls", "--cache", "disk:a%00b"],
            ["ls", "--cache", "disk:a,,memory:1MB"],
            ["ls", "--cache", "disk:a?ttl=0"],
        ):
            with self.subTest(words=words):
                self.neve(*words, code=2)
        self.assertEqual(len(self.json("ls")), 2)

    def test_json_of_every_command_is_one_document(self):
        for words in (["ls"], ["show", self.key("fit")], ["stats"], ["verify"], ["gc"], ["doctor"], ["stages"]):
            json.loads(self.neve(*words, "--json").stdout)


if __name__ == "__main__":
    unittest.main()
