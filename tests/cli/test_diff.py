"""neve diff: how two results differ."""

import json
import shutil
import unittest

import numpy as np

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

    def stored(self, key, metadata):
        (self.folder / ".neve" / (key + ".json")).write_text(metadata)
        np.savez(self.folder / ".neve" / (key + ".npz"), x=np.zeros(1))  # as others write them
        return key

    def metadata(self, before, after):
        keys = self.stored("metadata-before", before), self.stored("metadata-after", after)
        return self.json("diff", *keys, code=1)["metadata"], self.neve("diff", *keys, code=1).stdout

    def test_names_in_metadata_stand_as_they_are(self):
        changes, told = self.metadata('{"v": {"m/s": 1, "a~b": 2}}', '{"v": {"m/s": 2, "a~b": 3}}')
        self.assertEqual([change["path"] for change in changes], ["v.a~b", "v.m/s"])
        self.assertIn("  v.m/s: 1 → 2 (relative 0.5)\n", told)

    def test_what_is_empty_is_told_for_what_it_is(self):
        changes, _ = self.metadata('{"l": [], "o": {}, "n": null, "y": 1}', '{"l": null, "o": {"k": 1}, "n": {}, "y": 2}')
        self.assertEqual(
            changes,
            [
                {"path": "l", "before": [], "after": None},
                {"path": "n", "before": None, "after": {}},
                {"path": "o.k", "after": 1},
                {"path": "y", "before": 1, "after": 2},
            ],
        )
        self.assertEqual(self.metadata("{}", '{"x": 1}')[0], [{"path": "x", "after": 1}])
        self.assertEqual(self.metadata('{"l": []}', '{"l": [1, 2]}')[0][0], {"path": "l[0]", "after": 1})

    def test_values_of_python_are_told_by_their_names(self):
        encoded = '{"value": {"$": "dict", "of": [["r", 1], ["n", {"$": "dict", "of": [["m/s", %d]]}], ["t", %s]]}}'
        of_tuple = '{"$": "tuple", "of": [1, %d]}'
        changes, _ = self.metadata(encoded % (1, of_tuple % 1), encoded % (2, of_tuple % 2))
        self.assertEqual([change["path"] for change in changes], ["value.n.m/s", "value.t[1]"])
        changes, _ = self.metadata(encoded % (1, "[1]"), encoded % (1, '{"$": "tuple", "of": [1]}'))
        self.assertEqual(changes, [{"path": "value.t", "before": [1], "after": {"$": "tuple", "of": [1]}}])
        two = [{"$": "dict", "of": pairs} for pairs in ([["a", 1], ["b", 2]], [["b", 2], ["a", 1]])]
        self.assertEqual(
            self.metadata(*(json.dumps({"value": each}) for each in two))[0],
            [{"path": "value", "before": two[0], "after": two[1]}],
        )
        more = [json.dumps({"value": {"$": "dict", "of": [["a", 1], [name, 2]]}}) for name in "bc"]
        self.assertEqual([change["path"] for change in self.metadata(*more)[0]], ["value.b", "value.c"])

    def test_a_relative_change_is_told_where_it_is_a_number(self):
        _, told = self.metadata('{"i": Infinity, "one": 1, "z": 1}', '{"i": 2.0, "one": 1.0, "z": 0}')
        self.assertNotIn("relative", told)

    def test_of_many_changes_the_first_are_told(self):
        lists = [json.dumps({"v": list(range(begin, begin + 1000))}) for begin in (1, 2)]
        changes, told = self.metadata(*lists)
        self.assertEqual(len(changes), 1000)
        self.assertIn("  and 960 more; --json has all\n", told)
        self.assertLess(len(told.splitlines()), 50)

    def test_of_much_that_they_were_made_from_the_first_is_told(self):
        self.write("list.yaml", "stages:\n  a: {run: 'echo {} > $NEVE_OUTPUT_DIR/state.json', with: {v: LIST}}\n")
        text = (self.folder / "list.yaml").read_text()
        keys = []
        for begin in (1, 2):
            self.write("list.yaml", text.replace("LIST", str(list(range(begin, begin + 100)))))
            keys.append(self.json("run", "list.yaml")["stages"][0]["key"])
        told = self.neve("diff", *keys).stdout
        self.assertIn("the results are the same\n\nmade from\n  config.v[0]: 1 → 2\n", told)
        self.assertTrue(told.endswith("  and 60 more; --json has all\n"), told[-200:])

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
