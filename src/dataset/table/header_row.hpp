#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dataset/table/sample_records.hpp"

namespace neve::dataset {

/// Whether a record has words only, as headers do: no numbers and dates, but for names of periods (`2024`), among them
/// those of `are_year_months`, and amounts with a unit over numbers without (`TEUR 2024`, `500 Euro`).
[[nodiscard]] bool is_header(const std::vector<SampleRecord>& records, std::size_t index);

/// Whether months in six digits are no header, since the next record has such as well.
[[nodiscard]] bool is_row_of_months(const std::vector<SampleRecord>& records, std::size_t index);

/// Index of the first record wide enough to be the header: titles and notes before it fill few cells, and a comment
/// ("# exported, 2024") may have as many as the header that follows it.
[[nodiscard]] std::size_t first_wide(const std::vector<SampleRecord>& records, std::size_t width);

/// Whether the record before `first`, wider than the rows, is the header: of words, one over each of their cells, and
/// either nothing more than delimiters behind them, or names of cells that rows have only if they are filled. Titles
/// are told by what follows them, which is then the header.
[[nodiscard]] bool is_wide_header(const std::vector<SampleRecord>& records, std::size_t first, std::size_t width);

/// Whether the header goes on in the record behind `first`, in which there are names or units over numbers or dates:
/// below names over several columns, or below those of all columns where it has nothing else.
[[nodiscard]] bool is_header_of_two(const std::vector<SampleRecord>& records, std::size_t first, std::size_t width);

/// Whether the header at `first` goes on in the record before it, which was too empty to be one: names over several
/// columns that tell apart those of the same name, or the years of quarters and months.
[[nodiscard]] bool is_lower_header(const std::vector<SampleRecord>& records, std::size_t first, std::size_t width);

/// The names of the lower record; with what is above them those that stand there more than once and quarters and months
/// below a year; or those of the upper one where it has one over each column, with units in parentheses.
[[nodiscard]] std::vector<std::string> headers_of_two(const SampleRecord& upper, const SampleRecord& lower);

}  // namespace neve::dataset
