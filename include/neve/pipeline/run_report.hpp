#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <neve/codec/json.hpp>

namespace neve {

/// How a stage ended. Written into reports, so the names are part of the interface.
enum class StageOutcome {
  hit,       ///< taken from the cache
  shared,    ///< another thread, process or host computed it just then, and this run waited
  miss,      ///< computed, after the cache had nothing
  uncached,  ///< computed without the cache: none configured, switched off, or uncacheable (see the reason)
  failed,
  cancelled,
  skipped,  ///< something it needs did not succeed
};
[[nodiscard]] std::string_view to_string(StageOutcome outcome) noexcept;

/// Display name of a stage: `fiber`, or at a point of a sweep `fiber [fiber.length_m=0.1]`.
[[nodiscard]] std::string stage_name(const std::string& node, const std::string& label);

/// One row of the report.
struct StageReport {
  std::string node{};
  std::string label{};  ///< of the first sweep point that uses it; empty if all do
  std::string op_name{};
  StageOutcome outcome = StageOutcome::skipped;
  std::string reason{};      ///< why there was no hit, or the failure's message
  bool uncacheable = false;  ///< the reason is that something it depends on cannot be hashed exactly
  std::string backend{};
  std::string key{};
  double compute_s = 0;  ///< spent computing, by this run or by the one that stored the entry
  double lookup_s = 0;
  double store_s = 0;
  double wall_time_s = 0;
  double saved_s = 0;              ///< of a hit: compute_s - lookup_s, at least 0
  std::uint64_t stored_bytes = 0;  ///< read for a hit, written for a miss
  unsigned attempts = 0;
  std::vector<std::string> warnings{};  ///< problems the stage reported with its result

  /// Bytes that are not UTF-8, as in the message of some exception, become U+FFFD.
  [[nodiscard]] Json to_json() const;
};

/// Sums over the stages of a report. A plain value.
struct ReportTotals {
  std::map<std::string, std::uint64_t> outcomes{};     ///< stages by outcome
  std::map<std::string, std::uint64_t> uncacheable{};  ///< stages by the reason they could not be cached
  double compute_s = 0;                                ///< spent by this run
  double lookup_s = 0;
  double store_s = 0;
  double saved_s = 0;
  std::uint64_t read_bytes = 0;
  std::uint64_t written_bytes = 0;
};

/// What a run did and what the cache saved. A plain value.
struct RunReport {
  std::string pipeline{};
  double wall_time_s = 0;
  std::vector<StageReport> stages{};  ///< in the graph's order
  /// Problems that stages reported with their results, and failures that did these no harm: cache trouble, unwritten
  /// artifacts.
  std::vector<std::string> warnings{};

  [[nodiscard]] ReportTotals totals() const;
  /// With the stages as a list `stages`. What is not UTF-8 is mended as there.
  [[nodiscard]] Json to_json() const;
  /// All of it but the stages.
  [[nodiscard]] Json summary_json() const;
  /// A table for a terminal, 80 to 120 columns, ending in a line of totals and in the warnings; control characters are
  /// blanks. A row per stage; of more than 40 of them, a row for all points of a sweep at which a stage ended alike.
  [[nodiscard]] std::string table() const;
  /// The same with reasons cut to their first line and that to a width, for where whole messages stand elsewhere.
  [[nodiscard]] std::string table(std::size_t widest_reason) const;
};

}  // namespace neve
