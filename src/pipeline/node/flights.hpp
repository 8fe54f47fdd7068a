#pragma once

#include <compare>
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
  unsigned attempts = 0;       ///< made in vain, with an error
};

/// The keys that are being looked up or computed in this process, over all runs at once: one computation per key.
///
/// Unlike `SingleFlight`, waiting occupies no thread: whoever comes second leaves a callback. Runs do not wait for each
/// other in a circle: nothing is held while waiting, and a leader that has to wait itself, for slots, suspends its
/// flight, so that another, which may be what the slots are taken by, can go on with the key. Thread-safe.
class Flights {
 public:
  using Callback = std::function<void(const Landing&)>;

  ~Flights();

  /// The one table of this process, a forked child's its own. It holds something only while runs are under way.
  [[nodiscard]] static Flights& of_process();

  /// What a flight is about. `cache` tells the caches apart: a result is shared among those who would store it in the
  /// same place.
  struct Subject {
    const void* cache;
    std::string key;

    friend auto operator<=>(const Subject&, const Subject&) = default;
  };

  /// True: `leader` leads and must `land` exactly once, unless it suspends. False: somebody else does.
  [[nodiscard]] bool try_lead(const Subject& subject, const void* leader);
  /// The same, but if somebody else leads `callback` will be called, by the leader's thread.
  [[nodiscard]] bool lead_or_wait(const Subject& subject, const void* leader, Callback callback);
  /// Gives the lead to whoever asks next; those who wait are told to.
  void suspend(const Subject& subject);
  /// True: nobody has led since `suspend`, and `leader` does again. False: look again, somebody may have been through.
  [[nodiscard]] bool resume(const Subject& subject, const void* leader);
  /// Ends the flight, unless it was suspended and somebody else leads; whether anybody had waited for it.
  bool land(const Subject& subject, const void* leader, const Landing& landing);

 private:
  struct Shard;

  Flights();
  [[nodiscard]] Shard& shard_of(const Subject& subject);

  std::vector<Shard> shards_;
};

}  // namespace neve
