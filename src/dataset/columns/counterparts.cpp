#include "dataset/columns/counterparts.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace neve::dataset {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr auto kPairs = std::to_array<Pair>({{"debit", "credit"},
                                             {"dr", "cr"},
                                             {"soll", "haben"},
                                             {"debet", "kredit"},
                                             {"debe", "haber"},
                                             {"debe", "haver"},
                                             {"dare", "avere"},
                                             {"debito", "credito"},
                                             {"дебет", "кредит"},
                                             {"from", "to"},
                                             {"von", "an"},
                                             {"von", "nach"},
                                             {"source", "target"},
                                             {"source", "destination"},
                                             {"origin", "destination"},
                                             {"sender", "receiver"},
                                             {"sender", "recipient"},
                                             {"payer", "payee"}});

/// Whether `one` has the first word where `other` has the second, and both are the same around it.
bool differ_by(std::string_view one, std::string_view other, const Pair& pair) noexcept {
  for (std::size_t at = one.find(pair.first); at != std::string_view::npos; at = one.find(pair.first, at + 1)) {
    if (one.substr(0, at) != other.substr(0, at)) continue;
    const std::string_view rest = other.substr(at);
    if (rest.starts_with(pair.second) && one.substr(at + pair.first.size()) == rest.substr(pair.second.size()))
      return true;
  }
  return false;
}

}  // namespace

bool are_counterparts(std::string_view one, std::string_view other) noexcept {
  return std::any_of(kPairs.begin(), kPairs.end(),
                     [&](const Pair& pair) { return differ_by(one, other, pair) || differ_by(other, one, pair); });
}

}  // namespace neve::dataset
