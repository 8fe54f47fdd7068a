#include "dataset/values/era_year.hpp"

#include <array>
#include <cstddef>

#include <neve/base/ascii.hpp>

namespace neve::dataset {
namespace {

struct Era {
  std::string_view name;
  int before;  // its first year
  int years;   // how many it had; the present one as many as two digits may say
};
constexpr std::array<Era, 5> kEras{
    {{"令和", 2018, 99}, {"平成", 1988, 31}, {"昭和", 1925, 64}, {"大正", 1911, 15}, {"明治", 1867, 45}}};

constexpr std::string_view kFirst = "元";
constexpr std::string_view kUnit = "年";

}  // namespace

int take_era_year(std::string_view& text) noexcept {
  if (text.empty() || static_cast<unsigned char>(text.front()) < 0xE4) return 0;
  for (const Era& era : kEras) {
    if (!text.starts_with(era.name)) continue;
    std::string_view rest = text.substr(era.name.size());
    int number = 0;
    if (rest.starts_with(kFirst)) {
      number = 1;
      rest.remove_prefix(kFirst.size());
    }
    for (std::size_t digits = 0; number != 1 || digits > 0; ++digits) {
      if (digits > 1 || rest.empty() || !is_digit(rest.front())) break;
      number = number * 10 + (rest.front() - '0');
      rest.remove_prefix(1);
    }
    if (number < 1 || number > era.years || !rest.starts_with(kUnit)) return 0;
    text = rest.substr(kUnit.size());
    return era.before + number;
  }
  return 0;
}

}  // namespace neve::dataset
