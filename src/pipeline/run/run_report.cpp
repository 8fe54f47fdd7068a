#include <neve/pipeline/run_report.hpp>

#include <neve/base/utf8.hpp>

namespace neve {
namespace {

bool computed_now(StageOutcome outcome) {
  return outcome != StageOutcome::hit && outcome != StageOutcome::shared && outcome != StageOutcome::skipped;
}

}  // namespace

std::string_view to_string(StageOutcome outcome) noexcept {
  switch (outcome) {
    case StageOutcome::hit:
      return "hit";
    case StageOutcome::shared:
      return "shared";
    case StageOutcome::miss:
      return "miss";
    case StageOutcome::uncached:
      return "uncached";
    case StageOutcome::failed:
      return "failed";
    case StageOutcome::cancelled:
      return "cancelled";
    case StageOutcome::skipped:
      return "skipped";
  }
  return "skipped";
}

std::string stage_name(const std::string& node, const std::string& label) {
  return label.empty() ? node : node + " [" + label + "]";
}

ReportTotals RunReport::totals() const {
  ReportTotals totals;
  for (const StageReport& stage : stages) {
    ++totals.outcomes[std::string(to_string(stage.outcome))];
    if (stage.uncacheable) ++totals.uncacheable[stage.reason];
    if (computed_now(stage.outcome)) totals.compute_s += stage.compute_s;
    totals.lookup_s += stage.lookup_s;
    totals.store_s += stage.store_s;
    totals.saved_s += stage.saved_s;
    (computed_now(stage.outcome) ? totals.written_bytes : totals.read_bytes) += stage.stored_bytes;
  }
  return totals;
}

Json StageReport::to_json() const {
  return {{"node", node},
          {"label", repaired_utf8(label)},
          {"op_name", repaired_utf8(op_name)},
          {"outcome", to_string(outcome)},
          {"reason", repaired_utf8(reason)},
          {"uncacheable", uncacheable},
          {"backend", backend},
          {"key", key},
          {"compute_s", compute_s},
          {"lookup_s", lookup_s},
          {"store_s", store_s},
          {"wall_time_s", wall_time_s},
          {"saved_s", saved_s},
          {"stored_bytes", stored_bytes},
          {"attempts", attempts},
          {"warnings", warnings}};
}

Json RunReport::to_json() const {
  Json json = summary_json();
  Json& rows = json["stages"] = Json::array();
  for (const StageReport& stage : stages) rows.push_back(stage.to_json());
  return json;
}

Json RunReport::summary_json() const {
  const ReportTotals sum = totals();
  Json uncacheable = Json::object();
  for (const auto& [reason, count] : sum.uncacheable) uncacheable[repaired_utf8(reason)] = count;
  Json notes = Json::array();
  for (const std::string& warning : warnings) notes.push_back(repaired_utf8(warning));
  return {{"pipeline", pipeline},
          {"wall_time_s", wall_time_s},
          {"totals",
           {{"outcomes", sum.outcomes},
            {"uncacheable", std::move(uncacheable)},
            {"compute_s", sum.compute_s},
            {"lookup_s", sum.lookup_s},
            {"store_s", sum.store_s},
            {"saved_s", sum.saved_s},
            {"read_bytes", sum.read_bytes},
            {"written_bytes", sum.written_bytes}}},
          {"warnings", std::move(notes)}};
}

}  // namespace neve
