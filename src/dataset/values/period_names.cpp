#include "dataset/values/period_names.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include <neve/base/ascii.hpp>

#include "dataset/values/folded_text.hpp"

namespace neve::dataset {

namespace {

struct MonthName {
  std::string_view name;
  int month = 0;
};

// Folded; empty where there is none. Names of a language are there all or none: of a header in which some months are
// missing, the others would be taken for the whole year. Left out are those that are another month in another language,
// and the Czech and Finnish abbreviations, which are words.
constexpr std::array kEnglish = std::to_array<std::string_view>(
    {"january", "february", "march",    "april", "may", "june", "july", "august", "september",
     "october", "november", "december", "jan",   "feb", "mar",  "apr",  "may",    "jun",
     "jul",     "aug",      "sep",      "oct",   "nov", "dec",  "",     "",       "",
     "",        "",         "",         "",      "",    "sept", "",     "",       ""});
constexpr std::array kGerman = std::to_array<std::string_view>(
    {"januar",   "februar",  "märz", "april", "mai",    "juni",  "juli", "august", "september", "oktober",
     "november", "dezember", "jan",  "feb",   "mär",    "apr",   "mai",  "jun",    "jul",       "aug",
     "sep",      "okt",      "nov",  "dez",   "jänner", "feber", "mrz",  "",       "",          "",
     "",         "",         "sept", "",      "",       "",      "jän",  "",       "",          "",
     "",         "",         "",     "",      "",       "",      "",     ""});
constexpr std::array kFrench = std::to_array<std::string_view>(
    {"janvier",  "février",  "mars", "avril", "mai",  "juin",     "juillet", "août", "septembre", "octobre",
     "novembre", "décembre", "janv", "févr",  "mars", "avr",      "mai",     "juin", "juil",      "août",
     "sept",     "oct",      "nov",  "déc",   "",     "fevrier",  "",        "",     "",          "",
     "",         "aout",     "",     "",      "",     "decembre", "",        "fév",  "",          "",
     "",         "",         "",     "",      "",     "",         "",        ""});
constexpr std::array kSpanish = std::to_array<std::string_view>(
    {"enero",   "febrero",   "marzo",     "abril", "mayo", "junio",     "julio", "agosto", "septiembre",
     "octubre", "noviembre", "diciembre", "ene",   "feb",  "mar",       "abr",   "may",    "jun",
     "jul",     "ago",       "sep",       "oct",   "nov",  "dic",       "",      "",       "",
     "",        "",          "",          "",      "",     "setiembre", "",      "",       ""});
constexpr std::array kItalian = std::to_array<std::string_view>(
    {"gennaio",   "febbraio", "marzo",    "aprile",   "maggio", "giugno", "luglio", "agosto",
     "settembre", "ottobre",  "novembre", "dicembre", "gen",    "feb",    "mar",    "apr",
     "mag",       "giu",      "lug",      "ago",      "set",    "ott",    "nov",    "dic"});
constexpr std::array kPortuguese = std::to_array<std::string_view>(
    {"janeiro",  "fevereiro", "março",    "abril",    "maio", "junho", "julho", "agosto",
     "setembro", "outubro",   "novembro", "dezembro", "jan",  "fev",   "mar",   "abr",
     "mai",      "jun",       "jul",      "ago",      "set",  "out",   "nov",   "dez"});
constexpr std::array kDutch =
    std::to_array<std::string_view>({"januari",   "februari", "maart",    "april",    "mei", "juni", "juli", "augustus",
                                     "september", "oktober",  "november", "december", "jan", "feb",  "mrt",  "apr",
                                     "mei",       "jun",      "jul",      "aug",      "sep", "okt",  "nov",  "dec"});
constexpr std::array kSwedish =
    std::to_array<std::string_view>({"januari",   "februari", "mars",     "april",    "maj", "juni", "juli", "augusti",
                                     "september", "oktober",  "november", "december", "jan", "feb",  "mar",  "apr",
                                     "maj",       "jun",      "jul",      "aug",      "sep", "okt",  "nov",  "dec"});
constexpr std::array kDanish =
    std::to_array<std::string_view>({"januar",    "februar", "marts",    "april",    "maj", "juni", "juli", "august",
                                     "september", "oktober", "november", "december", "jan", "feb",  "mar",  "apr",
                                     "maj",       "jun",     "jul",      "aug",      "sep", "okt",  "nov",  "dec"});
constexpr std::array kNorwegian =
    std::to_array<std::string_view>({"januar",    "februar", "mars",     "april",    "mai", "juni", "juli", "august",
                                     "september", "oktober", "november", "desember", "jan", "feb",  "mar",  "apr",
                                     "mai",       "jun",     "jul",      "aug",      "sep", "okt",  "nov",  "des"});
constexpr std::array kFinnish =
    std::to_array<std::string_view>({"tammikuu", "helmikuu", "maaliskuu", "huhtikuu", "toukokuu", "kesäkuu", "heinäkuu",
                                     "elokuu", "syyskuu", "lokakuu", "marraskuu", "joulukuu"});
constexpr std::array kPolish = std::to_array<std::string_view>(
    {"styczeń",     "luty",     "marzec",   "kwiecień",     "maj",       "czerwiec", "lipiec",   "sierpień", "wrzesień",
     "październik", "listopad", "grudzień", "stycznia",     "lutego",    "marca",    "kwietnia", "maja",     "czerwca",
     "lipca",       "sierpnia", "września", "października", "listopada", "grudnia",  "sty",      "lut",      "mar",
     "kwi",         "maj",      "cze",      "lip",          "sie",       "wrz",      "paź",      "lis",      "gru"});
constexpr std::array kCzech = std::to_array<std::string_view>(
    {"leden",  "únor",   "březen",   "duben",    "květen", "červen", "červenec",  "srpen",
     "září",   "říjen",  "listopad", "prosinec", "ledna",  "února",  "března",    "dubna",
     "května", "června", "července", "srpna",    "září",   "října",  "listopadu", "prosince"});
constexpr std::array kHungarian = std::to_array<std::string_view>(
    {"január",  "február",  "március",  "április", "május", "június", "július", "augusztus", "szeptember",
     "október", "november", "december", "jan",     "feb",   "márc",   "ápr",    "máj",       "jún",
     "júl",     "aug",      "szept",    "okt",     "nov",   "dec",    "",       "",          "már",
     "",        "",         "",         "",        "",      "szep",   "",       "",          ""});
constexpr std::array kRomanian =
    std::to_array<std::string_view>({"ianuarie", "februarie", "martie", "aprilie", "mai", "iunie", "iulie", "august",
                                     "septembrie", "octombrie", "noiembrie", "decembrie"});
constexpr std::array kTurkish = std::to_array<std::string_view>(
    {"ocak", "şubat", "mart", "nisan", "mayıs", "haziran", "temmuz", "ağustos", "eylül", "ekim", "kasım", "aralık",
     // What becomes of I without knowing the language.
     "", "", "", "", "mayis", "", "", "", "", "", "kasim", "aralik"});
constexpr std::array kRussian = std::to_array<std::string_view>(
    {"январь",   "февраль", "март",   "апрель",  "май",   "июнь",   "июль", "август", "сентябрь", "октябрь",
     "ноябрь",   "декабрь", "января", "февраля", "марта", "апреля", "мая",  "июня",   "июля",     "августа",
     "сентября", "октября", "ноября", "декабря", "янв",   "фев",    "мар",  "апр",    "май",      "июн",
     "июл",      "авг",     "сен",    "окт",     "ноя",   "дек",    "",     "февр",   "",         "",
     "",         "",        "",       "",        "сент",  "",       "нояб", ""});
constexpr std::array kUkrainian = std::to_array<std::string_view>(
    {"січень",   "лютий",   "березень", "квітень", "травень", "червень", "липень",    "серпень",
     "вересень", "жовтень", "листопад", "грудень", "січня",   "лютого",  "березня",   "квітня",
     "травня",   "червня",  "липня",    "серпня",  "вересня", "жовтня",  "листопада", "грудня"});

constexpr std::size_t kMonths = 12;

template <std::size_t... Sizes>
constexpr auto months_by_name(const std::array<std::string_view, Sizes>&... languages) {
  static_assert(((Sizes % kMonths == 0) && ...));
  std::array<MonthName, (Sizes + ...)> months;
  std::size_t count = 0;
  const auto add = [&](const auto& names) {
    for (std::size_t i = 0; i < names.size(); ++i) months[count++] = {names[i], static_cast<int>(i % kMonths) + 1};
  };
  (add(languages), ...);
  std::sort(months.begin(), months.end(), [](const auto& one, const auto& other) { return one.name < other.name; });
  return months;
}

constexpr auto kMonthNames =
    months_by_name(kEnglish, kGerman, kFrench, kSpanish, kItalian, kPortuguese, kDutch, kSwedish, kDanish, kNorwegian,
                   kFinnish, kPolish, kCzech, kHungarian, kRomanian, kTurkish, kRussian, kUkrainian);

constexpr bool each_name_is_one_month() {
  for (std::size_t i = 1; i < kMonthNames.size(); ++i) {
    const MonthName& one = kMonthNames[i];
    if (!one.name.empty() && one.name == kMonthNames[i - 1].name && one.month != kMonthNames[i - 1].month) return false;
  }
  return true;
}
static_assert(each_name_is_one_month());

/// `1月`, `12월`.
int numbered_month(std::string_view name) {
  const std::size_t digits = name.size() - 3;
  const std::string_view unit = name.substr(digits);
  if ((unit != "月" && unit != "월") || digits < 1 || digits > 2 || !only_digits(name.substr(0, digits))) return 0;
  const int month = digits == 1 ? name[0] - '0' : (name[0] - '0') * 10 + (name[1] - '0');
  return month <= static_cast<int>(kMonths) ? month : 0;
}

}  // namespace

int month_of_name(std::string_view name) {
  constexpr std::size_t kLongest = 24;
  const auto beyond_ascii = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
  // Amounts and dates in digits end here: they are asked for each cell.
  if (name.size() < 3 || name.size() > kLongest) return 0;
  if (is_digit(name.front())) return beyond_ascii(name.back()) && name.size() > 3 ? numbered_month(name) : 0;
  if (!is_letter(name.front()) && !beyond_ascii(name.front())) return 0;
  std::array<std::int32_t, kLongest + 1> room;  // NOLINT(cppcoreguidelines-pro-type-member-init): written before read
  const std::string_view small = folded(name, Accents::kept, room);
  if (small.empty()) return 0;  // nothing but characters that are not shown, or too many
  const auto* const found =
      std::lower_bound(kMonthNames.begin(), kMonthNames.end(), small,
                       [](const MonthName& known, std::string_view text) { return known.name < text; });
  return found != kMonthNames.end() && found->name == small ? found->month : 0;
}

bool is_name_of_weekday(std::string_view name) {
  constexpr std::size_t kLongest = 24;
  static constexpr std::array kWeekdays =
      std::to_array<std::string_view>({"mon", "monday", "tue", "tuesday", "wed", "wednesday", "thu", "thursday", "fri",
                                       "friday", "sat", "saturday", "sun", "sunday",
                                       // German
                                       "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag",
                                       "sonnabend", "sonntag", "mo", "di", "mi", "do", "fr", "sa", "so",
                                       // French
                                       "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
                                       // Spanish, Italian, Portuguese
                                       "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo",
                                       "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica",
                                       "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira",
                                       // Dutch
                                       "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"});
  std::array<std::int32_t, kLongest + 1> room;  // NOLINT(cppcoreguidelines-pro-type-member-init): written before read
  if (name.size() > kLongest) return false;
  return std::find(kWeekdays.begin(), kWeekdays.end(), folded(name, Accents::kept, room)) != kWeekdays.end();
}

bool is_word_for_quarter(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kWords{"quarter",  "quartal",  "trimestre", "trim",
                                                           "kwartał",  "kwartaal", "kvartal",   "čtvrtletí",
                                                           "negyedév", "квартал",  "кв",        "季度"};
  std::array<std::int32_t, 25> room;  // NOLINT(cppcoreguidelines-pro-type-member-init): written before read
  return std::find(kWords.begin(), kWords.end(), folded(word, Accents::kept, room)) != kWords.end();
}

bool is_word_for_half(std::string_view word) {
  static constexpr std::array<std::string_view, 10> kWords{"halbjahr", "hj",       "semestre",  "half",   "półrocze",
                                                           "pololetí", "halfjaar", "полугодие", "halvår", "félév"};
  std::array<std::int32_t, 25> room;  // NOLINT(cppcoreguidelines-pro-type-member-init): written before read
  return std::find(kWords.begin(), kWords.end(), folded(word, Accents::kept, room)) != kWords.end();
}

int take_half(std::string_view& text) {
  std::string_view rest = text;
  const auto take_digit = [&rest] {
    const int half = !rest.empty() && (rest.front() == '1' || rest.front() == '2') ? rest.front() - '0' : 0;
    rest.remove_prefix(half > 0 ? 1 : 0);
    return half;
  };
  const int before = take_digit();
  const auto begins = [&rest](std::string_view word) {
    return equals_ignoring_case(rest.substr(0, word.size()), word);
  };
  if (!begins("h")) return 0;
  rest.remove_prefix(begins("hy") || begins("hj") ? 2 : 1);
  const int half = before > 0 ? before : take_digit();
  if (half == 0 || (!rest.empty() && is_letter(rest.front()))) return 0;
  text = rest;
  return half;
}

int quarter_in_roman(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kNumbers{"I", "II", "III", "IV"};
  const auto* const found = std::find(kNumbers.begin(), kNumbers.end(), text);
  return found == kNumbers.end() ? 0 : static_cast<int>(found - kNumbers.begin()) + 1;
}

namespace {

int quarter_in_digit(char c) noexcept { return c >= '1' && c <= '4' ? c - '0' : 0; }

}  // namespace

int quarter_with_t(std::string_view name) {
  if (name.size() != 2) return 0;
  if ((name[0] | 0x20) == 't') return quarter_in_digit(name[1]);
  return (name[1] | 0x20) == 't' ? quarter_in_digit(name[0]) : 0;
}

int quarter_of_name(std::string_view name) {
  const auto number = quarter_in_digit;
  if (name.size() == 2 && (name[0] == 'Q' || name[0] == 'q')) return number(name[1]);
  if (name.size() == 2 && (name[1] == 'Q' || name[1] == 'q')) return number(name[0]);
  if (name.size() == 9 && equals_ignoring_case(name.substr(0, 8), "quarter ")) return number(name[8]);
  return 0;
}

}  // namespace neve::dataset
