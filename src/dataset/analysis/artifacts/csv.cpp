#include <neve/codec/csv_field.hpp>
#include <neve/dataset/analysis/artifacts.hpp>

namespace neve::dataset {
namespace {

/// Lines of fields, quoted where they must be.
class CsvWriter {
 public:
  /// Text from the data: what a spreadsheet would take for a formula is made harmless.
  CsvWriter& text(std::string_view field) {
    separate();
    append_csv_text(text_, field);
    return *this;
  }
  CsvWriter& number(std::string_view digits) { return put(std::string(digits)); }
  CsvWriter& number(const DecimalText& value) { return put(value.text()); }
  CsvWriter& number(std::uint64_t value) { return put(std::to_string(value)); }
  CsvWriter& blanks(int count) {
    for (int i = 0; i < count; ++i) put("");
    return *this;
  }
  void end_line() {
    text_ += "\r\n";
    first_ = true;
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  CsvWriter& put(const std::string& field) {
    separate();
    append_csv_field(text_, field);
    return *this;
  }
  void separate() {
    if (!first_) text_ += ',';
    first_ = false;
  }

  std::string text_;
  bool first_ = true;
};

constexpr std::string_view kHeader =
    "period,status,reason,entities,total,largest_entity,largest_value,largest_pct,cr1_pct,cr3_pct,cr5_pct,cr10_pct,"
    "hhi,hhi_10000,effective_entities,gini,threshold_pct,within_count,within_value,within_pct,reach_count,reach_value,"
    "reach_pct,top_count,top_value,top_pct\r\n";
constexpr int kIndexFields = 4;
constexpr int kMeasureFields = 7 + kIndexFields + 10;

void write_period(CsvWriter& csv, const PeriodConcentration& period) {
  csv.text(period.period).text(period.measures ? "ok" : "undefined").text(period.reason);
  csv.number(period.entities).number(period.total);
}

void write_measures(CsvWriter& csv, const PeriodMeasures& measures) {
  const RankedEntity& largest = measures.head.front();
  csv.text(largest.entity).number(largest.value).number(largest.pct_of_total);
  const ConcentrationRatios& ratios = measures.ratios;
  csv.number(ratios.cr1).number(ratios.cr3).number(ratios.cr5).number(ratios.cr10);
  if (!measures.indices) {
    csv.blanks(kIndexFields);
    return;
  }
  const ConcentrationIndices& indices = *measures.indices;
  csv.number(indices.hhi).number(indices.hhi_10000).number(indices.effective_entities).number(indices.gini);
}

void write_threshold(CsvWriter& csv, const ThresholdResult& threshold) {
  csv.number(threshold.threshold);
  for (const ThresholdMeasure* measure : {&threshold.within, &threshold.reach, &threshold.top_entities}) {
    csv.number(measure->count).number(measure->value).number(measure->pct_of_total);
  }
}

void write_rows(CsvWriter& csv, const PeriodConcentration& period) {
  if (!period.measures) {
    write_period(csv, period);
    csv.blanks(kMeasureFields).end_line();
    return;
  }
  for (const ThresholdResult& threshold : period.measures->thresholds) {
    write_period(csv, period);
    write_measures(csv, *period.measures);
    write_threshold(csv, threshold);
    csv.end_line();
  }
}

}  // namespace

std::string to_csv_text(const AnalysisDocument& document) {
  CsvWriter csv;
  for (const PeriodConcentration& period : document.result.by_period) write_rows(csv, period);
  write_rows(csv, document.result.total);
  return std::string(kHeader) + csv.take();
}

}  // namespace neve::dataset
