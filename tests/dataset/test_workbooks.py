"""Workbooks: which sheet, which parts and which rows are the table; cell by cell against openpyxl."""

import datetime
import io
import random
import unittest
import zipfile

import openpyxl

from workbook_test import HEADER, WorkbookTest, workbook


class Workbooks(WorkbookTest):
    def test_rows_of_a_sheet_that_end_before_a_column_without_a_name_lack_nothing(self):
        added = self.sheet(["a", "b", None], ["x"], ["y", 2, "a note"], ["z", 3])
        self.assertEqual((self.rows()[0], self.warnings(added)), (["x", None, None], set()))

    def test_cells_are_what_openpyxl_reads(self):
        source = random.Random(5)
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["text", "whole", "number", "day", "moment", "share", "flag", "gap"])
        for i in range(3000):
            day = datetime.date(1900 + source.randrange(200), source.randrange(1, 13), source.randrange(1, 29))
            moment = datetime.datetime(2020, 1, 1) + datetime.timedelta(seconds=source.randrange(10**8))
            sheet.append(
                [
                    source.choice(["Ä & <b>", 'x, "y"', "line\nbreak", " padded", "naïve", f"n{i}"]),
                    source.randrange(-(10**9), 10**9),
                    source.choice([0.1, 1e-3, 123456.789, -2.5, 1 / 3]),
                    day,
                    moment,
                    source.randrange(1000) / 1000,
                    i % 3 == 0,
                    None if i % 2 else i,
                ]
            )
            sheet.cell(i + 2, 4).number_format = source.choice(["yyyy-mm-dd", "dd/mm/yy", "[$-409]d-mmm-yy;@", "mm-dd-yy"])
            sheet.cell(i + 2, 6).number_format = "0.0%"
        self.save(book)
        added = self.add("table.xlsx")
        self.assertEqual(
            self.types(added),
            {
                "text": "text",
                "whole": "integer",
                "number": "decimal",
                "day": "date",
                "moment": "date",
                "share": "fraction",
                "flag": "boolean",
                "gap": "integer",
            },
        )
        cells = openpyxl.load_workbook(self.folder / "table.xlsx", read_only=True).active.iter_rows(min_row=2, values_only=True)
        for line, (wanted, row) in enumerate(zip(cells, self.rows(), strict=True), start=2):
            text, whole, number, day, moment, share, flag, gap = wanted
            self.assertEqual(row[0], text.strip(), line)
            self.assertEqual(row[1], str(whole), line)
            self.assertAlmostEqual(float(row[2]), number, places=6)
            self.assertEqual(row[3], day.strftime("%Y-%m-%d"), line)
            self.assertEqual(row[4], moment.strftime("%Y-%m-%d"), line)
            self.assertAlmostEqual(float(row[5]), share, places=9)
            self.assertEqual(row[6], str(flag).lower(), line)
            self.assertEqual(row[7], None if gap is None else str(gap), line)

    def test_the_sheet_is_chosen_by_name_number_or_as_the_first_visible_one(self):
        book = openpyxl.Workbook()
        book.active.title = "Hidden"
        book.active.append(["a", "b"])
        book.active.append([0, 0])
        book.active.sheet_state = "hidden"
        for name, value in (("Ventes 2024", 1), ("Other", 2)):
            sheet = book.create_sheet(name)
            sheet.append(["a", "b"])
            sheet.append([value, value])
        book.active = 1
        self.save(book)
        for words, value in (
            ((), "1"),
            (("--sheet", "Other"), "2"),
            (("--sheet", "ventes 2024"), "1"),
            (("--sheet", "1"), "0"),
        ):
            self.add("table.xlsx", *words)
            self.assertEqual(self.rows(), [[value, value]], words)
        error = self.refused_with_dataset("table.xlsx", "--sheet", "Othr")
        self.assertIn("did you mean 'Other'", error)
        self.assertIn("'Hidden', 'Ventes 2024', 'Other'", error)

    def test_sheets_that_were_not_read_are_named(self):
        book = openpyxl.Workbook()
        book.active.title = "Cover"
        for title, state in (("Data", "visible"), ("More", "visible"), ("Lists", "hidden"), ("Sheet4", "visible")):
            sheet = book.create_sheet(title)
            sheet.sheet_state = state
            if title != "Sheet4":
                sheet.append(["a", "b"])
                sheet.append([1, 2])
        self.save(book)
        self.assertIn("'Cover' of 'table.xlsx' is empty; there are cells in 'Data', 'More' (", self.refused("table.xlsx"))
        self.assertNotIn("Data", self.refused("table.xlsx", "--sheet", "Sheet4"))
        self.assertNotIn("other_sheets", self.warnings(self.add("table.xlsx", "--sheet", "Data")))
        for row in (["a", "b"], [1, 2]):
            book["Cover"].append(row)
        self.save(book)
        added = self.add("table.xlsx")
        text = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "other_sheets")
        self.assertIn("'Cover' was read, the first one; there are cells in 'Data', 'More', too", text)
        for title in ("Data", "More"):
            del book[title]
        self.save(book)
        self.assertNotIn("other_sheets", self.warnings(self.add("table.xlsx")))

    def refused_with_dataset(self, *words):
        return self.neve("dataset", "add", *words, code=2).stderr

    def test_a_title_empty_rows_and_a_row_of_sums_in_a_sheet(self):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet["B2"] = "Sales report"
        for row, cells in (
            (5, ["Customer", "City", "Revenue"]),
            (6, ["Ann", "Rome", 10.5]),
            (9, ["Bob", "Oslo", 20]),
            (10, ["Total", None, 30.5]),
        ):
            for column, cell in enumerate(cells, start=2):
                sheet.cell(row, column, cell)
        self.save(book)
        added = self.add("table.xlsx")
        self.assertEqual(list(self.types(added)), ["customer", "city", "revenue"])
        self.assertEqual(
            self.rows(),
            [
                ["Ann", "Rome", "10.500000", "false"],
                ["Bob", "Oslo", "20.000000", "false"],
                ["Total", None, "30.500000", "true"],
            ],
        )
        self.assertEqual(self.step("normalise")["total_row_examples"][0]["line"], 10)

    def test_names_merged_over_several_columns_stand_above_the_header(self):
        def add(*words):
            book = openpyxl.Workbook()
            sheet = book.active
            sheet.append(["Customer", "Revenue", None, "Units", None])
            sheet.append([None, 2023, 2024, 2023, 2024])
            sheet.append(["ACME", 10.5, 20, 30, 40])
            for cells in ("A1:A2", "B1:C1", "D1:E1"):
                sheet.merge_cells(cells)
            self.save(book)
            return self.add("table.xlsx", *words)

        columns = ["customer", "revenue_2023", "revenue_2024", "units_2023", "units_2024"]
        self.assertEqual(list(self.types(add())), columns)
        self.assertEqual(list(self.types(add("--unpivot"))), ["customer", "year", "revenue", "units"])
        self.assertEqual(self.rows(), [["ACME", "2023", "10.500000", "30"], ["ACME", "2024", "20.000000", "40"]])

    def test_parts_are_found_by_relationship_and_every_kind_of_cell_is_read(self):
        rows = HEADER + (
            '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>1.5</v></c></row>'
            '<row><c t="str"><f>1+1</f><v>two</v></c><c><f>2*3</f><v>6</v></c></row>'
            '<row r="4"><c r="A4" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c><c r="B4" t="e"><v>#DIV/0!</v></c></row>'
            '<row r="5"><c r="A5" t="s"><v>1</v></c></row>'
        )
        self.write_bytes(
            "table.xlsx",
            workbook(rows, strings="<si><r><t>ri</t></r><r><t>ch</t></r><rPh><t>no</t></rPh></si><si><t>a_x000D_b</t></si>"),
        )
        self.add("table.xlsx")
        self.assertEqual(self.rows(), [["rich", "1.500000"], ["two", "6.000000"], ["inline", None], ["a\rb", None]])
        self.assertEqual(self.coercions("v"), {"blank_word": 1})

    def test_parts_that_are_named_with_backslashes_are_found(self):
        good = workbook(HEADER + '<row r="2"><c r="A2" t="str"><v>a</v></c></row>')
        with zipfile.ZipFile(io.BytesIO(good)) as archive, zipfile.ZipFile(self.folder / "table.xlsx", "w") as fresh:
            for name in archive.namelist():
                fresh.writestr(name.replace("/", "\\"), archive.read(name))
        self.add("table.xlsx")
        self.assertEqual(self.rows(), [["a", None]])

    def test_rows_that_a_filter_hides_are_data_and_told(self):
        book = openpyxl.Workbook()
        for row in (["note"], ["c", "v"], ["A", 10], ["B", 20], ["C", 30]):
            book.active.append(row)
        book.active.row_dimensions[1].hidden = True
        self.save(book)
        self.assertNotIn("hidden_rows", self.warnings(self.add("table.xlsx")))
        book.active.row_dimensions[4].hidden = True
        self.save(book)
        added = self.add("table.xlsx")
        warning = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "hidden_rows")
        self.assertIn("1 row is hidden in the sheet, the first is 4", warning)
        answer = self.json("analyze", "table", "-g", "c", "-v", "v")
        self.assertEqual(answer["result"]["totals"]["total"], 60)
        self.assertIn("hidden_rows", [w["code"] for w in answer["warnings"]])
        hidden = '<row r="2" hidden="true" outlineLevel="0" collapsed="false"><c r="A2" t="str"><v>a</v></c></row>'
        self.write_bytes("table.xlsx", workbook(HEADER + hidden))  # as LibreOffice writes it
        self.assertIn("hidden_rows", self.warnings(self.add("table.xlsx")))
        for row in (3, 4):  # an outline that is folded hides nothing from its sums
            book.active.row_dimensions[row].hidden = True
            book.active.row_dimensions[row].outlineLevel = 1
        self.save(book)
        self.assertNotIn("hidden_rows", self.warnings(self.add("table.xlsx")))

    def test_merged_cells_below_the_header_are_told(self):
        book = openpyxl.Workbook()
        sheet = book.active
        for row in (["Sales of the year"], [], ["customer", "v"], ["ACME", 1], [None, 2], ["B", 3], [None, 4]):
            sheet.append(row)
        sheet.merge_cells("A1:B1")
        self.save(book)
        self.assertNotIn("merged_cells", self.warnings(self.add("table.xlsx")))
        sheet.merge_cells("A6:A7")
        sheet.merge_cells("A4:A5")
        self.save(book)
        added = self.add("table.xlsx")
        warning = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "merged_cells")
        self.assertIn("2 ranges", warning)
        self.assertIn("A4:A5", warning)
        self.assertEqual(self.rows(), [["ACME", "1"], [None, "2"], ["B", "3"], [None, "4"]])
        answer = self.json("analyze", "table", "-g", "customer", "-v", "v")
        self.assertIn("merged_cells", [w["code"] for w in answer["warnings"]])

    def test_formulas_without_a_value_are_told(self):
        added = self.sheet(["c", "v"], ["A", 1], ["B", "=B2*2"], ["C", "=SUM(B2:B3)"])
        self.assertEqual(self.rows(), [["A", "1"], ["B", None], ["C", None]])
        text = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "formulas_without_values")
        self.assertIn("2 cells", text)
        self.assertIn("B3", text)
        warnings = self.json("analyze", "table", "-g", "c", "-v", "v")["warnings"]
        self.assertIn("formulas_without_values", [warning["code"] for warning in warnings])
        rows = HEADER + '<row r="2"><c r="A2" t="str"><f>""</f><v></v></c><c r="B2"><f>1+1</f><v>2</v></c></row>'
        self.write_bytes("table.xlsx", workbook(rows))
        self.assertEqual(self.warnings(self.add("table.xlsx")), {"empty_column"})  # a formula that gives an empty text

    def test_a_sheet_of_one_cell_is_no_table_and_one_column_of_long_texts_is(self):
        book = openpyxl.Workbook()
        book.active["A1"] = "only this"
        self.save(book, "one.xlsx")
        self.assertIn("the sheet has one cell", self.refused("one.xlsx"))
        book.active["A2"] = "x" * 5000
        book.active["A3"] = "y"
        self.save(book, "column.xlsx")
        self.assertEqual(self.add("column.xlsx")["schema"]["rows"], 2)


if __name__ == "__main__":
    unittest.main()
