#include "cli/arguments/help_format.hpp"

#include <algorithm>
#include <string_view>

namespace neve::cli {
namespace {

constexpr std::size_t kNarrowest = 20;

/// ASCII, one column a byte.
std::string break_lines(std::string_view text, std::size_t columns) {
  std::string lines;
  while (text.size() > columns) {
    std::size_t space = text.rfind(' ', columns);
    if (space == std::string_view::npos) space = std::min(text.find(' '), text.size());
    lines.append(text.substr(0, space)) += '\n';
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return lines.append(text);
}

}  // namespace

std::string HelpFormat::broken(const std::string& description) const {
  const std::size_t left = get_column_width();
  return break_lines(description, std::max(columns_, left + kNarrowest) - left);
}

std::string HelpFormat::make_footer(const CLI::App* app) const {
  const std::string footer = app->get_footer();
  return footer.empty() ? "" : break_lines(footer, columns_) + "\n";
}

std::string HelpFormat::make_subcommand(const CLI::App* command) const {
  const std::string margin(get_column_width(), ' ');
  std::string text = "  " + command->get_name();
  if (text.size() < margin.size()) {
    text.resize(margin.size(), ' ');
  } else {
    text.append("\n").append(margin);
  }
  for (const char c : broken(command->get_description())) {
    text += c;
    if (c == '\n') text += margin;
  }
  return text + "\n";
}

std::string HelpFormat::make_option_desc(const CLI::Option* option) const { return broken(option->get_description()); }

}  // namespace neve::cli
