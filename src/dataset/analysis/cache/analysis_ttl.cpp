#include <neve/dataset/analysis/analysis_ttl.hpp>

#include <algorithm>

#include <neve/base/error.hpp>

namespace neve::dataset {

AnalysisTtlOptions AnalysisTtlOptions::at_most(std::chrono::seconds longest) {
  if (longest < std::chrono::seconds(1) || longest > std::chrono::years(1000))
    throw Error(ErrorCode::invalid_argument, "answers stay in the cache for a second to a thousand years");
  AnalysisTtlOptions options;
  options.initial = options.longest = longest;
  options.shortest = std::min(options.shortest, longest);
  options.cold = 8 * longest;
  return options;
}

AnalysisTtl::AnalysisTtl(const AnalysisTtlOptions& options, std::function<void(const std::string&)> log)
    : options_(options), log_(std::move(log)), current_(options.initial) {
  const bool ordered = std::chrono::seconds(0) < options.shortest && options.shortest <= options.initial &&
                       options.initial <= options.longest && options.cold > std::chrono::seconds(0);
  if (!ordered) {
    throw Error(ErrorCode::invalid_argument,
                "the times to live of analyses must satisfy 0 < shortest <= initial <= longest");
  }
}

std::chrono::seconds AnalysisTtl::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

std::chrono::seconds AnalysisTtl::ttl(TimePoint changed_at, TimePoint now) const {
  const std::chrono::seconds warm = current();
  return now - changed_at >= options_.cold_after ? std::max(warm, options_.cold) : warm;
}

void AnalysisTtl::count(bool hit) {
  const std::lock_guard lock(mutex_);
  ++lookups_;
  if (hit) ++hits_;
  if (options_.window == 0 || lookups_ < options_.window) return;
  adjust();
  hits_ = 0;
  lookups_ = 0;
}

void AnalysisTtl::adjust() {
  std::chrono::seconds next = current_;
  if (2 * hits_ < lookups_) next = std::min(options_.longest, 2 * current_);
  if (10 * hits_ > 9 * lookups_) next = std::max(options_.shortest, current_ * 3 / 4);
  if (next == current_) return;
  if (log_) {
    log_("analysis cache: time to live " + std::to_string(current_.count()) + " s -> " + std::to_string(next.count()) +
         " s, because " + std::to_string(hits_) + " of the last " + std::to_string(lookups_) + " lookups were hits");
  }
  current_ = next;
}

}  // namespace neve::dataset
