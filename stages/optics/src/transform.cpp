#include "transform.hpp"

#include "fft_plans.hpp"

namespace neve::optics {

ComplexArray to_spectrum(const Pulse& pulse, const FftPlanner& planner) {
  const ComplexArray time(pulse.field.begin(), pulse.field.end());
  ComplexArray spectrum(time.size());
  planner.plans(time.size())->to_frequency(time.data(), spectrum.data());
  const double scale = 1.0 / static_cast<double>(time.size());
  for (Complex& a : spectrum) a *= scale;
  return spectrum;
}

Pulse from_spectrum(const Grid& grid, const ComplexArray& spectrum, const FftPlanner& planner) {
  ComplexArray time(spectrum.size());
  planner.plans(spectrum.size())->to_time(spectrum.data(), time.data());
  return {grid, std::vector<Complex>(time.begin(), time.end())};
}

}  // namespace neve::optics
