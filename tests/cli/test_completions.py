"""Completion scripts are valid and offer what the command has."""

import shutil
import subprocess
import unittest

from command_test import PROGRAM, CommandTest


class Completions(CommandTest):
    def check(self, shell, *flags):
        script = self.neve("completions", shell).stdout
        for word in ("run", "doctor", "sweep", "budget"):
            self.assertIn(word, script)
        if shutil.which(shell) is None:
            return  # the words are checked above; only the shell itself could check its grammar
        done = subprocess.run([shell, *flags], input=script, text=True, capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_bash_parses(self):
        self.check("bash", "-n")

    def test_zsh_parses(self):
        self.check("zsh", "-n")

    def test_fish_parses(self):
        self.check("fish", "--no-execute")

    def complete(self, *words):
        """What bash offers for the last word."""
        script = f"""
source <(neve completions bash)
COMP_WORDS=(neve {" ".join(f"'{word}'" for word in words)}); COMP_CWORD={len(words)}
_neve; printf '%s\\n' "${{COMPREPLY[@]}}"
"""
        folder = PROGRAM.rsplit("/", 1)[0]
        environment = self.environment()
        environment["PATH"] = f"{folder}:{environment['PATH']}"
        return subprocess.run(
            ["bash", "-c", script], cwd=self.folder, env=environment, text=True, capture_output=True, check=True
        ).stdout.split()

    def test_bash_offers_commands_options_files_and_keys(self):
        self.write_line()
        keys = {stage["key"] for stage in self.run_line().values()}
        self.assertEqual(self.complete("do"), ["doctor"])
        self.assertEqual(self.complete("run", "--sw"), ["--sweep"])
        self.assertEqual(self.complete("run", "lin"), ["line.yaml"])
        self.assertEqual(set(self.complete("show", "")), keys)
        self.assertEqual(self.complete("completions", "z"), ["zsh"])

    def test_bash_offers_the_values_of_options_that_have_few(self):
        self.assertEqual(self.complete("run", "--flight", ""), ["off", "local", "shared"])
        self.assertEqual(self.complete("ls", "--sort", "u"), ["used"])
        self.assertEqual(self.complete("analyze", "--format", ""), ["text", "json", "csv", "xlsx"])
        self.assertEqual(self.complete("dataset", "add", "--date-order", "d"), ["dmy"])
        self.assertEqual(self.complete("dataset", "add", "--totals", ""), ["exclude", "keep"])
        self.assertEqual(self.complete("dataset", "add", "--decimal", "c"), ["comma"])

    def test_bash_offers_the_verbs_of_dataset(self):
        self.write("sales.csv", "a\n")
        self.assertEqual(self.complete("dataset", ""), ["add", "list", "schema", "lineage", "rm"])
        self.assertEqual(self.complete("dataset", "sc"), ["schema"])
        self.assertEqual(self.complete("dataset", "add", "sal"), ["sales.csv"])
        self.assertEqual(self.complete("dataset", "add", "--unp"), ["--unpivot"])
        self.assertEqual(self.complete("dataset", "list", ""), [])

    def test_every_shell_is_told_the_verbs_and_values(self):
        for shell in ("bash", "zsh", "fish"):
            script = self.neve("completions", shell).stdout
            for words in ("off local shared", "add list schema lineage rm", "text json csv xlsx", "dmy mdy"):
                self.assertIn(words, script, shell)


if __name__ == "__main__":
    unittest.main()
