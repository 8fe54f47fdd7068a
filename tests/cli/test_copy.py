"""neve copy: entries for another cache."""

import unittest

from command_test import CommandTest
from redis_server import RedisServer, have_redis


class Copy(CommandTest):
    def setUp(self):
        super().setUp()
        self.write_line()
        self.keys = {node: stage["key"] for node, stage in self.run_line("--cache", "disk:mine?ttl=30d").items()}

    def plans(self, url):
        return {node: stage["plan"] for node, stage in self.run_line("--cache", url, "--dry-run").items()}

    def test_another_folder_has_all_of_it_then(self):
        told = self.neve("copy", "--all", "--cache", "disk:mine", "--to", "disk:yours").stdout
        self.assertRegex(told, r"^copied 2 entries \(.*\)\n$")
        self.assertEqual(self.plans("disk:yours"), {"data": "hit", "fit": "hit"})
        mine, yours = (self.json("show", self.keys["fit"], "--cache", url) for url in ("disk:mine", "disk:yours"))
        for name in ("recipe", "meta", "arrays", "expires_at", "compute_s"):
            self.assertEqual(mine[name], yours[name], name)
        self.assertIsNotNone(mine["expires_at"])
        self.assertEqual(self.json("diff", self.keys["fit"], "--cache", "disk:mine", "--with", "disk:yours")["same"], True)

    def test_copies_what_is_chosen_and_what_is_missing(self):
        copy = ("--cache", "disk:mine", "--to", "disk:yours")
        self.assertEqual(self.json("copy", self.keys["data"][:12], *copy)["copied"], 1)
        self.assertEqual(self.plans("disk:yours"), {"data": "hit", "fit": "compute"})
        self.assertEqual(self.json("copy", "--stage", "fit", *copy)["copied"], 1)
        again = self.json("copy", "--all", *copy)
        self.assertEqual((again["copied"], again["there"], again["not_copied"]), (0, 2, []))

    def test_says_what_it_does_not_copy(self):
        damaged = self.folder / "mine" / (self.keys["fit"] + ".npz")
        damaged.write_bytes(damaged.read_bytes()[:-100])
        (self.folder / "mine" / "notes.json").write_text("{}")
        (self.folder / "mine" / "notes.npz").write_bytes(b"")
        told = self.neve("copy", "--all", "--cache", "disk:mine", "--to", "disk:yours", code=3).stdout
        self.assertRegex(told, f"(?m)^{self.keys['fit']} +corrupt")
        self.assertIn("copied 1 entry", told)
        self.assertIn("1 not copied", told)
        self.assertIn("left 1 entry that neither neve nor phys-pipeline need have written", told)
        self.assertTrue(damaged.exists())
        declined = self.json("copy", self.keys["data"], "--cache", "disk:mine", "--to", "disk:small?budget=10", code=1)
        self.assertIn("exceed the budget", declined["not_copied"][0]["detail"])

    def test_needs_one_cache_to_copy_to(self):
        for url, complaint in {
            "memory:": "give --to one folder",
            "disk:a,disk:b": "give --to one folder",
            "disk:a?mode=read": "leave out mode=read",
        }.items():
            self.assertIn(complaint, self.neve("copy", "--all", "--cache", "disk:mine", "--to", url, code=2).stderr)
        self.assertIn("--to", self.neve("copy", "--all", "--cache", "disk:mine", code=2).stderr)
        self.assertIn("--stage NAME", self.neve("copy", "--cache", "disk:mine", "--to", "disk:a", code=2).stderr)
        self.assertFalse((self.folder / "a").exists())


@unittest.skipUnless(have_redis(), "needs redis-server")
class CopyWithRedis(CommandTest):
    def setUp(self):
        super().setUp()
        if not self.json("doctor", "--cache", "memory:")["built_in"]["redis"]:
            self.skipTest("built without Redis")
        self.server = RedisServer(self)
        self.url = self.server.url()
        self.write_line()
        self.keys = {node: stage["key"] for node, stage in self.run_line("--cache", "disk:mine").items()}

    def test_to_a_server_and_back(self):
        self.assertEqual(self.json("copy", "--all", "--cache", "disk:mine", "--to", self.url)["copied"], 2)
        others = self.run_line("--cache", f"disk:others,{self.url}")
        self.assertEqual({stage["backend"] for stage in others.values()}, {"redis"})
        one = self.json("copy", self.keys["fit"], "--cache", self.url, "--to", "disk:one")
        self.assertEqual(one["copied"], 1)
        self.assertEqual(self.json("copy", "--all", "--cache", self.url, "--to", "disk:all")["copied"], 2)
        self.assertEqual(self.files("all/.neve/tmp"), [])
        for key in self.keys.values():
            mine, back = (self.json("show", key, "--cache", url) for url in ("disk:mine", "disk:all"))
            for name in ("recipe", "meta", "arrays", "expires_at", "compute_s"):
                self.assertEqual(mine[name], back[name], name)

    def test_from_one_server_to_another(self):
        self.neve("copy", "--all", "--cache", "disk:mine", "--to", self.url)
        other = RedisServer(self)
        with_folder = other.url(f"&blobs={self.folder}/blobs&inline=10")
        self.assertEqual(self.json("copy", "--all", "--cache", self.url, "--to", with_folder)["copied"], 2)
        self.assertGreater(len(self.files("blobs")), 0)
        self.assertEqual(self.json("copy", "--all", "--cache", with_folder, "--to", "disk:back")["copied"], 2)
        self.assertTrue(self.json("diff", self.keys["fit"], "--cache", "disk:mine", "--with", "disk:back")["same"])

    def test_says_what_a_server_does_not_have_or_cannot_tell(self):
        missing = self.json("copy", "0" * 64, "--cache", self.url, "--to", "disk:one", code=1)
        self.assertEqual([(one["key"], one["reason"]) for one in missing["not_copied"]], [("0" * 64, "absent")])
        told = self.neve("copy", "--stage", "fit", "--cache", self.url, "--to", "disk:one", code=4).stderr
        self.assertIn("by stage", told)

    def test_a_server_that_is_away_is_an_error(self):
        self.server.kill()
        away = f"unix://{self.server.path}"
        self.assertIn("Redis at", self.neve("copy", "--all", "--cache", "disk:mine", "--to", away, code=6).stderr)
        self.assertIn("Redis at", self.neve("copy", "--all", "--cache", away, "--to", "disk:one", code=6).stderr)


if __name__ == "__main__":
    unittest.main()
