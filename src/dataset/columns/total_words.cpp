#include "dataset/columns/total_words.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include <neve/base/ascii.hpp>
#include <neve/base/utf8.hpp>

#include "dataset/values/folded_text.hpp"

namespace neve::dataset {
namespace {

using Word = std::string_view;

// All words are folded, with their accents.

/// Labels that are nothing but this, besides the words below.
constexpr std::array kWholeLabels =
    std::to_array<Word>({"sum", "sumă", "сумма", "сума", "somme", "overall", "insgesamt", "tot", "tot.", "ttl",
                         // What a page ends and the next one begins with.
                         "carried forward", "brought forward", "übertrag",
                         // What spreadsheets call the last row of their own where no word says it.
                         "suma końcowa", "totalsum", "hovedtotal", "общий итог", "загальний підсумок", "общ сбор",
                         "sveukupni zbroj", "skupna vsota", "סכום כולל", "ผลรวมทั้งหมด",
                         // What is too common a word to be looked for beside others.
                         "úhrnem", "sammanlagt", "jumlah", "tổng", "tổng số", "รวม", "รวมทั้งสิ้น", "ยอดรวม", "कुल", "योग",
                         "कुल योग", "جمع", "جمع کل", "סך הכל", "סה״כ", "סה\"כ"});

/// Words with which a label begins or ends.
constexpr std::array kTotalWords =
    std::to_array<Word>({"total", "totals", "subtotal", "subtotals", "sub-total",
                         // German; Ergebnis and Gesamtergebnis are what spreadsheets call their own
                         "summe", "zwischensumme", "teilsumme", "endsumme", "gesamt", "gesamtsumme", "ergebnis",
                         "teilergebnis", "gesamtergebnis", "gesamtbetrag", "endbetrag", "rechnungsbetrag",
                         "nettobetrag", "bruttobetrag", "nettosumme", "bruttosumme",
                         // French, Spanish, Portuguese
                         "sous-total", "sous-totaux", "totaux", "totales", "totais",
                         // Italian
                         "totale", "totali", "subtotale", "subtotali",
                         // Dutch
                         "totaal", "subtotaal", "eindtotaal", "tussentotaal",
                         // Swedish, Norwegian
                         "totalsumma", "delsumma", "slutsumma", "delsum",
                         // Finnish
                         "yhteensä", "loppusumma", "välisumma",
                         // Polish, Czech, Slovak, Croatian
                         "ogółem", "celkem", "součet", "mezisoučet", "celkom", "súčet", "medzisúčet", "sveukupno",
                         // Hungarian
                         "összesen", "mindösszesen", "végösszeg", "részösszeg",
                         // Russian, Ukrainian
                         "итого", "подытог", "подитог", "підсумок", "усього",
                         // Greek, whose capitals have no accents
                         "σύνολο", "συνολο", "υποσύνολο", "υποσυνολο", "άθροισμα", "αθροισμα",
                         // Turkish
                         "toplam", "toplamı", "toplami",
                         // Arabic
                         "الإجمالي", "الاجمالي", "إجمالي", "اجمالي", "المجموع",
                         // Chinese, Japanese, Korean: what pivot tables write behind a name
                         "汇总", "彙總", "集計", "요약"});

/// The same, but beside others names have them as well.
constexpr std::array kWordsOfNames =
    std::to_array<Word>({"summa", "suma", "somma", "soma", "razem", "łącznie", "lacznie", "spolu", "totalt", "итог",
                         "всего", "всього", "разом", "общо", "ukupno", "укупно", "skupaj", "kokku", "kopā"});

/// What a label ends with, of two words.
constexpr std::array kLastTwoWords = std::to_array<Word>({" i alt", " iš viso", " tổng cộng"});

// Of scripts that put no blank between words, and may put some between the letters of one.
constexpr std::array kWholeJoined =
    std::to_array<Word>({"計", "计", "계", "总额", "總額", "总数", "總數", "総数", "总和"});
constexpr std::array kPartsJoined = std::to_array<Word>({
    "合计", "总计", "小计", "共计", "累计",          // zh
    "合計", "總計", "小計", "共計", "累計", "総計",  // zh with traditional characters, ja
    "합계", "총합계", "총계", "소계", "누계"         // ko
});

/// What may follow those: `合计金额`.
constexpr std::array kAmounts = std::to_array<Word>({"金额", "金額", "额", "額", "금액", "액"});

/// What a label begins with that is a part of another row.
constexpr auto kPartWords = std::to_array<Word>({"of which", "thereof", "o/w", "davon", "darunter", "dont", "di cui",
                                                 "de los cuales", "de las cuales", "waarvan", "varav", "herav", "heraf",
                                                 "w tym", "в том числе", "в т.ч.", "в т. ч.", "其中", "うち"});

constexpr std::array kAverageWords = std::to_array<Word>(
    {"average",    "averages",  "avg",     "mean",    "durchschnitt", "mittel",     "schnitt",    "mittelwert",
     "moyenne",    "promedio",  "media",   "média",   "gemiddelde",   "genomsnitt", "medelvärde", "gjennomsnitt",
     "gennemsnit", "keskiarvo", "średnia", "średnio", "průměr",       "priemer",    "átlag",      "ortalama",
     "среднее",    "середнє",   "平均",    "平均值",  "평균"});

template <std::size_t N>
constexpr std::array<Word, N> sorted(std::array<Word, N> words) {
  std::sort(words.begin(), words.end());
  return words;
}

constexpr auto kWholeSorted = sorted(kWholeLabels);
constexpr auto kTotalSorted = sorted(kTotalWords);
constexpr auto kNamesSorted = sorted(kWordsOfNames);
constexpr auto kAverageSorted = sorted(kAverageWords);

constexpr std::size_t kLongestLabel = 60;  // characters
constexpr std::size_t kMostBytes = 3 * kLongestLabel;
/// Of a folded label; those that grow by more are none.
using LabelRoom = std::array<std::int32_t, kMostBytes + 1>;

bool is_one_of(Word text, std::span<const Word> words) noexcept {
  return std::binary_search(words.begin(), words.end(), text);
}

/// Whether its first or its last word is one of these.
bool begins_or_ends_with(Word text, std::span<const Word> words) noexcept {
  const std::size_t last = text.rfind(' ') + 1;
  return is_one_of(text.substr(0, text.find_first_of(" :,;/*")), words) || is_one_of(text.substr(last), words);
}

constexpr bool beyond_ascii(char c) noexcept { return static_cast<unsigned char>(c) >= 0x80; }

/// The letter with which UTF-8 of at least one byte begins, or what its bytes would be; 0 beyond U+FFFF.
constexpr char16_t first_letter(Word text) noexcept {
  const auto byte = [text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned lead = byte(0);
  if (lead < 0xC0) return static_cast<char16_t>(lead);
  if (lead < 0xE0) return static_cast<char16_t>((lead & 0x1FU) << 6U | (byte(1) & 0x3FU));
  if (lead >= 0xF0) return 0;
  return static_cast<char16_t>((lead & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU));
}

/// Without its last letter.
constexpr Word all_but_last(Word text) noexcept {
  std::size_t begin = text.size() - 1;
  while (begin > 0 && text.size() - begin < 4 && is_utf8_continuation(text[begin])) --begin;
  return text.substr(0, begin);
}

constexpr std::size_t kPlaces = std::size_t{1} << 15U;

/// Which of so many places are taken.
class Places {
 public:
  constexpr void take(std::size_t place) noexcept { words_[place / 64] |= std::uint64_t{1} << place % 64; }
  [[nodiscard]] constexpr bool taken(std::size_t place) const noexcept {
    return (words_[place / 64] >> place % 64 & 1U) != 0;
  }

 private:
  std::array<std::uint64_t, kPlaces / 64> words_{};
};

/// The place of three bytes that stand together, whatever their case, and whatever those beyond ASCII are.
constexpr std::size_t place_of(Word three) noexcept {
  const auto low = [three](std::size_t i) {
    return beyond_ascii(three[i]) ? 0U : static_cast<unsigned>(three[i]) & 31U;
  };
  return low(0) << 10U | low(1) << 5U | low(2);
}

/// The place of two letters, folded.
constexpr std::size_t place_of(char32_t first, char32_t second) noexcept {
  return (std::size_t{first} * 181 + second) % kPlaces;
}

/// The letter behind the first, which is none of ASCII; 0: none follows.
constexpr char16_t second_letter(Word text) noexcept {
  const std::size_t size = static_cast<unsigned char>(text.front()) < 0xE0 ? 2 : 3;
  return size < text.size() ? first_letter(text.substr(size)) : u'\0';
}

/// The place of the last two letters of a text; of the last alone in scripts that may put a blank between two of one
/// word. `fold` is for texts whose letters are not folded.
template <class Fold>
constexpr std::size_t place_of_end(Word text, const Fold& fold) noexcept {
  constexpr char32_t kJoinedScripts = 0x2E80;
  const Word others = all_but_last(text);
  const char32_t last = fold(first_letter(text.substr(others.size())));
  if (others.empty() || last >= kJoinedScripts) return place_of(U'\0', last);
  return place_of(fold(first_letter(others.substr(all_but_last(others).size()))), last);
}

/// Those of words that begin, or end, in ASCII or beyond it.
template <class Place>
constexpr Places places_of(bool beyond, bool at_end, const Place& place) {
  Places places;
  const auto add = [&](const auto& words) {
    for (const Word word : words) {
      if (beyond_ascii(at_end ? word.back() : word.front()) == beyond) places.take(place(word));
    }
  };
  add(kWholeLabels);
  add(kTotalWords);
  add(kWordsOfNames);
  add(kLastTwoWords);
  if (!at_end) return places;
  add(kWholeJoined);
  add(kPartsJoined);
  add(kAmounts);
  add(std::array<Word, 2>{"：", "）"});
  return places;
}

constexpr Places kFirstBytes = places_of(false, false, [](Word word) { return place_of(word.substr(0, 3)); });
constexpr Places kLastBytes = places_of(false, true, [](Word word) { return place_of(word.substr(word.size() - 3)); });
constexpr Places kFirstLetters =
    places_of(true, false, [](Word word) { return place_of(first_letter(word), second_letter(word)); });
constexpr Places kLastLetters = places_of(
    true, true, [](Word word) { return place_of_end(word, [](char16_t letter) -> char32_t { return letter; }); });

/// Whether a small number of a footnote stands behind it.
bool is_note(Word cell) noexcept {
  const char16_t last = first_letter(cell.substr(all_but_last(cell).size()));
  return last == u'¹' || last == u'²' || last == u'³' || (last >= u'⁰' && last <= u'⁹');
}

/// Nearly every cell ends here: no label begins or ends with others than these.
bool may_say_total(Word cell) noexcept {
  if (cell.size() < 3 || cell.size() > kMostBytes) return false;
  const char last = cell.back();
  if (beyond_ascii(cell.front())) {
    const std::size_t place = place_of(folded_letter(first_letter(cell)), folded_letter(second_letter(cell)));
    if (last == ')' || kFirstLetters.taken(place)) return true;
  } else if (!is_digit(cell.front()) && kFirstBytes.taken(place_of(cell.substr(0, 3)))) {
    return true;
  }
  if (beyond_ascii(last)) return is_note(cell) || kLastLetters.taken(place_of_end(cell, folded_letter));
  return last == ':' || last == ')' || last == '*' ||
         (!is_digit(last) && kLastBytes.taken(place_of(cell.substr(cell.size() - 3))));
}

/// Without its last bracket and what stands in it, or what a list is numbered with: `Total (3 records)`, `Total 1)`.
Word without_bracket(Word text) noexcept {
  const std::size_t open = text.rfind('(');
  return text.substr(0, open == Word::npos ? text.find_last_of(' ') : open);
}

/// Without what may stand around a label: `Total :`, `*Total*`, `Total (3 records)`, and `Total¹`, folded.
Word without_marks(Word text) noexcept {
  const auto is_mark = [](char c) { return c == ' ' || c == ':' || c == '*'; };
  while (!text.empty() && is_mark(text.front())) text.remove_prefix(1);
  for (bool more = true; more && !text.empty();) {
    const std::size_t size = text.size();
    while (!text.empty() && is_mark(text.back())) text.remove_suffix(1);
    if (text.ends_with(')')) text = without_bracket(text);
    Word word = text;
    while (!word.empty() && is_digit(word.back())) word.remove_suffix(1);
    if (!word.empty() && !is_mark(word.back())) text = word;
    more = text.size() < size;
  }
  return text;
}

bool is_too_long(Word cell) noexcept {
  if (cell.size() <= kLongestLabel) return false;
  const auto more = std::count_if(cell.begin(), cell.end(), is_utf8_continuation);
  return cell.size() - static_cast<std::size_t>(more) > kLongestLabel;
}

/// Of a text in a script without blanks, such as `华东合计`, `合 計` and `합계(원)`.
TotalWords joined_words_of(Word text) noexcept {
  std::array<char, sizeof(LabelRoom)> room{};
  std::size_t size = 0;
  for (const char c : text) {
    if (c != ' ') room[size++] = c;
  }
  Word joined(room.data(), size);
  if (joined.ends_with(')')) {
    const std::size_t begin = joined.rfind('(');
    if (begin != Word::npos && begin > 0) joined = joined.substr(0, begin);
  }
  const auto is = [&joined](Word word) { return joined == word; };
  const auto ends = [&joined](Word word) { return joined.ends_with(word) && joined != word; };
  if (std::any_of(kWholeJoined.begin(), kWholeJoined.end(), is)) return TotalWords::alone;
  if (const auto* const amount = std::find_if(kAmounts.begin(), kAmounts.end(), ends); amount != kAmounts.end())
    joined.remove_suffix(amount->size());
  if (std::any_of(kPartsJoined.begin(), kPartsJoined.end(), is)) return TotalWords::alone;
  constexpr std::size_t kTwoLetters = 6;
  if (joined.size() > kTwoLetters && is_one_of(joined.substr(joined.size() - kTwoLetters), kTotalSorted))
    return TotalWords::beside_others;
  return std::any_of(kPartsJoined.begin(), kPartsJoined.end(), ends) ? TotalWords::beside_others : TotalWords::none;
}

/// Whether there is a letter of scripts from U+2E80 on, as those of Chinese, Japanese and Korean are.
bool has_joined_script(Word text) noexcept {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xE3; });
}

}  // namespace

TotalWords total_words_of(std::string_view cell) noexcept {
  if (!may_say_total(cell) || is_too_long(cell)) return TotalWords::none;
  LabelRoom room;
  const Word text = without_marks(folded(cell, Accents::kept, room));
  if (text.empty()) return TotalWords::none;
  if (is_one_of(text, kWholeSorted) || is_one_of(text, kTotalSorted) || is_one_of(text, kNamesSorted))
    return TotalWords::alone;
  const auto is = [text](Word words) { return text == words.substr(1); };
  if (std::any_of(kLastTwoWords.begin(), kLastTwoWords.end(), is)) return TotalWords::alone;
  if (begins_or_ends_with(text, kTotalSorted)) return TotalWords::beside_others;
  const auto ends = [text](Word words) { return text.ends_with(words); };
  if (std::any_of(kLastTwoWords.begin(), kLastTwoWords.end(), ends)) return TotalWords::beside_others;
  if (begins_or_ends_with(text, kNamesSorted)) return TotalWords::in_a_name;
  return has_joined_script(text) ? joined_words_of(text) : TotalWords::none;
}

bool may_be_kind(std::string_view cell) noexcept { return equals_ignoring_case(cell, "ergebnis"); }

bool calls_row_total(std::string_view cell) noexcept {
  return total_words_of(cell) != TotalWords::none && !may_be_kind(cell);
}

bool says_part(std::string_view cell) noexcept {
  LabelRoom room;  // NOLINT(cppcoreguidelines-pro-type-member-init): written before read
  if (cell.size() > kMostBytes) return false;
  Word label = folded(cell, Accents::kept, room);
  while (!label.empty() && (label.front() == '-' || label.front() == ' ')) label.remove_prefix(1);
  return std::any_of(kPartWords.begin(), kPartWords.end(), [label](Word word) {
    if (!label.starts_with(word)) return false;
    const Word rest = label.substr(word.size());
    const bool joined = static_cast<unsigned char>(word.front()) >= 0xE0;  // of scripts without blanks
    if (word == "うち" && (rest.starts_with("\xE3\x81") || rest.starts_with("\xE3\x82")))
      return false;  // うちわ: a fan
    return !rest.empty() && (joined || rest.front() == ' ' || rest.front() == ':');
  });
}

bool has_average_word(std::string_view cell) noexcept {
  if (cell.size() > kMostBytes || is_too_long(cell)) return false;
  LabelRoom room;
  return begins_or_ends_with(without_marks(folded(cell, Accents::kept, room)), kAverageSorted);
}

}  // namespace neve::dataset
