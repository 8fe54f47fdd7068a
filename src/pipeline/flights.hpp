#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <neve/base/error.hpp>
#include <neve/pipeline/stage_result.hpp>

namespace neve {

/// What the one who computed passes to those who waited. A plain value.
struct Landing {
  StageResultPtr result;       ///< null if there is none
  std::optional<Error> error;  ///< why, if those who waited would fail the same way; empty: they should try themselves
  bool hit = false;            ///< it was found in the cache, not computed
};

/// The keys that are being looked up or computed in this process, over all runs at once: one computation per key.
///
/// Unlike `SingleFlight`, waiting occupies no thread: whoever comes second leaves a callback. That also rules out that
/// runs wait for each other in a circle, because nothing is held while waiting. Thread-safe.
class Flights {
 public:
  using Callback = std::function<void(const Landing&)>;

  /// The one table of this process. It holds something only while runs are under way.
  [[nodiscard]] static Flights& of_process();

  /// True: the caller leads and must `land` exactly once. False: somebody else does.
  [[nodiscard]] bool try_lead(const void* cache, const std::string& key);
  /// The same, but if somebody else leads `callback` will be called, by the leader's thread.
  /// `cache` tells the caches apart: a result is shared among those who would store it in the same place.
  [[nodiscard]] bool lead_or_wait(const void* cache, const std::string& key, Callback callback);
  /// Ends the flight; whether anybody had waited for it.
  bool land(const void* cache, const std::string& key, const Landing& landing);

 private:
  struct Shard;

  Flights();
  ~Flights();
  [[nodiscard]] Shard& shard_of(const std::string& key);

  std::vector<Shard> shards_;
};

}  // namespace neve
