"""Dates, years, months and quarters, and which columns the periods come from."""

import unittest

from dataset_test import DatasetTest


class Times(DatasetTest):
    def times(self, added):
        return [candidate["columns"] for candidate in added["schema"]["time_candidates"]]

    def test_halves_of_years_are_read_and_analysed_by_year(self):
        rows = "A,H1 2023,10\nA,2H23,20\nB,1. Halbjahr 2024,40\nB,2024-H2,80\n"
        added = self.add_text("customer,period,v\n" + rows)
        self.assertEqual([row[1] for row in self.rows()], ["2023-01-01", "2023-07-01", "2024-01-01", "2024-07-01"])
        self.assertEqual(added["schema"]["period_grain"], "year")
        answer = self.json("analyze", "table", "-g", "customer", "-v", "v")
        self.assertEqual([(p["period"], p["total"]) for p in answer["result"]["by_period"]], [("2023", 30), ("2024", 120)])
        self.assertIn("half_years", str(answer["warnings"]))
        answer = self.json("analyze", "table", "-g", "customer", "-v", "v", "--filter", "period = '2024-07-01'")
        self.assertEqual(answer["result"]["totals"]["total"], 80)
        added = self.add_text("customer,period,v\nA,H1 2023,10\nA,Q1 2023,20\n")
        self.assertEqual(self.warnings(added), {"mixed_periods"})
        added = self.add_text("customer,Not,v\nA,H1 2024,10\nB,H2 2024,20\n")
        told = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "half_years")
        suggested = told.split("a filter such as ")[1].split(" keeps ")[0]
        answer = self.json("analyze", "table", "-g", "customer", "-v", "v", "--filter", suggested)
        self.assertEqual(answer["result"]["totals"]["total"], 20)
        added = self.add_text("film,duration,v\nA,1h24,10\nB,2h05,20\n")  # hours
        self.assertEqual(self.types(added)["duration"], "text")
        added = self.add_text("customer,2023H1,2023H2\nA,10,20\nB,30,40\n")  # of headers, columns
        self.assertEqual(list(self.types(added)), ["customer", "2023h1", "2023h2"])

    def test_remarks_do_not_make_a_column_of_times_one_of_texts(self):
        days = ["2025-01-03,A,10.50", "2025-02-03,B,20.50", "2025-02-04,A,5", "2025-02-05,,"]
        remark = "Source: ERP export 12.03.2025"
        for at in (0, 2, 4):
            lines = [*days[:at], f"{remark},,", *days[at:]]
            added = self.add_text("\n".join(["date,customer,amount", *lines, ""]))
            self.assertEqual([row[0] for row in self.rows()], [day[:10] for day in days], at)
            self.assertEqual(added["schema"]["time_candidates"], [{"columns": ["date"], "grain": "month"}])
            self.assertEqual([w["code"] for w in added["schema"]["warnings"]], ["remarks"])
            self.assertIn(f"'{remark}' in line {at + 2}", added["schema"]["warnings"][0]["text"])
            self.assertEqual([(row["line"], row["text"]) for row in self.step("read")["rejected"]], [(at + 2, remark)])
        added = self.add_text("year;v\n2023;1\n2024;2\n* provisional;\nNote: net;\n")
        self.assertEqual(self.rows(), [["2023", "1"], ["2024", "2"]])
        self.assertEqual(added["rejected_rows"], 2)

    def test_remarks_below_the_rows_leave_numbers_numbers(self):
        rows = "amount,customer,day\n10.50,A,2025-01-03\n20,B,2025-01-04\n5,A,2025-01-05\n"
        for below in ("Source: ERP export,,\n", "Note: net,,\n(c) Acme,,\n", ",,Page 1\nSource: ERP,,\n"):
            added = self.add_text(rows + below)
            self.assertEqual(self.types(added), {"amount": "decimal", "customer": "text", "day": "date"}, below)
            self.assertEqual(len(self.rows()), 3)
            self.assertEqual([w["code"] for w in added["schema"]["warnings"]], ["remarks"])
            self.assertEqual(added["rejected_rows"], below.count("\n"))

    def test_a_text_with_other_cells_or_among_texts_is_no_remark(self):
        for lines in (
            ["2025-01-03,A,1", "unknown,A,2", "Source: ERP,,"],  # a row without its day
            ["2025-01-03,A,1", "2025-01-04,A,2", "unknown,,5", "2025-01-05,A,2"],
            ["2025-01-03,A,1", "North,,", "South,,", "East,,"],  # more texts than days
            ["Ann,A,1", "Ben,A,2", "Cleo,,"],
            ["4000,A,1", "Revenue,,", "4001,A,2"],  # a heading of an outline
            ["4000,A,1", "4001,A,2", "Total,,"],
            ["4000,A,1", "unknown,A,2", "4001,A,2", "Source: ERP,,"],
            ["Travel,,", "2025-01-03,A,1", "2025-01-04,A,2", "Total for Travel,,3"],
        ):
            added = self.add_text("\n".join(["who,customer,amount", *lines, ""]))
            self.assertEqual([row[0] for row in self.rows()], [line.split(",")[0] for line in lines])
            self.assertEqual(added["rejected_rows"], 0, lines)
        added = self.add_text("date,amount\n2025-01-03,1\n2025-01-04,2\nclosed,\n", "--type", "date=text")
        self.assertEqual([row[0] for row in self.rows()], ["2025-01-03", "2025-01-04", "closed"])

    def test_labels_of_totals_among_times_leave_them_times(self):
        days = "2024-01-05,10.5\n2024-02-05,20.5\n2024-02-06,30\n"
        for text in (f"date,v\n{days}Total,61\n", f"date,v\nTotal:,61\n{days}", f"date,v\n{days}Grand total,61\nSource: x,\n"):
            added = self.add_text(text)
            self.assertEqual(self.times(added), [["date"]], text)
            self.assertEqual(added["schema"]["total_rows"], 1)
            self.assertEqual(self.coercions("date"), {"total_label_to_blank": 1})
            self.assertIn(([None, "61.000000", "true"]), self.rows())
        text = "month;v\n01/2024;10\n02/2024;200\nTotal 2024;210\n01/2025;50\n02/2025;60\nTotal 2025;110\nTotal;320\n"
        added = self.add_text(text)
        self.assertEqual((self.times(added), added["schema"]["total_rows"]), ([["month"]], 3))
        added = self.add_text("quarter;v\nQ1;10\nQ2;200\nQ3;30\nSumme;240\n")
        self.assertEqual((self.column(added, "quarter")["time_part"], added["schema"]["total_rows"]), ("quarter", 1))
        added = self.add_text(f"date,v\n{days}Total,61\n", "--type", "date=date")
        self.assertEqual(added["schema"]["total_rows"], 1)
        self.assertNotIn("unreadable_cells", self.warnings(added))
        # What the row is called there counts more than the name of a customer, which sounds like a total.
        text = "who,year,v\nSumma AB,2022,100.5\nSumma AB,2023,250.5\nSumma AB,Total Summa AB,351\nZeta,2022,40.5\nZeta,2023,70.5\nZeta,Total Zeta,111\n"
        self.add_text(text)
        self.assertEqual(
            [row[:3] for row in self.rows() if row[3] == "true"],
            [["Summa AB", None, "351.000000"], ["Zeta", None, "111.000000"]],
        )
        # Where such rows are data, their label stays; so it does where the column is none of times without it.
        self.add_text(f"date,v\n{days}Total,61\n", "--totals", "keep")
        self.assertEqual(self.rows()[-1], ["Total", "61.000000"])
        self.add_text(f"date,v\n{days}Total,61\nAverage,20\n")
        self.assertEqual([row[0] for row in self.rows()][-2:], ["Total", "Average"])
        # A row that is no sum stays, and is told of.
        added = self.add_text(f"date,v\n{days}Total,77\n")
        self.assertEqual(added["schema"]["total_rows"], 0)
        self.assertIn("doubtful_total_rows", self.warnings(added))

    def test_two_years_in_a_row_are_a_year_and_no_month(self):
        for cells in (
            ("2009/10", "2010/11", "2011/12"),
            ("2009-10", "2010-11", "2011-12"),
            ("2009/2010", "2010/2011", "2011/2012"),
            ("2009/10", "2010/11", "2011/12", "2018/19"),
        ):
            added = self.add_text("c,fy,v\n" + "".join(f"a{i},{cell},{i + 1}\n" for i, cell in enumerate(cells)))
            self.assertEqual(self.column(added, "fy")["time_part"], "year", cells)
            self.assertEqual(added["schema"]["time_candidates"], [{"columns": ["fy"], "grain": "year"}])
            self.assertEqual([row[1] for row in self.rows()][:3], ["2009", "2010", "2011"])
            self.assertIn("fiscal_years", self.warnings(added))
            self.assertEqual(self.coercions("fy"), {"fiscal_to_year": len(cells)})
        added = self.add_text("c,when,v\na,2009-10,5\nb,2009-11,6\nc,2010-11,7\n")  # one is no such pair: months
        self.assertEqual(added["schema"]["period_grain"], "month")
        added = self.add_text("c,month,v\na,2009-10,5\nb,2010-11,6\n")  # the name says so
        self.assertEqual(added["schema"]["period_grain"], "month")
        added = self.add_text("c,2009/10,2010/11\na,5,6\nb,1,2\n", "--unpivot")
        self.assertEqual(self.rows(), [["a", "2009", "5"], ["a", "2010", "6"], ["b", "2009", "1"], ["b", "2010", "2"]])
        added = self.add_text("c,2009-09,2009-10,2009-11\na,5,6,7\n", "--unpivot")
        self.assertEqual([row[1] for row in self.rows()], ["2009-09-01", "2009-10-01", "2009-11-01"])

    def test_years_with_letters_before_them_or_a_zero_behind(self):
        for cells in (
            ("FY2022", "FY2023"),
            ("FY22", "FY23"),
            ("fy 2022", "FY23"),
            ("2022.0", "2023.0"),
            ("2022", "2023.0"),
            ("FY2022", "2023"),
        ):
            added = self.add_text("c,year,v\n" + "".join(f"a{i},{cell},{i + 1}\n" for i, cell in enumerate(cells)) + "b,,3\n")
            self.assertEqual([row[1] for row in self.rows()], ["2022", "2023", None], cells)
            self.assertEqual(added["schema"]["period_grain"], "year", cells)
        added = self.add_text("c,ratio,v\na,2022.0,1\nb,2023.0,2\n")
        self.assertEqual(self.types(added)["ratio"], "decimal")

    def test_months_and_years_have_names_in_many_languages(self):
        for header, cells, grain in (
            ("Mês", ("janeiro 2023", "março 2023", "setembro 2023"), "month"),
            ("Mese", ("gen 2023", "mar 2023", "set 2023"), "month"),
            ("Месяц", ("январь 2023", "Март 2023 г.", "СЕНТЯБРЬ 2023"), "month"),
            ("月份", ("2023年1月", "2023年03月", "2023年9月"), "month"),
            ("日期", ("2023年1月5日", "2023年03月07日", "2023年9月30日"), "month"),
            ("Ay", ("OCAK 2023", "Mart 2023", "EYLÜL 2023"), "month"),
            ("Ay", ("OCAK 2023", "MART 2023", "EYLÜL 2023", "NİSAN 2023", "MAYIS 2023", "KASIM 2023"), "month"),
            ("MĚSÍC", ("leden 2023", "březen 2023", "září 2023"), "month"),
            ("ΕΤΟΣ", ("2023", "2024", "2024"), "year"),
            ("Data", ("5 stycznia 2023", "7 marca 2023", "30 września 2023"), "month"),
            ("Fecha", ("5 de enero de 2023", "7 de marzo de 2023", "30 de septiembre de 2023"), "month"),
            ("Monat", ("01.2023", "03.2023", "09.2023"), "month"),
            ("Periode", ("001.2023", "003.2023", "009.2023"), "month"),
            ("Quartal", ("1. Quartal 2023", "1. Quartal 2023", "3. Quartal 2023"), "quarter"),
            ("Trimestre", ("T1 2023", "T1 2023", "T3 2023"), "quarter"),
            ("Période", ("1T 2023", "4T 2022", "3T 2023"), "quarter"),
            ("Quarter", ("Q1 FY2023", "Q1 FY2023", "Q3 FY2023"), "quarter"),
            ("Date", ("1er janvier 2023", "2 mars 2023", "30 septembre 2023"), "month"),
            ("Datum", ("Sonntag, 1. Januar 2023", "Mittwoch, 1. März 2023", "Samstag, 30. September 2023"), "month"),
            ("Datum", ("31. 1. 2023", "1. 3. 2023", "30. 9. 2023"), "month"),
            ("Dátum", ("2023. 01. 31.", "2023. 03. 01.", "2023. 09. 30."), "month"),
            ("日付", ("令和5年1月31日", "令和5年3月1日", "令和5年9月30日"), "month"),
            ("年", ("令和5年", "令和5年", "令和元年"), "year"),
            ("År", ("2023", "2024", "2024"), "year"),
            ("Év", ("2023", "2024", "2024"), "year"),
            ("Год", ("2023", "2024", "2024"), "year"),
            ("Rok", ("2023", "2024", "2024"), "year"),
            ("年度", ("2023年度", "2024年度", "2024年度"), "year"),
        ):
            added = self.add_text(f"c;{header};v\n" + "".join(f"a;{cell};7\n" for cell in cells))
            self.assertEqual(added["schema"]["period_grain"], grain, header)
            self.assertEqual(self.warnings(added), set(), header)
            if grain == "month":
                self.assertEqual([row[1][:7] for row in self.rows()][:3], ["2023-01", "2023-03", "2023-09"], header)
        # Without a fourth, T may be a third of a year; other names of columns than that of a year are other things.
        added = self.add_text("c;period;v\n" + "".join(f"a;T{i} 2023;7\n" for i in (1, 2, 3)))
        self.assertEqual((self.types(added)["period"], self.warnings(added)), ("text", {"unread_times"}))
        added = self.add_text("c;ev_sales;ar\na;2023;17\nb;2024;2000\n")
        self.assertEqual([self.column(added, name)["role"] for name in ("ev_sales", "ar")], ["value", "value"])
        # Amounts with four decimals are none, whatever month they could be; the type date reads them.
        text = "c;rate;v\na;1.2023;7\nb;10.2023;8\n"
        self.assertEqual(self.types(self.add_text(text))["rate"], "decimal")
        self.add_text(text, "--type", "rate=date")
        self.assertEqual([row[1] for row in self.rows()], ["2023-01-01", "2023-10-01"])

    def test_all_months_of_a_header_are_known_or_none(self):
        # A month that is missing among the others would be missing in the year.
        for months in (
            "Jan Feb Mrt Apr Mei Jun Jul Aug Sep Okt Nov Dec",
            "jan fev mar abr mai jun jul ago set out nov dez",
            "gen feb mar apr mag giu lug ago set ott nov dic",
            "Jan Feb Mar Apr Maj Jun Jul Aug Sep Okt Nov Dec",
            "STY LUT MAR KWI MAJ CZE LIP SIE WRZ PAŹ LIS GRU",
            "янв фев мар апр май июн июл авг сен окт ноя дек",
            "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
            "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
        ):
            header = ",".join(months.split())
            added = self.add_text(f"c,{header}\na,1,2,3,4,5,6,7,8,9,10,11,12\n", "--unpivot")
            self.assertEqual(self.rows(), [["a", str(m), str(m)] for m in range(1, 13)], months)
            self.assertEqual([c["name"] for c in added["schema"]["columns"]], ["c", "month", "value"], months)
        self.add_text("客户,2021年,2022年\n甲,5,6\n乙,7,8\n", "--unpivot")
        self.assertEqual([row[1:] for row in self.rows()], [["2021", "5"], ["2022", "6"], ["2021", "7"], ["2022", "8"]])

    def test_the_lineage_says_the_date_order_in_words(self):
        for words, said in (((), "auto"), (("--date-order", "auto"), "auto"), (("--date-order", "mdy"), "mdy")):
            self.add_text("c,d,v\na,03/04/2024,1\n", *words)
            steps = [step for step in self.steps() if "options" in step]
            self.assertEqual(steps[-1]["options"]["date_order"], said)

    def test_open_dates_with_dots_have_the_day_first(self):
        for cells, days in (
            (("03.04.2024", "5.4.2024", "04.04.2024"), ("2024-04-03", "2024-04-05", "2024-04-04")),
            (("05.01.2024", "07.01.2024"), ("2024-01-05", "2024-01-07")),  # all the first of a month, the other way round
            (("05.01.24", "07.02.24 10:00"), ("2024-01-05", "2024-02-07")),
        ):
            text = "c,d,v\n" + "".join(f"a,{cell},1\n" for cell in cells)
            added = self.add_text(text)
            self.assertEqual(tuple(row[1] for row in self.rows()), days)
            self.assertIn("assumed_date_order", self.warnings(added))
            added = self.add_text(text, "--date-order", "mdy")
            self.assertNotEqual(tuple(row[1] for row in self.rows()), days)
            self.assertNotIn("assumed_date_order", self.warnings(added))
        for cells in (("03/04/2024", "05/06/2024"), ("03.04.2024", "05/06/2024"), ("3/4/2024 10:00:00.5", "05/06/2024")):
            added = self.add_text("c,d,v\n" + "".join(f"a,{cell},1\n" for cell in cells))
            self.assertEqual(self.types(added)["d"], "text", cells)

    def test_dates_that_may_begin_with_a_year_of_two_digits(self):
        for cells in (
            ("24-01-13", "24-03-02", "23-01-05"),
            ("24/01/13", "23/11/05"),
            ("22-10-01", "23-03-01", "25-02-01"),  # months by their first days
            ("19-01-31", "22-02-28", "25-12-31"),  # or by their last
        ):
            text = "c,d,v\n" + "".join(f"a,{cell},1\n" for cell in cells)
            added = self.add_text(text)
            self.assertEqual(self.types(added)["d"], "text", cells)
            self.assertIn("open_date_order", self.warnings(added))
            self.assertEqual(self.types(self.add_text(text, "--date-order", "dmy"))["d"], "date")
        for cells in (("25/01/24", "13/02/24", "31/03/23"), ("24.01.13", "23.11.05"), ("24/01/13", "05/11/23")):
            added = self.add_text("c,d,v\n" + "".join(f"a,{cell},1\n" for cell in cells))
            self.assertEqual(self.column(added, "d")["representation"]["format"], "dd/mm/yyyy", cells)

    def add_column(self, header, cells, *words):
        return self.add_text(f"c,{header},v\n" + "".join(f"a,{cell},{i + 1}\n" for i, cell in enumerate(cells)), *words)

    def test_months_in_six_digits_are_dates_where_the_header_speaks_of_them(self):
        for header in ("month", "Period", "date", "YYYYMM", "ym", "Year-Month", "Buchungsperiode"):
            added = self.add_column(header, ("202311", "202402", ""))
            name = added["schema"]["columns"][1]["name"]
            self.assertEqual([row[1] for row in self.rows()], ["2023-11-01", "2024-02-01", None], header)
            self.assertEqual(added["schema"]["time_candidates"], [{"columns": [name], "grain": "month"}])
            dashed = self.add_column(header, ("2023-11", "2024-02", ""))
            for key in ("type", "role", "representation", "time_part", "grain", "storage"):
                self.assertEqual(self.column(added, name)[key], self.column(dashed, name)[key])
        self.add_column("period", ("202311", "202402", "202311"))
        self.assertEqual(self.coercions("period"), {"period_to_first_day": 3})
        answer = self.json("analyze", "table", "-g", "c", "-v", "v")
        self.assertEqual([period["period"] for period in answer["result"]["by_period"]], ["2023-M11", "2024-M02"])
        self.add_column("period", ("202311.0", "", "202402.0"))  # of programs that know no blank integers
        self.assertEqual([row[1] for row in self.rows()], ["2023-11-01", None, "2024-02-01"])

    def test_six_digits_that_are_not_all_months_stay_numbers(self):
        for cells in (
            ("202311", "202313"),
            ("202311", "202400"),
            ("202311", "189912"),
            ("202311", "210101"),
            ("-202311", "202312"),
        ):
            added = self.add_column("month", cells)
            self.assertEqual(self.types(added)["month"], "integer", cells)
            self.assertNotIn("possible_months", self.warnings(added), cells)
        # Months to an analyst, days to another, or quarters or weeks.
        for header, cells in (
            ("date", ("200101", "200201", "201201")),  # of the year 2020, or Januaries
            ("period", ("202301", "202304", "202401", "202402")),
            ("week", ("202301", "202312")),
            ("quarter", ("202301", "202307")),
            ("sales_last_month", ("202301", "202312")),
        ):
            self.assertEqual(self.types(self.add_column(header, cells))[header], "integer", header)

    def test_quarters_in_six_digits_are_dates_where_the_header_speaks_of_them(self):
        for header, words in (("quarter", ()), ("Fiscal Qtr", ()), ("quarter", ("--type", "quarter=date"))):
            added = self.add_column(header, ("202301", "202304", "", "202402"), *words)
            name = added["schema"]["columns"][1]["name"]
            days = [row[1] for row in self.rows()]
            self.assertEqual(days, ["2023-01-01", "2023-10-01", None, "2024-04-01"], header)
            self.assertEqual(added["schema"]["time_candidates"], [{"columns": [name], "grain": "quarter"}])
        answer = self.json("analyze", "table", "-g", "c", "-v", "v")
        self.assertEqual([p["period"] for p in answer["result"]["by_period"]], ["2023-Q1", "2023-Q4", "2024-Q2"])
        # Weeks are no months, whatever is asked for.
        self.add_column("week", ("202301", "202312"), "--type", "week=date")
        self.assertEqual([row[1] for row in self.rows()], [None, None])

    def test_numbers_that_could_be_months_say_so_and_are_read_when_asked_for(self):
        added = self.add_column("booked", ("202311", "202402", "202311"))
        self.assertEqual(self.types(added)["booked"], "integer")
        warning = next(w for w in added["schema"]["warnings"] if w["code"] == "possible_months")
        self.assertEqual(warning["column"], "booked")
        self.assertIn("--type booked=date", warning["text"])
        said = next(
            w for w in self.json("analyze", "table", "-g", "c", "-v", "v")["warnings"] if w["code"] == "possible_months"
        )
        self.assertIn("--type booked=date", said["text"])
        added = self.add_column("booked", ("202311", "202402", "202311"), "--type", "booked=date")
        self.assertEqual([row[1] for row in self.rows()], ["2023-11-01", "2024-02-01", "2023-11-01"])
        self.assertEqual(added["schema"]["period_grain"], "month")
        self.assertEqual(self.warnings(added), set())
        self.add_column("booked", ("202311", "202313", "2024-01"), "--type", "booked=date")
        self.assertEqual([row[1] for row in self.rows()], ["2023-11-01", None, "2024-01-01"])
        # With another time the answer has periods, and nothing to say.
        self.add_text("c,booked,day,v\na,202311,2024-01-01,5\nb,202402,2024-01-02,6\n")
        self.assertNotIn("possible_months", str(self.json("analyze", "table", "-g", "c", "-v", "v")["warnings"]))
        # Days in eight digits likewise.
        added = self.add_column("booked", ("20231101", "20240229"))
        self.assertIn("possible_dates", self.warnings(added))
        self.assertNotIn("possible_dates", self.warnings(self.add_column("booked", ("20231101", "20240230"))))

    def test_quarters_in_five_digits_are_dates_where_the_header_speaks_of_them(self):
        cells = ("20231", "20234", "", "20242")
        for header, words in (("quarter", ()), ("YYYYQ", ()), ("Fiscal Qtr", ()), ("quarter", ("--type", "quarter=date"))):
            added = self.add_column(header, cells, *words)
            name = added["schema"]["columns"][1]["name"]
            days = [row[1] for row in self.rows()]
            self.assertEqual(days, ["2023-01-01", "2023-10-01", None, "2024-04-01"], header)
            self.assertEqual(added["schema"]["time_candidates"], [{"columns": [name], "grain": "quarter"}])
        self.add_column("quarter", ("20231.0", "", "20242.0"))
        self.assertEqual([row[1] for row in self.rows()], ["2023-01-01", None, "2024-04-01"])
        added = self.add_column("period", cells)
        warning = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "possible_dates")
        self.assertIn("--type period=date", warning)
        self.add_column("period", cells, "--type", "period=date")
        self.assertEqual([row[1] for row in self.rows()], ["2023-01-01", "2023-10-01", None, "2024-04-01"])
        for header, cells in (("quarter", ("20231", "20235")), ("units_per_quarter", ("20231", "20232"))):
            self.assertEqual(self.types(self.add_column(header, cells))[header], "integer", header)

    def test_days_as_spreadsheets_count_them_are_told_in_a_text_and_read_when_asked_for(self):
        added = self.add_column("date", ("44927", "45322", ""))
        self.assertEqual(self.types(added)["date"], "integer")
        warning = next(w["text"] for w in added["schema"]["warnings"] if w["code"] == "possible_dates")
        self.assertIn("44927 as 2023-01-01", warning)
        self.assertIn("--type date=date", warning)
        self.assertIn("possible_dates", str(self.json("analyze", "table", "-g", "c", "-v", "v")["warnings"]))
        self.add_column("date", ("44927", "45322", ""), "--type", "date=date")
        self.assertEqual([row[1] for row in self.rows()], ["2023-01-01", "2024-01-31", None])
        # Beside other dates a number is none: nothing says where it counts from.
        self.add_column("date", ("44927", "2024-01-31"), "--type", "date=date")
        self.assertEqual([row[1] for row in self.rows()], [None, "2024-01-31"])

    def test_a_column_called_like_a_time_that_is_none_is_told(self):
        for header, cells, example in (
            ("week", ("2023-W05", "2023-W06"), "2023-W05"),
            ("period", ("2023-W05", "2023-W06"), "2023-W05"),
            ("period", ("2023-III", "2023-IV"), "2023-III"),
            ("Order Date", ("44927.5", "44928.25"), "44927.5"),
            ("period", ("1", "12"), "1"),
            ("month", ("2023-1", "2023-12"), "2023-1"),
            ("timestamp", ("1704067200", "1704153600"), "1704067200"),
            ("date", ("010223", "310124"), "010223"),
        ):
            added = self.add_column(header, cells)
            warning = next((w for w in added["schema"]["warnings"] if w["code"] == "unread_times"), {})
            self.assertIn(f"'{example}' in line 2", warning.get("text", ""), header)
            answer = self.json("analyze", "table", "-g", "c", "-v", "v")
            self.assertIn("unread_times", [w["code"] for w in answer["warnings"]], header)
        for header, cells in (
            ("date", ("2023-01-05", "2023-02-06")),
            ("year", ("2023", "2024")),
            ("sales_last_year", ("a", "b")),
            ("revenue_of_the_quarter", ("1.5", "2.5")),
            ("region", ("2023-W05", "2023-W06")),
        ):
            self.assertNotIn("unread_times", self.warnings(self.add_column(header, cells)), header)
        # What has been said in other words, and what was asked for, is not said again.
        self.assertEqual(self.warnings(self.add_column("date", ("03/04/2024", "05/06/2024"))), {"open_date_order"})
        self.assertEqual(self.warnings(self.add_column("week", ("2023-W05", ""), "--type", "week=text")), set())

    def test_months_and_quarters_without_a_year_are_told(self):
        for header, cells in (("month", ("1", "12")), ("month", ("Jan", "Feb")), ("quarter", ("Q1", "Q2"))):
            added = self.add_column(header, cells)
            self.assertIn("unread_times", self.warnings(added), cells)
        added = self.add_text("c,year,month,v\na,2023,1,5\n")
        self.assertNotIn("unread_times", self.warnings(added))

    def test_an_answer_without_periods_says_why_dates_were_not_read(self):
        for cells, code in (
            (("03/04/2024", "05/06/2024"), "open_date_order"),
            (("31/01/2024", "01/31/2024"), "contradicting_dates"),
            (("2024-01-31", "2024-02"), "mixed_periods"),
            (("2024-01-31", "2024-02-01", "TBD"), "mostly_dates"),
        ):
            self.add_column("date", cells)
            answer = self.json("analyze", "table", "-g", "c", "-v", "v")
            self.assertEqual([w["code"] for w in answer["warnings"]], [code])
        # Asked for nevertheless, the answer has periods, some of them perhaps wrong.
        self.add_column("date", ("31/01/2024", "01/30/2024", "28/02/2024"), "--type", "date=date")
        answer = self.json("analyze", "table", "-g", "c", "-v", "v")
        self.assertIn("contradicting_dates", [w["code"] for w in answer["warnings"]])

    def test_a_blank_more_does_not_change_which_date_the_periods_come_from(self):
        rows = [["a", "2024-01-30", "2024-02-02", "5"], ["b", "", "2024-02-03", "6"]] + [
            ["c", "2024-01-05", "2024-02-07", "1"]
        ] * 9
        text = "c,order_date,ship_date,v\n" + "".join(",".join(row) + "\n" for row in rows)
        self.assertEqual(self.times(self.add_text(text)), [["order_date"], ["ship_date"]])
        answer = self.json("analyze", "table", "-g", "c", "-v", "v")
        self.assertEqual([period["period"] for period in answer["result"]["by_period"]], ["2024-M01"])
        warning = next(w for w in answer["warnings"] if w["code"] == "several_times")
        self.assertIn("'order_date'; 'ship_date' says when as well", warning["text"])
        self.assertNotIn(
            "several_times", str(self.json("analyze", "table", "-g", "c", "-v", "v", "--grain", "none")["warnings"])
        )
        self.assertEqual(self.times(self.add_text(text + "d,,2024-03-01,1\n" * 3)), [["ship_date"], ["order_date"]])

    def test_a_year_and_a_month_belong_together_by_their_names(self):
        added = self.add_text("c,birth_year,order_year,order_month,v\na,1980,2024,1,5\nb,1990,2024,2,6\n")
        self.assertEqual(self.times(added), [["order_year", "order_month"], ["order_year"]])
        added = self.add_text("c,order_year,order_month,ship_year,ship_month,v\na,2023,,2024,1,5\nb,2023,12,2024,1,6\n")
        self.assertEqual(self.times(added), [["order_year", "order_month"], ["order_year"]])
        added = self.add_text("c,birth_month,year,month,v\na,1,2024,2,5\n")
        self.assertEqual(self.times(added), [["year", "month"], ["year"]])
        added = self.add_text("c,birth_year,order_month,v\na,1980,1,5\n")
        self.assertEqual(self.times(added), [["birth_year"]])
        added = self.add_text("c,fiscal_year,month,v\na,2024,1,5\n")
        self.assertEqual(self.times(added), [["fiscal_year", "month"], ["fiscal_year"]])

    def test_amounts_of_a_year_are_no_years(self):
        added = self.add_text("c,sales_last_year,v\na,1200,5\nb,2500,6\nc,1800,1\n")
        self.assertEqual(self.times(added), [])
        added = self.add_text("c,year,orders_per_month,v\na,2024,3,5\nb,2024,12,6\n")
        self.assertEqual(self.times(added), [["year"]])

    def test_the_order_of_day_and_month_is_decided_from_the_whole_column(self):
        body = "".join(f"x,0{i % 9 + 1}/05/2024\n" for i in range(100))
        added = self.add_text("n,date\n" + body + "x,31/05/2024\n")
        self.assertEqual(self.column(added, "date")["representation"]["format"], "dd/mm/yyyy")
        self.assertEqual(self.rows()[0][1], "2024-05-01")
        added = self.add_text("n,date\n" + body + "x,05/31/2024\n")
        self.assertEqual(self.rows()[1][1], "2024-02-05")
        added = self.add_text("n,date\n" + body + "x,05/31/2024\nx,31/05/2024\n")
        self.assertEqual(self.types(added)["date"], "text")
        self.assertIn("contradicting_dates", self.warnings(added))
        added = self.add_text("n,date\nx,03/04/2024\nx,05/06/2024\n")
        self.assertEqual(self.types(added)["date"], "text")
        self.assertIn("open_date_order", self.warnings(added))
        added = self.add_text("n,date\nx,03/04/2024\nx,05/06/2024\n", "--date-order", "dmy")
        self.assertEqual([row[1] for row in self.rows()], ["2024-04-03", "2024-06-05"])

    def test_years_months_and_quarters_stay_such_if_they_are_asked_to_be_integers(self):
        for name, cells, values, part in (
            ("year", ["2023", "2024"], ["2023", "2024"], "year"),
            ("month", ["1", "12"], ["1", "12"], "month"),
            ("month", ["Jan", "Feb"], ["1", "2"], "month"),
            ("quarter", ["Q1", "Q2"], ["1", "2"], "quarter"),
            ("fy", ["FY2023", "FY2024"], ["2023", "2024"], "year"),
        ):
            text = f"{name},c,v\n" + "".join(f"{cell},A,1.5\n" for cell in cells)
            added = self.add_text(text, "--type", f"{name}=integer")
            self.assertEqual([row[0] for row in self.rows()], values, name)
            self.assertEqual(self.column(added, name)["time_part"], part, cells)
            self.assertEqual(self.warnings(added), set(), cells)
            self.assertNotIn("time_part", self.column(self.add_text(text, "--type", f"{name}=text"), name))

    def test_months_of_two_digits_are_months_and_other_leading_zeros_are_codes(self):
        for name, cells, wanted in (
            ("month", ["01", "12", "02", "01"], "integer"),
            ("quarter", ["01", "04"], "integer"),
            ("month", ["01", "13"], "text"),
            ("month", ["001", "012"], "text"),
            ("code", ["01", "12"], "text"),
        ):
            added = self.add_text(f"year,{name},v\n" + "".join(f"2023,{cell},1\n" for cell in cells))
            self.assertEqual(self.types(added)[name], wanted, cells)
            grain = {"month": "month", "quarter": "quarter"}.get(name, "year") if wanted == "integer" else "year"
            self.assertEqual(added["schema"]["period_grain"], grain, cells)

    def test_dates_may_begin_with_a_weekday(self):
        self.add_text('n,day\na,"Sun, 14 Jun 2009"\nb,"Thursday, April 15, 2004"\nc,"Mon, 15 Jun 2009 00:00:00 +0000"\n')
        self.assertEqual([row[1] for row in self.rows()], ["2009-06-14", "2004-04-15", "2009-06-15"])

    def test_year_and_month_and_quarter_columns_are_times(self):
        added = self.add_text("customer,year,month,v\nA,2024,Jan,1\nB,2023,Dec,2\n")
        self.assertEqual(
            added["schema"]["time_candidates"],
            [{"columns": ["year", "month"], "grain": "month"}, {"columns": ["year"], "grain": "year"}],
        )
        self.assertEqual([row[2] for row in self.rows()], ["1", "12"])
        added = self.add_text("customer,year,qtr,v\nA,2024,Q1,1\nB,2023,Q4,2\n")
        self.assertEqual(added["schema"]["period_grain"], "quarter")

    def test_quarters_may_stand_before_their_year(self):
        added = self.add_text("n,when,v\na,1Q2024,1\nb,4Q24,2\n")
        self.assertEqual(added["schema"]["period_grain"], "quarter")
        self.assertEqual([row[1] for row in self.rows()], ["2024-01-01", "2024-10-01"])

    def test_years_of_accounts_are_known_by_one_word(self):
        for header in ("Haushaltsjahr", "Berichtsjahr", "Geschäftsjahr", "Ejercicio", "Exercício", "Exercice", "Boekjaar"):
            added = self.add_text(f"stelle;{header};betrag\nA;2022;5\nB;2023;6\nA;2023;7\n")
            self.assertEqual(added["schema"]["period_grain"], "year", header)
            answer = self.json("analyze", "table", "-g", "stelle", "-v", "betrag")
            self.assertEqual([p["total"] for p in answer["result"]["by_period"]], [5, 13], header)
        for header, cells in (("Vorjahr", ("2022", "2023")), ("Exercice", ("12", "2023")), ("Halbjahr", ("1", "2"))):
            added = self.add_text(f"stelle;{header};betrag\n" + "".join(f"A;{cell};5\n" for cell in cells))
            self.assertEqual(self.times(added), [], header)

    def test_days_of_other_years_than_those_of_a_year_column_come_last(self):
        # Products 01.01.2001 of a budget, which a spreadsheet has made days of.
        rows = "A;16.01.2001;5;2018\nB;16.01.2002;6;2018\nC;10.02.2003;7;2019\n"
        added = self.add_text("stelle;Produkt;betrag;Jahr\n" + rows)
        self.assertEqual(self.times(added), [["jahr"], ["produkt"]])
        self.assertEqual(added["schema"]["period_grain"], "year")
        # What is booked a year later, or was ordered a year before, is the finer time.
        rows = "A;16.01.2019;5;2018\nB;16.02.2019;6;2018\n"
        self.assertEqual(self.times(self.add_text("stelle;Gebucht;betrag;Jahr\n" + rows)), [["gebucht"], ["jahr"]])

    def test_numbers_of_products_with_points_are_no_days(self):
        rows = "01.01.01;5\n01.01.07;6\n16.02.01;7\n"
        for header in ("Produktnummer", "Konto-Nr", "Section", "Produkt"):
            added = self.add_text(f"{header};betrag\n{rows}")
            self.assertEqual((list(self.types(added).values())[0], self.warnings(added)), ("text", set()), header)
        for header in ("Datum", "Valuta", "Buchungstag", "Datum Beleg-Nr", "Date code", "Fecha cuenta"):
            self.assertEqual(list(self.types(self.add_text(f"{header};betrag\n{rows}")).values())[0], "date", header)

    def test_where_numbers_have_a_decimal_comma_the_day_stands_first(self):
        added = self.add_text("fecha;importe\n08/10/2026;7,50\n09/11/2026;1.250,00\n")
        self.assertEqual([row[0] for row in self.rows()], ["2026-10-08", "2026-11-09"])
        self.assertIn("decimal comma", str(added["schema"]["warnings"]))
        # The first days of three months to those who write the month first, and three days to others.
        added = self.add_text("fecha;importe\n01/01/2026;7,50\n02/01/2026;8,25\n03/01/2026;9,00\n")
        self.assertEqual((self.types(added)["fecha"], self.warnings(added)), ("text", {"open_date_order"}))
        self.add_text("fecha;importe\n01/01/2026;7.50\n02/01/2026;8.25\n03/01/2026;9.00\n")
        self.assertEqual([row[0] for row in self.rows()], ["2026-01-01", "2026-02-01", "2026-03-01"])
        self.add_text("fecha;importe\n01/01/2026;7,50\n01/02/2026;8,25\n01/03/2026;9,00\n")
        self.assertEqual([row[0] for row in self.rows()], ["2026-01-01", "2026-02-01", "2026-03-01"])

    def test_a_decimal_comma_says_nothing_where_other_dates_have_the_month_first(self):
        added = self.add_text("billed;paid;v\n01/02/2026;01/31/2026;7,50\n03/04/2026;02/28/2026;8,25\n")
        self.assertEqual((self.types(added)["billed"], self.warnings(added)), ("text", {"open_date_order"}))

    def test_a_word_may_stand_before_the_time_of_day(self):
        for cell in ("15/01/2024 à 09:30", "15.01.2024 um 09:30 Uhr", "15/01/2024 às 09:30", "2024-01-15 at 9:30 AM"):
            added = self.add_text(f"c;date;v\na;{cell};7\n")
            self.assertEqual(self.rows(), [["a", "2024-01-15", "7"]], cell)
            self.assertEqual(self.warnings(added), {"times_left_out"}, cell)

    def test_amounts_that_have_come_together_are_not_called_like_a_time(self):
        added = self.add_text("account,Credit - Year to date,Month to date\na,84969.61,5\nb,12.50,6\n")
        self.assertEqual(self.warnings(added), set())
        added = self.add_text("fund,holding_period,Notice period\na,365,30\nb,12,7\n")
        self.assertEqual(self.warnings(added), set())
        self.assertEqual(self.warnings(self.add_text("fund,trial date\na,soon\nb,later\n")), {"unread_times"})
        added = self.add_text("stelle;Ansatz laufendes Jahr\na;29.026.000\nb;1.669.310\n")
        self.assertEqual(self.warnings(added), set())

    def test_of_two_columns_of_years_an_answer_says_which_it_is_by(self):
        self.add_text("c,year,fiscal year,v\na,2023,2024,1\nb,2024,2024,2\n")
        answer = self.json("analyze", "table", "-g", "c", "-v", "v")
        self.assertEqual([period["period"] for period in answer["result"]["by_period"]], ["2023", "2024"])
        (warning,) = answer["warnings"]
        self.assertEqual(warning["code"], "several_times")
        self.assertIn("those of 'year'; 'fiscal_year' says when as well", warning["text"])


if __name__ == "__main__":
    unittest.main()
