#include "dataset/parquet/parquet_writer.hpp"

#include <cerrno>
#include <vector>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <neve/base/error.hpp>

#include "dataset/parquet/duck_error.hpp"

namespace neve::dataset {
namespace {

/// One column of whole numbers.
class Numbers final : public ValueSource {
 public:
  explicit Numbers(std::size_t rows) : left_(rows) {}
  std::size_t next(std::size_t most) override {
    values_.assign(std::min(most, left_), CellValue{.blank = false, .number = 1, .text = {}});
    left_ -= values_.size();
    return values_.size();
  }
  std::span<const CellValue> column(std::size_t) override { return values_; }

 private:
  std::size_t left_;
  std::vector<CellValue> values_;
};

TEST(ParquetWriter, AFullDiskIsKnownByItsNumber) {
  Numbers numbers(10);
  const std::vector<ParquetColumn> columns{{.name = "n", .type = ColumnType::integer}};
  try {
    write_parquet("/dev/full", columns, numbers, {.group_rows = rows_of_group(1, 0), .stop = {}});
    FAIL() << "there was room";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::io) << error.what();
    EXPECT_EQ(error.error_number(), ENOSPC) << error.what();
  }
}

TEST(DuckIoError, HasTheNumberOfALackOfRoomOnly) {
  EXPECT_EQ(duck_io_error("it", "Could not write file \"a\": Disk quota exceeded").error_number(), EDQUOT);
  EXPECT_EQ(duck_io_error("it", "Could not write file \"a\": Input/output error").error_number(), 0);
  EXPECT_STREQ(duck_io_error("it", "is so").what(), "it: is so");
}

}  // namespace
}  // namespace neve::dataset
