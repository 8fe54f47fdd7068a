#pragma once

#include <array>
#include <string_view>

// What names of columns say of times, in several languages, as words of names: small letters without Latin accents.
namespace neve::dataset {

inline constexpr std::array kYearWords = std::to_array<std::string_view>(
    {"year",   "yr",    "jahr", "annee", "ano",  "fy",   "anno", "jaar", "rok",  "vuosi", "yil",  "god",
     "godina", "aasta", "год",  "рік",   "έτος", "έτοσ", "ετοσ", "年",   "年份", "年度",  "연도", "년도"});
/// Years of accounts, of reports and of budgets, in one word.
inline constexpr auto kAccountYearWords = std::to_array<std::string_view>(
    {"haushaltsjahr", "hhjahr",       "berichtsjahr", "geschaftsjahr",   "wirtschaftsjahr", "rechnungsjahr",
     "kalenderjahr",  "bezugsjahr",   "steuerjahr",   "budgetjahr",      "planjahr",        "planungsjahr",
     "finanzjahr",    "fiskaljahr",   "buchungsjahr", "abrechnungsjahr", "erhebungsjahr",   "ejercicio",
     "exercicio",     "exercici",     "esercizio",    "exercice",        "boekjaar",        "begrotingsjaar",
     "verslagjaar",   "kalenderjaar", "regnskabsar",  "regnskapsar",     "rakenskapsar",    "budgetar",
     "budsjettar",    "tahun"});
inline constexpr std::array kMonthWords = std::to_array<std::string_view>(
    {"month", "mon", "monat", "mois", "mes", "mese", "maand", "miesiac", "mesic", "mesiac", "manad", "maned",
     "kuukausi", "honap", "месяц", "місяць", "月", "月份", "월"});
inline constexpr std::array kQuarterWords =
    std::to_array<std::string_view>({"quarter", "qtr", "quartal", "trimestre", "q", "kwartal", "kwartaal", "kvartal",
                                     "ctvrtleti", "negyedev", "trim", "квартал", "季度", "四半期", "분기"});
inline constexpr std::array kDateWords =
    std::to_array<std::string_view>({"date", "day", "dt", "datum", "fecha", "data", "jour", "dato", "tarih", "pvm",
                                     "дата", "日期", "日付", "年月日", "날짜"});
/// Beside those of months: what stands under them is a month if all of it can be one.
inline constexpr std::array kPeriodWords = std::to_array<std::string_view>(
    {"period", "periods", "periode", "periodo", "periodos", "zeitraum", "yyyymm", "jjjjmm", "aaaamm", "yearmonth",
     "calmonth", "ym", "yyyy", "buchungsperiode", "buchungsmonat", "период", "年月"});
/// What these and quarters stand for may be written like months.
inline constexpr std::array<std::string_view, 6> kWeekWords{"week", "weeks", "wk", "kw", "woche", "semaine"};
/// Beside quarters: what stands under them is a quarter in five digits if all of it can be one.
inline constexpr std::array<std::string_view, 4> kYearQuarterWords{"yyyyq", "yearquarter", "yearqtr", "yq"};
/// Of the words above those that often mean something else than a time, so that nothing is to be said where none is.
inline constexpr auto kOtherThings = std::to_array<std::string_view>(
    {"ano", "anno", "mon", "q", "trim", "ym", "periods", "periodos", "day", "dt", "data", "jour", "dato"});
/// Year in Nordic languages, Hungarian, Catalan and Basque, without accents: something else in other names.
inline constexpr std::array<std::string_view, 4> kWholeYearNames{"ar", "ev", "any", "urtea"};
/// Before `year` or `month` they say that something was measured then, not when it was: sales_last_year.
inline constexpr std::array<std::string_view, 15> kMeasureWords{"per",   "last",  "prior", "previous", "this",
                                                                "next",  "past",  "in",    "each",     "every",
                                                                "total", "count", "units", "average",  "avg"};

/// Before `period` they say how long something takes: payback_period.
inline constexpr auto kLengthWords = std::to_array<std::string_view>(
    {"holding", "payback", "grace", "notice", "warranty", "guarantee", "retention", "trial", "waiting", "vesting",
     "cooling", "repayment", "amortization", "depreciation", "incubation", "recovery"});

/// Of names of columns, what stands under them is called by digits and points: product 01.02.03.
inline constexpr auto kNumberingWords =
    std::to_array<std::string_view>({"number", "no", "nr", "num", "code", "id", "section", "article", "position", "pos",
                                     "ziffer", "codigo", "partida", "cuenta", "conto", "compte", "konto", "produkt"});
/// The same, behind another word: Produktnummer, Kontonr.
inline constexpr std::array<std::string_view, 5> kNumberingEnds{"nummer", "nr", "schlussel", "konto", "produkt"};

}  // namespace neve::dataset
