#pragma once

#include <memory>
#include <string>

#include <neve/dataset/analysis/analysis.hpp>
#include <neve/dataset/dataset_store.hpp>

namespace neve::python {

/// A store of datasets with the questions that are asked of it.
class StoreObject {
 public:
  /// `cache_url`: in front of the store's own artifacts; empty: none.
  StoreObject(const std::string& root, const std::string& cache_url);

  [[nodiscard]] const dataset::DatasetStore& store() const noexcept { return store_; }
  [[nodiscard]] dataset::Analyses& analyses() noexcept { return *analyses_; }

 private:
  dataset::DatasetStore store_;
  std::unique_ptr<dataset::Analyses> analyses_;
};

}  // namespace neve::python
