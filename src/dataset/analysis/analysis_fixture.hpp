#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <neve/base/clock.hpp>
#include <neve/base/error.hpp>
#include <neve/cache/memory_cache.hpp>
#include <neve/dataset/analysis/analysis.hpp>

#include "dataset/analysis/test_store.hpp"
#include "support/forwarding_cache.hpp"

namespace neve::dataset {

inline const std::string kRows =
    "SELECT * FROM (VALUES ('a', DATE '2024-01-01', 5::DECIMAL(18,6)), ('b', DATE '2024-02-01', 3), "
    "('=SUM(A1)', DATE '2024-02-01', -1)) t(customer, date, revenue)";
inline const std::string kOtherRows = "SELECT 'z' AS customer, DATE '2024-01-01' AS date, 9::DECIMAL(18,6) AS revenue";

inline std::string total_of(const AnalysisAnswer& answer) {
  return read_analysis_document(answer.document.text()).result.total.total.text();
}

/// A backend that can be told to fail, to refuse stores, or to run something before each lookup or store.
class ScriptedBackend final : public ForwardingCache {
 public:
  using ForwardingCache::ForwardingCache;

  [[nodiscard]] LookupResult lookup(const Key& key, const LookupOptions& options) override {
    if (before_lookup) before_lookup(key);
    if (away) throw Error(ErrorCode::unavailable, "the server is away");
    return ForwardingCache::lookup(key, options);
  }
  StoreResult store(const Key& key, const Entry& entry, const StoreOptions& options) override {
    if (away) throw Error(ErrorCode::unavailable, "the server is away");
    if (full) return {false, 0, "full", 0};
    last_expiry = options.expires_at;
    return ForwardingCache::store(key, entry, options);
  }

  std::function<void(const Key&)> before_lookup;
  std::atomic<bool> away{false};
  std::atomic<bool> full{false};
  std::optional<TimePoint> last_expiry;
};

class AnalysisTest : public testing::Test {
 protected:
  AnalysisTest() { store_.publish("sales", kRows); }

  [[nodiscard]] std::shared_ptr<AnalysisCache> cache_with(const std::string& secret) {
    AnalysisCacheOptions options;
    options.secret = secret;
    options.clock = &clock_;
    options.log = [this](const std::string& line) { log_.push_back(line); };
    return std::make_shared<AnalysisCache>(backend_, options);
  }
  [[nodiscard]] Analyses analyses() { return {store_.store(), cache_, {}}; }
  [[nodiscard]] AnalysisAnswer ask(Analyses& analyses, Lookup lookup = Lookup::normal) const {
    return analyses.concentration("sales", params_, {}, lookup);
  }
  void drop_artifacts() { std::filesystem::remove_all(store_.store().find("sales").analyses); }
  [[nodiscard]] std::filesystem::path artifact(const AnalysisAnswer& answer, std::size_t index) const {
    return store_.store().root() / answer.files.at(index).path;
  }

  ManualClock clock_{TimePoint(std::chrono::hours(24 * 365 * 50))};
  TestStore store_{clock_};
  std::shared_ptr<MemoryCache> memory_ = std::make_shared<MemoryCache>([this] {
    MemoryCacheOptions options;
    options.clock = &clock_;
    return options;
  }());
  std::shared_ptr<ScriptedBackend> backend_ = std::make_shared<ScriptedBackend>(memory_);
  std::vector<std::string> log_;
  std::shared_ptr<AnalysisCache> cache_ = cache_with("a secret");
  ConcentrationParams params_{"customer", "revenue", Grain::automatic, default_thresholds(), {}};
};

}  // namespace neve::dataset
