"""neve wisdom: measured FFT plans, and the keys that depend on them."""

import json
import unittest

from command_test import CommandTest

PULSE = """
name: pulse
stages:
  pulse:
    uses: optics.pulse
    with: {points: 1024, peak_power_w: 1000}
"""


class Wisdom(CommandTest):
    def setUp(self):
        super().setUp()
        self.write("pulse.yaml", PULSE)

    def key(self, **environment):
        report = json.loads(self.neve("run", "pulse.yaml", "--json", **environment).stdout)
        return report["stages"][0]["key"]

    def test_measured_plans_are_used_and_give_other_keys(self):
        by_estimate = self.key()
        self.assertIn("wisdom-", self.neve("wisdom", "plans", "1024").stdout)
        measured = self.key(NEVE_FFTW_WISDOM="plans")
        self.assertNotEqual(measured, by_estimate)
        self.assertEqual(self.key(NEVE_FFTW_WISDOM="plans"), measured)

    def test_json_says_where_the_plans_are_and_what_they_are_called(self):
        report = json.loads(self.neve("wisdom", "plans", "1024", "--json").stdout)
        self.assertEqual((report["file"], report["points"]), ("plans", [1024]))
        self.assertTrue(report["fingerprint"].startswith("wisdom-"))

    def test_a_size_that_is_no_power_of_two_is_refused_and_nothing_written(self):
        self.assertIn("1000", self.neve("wisdom", "plans", "1000", code=2).stderr)
        self.assertIn("16777216", self.neve("wisdom", "plans", "2147483648", code=2).stderr)
        self.assertFalse((self.folder / "plans").exists())

    def test_an_empty_file_is_refused_with_the_remedy(self):
        self.write("plans", "")
        self.assertIn("measure again", self.neve("run", "pulse.yaml", NEVE_FFTW_WISDOM="plans", code=3).stderr)

    def test_a_missing_file_is_named_with_the_remedy(self):
        error = self.neve("run", "pulse.yaml", NEVE_FFTW_WISDOM="nowhere", code=2).stderr
        self.assertIn("nowhere", error)
        self.assertIn("neve wisdom", error)


if __name__ == "__main__":
    unittest.main()
