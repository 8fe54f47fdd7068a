#include <neve/base/text_table.hpp>

#include <gtest/gtest.h>

namespace neve {
namespace {

TEST(TextTable, AlignsColumnsByWhatIsSeen) {
  TextTable table({{"name"}, {"n", Align::right}});
  table.add({"é", "5"});
  table.add({"long", "1234"});
  EXPECT_EQ(table.text(), "name     n\né        5\nlong  1234\n");
}

TEST(TextTable, CutsLinesThatAreTooWide) {
  TextTable table({{"name"}, {"text"}});
  table.add({"a", "something long"});
  EXPECT_EQ(table.text(10), "name  text\na     som…\n");
}

TEST(Text, IsCutBetweenCharacters) {
  EXPECT_EQ(cut_to_width("ééé", 3), "ééé");
  EXPECT_EQ(cut_to_width("éééé", 3), "éé…");
  EXPECT_EQ(cut_to_width("abc", 0), "");
}

TEST(Text, CannotSteerTheTerminal) {
  EXPECT_EQ(printable("a\x1b[31mb\nc\x7f"), "a [31mb c ");
  EXPECT_EQ(printable("\xc2\x9b"
                      "1m é"),
            " 1m é");
}

}  // namespace
}  // namespace neve
