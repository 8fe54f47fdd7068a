#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dataset/xlsx/archive.hpp"

namespace neve::dataset {

/// The texts that cells of a workbook name by number, in one piece of memory. Used by one thread while it is filled.
class SharedStrings {
 public:
  SharedStrings() = default;
  /// Reads them; formatting and phonetic guides are left out. Throws `corrupt`, and `too_large` beyond `most_bytes`.
  SharedStrings(XlsxArchive& archive, const std::string& part, std::uint64_t most_bytes);

  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  [[nodiscard]] std::string_view at(std::size_t index) const {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(text_).substr(begin, ends_[index] - begin);
  }

 private:
  friend class SharedStringsHandler;
  std::string text_;
  std::vector<std::size_t> ends_;
};

/// Replaces `_xHHHH_`, by which Office writes what XML cannot hold, by the character.
[[nodiscard]] std::string without_escapes(std::string_view text);

}  // namespace neve::dataset
