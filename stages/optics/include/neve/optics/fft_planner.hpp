#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>

namespace neve::optics {

class FftPlans;

/// Makes and shares the FFTW plans of each grid size. Plans decide the order of additions and with it the last bits of
/// every result, so this class never measures: a plan comes from the given wisdom or from FFTW's cost estimate, both of
/// which are the same in every process on one machine. See docs/decisions/fftw-plans-and-determinism.md.
///
/// Thread-safe. Wisdom that other code in the process gave to FFTW is put aside while a plan is made, then put back;
/// code that calls FFTW's planner at the same moment from another thread must serialise with FFTW's own means.
class FftPlanner {
 public:
  /// Plans by FFTW's cost estimate.
  FftPlanner();

  /// Plans from a file that `measure_wisdom` wrote, and by estimate for sizes that are not in it.
  /// Throws `invalid_argument` if there is no such file, `corrupt` if it is empty or this FFTW does not accept
  /// it.
  explicit FftPlanner(const std::filesystem::path& wisdom_file);

  ~FftPlanner();
  FftPlanner(const FftPlanner&) = delete;
  FftPlanner& operator=(const FftPlanner&) = delete;

  /// The plans for `points` samples, made on first use and shared from then on.
  [[nodiscard]] std::shared_ptr<const FftPlans> plans(std::size_t points) const;

  /// What the bits of a result depend on beside its inputs: `estimate`, or `wisdom-` and 16 hexadecimal digits of the
  /// file's SHA-256. Belongs into the version of every stage that uses the planner.
  [[nodiscard]] const std::string& fingerprint() const noexcept { return fingerprint_; }

 private:
  std::string wisdom_;
  std::string fingerprint_;
  mutable std::mutex mutex_;
  mutable std::map<std::size_t, std::shared_ptr<const FftPlans>> plans_;
};

/// Measures the fastest plans for each of `sizes` on this machine and writes them to `file`, keeping what a valid file
/// there already holds. Takes about a second per size; results computed with the new file differ in their last bits
/// from those without it. Throws `invalid_argument` for a size that no grid has, `io`.
void measure_wisdom(const std::filesystem::path& file, std::span<const std::size_t> sizes);

}  // namespace neve::optics
