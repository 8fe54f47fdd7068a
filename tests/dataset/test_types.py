"""Types of columns: numbers and their decimal marks, money, booleans, codes."""

import random
import unittest
from decimal import Decimal

from dataset_test import DatasetTest


class Types(DatasetTest):
    def entities(self, *words):
        """Entity and value of the ranked ones; `words` follow the dataset."""
        answer = self.json("analyze", "table", "-v", "v", "--grain", "none", *words)
        return {row["entity"]: row["value"] for row in answer["result"]["totals"]["head"]}

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
        answer = self.json("analyze", "table", "-g", "name", "-v", "amount")
        self.assertIn("rounded", [w["code"] for w in answer["warnings"]])
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

    def test_the_decimal_mark_is_decided_from_the_whole_column(self):
        self.add_text("n;v\na;1.234\nb;12,5\nc;1.000.000\n")
        self.assertEqual([row[1] for row in self.rows()], ["1234.000000", "12.500000", "1000000.000000"])
        added = self.add_text("n,v\na,1.234\nb,5.678\n")
        self.assertIn("open_decimal_mark", self.warnings(added))
        self.assertEqual(self.rows()[0][1], "1.234000")
        added = self.add_text("n;v\na;1.234,5\nb;5,678.25\n")
        self.assertEqual(self.types(added)["v"], "text")
        self.assertIn("mixed_decimal_marks", self.warnings(added))

    def test_letters_with_which_statistics_mark_numbers_are_no_units(self):
        added = self.add_text("geo,v\nBE,100.5\nDE,130.2 b\nFR,140.7\nIT,150.1\n")
        self.assertEqual((self.types(added)["v"], self.warnings(added)), ("text", {"mostly_numbers"}))
        self.assertEqual(self.rows()[1], ["DE", "130.2 b"])
        self.add_text("geo,v\nBE,€100.5 m\nDE,€1.25 b\n")
        self.assertEqual([row[1] for row in self.rows()], ["100500000.000000", "1250000000.000000"])

    def test_amounts_in_dollars_have_thousands_behind_their_commas(self):
        for cells, read in (
            (("$1,234", "$987", "$12,345"), "1234.000000"),
            (("US$ 1,234", "US$ 987", "0"), "1234.000000"),
            (("1,234 USD", "987 USD", "5 USD"), "1234.000000"),
            (("$1,234", "987", "$12,345"), "1.234000"),  # some have none
            (("1,234 €", "987 €", "5 €"), "1.234000"),
            (("$1.234", "$987", "$2.345"), "1234.000000"),  # of Chile
        ):
            added = self.add_text("n;v\n" + "".join(f"{i};{cell}\n" for i, cell in enumerate(cells)))
            self.assertEqual(self.rows()[0][1], read, cells)
            told = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "open_decimal_mark")
            self.assertIn("--decimal comma" if "dollars" in told else "--decimal point", told)
        self.add_text("n;v\n1;$1,234\n2;$987\n", "--decimal", "comma")
        self.assertEqual(self.rows()[0][1], "1.234000")
        # Where other numbers of the file have a comma, it is one there as well; told, since it may be meant otherwise.
        text = "n;v;rate\n1;$1,234;1,25\n2;$987;0,5\n"
        added = self.add_text(text)
        self.assertEqual(self.rows()[0][1:], ["1.234000", "1.250000"])
        self.assertIn("open_decimal_mark", self.warnings(added))
        self.assertNotIn("open_decimal_mark", self.warnings(self.add_text(text.replace("$", "€"))))
        added = self.add_text(text, "--decimal", "point")
        self.assertEqual(self.rows()[0][1:], ["1234.000000", "1.250000"])

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

    def test_amounts_with_a_currency_among_others_without_are_told(self):
        for cells in (["5 €", "7", "9"], ["$5", "$7.50", "9.25"], ["USD 5", "0", "7"]):
            added = self.add_text("c;v\n" + "".join(f"K{k};{cell}\n" for k, cell in enumerate(cells)))
            self.assertEqual(self.warnings(added), {"missing_currencies"}, cells)
        warnings = self.json("analyze", "table", "-g", "c", "-v", "v")["warnings"]
        self.assertIn("1 cells have the currency USD, and 1 have none and are not zero", str(warnings))
        for cells in (["5 €", "7 €", "0", "-", "0 €"], ["$5", "$0.00", "0.00", "$ -", ""], ["5", "7"]):
            added = self.add_text("c;v\n" + "".join(f"K{k};{cell}\n" for k, cell in enumerate(cells)))
            self.assertEqual(self.warnings(added), set(), cells)

    def test_letters_behind_few_numbers_are_told(self):
        added = self.add_text("c,v\nA,130.2\nB,12.5b\nC,140\nD,99.1\n")
        self.assertEqual([row[1] for row in self.rows()], ["130.200000", "12500000000.000000", "140.000000", "99.100000"])
        self.assertEqual(self.warnings(added), {"few_unit_letters"})
        self.assertIn("'12.5b' in line 3", added["schema"]["warnings"][0]["text"])
        self.assertEqual(self.json("analyze", "table", "-g", "c", "-v", "v")["warnings"][0]["code"], "few_unit_letters")
        for text in ("c,v\nA,1.2M\nB,850K\nC,900\n", "c,v\nA,$1.5b\nB,$2b\n"):
            self.assertEqual(self.warnings(self.add_text(text)), set(), text)

    def test_cells_with_a_unit_are_read_with_it_or_told(self):
        added = self.add_text("customer;v\nAnn;12 TEUR\nBob;13 EUR\nCy;1,5 Mio. €\nDi;2 Tsd. Euro\n")
        self.assertEqual(self.warnings(added), set())
        self.assertEqual([row[1] for row in self.rows()], ["12000.000000", "13.000000", "1500000.000000", "2000.000000"])
        self.assertEqual(self.coercions("v"), {"currency_removed": 4, "decimal_comma": 1, "suffix_expanded": 3})
        added = self.add_text("customer;v\nAnn;3 руб.\nBob;12 тыс. руб.\n")
        self.assertEqual([row[1] for row in self.rows()], ["3.000000", "12000.000000"])
        added = self.add_text("customer;Umsatz (TEUR)\nAnn;12 TEUR\nBob;13 TEUR\n")
        self.assertEqual(self.warnings(added), {"unit_in_name"})
        answer = self.json("analyze", "table", "-g", "customer", "-v", "umsatz_teur")
        self.assertEqual((answer["result"]["totals"]["total"], len(answer["warnings"])), (25000, 1))
        added = self.add_text("Рік;v\n2023 р.;12\n2024 р.;13\n")  # years rather than roubles
        self.assertEqual(self.types(added)["рік"], "text")
        added = self.add_text("customer;v\nAnn;12 EUR\nBob;13 €\nCy;5 T\nDi;1 kEUR\n")
        self.assertIn("mostly_numbers", self.warnings(added))

    def test_a_column_of_several_currencies_is_told_where_no_filter_keeps_one(self):
        rows = "".join(f"K{i % 3},{code},N,{i}.50\n" for i, code in enumerate(["EUR", "JPY", "-", "EUR", "PEN", "JPY"] * 5))
        added = self.add_text("customer,currency,region,v\n" + rows)
        self.assertEqual(self.warnings(added), {"several_currencies"})

        def told(*words):
            answer = self.json("analyze", "table", "-g", "customer", "-v", "v", *words)
            return "several_currencies" in [warning["code"] for warning in answer["warnings"]]

        self.assertTrue(told())
        for text, kept in (
            ("currency = 'EUR'", True),
            ("region = 'N' AND currency='EUR'", True),
            ("currency = 'EUR' or v > 3", False),
            ("not (region = 'S' and currency = 'EUR')", False),
            ("region = 'N'", False),
        ):
            self.assertEqual(told("--filter", text), not kept, text)
        added = self.add_text("customer,unit,v\n" + "".join(f"K,{unit},2\n" for unit in ["TOP", "ALL", "EUR", "kg"] * 5))
        self.assertEqual(self.warnings(added), set())
        self.add_text("customer,currency,v\n" + "K,EUR,2\n" * 9)
        self.assertFalse(told())

    def test_a_column_of_debits_and_credits_is_told_where_no_filter_keeps_one(self):
        for name, first, second in (("Soll/Haben-Kennzeichen", "S", "H"), ("D/C", "D", "C"), ("Type", "Credit", "debit")):
            rows = "".join(f"K{i % 3},{first},5\nK{i % 3},{second},4\n" for i in range(20))
            added = self.add_text(f"customer,{name},v\n{rows}")
            self.assertEqual(self.warnings(added), {"debits_and_credits"}, name)
            ask = ("analyze", "table", "-g", "customer", "-v", "v")
            self.assertIn("debits_and_credits", str(self.json(*ask)["warnings"]))
            column = added["schema"]["columns"][1]["name"]
            self.assertEqual(self.json(*ask, "--filter", f"{column} = '{first}'")["warnings"], [])
        for name, first, second, sides in (
            ("tipo", "C", "D", "debits and credits"),
            ("Tipo", "Crédito", "DÉBITO", "debits and credits"),
            ("Budget Richtung", "Einnahme", "Ausgabe", "income and expenses"),
            ("Af Bij", "Bij", "Af", "debits and credits"),
        ):
            rows = "".join(f"K{i % 3},{first},5\nK{i % 3},{second},4\n" for i in range(20))
            added = self.add_text(f"customer,{name},v\n{rows}")
            self.assertEqual(self.warnings(added), {"debits_and_credits"}, name)
            self.assertIn(sides, added["schema"]["warnings"][0]["text"])
        for name, first, second in (("Size", "S", "H"), ("D/C", "D", "D"), ("D/C", "D", "E"), ("Vitamin type", "C", "D")):
            rows = "".join(f"K{i % 3},{first},5\nK{i % 3},{second},4\n" for i in range(20))
            self.assertEqual(self.warnings(self.add_text(f"customer,{name},v\n{rows}")), set(), name)

    def test_debits_and_credits_are_not_told_where_the_signs_say_which_is_which(self):
        # The balance has the sign of the account, and one booking of the twenty has been taken back.
        for first, second in (("-5.50", "4.25"), ("5.50", "-4.25"), ("(5.50)", "4.25"), ("5.50-", "4.25")):
            rows = "".join(f"K{i % 3},Debit,{first},100\nK{i % 3},Credit,{second},90\n" for i in range(20))
            added = self.add_text(f"customer,type,v,balance\n{rows}K0,Credit,{first},80\nK1,,7.25,70\n")
            self.assertEqual(self.warnings(added), set(), first)
        for first, second in (("-5.50", "-4.25"), ("5.50", "0.00"), ("", "-4.25")):
            rows = "".join(f"K{i % 3},Debit,{first}\nK{i % 3},Credit,{second}\n" for i in range(20))
            added = self.add_text(f"customer,type,v\n{rows}")
            self.assertEqual(self.warnings(added), {"debits_and_credits"}, first)

    def test_balances_in_a_list_of_movements_are_told_with_a_filter(self):
        rows = "01/01/2026;SALDO ANTERIOR;500,25\n13/01/2026;Venta;40,50\n20/01/2026;Compra;-7,00\n"
        self.add_text("fecha;concepto;importe\n" + rows)
        ask = ("analyze", "table", "-g", "concepto", "-v", "importe")
        warning = next(w for w in self.json(*ask)["warnings"] if w["code"] == "balance_rows")
        self.assertIn("'SALDO ANTERIOR'", warning["text"])
        suggested = warning["text"].split("a filter leaves them out: ")[1]
        self.assertEqual(self.json(*ask, "--filter", suggested)["result"]["totals"]["total"], 33.5)
        # A bank that has a column of balances leaves the amount blank.
        blank = "fecha;concepto;importe;saldo\n01/01/2026;SALDO ANTERIOR;{};500,25\n13/01/2026;Venta;40,50;540,75\n"
        self.assertEqual(self.warnings(self.add_text(blank.format(""))), set())
        self.assertIn("balance_rows", self.warnings(self.add_text(blank.format("500,25"))))
        self.assertEqual(self.warnings(self.add_text("item;saldo\nSaldo final;500,25\nVenta;40,50\n")), {"balance_rows"})
        added = self.add_text("account;v\nOpening Balance Equity;5\nSales;6\n")
        self.assertEqual(self.warnings(added), set())

    def test_numbers_of_things_with_a_zero_behind_a_point_name_them(self):
        # As programs write integers of a column with blanks.
        added = self.add_text("shop id,index,v\n10013.0,1.0,5.0\n10014.0,2.5,7.5\n,3.0,2.0\n")
        self.assertEqual(
            {column["name"]: column["role"] for column in added["schema"]["columns"]},
            {"shop_id": "entity", "index": "value", "v": "value"},
        )

    def test_a_zero_may_have_decimals_or_none(self):
        added = self.add_text("id,fee\na,1.93\nb,0.00\nc,0\nd,2.50\n")
        self.assertEqual(self.warnings(added), set())

    def test_a_column_of_units_in_ones_and_in_thousands_is_told_where_no_filter_keeps_one(self):
        rows = "Ann;TEUR;2\nBob;EUR;3000\nCy;Mio. EUR;1\n"
        added = self.add_text("customer;unit;v\n" + rows * 9)
        self.assertEqual(self.warnings(added), {"several_units"})
        for words, told in (((), True), (("--filter", "unit = 'TEUR'"), False)):
            answer = self.json("analyze", "table", "-g", "customer", "-v", "v", *words)
            self.assertEqual("several_units" in [warning["code"] for warning in answer["warnings"]], told)
        for first, other in (("Mio., EUR", "EUR"), ("'000", "EUR"), ("Mio. EUR", "EUR")):
            added = self.add_text("customer;not;v\n" + f'Ann;"{first}";2\nBob;{other};3000\n' * 9)
            told = added["schema"]["warnings"][0]["text"]
            suggested = told.split("a filter such as ")[1].split(" keeps ")[0]
            answer = self.json("analyze", "table", "-g", "customer", "-v", "v", "--filter", suggested)
            self.assertEqual((answer["result"]["totals"]["total"], answer["warnings"]), (18, []), told)
        for units in (("TEUR", "TEUR"), ("k", "m"), ("EUR", "kg"), ("M", "T"), ("North", "TEUR")):
            added = self.add_text("customer;unit;v\n" + f"Ann;{units[0]};2\nBob;{units[1]};3000\n" * 9)
            self.assertEqual(self.warnings(added), set(), units)

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

    def test_words_for_no_value_of_other_languages_are_blank_among_numbers(self):
        words = [
            "#NV",
            "#WERT!",
            "#BEZUG!",
            "#¡VALOR!",
            "#ЗНАЧ!",
            "#NOM?",
            "#N/D",
            "k.A.",
            "K. A.",
            "n.v.",
            "n/d",
            "s/d",
            "..",
            "…",
            "−",
        ]
        added = self.add_text("n;v\n" + "".join(f"a;{word}\n" for word in words) + "b;5\n")
        self.assertEqual(self.types(added)["v"], "integer")
        self.assertEqual(self.column(added, "v")["blanks"], len(words))
        for word in ("#5!", "#WERT", "#A B!", "# !", "x", "ND", "#1?"):
            self.assertEqual(self.types(self.add_text(f"n;v\na;{word}\nb;5\n"))["v"], "text", word)

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


if __name__ == "__main__":
    unittest.main()
