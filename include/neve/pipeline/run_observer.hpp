#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <neve/pipeline/run_report.hpp>

namespace neve {

/// What is told of a node: its id, and in a sweep the label of the first point that uses it.
struct StageEvent {
  const std::string& node;
  const std::string& label;
};

/// Watches a run, to draw bars or write a log. Calls come from several threads at once, and must be quick; what they
/// throw is ignored. Nothing an observer does reaches a result.
class RunObserver {
 public:
  virtual ~RunObserver() = default;

  virtual void run_started(const std::string& /*pipeline*/, std::size_t /*stages*/) {}
  /// The files that the stage declares are being read, since their content is part of its key: `done` bytes of `total`,
  /// as far as their sizes tell. Told for every mebibyte; not of files that other stages or runs have read before.
  virtual void stage_reading(const StageEvent& /*stage*/, std::uint64_t /*done*/, std::uint64_t /*total*/) {}
  /// The inputs are there and the cache had no answer; the stage waits for its slots.
  virtual void stage_queued(const StageEvent& /*stage*/) {}
  /// Another process is computing the same key: the stage has given its slots back and waits for the result. Told once.
  virtual void stage_waiting(const StageEvent& /*stage*/) {}
  /// An attempt begins; the first is number 1.
  virtual void stage_started(const StageEvent& /*stage*/, unsigned /*attempt*/) {}
  virtual void stage_progress(const StageEvent& /*stage*/, double /*fraction*/, std::string_view /*text*/) {}
  /// Comes once for every stage, hits and skipped ones included.
  virtual void stage_finished(const StageEvent& /*stage*/, const StageReport& /*report*/) {}
  virtual void run_finished(const RunReport& /*report*/) {}
};

}  // namespace neve
