"""neve analyze, from the outside: against a second implementation in exact fractions, in every format, and its mistakes."""

import csv
import hashlib
import io
import json
import random
import unittest
from decimal import Decimal

from command_test import CommandTest
from concentration_model import analyse

try:
    import openpyxl
except ImportError:
    openpyxl = None

QUESTION = ("analyze", "sales", "--group-by", "customer", "--value", "revenue")


def read_exactly(text):
    """JSON with every number as a decimal, so that none is rounded."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


class AnalyzeTest(CommandTest):
    def add(self, rows, name="sales.csv"):
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(("customer", "date", "revenue"))
        writer.writerows(rows)
        self.write(name, out.getvalue())
        self.neve("dataset", "add", name, "--quiet")

    def answer(self, *words, **environment):
        return read_exactly(self.neve(*QUESTION, *words, "--json", **environment).stdout)

    def test_the_ending_of_the_file_chooses_the_format(self):
        self.add([("Acme", "2024-01-31", "3"), ("Beta", "2024-01-31", "1")])
        for ending in ("json", "csv", "xlsx"):
            self.neve(*QUESTION, "--out", f"by_ending.{ending}")
            self.neve(*QUESTION, "--format", ending, "--out", "by_name")
            self.assertEqual((self.folder / f"by_ending.{ending}").read_bytes(), (self.folder / "by_name").read_bytes())
        self.neve(*QUESTION, "--out", "LOUD.CSV")
        self.assertEqual((self.folder / "LOUD.CSV").read_bytes(), (self.folder / "by_ending.csv").read_bytes())

    def test_a_format_that_is_named_outweighs_the_ending(self):
        self.add([("Acme", "2024-01-31", "3"), ("Beta", "2024-01-31", "1")])
        self.neve(*QUESTION, "--format", "json", "--out", "answer.csv")
        self.assertIn("result", read_exactly((self.folder / "answer.csv").read_text()))
        self.neve(*QUESTION, "--json", "--out", "second.csv")
        self.assertIn("result", read_exactly((self.folder / "second.csv").read_text()))
        for words in (("--format", "text", "--out", "third.csv"), ("--out", "table.txt"), ("--out", "table")):
            self.neve(*QUESTION, *words)
            self.assertTrue((self.folder / words[-1]).read_text().startswith("sales: revenue by customer"))

    def random_rows(self, seed, count, entities, blanks, negatives):
        dice = random.Random(seed)
        names = ["Ärzte AG", "=SUM(A1)", 'Beta "B"', "O'Neil, Sons", "田中", "-Minus", "\U0001f4a1 light", "acme", "Acme"]
        names += [f"Customer {number}" for number in range(entities)]
        rows = []
        for _ in range(count):
            entity = "" if dice.random() < blanks else names[int(len(names) * dice.random() ** 3)]
            date = f"{dice.randint(2021, 2024)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
            units = dice.randint(1, 10 ** dice.randint(1, 12)) * (-1 if dice.random() < negatives else 1)
            value = "" if dice.random() < blanks else str(Decimal(units).scaleb(-dice.choice((0, 1, 2, 6))))
            rows.append((entity, date, format(Decimal(value), "f") if value else ""))
        # One plain row of each kind, so that types and roles do not hang on the dice.
        return [("Acme", "2021-01-31", "0.000001"), ("Acme", "2024-12-31", "1")] + rows

    def test_agrees_with_exact_fractions_to_the_last_digit(self):
        shapes = [(1, 300, 5, 0.05, 0), (2, 2000, 300, 0.02, 0), (3, 800, 40, 0.1, 0.4), (4, 60, 200, 0, 0.5)]
        for seed, count, entities, blanks, negatives in shapes:
            rows = self.random_rows(seed, count, entities, blanks, negatives)
            self.add(rows)
            for grain, thresholds in (
                ("month", "10,20,50"),
                ("quarter", "0.5,33.333333,99.999999"),
                ("year", "100"),
                ("none", "1,2,3,5,8,13,21,34,55,89"),
            ):
                with self.subTest(seed=seed, grain=grain):
                    found = self.answer("--grain", grain, "--thresholds", thresholds)["result"]
                    self.assertEqual(found, analyse(rows, grain, thresholds.split(",")))

    def test_same_bytes_whatever_threads_row_order_and_store(self):
        rows = self.random_rows(9, 1500, 80, 0.02, 0.02)
        digests = set()
        for store, seed, threads in (("one", 1, "1"), ("two", 2, "3"), ("three", 3, "8")):
            random.Random(seed).shuffle(rows)
            out = io.StringIO()
            writer = csv.writer(out)
            writer.writerow(("customer", "date", "revenue"))
            writer.writerows(rows)
            self.write("sales.csv", out.getvalue())
            self.neve("dataset", "add", "sales.csv", "--store", store, "--quiet")
            for output_format in ("json", "csv", "xlsx"):
                self.neve(*QUESTION, "--store", store, "--threads", threads, "-f", output_format, "-o", "answer")
                digest = hashlib.sha256((self.folder / "answer").read_bytes()).hexdigest()
                digests.add((output_format, digest))
        self.assertEqual(len(digests), 3)

    def test_csv_is_what_the_document_says(self):
        self.add([("=HYPERLINK(1)", "2024-01-01", "5"), ("@b", "2024-01-02", "-1"), ("c", "2024-02-01", "-2")])
        document = self.answer()
        table = list(csv.DictReader(io.StringIO(self.neve(*QUESTION, "-f", "csv").stdout)))
        self.assertEqual([row["period"] for row in table], ["2024-M01"] * 3 + ["2024-M02"] + ["TOTAL"] * 3)
        self.assertEqual(table[0]["largest_entity"], "'=HYPERLINK(1)")
        self.assertEqual((table[3]["status"], table[3]["total"], table[3]["hhi"]), ("undefined", "-2", ""))
        for row, threshold in zip(table[4:], ("10", "20", "50")):
            expected = document["result"]["totals"]["thresholds"][threshold]
            self.assertEqual(Decimal(row["reach_pct"]), expected["reach"]["pct_of_total"])
            self.assertEqual(Decimal(row["within_count"]), expected["within"]["count"])
            self.assertEqual(Decimal(row["top_value"]), expected["top_entities"]["value"])

    @unittest.skipUnless(openpyxl, "needs openpyxl")
    def test_workbook_has_sheets_charts_and_text_that_stays_text(self):
        self.add([("=SUM(A1)", "2024-01-01", "70.25"), ("b", "2024-01-02", "20"), ("c", "2024-02-01", "10")])
        self.neve(*QUESTION, "-f", "xlsx", "-o", "answer.xlsx")
        book = openpyxl.load_workbook(self.folder / "answer.xlsx")
        self.assertEqual(book.sheetnames, ["summary", "details", "top", "lorenz", "parameters"])
        summary = book["summary"]
        self.assertEqual([cell.value for cell in summary[2]][:6], ["TOTAL", "ok", 3, 100.25, "=SUM(A1)", 70.25])
        self.assertEqual(summary["E2"].data_type, "s")
        self.assertEqual(len(summary._charts), 2)  # openpyxl has no public list of them
        self.assertEqual([cell.value for cell in book["lorenz"][2]], [0, 0, 0])
        self.assertEqual(book["details"].max_row, 1 + 3 * 3)

    def test_second_question_finds_the_first_ones_answer(self):
        self.add([("a", "2024-01-01", "5"), ("b", "2024-01-02", "4")])
        self.assertIn("computed in", self.neve(*QUESTION).stdout)
        self.assertIn("found in the store in", self.neve(*QUESTION, "--grain", "month").stdout)
        cached = {"NEVE_CACHE": "disk:cache"}
        self.assertIn("found in the store in", self.neve(*QUESTION, **cached).stdout)
        self.assertIn("from the cache (disk) in", self.neve(*QUESTION, **cached).stdout)
        self.assertIn("computed in", self.neve(*QUESTION, "--again", **cached).stdout)
        self.add([("a", "2024-01-01", "6")])
        renewed = self.neve(*QUESTION, **cached).stdout
        self.assertIn("generation 2, computed in", renewed)

    def test_older_answers_make_room_for_newer_ones(self):
        self.add([("Acme", "2024-01-31", "3"), ("Beta", "2024-01-31", "1")])
        for threshold in ("10", "20", "30"):
            answer = self.answer("--thresholds", threshold, "--artifacts", "1KiB")
            analyses = self.folder / "storage" / "datasets" / "sales" / "analyses"
            (kept,) = analyses.glob("*/*/concentration.json")
            self.assertEqual(read_exactly(kept.read_text()), answer)

    def built_with_redis(self):
        return self.json("doctor", "--cache", "memory:")["built_in"]["redis"]

    def test_cache_that_cannot_be_reached_changes_nothing(self):
        if not self.built_with_redis():
            self.skipTest("built without Redis")
        self.add([("a", "2024-01-01", "5"), ("b", "2024-01-02", "4")])
        expected = self.answer()
        away = {"NEVE_CACHE": "redis://127.0.0.1:1"}
        self.assertEqual(self.answer(**away), expected)
        self.assertEqual(self.answer("--again", **away), expected)

    def test_mistakes_say_what_could_be_asked(self):
        self.add([("a", "2024-01-01", "5"), ("b", "2024-01-02", "4")])
        cases = [
            (("analyze", "sale", "-g", "customer", "-v", "revenue"), "did you mean 'sales'"),
            (("analyze", "sales", "-g", "custmer", "-v", "revenue"), "did you mean 'customer'"),
            (("analyze", "sales", "-g", "zzz", "-v", "revenue"), "customer, date, revenue"),
            (("analyze", "sales", "-g", "date", "-v", "customer"), "the numeric columns are revenue"),
            ((*QUESTION, "--thresholds", "0"), "above 0 and at most 100"),
            ((*QUESTION, "--thresholds", ",".join(map(str, range(1, 22)))), "1 to 20"),
            ((*QUESTION, "--grain", "monht"), "did you mean 'month'"),
            ((*QUESTION, "--filter", "revenu > 3"), "did you mean 'revenue'"),
            ((*QUESTION, "--filter", "revenue > 'a'"), "a number"),
        ]
        if self.built_with_redis():
            cases.append(((*QUESTION, "--cache", "rediss:/"), "names its host"))
        for words, expected in cases:
            with self.subTest(words=words):
                self.assertIn(expected, self.neve(*words, code=2).stderr)
        self.assertFalse(
            (self.folder / "storage/datasets/sales/analyses").exists()
            and any((self.folder / "storage/datasets/sales/analyses").iterdir())
        )

    def test_no_time_column_no_periods(self):
        self.write("sales.csv", "customer,revenue\na,5\nb,4\n")
        self.neve("dataset", "add", "sales.csv", "--quiet")
        self.assertEqual(self.answer()["result"]["period_grain"], "none")
        refused = self.neve(*QUESTION, "--grain", "year", code=2).stderr
        self.assertIn("no time column for the grain 'year'; it has none at all", refused)
        self.write("wide.csv", "customer,2023,2024\na,5,6\nb,4,7\n")
        self.neve("dataset", "add", "wide.csv", "--quiet")
        refused = self.neve("analyze", "wide", "-g", "customer", "-v", "2023", "--grain", "year", code=2).stderr
        self.assertIn("the first is '2023': adding it again with unpivoting (--unpivot) makes them rows", refused)

    def test_a_store_that_cannot_be_written_still_answers(self):
        self.add([("a", "2024-01-01", "5"), ("b", "2024-01-02", "4")])
        analyses = self.folder / "storage/datasets/sales/analyses"
        analyses.rmdir()
        analyses.write_text("a file where a folder should be")
        done = self.neve(*QUESTION, "-f", "csv")
        self.assertIn("TOTAL", done.stdout)
        self.assertIn("artifacts cannot be written", done.stderr)


if __name__ == "__main__":
    unittest.main()
