"""Workbooks that are damaged, locked, hostile or none."""

import io
import unittest
import zipfile

from workbook_test import HEADER, WorkbookTest, relationships, workbook


class WorkbookRefusals(WorkbookTest):
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
