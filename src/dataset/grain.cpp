#include <neve/dataset/grain.hpp>

#include <array>
#include <string>

#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>

namespace neve::dataset {
namespace {

constexpr std::array<Grain, 5> kGrains{Grain::automatic, Grain::month, Grain::quarter, Grain::year, Grain::none};

}  // namespace

std::string_view to_string(Grain grain) noexcept {
  switch (grain) {
    case Grain::automatic:
      return "auto";
    case Grain::month:
      return "month";
    case Grain::quarter:
      return "quarter";
    case Grain::year:
      return "year";
    case Grain::none:
      break;
  }
  return "none";
}

std::string_view result_name(Grain grain) noexcept {
  if (grain == Grain::month) return "year_month";
  if (grain == Grain::quarter) return "year_quarter";
  return to_string(grain);
}

Grain parse_grain(std::string_view text) {
  std::array<std::string, 5> names;
  for (std::size_t i = 0; i < kGrains.size(); ++i) {
    if (text == to_string(kGrains[i]) || text == result_name(kGrains[i])) return kGrains[i];
    names[i] = to_string(kGrains[i]);
  }
  throw Error(ErrorCode::invalid_argument, "'" + std::string(text) + "' is no grain" + suggestion(text, names));
}

}  // namespace neve::dataset
