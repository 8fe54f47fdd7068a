#include "dataset/columns/counterparts.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace neve::dataset {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr auto kSides = std::to_array<Pair>({{"debit", "credit"},
                                             {"dr", "cr"},
                                             {"soll", "haben"},
                                             {"debet", "kredit"},
                                             {"debe", "haber"},
                                             {"debe", "haver"},
                                             {"dare", "avere"},
                                             {"debito", "credito"},
                                             {"дебет", "кредит"}});
constexpr auto kEnds = std::to_array<Pair>({{"from", "to"},
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
bool differ_by(std::string_view one, std::string_view other, const Pair& pair) noexcept {
  for (std::size_t at = one.find(pair.first); at != std::string_view::npos; at = one.find(pair.first, at + 1)) {
    if (one.substr(0, at) != other.substr(0, at)) continue;
    const std::string_view rest = other.substr(at);
    if (rest.starts_with(pair.second) && one.substr(at + pair.first.size()) == rest.substr(pair.second.size()))
      return true;
  }
  return false;
}

bool differ_by_one_of(std::string_view one, std::string_view other, std::span<const Pair> pairs) noexcept {
  return std::any_of(pairs.begin(), pairs.end(),
                     [&](const Pair& pair) { return differ_by(one, other, pair) || differ_by(other, one, pair); });
}

}  // namespace

Counterparts counterparts(std::string_view one, std::string_view other) noexcept {
  if (differ_by_one_of(one, other, kSides)) return Counterparts::sides;
  return differ_by_one_of(one, other, kEnds) ? Counterparts::ends : Counterparts::none;
}

}  // namespace neve::dataset
