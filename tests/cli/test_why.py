"""neve why: what changed since the nearest stored result."""

import unittest

from command_test import CommandTest


class Why(CommandTest):
    def setUp(self):
        super().setUp()
        self.write_line()
        self.run_line()

    def test_names_the_setting_that_changed_and_what_follows(self):
        text = self.neve("why", "line.yaml", "--set", "data.slope=3").stdout
        self.assertIn("data: would be computed", text)
        self.assertIn("config.slope: 2 → 3", text)
        self.assertIn("fit: follows once 'data' is computed", text)

    def test_names_all_that_a_stage_waits_for(self):
        run = "{run: \"echo '{}' > $NEVE_OUTPUT_DIR/state.json\""
        self.write("sum.yaml", f"stages:\n  a: {run}}}\n  b: {run}}}\n  sum: {run}, needs: [a, b]}}\n")
        self.assertIn("sum: follows once 'a', 'b' are computed", self.neve("why", "sum.yaml").stdout)

    def test_names_the_input_file_that_changed(self):
        self.write("fit.py", (self.folder / "fit.py").read_text() + "# another\n")
        text = self.neve("why", "line.yaml").stdout
        self.assertIn("data: found", text)
        self.assertRegex(text, r"(?s)fit: would be computed.*fit\.py")

    def test_names_the_command_that_was_edited(self):
        text = (self.folder / "line.yaml").read_text()
        self.write("line.yaml", text.replace("fit.py\n", "fit.py --more\n", 1))
        self.assertRegex(
            self.neve("why", "line.yaml", "fit").stdout, r"(?s)nearest stored result.*command: .*fit.py' → .*--more"
        )

    def changes_of(self, text, **environment):
        """What is said of the only stage of a pipeline that prints nothing new but for `text` and `environment`."""
        self.write("env.yaml", text)
        return self.neve("why", "env.yaml", **environment).stdout

    def test_names_the_environment_variable_and_the_line_that_changed_and_keeps_no_value(self):
        text = "stages:\n  s:\n    env: [MODE]\n    run: |\n      cd .\n      echo '{\"a\": 1}' > $NEVE_OUTPUT_DIR/state.json\n"
        self.write("env.yaml", text)
        self.neve("run", "env.yaml", MODE="a secret")
        self.assertIn("'MODE' has another value", self.changes_of(text, MODE="another"))
        self.assertIn("'MODE' was set, and no longer is", self.changes_of(text))
        later = self.changes_of(text.replace("1}", "2}"), MODE="a secret")
        self.assertRegex(later, r"command, line 2: .*1}.* → .*2}")
        self.assertNotIn("MODE", later)
        (key,) = (entry["key"] for entry in self.json("ls") if entry["stage"] == "s")
        self.assertRegex(self.neve("show", key).stdout, r"does      run: cd \.\n {12}echo '{\"a\": 1}'")
        kept = b"".join(path.read_bytes() for path in (self.folder / ".neve").rglob("*") if path.is_file())
        self.assertNotIn(b"a secret", kept)

    def test_compares_with_the_nearest_of_several(self):
        self.run_line("--set", "data.slope=3", "--set", "data.points=60")
        (data,) = self.json("why", "line.yaml", "data", "--set", "data.slope=4")["stages"]
        self.assertEqual(data["nearest"]["changes"], ["config.slope: 2 → 4"])

    def test_tells_every_point_of_the_sweep_that_the_file_asks_for(self):
        text = (self.folder / "line.yaml").read_text()
        self.write("line.yaml", text + "sweep:\n  data.slope: [3, 4]\n")
        self.run_line()
        self.assertNotIn("would be computed", self.neve("why", "line.yaml").stdout)
        self.write("line.yaml", text + "sweep:\n  data.slope: [3, 9]\n")
        found, missing = self.json("why", "line.yaml", "data")["stages"]
        self.assertEqual([found["outcome"], found["label"]], ["found", "data.slope=3"])
        self.assertRegex(missing["nearest"]["changes"][0], r"config.slope: [234] → 9")
        self.assertIn("data [data.slope=9]: would be computed", self.neve("why", "line.yaml").stdout)
        self.assertIn("→ 5", self.neve("why", "line.yaml", "--set", "data.slope=5").stdout)

    def test_says_when_nothing_like_it_is_stored(self):
        (self.folder / "empty").mkdir()
        text = self.neve("why", "line.yaml", "--cache", "disk:empty").stdout
        self.assertIn("no result of", text)

    def test_says_when_the_entry_is_there_but_damaged(self):
        key = self.run_line()["data"]["key"]
        (self.folder / ".neve" / f"{key}.npz").unlink()
        self.assertRegex(self.neve("why", "line.yaml", "data").stdout, r"is no hit: half|no result of")

    def test_stores_and_computes_nothing(self):
        before = self.entries()
        self.neve("why", "line.yaml", "--set", "data.slope=3")
        self.assertEqual(self.entries(), before)

    def test_an_unknown_stage_is_named_with_the_nearest(self):
        result = self.neve("why", "line.yaml", "dta", code=2)
        self.assertIn("'dta'", result.stderr)
        self.assertIn("'data'", result.stderr)


if __name__ == "__main__":
    unittest.main()
