"""Commands as stages: the contract of docs/formats/pipeline-file.md, seen from the command."""

import json
import os
import signal
import subprocess
import unittest

from command_test import PROGRAM, PYTHON, CommandTest


class CommandStage(CommandTest):
    def one(self, command, extra=""):
        self.write(
            "p.yaml", "stages:\n  s:\n    run: |\n" + "".join(f"      {line}\n" for line in command.splitlines()) + extra
        )

    def failure(self, command, extra=""):
        self.one(command, extra)
        text = self.neve("run", "p.yaml", code=1).stderr
        self.assertEqual(self.entries(), [], "a failed stage stores nothing")
        self.assertEqual(os.listdir(self.temporary), [], "its folders are gone")
        return text

    def test_shell_stage(self):
        self.write("a.txt", "one two\n")
        self.one(
            """printf '{"words": %d}' "$(cat *.txt | wc -w)" > "$NEVE_OUTPUT_DIR/metrics.json" """, "    inputs: '*.txt'\n"
        )
        self.assertEqual(self.json("run", "p.yaml")["metrics"], {"p.s.words": 2})
        self.write("b.txt", "three\n")
        self.assertEqual(self.json("run", "p.yaml")["metrics"], {"p.s.words": 3})

    def test_a_failing_command_shows_its_last_lines_and_its_place(self):
        text = self.failure("echo before\necho the reason >&2\nexit 3")
        self.assertIn("p.yaml:3:", text)
        self.assertIn("exit status 3", text)
        self.assertIn("    the reason", text)

    def test_how_a_command_ends_is_known_also_where_the_parent_ignores_its_children(self):
        self.one("exit 3")
        run = subprocess.run(
            [PROGRAM, "run", "p.yaml"],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN),
        )
        self.assertIn("exit status 3", run.stderr)

    def test_a_missing_command_is_named_with_the_nearest(self):
        text = self.failure("pyhton3 x.py")
        self.assertIn("there is no 'pyhton3' on the PATH (did you mean 'python3", text)

    def test_undeclared_files_are_not_there(self):
        self.write("model.py", "x = 1\n")
        self.write("main.py", "import model\n")
        self.assertIn("No module named 'model'", self.failure(f"{PYTHON} main.py", "    inputs: main.py\n"))

    def test_values_are_never_executed(self):
        self.one('cp "$NEVE_CONFIG" "$NEVE_OUTPUT_DIR/state.json"', "    with: {v: x}\n")
        self.neve("run", "p.yaml", "--set", "s.v='$(touch injected); `touch injected`'")
        self.assertFalse((self.folder / "injected").exists())

    def test_declared_variables_enter_the_key_and_others_do_not(self):
        self.one('printf \'{"m": %s}\' "$MODE" > "$NEVE_OUTPUT_DIR/metrics.json"', "    env: MODE\n")
        self.neve("run", "p.yaml", MODE="1")
        self.assertRegex(self.neve("run", "p.yaml", MODE="2").stdout, r"(?m)^s +miss")
        self.assertRegex(self.neve("run", "p.yaml", MODE="1", OTHER="x").stdout, r"(?m)^s +hit")

    def test_the_policy_reaches_the_command(self):
        command = 'cp "$NEVE_POLICY" "$NEVE_OUTPUT_DIR/metrics.json"'
        self.write("p.yaml", f"policy: {{order: 3}}\nstages:\n  s:\n    run: {command}\n")
        self.assertEqual(self.json("run", "p.yaml")["metrics"], {"p.s.order": 3})

    def test_a_picture_is_recorded_and_what_is_no_artifact_costs_a_warning(self):
        header = r"\211PNG\r\n\032\n\0\0\0\rIHDR\0\0\2\200\0\0\1\340\010\2\0\0\0abcd"
        self.one(
            "\n".join(
                [
                    'mkdir "$NEVE_OUTPUT_DIR/artifacts"',
                    f"""printf '{header}' > "$NEVE_OUTPUT_DIR/artifacts/fit.png" """,
                    'echo %PDF > "$NEVE_OUTPUT_DIR/artifacts/fit.pdf"',
                    'echo {} > "$NEVE_OUTPUT_DIR/state.json"',
                ]
            )
        )
        self.assertIn("'artifacts/fit.pdf'", self.neve("run", "p.yaml").stdout)
        self.assertRegex(self.neve("run", "p.yaml", "--record", "pictures").stdout, r"(?m)^s +hit")
        self.assertEqual((self.folder / "pictures/p/s/fit.png").read_bytes()[1:4], b"PNG")

    def test_version_enters_the_key(self):
        self.one("echo {} > $NEVE_OUTPUT_DIR/state.json", "    version: 1\n")
        self.neve("run", "p.yaml")
        self.one("echo {} > $NEVE_OUTPUT_DIR/state.json", "    version: 2\n")
        self.assertRegex(self.neve("run", "p.yaml").stdout, r"(?m)^s +miss")

    def test_a_timeout_ends_the_command_and_what_it_started(self):
        marker = self.folder / "pid"
        text = self.failure(f"sleep 600 & echo $! > {marker}\nwait", "    timeout: 0.2\n")
        self.assertIn("tim", text.lower())
        self.wait_until_dead(int(marker.read_text()))

    def test_retries_until_it_works(self):
        counter = self.folder / "counter"
        self.one(
            f"echo x >> {counter}\ntest $(wc -l < {counter}) -ge 3 || exit 1\necho {{}} > $NEVE_OUTPUT_DIR/state.json",
            "    retries: 3\n",
        )
        self.assertEqual(self.json("run", "p.yaml")["stages"][0]["attempts"], 3)

    def test_half_a_file_is_a_failure_to_retry(self):
        mark = self.folder / "mark"
        self.one(
            f"test -e {mark} && echo {{}} > $NEVE_OUTPUT_DIR/state.json && exit\n"
            f"touch {mark}; head -c 100 /bin/sh > $NEVE_OUTPUT_DIR/x.npz\n",
            "    retries: 1\n",
        )
        self.assertEqual(self.json("run", "p.yaml")["stages"][0]["attempts"], 2)

    def test_the_log_has_every_attempt(self):
        self.one(
            "echo here; test -e {0} || {{ touch {0}; exit 1; }}; echo '{{}}' > $NEVE_OUTPUT_DIR/state.json".format(
                self.folder / "mark"
            ),
            "    retries: 1\n",
        )
        self.neve("run", "p.yaml", "--record", "rec")
        self.assertEqual((self.folder / "rec/p/s/command.log").read_text(), "here\n--- attempt 2 ---\nhere\n")

    def test_a_log_that_cannot_be_made_is_a_warning(self):
        self.write("rec/p/a", "in the way")
        self.write("p.yaml", "name: p\nstages:\n  a:\n    run: echo '{}' > $NEVE_OUTPUT_DIR/state.json\n")
        done = self.neve("run", "p.yaml", "--record", "rec")
        self.assertIn("the command's log is incomplete: cannot write", done.stdout)

    def test_a_limit_of_file_sizes_costs_what_is_kept_and_not_the_run(self):
        self.write(
            "make.py",
            """
import os, numpy
for name in ("x", "y"):  # 8 KB each, 16 KB together
    numpy.save(f"{os.environ['NEVE_OUTPUT_DIR']}/{name}.npy", numpy.random.rand(1000))
""",
        )
        self.write("p.yaml", f"stages:\n  a: {{run: {PYTHON} make.py, inputs: make.py}}\n")
        done = subprocess.run(
            ["bash", "-c", f"ulimit -f 10; exec {PROGRAM} run p.yaml"],
            cwd=self.folder,
            env=self.environment(),
            text=True,
            capture_output=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("File too large", done.stdout)

    def test_commands_end_at_a_limit_of_file_sizes_as_they_would_without_neve(self):
        self.write("p.yaml", "stages:\n  a:\n    run: kill -XFSZ $$\n")
        self.assertIn("killed by signal", self.neve("run", "p.yaml", code=1).stderr)

    def test_a_command_that_asks_at_the_terminal_fails_at_once(self):
        self.assertIn("/dev/tty", self.failure("read password < /dev/tty"))

    def test_refuses_what_it_cannot_trust(self):
        self.assertIn("symbolic link", self.failure('ln -s /etc/passwd "$NEVE_OUTPUT_DIR/state.json"'))
        self.assertIn("result.csv", self.failure('echo 1 > "$NEVE_OUTPUT_DIR/result.csv"'))
        self.assertIn("left nothing", self.failure("true"))
        self.assertIn("state.json", self.failure('echo [1] > "$NEVE_OUTPUT_DIR/state.json"'))
        objects = "np.save(os.environ['NEVE_OUTPUT_DIR'] + '/o.npy', np.array([{}], dtype=object))"
        self.assertIn("o.npy", self.failure(f'{PYTHON} -c "import numpy as np, os; {objects}"'))

    def test_what_failed_does_not_stop_what_does_not_need_it(self):
        self.write(
            "p.yaml",
            """
stages:
  bad: {run: exit 1}
  after: {run: 'true', needs: bad}
  other: {run: 'echo {} > "$NEVE_OUTPUT_DIR/state.json"'}
""",
        )
        report = self.json("run", "p.yaml", code=1)
        self.assertEqual(
            {s["node"]: s["outcome"] for s in report["stages"]}, {"bad": "failed", "after": "skipped", "other": "miss"}
        )
        self.assertEqual(report["failures"][0]["code"], "stage_failed")

    def test_paths_with_blanks_and_quotes_work(self):
        folder = "a 'quoted' folder"
        self.write(
            f"{folder}/p.yaml", "stages:\n  s: {run: 'cat in.txt; echo {} > \"$NEVE_OUTPUT_DIR/state.json\"', inputs: in.txt}\n"
        )
        self.write(f"{folder}/in.txt", "x")
        self.neve("run", f"{folder}/p.yaml")


class Reports(CommandTest):
    def test_a_report_is_written_into_what_is_no_file_and_through_links(self):
        self.write("p.yaml", "stages:\n  a:\n    run: echo '{}' > $NEVE_OUTPUT_DIR/state.json\n")
        os.mkfifo(self.folder / "pipe")
        os.symlink("target.json", self.folder / "link.json")
        reader = subprocess.Popen(["cat", "pipe"], cwd=self.folder, stdout=subprocess.PIPE)
        self.neve("run", "p.yaml", "--report", "pipe")
        self.assertEqual(json.loads(reader.communicate(timeout=30)[0])["pipeline"], "p")
        self.neve("run", "p.yaml", "--report", "link.json")
        self.assertTrue((self.folder / "link.json").is_symlink())
        self.assertEqual(json.loads((self.folder / "target.json").read_text())["pipeline"], "p")

    def test_a_place_that_cannot_be_written_is_found_before_anything_runs(self):
        self.write("p.yaml", "stages:\n  a:\n    run: echo '{}' > $NEVE_OUTPUT_DIR/state.json\n")
        self.assertIn("'.' is a folder; name a file", self.neve("run", "p.yaml", "--report", ".", code=2).stderr)
        self.assertIn(
            "cannot make the folder 'p.yaml': 'p.yaml' is no folder",
            self.neve("run", "p.yaml", "--report", "p.yaml/r.json", code=8).stderr,
        )
        self.assertEqual(self.entries(), [])

    def test_a_report_that_is_not_written_hides_nothing_else(self):
        ok = f"rmdir {self.folder}/out; echo {{}} > $NEVE_OUTPUT_DIR/state.json"
        self.write("p.yaml", f"stages:\n  a: {{run: '{ok}'}}\n  b: {{run: '{ok}; exit 3'}}\n")
        done = self.neve("run", "p.yaml", "--report", "out/r.json", code=1)
        self.assertRegex(done.stdout, r"(?m)^a +")
        self.assertIn("exit status 3", done.stderr)
        self.assertIn("the report was not written: ", done.stderr)
        done = self.neve("run", "p.yaml", "--until", "a", "--cache", "none:", "--report", "out/r.json", code=8)
        self.assertRegex(done.stdout, r"(?m)^a +")

    def test_failures_of_a_sweep_say_at_which_point(self):
        self.write("p.yaml", "name: p\nstages:\n  a:\n    run: 'grep -q 1 $NEVE_CONFIG; exit $((4 - $?))'\n    with: {x: 0}\n")
        done = self.neve("run", "p.yaml", "--sweep", "a.x=1,2,3", "--report", "r.json", code=1)
        self.assertIn("neve: pipeline 'p', stage 'a' [a.x=1]: p.yaml:4:10: the command failed with exit status 4", done.stderr)
        self.assertIn("neve: pipeline 'p', stage 'a' [a.x=2]: p.yaml:4:10: the command failed with exit status 3", done.stderr)
        self.assertIn("neve: stage 'a' [a.x=3] failed as [a.x=2] did", done.stderr)
        report = json.loads((self.folder / "r.json").read_text())
        self.assertEqual([failure["label"] for failure in report["failures"]], ["a.x=1", "a.x=2", "a.x=3"])

    def test_a_stage_that_points_share_fails_once(self):
        self.write("p.yaml", "stages:\n  a: {run: exit 3}\n  b: {run: exit 4, needs: a, with: {x: 0}}\n")
        done = self.neve("run", "p.yaml", "--sweep", "b.x=1,2", "--report", "r.json", code=1)
        self.assertEqual(done.stderr.count("exit status 3"), 1)
        self.assertEqual(len(json.loads((self.folder / "r.json").read_text())["failures"]), 1)

    def test_bytes_that_are_no_text_cost_no_report(self):
        self.write("p.yaml", "stages:\n  a:\n    run: printf 'caf\\351\\n'; exit 3\n")
        done = subprocess.run(
            [PROGRAM, "run", "p.yaml", "--report", "r.json"],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            check=False,
        )
        self.assertEqual(done.returncode, 1)
        report = json.loads((self.folder / "r.json").read_text())
        self.assertIn("caf\ufffd", report["failures"][0]["message"])


if __name__ == "__main__":
    unittest.main()
