#include "dataset/analysis/compute/spellings.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <neve/base/ascii.hpp>
#include <neve/base/digest.hpp>

namespace neve::dataset {
namespace {

/// Bytes of the blank at the front of `text`, such as a no-break space or one of no width; 0 if there is none.
std::size_t leading_blank(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 6> kWide{"\u00A0", "\u2009", "\u200B", "\u202F", "\u3000", "\uFEFF"};
  const char front = text.front();
  if (front == ' ' || (front >= '\t' && front <= '\r')) return 1;
  if (static_cast<unsigned char>(front) < 0x80) return 0;
  const auto* const found =
      std::find_if(kWide.begin(), kWide.end(), [text](std::string_view blank) { return text.starts_with(blank); });
  return found == kWide.end() ? 0 : found->size();
}

}  // namespace

void Spellings::add(std::string_view plain) {
  scratch_.clear();
  bool apart = false;
  while (!plain.empty()) {
    if (const std::size_t blank = leading_blank(plain); blank > 0) {
      apart = !scratch_.empty();
      plain.remove_prefix(blank);
      continue;
    }
    if (std::exchange(apart, false)) scratch_ += ' ';
    scratch_ += lower_case(plain.front());
    plain.remove_prefix(1);
  }
  hashes_.push_back(xxh64_of(as_byte_span(scratch_)));
}

SimilarEntities Spellings::similar(const EntityNames& names) const {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> ordered;
  ordered.reserve(size());
  for (std::uint32_t number = 0; number < size(); ++number) ordered.emplace_back(hashes_[number], number);
  std::sort(ordered.begin(), ordered.end());
  SimilarEntities found;
  for (auto first = ordered.begin(); first != ordered.end();) {
    const auto last =
        std::find_if(first, ordered.end(), [first](const auto& next) { return next.first != first->first; });
    if (last - first > 1) {
      std::vector<std::string_view> alike;
      for (auto one = first; one != last; ++one) alike.push_back(names.name(one->second));
      std::partial_sort(alike.begin(), alike.begin() + 2, alike.end());
      if (found.entities == 0 || alike.front() < found.first) {
        found.first = alike[0];
        found.second = alike[1];
      }
      found.entities += alike.size();
    }
    first = last;
  }
  return found;
}

}  // namespace neve::dataset
