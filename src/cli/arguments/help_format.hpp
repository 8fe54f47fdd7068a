#pragma once

#include <cstddef>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

namespace neve::cli {

/// CLI11's help, but with descriptions broken between words so that no line of them is wider than `columns`. Words that
/// are, and what stands left of a description, stay whole.
class HelpFormat final : public CLI::Formatter {
 public:
  explicit HelpFormat(std::size_t columns) : columns_(columns) {}

  std::string make_footer(const CLI::App* app) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_option_desc(const CLI::Option* option) const override;

 private:
  /// For what stands right of the options.
  [[nodiscard]] std::string broken(const std::string& description) const;

  std::size_t columns_;
};

}  // namespace neve::cli
