#include "cli/arguments/option_choices.hpp"

#include <algorithm>

namespace neve::cli {

const OptionChoices* choices_of(std::string_view option) {
  static const std::vector<OptionChoices> kAll{
      {"flight", {"off", "local", "shared"}},
      {"sort", {"used", "age", "size", "compute", "key"}},
      {"shell", {"bash", "zsh", "fish"}},
      {"format", {"text", "json", "csv", "xlsx"}},
      {"grain", {"auto", "month", "quarter", "year", "none"}, ChoiceCheck::by_command},
      {"date-order", {"auto", "dmy", "mdy"}},
      {"decimal", {"point", "comma"}, ChoiceCheck::by_command},
      {"totals", {"exclude", "keep"}},
      {"encoding", {"utf-8", "utf-16", "latin-1", "windows-1252"}},
  };
  const auto found =
      std::find_if(kAll.begin(), kAll.end(), [&](const OptionChoices& each) { return each.option == option; });
  return found == kAll.end() ? nullptr : &*found;
}

}  // namespace neve::cli
