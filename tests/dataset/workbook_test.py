"""What the tests of workbooks share: books that openpyxl saves, and parts that only hand-made files have."""

import io
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


class WorkbookTest(DatasetTest):
    def save(self, book, name="table.xlsx"):
        book.save(self.folder / name)

    def sheet(self, *rows, words=(), formats=None):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        for place, code in (formats or {}).items():
            book.active[place].number_format = code
        self.save(book)
        return self.add("table.xlsx", *words)
