"""neve diff: how two results differ."""

import shutil
import unittest

from command_test import CommandTest


class Diff(CommandTest):
    def setUp(self):
        super().setUp()
        self.write_line()
        self.before = self.keys()
        self.after = self.keys("--set", "data.slope=3")

    def keys(self, *settings):
        return {node: stage["key"] for node, stage in self.run_line(*settings).items()}

    def test_says_what_they_were_made_from_and_how_far_they_are_apart(self):
        told = self.neve("diff", self.before["data"][:12], self.after["data"], code=1).stdout
        self.assertIn("the results differ\n\nmade from\n  config.slope: 2 → 3\n", told)
        self.assertRegex(told, r"(?m)^  y +float64 \(50,\) +49 of 50 +1 +0\.25 +0\.219 +\(49,\)$")
        self.assertNotRegex(told, r"(?m)^  x ")
        fit = self.neve("diff", self.before["fit"], self.after["fit"], code=1).stdout
        self.assertRegex(fit, r"metrics\.slope: .* → .* \(relative 0\.333\)")
        self.assertNotIn("output_hash", fit)

    def test_gives_the_same_to_programs(self):
        told = self.json("diff", self.before["data"], self.after["data"], code=1)
        self.assertFalse(told["same"])
        self.assertEqual((told["before"], told["after"]), (self.before["data"], self.after["data"]))
        change = told["arrays"]["y"]
        self.assertEqual((change["elements"], change["different"], change["at"]), (50, 49, [49]))
        self.assertAlmostEqual(change["max_absolute"], 1)
        x = [i / 49 for i in range(50)]
        squares = sum(value**2 for value in x) / sum((3 * value + 1) ** 2 for value in x)
        self.assertAlmostEqual(change["relative_norm"], squares**0.5)

    def test_the_same_results_are_said_to_be_the_same(self):
        shutil.copytree(self.folder / ".neve", self.folder / "other")
        told = self.neve("diff", self.before["data"], "--with", "disk:other")
        self.assertEqual(told.stdout, "the results are the same\n")

    def test_mistakes_are_told(self):
        self.assertIn("name a second key", self.neve("diff", self.before["data"], code=2).stderr)
        self.assertIn("no key begins with 'zzz'", self.neve("diff", self.before["data"], "zzz", code=2).stderr)
        path = self.folder / ".neve" / (self.after["data"] + ".npz")
        path.write_bytes(path.read_bytes()[:-100])
        self.assertIn("corrupt", self.neve("diff", self.before["data"], self.after["data"], code=3).stderr)


if __name__ == "__main__":
    unittest.main()
