#include "dataset/analysis/cache/cache_entries.hpp"

#include <neve/base/error.hpp>

#include "dataset/analysis/compute/schema_warnings.hpp"
#include "dataset/json_member.hpp"

namespace neve::dataset {
namespace {

constexpr const char* kPlace = "cached analysis";
constexpr const char* kDocument = "document";

/// What a person who looks into the server wants to see; nothing is read from it.
Json summary_of(const StoredArtifacts& artifacts) {
  const AnalysisDocument document = read_analysis_document(artifacts.document.text());
  const PeriodConcentration& total = document.result.total;
  Json summary = {{"group_by", document.params.group_by},
                  {"value", document.params.value},
                  {"period_grain", result_name(document.result.grain)},
                  {"thresholds", document.result.thresholds},
                  {"filter", document.params.filter},
                  {"periods", document.result.by_period.size()},
                  {"entities", total.entities},
                  {"total", total.total.text()},
                  {"status", total.measures ? "ok" : total.reason}};
  if (total.measures) {
    summary["largest"] = {{"entity", total.measures->head.front().entity},
                          {"pct_of_total", total.measures->head.front().pct_of_total.text()}};
  }
  return summary;
}

template <class Read>
auto read_or_nothing(Read read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

Entry entry_of(const StoredArtifacts& artifacts) {
  Entry entry;
  Json files = Json::array();
  for (const ArtifactFile& file : artifacts.files) {
    files.push_back({{"format", file.format}, {"path", file.path}, {"sha256", file.sha256}, {"bytes", file.bytes}});
  }
  entry.meta = {{"summary", summary_of(artifacts)}, {"artifacts", std::move(files)}};
  entry.arrays.emplace(kDocument,
                       Array(DType::of<std::uint8_t>(), {artifacts.document.size()}, Order::c, artifacts.document));
  return entry;
}

std::optional<StoredArtifacts> artifacts_of(const Entry& entry) {
  return read_or_nothing([&entry] {
    StoredArtifacts artifacts;
    for (const Json& item : MemberReader(entry.meta, kPlace).list("artifacts")) {
      const MemberReader file(item, kPlace);
      artifacts.files.push_back({file.text("format"), file.text("path"), file.text("sha256"), file.count("bytes")});
    }
    const auto document = entry.arrays.find(kDocument);
    if (document == entry.arrays.end()) throw Error(ErrorCode::corrupt, "a cached analysis without its document");
    artifacts.document = document->second.bytes();
    return artifacts;
  });
}

Entry entry_of(const Schema& schema) {
  Schema selected = schema;
  std::erase_if(selected.warnings, [](const SchemaWarning& warning) { return !concerns_answers(warning); });
  for (Column& column : selected.columns) column.representation.clear();
  Entry entry;
  entry.meta = {{"schema", selected.to_json()}};
  return entry;
}

std::optional<Schema> schema_of(const Entry& entry) {
  return read_or_nothing([&entry] { return Schema::from_json(MemberReader(entry.meta, kPlace).object("schema")); });
}

}  // namespace neve::dataset
