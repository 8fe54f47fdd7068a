#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/csv/dialect.hpp"

namespace neve::dataset {

/// A record of the text's beginning. A plain value.
struct SampleRecord {
  std::vector<std::string> fields;  ///< trimmed
  std::uint64_t number;             ///< which one it is, from 1, empty lines included

  /// How many of its fields are not empty.
  [[nodiscard]] std::size_t filled() const;
  /// Its fields without the empty ones at its end.
  [[nodiscard]] std::size_t filled_width() const;
};

/// What one dialect makes of the text's beginning. A plain value.
struct SampleRecords {
  std::vector<SampleRecord> records;
  std::uint64_t odd_quotes = 0;
};

/// At most 1000 records; shorter ones are filled up to `sheet_width` fields.
[[nodiscard]] SampleRecords split_sample(std::string_view text, const Dialect& dialect, std::size_t sheet_width = 0);

/// The most frequent number of fields, larger ones first among equals, and how many of the records have it.
struct TableWidth {
  std::size_t fields = 0;
  double share = 0;
};

[[nodiscard]] TableWidth width_of(const std::vector<SampleRecord>& records);

/// Rows that end in a delimiter more than their header have an empty field more: the table ends before it.
void drop_empty_end(std::vector<SampleRecord>& records);

}  // namespace neve::dataset
