#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>

#include "dataset/csv/record_reader.hpp"

namespace neve::dataset {

/// For tests: hands a text out in pieces of a given size, so that every token is cut somewhere.
class PieceInput final : public TextInput {
 public:
  PieceInput(std::string_view text, std::size_t piece) : text_(text), piece_(piece) {}
  std::size_t read(std::span<char> out) override {
    const std::size_t count = std::min({out.size(), text_.size(), piece_});
    std::memcpy(out.data(), text_.data(), count);
    text_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view text_;
  std::size_t piece_;
};

}  // namespace neve::dataset
