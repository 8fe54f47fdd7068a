#include "dataset/csv/record_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include <neve/base/error.hpp>

#include "dataset/csv/piece_input.hpp"

namespace neve::dataset {
namespace {

using Fields = std::vector<std::string>;

std::vector<Fields> read_all(std::string_view text, Dialect dialect = {}, std::size_t piece = 1 << 20) {
  PieceInput input(text, piece);
  RecordReader reader(input, dialect);
  std::vector<Fields> records;
  Record record;
  while (reader.next(record)) records.emplace_back(record.fields.begin(), record.fields.end());
  return records;
}

TEST(RecordReader, SplitsFieldsAndLines) {
  EXPECT_EQ(read_all("a,b\r\n1,2\n\n3,\n,4"), (std::vector<Fields>{{"a", "b"}, {"1", "2"}, {"3", ""}, {"", "4"}}));
}

TEST(RecordReader, ReadsQuotesDoubledQuotesAndLineEndsInside) {
  EXPECT_EQ(read_all("\"a,b\",\"c\"\"d\"\n\"e\nf\", \"g\" \n"), (std::vector<Fields>{{"a,b", "c\"d"}, {"e\nf", "g"}}));
}

TEST(RecordReader, TakesAStrayQuoteForWhatItIs) {
  EXPECT_EQ(read_all("\"6\" pipe\",5\nx \"y\",2\n"), (std::vector<Fields>{{"6\" pipe", "5"}, {"x \"y\"", "2"}}));
}

TEST(RecordReader, AFieldGoesOnBehindAQuoteThatClosesEarly) {
  EXPECT_EQ(
      read_all("\"Big\" Bob,5\r\nX,6\n\"Tall\" Al \"Bo\",7\n\"Y\",8\n1,\"2\" x\r\n\"a\"b"),
      (std::vector<Fields>{{"Big Bob", "5"}, {"X", "6"}, {"Tall Al \"Bo\"", "7"}, {"Y", "8"}, {"1", "2 x"}, {"ab"}}));
  EXPECT_EQ(read_all("\"c\"\t,2\n"), (std::vector<Fields>{{"c", "2"}}));
  EXPECT_EQ(read_all("\"a\"\"b\" c,\"d\"\n"), (std::vector<Fields>{{"a\"b c", "d"}}));
}

/// The lines that a quote made unreadable.
std::vector<std::uint64_t> unclosed_lines(std::string_view text) {
  PieceInput input(text, 1000);
  RecordReader reader(input, Dialect{});
  std::vector<std::uint64_t> lines;
  Record record;
  std::uint64_t expected = 1;
  while (reader.next(record)) {
    EXPECT_EQ(record.line, expected++);
    if (record.unclosed_quote) lines.push_back(record.line);
  }
  return lines;
}

TEST(RecordReader, AnUnclosedQuoteCostsOneLine) {
  EXPECT_THAT(unclosed_lines("a,b\n\"broken,1\nc,2\nd,3\n"), testing::ElementsAre(2));
  EXPECT_THAT(unclosed_lines("a,b\n\"broken,1\nc,2\n\"d\",3\n4,\"5\"\n"), testing::ElementsAre(2));
  EXPECT_THAT(unclosed_lines("\"broken,1\nc,\"\"\nd,\"3\"\n\"broken\n\"x,2\n\"y\",1\n"), testing::ElementsAre(1, 4, 5));
}

TEST(RecordReader, TellsOfRecordsWhoseLinesCouldBeRows) {
  PieceInput input("a,b\n\"Bob,5\nX 6\",7\n\"12 Main St\nRome, Italy\",5\n\"two\nlines\",1\n\"one, line\",1\n", 1000);
  RecordReader reader(input, Dialect{});
  std::vector<bool> doubtful;
  Record record;
  while (reader.next(record)) doubtful.push_back(record.lines_like_rows);
  EXPECT_THAT(doubtful, testing::ElementsAre(false, true, false, false, false));
}

TEST(RecordReader, ManyUnclosedQuotesAreReadInLinearTime) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "\"broken,1\nc,2\n";
  EXPECT_EQ(unclosed_lines(text).size(), 100'000U);
}

TEST(RecordReader, CountsLinesAcrossQuotedLineEndsAndEmptyLines) {
  PieceInput input("h\n\n\"a\nb\nc\"\nz\n", 3);
  RecordReader reader(input, Dialect{});
  std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
  Record record;
  while (reader.next(record)) places.emplace_back(record.line, record.number);
  EXPECT_THAT(places, testing::ElementsAre(std::pair(1, 1), std::pair(3, 3), std::pair(6, 4)));
  EXPECT_EQ(reader.empty_lines(), 1U);
}

TEST(RecordReader, GivesTheSameHoweverTheTextComes) {
  const std::string text =
      "id;\"na\"\"me\";x\r\n1;\"a;b\nc\";\"\"\n2;'q';\"6\" x\"\n\n\"Big\" Bob;\"a\";\"\"\r\n\"never;1;2\n\"a\";\"b\" c "
      "\";4\n3;ü€😀;long " +
      std::string(100, 'z') + "\r\n4;;\n";
  const Dialect dialect{';', '"', false, '\n'};
  const auto whole = read_all(text, dialect);
  EXPECT_EQ(whole.size(), 8U);
  for (std::size_t piece = 1; piece < 40; ++piece) EXPECT_EQ(read_all(text, dialect, piece), whole) << piece;
}

/// A doubled quote makes the reader look at every byte of a record, which it need not do for most.
TEST(RecordReader, ReadsPlainRecordsAsItReadsOthers) {
  constexpr std::string_view kAlphabet = "aaaaaaaaaaaa,,,,\"\"\"\"\\ \t";
  std::mt19937_64 random(3);
  for (int i = 0; i < 5000; ++i) {
    Dialect dialect;
    dialect.line_end = i % 3 == 0 ? '\r' : '\n';
    dialect.backslash_escapes = i % 5 == 0;
    std::string cells(random() % 90, ' ');
    for (char& c : cells) c = kAlphabet[random() % kAlphabet.size()];
    if (i % 2 == 0) cells = "\"" + cells + "\"";
    const std::string end = i % 3 == 0 ? "\r" : i % 3 == 1 ? "\n" : "\r\n";
    const std::string rest = ",b," + cells + end + "c,d" + end;
    std::vector<Fields> plain = read_all("a" + rest, dialect);
    std::vector<Fields> other = read_all("\"a\"\"\"" + rest, dialect);
    ASSERT_EQ(plain.size(), other.size()) << rest;
    other.front().front() = plain.front().front();
    EXPECT_EQ(plain, other) << rest;
  }
}

TEST(RecordReader, WhatIsAtHandLeavesWhatWasBorrowed) {
  std::string text;
  for (int i = 0; i < 500; ++i) {
    const std::string number = std::to_string(i);
    text += number + ",\"say \"\"" + number + "\"\"\",\"two\nlines\"\n";
  }
  for (const std::size_t piece : {7U, 100U, 1'000U, 100'000U}) {
    PieceInput input(text, piece);
    RecordReader reader(input, Dialect{});
    int row = 0;
    Record record;
    while (reader.next(record)) {
      std::vector<std::vector<std::string_view>> borrowed;
      do borrowed.emplace_back(record.fields.begin(), record.fields.end());
      while (reader.next(record, Reach::buffer));
      for (const auto& fields : borrowed) {
        const std::string number = std::to_string(row++);
        EXPECT_EQ(fields, (std::vector<std::string_view>{number, "say \"" + number + "\"", "two\nlines"}));
      }
    }
    EXPECT_EQ(row, 500) << piece;
  }
}

TEST(RecordReader, ReadsOtherQuotesEscapesAndOldLineEnds) {
  EXPECT_EQ(read_all("'a,b','c'\n", {',', '\'', false, '\n'}), (std::vector<Fields>{{"a,b", "c"}}));
  EXPECT_EQ(read_all("\"a\\\"b\",\"c\\\\\"\n", {',', '"', true, '\n'}), (std::vector<Fields>{{"a\"b", "c\\"}}));
  EXPECT_EQ(read_all("a,b\r1,2\r", {',', '"', false, '\r'}), (std::vector<Fields>{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(read_all("\"a,b\n", {',', '\0', false, '\n'}), (std::vector<Fields>{{"\"a", "b"}}));
}

/// Line of the first quote that seems to be escaped, though backslashes mean nothing.
std::uint64_t escaped_line(std::string_view text) {
  PieceInput input(text, 5);
  RecordReader reader(input, Dialect{});
  Record record;
  while (reader.next(record)) {
  }
  return reader.escaped_quote_line();
}

TEST(RecordReader, TellsOfQuotesThatSeemEscapedWhereOthersAreDoubled) {
  EXPECT_EQ(escaped_line("a,b\n\"x \"\"y\"\" z\",1\n\"two\nlines\",\"say \\\"hi\\\" twice\"\n"), 4U);
  EXPECT_EQ(escaped_line("a,b\n1,\"he said \\\"hi, you\\\"\"\n"), 2U);
  EXPECT_EQ(escaped_line("a,b\n\"inch \\\"\",1\n2,3\n4,\"x\"\n"), 2U);
  EXPECT_EQ(escaped_line("a,b\n\"C:\\dir\\\",1\n\"C:\\\\\" x,2\n\"6\" pipe\",3\n"), 0U);
}

TEST(RecordReader, ARecordWithoutEndIsTooLarge) {
  const std::string text(4 << 20, 'x');
  PieceInput input(text, text.size());
  RecordReader reader(input, Dialect{}, 1 << 20);
  Record record;
  EXPECT_THROW(static_cast<void>(reader.next(record)), Error);
}

}  // namespace
}  // namespace neve::dataset
