#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <neve/codec/json.hpp>
#include <neve/pipeline/artifact.hpp>
#include <neve/pipeline/metrics.hpp>
#include <neve/pipeline/state.hpp>

namespace neve {

/// How the cache took part in one run of a stage. Never stored in an entry (contract C5).
struct CacheProvenance {
  std::string backend{};  ///< name of the tier that answered; empty without a cache
  std::string key{};      ///< empty if the stage is uncacheable
  bool hit = false;
  double lookup_s = 0;
  double store_s = 0;
  /// Why it was not a hit ("absent", "expired", ...), why it could not be cached, or why a hit was not enough.
  std::string reason{};
};

/// Where a result comes from. Describes one run; never stored in an entry.
struct Provenance {
  std::string op_name{};
  std::string version{};
  std::optional<std::string> config_hash{};
  std::optional<std::string> policy_hash{};
  std::optional<std::string> input_hash{};  ///< of what came from outside the graph: the run's input, declared files
  std::map<std::string, std::optional<std::string>> dep_hashes{};  ///< of each needed stage's state
  std::optional<std::string> output_hash{};
  double wall_time_s = 0;  ///< from the lookup to the end of the store, retries and waits included
  double compute_s = 0;    ///< in the stage itself: of this run, or of the run that stored the entry
  unsigned attempts = 0;   ///< 0 for a hit
  CacheProvenance cache{};

  /// Hashes that could not be made are null.
  [[nodiscard]] Json to_json() const;
};

/// Everything one stage gave. A plain value; copies share array bytes.
struct StageResult {
  State state{};
  bool state_kept = true;  ///< false: `state` is empty because the run did not keep it (`RunOptions::keep`)
  Metrics metrics{};
  std::vector<Artifact> artifacts{};    ///< ordered by name
  std::vector<std::string> warnings{};  ///< problems the stage reported with it, in alphabetical order
  Provenance provenance{};

  /// The artifact called `name`; throws `invalid_argument` with the nearest name.
  [[nodiscard]] const Artifact& artifact(std::string_view name) const;
};

using StageResultPtr = std::shared_ptr<const StageResult>;

}  // namespace neve
