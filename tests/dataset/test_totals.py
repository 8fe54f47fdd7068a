"""Rows of sums among the data."""

import unittest

from dataset_test import DatasetTest


class Totals(DatasetTest):
    def marked(self, added):
        return [row[:-1] for row in self.rows() if row[-1] == "true"] if added["schema"]["total_rows"] else []

    def test_rows_of_sums_stay_data_if_that_is_asked_for(self):
        text = "customer,city,revenue\nAnn,Rome,10\nBob,Oslo,20\nTotal,,30\n"
        added = self.add_text(text)
        warning = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "total_rows")
        self.assertIn("--totals keep", warning)
        kept = self.add_text(text, "--totals", "keep")
        self.assertEqual((kept["generation"], kept["schema"]["total_rows"], kept["schema"]["total_rows_column"]), (2, 0, ""))
        self.assertEqual(len(self.rows()), 3)
        self.assertEqual(self.json("analyze", "table", "-g", "customer", "-v", "revenue")["result"]["totals"]["total"], 60)
        self.assertEqual(self.step("receive")["options"]["totals"], "keep")

    def test_rows_of_sums_are_marked_and_customers_called_total_are_not(self):
        added = self.add_text(
            "customer,city,revenue\nAnn,Rome,10.10\nBob,Oslo,20.20\nTotal,,30.30\nCy,Rome,5\nGrand total,,35.30\n"
        )
        self.assertEqual(added["schema"]["total_rows"], 2)
        self.assertEqual(added["schema"]["total_rows_column"], "is_total_row")
        self.assertEqual([row[3] for row in self.rows()], ["false", "false", "true", "false", "true"])
        added = self.add_text("customer,city,revenue\nAnn,Rome,10\nTotal,Paris,20\nBob,Oslo,30\n")
        self.assertEqual(added["schema"]["total_rows"], 0)
        self.assertEqual(added["schema"]["total_rows_column"], "")
        self.assertIn("doubtful_total_rows", self.warnings(added))
        self.assertEqual(len(self.rows()[0]), 3)

    def test_labels_of_other_languages_are_known(self):
        for label, grand in (("Summe {}", "Gesamtsumme"), ("{} Ergebnis", "Gesamtergebnis"), ("{} Gesamt", "Gesamt")):
            added = self.add_text(
                "region,customer,v\n"
                f"Nord,Ann,10\nNord,Bob,20\n{label.format('Nord')},,30\nOst,Cy,5\nOst,Di,6\n{label.format('Ost')},,11\n"
                f"{grand},,41\n"
            )
            self.assertEqual(added["schema"]["total_rows"], 3, label)
        added = self.add_text("firm,city,v\nGesamt Bau,Rom,10\nErgebnis,Ulm,20\n")  # names
        self.assertEqual(added["schema"]["total_rows"], 0)

    def test_totals_of_reports_in_other_scripts_are_found(self):
        for header, rows, sub, grand in (
            ("地区,客户,金额", ("华东,甲公司", "华北,乙公司"), "{} 汇总,", "总计,"),
            ("地区,客户,金额", ("华东,甲公司", "华北,乙公司"), "小　计,", "合　计,"),
            ("地域,顧客,売上", ("東京,甲社", "大阪,乙社"), "{} 集計,", "総計,"),
            ("지역,고객,매출", ("서울,가나", "부산,다라"), "{} 소계,", "총합계,"),
            ("Регион,Клиент,Выручка", ("Север,Анна", "Юг,Борис"), "ИТОГО {},", "Общий итог,"),
            ("Регіон,Клієнт,Сума", ("Північ,Анна", "Південь,Борис"), "Разом {},", "Усього:,"),
            ("Region,Klient,Kwota", ("Północ,Anna", "Południe,Jan"), "Razem {},", "OGÓŁEM,"),
            ("Kraj,Zákazník,Částka", ("Sever,Anna", "Jih,Jan"), "{} Celkem,", "Celkový součet,"),
            ("Region,Kund,Belopp", ("Norr,Anna", "Söder,Jan"), "Delsumma {},", "Summa,"),
            ("Område,Kunde,Beløb", ("Nord,Anna", "Syd,Jan"), "{} i alt,", "I alt,"),
            ("Alue,Asiakas,Summa", ("Pohjoinen,Anna", "Etelä,Jan"), "{} yhteensä,", "LOPPUSUMMA,"),
            ("Régió,Ügyfél,Összeg", ("Észak,Anna", "Dél,Jan"), "{} összesen,", "ÖSSZESEN,"),
            ("Bölge,Müşteri,Tutar", ("Kuzey,Anna", "Güney,Jan"), "Ara Toplam,", "GENEL TOPLAM,"),
            ("Περιοχή,Πελάτης,Ποσό", ("Βορράς,Άννα", "Νότος,Γιάννης"), "Σύνολο {},", "ΓΕΝΙΚΟ ΣΥΝΟΛΟ,"),
        ):
            first, second = (row.split(",")[0] for row in rows)
            text = (
                f"{header}\n{rows[0]},1250.50\n{rows[0]}2,2000.25\n{sub.format(first)},3250.75\n"
                f"{rows[1]},700.10\n{rows[1]}2,800.15\n{sub.format(second)},1500.25\n{grand},4751.00\n"
            )
            added = self.add_text(text)
            self.assertEqual([row[-1] for row in self.rows()], ["false", "false", "true"] * 2 + ["true"], text)
            self.assertEqual(added["schema"]["total_rows"], 3)

    def test_a_customer_called_by_a_word_of_sums_is_no_total(self):
        for name in ("Summa", "Razem", "合计", "Summa Health", "Lewica Razem"):
            added = self.add_text(f"customer,city,v\nAnn,Rome,10.50\n{name},Oslo,20.25\nBob,Bonn,31.00\n")
            self.assertEqual(added["schema"]["total_rows"], 0, name)
            self.assertIn("doubtful_total_rows", self.warnings(added))
        # What stands beside such a word where names have it: nothing but sums are proof.
        for amount, found in (("30.75", 1), ("30.85", 0)):
            added = self.add_text(f"customer,city,v\nAnn,Rome,10.50\nBob,Oslo,20.25\nSumma Health,,{amount}\n")
            self.assertEqual(added["schema"]["total_rows"], found)

    def test_a_row_without_a_label_is_a_total_if_it_ends_the_table_and_its_numbers_are_the_sums(self):
        for text in (
            "customer,city,v\nAnn,Rome,10.50\nBob,Oslo,20.25\n,,30.75\n",
            "customer,date,v\nAnn,2024-01-01,10.50\nBob,2024-01-02,20.25\n,,30.75\nCy,2024-02-03,9.00\n,,39.75\n",
            "customer_no,v\n17,10.50\n18,20.25\n,30.75\n",
            "*,customer,v,currency\n,Ann,10.50,EUR\n,Bob,20.25,EUR\n*,,30.75,EUR\n,Cy,9.00,EUR\n**,,39.75,EUR\n",
        ):
            added = self.add_text(text)
            self.assertEqual(added["schema"]["total_rows"], text.count(",30.75") + text.count(",39.75"), text)
            self.assertNotIn("doubtful_total_rows", self.warnings(added))
            value = self.json("analyze", "table", "-g", added["schema"]["columns"][0]["name"], "-v", "v", "--grain", "none")
            self.assertEqual(value["result"]["totals"]["total"], 39.75 if "39.75" in text else 30.75)
        # An amount of nobody, a star that marks a row, and a table that goes on.
        for text in (
            "customer,city,v\nAnn,Rome,10.50\nBob,Oslo,20.25\n,,31.75\n",
            "customer,city,v\nAnn,Rome,10.50\nBob,*,20.25\nCy,Bonn,7.00\nDi,*,9.00\n",
            "customer,city,v\nAnn,Rome,10.50\nBob,Oslo,20.25\nCy,,30.75\n",
        ):
            added = self.add_text(text)
            self.assertEqual(added["schema"]["total_rows"], 0, text)
            self.assertNotIn("doubtful_total_rows", self.warnings(added))

    def test_a_last_row_without_a_label_is_a_total_though_most_rows_have_no_name(self):
        rows = "Ann,Rome,10.50\n,,20.25\nBob,Oslo,30.00\n,,15.00\n,,17.00\n"
        added = self.add_text(f"customer,city,amount\n{rows},,92.75\n")
        self.assertEqual(self.marked(added), [[None, None, "92.750000"]])
        for rest in (",,92.76\n", ",,92.75\nCy,Rome,5.00\n"):  # no sum, and a table that goes on
            self.assertEqual(self.add_text(f"customer,city,amount\n{rows}{rest}")["schema"]["total_rows"], 0)
        # Of two amounts among zeros the second is by chance what the first is.
        rows = "Ann,Rome,0\n,,250.75\n,,0\n,,0\n,,0\n,,250.75\n"
        self.assertEqual(self.add_text(f"customer,city,amount\n{rows}")["schema"]["total_rows"], 0)

    def test_a_remark_does_not_hide_the_total_of_a_group_of_one(self):
        rows = "region,customer,product,v\nEast,Ada,Bolt,80.40\nEast,Ada,Lamp,56.90\n,Ada Total,,137.30\nEast Total,,,137.30\n"
        rows += "West,Ben,Nut,145.90\nWest,Ben,Lamp,318.40\n,Ben Total,,464.30\nWest Total,,,464.30\nTotal,,,601.60\n"
        for remarks in ("", "Source: ERP,,,\n", "End of report,,,\nPrinted 2024-02-01,,,\n"):
            added = self.add_text(rows + remarks)
            self.assertEqual(added["schema"]["total_rows"], 5, remarks)
            self.assertNotIn("called a total whose numbers are no sums", str(added["schema"]["warnings"]))

    def test_an_article_called_total_is_none_whose_quantity_alone_is_a_sum(self):
        rows = "region;customer;product;qty;amount\nNorth;Ada;Cable;315;207755.10\nNorth;Ada;Lamp;-90;-9665.10\n"
        rows += "North;Ada;Widget;182;100336.60\nNorth;Ben;Total Care;429;183530.49\nNorth;Ben;Pack;20;16025.60\n"
        added = self.add_text(rows)
        self.assertEqual(added["schema"].get("total_rows", 0), 0)
        added = self.add_text(rows + "North;all;Total;856;497982.69\n")
        self.assertEqual([row[2] for row in self.rows() if row[-1] == "true"], ["Total"])

    def test_a_total_of_periods_without_data_is_one(self):
        rows = "customer,2024,2025,2026\nAda,,7.13,\nBen,,3.80,\nCai,,2.38,\n"
        for zeros in ("0", "0.00"):
            added = self.add_text(rows + f"Total,{zeros},13.31,{zeros}\n", "--unpivot")
            self.assertEqual((added["schema"]["total_rows"], added["rows"]), (3, 6))
            self.assertEqual([w["code"] for w in added["schema"]["warnings"]], ["total_rows"])
            answer = self.json("analyze", "table", "-g", "customer", "-v", "value")["result"]
            self.assertEqual([(p["period"], p["total"], p["entities"]) for p in answer["by_period"]], [("2025", 13.31, 3)])
        added = self.add_text("customer,v\nTotal,0\nAda,7.13\nTotal,2\nBen,3.80\n")  # a customer's
        self.assertEqual(added["schema"].get("total_rows", 0), 0)

    def test_a_total_without_a_label_may_have_remarks_below_it(self):
        text = "customer,city,amount\nAnn,Rome,10.50\nBob,Oslo,20.25\n,,30.75\nSource: ERP,,\nPrinted by Eve,,\n"
        for end in ("", "\n"):  # what no line feed ends is read apart
            self.assertEqual(self.marked(self.add_text(text.rstrip() + end)), [[None, None, "30.750000"]])

    def test_subtotals_that_repeat_the_customer_of_their_group_are_totals(self):
        # As SAP prints them: the key of the group, and nothing else of its rows; a group of one has one as well.
        rows = (
            "1000;C1;D11;2024-01-02;110,50\n1000;C1;D12;2024-01-03;90,25\n1000;C1;;;200,75\n"
            "1000;C2;D21;2024-02-01;55,00\n1000;C2;;;55,00\n1000;;;;255,75\n"
            "2000;C1;D13;2024-02-05;75,10\n2000;C1;D14;2024-02-05;20,10\n2000;C1;;;95,20\n"
            "2000;C3;D31;2024-02-05;41,25\n2000;C3;D32;2024-02-09;42,25\n2000;C3;;;83,50\n2000;;;;178,70\n"
        )
        header = "company;customer;document;day;amount\n"
        for company in ("{}", "E{}"):  # a number, or a text
            text = rows.replace("1000", company.format(1000)).replace("2000", company.format(2000))
            for grand in ("", ";;;;434,45\n", "Gesamtergebnis;;;;434,45\n"):
                added = self.add_text(header + text + grand)
                self.assertEqual(added["schema"]["total_rows"], 6 + (grand != ""), text + grand)
                answer = self.json("analyze", "table", "-g", "customer", "-v", "amount", "--grain", "none")
                self.assertEqual(answer["result"]["totals"]["total"], 434.45)
        # What is wrong by a cent is no sum, and rows without a note are no sums of those that have one.
        wrong = rows.replace("200,75", "200,76").replace("83,50", "83,51").replace("95,20", "95,21")
        self.assertEqual(self.add_text(header + wrong.replace("000;C", "000x;C"))["schema"]["total_rows"], 0)
        text = "Ann,Rome,x,10.50\nAnn,Rome,,20.25\nBob,Oslo,y,30.75\nBob,Oslo,,30.75\nCy,Bonn,z,7.25\nCy,Bonn,z,9.25\nCy,Bonn,,16.5\n"
        added = self.add_text(f"customer,city,note,amount\n{text}Di,Bonn,q,3.5\n")
        self.assertEqual(added["schema"]["total_rows"], 0)

    def test_headings_of_an_outline_are_totals_of_what_stands_below_them(self):
        groups = {"North": {"Ann": 100.25, "Bob": 200.25}, "South": {"Cy": 300, "Di": 400.5, "Ed": 1}, "East": {"Flo": 77.7}}
        for repeated in (True, False):
            text = "region,customer,amount\n"
            for region, customers in groups.items():
                text += f"{region},,{sum(customers.values())}\n"
                text += "".join(f"{region if repeated else ''},{name},{v}\n" for name, v in customers.items())
            for grand in ("", "Grand Total,,1079.70\n"):
                added = self.add_text(text + grand)
                self.assertEqual(
                    [row[0] for row in self.marked(added)], ["North", "South", "East"] + ["Grand Total"] * (grand != "")
                )
        # One group alone could be anything.
        added = self.add_text("region,customer,amount\nNorth,,300.50\nNorth,Ann,100.25\nNorth,Bob,200.25\nSouth,Cy,7\n")
        self.assertEqual(added["schema"]["total_rows"], 0)

    def test_a_group_of_one_row_has_a_total_where_others_have(self):
        text = (
            "Region,Customer,Sum\nNorth,A,100.50\nNorth Total,,100.50\nSouth,B,200.25\n,C,300.00\nSouth Total,,500.25\n"
            "East,D,400.00\nEast Total,,400.00\nWest,E,1.50\n,F,2.25\nWest Total,,3.75\nGrand Total,,1004.50\n"
        )
        added = self.add_text(text)
        self.assertEqual(added["schema"]["total_rows"], 5)
        self.assertNotIn("doubtful_total_rows", self.warnings(added))
        # As much as the row before it, but nothing else is called so and a sum; or another amount.
        added = self.add_text("firm,city,v\nAnn,Rome,250.50\nTotal Tools,Ulm,250.50\nBob,,3.25\nCy,Oslo,4.25\n")
        self.assertEqual(added["schema"]["total_rows"], 0)
        # The sum of all is twice the last group's.
        added = self.add_text(
            "Region,Customer,Sum\nNorth,A,100\n,B,200\nNorth Total,,300\nSouth,C,300\nSouth Total,,300\nGrand Total,,600\n"
        )
        self.assertEqual(added["schema"]["total_rows"], 3)
        # Most groups have one, and all sums one name.
        added = self.add_text(
            "Konto,Betrag\nA,100\nSubtotal,100\nB,50\nSubtotal,50\nC,210\nD,320\nSubtotal,530\nE,70\nSubtotal,70\nTotal,750\n"
        )
        self.assertEqual((added["schema"]["total_rows"], self.warnings(added)), (5, {"total_rows"}))
        # Nothing but such pairs, three at least.
        two = "Konto,Betrag\nA,100\nNorth Total,100\nB,250\nSouth Total,250\n"
        three = f"{two}C,40\nEast Total,40\n"
        for pairs, totals in (
            (two, 0),
            (three, 3),
            (f"{three}Grand Total,390\n", 4),
            (f"{three}D,77\n", 0),
            (f"{three}Note,\n", 3),
        ):
            added = self.add_text(pairs)
            self.assertEqual(added["schema"]["total_rows"], totals, pairs)
        # Nobody is called Total in a column of days.
        for rows, totals in (
            ("2024-01-05,100\nTotal,100\n", 1),
            (
                "2024-01-05,100\nSubtotal,100\n2024-02-05,40\nFebruary total,40\n2024-03-05,60\n2024-03-06,70\nMarch total,130\n",
                3,
            ),
        ):
            added = self.add_text(f"date,v\n{rows}")
            self.assertEqual((added["schema"]["total_rows"], self.warnings(added)), (totals, {"total_rows"}), rows)
        added = self.add_text(text.replace("East Total,,400.00", "East Total,,410.00"))
        self.assertIn("doubtful_total_rows", self.warnings(added))

    def test_totals_of_reports_are_found_by_what_they_are_called(self):
        days = "2024-01-01,120,31.55\n2024-01-02,90,22.10\n2024-01-03,95,24.00\n"
        for label in ("Total: Account", "Grand Totals (3 records)", "Total*", "Total¹", "Grand total¹", "Tot.", "TOTAL/ALL"):
            for header, rows in (("day", days), ("campaign", days.replace("2024-01-0", "Campaign "))):
                added = self.add_text(f"{header},clicks,cost\n{rows}{label},305,77.65\n")
                self.assertEqual((added["schema"]["total_rows"], self.warnings(added)), (1, {"total_rows"}), label)
        added = self.add_text(f"day,clicks,cost\n{days}Total: Campaigns,305,77.65\nTotal: Account,305,77.65\n")
        self.assertEqual(added["schema"]["total_rows"], 2)
        self.assertEqual(added["schema"]["time_candidates"], [{"columns": ["day"], "grain": "month"}])

    def test_totals_of_nothing_say_nothing_against_others(self):
        months = (100, 250, 0, 0, 0)
        text = "month,customer,v\n" + "".join(
            f"2024-0{k},A,{v}\n2024-0{k},B,{2 * v}\n2024-0{k},Total,{3 * v}\n" for k, v in enumerate(months, 1)
        )
        added = self.add_text(text)
        self.assertEqual((added["schema"]["total_rows"], self.warnings(added)), (5, {"total_rows"}))
        text = "region,customer,v\nN,A,100\nN,B,250\nN total,,350\nS,C,0\nS,D,0\nS total,,0\nTotal,,350\n"
        added = self.add_text(text)
        self.assertEqual((added["schema"]["total_rows"], self.warnings(added)), (3, {"total_rows"}))
        # Nothing proves that another is none.
        added = self.add_text("month,customer,v\n1,A,10\n1,Total Tools,0\n2,A,0\n2,Total Tools,0\n2,B,20\n")
        self.assertEqual(added["schema"]["total_rows"], 0)

    def test_a_customer_called_total_who_pays_what_the_one_before_pays_is_data(self):
        for header, rows, total in (
            ("region,customer", ("N,A,100", "N,Total Tools,100", "N total,,200", "S,B,70", "S,Cy,30", "S total,,100"), 300),
            ("customer", ("A,100", "Total Tools,100", "North total,200", "B,70", "Cy,30", "South total,100"), 300),
            ("customer", ("A,70", "Total Tools,70", "B,20", "North total,160", "B,70", "Cy,30", "South total,100"), 260),
        ):
            added = self.add_text(f"{header},amount\n" + "\n".join(rows) + "\n")
            self.assertEqual(added["schema"]["total_rows"], 2, rows)
            answer = self.json("analyze", "table", "-g", "customer", "-v", "amount")
            self.assertEqual(answer["result"]["totals"]["total"], total, rows)

    def test_rows_that_say_they_are_parts_of_others_are_told(self):
        text = "k;v\nPersonal;500\ndavon Gehälter;400\n - davon Boni;100\nMiete;300\n"
        added = self.add_text(text)
        told = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "parts_of_rows")
        ask = ("analyze", "table", "-g", "k", "-v", "v")
        self.assertIn("parts_of_rows", str(self.json(*ask)["warnings"]))
        answer = self.json(*ask, "--filter", told.rsplit(": ", 1)[1])
        self.assertEqual(answer["result"]["totals"]["total"], 800)
        names = "".join(f"Player {i},{i}\n" for i in range(1000))
        self.assertNotIn("parts_of_rows", self.warnings(self.add_text("name,v\nDavon Smith,500\n" + names)))
        self.assertNotIn("parts_of_rows", self.warnings(self.add_text("k,v\nDavonport,500\nDavon,3\nof whichever,2\n")))
        added = self.add_text(
            "Pos;Artikel;Betrag\n1;A;100,00\n2;B;200,00\n;Nettobetrag;300,00\n;MwSt 19%;57,00\n;Gesamtbetrag;357,00\n"
        )
        self.assertEqual(added["schema"]["total_rows"], 2)

    def test_debits_of_bookings_are_kept_and_told_with_a_filter_that_leaves_them_out(self):
        for header, rows in (
            (
                "entry,account,line",
                ("J1,Cash,,100.00", "J1,,Sales,60.00", "J1,,Tax,40.00", "J2,Cash,,220.00", "J2,,Sales,220.00"),
            ),
            (
                "entry,debit,credit",
                ("J1,Cash,,100.00", "J1,Cash,Sales,60.00", "J1,Cash,Tax,40.00", "J2,Cash,,220.00", "J2,Cash,Tax,220.00"),
            ),
            (
                "Sollkonto,Habenkonto,Text",
                ("Kasse,,,100.00", ",Umsatz,,60.00", ",Steuer,,40.00", "Bank,,,220.00", ",Umsatz,,220.00"),
            ),
        ):
            more = [row.replace("J1", "J3").replace("J2", "J4") for row in rows]
            added = self.add_text(f"{header},amount\n" + "\n".join([*rows, *more]) + "\n")
            self.assertEqual(added["schema"]["total_rows"], 0, header)
            told = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "doubtful_total_rows")
            self.assertIn("4 rows", told)
            ask = ("analyze", "table", "-g", added["schema"]["columns"][1]["name"], "-v", "amount")
            self.assertEqual(self.json(*ask)["result"]["totals"]["total"], 1280)
            self.assertIn("doubtful_total_rows", str(self.json(*ask)["warnings"]))
            answer = self.json(*ask, "--filter", told.rsplit(": ", 1)[1])
            self.assertEqual(answer["result"]["totals"]["total"], 640)

    def test_headings_of_a_compact_pivot_table_are_totals(self):
        two = (
            "Row Labels,Sum of Amount,Orders\nNorth,300.50,3\nAnn,100.25,1\nBob,200.25,2\n"
            "South,700,9\nAnn,300,4\nDi,400,5\nEast,,\nEd,,\nGrand Total,1000.50,12\n"
        )
        added = self.add_text(two)
        self.assertEqual([row[0] for row in self.marked(added)], ["North", "South", "Grand Total"])
        self.assertNotIn("doubtful_total_rows", self.warnings(added))
        self.assertEqual(
            self.json("analyze", "table", "-g", "row_labels", "-v", "sum_of_amount")["result"]["totals"]["total"], 1000.5
        )
        three = (
            "Row Labels,Amount\nEU,1000.50\nDE,300.50\nAnn,100.25\nBob,200.25\nFR,700\nCy,300\nDi,400\n"
            "US,50\nNY,50\nEd,20\nFlo,30\nGrand Total,1050.50\n"
        )
        added = self.add_text(three)
        self.assertEqual([row[0] for row in self.marked(added)], ["EU", "DE", "FR", "US", "NY", "Grand Total"])
        wide = (
            "Row Labels,2022,2023,Grand Total\nNorth,100.50,200,300.50\nAnn,50.25,50,100.25\nBob,50.25,150,200.25\n"
            "South,300,400,700\nCy,100,200,300\nDi,200,200,400\nGrand Total,400.50,600,1000.50\n"
        )
        for words in ((), ("--unpivot",)):
            added = self.add_text(wide, *words)
            self.assertEqual({row[0] for row in self.marked(added)}, {"North", "South", "Grand Total"}, words)

    def test_a_pivot_table_whose_headings_cannot_be_told_is_told(self):
        text = "Row Labels,Amount\nAnn,100\nNorth,300.50\nBob,200.50\nCy,300\nSouth,300\nWest,0\nGrand Total,600.50\n"
        added = self.add_text(text)
        self.assertEqual(added["schema"]["total_rows"], 0)
        told = [w["text"] for w in added["schema"]["warnings"] if w["code"] == "doubtful_total_rows"]
        self.assertTrue(any("2 times as much as 'Grand Total' in line 8" in t for t in told), told)
        answer = self.json("analyze", "table", "-g", "row_labels", "-v", "amount")
        self.assertIn("2 times as much", str(answer["warnings"]))

    def test_a_total_without_a_label_may_have_its_currency_beside_it(self):
        rows = "".join(f"A{k},2024-01-0{k},EUR,{k}00.25\n" for k in range(1, 7))
        for unit in ("EUR", "ABC"):
            text = "account,day,unit,amount\n" + rows.replace("EUR", unit) + f",,{unit},2101.50\n"
            added = self.add_text(text)
            self.assertIn("total_rows", self.warnings(added), unit)
            self.assertEqual(self.rows()[-1][4:], ["true"], unit)

    def test_a_name_that_stands_alone_several_times_and_never_with_a_sum_is_no_total(self):
        rows = "Ann,Joe,10.50\nBob,Eve,20.25\nTotal Energies,,17.00\nCy,Ian,9.00\nDi,Max,4.00\nTotal Energies,,29.10\n" * 3
        added = self.add_text("customer,contact,v\n" + rows)
        self.assertEqual(added["schema"]["total_rows"], 0)
        self.assertIn("doubtful_total_rows", self.warnings(added))
        # Whatever else stands in a row of sums, such as a mean, the word alone names no customer.
        added = self.add_text("customer,contact,v\n" + rows.replace("Total Energies", "Total"))
        self.assertEqual(added["schema"]["total_rows"], 6)

    def test_a_label_whose_rows_are_mostly_no_sums_is_a_name(self):
        rows = "".join(
            f"K{i},{kind},{v},{i * 7 % 90 + 100}.5\n"
            for i, (kind, v) in enumerate(
                [("Glass", 1), ("Hail", 1), ("Total loss", 2), ("Total loss", 50), ("Glass", 3), ("Total loss", 60)]
            )
        )
        added = self.add_text("claim,damage,vehicles,amount\n" + rows)
        self.assertEqual(added["schema"]["total_rows"], 0)
        self.assertIn("doubtful_total_rows", self.warnings(added))

    def test_totals_of_a_period_are_sums_of_that_period(self):
        added = self.add_text(
            "customer,year,revenue\nAnn,2023,1\nAnn,2024,2\nBob,2023,10\nBob,2024,20\nTotal,2023,11\nTotal,2024,22\n"
        )
        self.assertEqual(self.marked(added), [["Total", "2023", "11"], ["Total", "2024", "22"]])

    def test_totals_that_stand_first_are_found_as_well(self):
        added = self.add_text("customer,city,revenue\nTotal,all,60\nAnn,Rome,10\nBob,Oslo,20\nCy,Bonn,30\n")
        self.assertEqual(self.marked(added), [["Total", "all", "60"]])
        added = self.add_text("unit,kind,v\nNorth subtotal,s,3\nAnn,a,1\nBob,b,2\nSouth subtotal,s,7\nCy,c,3\nDi,d,4\n")
        self.assertEqual([row[0] for row in self.marked(added)], ["North subtotal", "South subtotal"])

    def test_a_total_in_the_first_row_counts_customers_called_total(self):
        rows = "N,A,5.25\nN,Total Tools,9.75\nS,B,7.50\nS,C,8.25\n"
        for total in ("Total,,30.75", "Total,,31.75", "Total,all,30.75"):
            for text in (f"{total}\n{rows}", f"{rows}{total}\n"):
                added = self.add_text("region,customer,amount\n" + text)
                self.assertEqual([row[0] for row in self.marked(added)], ["Total"], text)

    def test_a_total_may_be_off_by_the_rounding_of_its_summands_and_have_a_mean_beside_it(self):
        added = self.add_text("customer,city,share,price\nAnn,Rome,33.3,2\nBob,Oslo,33.3,4\nCy,Bonn,33.3,6\nTotal,all,100,4\n")
        self.assertEqual(self.marked(added), [["Total", "all", "100.000000", "4"]])
        added = self.add_text("customer,city,share\nAnn,Rome,33.3\nBob,Oslo,33.3\nCy,Bonn,33.3\nTotal,all,101\n")
        self.assertEqual(self.marked(added), [])

    def test_rows_without_a_name_are_data_unless_most_of_them_are_sums(self):
        # Amounts that nobody is named for, of which some are, by chance, what the rows before come to.
        rows = "".join(f"K{i},0\nL{i},250.75\n,250.75\n,99.50\n" for i in range(5))
        self.assertEqual(self.add_text(f"customer,v\n{rows}")["schema"]["total_rows"], 0)
        added = self.add_text("customer,v\nAnn,10.50\nBob,20.25\n,5.00\n,35.75\n")
        self.assertEqual([row[1] for row in self.marked(added)], ["35.750000"])
        # Columns of nothing but zeros are the sums of zeros.
        rows = "".join(f"K{i},0,0,0,250.75,{i}.25,{i}.50\n" for i in range(5))
        self.assertEqual(self.add_text(f"customer,a,b,c,d,e,f\n{rows},0,0,0,1253.75,7.50,7.50\n")["schema"]["total_rows"], 0)
        self.assertEqual(self.add_text(f"customer,a,b,c,d,e,f\n{rows},0,0,0,1253.75,11.25,9\n")["schema"]["total_rows"], 1)

    def test_a_table_of_numbers_has_a_sum_where_nothing_numbers_the_row(self):
        rows = "".join(f"{i},0,{i}.25\n" for i in range(1, 9))
        self.assertEqual(self.add_text(f"id,a,b\n{rows},0,38.00\n")["schema"]["total_rows"], 1)
        for text in (
            f"id,a,b\n{rows}9,0,38.00\n",
            f"a,b,c\n{rows.replace('.25', '.25,')}9,0,38.00,\n",
            f"a,b,c\n{rows},227,\n,228,\n",
        ):
            self.assertEqual(self.add_text(text)["schema"]["total_rows"], 0, text)

    def test_what_pages_carry_forward_are_totals(self):
        for label in ("Carried forward", "Brought forward:", "Übertrag", "übertrag"):
            added = self.add_text(
                f"customer,city,v\nAnn,Rome,10.50\nBob,Oslo,20.25\n{label},,30.75\n{label},,30.75\nCy,Bonn,5\nTotal,,35.75\n"
            )
            self.assertEqual(added["schema"]["total_rows"], 3, label)

    def test_a_tax_below_a_total_is_data_and_told(self):
        rows = "".join(f"K{i},Rome,{i}\n" for i in range(1, 16))
        added = self.add_text(f"customer,city,v\n{rows}Subtotal,,120\nVAT 20 %,,24\nTotal,,144\n")
        self.assertEqual([row[0] for row in self.marked(added)], ["Subtotal", "Total"])
        self.assertIn("doubtful_total_rows", self.warnings(added))
        answer = self.json("analyze", "table", "-g", "customer", "-v", "v")
        self.assertIn("'VAT 20 %' in line 18", str(answer["warnings"]))

    def test_rows_below_the_last_total_with_fewer_numbers_are_data_and_told(self):
        rows = "Tea,12,340,15300.50\nCoffee,8,120,22410\nSweets,20,800,9050\n"
        added = self.add_text(f"category,items,pieces,amount\n{rows}\nTotal,40,1260,46760.50\nAmount on the site,,,46000\n")
        self.assertEqual([row[0] for row in self.marked(added)], ["Total"])
        warning = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "doubtful_total_rows")
        self.assertIn("'Amount on the site' in line 7", warning)
        # Groups go on below their totals, whatever they leave out.
        added = self.add_text(
            f"category,items,pieces,amount\n{rows}Total,40,1260,46760.50\nPen,,5,7\nInk,3,5,9\nTotal,3,10,16\n"
        )
        self.assertEqual(added["schema"]["total_rows"], 2)
        self.assertNotIn("doubtful_total_rows", self.warnings(added))
        # What a total above the others sums up are these.
        for text in (
            "region,people,area\nTotal,321,70\nA,100,\nB,221,70\n",
            "region,year,people,area\nTotal,2020,621,90\nA,2020,100,\nB,2020,521,90\nTotal,2021,660,99\nA,2021,139,\nB,2021,521,99\n",
        ):
            added = self.add_text(text)
            self.assertIn("total_rows", self.warnings(added))
            self.assertNotIn("doubtful_total_rows", self.warnings(added))

    def test_sums_that_nothing_says_to_be_some_are_data_and_told(self):
        accounts = "1000,Assets,9500\n1100,Current,6500\n1110,Cash,2500\n1120,Receivables,4000\n1200,Fixed,3000\n1210,Machines,1800\n1220,Buildings,1200\n"
        added = self.add_text("account,name,amount\n" + accounts)
        self.assertEqual(added["schema"]["total_rows"], 0)
        warning = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "doubtful_total_rows")
        self.assertIn("3 rows are exactly the sums of rows below them, the first is 'Assets' in line 2", warning)
        leaves_out = warning.split("leaves them out: ")[1]
        answer = self.json("analyze", "table", "-g", "name", "-v", "amount", "--filter", leaves_out)
        self.assertEqual(answer["result"]["totals"]["total"], 9500)
        self.assertNotIn(
            "doubtful_total_rows", self.warnings(self.add_text("account,name,amount\n" + accounts, "--totals", "keep"))
        )
        # Of each period the same, if periods are headers.
        added = self.add_text("kind,2023,2024\nA,300,330\na,180,200\nb,120,130\nB,500,40\nc,350,30\nd,150,10\n", "--unpivot")
        warning = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "doubtful_total_rows")
        self.assertIn("kind not in ('A', 'B')", warning)

    def test_a_total_of_an_order_in_each_of_its_lines_is_told_where_it_is_added_up(self):
        added = self.add_text(
            "order,product,line_amount,order_total\n1,Pen,10,35.50\n1,Ink,25.50,35.50\n2,Pen,10,10\n3,Pen,20,61\n3,Pad,41,61\n"
        )
        self.assertIn("repeated_values", self.warnings(added))
        for value, told in (("order_total", True), ("line_amount", False)):
            answer = self.json("analyze", "table", "-g", "product", "-v", value)
            self.assertEqual("repeated_values" in str(answer["warnings"]), told, value)

    def test_a_total_is_found_below_the_heading_that_it_is_called_by(self):
        # A statement has results between its totals, which are sums of neither.
        statement = (
            "Income,\nA Sales,2500.00\nB Service,750.50\nTotal for Income,3250.50\nCost,\nC Goods,1200.00\nD Freight,80.25\n"
            "Total for Cost,1280.25\nGross Profit,1970.25\nLess Expenses,\nE Rent,700.00\nF Pay,900.75\n"
            "Total Expenses,1600.75\nOther,\nG Interest,91.25\nTotal for Other,91.25\nNet Income,460.75\n"
        )
        added = self.add_text("account,Amount\n" + statement)
        labels = [row["label"] for row in self.step("normalise")["total_row_examples"]]
        self.assertEqual(labels, ["Total for Income", "Total for Cost", "Total Expenses", "Total for Other"])
        self.assertEqual(self.warnings(added), {"total_rows", "result_rows"})
        ask = ("analyze", "table", "-g", "account", "-v", "amount")
        warning = next(w for w in self.json(*ask)["warnings"] if w["code"] == "result_rows")
        suggested = warning["text"].split("a filter leaves them out: ")[1]
        total = self.json(*ask, "--filter", suggested)["result"]["totals"]["total"]
        self.assertEqual(total, 2500 + 750.5 + 1200 + 80.25 + 700 + 900.75 + 91.25)
        # Made rows by their months, sums are found behind the results, since headings have no months.
        months = "Account,Jan 2024,Feb 2024\n" + "".join(
            f"{line}{',' + line.split(',')[1]}\n" for line in statement.splitlines()
        )
        self.add_text(months, "--unpivot")
        labels = [row["label"] for row in self.step("normalise")["total_row_examples"]]
        self.assertEqual(labels[:6:2], ["Total for Income", "Total for Cost", "Total Expenses"])
        # Amounts that are no sums of what stands there prove nothing, whatever their heading.
        added = self.add_text("account,Amount\n" + statement.replace("1600.75", "1700.75"))
        self.assertIn("doubtful_total_rows", self.warnings(added))

    def test_the_kind_of_an_amount_is_no_label(self):
        kinds = "".join(f"{name};2015;Ergebnis;{v}\n{name};2016;Ansatz;{v + 7}\n" for name, v in (("A", 50), ("B", 70)))
        self.assertEqual(self.warnings(self.add_text("titel;jahr;typ;betrag\n" + kinds)), set())
        added = self.add_text("titel;betrag\nA;50\nB;70\nErgebnis;125\n")
        self.assertEqual(self.warnings(added), {"doubtful_total_rows"})

    def test_a_currency_that_only_totals_and_the_rows_behind_them_have_is_missing_nowhere(self):
        rows = "customer,v\nA,{}1.25\nB,{}2.50\nTotal,$3.75\nC,{}4.25\nD,5.50\nTotal,$9.75\n"
        for first, second, third in (("", "", ""), ("$", "", ""), ("$", "", "$")):
            self.assertEqual(self.warnings(self.add_text(rows.format(first, second, third))), {"total_rows"})
        self.assertEqual(self.warnings(self.add_text(rows.format("", "$", ""))), {"total_rows", "missing_currencies"})

    def test_a_mean_below_a_total_is_data_and_told(self):
        for label in ("Average", "Mean", "Durchschnitt:", "Avg per customer", "Monthly average", "MITTELWERT"):
            added = self.add_text(f"customer,city,revenue\nAnn,Rome,10.50\nBob,Oslo,20.50\nTotal,,31.00\n{label},,15.50\n")
            self.assertEqual([row[0] for row in self.marked(added)], ["Total"], label)
            warning = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "doubtful_total_rows")
            self.assertIn(f"'{label}' in line 5", warning)
            answer = self.json("analyze", "table", "-g", "customer", "-v", "revenue")
            self.assertEqual(answer["result"]["totals"]["total"], 46.5)
            self.assertIn(warning, str(answer["warnings"]))
        for rows in (
            "Average,Bonn,20.50\nBob,Oslo,10.50\nTotal,,31.00\n",  # a customer, not below a total
            "Ann,Rome,10.50\nBob,Oslo,20.50\nTotal,,31.00\nMeaning Ltd,Bonn,15.50\n",
        ):
            self.assertNotIn("doubtful_total_rows", self.warnings(self.add_text("customer,city,revenue\n" + rows)))

    def test_headings_that_stand_once_are_told_to_who_groups_by_them(self):
        north, south = "North;A;1237.5\n;B;2475.25\n;C;99.75\n", "South;C;880.5\n;D;1001\n"
        for text in (
            north + south,
            north + "North Total;;3812.5\n" + south + "South Total;;1881.5\nGrand Total;;5694\n",
            "North;;3712.75\n;A;1237.5\n;B;2475.25\nSouth;;1881.5\n;C;880.5\n;D;1001\n",
        ):
            added = self.add_text("Region;Customer;Revenue\n" + text)
            self.assertIn("headings_written_once", self.warnings(added), text)
            for column, told in (("region", True), ("customer", False)):
                answer = self.json("analyze", "table", "-g", column, "-v", "revenue")
                self.assertEqual("headings_written_once" in [w["code"] for w in answer["warnings"]], told)
        added = self.add_text("Region;Customer;2022;2023\nNorth;A;1;2\n;B;3;4\nSouth;C;5;6\n;D;7;8\n", "--unpivot")
        self.assertIn("headings_written_once", self.warnings(added))
        for text in (
            ";A;1237.5\n" + north,  # the first row has none
            north + south + "North;E;5.5\n",  # one stands twice
            "North;A;1\nSouth;B;2\nEast;C;3\nWest;D;4\n;E;5\n",  # few are blank
            "North;;1\n;;2\n;;3\nSouth;;4\n;;5\n",  # nothing names the rows
        ):
            self.assertNotIn("headings_written_once", self.warnings(self.add_text("Region;Customer;Revenue\n" + text)), text)


if __name__ == "__main__":
    unittest.main()
