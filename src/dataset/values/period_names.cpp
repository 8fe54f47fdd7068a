#include "dataset/values/period_names.hpp"

#include <array>
#include <string>

#include <neve/base/ascii.hpp>

namespace neve::dataset {

int month_of_name(std::string_view name) {
  // English, German, French, Spanish: whole names, then abbreviations.
  static constexpr std::array<std::array<std::string_view, 9>, 12> kNames{{
      {"january", "januar", "janvier", "enero", "jan", "janv", "ene", "jän", "jänner"},
      {"february", "februar", "février", "febrero", "feb", "févr", "fev", "fevrier", ""},
      {"march", "märz", "mars", "marzo", "mar", "mär", "mrz", "", ""},
      {"april", "avril", "abril", "apr", "avr", "abr", "", "", ""},
      {"may", "mai", "mayo", "", "", "", "", "", ""},
      {"june", "juni", "juin", "junio", "jun", "", "", "", ""},
      {"july", "juli", "juillet", "julio", "jul", "juil", "", "", ""},
      {"august", "août", "agosto", "aug", "aout", "ago", "", "", ""},
      {"september", "septembre", "septiembre", "sep", "sept", "", "", "", ""},
      {"october", "oktober", "octobre", "octubre", "oct", "okt", "", "", ""},
      {"november", "novembre", "noviembre", "nov", "", "", "", "", ""},
      {"december", "dezember", "décembre", "diciembre", "dec", "dez", "déc", "dic", "decembre"},
  }};
  // Amounts and dates in digits end here: they are asked for each cell.
  if (name.size() < 3 || name.size() > 12 ||
      !(is_letter(name.front()) || static_cast<unsigned char>(name.front()) >= 0x80))
    return 0;
  const std::string lowered = lower_case(name);
  for (std::size_t month = 0; month < kNames.size(); ++month) {
    for (const std::string_view known : kNames[month]) {
      if (!known.empty() && known == lowered) return static_cast<int>(month) + 1;
    }
  }
  return 0;
}

int quarter_of_name(std::string_view name) {
  const auto number = [](char c) { return c >= '1' && c <= '4' ? c - '0' : 0; };
  if (name.size() == 2 && (name[0] == 'Q' || name[0] == 'q')) return number(name[1]);
  if (name.size() == 2 && (name[1] == 'Q' || name[1] == 'q')) return number(name[0]);
  if (name.size() == 9 && equals_ignoring_case(name.substr(0, 8), "quarter ")) return number(name[8]);
  return 0;
}

}  // namespace neve::dataset
