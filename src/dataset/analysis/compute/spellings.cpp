#include "dataset/analysis/compute/spellings.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>
#include <utility>

#include <neve/base/ascii.hpp>
#include <neve/base/digest.hpp>

#include "dataset/values/folded_text.hpp"

namespace neve::dataset {
namespace {

/// What each byte becomes; 0 for blanks.
constexpr std::array<char, 256> kSmall = [] {
  std::array<char, 256> small{};
  for (unsigned byte = 0; byte < 256; ++byte) small[byte] = lower_case(static_cast<char>(byte));
  for (const char blank : {' ', '\t', '\n', '\v', '\f', '\r'}) small[static_cast<unsigned char>(blank)] = 0;
  return small;
}();

}  // namespace

void Spellings::add(std::string_view name) {
  if (!is_ascii(name)) {
    constexpr std::size_t kMostGrowth = 6;
    letters_.resize(kMostGrowth * name.size() + 1);
    name = folded(name, Accents::left_out, letters_);
  }
  scratch_.resize(name.size());
  char* const begin = scratch_.data();
  char* end = begin;
  for (const char c : name) {
    if (const char small = kSmall[static_cast<unsigned char>(c)]; small != 0) {
      *end++ = small;
    } else if (end != begin && end[-1] != ' ') {
      *end++ = ' ';
    }
  }
  if (end != begin && end[-1] == ' ') --end;
  hashes_.push_back(xxh64_of(as_byte_span({begin, static_cast<std::size_t>(end - begin)})));
}

/// Every hash that stands more than once, with the numbers of its names, and few of the others: far less to sort than
/// all of them.
std::vector<std::pair<std::uint64_t, std::uint32_t>> Spellings::candidates() const {
  const std::size_t places = std::bit_ceil(16 * size());
  std::vector<bool> taken(places, false);
  std::vector<bool> taken_twice(places, false);
  for (const std::uint64_t hash : hashes_) {
    const std::size_t place = hash % places;
    if (taken[place]) taken_twice[place] = true;
    taken[place] = true;
  }
  std::vector<std::pair<std::uint64_t, std::uint32_t>> found;
  for (std::uint32_t number = 0; number < size(); ++number) {
    if (taken_twice[hashes_[number] % places]) found.emplace_back(hashes_[number], number);
  }
  return found;
}

SimilarEntities Spellings::similar(const EntityNames& names) const {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> ordered = candidates();
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
