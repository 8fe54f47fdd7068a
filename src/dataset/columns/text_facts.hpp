#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dataset/columns/account_words.hpp"
#include "dataset/columns/text_dictionary.hpp"

namespace neve::dataset {

/// What the texts of a column say of the amounts beside them. A plain value.
struct TextFacts {
  std::vector<std::string> currencies;  ///< several, and there are no other texts
  std::vector<std::string> units;       ///< of amounts, in several powers of ten, and there are no other texts
  Sides sides = Sides::none;            ///< both occur, and nothing else
  std::vector<std::string> parts;       ///< those that say that their rows are parts of others
  std::vector<std::string> balances;    ///< those that say that their rows are what an account holds
  std::vector<std::string> results;     ///< those that say that their rows are results of a statement
};

/// Of a column of that name; nothing where the dictionary is closed.
[[nodiscard]] TextFacts facts_of(const TextDictionary& texts, std::string_view name);

}  // namespace neve::dataset
