"""Completion scripts are valid and offer what the command has."""

import os
import pty
import select
import shutil
import subprocess
import time
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
        return subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=self.shell_environment(),
            text=True,
            capture_output=True,
            check=True,
        ).stdout.split()

    def shell_environment(self, **changes):
        """Where `neve` is found by its name."""
        folder = PROGRAM.rsplit("/", 1)[0]
        return self.environment(PATH=f"{folder}:{os.environ['PATH']}", **changes)

    def test_bash_offers_commands_options_files_and_keys(self):
        self.write_line()
        keys = {stage["key"] for stage in self.run_line().values()}
        self.assertEqual(self.complete("do"), ["doctor"])
        self.assertEqual(self.complete("run", "--sw"), ["--sweep"])
        self.assertEqual(self.complete("run", "lin"), ["line.yaml"])
        self.assertEqual(set(self.complete("show", "")), keys)
        self.assertEqual(self.complete("completions", "z"), ["zsh"])
        self.assertEqual(self.complete("why", "lin"), ["line.yaml"])
        self.assertEqual(self.complete("wisdom", "lin"), ["line.yaml"])

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

    def add_datasets(self):
        self.write("sales.csv", "customer,amount\nAnn,1.5\nBob,2.5\n")
        for name in ("east", "west"):
            self.neve("dataset", "add", "sales.csv", "--id", name)

    def test_bash_offers_datasets(self):
        self.assertEqual(self.complete("analyze", ""), [])  # no store, and none is made
        self.assertFalse((self.folder / "storage").exists())
        self.add_datasets()
        self.assertEqual(self.complete("analyze", ""), ["east", "west"])
        self.assertEqual(self.complete("dataset", "rm", "east", "w"), ["west"])
        for verb in ("schema", "lineage"):
            self.assertEqual(self.complete("dataset", verb, "e"), ["east"])

    @unittest.skipUnless(shutil.which("fish"), "there is no fish")
    def test_fish_offers_commands_options_files_and_keys(self):
        self.write_line()
        keys = {stage["key"] for stage in self.run_line().values()}
        self.add_datasets()
        self.write("neve.fish", self.neve("completions", "fish").stdout)
        offered = {
            "do": {"doctor"},
            "run --sw": {"--sweep"},
            "run lin": {"line.yaml"},
            "why lin": {"line.yaml"},
            "show ": keys,
            "run --flight ": {"off", "local", "shared"},
            "dataset sc": {"schema"},
            "dataset add sal": {"sales.csv"},
            "dataset rm ": {"east", "west"},
            "analyze w": {"west"},
        }
        for words, expected in offered.items():
            script = f"source neve.fish; complete -C 'neve {words}'"
            done = subprocess.run(
                ["fish", "--no-config", "-c", script],
                cwd=self.folder,
                env=self.shell_environment(HOME=str(self.folder)),
                text=True,
                capture_output=True,
                check=True,
            )
            self.assertEqual({line.split("\t")[0] for line in done.stdout.splitlines()}, expected, words)

    @unittest.skipUnless(shutil.which("zsh"), "there is no zsh")
    def test_zsh_completes_from_the_first_tab_on(self):
        self.write_line()
        (key,) = {stage["key"] for name, stage in self.run_line().items() if name == "fit"}
        self.add_datasets()
        self.write("functions/_neve", self.neve("completions", "zsh").stdout)
        # Each in a shell that has completed nothing yet: what is found in $fpath is loaded by the first Tab.
        for typed, expected in {
            "neve do\t": "neve doctor",
            "neve run --sw\t": "neve run --sweep",
            "neve why lin\t": "neve why line.yaml",
            f"neve show {key[:8]}\t": f"neve show {key}",
            "neve analyze w\t": "neve analyze west",
            "neve dataset sc\t": "neve dataset schema",
            "neve dataset schema e\t": "neve dataset schema east",
            "neve dataset add sal\t": "neve dataset add sales.csv",
        }.items():
            self.assertIn(expected, self.typed_into_zsh(typed, expected))

    def typed_into_zsh(self, typed, expected):
        """What a terminal shows once it shows what is expected, or after a minute."""
        shell, terminal = pty.fork()
        if shell == 0:
            os.chdir(self.folder)
            os.execvpe(
                "zsh",
                ["zsh", "-f", "-i"],
                self.shell_environment(TERM="dumb", PS1="> ", HOME=str(self.folder), COLUMNS="250"),
            )
        shown = ""
        end = time.monotonic() + 60
        script = "fpath=($PWD/functions $fpath);autoload -Uz compinit;compinit -u -d $PWD/dump;PS1='re''ady '\n"
        waited_for = [("> ", script), ("ready ", typed), (expected, None)]
        try:
            while waited_for and time.monotonic() < end:
                if select.select([terminal], [], [], 1)[0]:
                    shown += os.read(terminal, 65536).decode(errors="replace")
                text, answer = waited_for[0]
                if text not in shown:
                    continue
                waited_for.pop(0)
                if answer:
                    shown = ""
                    os.write(terminal, answer.encode())
        finally:
            os.close(terminal)
            os.waitpid(shell, 0)
        return shown

    def test_every_shell_is_told_the_verbs_and_values(self):
        for shell in ("bash", "zsh", "fish"):
            script = self.neve("completions", shell).stdout
            for words in ("off local shared", "add list schema lineage rm", "text json csv xlsx", "dmy mdy"):
                self.assertIn(words, script, shell)


if __name__ == "__main__":
    unittest.main()
