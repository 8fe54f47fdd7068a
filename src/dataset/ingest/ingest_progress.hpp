#pragma once

#include <chrono>
#include <string_view>

#include <neve/base/error.hpp>
#include <neve/dataset/add_options.hpp>

namespace neve::dataset {

/// Tells how far an addition is, a few times a second, and ends it when it is asked to stop. Used by one thread.
class IngestProgress {
 public:
  /// Borrows the options.
  explicit IngestProgress(const AddOptions& options) : options_(options) {}

  void begin(std::string_view step) {
    step_ = step;
    calls_ = 0;
    if (options_.progress) options_.progress(step_, 0);
  }

  /// Cheap enough for every row. `fraction` is called for the number when it is told. Throws `cancelled`.
  template <class Fraction>
  void step(const Fraction& fraction) {
    if ((++calls_ & 0xFFFU) == 0) tell(fraction());
  }

  /// For calls that are rare anyway.
  void tell(double fraction) {
    if (options_.stop.stop_requested())
      throw Error(ErrorCode::cancelled, "stopped before the dataset was added; nothing changed");
    const auto now = std::chrono::steady_clock::now();
    if (!options_.progress || now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    options_.progress(step_, fraction);
  }

 private:
  const AddOptions& options_;
  std::string_view step_;
  unsigned calls_ = 0;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace neve::dataset
