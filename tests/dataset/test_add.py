"""Adding delimited texts: rows that do not fit, quotes, files that are no table, wrong options."""

import csv
import io
import os
import random
import unittest

from dataset_test import DatasetTest


class Add(DatasetTest):
    def test_a_clean_table_becomes_typed_columns(self):
        added = self.add_text(
            "Customer,Order Date,Revenue,Units,Active,Zip\nAnn,2024-01-31,10.50,3,yes,01234\nBob,2024-02-01,-7,4,no,98765\n"
        )
        self.assertEqual(
            self.types(added),
            {
                "customer": "text",
                "order_date": "date",
                "revenue": "decimal",
                "units": "integer",
                "active": "boolean",
                "zip": "text",
            },
        )
        self.assertEqual(
            self.rows(),
            [
                ["Ann", "2024-01-31", "10.500000", "3", "true", "01234"],
                ["Bob", "2024-02-01", "-7.000000", "4", "false", "98765"],
            ],
        )
        roles = {column["name"]: column["role"] for column in added["schema"]["columns"]}
        self.assertEqual(roles["customer"], "entity")
        self.assertEqual(roles["revenue"], "value")
        self.assertEqual(roles["order_date"], "time")
        self.assertEqual(added["schema"]["time_candidates"], [{"columns": ["order_date"], "grain": "month"}])
        self.assertEqual(added["schema"]["period_grain_candidates"], ["month", "quarter", "year"])

    def test_rows_that_do_not_fit_are_rejected_with_line_and_reason(self):
        added = self.add_text('a,b\n1,2\n3\n4,5,6\n7,8,\n"x,9\n10,11\na,b\n12,13\n')
        self.assertEqual(self.rows(), [["1", "2"], ["7", "8"], ["10", "11"], ["12", "13"]])
        self.assertEqual(added["rejected_rows"], 4)
        read = self.step("read")
        self.assertEqual(
            [(row["line"], row["reason"]) for row in read["rejected"]],
            [
                (3, "1 fields instead of 2"),
                (4, "3 fields instead of 2"),
                (6, "a quote that is never closed"),
                (8, "it repeats the header"),
            ],
        )
        self.assertEqual(
            read["rejected_by_reason"], {"too_few_fields": 1, "too_many_fields": 1, "unclosed_quote": 1, "repeated_header": 1}
        )

    def test_a_row_may_lack_the_delimiter_that_stands_behind_the_last_name(self):
        added = self.add_text('"a","b",\n"x","1",\n"y","2"\n"z","3",\n"w"\n')
        self.assertEqual(self.rows(), [["x", "1"], ["y", "2"], ["z", "3"]])
        self.assertEqual((added["rejected_rows"], self.warnings(added)), (1, {"rejected_rows"}))
        # Where something stands behind it, such a row lacks a cell.
        added = self.add_text("a,b,\nx,1,7\ny,2,8\nz,3\n")
        self.assertEqual((self.rows()[2], self.warnings(added)), (["z", "3", None], {"short_rows"}))

    def test_quotes_that_close_early_or_never_swallow_no_rows(self):
        added = self.add_text('c,v\n"Big" Bob,5\nX,6\n"Tall" Al,7\n"Y",8\nZ,1\n')
        self.assertEqual(self.rows(), [["Big Bob", "5"], ["X", "6"], ["Tall Al", "7"], ["Y", "8"], ["Z", "1"]])
        self.assertEqual(added["schema"]["warnings"], [])
        added = self.add_text('c,v\nA,1\n"Bob,5\nX,6\nW,3\n"Y",8\nZ,1\n"Q",2\n')
        self.assertEqual(self.rows(), [["A", "1"], ["X", "6"], ["W", "3"], ["Y", "8"], ["Z", "1"], ["Q", "2"]])
        self.assertEqual(
            [(row["line"], row["reason"]) for row in self.step("read")["rejected"]], [(3, "a quote that is never closed")]
        )
        self.assertIn("rejected_rows", self.warnings(added))

    def test_what_the_csv_module_of_python_reads_of_odd_quotes(self):
        source = random.Random(3)
        cells = [
            '"Big" Bob',
            '"a ""b"" c"',
            '"two\nlines"',
            '"x, y"',
            "plain",
            '"q"  tail',
            '6" pipe',
            '""',
            '"a" b "c"',
            '"Ö" ü',
        ]
        rows = [[source.choice(cells), source.choice(cells), str(i)] for i in range(2000)]
        text = "a,b,n\n" + "".join(",".join(row) + "\n" for row in rows)
        self.add_text(text)
        wanted = [[cell.strip() or None for cell in row] for row in csv.reader(io.StringIO(text))][1:]
        self.assertEqual(self.rows(), wanted)

    def test_a_cell_of_several_lines_that_could_be_rows_is_said_to_be_doubtful(self):
        added = self.add_text('c,v\nA,1\n"Bob,5\nX 6",7\n"12 Main St\nRome, Italy",5\n')
        self.assertEqual([row[1] for row in self.rows()], ["1", "7", "5"])
        self.assertIn("doubtful_quotes", self.warnings(added))
        added = self.add_text('c,v\nA,1\n"12 Main St\nRome, Italy",5\n')
        self.assertNotIn("doubtful_quotes", self.warnings(added))

    def test_an_answer_repeats_what_may_make_it_wrong(self):
        self.add_text("c,v,w\na,1.250,1\nb,12.500,2\nd,999,3\n")
        self.assertEqual(
            [w["code"] for w in self.json("analyze", "table", "-g", "c", "-v", "v")["warnings"]], ["open_decimal_mark"]
        )
        self.assertEqual(self.json("analyze", "table", "-g", "c", "-v", "w")["warnings"], [])
        self.add_text("c,v\na,$5\nb,7 €\n")
        self.assertEqual(
            [w["code"] for w in self.json("analyze", "table", "-g", "c", "-v", "v")["warnings"]], ["mixed_currencies"]
        )
        self.add_text("c,city,v\na,x,100\nb,y,200\nTotal,z,610\n")
        self.assertIn(
            "doubtful_total_rows", [w["code"] for w in self.json("analyze", "table", "-g", "c", "-v", "v")["warnings"]]
        )
        self.add_text("c,v,w\na,100,1\nb,200,2\nc,300\nd,5,6\n")
        self.assertEqual(
            self.json("analyze", "table", "-g", "c", "-v", "v")["warnings"],
            [
                {
                    "code": "rejected_rows",
                    "text": "1 row not fitting the header: left out; lineage.json says which and why",
                }
            ],
        )

    def test_long_texts_are_written_in_groups_that_fit_into_memory(self):
        body = "".join(chr(97 + i * i % 23) for i in range(13_000))
        text = "id,body,v\n" + "".join(f"{i},{body[i % 997 :]} {i},{i % 100}\n" for i in range(7_000))
        self.assertEqual(self.add_text(text, "--memory", "256MiB")["rows"], 7_000)

    def test_the_same_file_gives_the_same_bytes_however_many_processors_there_are(self):
        rows = random.Random(7)
        text = "customer,date,amount,note\n" + "".join(
            f"c{rows.randrange(5000)},2024-{rows.randrange(1, 13):02}-{rows.randrange(1, 29):02},"
            f'"{rows.randrange(10**6):,}.{rows.randrange(100):02}",{"x" * rows.randrange(30)}\n'
            for _ in range(300_000)
        )
        digests = set()
        processors = os.sched_getaffinity(0)
        self.addCleanup(os.sched_setaffinity, 0, processors)
        for name, some in (("all", processors), ("one", {min(processors)}), ("again", processors)):
            os.sched_setaffinity(0, some)
            self.add_text(text, "--id", name)
            folder = self.folder / "storage/datasets" / name
            digests.add((folder / "normalized.parquet").read_bytes() + (folder / "schema.json").read_bytes())
        self.assertEqual(len(digests), 1)

    def test_what_is_no_table_is_refused_and_leaves_nothing(self):
        cases = {
            "empty.csv": (b"", "empty"),
            "blank.csv": (b"\n \n\n", "empty"),
            "a.pdf": (b"%PDF-1.7 ...", "PDF"),
            "page.xls": (b"<html><table></table></html>", "HTML"),
            "list.json": (b'[{"a": 1}]', "JSON"),
            "zeros.csv": (b"a,b\n1,\0\0\0 3\n", "zero bytes"),
            "prose.txt": (
                b"It was a dark night.\nThe rain fell, in torrents, except\nat times, when it, and the wind, slept.\nOh, well.\n",
                "different numbers of fields",
            ),
        }
        for name, (content, words) in cases.items():
            self.write_bytes(name, content)
            error = self.refused(name)
            self.assertIn("not a table", error, name)
            self.assertIn(words, error, name)
        self.assertIn("there is no file", self.refused("nowhere.csv"))
        self.assertIn("larger than", self.add_too_large())

    def test_a_header_may_be_longer_than_what_is_looked_at_first(self):
        names = [f"q{i} " + "how satisfied are you with our service " * 6 for i in range(1500)]
        rows = "".join(",".join(str((i * j) % 5) for i in range(1500)) + "\n" for j in range(3))
        added = self.add_text(",".join(names) + "\n" + rows)
        self.assertEqual((added["rows"], len(added["schema"]["columns"])), (3, 1500))
        self.assertEqual(added["schema"]["columns"][-1]["original"], names[-1].strip())

    def test_what_is_too_wide_or_too_long_is_named_and_counted(self):
        self.write_bytes("wide.csv", (",".join(f"c{i}" for i in range(100_000)) + "\n" + "1," * 99_999 + "1\n").encode())
        self.assertIn("'wide.csv' has 100000 columns", self.refused("wide.csv", code=5))
        self.write_bytes("long.csv", b"a,b\n1,2\n" + b"x" * (20 << 20) + b",3\n")
        error = self.refused("long.csv", code=5)
        self.assertIn("'long.csv': line 3: a record of more than", error)

    def add_too_large(self):
        self.write_bytes("large.csv", b"a,b\n" + b"1,2\n" * 1000)
        return self.refused("large.csv", "--max-size", "1KB", code=5)

    def test_wrong_options_name_what_would_be_right(self):
        self.write_bytes("t.csv", b"customer,v\na,1\n")
        self.assertIn("did you mean 'customer'", self.refused("t.csv", "--type", "custmer=text"))
        self.assertIn("decimal", self.refused("t.csv", "--type", "v=decimel"))
        self.write_bytes("upper.csv", b"customer,V\na,1\n")
        self.assertIn("two types", self.refused("upper.csv", "--type", "V=text", "--type", "v=integer"))
        self.assertIn("line 9", self.refused("t.csv", "--header-row", "9"))
        self.assertIn("is no dataset id", self.refused("t.csv", "--id", "../x"))
        self.assertIn("is a text without sheets", self.refused("t.csv", "--sheet", "1"))


if __name__ == "__main__":
    unittest.main()
