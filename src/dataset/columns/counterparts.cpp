#include "dataset/columns/counterparts.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "dataset/columns/account_words.hpp"

namespace neve::dataset {
namespace {

constexpr auto kEnds = std::to_array<WordPair>({{"from", "to"},
                                                {"von", "an"},
                                                {"von", "nach"},
                                                {"source", "target"},
                                                {"source", "destination"},
                                                {"origin", "destination"},
                                                {"exporter", "importer"},
                                                {"sender", "receiver"},
                                                {"sender", "recipient"},
                                                {"payer", "payee"},
                                                {"konto", "gegenkonto"},
                                                {"account", "contra_account"},
                                                {"account", "offset_account"}});

/// Whether `one` has the first word where `other` has the second, and both are the same around it.
bool differ_by(std::string_view one, std::string_view other, const WordPair& pair) noexcept {
  for (std::size_t at = one.find(pair.first); at != std::string_view::npos; at = one.find(pair.first, at + 1)) {
    if (one.substr(0, at) != other.substr(0, at)) continue;
    const std::string_view rest = other.substr(at);
    if (rest.starts_with(pair.second) && one.substr(at + pair.first.size()) == rest.substr(pair.second.size()))
      return true;
  }
  return false;
}

bool differ_by_one_of(std::string_view one, std::string_view other, std::span<const WordPair> pairs) noexcept {
  return std::any_of(pairs.begin(), pairs.end(),
                     [&](const WordPair& pair) { return differ_by(one, other, pair) || differ_by(other, one, pair); });
}

}  // namespace

Counterparts counterparts(std::string_view one, std::string_view other) noexcept {
  if (differ_by_one_of(one, other, words_of_bookings())) return Counterparts::sides;
  return differ_by_one_of(one, other, kEnds) ? Counterparts::ends : Counterparts::none;
}

}  // namespace neve::dataset
