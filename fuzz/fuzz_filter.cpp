// The condition of a filter from anywhere: either refused with an Error, or a filter whose one spelling reads back as
// the same filter.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <neve/base/error.hpp>
#include <neve/dataset/analysis/row_filter.hpp>

#include "require.hpp"

namespace {

neve::dataset::Schema make_schema() {
  using neve::dataset::ColumnType;
  neve::dataset::Schema schema;
  const auto add = [&schema](const char* name, const char* original, ColumnType type) {
    neve::dataset::Column column;
    column.name = name;
    column.original = original;
    column.type = type;
    schema.columns.push_back(column);
  };
  add("region", "Region", ColumnType::text);
  add("revenue", "revenue", ColumnType::decimal);
  add("year", "year", ColumnType::integer);
  add("share", "share", ColumnType::fraction);
  add("day", "day", ColumnType::date);
  add("active", "Is \"active\"?", ColumnType::boolean);
  add("not", "not", ColumnType::text);
  return schema;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using neve::dataset::RowFilter;
  static const neve::dataset::Schema schema = make_schema();
  std::optional<RowFilter> filter;
  try {
    filter = RowFilter::parse({reinterpret_cast<const char*>(data), size}, schema);
  } catch (const neve::Error& error) {
    neve::fuzz::require(error.code() == neve::ErrorCode::invalid_argument, "what is no filter is an invalid argument");
    return 0;
  }
  const std::string text = filter->text();
  try {
    const RowFilter again = RowFilter::parse(text, schema);
    neve::fuzz::require(again.text() == text, "the one spelling of a filter is its own");
    neve::fuzz::require(again.sql() == filter->sql(), "it reads back as the same condition");
  } catch (const neve::Error& error) {
    std::fprintf(stderr, "%s\n%s\n", text.c_str(), error.what());
    neve::fuzz::require(text.size() > 4096, "the one spelling of a filter is a filter");
  }
  return 0;
}
