#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace neve::dataset {

/// Numbers names from 0 in the order they come; each name is kept once. Not thread-safe.
class EntityNames {
 public:
  EntityNames();

  /// The name's number, a new one if it has none yet.
  [[nodiscard]] std::uint32_t number_of(std::string_view name);
  [[nodiscard]] std::string_view name(std::uint32_t number) const {
    return std::string_view(text_).substr(ends_[number], ends_[number + 1] - ends_[number]);
  }
  [[nodiscard]] std::size_t size() const noexcept { return ends_.size() - 1; }

 private:
  void grow();

  std::string text_;                  // all names, one after the other
  std::vector<std::size_t> ends_{0};  // name i lies from ends_[i] to ends_[i + 1]
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> slots_;  // open addressing: number + 1, 0 for free
};

}  // namespace neve::dataset
