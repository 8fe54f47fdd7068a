"""Tables with a column per period."""

import unittest

from dataset_test import DatasetTest

BUDGET = 'Agency,Kind,2022,2023,2024\nArmy,a,"1,000",1100,\nNavy,b,5,,7\n'


class Wide(DatasetTest):
    def test_columns_that_are_periods_are_offered_and_become_rows_when_asked(self):
        added = self.add_text(BUDGET)
        self.assertEqual(added["schema"]["period_columns"], ["2022", "2023", "2024"])
        self.assertIn("period_columns", self.warnings(added))
        added = self.add_text(BUDGET, "--unpivot")
        self.assertEqual(added["generation"], 2)
        self.assertEqual(
            self.rows(),
            [
                ["Army", "a", "2022", "1000"],
                ["Army", "a", "2023", "1100"],
                ["Navy", "b", "2022", "5"],
                ["Navy", "b", "2024", "7"],
            ],
        )
        self.assertEqual(added["schema"]["time_candidates"], [{"columns": ["year"], "grain": "year"}])
        self.assertEqual(added["schema"]["period_columns"], [])

    def test_months_and_quarters_become_dates(self):
        self.add_text("who,Jan 2024,Feb 2024\nA,1,2\n", "--unpivot")
        self.assertEqual(self.rows(), [["A", "2024-01-01", "1"], ["A", "2024-02-01", "2"]])
        added = self.add_text("who,Q1 2024,Q2 2024\nA,1,2\n", "--unpivot")
        self.assertEqual(added["schema"]["period_grain"], "quarter")

    def test_a_row_of_sums_is_one_in_every_period(self):
        added = self.add_text("Agency,2022,2023\nArmy,1,2\nNavy,10,20\nTotal,11,22\n", "--unpivot")
        self.assertEqual(added["schema"]["total_rows"], 2)
        self.assertNotIn("doubtful_total_rows", self.warnings(added))
        self.assertEqual([row[:2] for row in self.rows() if row[3] == "true"], [["Total", "2022"], ["Total", "2023"]])
        # In most periods nothing was sold yet, or by one only.
        for text, totals in (
            ("who,2022,2023,2024,2025\nA,100,0,0,0\nB,250,0,0,0\nTotal,350,0,0,0\n", 4),
            ("who,2022,2023,2024,2025\nA,100,,,\nB,250,,,\nTotal,350,0,0,0\n", 4),
            ("who,2022,2023,2024\nA,1000,,30\nB,,20,500\nTotal,1000,20,530\n", 3),
            ("who,2022,2023,2024,All\nA,1000,3,30,1033\nB,,20,500,520\nTotal,1000,23,530,1553\n", 3),
            ("who,2022,2023,2024\nA,100,5,300\nB,50,200,40\nTotal,150,77,95\n", 0),  # a sum in one by chance
        ):
            added = self.add_text(text, "--unpivot")
            self.assertEqual(added["schema"]["total_rows"], totals, text)
            self.assertEqual("doubtful_total_rows" in self.warnings(added), totals == 0, text)

    def test_a_period_over_several_columns_is_told(self):
        for words in ((), ("--unpivot",)):
            self.assertIn("repeated_periods", self.warnings(self.add_text("who,2020,2020,2021\nA,1,2,3\n", *words)))

    def periods(self, text, *words):
        self.add_text(text, "--unpivot")
        answer = self.json("analyze", "table", "-g", "who", "-v", "value", *words)
        return [(period["period"], str(period["total"])) for period in answer["result"]["by_period"]], answer["warnings"]

    def test_periods_are_those_of_the_headers_whatever_else_tells_a_time(self):
        years, warnings = self.periods("who,year,2021,2022\nP,2020,1,2\nQ,2021,3,4\n")
        self.assertEqual(years, [("2021", "4"), ("2022", "6")])
        self.assertIn("'year_2'; 'year' says when as well", str(warnings))
        years, warnings = self.periods("who,start date,2021,2022\nP,2019-05-01,1,2\nQ,2020-06-01,3,4\n", "--grain", "year")
        self.assertEqual(years, [("2021", "4"), ("2022", "6")])
        months, _ = self.periods("who,month,2021,2022\nP,1,1,2\nQ,2,3,4\n")
        self.assertEqual(months, [("2021-M01", "1"), ("2021-M02", "3"), ("2022-M01", "2"), ("2022-M02", "4")])
        months, _ = self.periods("who,day,Jan 2021,Feb 2021\nP,2019-05-01,1,2\nQ,2020-06-01,3,4\n")
        self.assertEqual(months, [("2021-M01", "4"), ("2021-M02", "6")])

    def test_short_fiscal_years_are_years(self):
        years, _ = self.periods("who,FY22,FY23\nP,1,2\n")
        self.assertEqual(years, [("2022", "1"), ("2023", "2")])

    def test_headers_that_share_a_word_beside_their_period(self):
        for headers in ("Revenue 2022,Revenue 2023", "2022 Revenue,2023 Revenue", "2022 (€),2023 (€)", "CY 2022,CY 2023"):
            years, _ = self.periods(f"who,{headers}\nP,1,2\n")
            self.assertEqual(years, [("2022", "1"), ("2023", "2")], headers)
        months, _ = self.periods("who,Sales Jan 2022,Sales Feb 2022\nP,1,2\n")
        self.assertEqual(months, [("2022-M01", "1"), ("2022-M02", "2")])

    def test_several_measures_become_a_column_each(self):
        for headers, cells in (
            ("Revenue 2022,Units 2022,Revenue 2023,Units 2023", "1,2,3,4"),
            ("Revenue 2022,Revenue 2023,Units 2022,Units 2023", "1,3,2,4"),
            ("Revenue 2022,Units 2022,Units 2023,Revenue 2023", "1,2,4,3"),
        ):
            text = f"who,{headers},note\nP,{cells},x\nQ,,,,,y\nR,{cells.replace('4', '')},z\n"
            added = self.add_text(text)
            self.assertEqual(len(added["schema"]["period_columns"]), 4)
            self.assertIn("'Revenue', 'Units'", str(added["schema"]["warnings"]))
            added = self.add_text(text, "--unpivot")
            self.assertEqual(list(self.types(added)), ["who", "note", "year", "revenue", "units"])
            self.assertEqual(
                self.rows(),
                [["P", "x", "2022", "1", "2"], ["P", "x", "2023", "3", "4"]]
                + [["R", "z", "2022", "1", "2"], ["R", "z", "2023", "3", None]],
            )
            self.assertEqual(added["schema"]["time_candidates"], [{"columns": ["year"], "grain": "year"}])
        # Measures of different periods are columns of their own.
        for headers in ("Revenue 2022,Revenue 2023,Units 2023", "Opened 2022,Closed 2023,x", "a 2022,a 2022,b 2022"):
            added = self.add_text(f"who,{headers}\nP,1,2,3\n")
            self.assertEqual(added["schema"]["period_columns"], [], headers)

    def test_headers_in_six_digits_are_months_if_all_are(self):
        months, _ = self.periods("who,202311,202312,202401\nP,1,2,3\nQ,4,5,6\n")
        self.assertEqual(months, [("2023-M11", "5"), ("2023-M12", "7"), ("2024-M01", "9")])
        added = self.add_text("who,202311,202312\nP,1,2\nQ,4,5\n")
        self.assertEqual(added["schema"]["period_columns"], ["202311", "202312"])
        for headers in ("202311,202313", "202311,202311", "202311,100000"):
            added = self.add_text(f"who,{headers}\nP,1,2\nQ,4,5\n", "--header-row", "1")
            self.assertEqual(added["schema"]["period_columns"], [], headers)
        # Rows of a table without a header.
        added = self.add_text("P,202311,202312\nQ,202311,202401\nR,202312,202402\n")
        self.assertEqual((added["schema"]["rows"], added["schema"]["period_columns"]), (3, []))

    def test_headers_with_a_point_are_months_if_all_numbers_are(self):
        added = self.add_text("who;01.2023;02.2023;note\nA;1;2;x\nB;5;6;y\n", "--unpivot")
        self.assertEqual(added["schema"]["period_grain"], "month")
        self.assertEqual([row[2:] for row in self.rows()][:2], [["2023-01-01", "1"], ["2023-02-01", "2"]])
        for headers in ("01.2023;2.5", "01.2023;13.2023", "01.2023;1,5"):
            (self.folder / "t.csv").write_text(f"who;{headers}\nA;1;2\nB;5;6\n")
            self.assertIn("cannot be unpivoted", self.refused("t.csv", "--unpivot"), headers)

    def test_quarters_called_t_are_such_if_there_is_a_fourth(self):
        for headers in ("T1 2023;T2 2023;T4 2023", "1T23;2T23;4T23", "CA T1 2023;CA T2 2023;CA T4 2023"):
            self.add_text(f"who;{headers}\nA;1;2;3\n", "--unpivot")
            self.assertEqual([row[1] for row in self.rows()], ["2023-01-01", "2023-04-01", "2023-10-01"], headers)
        self.assertEqual(self.add_text("who;T101;T201;T401\nA;1;2;3\n")["schema"]["period_columns"], [])  # tags
        (self.folder / "t.csv").write_text("who;T1 2023;T2 2023;T3 2023\nA;1;2;3\n")
        self.assertIn("cannot be unpivoted", self.refused("t.csv", "--unpivot"))

    def test_what_may_be_thirds_of_a_year_stays_where_it_stands_in_headers_of_two_rows(self):
        for upper, lower, names in (
            ("2024;;2025;", "T1;T2;T1;T2", ["2024_t1", "2024_t2", "2025_t1", "2025_t2"]),
            ("T1;;T2;", "2024;2025;2024;2025", ["t1_2024", "t1_2025", "t2_2024", "t2_2025"]),
        ):
            added = self.add_text(f"who;{upper}\n;{lower}\nA;1;2;3;4\nB;5;6;7;8\n")
            self.assertEqual([column["name"] for column in added["schema"]["columns"]], ["who", *names])
            self.assertEqual(added["schema"]["period_columns"], names)

    def test_days_and_ranges_as_people_write_them_may_be_headers(self):
        for names in ("Mo 1.1.2024;Di 2.1.2024", "1. 1. 2024;2. 1. 2024", "–5;6–10"):
            added = self.add_text(f"who;{names}\nA;1;2\nB;3;4\n")
            self.assertEqual([column["original"] for column in added["schema"]["columns"]], ["who", *names.split(";")])

    def test_words_for_no_value_may_be_names_below_others(self):
        added = self.add_text("Ort;Frage 1;;\n;Ja;Nein;k.A.\nA;1;2;3\nB;4;5;6\n")
        self.assertEqual([column["type"] for column in added["schema"]["columns"]], ["text", *["integer"] * 3])
        added = self.add_text("Ort;Ort;Umsatz\nA;B;k.A.\nA;C;5\nA;D;6\n")
        self.assertEqual((added["schema"]["rows"], self.column(added, "umsatz")["blanks"]), (3, 1))

    def test_names_that_may_be_thirds_of_a_year_do_not_hide_periods(self):
        for headers in ("Revenue 2022;Revenue 2023", "Jan;Feb"):
            added = self.add_text(f"who;1T23;2T23;{headers}\nA;7;8;1;2\n")
            self.assertEqual(added["schema"]["period_columns"], [name.lower().replace(" ", "_") for name in headers.split(";")])

    def test_a_remark_with_a_period_within_does_not_hide_the_periods_of_others(self):
        for remark in ("Change 2023 (%)", "Revenue 2023 (restated)"):
            added = self.add_text(f"who;Revenue 2022;Revenue 2023;{remark}\nA;1;2;100\n", "--unpivot")
            self.assertEqual([row[2:] for row in self.rows()], [["2022", "1"], ["2023", "2"]], remark)
            self.assertIn("repeated_values", self.warnings(added))
        added = self.add_text("who;Jan;Feb;Budget 2024 (EUR)\nA;1;2;100\n", "--unpivot")
        self.assertEqual([row[2:] for row in self.rows()], [["1", "1"], ["2", "2"]])
        (self.folder / "t.csv").write_text("who;Umsatz 2021;Umsatz 2022;Umsatz 2023 (TEUR)\nA;1;2;3\n")
        self.assertIn("another unit", self.refused("t.csv", "--unpivot"))

    def test_amounts_in_another_unit_are_another_measure(self):
        self.add_text("who;Umsatz 2022 (TEUR);Umsatz 2023 (TEUR)\nA;1;2\n", "--unpivot")
        self.assertEqual(self.rows(), [["A", "2022", "1"], ["A", "2023", "2"]])
        added = self.add_text(
            "who,Revenue 2022 ($000),Revenue 2023 ($000),Cost 2022 ($),Cost 2023 ($)\nA,1,2,3,4\n", "--unpivot"
        )
        self.assertEqual([column["original"] for column in added["schema"]["columns"]][2:], ["Revenue ($000)", "Cost ($)"])
        for one, other in (
            ("Umsatz 2022 (TEUR)", "Umsatz 2023 (EUR)"),
            ("2022 ($000)", "2023 ($)"),
            ("Revenue $k 2022", "Revenue $m 2023"),
            ("Umsatz 2022 in TEUR", "Umsatz 2023 in Mio. EUR"),
        ):
            (self.folder / "t.csv").write_text(f"who;{one};{other}\nA;1;2\nB;5;6\n")
            error = self.refused("t.csv", "--unpivot")
            self.assertIn("such as another unit, are another measure", error, one)

    def test_years_with_a_letter_for_actual_estimate_or_forecast(self):
        for headers in ("2022A,2023E,2024F", "2022 A,2023 E,2024 F", "2022a,2023e,2024f", "FY22A,FY23E,FY2024F"):
            years, _ = self.periods(f"who,{headers}\nP,1,2,3\n")
            self.assertEqual(years, [("2022", "1"), ("2023", "2"), ("2024", "3")], headers)
        years, _ = self.periods("who,Revenue 2022A,Revenue 2023E\nP,1,2\n")
        self.assertEqual(years, [("2022", "1"), ("2023", "2")])
        self.assertIn("repeated_periods", self.warnings(self.add_text("who,2022A,2023A,2023E\nP,1,2,3\n")))
        added = self.add_text("who,2022A,2022B,2023A,2023B\nP,1,2,3,4\n")  # classes of a school
        self.assertEqual(added["schema"]["period_columns"], [])

    def test_months_without_a_year_are_those_of_the_rows_year(self):
        months, _ = self.periods("who,year,Jan,Feb,March\nP,2021,1,2,3\nQ,2022,4,,\n")
        self.assertEqual(months, [("2021-M01", "1"), ("2021-M02", "2"), ("2021-M03", "3"), ("2022-M01", "4")])
        quarters, _ = self.periods("who,year,Q1,Q2\nP,2021,1,2\n")
        self.assertEqual(quarters, [("2021-Q1", "1"), ("2021-Q2", "2")])
        added = self.add_text("who,Januar,Februar\nP,1,2\n", "--unpivot")
        self.assertEqual(self.rows(), [["P", "1", "1"], ["P", "2", "2"]])
        self.assertEqual(added["schema"]["time_candidates"], [])

    def test_amounts_that_unpivoting_repeats_are_told(self):
        added = self.add_text("c,staff,code,2022,2023\na,5,07,1,2\nb,7,08,3,4\n", "--unpivot")
        warnings = [w["column"] for w in added["schema"]["warnings"] if w["code"] == "repeated_values"]
        self.assertEqual(warnings, ["staff"])
        answer = self.json("analyze", "table", "-g", "c", "-v", "staff")
        self.assertEqual(answer["result"]["totals"]["total"], 24)  # twice what is there
        self.assertIn("repeated_values", [w["code"] for w in answer["warnings"]])
        answer = self.json("analyze", "table", "-g", "c", "-v", "value")
        self.assertEqual(answer["warnings"], [])
        self.assertEqual(self.warnings(self.add_text("c,staff,2022,2023\na,5,1,2\n")), {"period_columns"})

    def test_measures_of_different_periods_are_named(self):
        self.write_bytes("table.csv", b"c,Revenue 2022,Revenue 2023,Units 2023\na,1,2,3\n")
        error = self.refused("table.csv", "--unpivot")
        self.assertIn("'Revenue' has 2022 and 2023, 'Units' has 2023", error)
        # As it says, a column without cells does.
        self.add_text("c,Revenue 2022,Revenue 2023,Units 2022,Units 2023\na,1,2,,3\n", "--unpivot")
        self.assertEqual(self.rows(), [["a", "2022", "1", None], ["a", "2023", "2", "3"]])

    def test_what_has_no_periods_cannot_be_unpivoted(self):
        self.write_bytes("t.csv", b"a,b\n1,2\n")
        self.assertIn("cannot be unpivoted", self.refused("t.csv", "--unpivot"))
        self.write_bytes("t.csv", b"who,Revenue 2022,Units 2023\nP,1,2\n")
        self.assertIn("'Revenue' has 2022, 'Units' has 2023", self.refused("t.csv", "--unpivot"))


if __name__ == "__main__":
    unittest.main()
