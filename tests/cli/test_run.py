"""neve run: cold and warm, settings, sweeps, reports, recording, dry runs."""

import csv
import json
import os
import subprocess
import unittest

from command_test import CommandTest


class Run(CommandTest):
    def setUp(self):
        super().setUp()
        self.write_line()

    def test_computes_once_and_finds_afterwards(self):
        cold = self.neve("run", "line.yaml").stdout
        warm = self.neve("run", "line.yaml").stdout
        for stage in ("data", "fit"):
            self.assertRegex(cold, rf"(?m)^{stage} +miss ")
            self.assertRegex(warm, rf"(?m)^{stage} +hit ")
        for title in ("compute", "lookup", "store", "bytes", "saved"):
            self.assertIn(title, cold.splitlines()[0])
        self.assertIn("slope", warm)
        self.assertEqual(len(self.entries()), 4)

    def test_json_has_what_programs_need(self):
        self.run_line()
        report = self.json("run", "line.yaml")
        self.assertEqual([stage["outcome"] for stage in report["stages"]], ["hit", "hit"])
        for stage in report["stages"]:
            for field in ("key", "compute_s", "lookup_s", "store_s", "saved_s", "stored_bytes", "backend"):
                self.assertIn(field, stage)
            self.assertGreater(stage["saved_s"], 0)
        self.assertAlmostEqual(report["metrics"]["line.fit.slope"], 2)
        self.assertEqual(report["cache"], "disk:.neve")
        self.assertEqual(report["provenance"]["fit"]["cache"]["hit"], True)
        self.assertIn("totals", report)

    def test_two_caches_get_identical_entries(self):
        for name in ("one", "two"):
            self.neve("run", "line.yaml", "--cache", f"disk:{name}")
        self.assertEqual(self.entries("one"), self.entries("two"))
        for name in self.entries("one"):
            self.assertEqual((self.folder / "one" / name).read_bytes(), (self.folder / "two" / name).read_bytes(), name)

    def test_settings_change_only_what_depends_on_them(self):
        first = self.run_line()
        second = self.run_line("--set", "data.slope=3")
        self.assertNotEqual(first["data"]["key"], second["data"]["key"])
        self.assertEqual(second["fit"]["outcome"], "miss")
        self.assertEqual(self.run_line()["fit"]["outcome"], "hit")

    def test_a_changed_input_file_changes_the_key(self):
        self.run_line()
        self.write("fit.py", (self.folder / "fit.py").read_text() + "# another\n")
        again = self.run_line()
        self.assertEqual((again["data"]["outcome"], again["fit"]["outcome"]), ("hit", "miss"))

    def test_policy_enters_every_key(self):
        before = self.run_line()
        self.write("line.yaml", "policy: {precision: single}\n" + (self.folder / "line.yaml").read_text())
        self.assertEqual({stage["outcome"] for stage in self.run_line().values()}, {"miss"})
        self.assertNotEqual(before["data"]["key"], self.run_line()["data"]["key"])

    def test_sweeps_run_every_combination_and_print_rows(self):
        report = self.json("run", "line.yaml", "--sweep", "data.slope=1,2,3", "--sweep", "data.points=10:20:2", "--jobs", "2")
        self.assertEqual(len(report["sweep"]), 6)
        self.assertEqual(report["sweep"][0]["data.slope"], 1)
        self.assertEqual(report["sweep"][-1]["data.points"], 20)
        self.assertAlmostEqual(report["sweep"][-1]["fit.slope"], 3)
        text = self.neve("run", "line.yaml", "--sweep", "data.slope=1,2,3").stdout
        self.assertRegex(text, r"(?m)^ *point +data\.slope .*fit\.slope")

    def rows(self, name):
        with open(self.folder / name, newline="") as file:
            return list(csv.DictReader(file))

    def test_a_sweep_writes_its_table_as_csv(self):
        self.write("copy.yaml", "stages:\n  a: {run: 'cp $NEVE_CONFIG $NEVE_OUTPUT_DIR/metrics.json', with: {x: 0.5}}\n")
        text = self.neve("run", "copy.yaml", "--sweep", "a.x=1:50:50", "--table", "out/t.csv").stdout
        rows = self.rows("out/t.csv")
        self.assertEqual([(row["point"], row["a.x"]) for row in rows], [(str(i), str(i + 1)) for i in range(50)])
        self.assertEqual([float(row["a.x (result)"]) for row in rows], [i + 1 for i in range(50)])
        self.assertRegex(text, r"(?m)^a \(50 points\) +miss ")
        self.assertIn("and 30 more; out/t.csv has all points\n", text)
        self.neve("run", "copy.yaml", "--table", "one.csv")
        self.assertEqual(self.rows("one.csv"), [{"point": "0", "a.x": "0.5"}])

    def test_of_many_failures_the_first_are_told(self):
        self.write("fail.yaml", "stages:\n  a: {run: 'cat $NEVE_CONFIG; false', with: {x: 0.5}}\n")
        failed = self.neve("run", "fail.yaml", "--sweep", "a.x=1:60:60", "--report", "r.json", code=1).stderr
        self.assertEqual(failed.count("neve: pipeline"), 40)
        self.assertTrue(failed.endswith("neve: 20 more failures; a --report has all\n"), failed[-200:])
        self.assertEqual(len(json.loads((self.folder / "r.json").read_text())["failures"]), 60)

    def test_a_table_goes_into_the_pipe_behind_standard_output(self):
        told = self.neve("run", "line.yaml", "--table", "/dev/stdout").stdout
        self.assertTrue(told.startswith("point,fit.offset,fit.slope\n0,"), told)

    def test_a_dash_is_standard_output(self):
        printed = self.neve("run", "line.yaml", "--sweep", "data.slope=1,2", "--table", "-").stdout
        self.assertEqual(printed.splitlines()[0], "point,data.slope,fit.offset,fit.slope")
        self.assertEqual(len(printed.splitlines()), 3)
        report = json.loads(self.neve("run", "line.yaml", "--report", "-").stdout)
        self.assertEqual(len(report["stages"]), 2)
        for words in (["--json"], ["--report", "-"]):
            self.assertIn("standard output", self.neve("run", "line.yaml", "--table", "-", *words, code=2).stderr)
        self.assertFalse((self.folder / "-").exists())

    def test_a_table_that_cannot_be_written_is_told_before_anything_runs(self):
        (self.folder / "link.csv").symlink_to("x.csv")
        for more, said in {
            ("--table", "."): "'.' is a folder; name a file",
            ("--table", "line.yaml"): "--table line.yaml would replace the pipeline file itself",
            ("--table", "x.csv", "--report", "./x.csv"): "--table and --report both name x.csv",
            ("--table", str(self.folder / "x.csv"), "--report", "x.csv"): "--table and --report both name /",
            ("--table", "link.csv", "--report", "x.csv"): "--table and --report both name link.csv",
            ("--table", "x.csv", "--dry-run"): "a dry run has no metrics for --table",
        }.items():
            self.assertIn(said, self.neve("run", "line.yaml", *more, code=2).stderr)
        self.assertEqual(self.entries(), [])

    def test_a_table_of_points_is_run_line_by_line(self):
        self.write("design.csv", "data.slope,data.points\n1,10\n2.5,30\n")
        report = self.json("run", "line.yaml", "--points", "design.csv")
        self.assertEqual([(row["data.slope"], row["data.points"]) for row in report["sweep"]], [(1, 10), (2.5, 30)])
        self.assertAlmostEqual(report["sweep"][-1]["fit.slope"], 2.5)
        for flag in ("--set", "--sweep"):
            self.assertIn(
                f"{flag} and --points both speak of data.slope",
                self.neve("run", "line.yaml", "--points", "design.csv", flag, "data.slope=3", code=2).stderr,
            )
        self.assertIn("none.csv: no such file", self.neve("run", "line.yaml", "--points", "none.csv", code=2).stderr)
        same = self.neve("run", "line.yaml", "--points", "design.csv", "--report", "design.csv", code=2).stderr
        self.assertIn("would replace the table of points", same)

    def test_stages_that_points_share_run_once(self):
        self.write(
            "shared.yaml",
            """
stages:
  one: {run: 'echo x >> "$LOG"; echo {} > "$NEVE_OUTPUT_DIR/state.json"'}
  two: {run: 'cp "$NEVE_CONFIG" "$NEVE_OUTPUT_DIR/state.json"', needs: one, with: {n: 0}}
""",
        )
        self.neve("run", "shared.yaml", "--sweep", "two.n=1,2,3", "--cache", "none:", LOG=str(self.folder / "log"))
        self.assertEqual((self.folder / "log").read_text(), "x\n")

    def test_until_runs_a_stage_and_what_it_needs(self):
        self.assertEqual(list(self.run_line("--until", "data")), ["data"])

    def test_recompute_computes_again_and_says_whether_it_is_the_same(self):
        self.write(
            "read.yaml",
            """
stages:
  read: {run: 'cp "$FAR" "$NEVE_OUTPUT_DIR/state.json"'}
  copy: {run: 'cp "$NEVE_INPUT_DIR/read/state.json" "$NEVE_OUTPUT_DIR/"', needs: read}
""",
        )
        far = self.write("far.json", '{"n": 1}')

        def outcomes(*flags):
            report = self.json("run", "read.yaml", *flags, FAR=str(far))
            return {stage["node"]: (stage["outcome"], stage["reason"]) for stage in report["stages"]}, report["warnings"]

        outcomes()
        stages, warnings = outcomes("--recompute", "read")
        self.assertEqual(stages, {"read": ("miss", "computed again: the same result"), "copy": ("hit", "")})
        self.assertEqual(warnings, [])
        far.write_text('{"n": 2}')  # declared nowhere
        self.assertEqual({outcome for outcome, _ in outcomes()[0].values()}, {"hit"})
        stages, warnings = outcomes("--recompute", "read")
        self.assertEqual(stages["read"], ("miss", "computed again: another result"))
        self.assertEqual(stages["copy"][0], "miss")
        self.assertRegex(warnings[0], "stage 'read': computed again it gave another result")
        self.assertEqual({outcome for outcome, _ in outcomes()[0].values()}, {"hit"})

    def test_recompute_says_where_the_former_result_is_still_found(self):
        self.run_line("--cache", "disk:lab")
        for cache, told in (("disk:lab?mode=read,disk:own", 1), ("disk:own,disk:lab?mode=read", 0)):
            warnings = self.json("run", "line.yaml", "--cache", cache, "--recompute", "data")["warnings"]
            self.assertEqual(sum("the nearest cache is only read" in warning for warning in warnings), told, warnings)

    def test_recompute_knows_the_stages_of_the_run(self):
        plan = self.json("run", "line.yaml", "--dry-run", "--recompute", "data", "--recompute", "fit")
        self.assertEqual(plan["stages"][0]["plan"], "compute")
        self.assertEqual(plan["stages"][0]["reason"], "--recompute asks for it")
        refused = self.neve("run", "line.yaml", "--recompute", "date", code=2).stderr
        self.assertIn("--recompute date: no stage 'date' in line.yaml (did you mean 'data'?)", refused)
        refused = self.neve("run", "line.yaml", "--recompute", "fit", "--until", "data", code=2).stderr
        self.assertIn("--recompute fit: the stage is not run: 'data' does not need it", refused)

    def test_a_stage_that_is_not_to_be_cached_runs_each_time(self):
        self.write(
            "mail.yaml",
            """
stages:
  draw: {run: 'echo {} > "$NEVE_OUTPUT_DIR/state.json"'}
  mail: {run: 'echo sent >> "$LOG"', needs: draw, cached: false}
  note: {run: 'echo {} > "$NEVE_OUTPUT_DIR/state.json"', needs: mail}
""",
        )
        log = self.folder / "log"
        for _ in range(2):
            report = self.json("run", "mail.yaml", LOG=str(log))
        self.assertEqual([stage["outcome"] for stage in report["stages"]], ["hit", "uncached", "hit"])
        self.assertEqual(log.read_text(), "sent\nsent\n")
        plan = self.json("run", "mail.yaml", "--dry-run")
        self.assertEqual([stage["plan"] for stage in plan["stages"]][:2], ["hit", "compute"])

    def test_dry_run_says_what_would_be_found_and_computes_nothing(self):
        plan = self.json("run", "line.yaml", "--dry-run")
        self.assertEqual([stage["plan"] for stage in plan["stages"]], ["compute", "unknown"])
        self.assertEqual(self.entries(), [])
        self.run_line()
        self.write("fit.py", (self.folder / "fit.py").read_text() + "# another\n")
        plan = self.json("run", "line.yaml", "--dry-run")
        self.assertEqual([stage["plan"] for stage in plan["stages"]], ["hit", "compute"])
        self.assertEqual(plan["totals"]["plans"], {"hit": 1, "compute": 1})
        self.assertEqual([stage["outcome"] for stage in plan["stages"]], [None, None])  # nothing has failed
        self.assertNotIn("outcomes", plan["totals"])
        self.assertRegex(self.neve("run", "line.yaml", "--dry-run").stdout, r"(?m)^data +hit")

    def test_dry_run_changes_nothing_in_any_cache(self):
        fresh = self.json("run", "line.yaml", "--dry-run")
        self.assertFalse((self.folder / ".neve").exists())
        self.assertEqual(fresh["stages"][0]["key"], self.run_line("--cache", "disk:far")["data"]["key"])
        plan = self.json("run", "line.yaml", "--dry-run", "--cache", "disk:near,disk:far")
        self.assertEqual([stage["plan"] for stage in plan["stages"]], ["hit", "hit"])
        self.assertFalse((self.folder / "near").exists())  # nothing is promoted
        (damaged,) = [name for name in self.entries("far") if name.startswith(plan["stages"][0]["key"])][:1]
        (self.folder / "far" / damaged).write_bytes(b"{")
        before = self.files("far")
        plan = self.json("run", "line.yaml", "--dry-run", "--cache", "disk:far")
        self.assertEqual([stage["plan"] for stage in plan["stages"]], ["compute", "unknown"])
        self.assertEqual(self.files("far"), before)  # nor put aside

    def test_report_and_record_are_written(self):
        self.neve("run", "line.yaml", "--report", "out/run.json", "--record", "rec")
        report = json.loads((self.folder / "out/run.json").read_text())
        self.assertEqual(len(report["stages"]), 2)
        self.assertIn("line/fit/note.json", self.files("rec"))
        self.assertIn("line/fit/command.log", self.files("rec"))

    def test_a_pipe_that_nobody_reads_is_not_waited_for(self):
        os.mkfifo(self.folder / "pipe")
        for _ in range(2):
            done = self.neve("run", "line.yaml", "--report", "pipe", code=8)
            self.assertIn("total", done.stdout)
            self.assertIn("start its reader before", done.stderr)
        self.assertIn("hit", done.stdout)
        (self.folder / "rec/line/fit").mkdir(parents=True)
        os.mkfifo(self.folder / "rec/line/fit/command.log")
        done = self.neve("run", "line.yaml", "--set", "data.slope=3", "--record", "rec")
        self.assertIn("the command's log is incomplete", done.stdout + done.stderr)

    def test_a_pipe_gets_the_report_whole(self):
        os.mkfifo(self.folder / "pipe")
        with subprocess.Popen(["cat", "pipe"], cwd=self.folder, stdout=subprocess.PIPE, text=True) as reader:
            try:
                self.neve("run", "line.yaml", "--report", "pipe")
                report = reader.communicate(timeout=30)[0]
            finally:
                reader.kill()  # it would wait for ever for a report that never comes
            self.assertEqual(len(json.loads(report)["stages"]), 2)

    def test_in_a_sweep_every_point_keeps_what_its_commands_print(self):
        self.write(
            "s.yaml",
            "name: s\nstages:\n  a:\n    run: 'cat $NEVE_CONFIG; echo {} > $NEVE_OUTPUT_DIR/state.json'\n    with: {x: 0}\n",
        )
        self.neve("run", "s.yaml", "--sweep", "a.x=1,2", "--record", "rec")
        logs = [name for name in self.files("rec") if name.endswith(".log")]
        self.assertEqual(logs, ["s/point-0/a/command.log", "s/point-1/a/command.log"])
        self.assertEqual([(self.folder / "rec" / name).read_text() for name in logs], ['{"x": 1}', '{"x": 2}'])

    def test_a_report_does_not_replace_the_file_it_is_about(self):
        before = (self.folder / "line.yaml").read_text()
        self.assertIn(
            "would replace the pipeline file", self.neve("run", "line.yaml", "--report", "./line.yaml", code=2).stderr
        )
        self.assertEqual((self.folder / "line.yaml").read_text(), before)

    def test_two_lists_for_one_field_are_refused_and_a_value_replaces_the_files_list(self):
        self.write(
            "s.yaml",
            "name: s\nstages:\n  a:\n    run: 'cp $NEVE_CONFIG $NEVE_OUTPUT_DIR/state.json'\n    with: {x: 0}\nsweep: {a.x: [1, 2, 3]}\n",
        )
        twice = self.neve("run", "s.yaml", "--sweep", "a.x=1", "--sweep", "a.x=2", code=2).stderr
        self.assertIn("--sweep a.x is given twice; write all its values into one", twice)
        self.assertIn(
            "--set and --sweep both speak of a.x",
            self.neve("run", "s.yaml", "--sweep", "a.x=1,2", "--set", "a.x=5", code=2).stderr,
        )
        self.assertEqual(len(self.json("run", "s.yaml")["stages"]), 3)
        self.assertEqual(len(self.json("run", "s.yaml", "--set", "a.x=5")["stages"]), 1)

    def test_a_misspelt_field_within_a_field_and_a_position_beyond_a_list_are_refused(self):
        self.write(
            "s.yaml",
            "name: s\nstages:\n  a:\n    run: 'cp $NEVE_CONFIG $NEVE_OUTPUT_DIR/state.json'\n    with: {grid: {size: 3}, list: [1, 2]}\n",
        )
        self.assertIn(
            "unknown field 'sise' of stage 'a' (did you mean 'size'?)",
            self.neve("run", "s.yaml", "--set", "a.grid.sise=4", code=2).stderr,
        )
        self.assertIn("'2' is no position in a list of 2", self.neve("run", "s.yaml", "--set", "a.list.2=4", code=2).stderr)
        self.neve("run", "s.yaml", "--set", "a.list.1=4", "--set", "a.grid.size=4")

    def test_a_hit_records_its_artifacts_too(self):
        self.neve("run", "line.yaml")
        self.neve("run", "line.yaml", "--record", "rec")
        self.assertIn("line/fit/note.json", self.files("rec"))

    def test_the_environment_names_the_cache_and_the_flag_overrules_it(self):
        self.neve("run", "line.yaml", NEVE_CACHE="disk:named")
        self.assertEqual(len(self.entries("named")), 4)
        self.neve("run", "line.yaml", "--cache", "disk:other", NEVE_CACHE="disk:named")
        self.assertEqual(len(self.entries("other")), 4)

    def test_a_cache_that_cannot_be_written_fails_nothing(self):
        (self.folder / "full").mkdir()
        self.neve("run", "line.yaml", "--cache", "disk:full?budget=10B")
        self.assertEqual(self.entries("full"), [])

    def test_entries_open_in_numpy(self):
        import numpy

        key = self.run_line()["fit"]["key"]
        with numpy.load(self.folder / f".neve/{key}.npz", allow_pickle=False) as arrays:
            self.assertLess(abs(arrays["residual"]).max(), 1e-9)


if __name__ == "__main__":
    unittest.main()
