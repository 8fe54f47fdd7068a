#include "dataset/analysis/cache/verified_answers.hpp"

#include <algorithm>

namespace neve::dataset {
namespace {

// What is held here may have been evicted where it came from, so it is little.
constexpr std::size_t kMostBytes = std::size_t{32} << 20;
constexpr std::size_t kMostAnswers = 1024;

bool same_memory(const Array& a, const Array& b) {
  return b.bytes().owned() && a.dtype() == b.dtype() && a.shape() == b.shape() && a.order() == b.order() &&
         a.bytes().span().data() == b.bytes().span().data() && a.bytes().size() == b.bytes().size();
}

bool same(const Entry& a, const Entry& b) {
  return std::equal(
             a.arrays.begin(), a.arrays.end(), b.arrays.begin(), b.arrays.end(),
             [](const auto& x, const auto& y) { return x.first == y.first && same_memory(x.second, y.second); }) &&
         a.meta == b.meta;
}

}  // namespace

std::shared_ptr<const StoredArtifacts> VerifiedAnswers::find(std::string_view key, const DatasetRecord& dataset,
                                                             const Entry& entry) {
  std::shared_ptr<const Verified> verified;
  {
    const std::lock_guard lock(mutex_);
    const auto position = verified_.find(key);
    if (position == verified_.end()) return nullptr;
    verified = position->second;
  }
  const bool fits = verified->dataset.same_rows(dataset) && same(verified->entry, entry);
  return fits ? verified->artifacts : nullptr;
}

void VerifiedAnswers::add(std::string_view key, const DatasetRecord& dataset, Entry entry,
                          std::shared_ptr<const StoredArtifacts> artifacts) {
  const std::size_t bytes = artifacts->document.size();
  if (bytes > kMostBytes) return;
  auto verified = std::make_shared<const Verified>(Verified{dataset, std::move(entry), std::move(artifacts)});
  const std::lock_guard lock(mutex_);
  if (verified_.size() >= kMostAnswers || bytes_ + bytes > kMostBytes) {
    verified_.clear();
    bytes_ = 0;
  }
  bytes_ += bytes;
  verified_.insert_or_assign(std::string(key), std::move(verified));
}

}  // namespace neve::dataset
