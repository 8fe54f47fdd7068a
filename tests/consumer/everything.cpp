// Links every library through neve::neve and calls into the highest of them.

#include <cstdio>

#include <neve/neve.hpp>
#include <neve/optics/pulse.hpp>

int main() {
  const neve::optics::Grid grid{.points = 1024, .dt_s = 2e-15, .wavelength_m = 835e-9};
  const auto pulse = neve::optics::make_pulse(grid, {.fwhm_s = 50e-15, .peak_power_w = 1e4});
  std::printf("%zu samples\n", pulse.field.size());
  return pulse.field.size() == grid.points ? 0 : 1;
}
