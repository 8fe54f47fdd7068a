"""Bars on a terminal, plain lines in a pipe; the tests give the command a terminal of its own."""

import errno
import fcntl
import os
import pty
import struct
import subprocess
import termios
import unittest

from command_test import PROGRAM, CommandTest

# Goes on until the file is there, so that the bars are drawn whatever the machine is busy with.
PIPELINE = """
stages:
  one:
    run: |
      echo neve-progress 0.5 half way
      while ! test -e "{folder}/go"; do sleep 0.02; done
      echo {{}} > "$NEVE_OUTPUT_DIR/state.json"
  two: {{run: 'while ! test -e "{folder}/go"; do sleep 0.02; done; echo {{}} > "$NEVE_OUTPUT_DIR/state.json"'}}
"""


class Terminal(CommandTest):
    def setUp(self):
        super().setUp()
        self.write("p.yaml", PIPELINE.format(folder=self.folder))

    def on_terminal(self, awaited, columns=100, **environment):
        """What the command writes to a terminal; it may finish once `awaited` has appeared."""
        controller, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen(
            [PROGRAM, "run", "p.yaml"],
            cwd=self.folder,
            env=self.environment(**{"TERM": "xterm", **environment}),
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=terminal,
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        os.close(terminal)
        seen = b""
        while True:
            try:
                block = os.read(controller, 65536)
            except OSError as error:  # Linux says EIO when the last writer has gone
                if error.errno != errno.EIO:
                    raise
                break
            if not block:
                break
            seen += block
            if awaited in seen:
                (self.folder / "go").touch()
        os.close(controller)
        self.assertEqual(process.wait(), 0)
        return seen.decode()

    def test_bars_show_every_running_stage_with_time_and_rate(self):
        seen = self.on_terminal(b"left")
        frame = next(part for part in seen.split("\x1b[J") if "left" in part)
        self.assertRegex(frame, r"one .*━+.* 50%  00:\d\d  [\d.e+]+ %/s  left \d\d:\d\d  half way")
        self.assertRegex(frame, r"two .*00:\d\d")
        self.assertRegex(frame, r"\d of 2 stages done")
        self.assertIn("\x1b[36m", seen)
        self.assertRegex(seen[seen.rindex("\x1b[J") :], r"one +miss")

    def test_no_color_is_honoured(self):
        seen = self.on_terminal(b"half way", NO_COLOR="1")
        self.assertNotIn("\x1b[36m", seen)
        self.assertIn("━", seen)

    def test_without_utf8_bars_are_ascii(self):
        seen = self.on_terminal(b"half way", LC_ALL="C")
        self.assertNotIn("━", seen)
        self.assertRegex(seen, r"#+")

    def test_lines_never_wrap(self):
        for columns in (20, 60):
            seen = self.on_terminal(b"stages done" if columns > 20 else b"stages", columns=columns, NO_COLOR="1")
            bars = seen[: seen.rindex("\x1b[J")]
            for part in bars.replace("\x1b[J", "\n").split("\n"):
                text = part.replace("\r", "").split("F")[-1] if part.startswith("\x1b[") else part.replace("\r", "")
                self.assertLess(len(text), columns, repr(text))
            (self.folder / "go").unlink()
            self.neve("rm", "--all")

    def test_a_dumb_terminal_gets_lines(self):
        (self.folder / "go").touch()
        seen = self.on_terminal(b"nothing", TERM="dumb")
        self.assertNotIn("\x1b", seen)
        self.assertIn("one: computing", seen)

    def plain(self, *words):
        return self.neve("run", "p.yaml", *words).stderr

    def test_a_pipe_gets_plain_lines(self):
        (self.folder / "go").touch()
        done = self.neve("run", "p.yaml", TERM="xterm")
        self.assertNotIn("\x1b", done.stdout + done.stderr)
        self.assertIn("one: computing\n", done.stderr)
        self.assertRegex(done.stderr, r"one: miss, computed in ")
        warm = self.neve("run", "p.yaml").stderr
        self.assertRegex(warm, r"one: hit, looked up in ")

    def test_a_long_run_says_how_much_of_it_is_done_and_not_what_was_found(self):
        self.write("long.yaml", "stages:\n  one: {run: 'cp $NEVE_CONFIG $NEVE_OUTPUT_DIR/state.json', with: {n: 0}}\n")
        said = self.neve("run", "long.yaml", "--sweep", "one.n=1:30:30").stderr
        self.assertNotIn(" done", said)
        said = self.neve("run", "long.yaml", "--sweep", "one.n=1:50:50").stderr.splitlines()
        self.assertEqual([line for line in said if "hit" in line], [])
        self.assertEqual(len([line for line in said if ": miss, computed in " in line]), 20)
        self.assertRegex(said[-1], r"; 50 of 50 done$")

    def test_a_long_run_has_no_lines_of_what_never_began(self):
        self.write("fail.yaml", "stages:\n  one: {run: 'false', with: {n: 0}}\n  two: {run: 'true', needs: one}\n")
        said = self.neve("run", "fail.yaml", "--sweep", "one.n=1:30:30", code=1).stderr
        self.assertEqual(said.count("one [one.n=1]: failed"), 1)
        self.assertNotIn(": skipped", said)

    def test_quiet_says_nothing_on_the_way(self):
        (self.folder / "go").touch()
        self.assertEqual(self.plain("--quiet"), "")


if __name__ == "__main__":
    unittest.main()
