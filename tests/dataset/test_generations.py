"""Generations, identical content, removal, and files that others are reading."""

import os
import shutil
import signal
import subprocess
import unittest

from dataset_test import PROGRAM, DatasetTest

TABLE = "customer,revenue\nAnn,10\nBob,20\n"


class Generations(DatasetTest):
    def test_identical_content_changes_nothing_and_is_said_so(self):
        self.assertTrue(self.add_text(TABLE)["changed"])
        before = {name: os.stat(self.folder / name).st_ino for name in self.files("storage") for name in ["storage/" + name]}
        again = self.add_text(TABLE)
        self.assertFalse(again["changed"])
        self.assertEqual(again["generation"], 1)
        self.assertEqual({name: os.stat(self.folder / name).st_ino for name in before}, before)
        self.assertIn("unchanged", self.neve("dataset", "add", "table.csv").stdout)

    def test_new_content_or_other_options_make_a_new_generation(self):
        self.add_text(TABLE)
        changed = self.add_text(TABLE + "Cy,30\n")
        self.assertEqual((changed["generation"], changed["replaced"], changed["rows"]), (2, True, 3))
        self.assertEqual(self.add("table.csv", "--type", "revenue=text")["generation"], 3)
        self.assertEqual([step["generation"] for step in self.steps() if step["step"] == "receive"], [1, 2, 3])
        self.assertEqual(changed["created_at_ms"], self.json("dataset", "list")[0]["created_at_ms"])

    def test_a_generation_is_never_used_again_after_removal(self):
        self.add_text(TABLE)
        self.neve("dataset", "rm", "table")
        self.assertEqual(self.json("dataset", "list"), [])
        self.assertIn("there is no dataset 'table'", self.neve("dataset", "schema", "table", code=2).stderr)
        self.assertEqual(self.files("storage/datasets/table"), ["generation"])
        self.assertEqual(self.add_text(TABLE)["generation"], 3)

    def test_a_folder_that_is_not_there_is_no_empty_store(self):
        self.add_text(TABLE)
        for words in (("list",), ("schema", "table"), ("lineage", "table"), ("rm", "table")):
            error = self.neve("dataset", *words, "--store", "storge", code=2).stderr
            self.assertIn("there is no folder 'storge' of datasets here; name one with --store", error)
        self.assertFalse((self.folder / "storge").exists())

    def test_a_replaced_dataset_loses_its_analyses(self):
        self.add_text(TABLE)
        self.write("storage/datasets/table/analyses/old.json", "{}")
        self.add_text(TABLE + "Cy,1\n")
        self.assertEqual(self.files("storage/datasets/table/analyses"), [])

    def test_removing_several_is_all_or_nothing(self):
        self.add_text(TABLE)
        self.assertIn("did you mean 'table'", self.neve("dataset", "rm", "table", "tabel", code=2).stderr)
        self.assertEqual(len(self.json("dataset", "list")), 1)

    def test_a_folder_removed_by_hand_takes_its_cached_answers_with_it(self):
        question = ("analyze", "table", "-g", "customer", "-v", "revenue", "--grain", "none", "--cache", "disk:cache")
        total = lambda: self.json(*question)["result"]["totals"]["total"]  # noqa: E731
        text = "customer;revenue\nAnn;1.234\nBob;2.000\n"
        self.add_text(text, "--decimal", ".")
        self.assertEqual(str(total()), "3.234")
        shutil.rmtree(self.folder / "storage/datasets/table")
        self.assertEqual(self.add_text(text, "--decimal", ",")["generation"], 1)
        self.assertEqual(str(total()), "3234")

    def test_a_damaged_record_is_told_and_mended_by_adding_again(self):
        self.add_text(TABLE)
        self.add_text(TABLE, name="other.csv")
        self.write("storage/datasets/table/dataset.json", "{")
        listed = self.neve("dataset", "list", code=3)
        self.assertIn("other", listed.stdout)
        self.assertIn("dataset 'table': 'storage/datasets/table/dataset.json': JSON, byte 1", listed.stderr)
        mended = self.add_text(TABLE)
        self.assertTrue(mended["changed"])
        self.assertGreater(mended["generation"], 1)
        self.assertEqual(len(self.json("dataset", "list")), 2)
        self.write("storage/datasets/table/generation", "?")
        self.assertGreater(self.add_text(TABLE + "Cy,1\n")["generation"], mended["generation"])
        self.write("storage/datasets/table/schema.json", "")
        self.assertTrue(self.add_text(TABLE + "Cy,1\n")["changed"])
        self.write("storage/datasets/table/dataset.json", "")
        self.neve("dataset", "rm", "table")
        self.assertEqual([record["id"] for record in self.json("dataset", "list")], ["other"])

    def test_a_flipped_bit_in_a_table_is_refused_and_mended_by_adding_again(self):
        question = ("analyze", "table", "-g", "customer", "-v", "revenue", "--grain", "none")
        self.add_text(TABLE)
        table = self.folder / "storage/datasets/table/normalized.parquet"
        good = table.read_bytes()
        for place in (10, len(good) // 2, len(good) - 10):
            table.write_bytes(good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :])
            refused = self.neve(*question, code=3).stderr
            self.assertIn("normalized.parquet' is not what was written there", refused)
            self.assertIn("original/table.csv' again", refused)
        mended = self.add("storage/datasets/table/original/table.csv")
        self.assertTrue(mended["changed"])
        self.assertEqual(self.json(*question)["result"]["totals"]["total"], 30)
        table.unlink()
        self.assertIn("normalized.parquet' is missing; add the file again", self.neve(*question, "--again", code=3).stderr)

    def test_a_schema_that_somebody_edited_is_refused(self):
        self.add_text(TABLE)
        schema = self.folder / "storage/datasets/table/schema.json"
        schema.write_text(schema.read_text().replace('"entity"', '"text"'))
        self.assertIn("schema.json' is not what was written there", self.neve("dataset", "schema", "table", code=3).stderr)

    def test_a_damaged_lineage_is_kept_and_told_of(self):
        self.add_text(TABLE)
        self.write("storage/datasets/table/lineage.json", "{")
        self.add_text(TABLE + "Cy,1\n")
        self.assertEqual((self.folder / "storage/datasets/table/lineage.damaged-2.json").read_text(), "{")
        first = self.steps()[0]
        self.assertEqual((first["step"], first["kept_as"]), ("damaged_lineage", "lineage.damaged-2.json"))

    def adding_without_end(self):
        """An addition of table.csv that has begun to receive it, and the pipe that the rest comes from."""
        path = self.folder / "table.csv"
        path.unlink()
        os.mkfifo(path)
        adding = subprocess.Popen(
            [PROGRAM, "dataset", "add", "table.csv"], cwd=self.folder, env=self.environment(), stderr=subprocess.PIPE, text=True
        )
        self.addCleanup(adding.kill)
        pipe = path.open("wb", buffering=0)
        self.addCleanup(pipe.close)
        pipe.write(b"customer,revenue\n" + b"c1,1.25\n" * 200_000)
        while not list((self.folder / "storage/.staging").glob("build-*/original/*")):
            self.assertIsNone(adding.poll(), "ended too early")
            os.sched_yield()
        return adding, pipe

    def test_an_addition_from_a_pipe_ends_when_it_is_asked_to_once(self):
        self.add_text(TABLE)
        adding, _ = self.adding_without_end()  # its other end is open and says no more
        adding.send_signal(signal.SIGINT)
        self.assertIn("nothing changed", adding.communicate(timeout=60)[1])
        self.assertEqual(self.json("dataset", "list")[0]["generation"], 1)
        adding = subprocess.Popen(  # and one that nobody has opened
            [PROGRAM, "dataset", "add", "table.csv", "--id", "other"],
            cwd=self.folder,
            env=self.environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(adding.kill)
        while not list((self.folder / "storage/.staging").glob("build-*")):
            self.assertIsNone(adding.poll(), "ended too early")
            os.sched_yield()
        adding.send_signal(signal.SIGINT)
        self.assertIn("nothing changed", adding.communicate(timeout=60)[1])

    def test_a_killed_addition_leaves_the_old_dataset_and_is_cleaned_up_later(self):
        self.add_text(TABLE)
        kept = self.rows()
        adding, _ = self.adding_without_end()
        adding.kill()
        adding.communicate()
        staging = self.folder / "storage/.staging"
        self.assertEqual(len(list(staging.glob("build-*"))), 1)
        self.assertEqual(self.rows(), kept)
        self.assertEqual(self.json("dataset", "list")[0]["generation"], 1)
        (self.folder / "table.csv").unlink()
        self.assertEqual(self.add_text(TABLE + "Cy,30\n")["generation"], 2)
        self.assertEqual(list(staging.glob("build-*")), [])
        self.assertEqual(len(self.rows()), 3)

    def test_many_additions_at_once_all_arrive(self):
        self.add_text(TABLE)
        for _ in range(6):
            adding = [
                subprocess.Popen(
                    [PROGRAM, "dataset", "add", "table.csv", "--id", f"d{i}", "--type", "revenue=decimal"],
                    cwd=self.folder,
                    env=self.environment(),
                    stderr=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    text=True,
                )
                for i in range(8)
            ]
            errors = [(process.communicate()[1], process.returncode) for process in adding]
            self.assertEqual(errors, [("", 0)] * 8)
            self.assertEqual([len(self.rows(f"d{i}")) for i in range(8)], [2] * 8)
            self.neve("dataset", "rm", *(f"d{i}" for i in range(8)))

    def test_an_interrupted_addition_changes_nothing(self):
        self.add_text(TABLE)
        adding, pipe = self.adding_without_end()
        adding.send_signal(signal.SIGINT)
        with self.assertRaises(BrokenPipeError):
            while True:  # there is more, until it stops reading
                pipe.write(b"c1,1.25\n" * 1000)
        error = adding.communicate()[1]
        self.assertEqual(adding.returncode, 130, error)
        self.assertEqual(list((self.folder / "storage/.staging").glob("build-*")), [])
        self.assertEqual(self.rows(), [["Ann", "10"], ["Bob", "20"]])


if __name__ == "__main__":
    unittest.main()
