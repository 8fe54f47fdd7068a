"""Types, coercions, rejected rows and rows of sums of delimited texts."""

import csv
import io
import os
import random
import unittest
from decimal import Decimal

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

    def test_money_is_read_exactly_and_every_coercion_is_counted(self):
        added = self.add_text("name;amount\na;$1,234.50\nb;($99)\nc;2k\nd;n/a\ne;0.1234567\nf; 5 \n")
        self.assertEqual(self.types(added)["amount"], "decimal")
        self.assertEqual(
            [row[1] for row in self.rows()], ["1234.500000", "-99.000000", "2000.000000", None, "0.123457", "5.000000"]
        )
        self.assertEqual(
            self.coercions("amount"),
            {
                "currency_removed": 2,
                "thousands_joined": 1,
                "parentheses_to_minus": 1,
                "suffix_expanded": 1,
                "blank_word": 1,
                "rounded": 1,
            },
        )
        self.assertIn("rounded", self.warnings(added))
        example = self.step("normalise")["columns"][1]["coercions"][0]["examples"][0]
        self.assertEqual(example, {"line": 5, "from": "n/a", "to": ""})

    def test_types_come_from_all_rows_not_from_the_first(self):
        lines = "".join(f"c{i % 7},{i}\n" for i in range(50_000))
        added = self.add_text("customer,code\n" + lines + "c1,A17\n")
        self.assertEqual(self.types(added)["code"], "text")
        self.assertIn("mostly_numbers", self.warnings(added))
        forced = self.add_text("customer,code\n" + lines + "c1,A17\n", "--type", "code=integer")
        self.assertEqual(self.types(forced)["code"], "integer")
        self.assertEqual(self.coercions("code"), {"unreadable_to_blank": 1})
        self.assertEqual(self.warnings(forced), {"unreadable_cells"})
        named = self.add_text("Customer Code\n17\n18\n", "--type", "Customer Code=text")  # as the file has it
        self.assertEqual(self.types(named), {"customer_code": "text"})

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

    def entities(self, *words):
        """Entity and value of the ranked ones; `words` follow the dataset."""
        answer = self.json("analyze", "table", "-v", "v", "--grain", "none", *words)
        return {row["entity"]: row["value"] for row in answer["result"]["totals"]["head"]}

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

    def test_only_words_that_belong_together_are_booleans(self):
        for yes, no in (("true", "false"), ("YES", "no"), ("y", "N"), ("T", "f")):
            added = self.add_text(f"c,v\n{yes},1\n{no},2\n,3\n{yes},4\n")
            self.assertEqual(self.types(added)["c"], "boolean", yes)
            self.assertEqual([row[0] for row in self.rows()], ["true", "false", None, "true"])
        added = self.add_text("c,v\nT,5\nY,6\nF,7\nN,8\nT,1\n")
        self.assertEqual(self.types(added)["c"], "text")
        self.assertIn("mixed_booleans", self.warnings(added))
        self.assertEqual(self.entities("-g", "c"), {"N": 8, "F": 7, "T": 6, "Y": 6})
        for words in (("yes", "y", "no"), ("TRUE", "f"), ("t", "n")):
            added = self.add_text("c,v\n" + "".join(f"{word},1\n" for word in words))
            self.assertEqual(self.types(added)["c"], "text", words)

    def test_codes_that_look_like_decimals(self):
        added = self.add_text("c,v\n1.1,5\n1.10,6\n1.2,7\n")
        self.assertEqual(self.types(added)["c"], "decimal")
        warning = next(w for w in added["schema"]["warnings"] if w["code"] == "merged_spellings")
        self.assertIn("2 numbers are written in 3 ways", warning["text"])
        self.assertIn("the type text of c", warning["text"])
        answer = self.json("analyze", "table", "-g", "c", "-v", "v")
        self.assertEqual([w["code"] for w in answer["warnings"]], ["merged_spellings"])
        self.assertEqual(self.entities("-g", "c"), {"1.1": 11, "1.2": 7})
        self.assertEqual([w["code"] for w in self.json("analyze", "table", "-g", "v", "-v", "c")["warnings"]], [])
        self.add_text("c,v\n1.1,5\n1.10,6\n1.2,7\n", "--type", "c=text")
        self.assertEqual(self.entities("-g", "c"), {"1.2": 7, "1.10": 6, "1.1": 5})
        added = self.add_text("app version,v\n1.1,5\n1.10,6\n1.2,7\n2,1\n")  # the name says what they are
        self.assertEqual(self.types(added)["app_version"], "text")
        self.assertEqual(len(self.entities("-g", "app version")), 4)
        for cells in (("1E2", "100"), ("3k", "3000"), ("5%", "5.0%"), ("4000", "4000.0"), ("(1)", "-1"), ("+1", "1")):
            self.assertIn(
                "merged_spellings", self.warnings(self.add_text("c;v\n" + "".join(f"{cell};5\n" for cell in cells))), cells
            )

    def test_amounts_are_no_codes(self):
        for cells in (
            ("1.10", "1.20", "3.00"),
            ("5", "5.5", "7.25"),
            ("$1.1", "$1.10"),
            ("1,100.5", "3.50"),
            ("1.2300", "4.5600"),
            ("5", "1.10"),
            ("-2.5", "3.0"),
        ):
            added = self.add_text("c;v\n" + "".join(f"{cell};1\n" for cell in cells))
            self.assertEqual(self.types(added)["c"], "decimal", cells)
            self.assertNotIn("merged_spellings", self.warnings(added), cells)

    def test_two_years_in_a_row_are_a_year_and_no_month(self):
        for cells in (
            ("2009/10", "2010/11", "2011/12"),
            ("2009-10", "2010-11", "2011-12"),
            ("2009/2010", "2010/2011", "2011/2012"),
            ("2009/10", "2010/11", "2011/12", "2018/19"),
        ):
            added = self.add_text("c,fy,v\n" + "".join(f"a{i},{cell},{i + 1}\n" for i, cell in enumerate(cells)))
            self.assertEqual(self.column(added, "fy")["time_part"], "year", cells)
            self.assertEqual(added["schema"]["time_candidates"], [{"columns": ["fy"], "grain": "year"}])
            self.assertEqual([row[1] for row in self.rows()][:3], ["2009", "2010", "2011"])
            self.assertIn("fiscal_years", self.warnings(added))
            self.assertEqual(self.coercions("fy"), {"fiscal_to_year": len(cells)})
        added = self.add_text("c,when,v\na,2009-10,5\nb,2009-11,6\nc,2010-11,7\n")  # one is no such pair: months
        self.assertEqual(added["schema"]["period_grain"], "month")
        added = self.add_text("c,month,v\na,2009-10,5\nb,2010-11,6\n")  # the name says so
        self.assertEqual(added["schema"]["period_grain"], "month")
        added = self.add_text("c,2009/10,2010/11\na,5,6\nb,1,2\n", "--unpivot")
        self.assertEqual(self.rows(), [["a", "2009", "5"], ["a", "2010", "6"], ["b", "2009", "1"], ["b", "2010", "2"]])
        added = self.add_text("c,2009-09,2009-10,2009-11\na,5,6,7\n", "--unpivot")
        self.assertEqual([row[1] for row in self.rows()], ["2009-09-01", "2009-10-01", "2009-11-01"])

    def test_years_with_letters_before_them_or_a_zero_behind(self):
        for cells in (
            ("FY2022", "FY2023"),
            ("FY22", "FY23"),
            ("fy 2022", "FY23"),
            ("2022.0", "2023.0"),
            ("2022", "2023.0"),
            ("FY2022", "2023"),
        ):
            added = self.add_text("c,year,v\n" + "".join(f"a{i},{cell},{i + 1}\n" for i, cell in enumerate(cells)) + "b,,3\n")
            self.assertEqual([row[1] for row in self.rows()], ["2022", "2023", None], cells)
            self.assertEqual(added["schema"]["period_grain"], "year", cells)
        added = self.add_text("c,ratio,v\na,2022.0,1\nb,2023.0,2\n")
        self.assertEqual(self.types(added)["ratio"], "decimal")

    def test_the_lineage_says_the_date_order_in_words(self):
        for words, said in (((), "auto"), (("--date-order", "auto"), "auto"), (("--date-order", "mdy"), "mdy")):
            self.add_text("c,d,v\na,03/04/2024,1\n", *words)
            steps = [step for step in self.steps() if "options" in step]
            self.assertEqual(steps[-1]["options"]["date_order"], said)

    def test_dates_that_may_begin_with_a_year_of_two_digits(self):
        for cells in (("24-01-13", "24-03-02", "23-01-05"), ("24/01/13", "23/11/05")):
            text = "c,d,v\n" + "".join(f"a,{cell},1\n" for cell in cells)
            added = self.add_text(text)
            self.assertEqual(self.types(added)["d"], "text", cells)
            self.assertIn("open_date_order", self.warnings(added))
            self.assertEqual(self.types(self.add_text(text, "--date-order", "dmy"))["d"], "date")
        for cells in (("25/01/24", "13/02/24", "31/03/23"), ("24.01.13", "23.11.05"), ("24/01/13", "05/11/23")):
            added = self.add_text("c,d,v\n" + "".join(f"a,{cell},1\n" for cell in cells))
            self.assertEqual(self.column(added, "d")["representation"]["format"], "dd/mm/yyyy", cells)

    def times(self, added):
        return [candidate["columns"] for candidate in added["schema"]["time_candidates"]]

    def test_a_blank_more_does_not_change_which_date_the_periods_come_from(self):
        rows = [["a", "2024-01-30", "2024-02-02", "5"], ["b", "", "2024-02-03", "6"]] + [
            ["c", "2024-01-05", "2024-02-07", "1"]
        ] * 9
        text = "c,order_date,ship_date,v\n" + "".join(",".join(row) + "\n" for row in rows)
        self.assertEqual(self.times(self.add_text(text)), [["order_date"], ["ship_date"]])
        answer = self.json("analyze", "table", "-g", "c", "-v", "v")
        self.assertEqual([period["period"] for period in answer["result"]["by_period"]], ["2024-M01"])
        warning = next(w for w in answer["warnings"] if w["code"] == "several_times")
        self.assertIn("'order_date'; 'ship_date' says when as well", warning["text"])
        self.assertNotIn(
            "several_times", str(self.json("analyze", "table", "-g", "c", "-v", "v", "--grain", "none")["warnings"])
        )
        self.assertEqual(self.times(self.add_text(text + "d,,2024-03-01,1\n" * 3)), [["ship_date"], ["order_date"]])

    def test_a_year_and_a_month_belong_together_by_their_names(self):
        added = self.add_text("c,birth_year,order_year,order_month,v\na,1980,2024,1,5\nb,1990,2024,2,6\n")
        self.assertEqual(self.times(added), [["order_year", "order_month"], ["order_year"]])
        added = self.add_text("c,order_year,order_month,ship_year,ship_month,v\na,2023,,2024,1,5\nb,2023,12,2024,1,6\n")
        self.assertEqual(self.times(added), [["order_year", "order_month"], ["order_year"]])
        added = self.add_text("c,birth_month,year,month,v\na,1,2024,2,5\n")
        self.assertEqual(self.times(added), [["year", "month"], ["year"]])
        added = self.add_text("c,birth_year,order_month,v\na,1980,1,5\n")
        self.assertEqual(self.times(added), [["birth_year"]])
        added = self.add_text("c,fiscal_year,month,v\na,2024,1,5\n")
        self.assertEqual(self.times(added), [["fiscal_year", "month"], ["fiscal_year"]])

    def test_amounts_of_a_year_are_no_years(self):
        added = self.add_text("c,sales_last_year,v\na,1200,5\nb,2500,6\nc,1800,1\n")
        self.assertEqual(self.times(added), [])
        added = self.add_text("c,year,orders_per_month,v\na,2024,3,5\nb,2024,12,6\n")
        self.assertEqual(self.times(added), [["year"]])

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

    def test_of_two_columns_of_years_an_answer_says_which_it_is_by(self):
        self.add_text("c,year,fiscal year,v\na,2023,2024,1\nb,2024,2024,2\n")
        answer = self.json("analyze", "table", "-g", "c", "-v", "v")
        self.assertEqual([period["period"] for period in answer["result"]["by_period"]], ["2023", "2024"])
        (warning,) = answer["warnings"]
        self.assertEqual(warning["code"], "several_times")
        self.assertIn("those of 'year'; 'fiscal_year' says when as well", warning["text"])

    def test_the_order_of_day_and_month_is_decided_from_the_whole_column(self):
        body = "".join(f"x,0{i % 9 + 1}/05/2024\n" for i in range(100))
        added = self.add_text("n,date\n" + body + "x,31/05/2024\n")
        self.assertEqual(self.column(added, "date")["representation"]["format"], "dd/mm/yyyy")
        self.assertEqual(self.rows()[0][1], "2024-05-01")
        added = self.add_text("n,date\n" + body + "x,05/31/2024\n")
        self.assertEqual(self.rows()[1][1], "2024-02-05")
        added = self.add_text("n,date\n" + body + "x,05/31/2024\nx,31/05/2024\n")
        self.assertEqual(self.types(added)["date"], "text")
        self.assertIn("contradicting_dates", self.warnings(added))
        added = self.add_text("n,date\nx,03/04/2024\nx,05/06/2024\n")
        self.assertEqual(self.types(added)["date"], "text")
        self.assertIn("open_date_order", self.warnings(added))
        added = self.add_text("n,date\nx,03/04/2024\nx,05/06/2024\n", "--date-order", "dmy")
        self.assertEqual([row[1] for row in self.rows()], ["2024-04-03", "2024-06-05"])

    def test_the_decimal_mark_is_decided_from_the_whole_column(self):
        self.add_text("n;v\na;1.234\nb;12,5\nc;1.000.000\n")
        self.assertEqual([row[1] for row in self.rows()], ["1234.000000", "12.500000", "1000000.000000"])
        added = self.add_text("n,v\na,1.234\nb,5.678\n")
        self.assertIn("open_decimal_mark", self.warnings(added))
        self.assertEqual(self.rows()[0][1], "1.234000")
        added = self.add_text("n;v\na;1.234,5\nb;5,678.25\n")
        self.assertEqual(self.types(added)["v"], "text")
        self.assertIn("mixed_decimal_marks", self.warnings(added))

    def test_an_open_decimal_mark_is_decided_by_one_option_which_the_warning_names(self):
        text = "n,v\na,1.250\nb,12.500\n"
        added = self.add_text(text)
        warning = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "open_decimal_mark")
        self.assertIn("--decimal comma", warning)
        again = self.add_text(text, "--decimal", "comma")
        self.assertEqual([row[1] for row in self.rows()], ["1250", "12500"])
        self.assertNotIn("open_decimal_mark", self.warnings(again))
        self.assertEqual(again["generation"], 2)
        self.assertEqual(self.step("receive")["options"]["decimal_mark"], ",")
        self.assertFalse(self.add_text(text, "--decimal", ",")["changed"])

    def test_other_columns_decide_an_open_decimal_mark_where_they_can(self):
        def read(text):
            added = self.add_text(text)
            return self.rows()[0][1], "open_decimal_mark" in self.warnings(added)

        self.assertEqual(read("n;v;w\na;1.250;1.234,56\nb;12.500;3\n"), ("1250", False))
        self.assertEqual(read('n,v,w\na,"1,250",0.5\nb,"12,500",3\n'), ("1250", False))
        self.assertEqual(read("n,v,w\na,1.250,52.5163\nb,12.500,3.25\n"), ("1.250000", True))  # coordinates of a German file?
        self.assertEqual(read('n,v,w\na,1.250,"0,5"\nb,"12,500",3\n'), ("1250.000000", True))
        self.assertEqual(read('n,v,w,x\na,1.250,"0,5",0.5\nb,12.500,3,4\n'), ("1.250000", True))
        self.assertEqual(read("n;v\na;1.250\nb;12.500\n"), ("1250", True))  # semicolons are a hint, no proof

    def test_a_decimal_mark_that_was_asked_for_costs_no_other_column_its_numbers(self):
        text = "n;v;lat\na;1.250;52.5163\nb;12.500;13.4\n"
        added = self.add_text(text, "--decimal", "comma")
        self.assertEqual([row[1:] for row in self.rows()], [["1250", "52.516300"], ["12500", "13.400000"]])
        self.assertEqual([w["column"] for w in added["schema"]["warnings"] if w["code"] == "other_decimal_mark"], ["lat"])
        added = self.add_text("n;v\na;1.250\nb;12.500\nc;12.5\n", "--decimal", "comma")
        self.assertEqual(self.types(added)["v"], "text")
        self.assertIn("mixed_decimal_marks", self.warnings(added))

    def test_a_column_read_as_decimals_has_its_own_mark_and_not_that_of_the_others(self):
        self.add_text("n;v;w\na;12.5;1,5\nb;13.25;2,5\nc;x;3\n", "--type", "v=decimal")
        self.assertEqual([row[1] for row in self.rows()], ["12.500000", "13.250000", None])

    def test_a_type_that_is_asked_for_leaves_the_questions_about_cells(self):
        self.write_bytes("open.csv", b"d,c,v\n03/04/2024,A,1\n05/06/2024,B,2\n")
        self.assertIn("date order", self.refused("open.csv", "--type", "d=date"))
        self.add("open.csv", "--type", "d=date", "--date-order", "dmy", "--id", "table")
        self.assertEqual([row[0] for row in self.rows()], ["2024-04-03", "2024-06-05"])
        added = self.add_text("d,c,v\n13/04/2024,A,1\n05/06/2024,B,2\nx,C,3\n", "--type", "d=date")
        self.assertEqual([row[0] for row in self.rows()], ["2024-04-13", "2024-06-05", None])
        self.assertEqual(self.column(added, "d")["representation"]["format"], "dd/mm/yyyy")
        added = self.add_text("d;c;v\n1;A;1.250\n2;B;12.500\n", "--type", "v=decimal")
        self.assertEqual(self.warnings(added), {"open_decimal_mark"})
        added = self.add_text("c,v\nA,€5\nB,$6\n", "--type", "v=decimal")
        self.assertEqual(self.warnings(added), {"mixed_currencies"})
        self.assertEqual(self.column(added, "v")["representation"]["currency"], "$, €")

    def test_years_months_and_quarters_stay_such_if_they_are_asked_to_be_integers(self):
        for name, cells, values, part in (
            ("year", ["2023", "2024"], ["2023", "2024"], "year"),
            ("month", ["1", "12"], ["1", "12"], "month"),
            ("month", ["Jan", "Feb"], ["1", "2"], "month"),
            ("quarter", ["Q1", "Q2"], ["1", "2"], "quarter"),
            ("fy", ["FY2023", "FY2024"], ["2023", "2024"], "year"),
        ):
            text = f"{name},c,v\n" + "".join(f"{cell},A,1.5\n" for cell in cells)
            added = self.add_text(text, "--type", f"{name}=integer")
            self.assertEqual([row[0] for row in self.rows()], values, name)
            self.assertEqual(self.column(added, name)["time_part"], part, cells)
            self.assertEqual(self.warnings(added), set(), cells)
            self.assertNotIn("time_part", self.column(self.add_text(text, "--type", f"{name}=text"), name))

    def test_months_of_two_digits_are_months_and_other_leading_zeros_are_codes(self):
        for name, cells, wanted in (
            ("month", ["01", "12", "02", "01"], "integer"),
            ("quarter", ["01", "04"], "integer"),
            ("month", ["01", "13"], "text"),
            ("month", ["001", "012"], "text"),
            ("code", ["01", "12"], "text"),
        ):
            added = self.add_text(f"year,{name},v\n" + "".join(f"2023,{cell},1\n" for cell in cells))
            self.assertEqual(self.types(added)[name], wanted, cells)
            grain = {"month": "month", "quarter": "quarter"}.get(name, "year") if wanted == "integer" else "year"
            self.assertEqual(added["schema"]["period_grain"], grain, cells)

    def test_rows_of_sums_stay_data_if_that_is_asked_for(self):
        text = "customer,city,revenue\nAnn,Rome,10\nBob,Oslo,20\nTotal,,30\n"
        added = self.add_text(text)
        warning = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "total_rows")
        self.assertIn("--totals keep", warning)
        kept = self.add_text(text, "--totals", "keep")
        self.assertEqual((kept["generation"], kept["schema"]["total_rows"], kept["schema"]["total_rows_column"]), (2, 0, ""))
        self.assertEqual(len(self.rows()), 3)
        self.assertEqual(self.json("analyze", "table", "-g", "customer", "-v", "revenue")["result"]["totals"]["total"], 60)
        self.assertEqual(self.step("receive")["options"]["totals"], "keep")

    def test_rows_of_sums_are_marked_and_customers_called_total_are_not(self):
        added = self.add_text(
            "customer,city,revenue\nAnn,Rome,10.10\nBob,Oslo,20.20\nTotal,,30.30\nCy,Rome,5\nGrand total,,35.30\n"
        )
        self.assertEqual(added["schema"]["total_rows"], 2)
        self.assertEqual(added["schema"]["total_rows_column"], "is_total_row")
        self.assertEqual([row[3] for row in self.rows()], ["false", "false", "true", "false", "true"])
        added = self.add_text("customer,city,revenue\nAnn,Rome,10\nTotal,Paris,20\nBob,Oslo,30\n")
        self.assertEqual(added["schema"]["total_rows"], 0)
        self.assertEqual(added["schema"]["total_rows_column"], "")
        self.assertIn("doubtful_total_rows", self.warnings(added))
        self.assertEqual(len(self.rows()[0]), 3)

    def test_a_label_whose_rows_are_mostly_no_sums_is_a_name(self):
        rows = "".join(
            f"K{i},{kind},{v},{i * 7 % 90 + 100}.5\n"
            for i, (kind, v) in enumerate(
                [("Glass", 1), ("Hail", 1), ("Total loss", 2), ("Total loss", 50), ("Glass", 3), ("Total loss", 60)]
            )
        )
        added = self.add_text("claim,damage,vehicles,amount\n" + rows)
        self.assertEqual(added["schema"]["total_rows"], 0)
        self.assertIn("doubtful_total_rows", self.warnings(added))

    def test_long_texts_are_written_in_groups_that_fit_into_memory(self):
        body = "".join(chr(97 + i * i % 23) for i in range(13_000))
        text = "id,body,v\n" + "".join(f"{i},{body[i % 997 :]} {i},{i % 100}\n" for i in range(7_000))
        self.assertEqual(self.add_text(text, "--memory", "256MiB")["rows"], 7_000)

    def test_one_letter_alone_is_no_boolean(self):
        added = self.add_text("n,sex,size,ok,done\na,F,T,Y,yes\nb,F,T,N,yes\n")
        self.assertEqual(self.types(added), {"n": "text", "sex": "text", "size": "text", "ok": "boolean", "done": "boolean"})

    def test_the_decimal_mark_is_open_only_where_a_point_or_comma_stands(self):
        self.assertNotIn("open_decimal_mark", self.warnings(self.add_text("name;v\np;1 234\nq;5 678\nr;91'011\n")))
        self.assertIn("open_decimal_mark", self.warnings(self.add_text("name;v\np;1,234\nq;5,678\n")))

    def test_errors_of_newer_spreadsheets_are_blank(self):
        words = ["#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!"]
        added = self.add_text("n,v\n" + "".join(f"a,{word}\n" for word in words) + "b,5\n")
        self.assertEqual(self.types(added)["v"], "integer")

    def test_dates_may_begin_with_a_weekday(self):
        self.add_text('n,day\na,"Sun, 14 Jun 2009"\nb,"Thursday, April 15, 2004"\nc,"Mon, 15 Jun 2009 00:00:00 +0000"\n')
        self.assertEqual([row[1] for row in self.rows()], ["2009-06-14", "2004-04-15", "2009-06-15"])

    def marked(self, added):
        return [row[:-1] for row in self.rows() if row[-1] == "true"] if added["schema"]["total_rows"] else []

    def test_totals_of_a_period_are_sums_of_that_period(self):
        added = self.add_text(
            "customer,year,revenue\nAnn,2023,1\nAnn,2024,2\nBob,2023,10\nBob,2024,20\nTotal,2023,11\nTotal,2024,22\n"
        )
        self.assertEqual(self.marked(added), [["Total", "2023", "11"], ["Total", "2024", "22"]])

    def test_totals_that_stand_first_are_found_as_well(self):
        added = self.add_text("customer,city,revenue\nTotal,all,60\nAnn,Rome,10\nBob,Oslo,20\nCy,Bonn,30\n")
        self.assertEqual(self.marked(added), [["Total", "all", "60"]])
        added = self.add_text("unit,kind,v\nNorth subtotal,s,3\nAnn,a,1\nBob,b,2\nSouth subtotal,s,7\nCy,c,3\nDi,d,4\n")
        self.assertEqual([row[0] for row in self.marked(added)], ["North subtotal", "South subtotal"])

    def test_a_total_in_the_first_row_counts_customers_called_total(self):
        rows = "N,A,5.25\nN,Total Tools,9.75\nS,B,7.50\nS,C,8.25\n"
        for total in ("Total,,30.75", "Total,,31.75", "Total,all,30.75"):
            for text in (f"{total}\n{rows}", f"{rows}{total}\n"):
                added = self.add_text("region,customer,amount\n" + text)
                self.assertEqual([row[0] for row in self.marked(added)], ["Total"], text)

    def test_a_total_may_be_off_by_the_rounding_of_its_summands_and_have_a_mean_beside_it(self):
        added = self.add_text("customer,city,share,price\nAnn,Rome,33.3,2\nBob,Oslo,33.3,4\nCy,Bonn,33.3,6\nTotal,all,100,4\n")
        self.assertEqual(self.marked(added), [["Total", "all", "100.000000", "4"]])
        added = self.add_text("customer,city,share\nAnn,Rome,33.3\nBob,Oslo,33.3\nCy,Bonn,33.3\nTotal,all,101\n")
        self.assertEqual(self.marked(added), [])

    def test_a_column_is_text_because_of_few_cells_and_says_which(self):
        added = self.add_text("n,day\na,2024-02-01\nb,2024-02-30\nc,2024-02-03\n")
        self.assertEqual(self.types(added)["day"], "text")
        text = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "mostly_dates")
        self.assertIn("'2024-02-30' in line 3", text)

    def test_money_of_accountants_and_of_other_countries(self):
        self.add_text("n;v\na;$ -\nb;$ 5\n")
        self.assertEqual([row[1] for row in self.rows()], ["0.000000", "5.000000"])
        added = self.add_text("c,v\nA,5 Kč\nB,90 Kč\n")
        self.assertEqual(self.column(added, "v")["representation"]["currency"], "Kč")
        added = self.add_text("c,v\nA,5 CR\nB,9 DR\n")
        self.assertEqual(self.types(added)["v"], "text")
        self.assertIn("credits_and_debits", self.warnings(added))
        for text, number in (
            ("12 kr", "12.000000"),
            ("R$ 1,5", "1.500000"),
            ("3 zł", "3.000000"),
            ("1\u2009234 €", "1234.000000"),
        ):
            self.add_text(f"n;v\na;{text}\n", "--decimal", ",")
            self.assertEqual(self.rows()[0][1], number, text)
        added = self.add_text("n,when,v\na,1Q2024,1\nb,4Q24,2\n")
        self.assertEqual(added["schema"]["period_grain"], "quarter")
        self.assertEqual([row[1] for row in self.rows()], ["2024-01-01", "2024-10-01"])

    def test_year_and_month_and_quarter_columns_are_times(self):
        added = self.add_text("customer,year,month,v\nA,2024,Jan,1\nB,2023,Dec,2\n")
        self.assertEqual(
            added["schema"]["time_candidates"],
            [{"columns": ["year", "month"], "grain": "month"}, {"columns": ["year"], "grain": "year"}],
        )
        self.assertEqual([row[2] for row in self.rows()], ["1", "12"])
        added = self.add_text("customer,year,qtr,v\nA,2024,Q1,1\nB,2023,Q4,2\n")
        self.assertEqual(added["schema"]["period_grain"], "quarter")

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

    def test_messy_amounts_add_up_to_what_python_says(self):
        source = random.Random(11)
        total = Decimal(0)
        lines = ["Kunde;Betrag"]
        for i in range(20_000):
            cents = source.randrange(-(10**9), 10**9)
            value = Decimal(cents) / 100
            total += value
            digits = f"{abs(cents) // 100:,}".replace(",", ".") + f",{abs(cents) % 100:02}"
            form = source.randrange(4)
            sign = "-" if cents < 0 else ""
            text = [f"{sign}{digits}", f"{sign}{digits} €", f"€ {sign}{digits}", f"({digits})" if cents < 0 else digits][form]
            lines.append(f"k{i % 13};{text}")
        self.add_text("\r\n".join(lines) + "\r\n")
        self.assertEqual(sum(Decimal(row[1]) for row in self.rows()), total)

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
