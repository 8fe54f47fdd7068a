"""neve run, stats, gc and doctor with a Redis server; two commands that share their work through it."""

import json
import subprocess
import unittest

from command_test import PROGRAM, PYTHON, CommandTest
from redis_server import RedisServer, have_redis

# Every stage notes that it ran, in a folder that all runs share.
MANY = """
name: many
stages:
{stages}
"""
NOTE = """
import json, os, sys, uuid
config = json.load(open(os.environ["NEVE_CONFIG"]))
open(os.path.join(config["notes"], f"{config['number']}-{uuid.uuid4().hex}"), "w").close()
json.dump({"number": config["number"]}, open(os.environ["NEVE_OUTPUT_DIR"] + "/state.json", "w"))
"""


@unittest.skipUnless(have_redis(), "needs redis-server")
class RedisCommands(CommandTest):
    def setUp(self):
        super().setUp()
        if not self.json("doctor", "--cache", "memory:")["built_in"]["redis"]:
            self.skipTest("built without Redis")
        self.server = RedisServer(self, "maxmemory 100mb", "maxmemory-policy allkeys-lru")

    def test_a_run_finds_what_another_folder_stored(self):
        self.write_line()
        url = self.server.url()
        first = self.run_line("--cache", f"disk:one,{url}")
        self.assertEqual({stage["outcome"] for stage in first.values()}, {"miss"})
        second = self.run_line("--cache", f"disk:two,{url}")
        self.assertEqual({stage["outcome"] for stage in second.values()}, {"hit"})
        self.assertEqual({stage["backend"] for stage in second.values()}, {"redis"})
        third = self.run_line("--cache", f"disk:two,{url}")
        self.assertEqual({stage["backend"] for stage in third.values()}, {"disk"})

    def test_rm_reaches_every_tier(self):
        self.write_line()
        urls = f"disk:one,{self.server.url()}"
        stages = self.run_line("--cache", urls)
        self.neve("rm", "--all", "--cache", urls)
        self.assertEqual({stage["outcome"] for stage in self.run_line("--cache", urls).values()}, {"miss"})
        key = next(iter(stages.values()))["key"]
        self.assertIn("removed 1 entry", self.neve("rm", key, "--cache", self.server.url()).stdout)
        self.assertIn("removed 0 entries", self.neve("rm", key, "--cache", self.server.url()).stdout)

    def test_rm_says_what_a_tier_for_reading_only_still_has(self):
        self.write_line()
        url = self.server.url()
        key = next(iter(self.run_line("--cache", f"disk:one,{url}").values()))["key"]
        urls = f"disk:one,{url}{'&' if '?' in url else '?'}mode=read"
        self.assertIn("still has 1 entry", self.neve("rm", key, "--cache", urls).stdout)
        self.assertEqual(self.json("rm", "--all", "--cache", urls)["read_only"], 1)

    def test_what_is_for_reading_only_is_not_cleaned(self):
        self.write_line()
        self.run_line("--cache", "disk:one")
        self.neve("rm", "--all", "--cache", "disk:one?mode=read", code=6)
        self.neve("gc", "--budget", "1", "--cache", "disk:one?mode=read", code=6)
        self.neve("gc", "--cache", self.server.url() + "&mode=read", code=6)
        self.assertEqual(len(self.json("ls", "--cache", "disk:one")), 2)

    def test_the_report_and_the_closing_words_tell_tier_by_tier(self):
        self.write_line()
        url = self.server.url()
        self.neve("run", "line.yaml", "--cache", url)
        report = self.json("run", "line.yaml", "--cache", f"disk:near,{url}")["cache_statistics"]
        disk, redis = report["tiers"]
        self.assertEqual((disk["backend"], disk["hits"], disk["promotions"]), ("disk", 0, 2))
        self.assertEqual((redis["backend"], redis["hits"], redis["promotions"]), ("redis", 2, 0))
        self.assertEqual(redis["breaker"]["state"], "closed")
        self.assertEqual(redis["errors_by_kind"], {})
        self.assertEqual(redis["hit_latency"]["buckets"][-1]["count"], 2)
        text = self.neve("run", "line.yaml", "--cache", f"disk:near,{url}").stdout
        self.assertRegex(text, r"(?m)^disk +2 +0 +0 +0 ")
        self.assertRegex(text, r"(?m)^redis .* closed$")

    def test_stats_tell_what_the_server_holds_and_what_the_last_run_asked(self):
        self.write_line()
        urls = f"disk:near,{self.server.url()}"
        self.run_line("--cache", urls)
        stats = self.json("stats", "--cache", urls)
        self.assertEqual(stats["entries"], 2)
        self.assertEqual(stats["servers"][0]["entries"], 2)
        self.assertEqual([tier["stores"] for tier in stats["last_run"]["tiers"]], [2, 2])
        text = self.neve("stats", "--cache", urls).stdout
        self.assertRegex(text, r"unix:.*: 2 entries, ")
        self.assertRegex(text, r"(?m)^redis ")
        alone = self.neve("stats", "--cache", self.server.url()).stdout
        self.assertIn("2 entries", alone)

    def test_stats_of_a_chain_are_told_without_the_server_that_is_away(self):
        self.write_line()
        urls = f"disk:near,{self.server.url()}"
        self.run_line("--cache", urls)
        self.server.kill()
        done = self.neve("stats", "--cache", urls, code=6)
        self.assertRegex(done.stdout, r"(?m)^total +2 ")
        self.assertRegex(done.stdout, r"unix:.*: not known")
        self.assertRegex(done.stdout, r"(?m)^redis ")
        self.assertIn("cannot connect", done.stderr)
        stats = json.loads(self.neve("stats", "--cache", urls, "--json", code=6).stdout)
        self.assertEqual(stats["entries"], 2)
        self.assertIn("cannot connect", stats["servers"][0]["error"])

    def test_stats_show_a_last_run_whose_warnings_quote_a_folder_that_is_no_text(self):
        self.write_line()
        (self.folder / "file").touch()
        urls = f"disk:near,{self.server.url('&inline=10')}&blobs={self.folder}/file/caf%E9"
        self.run_line("--cache", urls)
        last_run = self.json("stats", "--cache", urls)["last_run"]
        self.assertEqual(last_run["tiers"][1]["declined"], 2)

    def test_an_outage_costs_misses_and_is_reported(self):
        self.write_line()
        url = self.server.url("&prefix=p")
        self.server.kill()
        report = self.json("run", "line.yaml", "--cache", f"disk:near,{url}")
        self.assertEqual({stage["outcome"] for stage in report["stages"]}, {"miss"})
        redis = report["cache_statistics"]["tiers"][1]
        self.assertIn(redis["breaker"]["state"], ("open", "half_open"))  # the latter while an attempt to return is under way
        self.assertGreaterEqual(redis["errors_by_kind"]["unavailable"], 1)  # attempts to return are counted, too

    def test_a_tier_that_is_only_read_gets_nothing(self):
        self.write_line()
        self.run_line("--cache", f"disk:near,{self.server.url('&mode=read')}")
        self.assertEqual(self.server.command("dbsize"), "0")
        self.run_line("--cache", f"memory:,{self.server.url('&writes=background')}")
        self.assertNotEqual(self.server.command("dbsize"), "0")

    def test_gc_collects_blobs_that_nothing_points_to(self):
        self.write_line()
        url = self.server.url(f"&inline=1B&blobs={self.folder}/blobs")
        self.run_line("--cache", url)
        blobs = self.files("blobs")
        self.assertTrue(blobs)
        self.server.command("flushall")
        self.assertEqual(self.json("gc", "--cache", url)["blobs"]["removed"], 0)  # perhaps somebody is about to store
        for blob in blobs:
            subprocess.run(["touch", "-d", "2 days ago", self.folder / "blobs" / blob], check=True)
        self.assertEqual(self.json("gc", "--cache", url, "--dry-run")["blobs"]["removed"], len(blobs))
        self.run_line("--cache", "disk:near")
        self.assertIn(f"removed {len(blobs)} blob", self.neve("gc", "--cache", f"disk:near,{url}").stdout)
        self.assertEqual(self.files("blobs"), [])

    def test_gc_says_that_a_server_without_a_blob_folder_has_nothing_to_collect(self):
        alone = self.neve("gc", "--budget", "1", "--cache", self.server.url()).stdout
        self.assertIn("nothing to collect", alone)
        self.assertIn("'blobs='", alone)
        self.assertNotIn("removed", alone)
        self.write_line()
        self.run_line("--cache", "disk:near")
        both = self.neve("gc", "--cache", f"disk:near,{self.server.url()}").stdout
        self.assertIn("removed 0 entries", both)
        self.assertNotIn("blob", both)

    def test_doctor_examines_the_server(self):
        report = self.json("doctor", "--cache", self.server.url())
        self.assertEqual(report["problems"], [])
        facts = {fact["name"]: fact["value"] for fact in report["servers"][0]["facts"]}
        self.assertEqual(facts["role"], "master")
        self.server.command("config", "set", "maxmemory-policy", "noeviction")
        text = self.neve("doctor", "--cache", self.server.url(), code=1).stdout
        self.assertIn("problem: the eviction policy is 'noeviction'", text)
        self.assertIn("remedy: set 'maxmemory-policy allkeys-lru'", text)
        self.server.kill()
        gone = self.neve("doctor", "--cache", f"redis://ann:hunter2@127.0.0.1:{self.server.port}", code=1).stdout
        self.assertIn("start the server", gone)
        self.assertNotIn("hunter2", gone)

    def test_a_chain_says_which_tier_did_not_take_results(self):
        self.write_line()
        server = f"redis://127.0.0.1:{self.server.port}?timeout=20s&connect_timeout=20s"
        report = self.json("run", "line.yaml", "--cache", f"disk:one,{server}&inline=200")
        warnings = [text for text in report["warnings"] if text.startswith("redis")]
        self.assertEqual(len(warnings), 1, report["warnings"])
        self.assertIn("redis did not take 2 of 2 results", warnings[0])
        self.assertIn("the inline limit is 200", warnings[0])
        self.assertIn("'blobs'", warnings[0])
        text = self.neve("run", "line.yaml", "--cache", f"disk:two,{server}&inline=200").stdout
        self.assertEqual(text.count("warning: redis did not take 2 of 2 results"), 1)
        self.assertEqual(self.json("run", "line.yaml", "--cache", f"disk:three,{server}")["warnings"], [])

    def test_a_chain_says_what_a_background_store_did_not_bring(self):
        self.write_line()
        url = f"disk:one,redis://127.0.0.1:{self.server.port}?writes=background&timeout=20s&connect_timeout=20s"
        self.server.kill()
        warnings = self.json("run", "line.yaml", "--cache", url)["warnings"]
        self.assertEqual(len([text for text in warnings if text.startswith("redis did not take 2 of 2")]), 1, warnings)

    def test_doctor_names_the_server_that_has_the_problem(self):
        other = RedisServer(self, "maxmemory 100mb", "maxmemory-policy noeviction")
        addresses = [f"127.0.0.1:{server.port}" for server in (self.server, other)]
        chain = ",".join(f"redis://{address}" for address in addresses)
        found = [each for each in self.json("doctor", chain, code=1)["problems"] if "noeviction" in each["problem"]]
        self.assertEqual([each["servers"] for each in found], [addresses[1:]])
        self.assertIn(f"  server: {addresses[1]}\n  remedy:", self.neve("doctor", chain, code=1).stdout)

        self.server.command("config", "set", "maxmemory-policy", "noeviction")
        found = [each for each in self.json("doctor", chain, code=1)["problems"] if "noeviction" in each["problem"]]
        self.assertEqual([each["servers"] for each in found], [addresses])
        text = self.neve("doctor", chain, code=1).stdout
        self.assertEqual(text.count("the eviction policy is 'noeviction'"), 1)
        self.assertIn(f"  servers: {', '.join(addresses)}\n", text)

    def test_two_commands_share_one_computation_of_each_stage(self):
        for flight, url in (("shared", self.server.url()), ("local", "disk:shared")):
            with self.subTest(flight=flight):
                notes = self.folder / f"notes-{flight}"
                notes.mkdir()
                stages = "".join(
                    f"  s{i}:\n    run: {PYTHON} note.py\n    inputs: note.py\n    with: {{number: {i}, notes: {notes}}}\n"
                    for i in range(12)
                )
                self.write("many.yaml", MANY.format(stages=stages))
                self.write("note.py", NOTE)
                words = [PROGRAM, "run", "many.yaml", "--cache", url, "--flight", flight, "--json", "--jobs", "4"]
                runs = [
                    subprocess.Popen(
                        words,
                        cwd=self.folder,
                        env=self.environment(),
                        stdout=subprocess.PIPE,
                        stderr=subprocess.PIPE,
                        text=True,
                    )
                    for _ in range(2)
                ]
                outputs = [run.communicate(timeout=120) for run in runs]
                self.assertEqual([run.returncode for run in runs], [0, 0], outputs)
                outcomes = [[stage["outcome"] for stage in json.loads(out)["stages"]] for out, _ in outputs]
                self.assertEqual(len(list(notes.iterdir())), 12)
                self.assertEqual(sum(outcome.count("miss") for outcome in outcomes), 12)

    def test_shared_needs_a_server(self):
        self.write_line()
        self.assertIn("redis://", self.neve("run", "line.yaml", "--flight", "shared", code=2).stderr)


if __name__ == "__main__":
    unittest.main()
