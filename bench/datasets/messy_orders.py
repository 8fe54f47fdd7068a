#!/usr/bin/env python3
"""Writes an invented table for the benchmarks, as messy as tables are and the same for the same arguments.

usage: messy_orders.py csv|xlsx FILE ROWS
Money with symbols, thousands separators, parentheses, and k, m and b; blanks; two ways to write dates; quoted names. In the
workbook: six columns, texts shared, amounts and dates as the numbers that Excel keeps.
"""

import datetime
import random
import sys
import zipfile

BLOCK = 100_000
DAYS = 1096
CUSTOMERS = 20_000
REGIONS = ("North", "South", "East", "West")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"


def amount(dice):
    cents = int(9000 * (1 - dice.random()) ** -0.6)
    kind = dice.random()
    if kind < 0.01:
        return ""
    if kind < 0.02:
        text = f"(${cents / 100:,.2f})"
    elif kind < 0.03:
        text = f"{cents / 1000:.1f}k"
    elif kind < 0.031:
        text = f"{cents / 100_000:.2f}m"
    elif kind < 0.0311:
        text = "0.01b"
    elif kind < 0.5:
        text = f"{cents / 100:.2f}"
    else:
        text = f"${cents / 100:,.2f}"
    return f'"{text}"' if "," in text else text


def pools(dice):
    """What rows are put together from; the names are many, and a few of them are in most rows."""
    first = datetime.date(2022, 1, 1)
    days = [first + datetime.timedelta(days=i) for i in range(DAYS)]
    dates = [f"{day:%Y-%m-%d},{day + datetime.timedelta(days=3):%d.%m.%Y}" for day in days]
    names = [f'"Partner, {n}"' if n % 17 == 0 else f"Customer {n}" for n in range(CUSTOMERS)]
    customers = ["" if dice.random() < 0.002 else names[int(CUSTOMERS * dice.random() ** 3)] for _ in range(BLOCK)]
    return dates, customers


def write_csv(path, rows):
    dice = random.Random(20240229)
    dates, customers = pools(dice)
    with open(path, "w", encoding="ascii", newline="") as out:
        out.write("Order ID,Order Date,Shipped,Customer,Region,Revenue\r\n")
        for start in range(0, rows, BLOCK):
            count = min(BLOCK, rows - start)
            turned = dice.randrange(BLOCK)  # the same customers in each block, from another one on
            lines = zip(
                range(start + 1, start + count + 1),
                dice.choices(dates, k=count),
                customers[turned:] + customers[:turned],
                REGIONS * (BLOCK // 4),
                [amount(dice) for _ in range(count)],
            )
            out.write("".join(["%d,%s,%s,%s,%s\r\n" % line for line in lines]))


def write_xlsx(path, rows):
    dice = random.Random(20240301)
    names = [f"Customer {n}" for n in range(1000)] + list(REGIONS)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            + "".join(
                f'<Override PartName="/xl/{part}.xml" ContentType="application/vnd.openxmlformats-officedocument.'
                f'spreadsheetml.{kind}+xml"/>'
                for part, kind in (
                    ("workbook", "sheet.main"),
                    ("sheet1", "worksheet"),
                    ("styles", "styles"),
                    ("sharedStrings", "sharedStrings"),
                )
            )
            + "</Types>",
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}relationships"><Relationship Id="r1" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Orders" '
            'sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}relationships">'
            + "".join(
                f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{part}.xml"/>'
                for n, kind, part in (
                    (1, "worksheet", "sheet1"),
                    (2, "styles", "styles"),
                    (3, "sharedStrings", "sharedStrings"),
                )
            )
            + "</Relationships>",
        )
        book.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
            '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2">'
            '<xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        )
        book.writestr(
            "xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">' + "".join(f"<si><t>{name}</t></si>" for name in names) + "</sst>"
        )
        with book.open("xl/sheet1.xml", "w") as sheet:
            header = "".join(
                f'<c r="{letter}1" t="inlineStr"><is><t>{name}</t></is></c>'
                for letter, name in zip("ABCDEF", ("Order ID", "Order Date", "Customer", "Region", "Units", "Revenue"))
            )
            sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{header}</row>'.encode())
            for start in range(0, rows, 10_000):
                lines = []
                for n in range(start + 2, min(rows, start + 10_000) + 2):
                    lines.append(
                        f'<row r="{n}"><c r="A{n}"><v>{n - 1}</v></c><c r="B{n}" s="1"><v>{44562 + n * 7919 % DAYS}</v></c>'
                        f'<c r="C{n}" t="s"><v>{int(1000 * dice.random() ** 3)}</v></c><c r="D{n}" t="s"><v>{1000 + n % 4}</v></c>'
                        f'<c r="E{n}"><v>{n % 90}</v></c><c r="F{n}"><v>{int(9e4 * dice.random()) / 100}</v></c></row>'
                    )
                sheet.write("".join(lines).encode())
            sheet.write(b"</sheetData></worksheet>")


if __name__ == "__main__":
    {"csv": write_csv, "xlsx": write_xlsx}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
