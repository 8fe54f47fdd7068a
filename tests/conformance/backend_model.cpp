#include <cstdlib>
#include <map>
#include <random>

#include "conformance/backend_suite.hpp"
#include "conformance/sample_entries.hpp"

namespace neve {
namespace {

/// What should be in a cache that never evicts.
class Model {
 public:
  void store(const std::string& key, std::uint64_t version, std::optional<TimePoint> expires_at) {
    entries_.insert_or_assign(key, Kept{version, expires_at});
  }
  bool erase(const std::string& key) { return entries_.erase(key) != 0; }
  void clear() { entries_.clear(); }

  [[nodiscard]] MissReason reason(const std::string& key, TimePoint now) const {
    const auto position = entries_.find(key);
    if (position == entries_.end()) return MissReason::absent;
    const auto& expires_at = position->second.expires_at;
    return expires_at && *expires_at <= now ? MissReason::expired : MissReason::none;
  }
  [[nodiscard]] std::uint64_t version(const std::string& key) const { return entries_.at(key).version; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Kept {
    std::uint64_t version;
    std::optional<TimePoint> expires_at;
  };
  std::map<std::string, Kept> entries_;
};

/// Set NEVE_TEST_SEED to repeat a run that failed or to try another.
std::uint64_t seed() {
  const char* text = std::getenv("NEVE_TEST_SEED");
  return text == nullptr ? 20261122 : std::strtoull(text, nullptr, 10);
}

std::string random_key(std::mt19937_64& random) {
  const std::uint64_t number = random() % 12;
  if (number < 4) return std::string(64, "0123"[number]);
  if (number < 8) return "short" + std::to_string(number);
  return std::string(100, 'x') + std::to_string(number);
}

TEST_P(BackendModel, RandomOperationsAgreeWithAMap) {
  SCOPED_TRACE("NEVE_TEST_SEED=" + std::to_string(seed()));
  std::mt19937_64 random(seed());
  Model model;
  for (std::uint64_t step = 1; step <= 1500; ++step) {
    const std::string key = random_key(random);
    switch (random() % 16) {
      case 0:
      case 1:
      case 2:
      case 3: {
        StoreOptions options;
        if (random() % 3 == 0) options.expires_at = clock().now() + (random() % 4000 + 1) * bench().tick();
        ASSERT_TRUE(store(key, versioned_entry(step, random() % 600), options).stored);
        model.store(key, step, options.expires_at);
        break;
      }
      case 4:
        ASSERT_EQ(cache().erase(Key(key)), model.erase(key)) << "step " << step;
        break;
      case 5:
        clock().advance((random() % 1000) * bench().tick());
        break;
      case 6:
        ASSERT_EQ(cache().usage().entries, model.size()) << "step " << step;
        break;
      case 7:
        if (random() % 8 == 0 && !bench().reopen()) break;
        break;
      default: {
        const LookupResult found = lookup(key);
        ASSERT_EQ(found.reason, model.reason(key, clock().now())) << "step " << step << " " << found.detail;
        if (found.reason == MissReason::expired && bench().forgets_expired()) model.erase(key);
        if (found.hit()) {
          ASSERT_EQ(found.entry->meta.at("version"), model.version(key)) << "step " << step;
          const std::size_t values = found.entry->arrays.at("data").size();
          ASSERT_TRUE(same_entry(*found.entry, versioned_entry(model.version(key), values)));
        }
      }
    }
  }
}

}  // namespace
}  // namespace neve
