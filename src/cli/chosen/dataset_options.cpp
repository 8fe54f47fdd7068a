#include "cli/chosen/dataset_options.hpp"

#include <algorithm>

#include <neve/base/error.hpp>
#include <neve/base/url.hpp>
#include <neve/base/usable_memory.hpp>
#include <neve/dataset/option_words.hpp>

namespace neve::cli {

dataset::AddOptions add_options_of(const DatasetArguments& arguments) {
  dataset::AddOptions options;
  options.id = arguments.id;
  options.name = arguments.name;
  options.sheet = arguments.sheet;
  options.encoding = arguments.encoding;
  options.header_row = arguments.header_row;
  options.unpivot = arguments.unpivot;
  options.max_source_bytes = parse_byte_size(arguments.max_size);
  options.memory_bytes = work_memory(arguments.memory);
  if (!arguments.delimiter.empty()) options.delimiter = dataset::parse_delimiter(arguments.delimiter);
  if (!arguments.quote.empty()) options.quote = dataset::parse_quote(arguments.quote);
  if (!arguments.decimal.empty()) options.decimal_mark = dataset::parse_decimal_mark(arguments.decimal);
  if (!arguments.totals.empty()) options.total_rows = dataset::parse_total_rows_use(arguments.totals);
  if (!arguments.date_order.empty()) options.date_order = dataset::parse_date_order(arguments.date_order);
  for (const std::string& text : arguments.types) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) {
      throw Error(ErrorCode::invalid_argument,
                  "--type '" + text + "': it must be COLUMN=TYPE, such as revenue=decimal");
    }
    options.types[text.substr(0, equals)] = dataset::parse_column_type(text.substr(equals + 1));
  }
  return options;
}

std::uint64_t work_memory(const std::string& said) {
  constexpr std::uint64_t kUsual = std::uint64_t{1} << 30;
  return said.empty() ? std::min(kUsual, usable_memory() / 2) : parse_byte_size(said);
}

}  // namespace neve::cli
