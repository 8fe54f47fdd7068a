#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <neve/dataset/analysis/decimal_text.hpp>
#include <neve/dataset/analysis/threshold.hpp>
#include <neve/dataset/grain.hpp>

namespace neve::dataset {

/// The question: how much of `value` sits with how few of `group_by`. A plain value.
struct ConcentrationParams {
  std::string group_by;  ///< a column's name as the schema has it
  std::string value;     ///< a numeric column's
  Grain grain = Grain::automatic;
  std::vector<Threshold> thresholds = default_thresholds();
  std::string filter;  ///< rows to keep, such as `region = 'North' and year >= 2023`; empty: all. See row_filter.hpp
};

/// The entity of rows that name none.
inline constexpr std::string_view kBlankEntity = "(blank)";
/// The period over all rows, whatever the grain.
inline constexpr std::string_view kTotalPeriod = "TOTAL";

/// How many entities a threshold means, in one of its three senses, and what they hold.
struct ThresholdMeasure {
  std::uint64_t count = 0;
  DecimalText value;
  DecimalText pct_of_total;

  friend bool operator==(const ThresholdMeasure&, const ThresholdMeasure&) = default;
};

/// What one threshold means in each of the three senses.
struct ThresholdResult {
  std::string threshold;          ///< canonical digits, in percent
  ThresholdMeasure within;        ///< most entities whose cumulative share stays at or below it, at least one
  ThresholdMeasure reach;         ///< fewest entities whose cumulative share is at or above it
  ThresholdMeasure top_entities;  ///< that share of the entity count, rounded up

  friend bool operator==(const ThresholdResult&, const ThresholdResult&) = default;
};

/// One entity in rank order: by sum descending, then by name in code-point order.
struct RankedEntity {
  std::string entity;
  DecimalText value;
  DecimalText pct_of_total;
  DecimalText cumulative_pct;

  friend bool operator==(const RankedEntity&, const RankedEntity&) = default;
};

/// Defined where no entity's sum is negative. Indices are rounded to nine decimals, `hhi_10000` and the curve to six.
struct ConcentrationIndices {
  DecimalText hhi;        ///< sum of squared shares, 0 to 1
  DecimalText hhi_10000;  ///< the same on the scale of 10,000
  DecimalText effective_entities;
  DecimalText gini;                                         ///< population form; 0 for one entity
  std::vector<std::pair<DecimalText, DecimalText>> lorenz;  ///< % of entities, % of value, smallest first; 2 to 101

  friend bool operator==(const ConcentrationIndices&, const ConcentrationIndices&) = default;
};

/// Share in percent of the 1, 3, 5 and 10 largest entities.
struct ConcentrationRatios {
  DecimalText cr1, cr3, cr5, cr10;

  friend bool operator==(const ConcentrationRatios&, const ConcentrationRatios&) = default;
};

/// What a period with a positive net total has. Percentages are rounded half to even at six decimals.
struct PeriodMeasures {
  std::vector<ThresholdResult> thresholds;  ///< in the order of the parameters, which is ascending
  ConcentrationRatios ratios;
  std::vector<RankedEntity> head;               ///< the ten largest, or all
  std::optional<ConcentrationIndices> indices;  ///< absent: see `indices_reason`
  std::string indices_reason;                   ///< empty or `negative_entity_totals`

  friend bool operator==(const PeriodMeasures&, const PeriodMeasures&) = default;
};

/// One period, or `TOTAL`: its entities and, if its net total is positive, its measures.
struct PeriodConcentration {
  std::string period;  ///< `2024-M02`, `2024-Q1`, `2024` or `TOTAL`
  std::uint64_t entities = 0;
  DecimalText total;                       ///< exact
  std::optional<PeriodMeasures> measures;  ///< absent: the period is undefined
  std::string reason;                      ///< why it is: `non_positive_total`; else empty

  friend bool operator==(const PeriodConcentration&, const PeriodConcentration&) = default;
};

/// Entities that are written alike but for case, blanks and accents.
struct SimilarEntities {
  std::uint64_t entities = 0;  ///< that have such a counterpart; 0: there are none
  std::string first, second;   ///< two of them, counterparts; of all those first in code-point order

  friend bool operator==(const SimilarEntities&, const SimilarEntities&) = default;
};

/// The answer. Equal for equal rows, whatever their order and however many threads added them up.
struct ConcentrationResult {
  Grain grain = Grain::none;  ///< never `automatic`
  std::vector<std::string> thresholds;
  std::uint64_t rows_without_value = 0;        ///< left out
  std::uint64_t rows_without_entity = 0;       ///< counted as the entity `(blank)`
  std::uint64_t rows_without_period = 0;       ///< in the total and in no period
  std::vector<PeriodConcentration> by_period;  ///< in order of time; empty for the grain `none`
  PeriodConcentration total;
  SimilarEntities similar;  ///< not in the document, whose warnings tell of them

  friend bool operator==(const ConcentrationResult&, const ConcentrationResult&) = default;
};

/// Something a reader of the result should know. `code` is part of the interface.
struct AnalysisWarning {
  std::string code;  ///< `blank_entity`, `rows_without_value`, `rows_without_period`, `negative_entity_totals`,
                     ///< `undefined_period`, `possible_aggregate`, `similar_entities`, `total_rows_left_out`,
                     ///< `filter_keeps_nothing`
  std::string text;  ///< for a person

  friend bool operator==(const AnalysisWarning&, const AnalysisWarning&) = default;
};

/// What is remarkable about a result, in a fixed order; made from it and nothing else.
[[nodiscard]] std::vector<AnalysisWarning> warnings_of(const ConcentrationResult& result);

}  // namespace neve::dataset
