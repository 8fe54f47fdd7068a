#include "dataset/table/rejected_rows.hpp"

#include "dataset/values/cell_text.hpp"

namespace neve::dataset {

void RejectedRows::add(const char* kind, std::uint64_t line, std::string reason, std::string_view text) {
  ++count_;
  ++by_kind_[kind];
  if (examples_.size() < kKept) examples_.push_back({kind, line, std::move(reason), excerpt(text)});
}

}  // namespace neve::dataset
