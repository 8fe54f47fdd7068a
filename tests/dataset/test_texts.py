"""Encodings, delimiters, quotes, headers and compression."""

import gzip
import unittest

from dataset_test import DatasetTest

WORDS = "Kunde;Umsatz\nMüller €;1\nJosé “x”;2\n"
PLAIN = [["Müller €", "1"], ["José “x”", "2"]]


class Texts(DatasetTest):
    def test_every_encoding_gives_the_same_table(self):
        contents = {
            "utf-8": WORDS.encode(),
            "utf-8-mark": WORDS.encode("utf-8-sig"),
            "windows-1252": WORDS.encode("cp1252"),
            "utf-16le": WORDS.encode("utf-16-le"),
            "utf-16be": WORDS.encode("utf-16-be"),
            "utf-16-mark": b"\xff\xfe" + WORDS.encode("utf-16-le"),
            "utf-16be-mark": b"\xfe\xff" + WORDS.encode("utf-16-be"),
        }
        for encoding, content in contents.items():
            added = self.add_text(content)
            self.assertEqual(self.rows(), PLAIN, encoding)
            self.assertEqual([c["original"] for c in added["schema"]["columns"]], ["Kunde", "Umsatz"], encoding)
            found = self.step("decode")["encoding"]
            self.assertEqual(found, {"utf-16": "utf-16le"}.get(encoding.removesuffix("-mark"), encoding.removesuffix("-mark")))

    def test_latin1_and_characters_beyond_the_basic_plane(self):
        self.add_text("a,b\n\x81é,1\n".encode("latin-1"))
        self.assertEqual(self.rows(), [["\x81é", "1"]])
        self.assertEqual(self.step("decode")["encoding"], "latin-1")
        self.add_text("a,b\n😀,1\n".encode("utf-16"))
        self.assertEqual(self.rows(), [["😀", "1"]])

    def test_pairs_above_a_table_of_two_columns_are_no_header(self):
        table = "Row Labels,Sum of Sales\nNorth,150\nSouth,100.5\nEast,20\n"
        for notes in (
            "Year,(All)\n\n",
            "Year,(All)\nRegion,North\n\n",
            "Region,North\n\n",
            "Printed by:,Eve\n\n",
            "Company,ACME\nDay,2023-12-31\n,\n",
        ):
            added = self.add_text(notes + table)
            self.assertEqual([c["original"] for c in added["schema"]["columns"]], ["Row Labels", "Sum of Sales"], notes)
            self.assertEqual([row[0] for row in self.rows()], ["North", "South", "East"], notes)
        # What may be a row of data is one.
        for text, count in (
            ("Name,Amount\n\nA,open\nB,12\nC,13\n", 3),
            ("Name,Amount\n\nA,12\nB,13\n", 2),
            ("Name,City\n\nA,Rome\nB,Oslo\n", 2),
            ("Name,Amount\nA,12\nB,13\n\nItem,Quantity\nPen,5\n", 4),
            ("Name,Day\nA,2024-01-01\nB,2024-01-02\n\nItem,Quantity\nPen,5\n", 4),
            ("Name,Amount\nA,open\n\nB,n/a\nC,12\n", 3),
        ):
            self.add_text(text)
            self.assertEqual(len(self.rows()), count, text)

    def test_years_above_names_are_known_where_the_columns_of_names_have_none(self):
        added = self.add_text(
            ",,1970,,1971,\n,,mil. pounds,% US,mil. pounds,% US\n,,,,,\nLakes,Ohio,4602,3.93,4796,4.05\nCorn,Iowa,4670,3.99,4577,3.86\n"
        )
        names = [c["original"] for c in added["schema"]["columns"]]
        self.assertEqual(names[2:], ["1970 mil. pounds", "1970 % US", "1971 mil. pounds", "1971 % US"])
        self.assertEqual(len(self.rows()), 2)
        added = self.add_text(",Sales,Cost\n,open,open\nA,1,2\nB,3,4\n")
        self.assertEqual(len(added["schema"]["columns"]), 3)

    def test_an_encoding_that_was_asked_for_counts_what_it_cannot_read(self):
        added = self.add_text("a,b\né,1\n".encode("latin-1"), "--encoding", "utf-8")
        self.assertEqual(self.rows(), [["\ufffd", "1"]])
        self.assertIn("replaced_characters", self.warnings(added))

    def test_any_delimiter_and_quoting(self):
        for delimiter in ",;\t|:^~":
            text = f'name{delimiter}v{delimiter}note\n"a{delimiter}b"{delimiter}1{delimiter}x\nc{delimiter}2{delimiter}"say ""hi"""\n'
            self.add_text(text)
            self.assertEqual(self.rows(), [[f"a{delimiter}b", "1", "x"], ["c", "2", 'say "hi"']], delimiter)
        self.add_text("name,v\n'a,b',1\n'c',2\n")
        self.assertEqual(self.rows(), [["a,b", "1"], ["c", "2"]])
        self.add_text('name,v\n"a\\",b",1\n"c",2\n')
        self.assertEqual(self.rows(), [['a",b', "1"], ["c", "2"]])
        self.add_text('name,v\n"x\\"y\\" z",1\n"c",2\n')
        self.assertEqual(self.rows(), [['x"y" z', "1"], ["c", "2"]])
        self.add_text("name#v\na#1\n", "--delimiter", "#")
        self.assertEqual(self.rows(), [["a", "1"]])

    def test_records_that_end_in_carriage_returns_may_have_line_feeds_within_cells(self):
        for delimiter in ",;|":
            text = 'Name,Qty,Day\r"Acme, ""big""",5,2024-01-13\r"line1\nline2",7,2024-01-14\rFoo,8,2024-02-14\r'
            added = self.add_text(text.replace(",", delimiter))
            self.assertEqual([c["original"] for c in added["schema"]["columns"]], ["Name", "Qty", "Day"])
            self.assertEqual([row[0] for row in self.rows()], [f'Acme{delimiter} "big"', "line1\nline2", "Foo"])
        self.add_text('a,b\n"x\ry",1\n5" pipe,2\n')
        self.assertEqual(self.rows(), [["x\ry", "1"], ['5" pipe', "2"]])

    def test_a_repeated_header_may_have_a_byte_order_mark_or_blanks(self):
        for header in ("\ufeffname,amount", "name ,amount"):
            added = self.add_text(f"name,amount\na,1\n{header}\nb,2\n")
            self.assertEqual(self.types(added), {"name": "text", "amount": "integer"}, header)
            self.assertEqual(self.step("read")["rejected_by_reason"], {"repeated_header": 1}, header)

    def test_rows_of_blanks_and_delimiters_are_empty_lines(self):
        self.add_text('name,amount\na,1\n ,\n,\n"",""\n\nb,2\n')
        self.assertEqual(self.rows(), [["a", "1"], ["b", "2"]])
        self.assertEqual(self.step("read")["empty_lines"], 4)

    def test_one_comma_in_a_name_does_not_separate_a_file_of_semicolons(self):
        added = self.add_text("name;value,eur\nA;1,5\nB;2,5\nC;3,25\n")
        self.assertEqual([c["original"] for c in added["schema"]["columns"]], ["name", "value,eur"])
        self.assertEqual([row[1] for row in self.rows()], ["1.500000", "2.500000", "3.250000"])
        added = self.add_text("tags;more,v\nx;y,5\nz;w,6\n")
        self.assertEqual([c["original"] for c in added["schema"]["columns"]], ["tags;more", "v"])
        added = self.add_text("h:m,v\n10:30,5\n11:45,6\n")
        self.assertEqual([c["original"] for c in added["schema"]["columns"]], ["h:m", "v"])

    def test_a_header_with_more_cells_than_its_rows(self):
        added = self.add_text("c,v,\na,1\nb,2\n")
        self.assertEqual(self.types(added), {"c": "text", "v": "integer"})
        self.assertEqual(self.rows(), [["a", "1"], ["b", "2"]])
        self.assertEqual(added["schema"]["warnings"], [])
        added = self.add_text("c,note,\na,hello\nb,bye\n")
        self.assertEqual(self.rows(), [["a", "hello"], ["b", "bye"]])
        added = self.add_text("c,v,note\na,1\nb,2\nd,3,hello\ne,4\n")
        self.assertEqual(list(self.types(added)), ["c", "v", "note"])
        self.assertEqual(self.rows(), [["a", "1", None], ["b", "2", None], ["d", "3", "hello"], ["e", "4", None]])
        self.assertEqual(self.warnings(added), {"short_rows"})
        self.assertEqual(self.step("read")["short_rows"], 3)
        # The first row may have the cells that most rows leave out.
        added = self.add_text(
            "c,d,v,note\nA,2024-01-05,1.5,x\nB,2024-01-06,2.5,y\nC,2024-01-07,3.5\n" + "D,2024-01-08,4.5\n" * 3
        )
        self.assertEqual(list(self.types(added)), ["c", "d", "v", "note"])
        self.assertEqual((len(self.rows()), self.warnings(added)), (6, {"short_rows"}))
        added = self.add_text("By city, by year, all of them\nc,v\na,1\nb,2\n")
        self.assertEqual(list(self.types(added)), ["c", "v"])

    def test_a_header_with_fewer_cells_than_its_rows_is_said_to_be_none(self):
        added = self.add_text("c,v\na,1,2\nb,2,3\n")
        self.assertEqual(list(self.types(added)), ["column_1", "column_2", "column_3"])
        self.assertEqual(len(self.rows()), 2)
        text = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "no_header")
        self.assertIn("line 1 has 2 cells where the rows have 3", text)

    def test_a_text_in_a_code_page_of_dos_is_told(self):
        german = "Kunde;Ort;Betrag\n\nMüller;Köln;10,50\nSchäfer;München;20,00\nGroßmann;Gießen;30,00\n"
        french = "Client;Ville;Montant\nRenée;Angoulême;10,50\nFrançois;Orléans;20,00\n"
        for page in ("cp850", "cp437"):
            for text, line in ((german, 3), (french, 2)):
                added = self.add_text(text.encode(page))
                told = [w["text"] for w in added["schema"]["warnings"] if w["code"] == "doubtful_encoding"]
                self.assertEqual(len(told), 1, (page, text))
                self.assertIn(f"in line {line};", told[0])
        slavic = "kupec;mesto;znesek\nTomáš;Košice;10,50\nDušan;Žilina;20,00\nL’Œuvre – “x”;a…b;3,50\n"
        for text in (german, french, slavic):
            for encoding in ("cp1252", "utf-8"):
                added = self.add_text(text.encode(encoding))
                self.assertNotIn("doubtful_encoding", self.warnings(added), (encoding, text))

    def test_a_few_bytes_of_another_encoding_leave_the_rest_as_it_is(self):
        body = "".join(f"Zoë {i},{i}\n" for i in range(40)).encode()
        added = self.add_text(b"c,v\n" + body + b"M\xfcller,7\nSt\x80,8\n")
        self.assertEqual([row[0] for row in self.rows()][-3:], ["Zoë 39", "Müller", "St€"])
        text = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "mixed_encodings")
        self.assertIn("2 bytes are no UTF-8, the first in line 42", text)
        self.assertEqual((self.step("decode")["encoding"], self.step("decode")["stray_bytes"]), ("utf-8", 2))
        added = self.add_text(b"c,v\n" + body + b"M\xfcller,7\n", "--encoding", "utf-8")
        self.assertEqual(self.rows()[-1][0], "M\ufffdller")
        added = self.add_text(b"c,v\n" + b"M\xfcller,7\n" * 30 + "Zoë,1\n".encode())
        self.assertEqual(self.rows()[0][0], "Müller")
        self.assertEqual(self.step("decode")["encoding"], "windows-1252")
        self.assertIn("mixed_encodings", self.warnings(added))
        added = self.add_text(b"c,v\nM\xfcller,7\n")
        self.assertEqual(added["schema"]["warnings"], [])

    def test_apostrophes_are_quotes_only_where_they_enclose_fields(self):
        added = self.add_text("'who','v'\n'O''Hare','1'\n'Midway','2'\n")
        self.assertEqual(self.types(added), {"who": "text", "v": "integer"})
        self.assertEqual(self.rows(), [["O'Hare", "1"], ["Midway", "2"]])
        self.add_text("who,v\n's-Hertogenbosch,1\n'Round Midnight',2\n")
        self.assertEqual(self.rows(), [["'s-Hertogenbosch", "1"], ["'Round Midnight'", "2"]])

    def test_quotes_that_backslashes_escape_only_far_from_the_beginning(self):
        plain = "name,note,v\n" + "".join(f'p{i},"plain, note",{i}\n' for i in range(20_000))  # more than is looked at first
        added = self.add_text(plain + 'q,"he said \\"hi, you\\" twice",5\nr,"5\\"",6\ns,"end",7\n')
        self.assertEqual(self.rows()[-3:], [["q", 'he said "hi, you" twice', "5"], ["r", '5"', "6"], ["s", "end", "7"]])
        self.assertEqual(self.warnings(added) & {"escaped_quotes", "rejected_rows"}, set())
        self.assertTrue(self.step("read")["backslash_escapes"])

    def test_quotes_that_are_doubled_here_and_escaped_there_are_told(self):
        plain = "name,note,v\n" + "".join(f'p{i},"C:\\{i}\\",{i}\n' for i in range(20_000))  # backslashes mean nothing
        added = self.add_text(plain + 'q,"he said \\"hi, you\\" twice",5\n')
        warning = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "escaped_quotes")
        self.assertIn("line 20002", warning)
        self.assertEqual(self.rows()[7][1], "C:\\7\\")

    def test_commas_within_semicolons(self):
        self.add_text("Name;Betrag;Anteil\nA;1,5;2,5\nB;3,5;4,5\nC;5,25;6,5\n")
        self.assertEqual(self.rows()[2], ["C", "5.250000", "6.500000"])

    def test_rows_that_end_in_a_delimiter_keep_their_header(self):
        added = self.add_text("who,v\nAnn,1,\nBob,2,\n")
        self.assertEqual(self.types(added), {"who": "text", "v": "integer"})
        self.assertEqual(self.rows(), [["Ann", "1"], ["Bob", "2"]])

    def test_a_comment_as_wide_as_the_header(self):
        added = self.add_text("# exported from the ledger, by Ann\nwho,v\nBob,2\n")
        self.assertEqual(self.types(added), {"who": "text", "v": "integer"})
        added = self.add_text("# who,v\nBob,2\n")
        self.assertEqual([c["original"] for c in added["schema"]["columns"]], ["# who", "v"])

    def test_encodings_that_nobody_marked_or_that_are_not_read_are_named(self):
        self.write_bytes("wide.csv", "Ω,β\nγ,1\n".encode("utf-16-le"))
        self.assertIn("the encoding utf-16", self.refused("wide.csv"))
        self.write_bytes("wider.csv", "a,b\n1,2\n".encode("utf-32"))
        self.assertIn("UTF-32", self.refused("wider.csv", code=4))

    def test_a_header_below_titles(self):
        added = self.add_text("Sales report\nprinted on 2024-05-01\n\nCustomer,Revenue,City\nAnn,10,Rome\nBob,20,Oslo\n")
        self.assertEqual(list(self.types(added)), ["customer", "revenue", "city"])
        self.assertEqual(len(self.rows()), 2)
        self.assertEqual(self.step("read")["records_before_header"], 2)

    def test_a_header_below_lines_of_names_and_values(self):
        added = self.add_text(
            "Report,Sales by customer,\nGenerated,2024-01-05,\n,,\nCustomer,Region,Revenue\na,N,5\nb,S,6\nc,S,7\n"
        )
        self.assertEqual(self.types(added), {"customer": "text", "region": "text", "revenue": "integer"})
        added = self.add_text("c,note,\na,hi,\nb,yo,extra\n")
        self.assertEqual(list(self.types(added)), ["c", "note", "column_3"])

    def test_a_header_of_two_rows_is_that_of_the_lower_one(self):
        added = self.add_text("Who,When and what,,\nCustomer,Date,Revenue,Units\nA,2024-01-05,1.5,2\nB,2024-02-05,3,4\n")
        self.assertEqual(self.types(added), {"customer": "text", "date": "date", "revenue": "decimal", "units": "integer"})
        self.assertEqual(self.step("read")["records_before_header"], 1)
        # Names that stand there twice are told apart by what is above them.
        added = self.add_text("Who,2023,,2024,\nCustomer,Revenue,Units,Revenue,Units\nA,1,2,3,4\nB,5,6,7,8\n")
        self.assertEqual(list(self.types(added)), ["customer", "2023_revenue", "2023_units", "2024_revenue", "2024_units"])
        # Quarters and months have the year that is above them, over each of them or over the first only.
        rows = "A,1,2,3,4\nB,5,6,7,8\n"
        quarters = ["customer", "2023_q1", "2023_q2", "2024_q1", "2024_q2"]
        for text in (
            ",2023,,2024,\nCustomer,Q1,Q2,Q1,Q2\n",
            ",2023,2023,2024,2024\nCustomer,Q1,Q2,Q1,Q2\n",
            "Customer,2023,,2024,\n,Q1,Q2,Q1,Q2\n",
            "Sales,,,,\n,2023,,2024,\nCustomer,Q1,Q2,Q1,Q2\n",
        ):
            self.assertEqual(list(self.types(self.add_text(text + rows))), quarters, text)
            self.assertEqual(len(self.rows()), 2, text)
        added = self.add_text(",2023,,,\nCustomer,Jan,Feb,Mar,Apr\n" + rows)
        self.assertEqual(list(self.types(added)), ["customer", "jan_2023", "feb_2023", "mar_2023", "apr_2023"])
        added = self.add_text(",Revenue,,Units,\nCustomer,2023,2024,2023,2024\n" + rows)
        self.assertEqual(list(self.types(added)), ["customer", "revenue_2023", "revenue_2024", "units_2023", "units_2024"])
        # A name over both rows, dates below one of the lower names.
        added = self.add_text("Customer,Order,,Amount,Amount\n,Date,No.,EUR,USD\nA,2024-01-01,1,2.5,3\nB,2024-03-15,2,4,5\n")
        self.assertEqual(
            self.types(added), {"customer": "text", "date": "date", "no": "integer", "eur": "decimal", "usd": "integer"}
        )
        # A first row of words or of nothing known is a row.
        for text in ("Name,,City\na,x,Rome\nb,y,Oslo\n", "Name,,v\na,x,N/A\nb,y,5\n", ",Name,v\na,x,none yet\nb,y,5\n"):
            self.add_text(text)
            self.assertEqual(len(self.rows()), 2, text)

    def test_units_below_the_header(self):
        added = self.add_text("Customer,Revenue,Items\n,EUR,pieces\nA,1.5,2\nB,3,4\n")
        self.assertEqual(self.types(added), {"customer": "text", "revenue_eur": "decimal", "items_pieces": "integer"})
        self.assertEqual(len(self.rows()), 2)
        added = self.add_text("Customer,2023,2024\n,(EUR),(EUR)\nA,1.5,2\nB,3,4\n", "--unpivot")
        self.assertEqual(len(self.rows()), 4)
        # What was withheld is a row of data.
        for text in ("State,v,w\nAK,withheld,withheld\nAL,5,6\n", ",v,w\nAK,withheld,withheld\nAL,5,6\n"):
            self.add_text(text)
            self.assertEqual(len(self.rows()), 2, text)

    def test_amounts_with_a_unit_are_names_over_numbers_without(self):
        for first, other in (
            ("TEUR 2023", "TEUR 2024"),
            ("2023 TEUR", "2024 TEUR"),
            ("k€ 2023", "k€ 2024"),
            ("Mio. EUR 2023", "Mio. EUR 2024"),
            ("EUR 2023", "EUR 2024"),
            ("2023 млн", "2024 млн"),
            ("500 Euro", "1000 Euro"),
            ("1 million", "10 million"),
        ):
            added = self.add_text(f"account;{first};{other}\nRent;12;13\nWages;14;15\n")
            self.assertEqual(len(self.rows()), 2, first)
            self.assertNotIn("no_header", self.warnings(added), first)
            if "20" in first:
                self.add_text(f"account;{first};{other}\nRent;12;13\nWages;14;15\n", "--unpivot")
                self.assertEqual([row[1] for row in self.rows()], ["2023", "2024"] * 2, first)
        added = self.add_text("Rent;2000 EUR\nWages;1500 EUR\nTax;17 EUR\n")
        self.assertEqual(self.warnings(added), {"no_header"})
        added = self.add_text("Rent;12 TEUR\nWages;13 TEUR\nTax;17 TEUR\n")
        self.assertEqual(self.warnings(added), {"no_header"})
        added = self.add_text("account;2023 TEUR\nRent;12 TEUR\nWages;13 TEUR\n")
        self.assertEqual(list(self.types(added)), ["account", "2023_teur"])

    def test_no_header_and_a_header_where_it_is_said_to_be(self):
        added = self.add_text("Ann,10,2024-01-01\nBob,20,2024-01-02\n")
        self.assertEqual(list(self.types(added)), ["column_1", "column_2", "column_3"])
        self.assertIn("no_header", self.warnings(added))
        self.assertEqual(len(self.rows()), 2)
        added = self.add_text("x,y\na,b\n1,2\n", "--header-row", "2")
        self.assertEqual(self.types(added), {"a": "integer", "b": "integer"})
        added = self.add_text("x,y\na,b\n", "--header-row", "0")
        self.assertEqual(len(self.rows()), 2)

    def test_headers_become_unique_names(self):
        added = self.add_text("Customer Name,customer_name,Größe (cm),% Anteil,,OrderDate,売上\na,b,1,2,x,2024-01-01,5\n")
        self.assertEqual(
            list(self.types(added)),
            ["customer_name_2", "customer_name", "grosse_cm", "pct_anteil", "column_5", "order_date", "売上"],
        )

    def test_no_column_has_more_different_values_than_rows(self):
        added = self.add_text("id,b\n" + "".join(f"id-{i},x\n" for i in range(200_000)))
        self.assertLessEqual(added["schema"]["columns"][0]["cardinality"], 200_000)

    def test_columns_without_header_and_cells_are_left_out(self):
        added = self.add_text("a,b,,\n1,2,,\n3,4,,\n")
        self.assertEqual(list(self.types(added)), ["a", "b"])
        self.assertEqual(self.step("read")["columns_left_out"], [3, 4])

    def test_gzip_of_one_member_or_several(self):
        text = "a,b\n" + "".join(f"x{i},{i}\n" for i in range(100_000))
        half = text.index("\n", len(text) // 2) + 1
        self.write_bytes("t.csv.gz", gzip.compress(text[:half].encode()) + gzip.compress(text[half:].encode()))
        self.assertEqual(self.add("t.csv.gz")["rows"], 100_000)
        self.assertEqual(self.rows("t")[-1], ["x99999", "99999"])
        self.write_bytes("u.csv.gz", gzip.compress(text.encode("utf-16")))
        self.assertEqual(self.add("u.csv.gz")["rows"], 100_000)

    def test_damaged_gzip_is_told_from_truncated(self):
        packed = gzip.compress("".join(f"x{i},{i * i}\n" for i in range(50_000)).encode())
        self.write_bytes("t.csv.gz", packed[:-20])
        self.assertIn("end is missing", self.refused("t.csv.gz", code=3))
        self.write_bytes("t.csv.gz", packed[:5000] + b"\0\0\0\0\0\0" + packed[5006:])
        self.assertIn("damaged", self.refused("t.csv.gz", code=3))
        self.write_bytes("t.csv.gz", packed[:-8] + b"1234" + packed[-4:])
        self.assertIn("damaged", self.refused("t.csv.gz", code=3))

    def test_a_gzip_bomb_is_refused(self):
        self.write_bytes("bomb.csv.gz", gzip.compress(b"a,b\n" + b"0,0\n" * (80 << 20), 9))
        self.assertIn("times its size", self.refused("bomb.csv.gz", code=5))

    def test_old_line_ends(self):
        self.add_text("a,b\r1,2\r3,4\r")
        self.assertEqual(self.rows(), [["1", "2"], ["3", "4"]])


if __name__ == "__main__":
    unittest.main()
