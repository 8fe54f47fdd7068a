#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dataset/table/sample_records.hpp"

namespace neve::dataset {

/// Whether a record has words only, as headers do: no numbers and dates, but for names of periods (`2024`), among them
/// those of `are_year_months`.
[[nodiscard]] bool is_header(const SampleRecord& record);

/// Whether months in six digits are no header, since the next record has such as well.
[[nodiscard]] bool is_row_of_months(const std::vector<SampleRecord>& records, std::size_t index);

/// Index of the first record wide enough to be the header: titles and notes before it fill few cells, and a comment
/// ("# exported, 2024") may have as many as the header that follows it.
[[nodiscard]] std::size_t first_wide(const std::vector<SampleRecord>& records, std::size_t width);

/// Whether the record before `first`, wider than the rows, is the header: of words, one over each of their cells, and
/// either nothing more than delimiters behind them, or names of cells that rows have only if they are filled. Titles
/// are told by what follows them, which is then the header.
[[nodiscard]] bool is_wide_header(const std::vector<SampleRecord>& records, std::size_t first, std::size_t width);

/// Whether the header goes on in the record behind `first`: names over several columns leave cells empty behind them,
/// where the next record has a name over each column, and what follows has numbers or dates below some of these.
[[nodiscard]] bool is_header_of_two(const std::vector<SampleRecord>& records, std::size_t first, std::size_t width);

/// The names of the lower record; those that stand there more than once with what is above them.
[[nodiscard]] std::vector<std::string> headers_of_two(const SampleRecord& upper, const SampleRecord& lower);

}  // namespace neve::dataset
