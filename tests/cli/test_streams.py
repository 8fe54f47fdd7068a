"""Standard streams that are closed or full."""

import os
import subprocess
import unittest

from command_test import PROGRAM, CommandTest

# Which files the command itself has open under the numbers of the streams, seen from a stage.
LOOK = """
name: look
stages:
  look:
    run: for fd in 0 1 2; do readlink /proc/$PPID/fd/$fd; done > $SEEN
"""


class StreamsTest(CommandTest):
    def shell(self, redirections, *words):
        """The exit status of the command under a shell with these redirections."""
        script = f'exec "$@" {redirections}'
        return subprocess.run(
            ["sh", "-c", script, "sh", PROGRAM, *words],
            cwd=self.folder,
            env=self.environment(SEEN=str(self.folder / "seen")),
            timeout=120,
            check=False,
        ).returncode

    def test_a_closed_stream_gives_its_number_to_no_file(self):
        self.write("look.yaml", LOOK)
        self.shell("<&- >&- 2>&-", "run", "look.yaml", "--cache", "disk:cache")
        self.assertEqual((self.folder / "seen").read_text().split(), [os.devnull] * 3)

    def test_output_that_is_lost_is_an_error_and_costs_no_result(self):
        self.write_line()
        for redirections in (">&-", ">&- 2>&-", ">/dev/full", ">/dev/full 2>/dev/full"):
            cache = f"disk:cache{len(redirections)}"
            self.assertEqual(self.shell(redirections, "run", "line.yaml", "--cache", cache), 8, redirections)
            stages = self.json("run", "line.yaml", "--cache", cache)["stages"]
            self.assertEqual([stage["outcome"] for stage in stages], ["hit", "hit"], redirections)

    def test_messages_that_are_lost_are_no_error(self):
        self.write_line()
        for redirections in ("2>&-", "2>/dev/full", "<&-"):
            self.assertEqual(self.shell(redirections, "run", "line.yaml", "--cache", "disk:cache"), 0, redirections)


if __name__ == "__main__":
    unittest.main()
