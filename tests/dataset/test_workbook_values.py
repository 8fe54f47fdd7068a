"""Workbooks: what numbers, dates, shares and currencies in cells mean."""

import datetime
import unittest

import openpyxl

from workbook_test import HEADER, WorkbookTest, workbook


class WorkbookValues(WorkbookTest):
    def test_formats_of_conditions_are_none_of_cells(self):
        styles = (
            '<numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
            '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
            '<dxfs><dxf><numFmt numFmtId="164" formatCode="0.00"/></dxf></dxfs>'
        )
        rows = HEADER + '<row r="2"><c r="A2" s="1"><v>45322</v></c><c r="B2"><v>1</v></c></row>'
        self.write_bytes("table.xlsx", workbook(rows, styles=styles))
        self.add("table.xlsx")
        self.assertEqual(self.rows(), [["2024-01-31", "1"]])

    def test_dates_from_1900_and_1904_and_the_day_that_never_was(self):
        styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'

        def rows(*serials):
            return HEADER + "".join(
                f'<row r="{i}"><c r="A{i}" s="1"><v>{s}</v></c><c r="B{i}"><v>1</v></c></row>'
                for i, s in enumerate(serials, start=2)
            )

        self.write_bytes("table.xlsx", workbook(rows(1, 59, 61, 45322), styles=styles))
        self.add("table.xlsx")
        self.assertEqual([row[0] for row in self.rows()], ["1900-01-01", "1900-02-28", "1900-03-01", "2024-01-31"])
        self.write_bytes("table.xlsx", workbook(rows(0, 43860), styles=styles, properties='<x:workbookPr date1904="1"/>'))
        self.add("table.xlsx")
        self.assertEqual([row[0] for row in self.rows()], ["1904-01-01", "2024-01-31"])
        extension = (
            '<x:workbookPr date1904="1"/><x:extLst><x:ext uri="u"><y:workbookPr xmlns:y="u" dpi="1"/></x:ext></x:extLst>'
        )
        self.write_bytes("table.xlsx", workbook(rows(0, 43860), styles=styles, properties=extension))
        self.add("table.xlsx")
        self.assertEqual([row[0] for row in self.rows()], ["1904-01-01", "2024-01-31"])
        self.write_bytes("table.xlsx", workbook(rows(60), styles=styles))
        self.add("table.xlsx")
        self.assertEqual(self.rows()[0][0], "1900-02-29")

    def test_whole_numbers_keep_all_of_their_digits(self):
        book = openpyxl.Workbook()
        book.active.append(["c", "v"])
        numbers = [1234567890123450 + i for i in range(4)] + [-9007199254740991, 5]
        for i, number in enumerate(numbers):
            book.active.append([number, i + 1])
        self.save(book)
        added = self.add("table.xlsx")
        self.assertEqual([row[0] for row in self.rows()], [str(number) for number in numbers])
        self.assertEqual(self.column(added, "c")["cardinality"], len(numbers))
        cells = (
            "12345678901234567",
            "1.23456789012345E+16",
            "33.299999999999997",
            "123456789012.3456",
            "0.30000000000000004",
            "1E-3",
        )
        rows = HEADER + "".join(
            f'<row r="{i}"><c r="A{i}"><v>{i}</v></c><c r="B{i}"><v>{cell}</v></c></row>'
            for i, cell in enumerate(cells, start=2)
        )
        self.write_bytes("table.xlsx", workbook(rows))
        self.add("table.xlsx")
        self.assertEqual(
            [row[1] for row in self.rows()],
            [
                "12345678901234567.000000",
                "12345678901234500.000000",
                "33.300000",
                "123456789012.345600",
                "0.300000",
                "0.001000",
            ],
        )

    def test_numbers_keep_their_values_whatever_mark_texts_have(self):
        added = self.sheet(["c", "v", "t"], ["A", 1.125, "12,5"], ["B", 5, "3,75"], ["C", -10.625, "1.250"])
        self.assertEqual(
            self.rows(), [["A", "1.125000", "12.500000"], ["B", "5.000000", "3.750000"], ["C", "-10.625000", "1250.000000"]]
        )
        self.assertEqual(self.warnings(added), set())
        for words in ((), ("--decimal", "comma"), ("--decimal", "point"), ("--type", "v=decimal", "--decimal", "comma")):
            added = self.sheet(["c", "v"], ["A", 1.125], ["B", 2.375], ["C", 10.625], words=words)
            self.assertEqual([row[1] for row in self.rows()], ["1.125000", "2.375000", "10.625000"], words)
            self.assertEqual(self.warnings(added), set(), words)
        # In one column with texts, each kind is read as it is; texts alone may be open.
        self.sheet(["c", "v"], ["A", 1.125], ["B", "1.125"], ["C", "12,5"], ["D", 1.125])
        self.assertEqual([row[1] for row in self.rows()], ["1.125000", "1125.000000", "12.500000", "1.125000"])
        self.assertIn("open_decimal_mark", self.warnings(self.sheet(["c", "v"], ["A", 1.5], ["B", "1.125"])))

    def test_numbers_among_texts_stand_there_as_they_are(self):
        added = self.sheet(["c", "version"], ["A", 1.125], [2.5, 1.5], ["C", 1.25], ["x\ufeff", 3])
        self.assertEqual([row[0] for row in self.rows()], ["A", "2.5", "C", "x"])
        self.assertEqual(self.types(added)["version"], "decimal")
        self.assertEqual(self.coercions("c"), {})

    def test_shares_are_known_by_their_values_whether_shown_as_percent_or_not(self):
        added = self.sheet(["c", "v"], ["A", 0.125], ["B", 0.5], ["C", 1], ["D", 0], formats={"B2": "0.0%"})
        self.assertEqual([row[1] for row in self.rows()], ["0.125000", "0.500000", "1.000000", "0.000000"])
        self.assertEqual((self.types(added)["v"], self.warnings(added)), ("fraction", {"mixed_percent"}))
        added = self.sheet(["c", "v"], ["A", "12.5%"], ["B", 0.5])
        self.assertEqual((self.types(added)["v"], self.warnings(added)), ("text", {"mixed_percent"}))

    def test_durations_are_days_and_told_where_they_are_added_up(self):
        rows = (["c", "hours", "n"], ["A", 1.5, 1], ["B", 0.25, 2], ["C", 2, 3])
        for code in ("[h]:mm", "[HH]:MM:SS", "[mm]:ss", '[h]"h" mm"min"'):
            added = self.sheet(*rows, formats={"B2": code, "B3": code, "B4": code})
            self.assertEqual([row[1] for row in self.rows()], ["1.500000", "0.250000", "2.000000"], code)
            self.assertEqual(self.warnings(added), {"durations"}, code)
            self.assertEqual(self.column(added, "hours")["representation"]["unit"], "days")
            self.assertEqual(self.coercions("hours"), {})
        warnings = self.json("analyze", "table", "-g", "c", "-v", "hours")["warnings"]
        self.assertIn("3 of 3 cells are shown as durations, and are read in days", str(warnings))
        self.assertEqual(self.json("analyze", "table", "-g", "c", "-v", "n")["warnings"], [])
        # Where the column is text, the cell is called by its number; times of day are no amounts.
        self.sheet(["c", "hours"], ["A", 1.5], ["B", "ill"], formats={"B2": "[h]:mm"})
        self.assertEqual([row[1] for row in self.rows()], ["1.5", "ill"])
        added = self.sheet(*rows[:3], formats={"B2": "[Red]0.0", "B3": "0.0"})
        self.assertEqual(self.warnings(added), set())

    def test_currencies_that_only_formats_show_are_known(self):
        rows = (["c", "v"], ["A", 10.5], ["B", 20], ["C", -7])
        added = self.sheet(*rows, formats={"B2": '"$"#,##0.00', "B3": "[$€-407] #,##0.00", "B4": '#,##0.00\\ "zł"'})
        self.assertEqual([row[1] for row in self.rows()], ["10.500000", "20.000000", "-7.000000"])
        self.assertIn("mixed_currencies", self.warnings(added))
        self.assertEqual(self.column(added, "v")["representation"]["currency"], "$, zł, €")
        warnings = self.json("analyze", "table", "-g", "c", "-v", "v")["warnings"]
        self.assertIn("mixed_currencies", [warning["code"] for warning in warnings])
        accounting = '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)'
        added = self.sheet(*rows, formats={"B2": accounting, "B3": "[$$-409]#,##0.00", "B4": "$#,##0.00"})
        self.assertEqual([row[1] for row in self.rows()], ["10.500000", "20.000000", "-7.000000"])
        self.assertEqual(self.warnings(added), set())
        self.assertEqual(self.column(added, "v")["representation"]["currency"], "$")
        # Texts with a currency and formats with one are alike; what only looks like a currency is none.
        added = self.sheet(["c", "v"], ["A", 10.5], ["B", "20 €"], formats={"B2": '#,##0.00 "USD"'})
        self.assertIn("mixed_currencies", self.warnings(added))
        added = self.sheet(*rows, formats={"B2": '0.0 "kr\u00f6nt"', "B3": '0 "Stk"', "B4": "[Red]0"})
        self.assertNotIn("currency", self.column(added, "v")["representation"])

    def test_units_that_only_formats_show_are_read_as_those_of_texts_are(self):
        rows = (["c", "v"], ["A", 1200.5], ["B", 20], ["C", -7])
        formats = {"B2": '#,##0" TEUR"', "B3": '0.0\\ "Mio. €"', "B4": '"k€ "0'}
        added = self.sheet(*rows, formats=formats)
        self.assertEqual([row[1] for row in self.rows()], ["1200500.000000", "20000000.000000", "-7000.000000"])
        self.assertEqual(self.column(added, "v")["representation"]["suffixes"], "k, m, b")
        self.assertEqual(self.warnings(added), set())
        added = self.sheet(["c", "v (TEUR)"], ["A", 12.5], formats={"B2": '#,##0.0" TEUR"'})
        self.assertIn("unit_in_name", self.warnings(added))
        # The value is whole where the format divides it; and what only looks like such a unit is none.
        for code in ("#,##0,", '0.0,,"Mio"', '#,##0," TEUR"', '0" m"', '0" t"', '0" kg"', '0"%"', '[>=1000]0,"K";0'):
            added = self.sheet(*rows, formats={"B2": code, "B3": code, "B4": code})
            self.assertEqual([row[1] for row in self.rows()], ["1200.500000", "20.000000", "-7.000000"], code)
            self.assertEqual(self.warnings(added), set(), code)
        # A currency beside the unit, and on both sides of the number.
        for code, value, currency in (
            ('"€"#,##0" TEUR"', "20000.000000", "EUR"),
            ('[$€-407] 0.0" Mio €"', "20000000.000000", "€"),
            ('$#,##0.0"M"', "20000000.000000", "$"),
            ('[$€-407] #,##0" Mio"', "20000000.000000", "€"),
        ):
            added = self.sheet(*rows, formats={"B2": code, "B3": code, "B4": code})
            self.assertEqual(self.rows()[1][1], value, code)
            self.assertEqual(self.column(added, "v")["representation"]["currency"], currency, code)
        self.sheet(["c", "v"], [1200.5, 1], [20, 3], ["A", 2], formats={"A2": '0" TEUR"', "A3": '0" TEUR"'})
        self.assertEqual([row[0] for row in self.rows()], ["1200.5", "20", "A"])

    def test_an_entity_shown_with_a_currency_is_called_by_its_number(self):
        self.sheet(["c", "v"], [5, 1], ["A", 2], formats={"A2": '"$"0'})
        self.assertEqual([row[0] for row in self.rows()], ["5", "A"])

    def test_days_that_no_format_shows_as_such_are_told_and_read_when_asked_for(self):
        rows = (["c", "order date", "v"], ["A", 45322, 1], ["B", 45350, 2], ["C", None, 3])
        added = self.sheet(*rows)
        self.assertEqual(self.types(added)["order_date"], "integer")
        warning = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "possible_dates")
        self.assertIn("--type order_date=date", warning)
        self.assertIn("2024-01-31", warning)
        self.assertIn("possible_dates", str(self.json("analyze", "table", "-g", "c", "-v", "v")["warnings"]))
        added = self.sheet(*rows, words=("--type", "order_date=date"))
        self.assertEqual([row[1] for row in self.rows()], ["2024-01-31", "2024-02-28", None])
        self.assertEqual(self.coercions("order_date"), {"date_rewritten": 2})
        self.assertEqual(self.warnings(added), set())
        # By the origin of the workbook.
        book = openpyxl.Workbook()
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        for row in (["c", "date", "v"], ["A", 43860, 1]):
            book.active.append(row)
        self.save(book)
        self.add("table.xlsx", "--type", "date=date")
        self.assertEqual(self.rows()[0][1], "2024-01-31")
        # No days: the header does not speak of them, or not all could be.
        for header, cells in (
            ("price", (45322, 45350)),
            ("date", (45322, 5)),
            ("date", (45322, 453500)),
            ("price_per_day", (45322, 45350)),
        ):
            added = self.sheet(["c", header, "v"], *(["A", cell, 1] for cell in cells))
            self.assertNotIn("possible_dates", self.warnings(added), header)

    def test_dates_that_a_spreadsheet_has_half_understood_are_told(self):
        # Days first, opened by a spreadsheet that expects months first: 3 April has become 4 March.
        rows = [["c", "date", "v"], ["A", datetime.date(2024, 3, 4), 1], ["B", "13/04/2024", 2], ["C", "30/04/2024", 3]]
        added = self.sheet(*rows)
        self.assertEqual([row[1] for row in self.rows()], ["2024-03-04", "2024-04-13", "2024-04-30"])
        self.assertIn("swapped_dates", self.warnings(added))
        answer = self.json("analyze", "table", "-g", "c", "-v", "v")
        self.assertIn("swapped_dates", [w["code"] for w in answer["warnings"]])
        for more in ("02/04/2024", datetime.date(2024, 3, 31)):  # that would not have been left, or not been understood
            added = self.sheet(*rows, ["D", more, 4])
            self.assertNotIn("swapped_dates", self.warnings(added), more)

    def test_months_in_six_digits_are_dates_in_a_sheet_as_in_a_text(self):
        self.sheet(["c", "period", "v"], ["A", 202311, 1], ["B", 202402, 2])
        self.assertEqual([row[1] for row in self.rows()], ["2023-11-01", "2024-02-01"])
        self.sheet(["c", 202311, 202402], ["A", 1, 2], words=("--unpivot",))
        self.assertEqual([row[1] for row in self.rows()], ["2023-11-01", "2024-02-01"])

    def test_iso_dates_in_cells(self):
        rows = HEADER + '<row r="2"><c r="A2" t="d"><v>2024-01-31T00:00:00</v></c><c r="B2"><v>1</v></c></row>'
        self.write_bytes("table.xlsx", workbook(rows))
        self.assertEqual(self.types(self.add("table.xlsx"))["name"], "date")


if __name__ == "__main__":
    unittest.main()
