#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace neve::dataset {

/// The kind of those that are remarks.
inline constexpr const char* kRemark = "remark";

/// Records of the file that are no rows of the table, and why: all counted, the first ones kept. Used by one thread.
class RejectedRows {
 public:
  struct Example {
    std::string_view kind;
    std::uint64_t line;
    std::string reason;
    std::string text;
  };
  static constexpr std::size_t kKept = 1000;

  /// `kind` is a fixed code, `reason` a sentence, `text` the beginning of the record.
  void add(const char* kind, std::uint64_t line, std::string reason, std::string_view text);

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] const std::map<std::string, std::uint64_t>& by_kind() const noexcept { return by_kind_; }
  [[nodiscard]] const std::vector<Example>& examples() const noexcept { return examples_; }

 private:
  std::uint64_t count_ = 0;
  std::map<std::string, std::uint64_t> by_kind_;
  std::vector<Example> examples_;
};

}  // namespace neve::dataset
