#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace neve::cli {

/// Who refuses words that are not among an option's.
enum class ChoiceCheck {
  by_parser,
  by_command,  ///< which takes other spellings, too
};

/// The words that the value of an option is one of: for the parser, the help and completions. A plain value.
struct OptionChoices {
  std::string_view option;  ///< its long name without dashes, or that of a positional; the same in all commands
  std::vector<std::string> words;
  ChoiceCheck check = ChoiceCheck::by_parser;
};

/// Null if the option takes any text.
[[nodiscard]] const OptionChoices* choices_of(std::string_view option);

}  // namespace neve::cli
