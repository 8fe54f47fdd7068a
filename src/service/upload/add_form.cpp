#include "service/upload/add_form.hpp"

#include <array>

#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>
#include <neve/dataset/dataset_store.hpp>
#include <neve/dataset/option_words.hpp>

#include "service/exchange/problem.hpp"
#include "service/http/header_value.hpp"
#include "service/upload/upload.hpp"

namespace neve::service {
namespace {

using dataset::AddOptions;

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  throw ProblemError(Problem{ProblemKind::invalid_parameter, what, Json{{"parameter", name}}, {}});
}

std::uint64_t read_number(const std::string& name, const std::string& value) {
  const auto number = parse_digits(value);
  if (!number) refuse(name, "'" + name + "' is a number");
  return *number;
}

bool read_flag(const std::string& name, const std::string& value) {
  if (value == "true" || value == "1" || value.empty()) return true;
  if (value == "false" || value == "0") return false;
  refuse(name, "'" + name + "' is true or false");
}

/// What `parse` makes of the value; what it throws refuses the parameter, saying what it takes.
template <class Parse>
auto read_word(const std::string& name, const std::string& value, const Parse& parse) {
  try {
    return parse(value);
  } catch (const Error& error) {
    refuse(name, std::string("'") + name + "': " + error.what());
  }
}

void apply(AddOptions& options, const std::string& name, const std::string& value) {
  static const std::vector<std::string> kNames{"id",        "name",   "sheet",      "encoding",
                                               "delimiter", "quote",  "header_row", "date_order",
                                               "decimal",   "totals", "unpivot",    "filename"};
  if (name == "id") {
    try {
      dataset::check_dataset_id(value);
    } catch (const Error& error) {
      refuse(name, error.what());
    }
    options.id = value;
  } else if (name == "name") {
    if (value.size() > 255) refuse(name, "'name' has at most 255 bytes");
    options.name = value;
  } else if (name == "sheet") {
    options.sheet = value;
  } else if (name == "encoding") {
    options.encoding = value;
  } else if (name == "delimiter") {
    options.delimiter = read_word(name, value, dataset::parse_delimiter);
  } else if (name == "quote") {
    options.quote = read_word(name, value, dataset::parse_quote);
  } else if (name == "header_row") {
    options.header_row = read_number(name, value);
  } else if (name == "date_order") {
    options.date_order = read_word(name, value, dataset::parse_date_order);
  } else if (name == "decimal") {
    options.decimal_mark = read_word(name, value, dataset::parse_decimal_mark);
  } else if (name == "totals") {
    options.total_rows = read_word(name, value, dataset::parse_total_rows_use);
  } else if (name == "unpivot") {
    options.unpivot = read_flag(name, value);
  } else if (name.starts_with("type.")) {
    try {
      options.types[name.substr(5)] = dataset::parse_column_type(value);
    } catch (const Error& error) {
      refuse(name, error.what());
    }
  } else {
    refuse(name, "'" + name + "' is no parameter here" + suggestion(name, kNames));
  }
}

}  // namespace

AddOptions add_options_from(const std::map<std::string, std::string>& fields, const std::string& filename) {
  AddOptions options;
  options.source_name = filename;
  for (const auto& [name, value] : fields) apply(options, name, value);
  if (options.id.empty()) {
    const bool by_name = filename == kNamelessUpload && !options.name.empty();
    options.id = dataset::dataset_id_of(by_name ? options.name : filename);
  }
  if (options.name.empty()) options.name = filename;
  return options;
}

void check_add_query(const QueryParameters& query) {
  std::map<std::string, std::string> fields(query.all().begin(), query.all().end());
  fields.erase("filename");
  (void)add_options_from(fields, kNamelessUpload);
}

}  // namespace neve::service
