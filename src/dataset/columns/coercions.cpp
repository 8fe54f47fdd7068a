#include "dataset/columns/coercions.hpp"

#include <bit>

#include "dataset/values/cell_text.hpp"

namespace neve::dataset {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Coercion::count_)> kNames{"trimmed",
                                                                                          "blank_word",
                                                                                          "currency_removed",
                                                                                          "thousands_joined",
                                                                                          "decimal_comma",
                                                                                          "parentheses_to_minus",
                                                                                          "minus_moved",
                                                                                          "suffix_expanded",
                                                                                          "exponent_expanded",
                                                                                          "percent_to_fraction",
                                                                                          "rounded",
                                                                                          "date_rewritten",
                                                                                          "short_year",
                                                                                          "time_left_out",
                                                                                          "period_to_first_day",
                                                                                          "word_to_boolean",
                                                                                          "name_to_number",
                                                                                          "fiscal_to_year",
                                                                                          "total_label_to_blank",
                                                                                          "unreadable_to_blank"};

}  // namespace

std::string_view to_string(Coercion coercion) noexcept { return kNames[static_cast<std::size_t>(coercion)]; }

bool CoercionCounts::add_again(std::uint32_t added) noexcept {
  for (std::uint32_t left = added; left != 0; left &= left - 1) {
    if (entries_[static_cast<std::size_t>(std::countr_zero(left))].count < kExamples) return false;
  }
  for (std::uint32_t left = added; left != 0; left &= left - 1) {
    ++entries_[static_cast<std::size_t>(std::countr_zero(left))].count;
  }
  return true;
}

void CoercionCounts::keep(Entry& entry, std::uint64_t line, std::string_view from, std::string to) {
  entry.examples.push_back({line, excerpt(from), std::move(to)});
}

Json CoercionCounts::to_json() const {
  Json list = Json::array();
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].count == 0) continue;
    Json examples = Json::array();
    for (const Example& example : entries_[i].examples) {
      examples.push_back({{"line", example.line}, {"from", example.from}, {"to", example.to}});
    }
    list.push_back({{"coercion", kNames[i]}, {"count", entries_[i].count}, {"examples", std::move(examples)}});
  }
  return list;
}

}  // namespace neve::dataset
