#include "fft_plans.hpp"

#include <array>
#include <cstdlib>
#include <mutex>

#include <neve/base/error.hpp>

namespace neve::optics {
namespace {

// FFTW's planner is one per process and not thread-safe, so its lock is one per process too.
std::mutex& planner_mutex() {
  static std::mutex mutex;
  return mutex;
}

std::string exported_wisdom() {
  char* text = fftw_export_wisdom_to_string();
  if (text == nullptr) throw Error(ErrorCode::internal, "FFTW could not export its wisdom");
  std::string wisdom(text);
  std::free(text);
  return wisdom;
}

/// For its lifetime FFTW knows the given wisdom and nothing else. Call with the planner's lock held.
class WisdomScope {
 public:
  explicit WisdomScope(const std::string& wisdom) : before_(exported_wisdom()) {
    fftw_forget_wisdom();
    accepted_ = wisdom.empty() || fftw_import_wisdom_from_string(wisdom.c_str()) != 0;
  }
  ~WisdomScope() {
    fftw_forget_wisdom();
    fftw_import_wisdom_from_string(before_.c_str());
  }
  WisdomScope(const WisdomScope&) = delete;
  WisdomScope& operator=(const WisdomScope&) = delete;

  [[nodiscard]] bool accepted() const noexcept { return accepted_; }

 private:
  std::string before_;
  bool accepted_ = false;
};

fftw_complex* raw(Complex* data) { return reinterpret_cast<fftw_complex*>(data); }
// FFTW's interface has no const; out-of-place complex transforms leave their input alone.
fftw_complex* raw(const Complex* data) { return raw(const_cast<Complex*>(data)); }

struct RawPlans {
  fftw_plan to_frequency, to_time, real_to_half, half_to_real;
};

RawPlans plan_all(std::size_t points, unsigned flags) {
  const int n = static_cast<int>(points);
  ComplexArray a(points);
  ComplexArray b(points);
  RealArray real(points);
  return {fftw_plan_dft_1d(n, raw(a.data()), raw(b.data()), FFTW_BACKWARD, flags),
          fftw_plan_dft_1d(n, raw(a.data()), raw(b.data()), FFTW_FORWARD, flags),
          fftw_plan_dft_r2c_1d(n, real.data(), raw(a.data()), flags),
          fftw_plan_dft_c2r_1d(n, raw(a.data()), real.data(), flags)};
}

void destroy_all(const RawPlans& plans) {
  for (fftw_plan plan : {plans.to_frequency, plans.to_time, plans.real_to_half, plans.half_to_real}) {
    if (plan != nullptr) fftw_destroy_plan(plan);
  }
}

bool complete(const RawPlans& plans) {
  return plans.to_frequency != nullptr && plans.to_time != nullptr && plans.real_to_half != nullptr &&
         plans.half_to_real != nullptr;
}

RawPlans wisdom_or_estimate(std::size_t points, const std::string& wisdom) {
  if (!wisdom.empty()) {
    const WisdomScope scope(wisdom);
    const RawPlans plans = plan_all(points, FFTW_MEASURE | FFTW_WISDOM_ONLY);
    if (complete(plans)) return plans;
    destroy_all(plans);
  }
  const WisdomScope nothing_known({});
  return plan_all(points, FFTW_ESTIMATE);
}

}  // namespace

void FftPlans::Destroy::operator()(fftw_plan_s* plan) const noexcept {
  const std::lock_guard lock(planner_mutex());
  fftw_destroy_plan(plan);
}

FftPlans::FftPlans(std::size_t points, const std::string& wisdom) : points_(points) {
  std::unique_lock lock(planner_mutex());
  const RawPlans plans = wisdom_or_estimate(points, wisdom);
  lock.unlock();
  to_frequency_.reset(plans.to_frequency);
  to_time_.reset(plans.to_time);
  real_to_half_.reset(plans.real_to_half);
  half_to_real_.reset(plans.half_to_real);
  if (!complete(plans)) throw Error(ErrorCode::internal, "FFTW refused to plan " + std::to_string(points) + " points");
}

void FftPlans::to_frequency(const Complex* time, Complex* spectrum) const {
  fftw_execute_dft(to_frequency_.get(), raw(time), raw(spectrum));
}

void FftPlans::to_time(const Complex* spectrum, Complex* time) const {
  fftw_execute_dft(to_time_.get(), raw(spectrum), raw(time));
}

void FftPlans::real_to_half(const double* real, Complex* half) const {
  fftw_execute_dft_r2c(real_to_half_.get(), const_cast<double*>(real), raw(half));
}

void FftPlans::half_to_real(Complex* half, double* real) const {
  fftw_execute_dft_c2r(half_to_real_.get(), raw(half), real);
}

std::string add_measured_wisdom(const std::string& wisdom, std::size_t points) {
  const std::lock_guard lock(planner_mutex());
  const WisdomScope scope(wisdom);
  if (!scope.accepted()) throw Error(ErrorCode::corrupt, "this build of FFTW does not accept the wisdom it was given");
  destroy_all(plan_all(points, FFTW_MEASURE));
  return exported_wisdom();
}

bool is_usable_wisdom(const std::string& wisdom) {
  const std::lock_guard lock(planner_mutex());
  return WisdomScope(wisdom).accepted();
}

}  // namespace neve::optics
