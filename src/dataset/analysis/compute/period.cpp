#include "dataset/analysis/compute/period.hpp"

#include <neve/base/error.hpp>

#include "dataset/parquet/sql_text.hpp"

namespace neve::dataset {
namespace {

/// Whether periods of `grain` can be told apart where `finest` can. The enum lists them finest first.
bool gives(Grain finest, Grain grain) { return finest != Grain::automatic && finest <= grain; }

/// A whole number of a column; NULL outside of the range.
std::string ranged(const std::string& column, int first, int last) {
  const std::string name = sql_name(column);
  return "CASE WHEN " + name + " BETWEEN " + std::to_string(first) + " AND " + std::to_string(last) + " THEN " + name +
         " END";
}

struct Parts {
  std::string year;
  std::string quarter;
  std::string month;
};

Parts parts_of(const Schema& schema, const TimeCandidate& candidate) {
  Parts parts;
  for (const std::string& name : candidate.columns) {
    switch (schema.column(name).time_part) {
      case TimePart::date:
        return {"year(" + sql_name(name) + ")", "quarter(" + sql_name(name) + ")", "month(" + sql_name(name) + ")"};
      case TimePart::year:
        parts.year = ranged(name, -9999, 9999);
        break;
      case TimePart::quarter:
        parts.quarter = ranged(name, 1, 4);
        break;
      case TimePart::month:
        parts.month = ranged(name, 1, 12);
        parts.quarter = "((" + parts.month + ") + 2) // 3";
        break;
      case TimePart::none:
        break;
    }
  }
  return parts;
}

/// What can be asked for instead, or be done about it.
std::string what_there_is(const Schema& schema) {
  std::string names;
  for (const Grain grain : {Grain::month, Grain::quarter, Grain::year}) {
    if (time_candidate(schema, grain) != nullptr) names += std::string(to_string(grain)) + ", ";
  }
  if (!names.empty()) return "it has what it takes for: " + names + "none";
  if (!schema.period_columns.empty()) {
    return "its periods are columns, the first is '" + schema.period_columns.front() +
           "': adding it again with unpivoting (--unpivot) makes them rows";
  }
  return "it has none at all: ask without a grain, or add it again with the type of a column that has times "
         "(--type COLUMN=date)";
}

/// Rounds towards minus infinity, as the numbering does for years before 0.
std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

const TimeCandidate* time_candidate(const Schema& schema, Grain grain) {
  if (grain == Grain::none) return nullptr;
  for (const TimeCandidate& candidate : schema.time_candidates) {
    if (gives(candidate.grain, grain)) return &candidate;
  }
  return nullptr;
}

Grain resolve_grain(const Schema& schema, Grain asked) {
  if (asked == Grain::automatic)
    return schema.time_candidates.empty() ? Grain::none : schema.time_candidates.front().grain;
  if (asked == Grain::none || time_candidate(schema, asked) != nullptr) return asked;
  throw Error(ErrorCode::invalid_argument, "the dataset has no time column for the grain '" +
                                               std::string(to_string(asked)) + "'; " + what_there_is(schema));
}

std::string period_sql(const Schema& schema, Grain grain) {
  const TimeCandidate* candidate = time_candidate(schema, grain);
  if (candidate == nullptr) return "CAST(NULL AS BIGINT)";
  const Parts parts = parts_of(schema, *candidate);
  if (grain == Grain::month) return "CAST((" + parts.year + ") * 12 + (" + parts.month + ") - 1 AS BIGINT)";
  if (grain == Grain::quarter) return "CAST((" + parts.year + ") * 4 + (" + parts.quarter + ") - 1 AS BIGINT)";
  return "CAST((" + parts.year + ") AS BIGINT)";
}

std::string period_key(std::int64_t number, Grain grain) {
  const std::int64_t per_year = grain == Grain::month ? 12 : grain == Grain::quarter ? 4 : 1;
  const std::int64_t year = floor_divide(number, per_year);
  const std::int64_t part = number - year * per_year + 1;
  std::string digits = std::to_string(year < 0 ? -year : year);
  if (digits.size() < 4) digits.insert(0, 4 - digits.size(), '0');
  std::string key = (year < 0 ? "-" : "") + digits;
  if (grain == Grain::month) key += (part < 10 ? "-M0" : "-M") + std::to_string(part);
  if (grain == Grain::quarter) key += "-Q" + std::to_string(part);
  return key;
}

}  // namespace neve::dataset
