"""Workbooks: cell by cell against openpyxl, and what only hand-made files have."""

import datetime
import io
import random
import unittest
import zipfile

import openpyxl

from dataset_test import DatasetTest

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relationships(*items):
    lines = "".join(f'<Relationship Id="{i}" Type="{RELATIONSHIPS}/{kind}" Target="{target}"/>' for i, kind, target in items)
    return f'<Relationships xmlns="{PACKAGE}">{lines}</Relationships>'


def workbook(rows, strings=None, styles=None, properties="", sheet_part="xl/odd/one.xml", sheet_target="/xl/odd/one.xml"):
    """A workbook whose parts are not where Excel puts them."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", relationships(("r1", "officeDocument", "xl/book.xml")))
        archive.writestr(
            "xl/book.xml",
            f'<x:workbook xmlns:x="{MAIN}" xmlns:r="{RELATIONSHIPS}">{properties}<x:sheets>'
            '<x:sheet name="Data" sheetId="1" r:id="s1"/></x:sheets></x:workbook>',
        )
        items = [("s1", "worksheet", sheet_target)]
        if strings:
            items.append(("t1", "sharedStrings", "texts.xml"))
            archive.writestr("xl/texts.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
        if styles:
            items.append(("t2", "styles", "looks.xml"))
            archive.writestr("xl/looks.xml", f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>')
        archive.writestr("xl/_rels/book.xml.rels", relationships(*items))
        archive.writestr(sheet_part, f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>')
    return target.getvalue()


HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c><c r="B1" t="str"><v>v</v></c></row>'


class Workbooks(DatasetTest):
    def save(self, book, name="table.xlsx"):
        book.save(self.folder / name)

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

    def test_parts_that_are_named_with_backslashes_are_found(self):
        good = workbook(HEADER + '<row r="2"><c r="A2" t="str"><v>a</v></c></row>')
        with zipfile.ZipFile(io.BytesIO(good)) as archive, zipfile.ZipFile(self.folder / "table.xlsx", "w") as fresh:
            for name in archive.namelist():
                fresh.writestr(name.replace("/", "\\"), archive.read(name))
        self.add("table.xlsx")
        self.assertEqual(self.rows(), [["a", None]])

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

    def sheet(self, *rows, words=(), formats=None):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        for place, code in (formats or {}).items():
            book.active[place].number_format = code
        self.save(book)
        return self.add("table.xlsx", *words)

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

    def test_months_in_six_digits_are_dates_in_a_sheet_as_in_a_text(self):
        self.sheet(["c", "period", "v"], ["A", 202311, 1], ["B", 202402, 2])
        self.assertEqual([row[1] for row in self.rows()], ["2023-11-01", "2024-02-01"])
        self.sheet(["c", 202311, 202402], ["A", 1, 2], words=("--unpivot",))
        self.assertEqual([row[1] for row in self.rows()], ["2023-11-01", "2024-02-01"])

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

    def test_iso_dates_in_cells(self):
        rows = HEADER + '<row r="2"><c r="A2" t="d"><v>2024-01-31T00:00:00</v></c><c r="B2"><v>1</v></c></row>'
        self.write_bytes("table.xlsx", workbook(rows))
        self.assertEqual(self.types(self.add("table.xlsx"))["name"], "date")

    def test_a_sheet_of_one_cell_is_no_table_and_one_column_of_long_texts_is(self):
        book = openpyxl.Workbook()
        book.active["A1"] = "only this"
        self.save(book, "one.xlsx")
        self.assertIn("the sheet has one cell", self.refused("one.xlsx"))
        book.active["A2"] = "x" * 5000
        book.active["A3"] = "y"
        self.save(book, "column.xlsx")
        self.assertEqual(self.add("column.xlsx")["schema"]["rows"], 2)

    def test_a_password_is_said_to_be_the_reason(self):
        head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000
        self.write_bytes("locked.xlsx", head + "EncryptedPackage".encode("utf-16-le") + b"\0" * 500)
        self.assertIn("password", self.refused("locked.xlsx", code=4))
        self.write_bytes("old.xls", head + "Workbook".encode("utf-16-le") + b"\0" * 500)
        self.assertIn("before 2007", self.refused("old.xls", code=4))

    def test_damaged_workbooks_are_told_apart(self):
        good = workbook(HEADER + '<row r="2"><c r="A2" t="s"><v>7</v></c></row>')
        self.write_bytes("t.xlsx", good)
        self.assertIn("names a text that there is not", self.refused("t.xlsx", code=3))
        self.write_bytes("t.xlsx", good[: len(good) // 2])
        self.assertIn("damaged", self.refused("t.xlsx", code=3))
        self.write_bytes("t.xlsx", workbook('<row r="2"/><row r="1"/>'))
        self.assertIn("row 1 follows row 2", self.refused("t.xlsx", code=3))
        self.write_bytes("t.xlsx", workbook("<row>"))
        self.assertIn("line 1", self.refused("t.xlsx", code=3))
        self.write_bytes("t.xlsx", workbook(HEADER, sheet_target="../../../etc/passwd"))
        error = self.refused("t.xlsx", code=3)
        self.assertIn("out of the archive", error)
        self.assertIn("'t.xlsx'", error)
        cell = '<c r="{}2"><v>1</v></c>'
        for rows, words in (
            ('<row r="2">' + cell.format("B") + cell.format("A") + "</row>", "column 1 follows one of column 2"),
            ('<row r="2">' + cell.format("B") * 2 + "</row>", "column 2 follows one of column 2"),
            ('<row r="1048577"/>', "row 1048577"),
            ('<row r="4294967297"/>', "row 4294967297"),
        ):
            self.write_bytes("t.xlsx", workbook(HEADER + rows))
            self.assertIn(words, self.refused("t.xlsx", code=3))

    def test_nesting_has_a_limit(self):
        for depth, refused in ((200, False), (300, True)):
            extension = "<x>" * depth + "</x>" * depth
            self.write_bytes("t.xlsx", workbook(HEADER + f'<row r="2">{extension}<c r="A2"><v>1</v></c></row>'))
            if refused:
                self.assertIn("part 'xl/odd/one.xml': nested deeper than 256 levels", self.refused("t.xlsx", code=5))
            else:
                self.add("t.xlsx")

    def test_a_document_type_is_refused(self):
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><sst/>'
        with zipfile.ZipFile(io.BytesIO(workbook(HEADER))) as archive, zipfile.ZipFile(self.folder / "t.xlsx", "w") as fresh:
            for name in archive.namelist():
                text = archive.read(name)
                if name == "xl/_rels/book.xml.rels":
                    text = relationships(("s1", "worksheet", "/xl/odd/one.xml"), ("t1", "sharedStrings", "bomb.xml")).encode()
                fresh.writestr(name, text)
            fresh.writestr("xl/bomb.xml", bomb)
        self.assertIn("document type", self.refused("t.xlsx", code=3))

    def test_a_zip_bomb_is_refused_by_counting_real_bytes(self):
        self.write_bytes("t.xlsx", workbook(HEADER + " \n" * (150 << 20)))
        self.assertIn("times its size", self.refused("t.xlsx", code=5))
        self.write_bytes("t.xlsx", workbook(HEADER + "<!--" + " " * (6 << 20) + "-->"))
        self.assertIn("comment of more than", self.refused("t.xlsx", code=5))

    def test_other_archives_are_not_workbooks(self):
        for name, part, words, code in (("a.zip", "readme.txt", "no workbook", 2), ("a.ods", "content.xml", "OpenDocument", 4)):
            with zipfile.ZipFile(self.folder / name, "w") as archive:
                archive.writestr(part, "x")
            self.assertIn(words, self.refused(name, code=code))


if __name__ == "__main__":
    unittest.main()
