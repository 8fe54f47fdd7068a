"""Ctrl-C, SIGTERM and a second Ctrl-C: the work stops, children too, and nothing is left half-written."""

import os
import signal
import subprocess
import unittest

from command_test import PROGRAM, CommandTest

# The first stage is stored; the second says that it runs, with its process id, and would go on for ever.
PIPELINE = """
stages:
  quick: {{run: 'echo {{}} > "$NEVE_OUTPUT_DIR/state.json"'}}
  slow:
    needs: quick
    run: |
      {trap}
      echo partial > "$NEVE_OUTPUT_DIR/state.json"
      echo $$ > "{folder}/pid.new"; mv "{folder}/pid.new" "{folder}/pid"
      sleep 1000 & wait; sleep 1000 & wait
"""


class Interrupt(CommandTest):
    def start(self, trap="true", *words):
        self.write("p.yaml", PIPELINE.format(folder=self.folder, trap=trap))
        process = subprocess.Popen(
            [PROGRAM, "run", "p.yaml", "--record", "rec", *words],
            cwd=self.folder,
            text=True,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        for line in process.stderr:  # the line that says so comes before the process id is written
            if line.startswith("slow: computing"):
                break
        while not (self.folder / "pid").exists():
            self.assertIsNone(process.poll(), "ended too early")
            os.sched_yield()
        return process, int((self.folder / "pid").read_text())

    def assert_clean(self, child):
        self.assertEqual(os.listdir(self.temporary), [], "working folders are gone")
        self.assertEqual(len(self.entries()), 2, "the finished stage is kept, the other is not there")
        self.assertEqual([name for name in self.files(".neve") if "tmp/" in name], [])
        self.assertEqual([name for name in self.files("rec") if not name.endswith("/command.log")], [])
        self.assertEqual(self.json("verify")["sound"], 1)
        self.wait_until_dead(child)

    def test_interrupt_and_terminate_stop_everything(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process, child = self.start()
            process.send_signal(number)
            _, errors = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 130, errors)
            self.assertIn("interrupted", errors)
            self.assert_clean(child)
            (self.folder / "pid").unlink()

    def test_a_command_that_ignores_the_request_is_killed(self):
        process, child = self.start("trap '' TERM")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assert_clean(child)

    def test_two_signals_at_once_are_one_request(self):
        # As of GNU timeout, which signals the command and then its group, or of a terminal that is closed.
        process, child = self.start()
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGHUP)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, errors)
        self.assertIn("interrupted", errors)
        self.assert_clean(child)

    def test_the_report_of_an_interrupted_run_is_whole(self):
        import json

        process, _ = self.start("true", "--report", "run.json")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        report = json.loads((self.folder / "run.json").read_text())
        self.assertEqual({s["node"]: s["outcome"] for s in report["stages"]}["slow"], "cancelled")
        self.assertEqual(report["failures"], [])  # of a sweep they would be many

    def test_the_next_run_goes_on_where_it_stopped(self):
        process, _ = self.start()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.write(
            "p.yaml",
            PIPELINE.format(folder=self.folder, trap="exit 0").replace(
                "exit 0", 'echo {} > "$NEVE_OUTPUT_DIR/state.json"; exit 0'
            ),
        )
        outcomes = {s["node"]: s["outcome"] for s in self.json("run", "p.yaml")["stages"]}
        self.assertEqual(outcomes, {"quick": "hit", "slow": "miss"})


if __name__ == "__main__":
    unittest.main()
