#include <neve/optics/stage_configs.hpp>

namespace neve::optics {
namespace {

template <class C>
auto edge_field() {
  return field("largest_edge_fraction", &C::largest_edge_fraction)
      .at_least(0)
      .at_most(1)
      .doc("share of the light allowed at the edge of the time or frequency window; 1 for periodic fields");
}

}  // namespace

FieldList<PulseConfig> PulseConfig::fields() {
  using C = PulseConfig;
  return neve::fields<C>(
             field("shape", &C::shape)
                 .choices({{"sech", PulseShape::sech}, {"gaussian", PulseShape::gaussian}})
                 .doc("shape of the envelope"),
             field("fwhm_s", &C::fwhm_s).above(0).unit("s").doc("full width of the power at half maximum"),
             field("peak_power_w", &C::peak_power_w).above(0).unit("W").doc("power at the centre; or give energy_j"),
             field("energy_j", &C::energy_j).above(0).unit("J").doc("energy of the pulse; or give peak_power_w"),
             field("chirp", &C::chirp).at_least(-1e6).at_most(1e6).doc("linear chirp C; frequency rises when positive"),
             field("delay_s", &C::delay_s).at_least(-1).at_most(1).unit("s").doc("time of the centre"),
             field("wavelength_m", &C::wavelength_m)
                 .above(0)
                 .at_most(1)
                 .unit("m")
                 .doc("vacuum wavelength of the carrier"),
             field("points", &C::points).power_of_two().at_least(16).at_most(1 << 24).doc("samples of the time grid"),
             field("window_s", &C::window_s).above(0).at_most(1).unit("s").doc("length of the time grid"))
      .check([](const C& c) { return c.peak_power_w.has_value() != c.energy_j.has_value(); },
             "must give exactly one of peak_power_w and energy_j");
}

FieldList<FiberConfig> FiberConfig::fields() {
  using C = FiberConfig;
  return neve::fields<C>(
      field("length_m", &C::length_m).above(0).at_most(1e7).unit("m").doc("length of the fibre"),
      field("betas_ps_per_km", &C::betas_ps_per_km)
          .max_size(20)
          .at_least(-1e12)
          .at_most(1e12)
          .unit("ps^n/km")
          .doc("dispersion beta2, beta3, ... at the carrier, in ps^2/km, ps^3/km, ..."),
      field("gamma_per_w_m", &C::gamma_per_w_m)
          .at_least(-1e6)
          .at_most(1e6)
          .unit("1/(W m)")
          .doc("nonlinear coefficient at the carrier"),
      field("loss_db_per_m", &C::loss_db_per_m).at_least(-1e3).at_most(1e3).unit("dB/m").doc("loss of the power"),
      field("self_steepening", &C::self_steepening).doc("whether the nonlinearity grows with frequency"),
      field("shock_time_s", &C::shock_time_s)
          .at_least(0)
          .at_most(1e-9)
          .unit("s")
          .doc("time constant of self-steepening; 1/(carrier frequency) when not given"),
      field("raman_fraction", &C::raman_fraction).at_least(0).at_most(1).doc("delayed share of the response; 0 is off"),
      field("raman_tau1_s", &C::raman_tau1_s)
          .above(0)
          .at_most(1e-9)
          .unit("s")
          .doc("inverse frequency of the oscillation"),
      field("raman_tau2_s", &C::raman_tau2_s).above(0).at_most(1e-9).unit("s").doc("decay time of the oscillation"),
      field("tolerance", &C::tolerance).at_least(1e-14).at_most(0.1).doc("relative local error of one step"),
      field("planes", &C::planes)
          .at_most(2000)
          .check([](std::size_t count) { return count != 1; }, "must be 0 or at least 2")
          .doc("distances the evolution maps show; 0 for no maps"),
      edge_field<C>());
}

FieldList<GainConfig> GainConfig::fields() {
  using C = GainConfig;
  return neve::fields<C>(field("small_signal_gain_db", &C::small_signal_gain_db)
                             .at_least(0)
                             .at_most(100)
                             .unit("dB")
                             .doc("power gain of a weak pulse at the centre of the line"),
                         field("saturation_energy_j", &C::saturation_energy_j)
                             .above(0)
                             .at_most(1e3)
                             .unit("J")
                             .doc("energy that halves the gain coefficient; no saturation when not given"),
                         field("center_m", &C::center_m)
                             .above(0)
                             .at_most(1)
                             .unit("m")
                             .doc("centre of the line; the carrier when not given"),
                         field("bandwidth_m", &C::bandwidth_m)
                             .above(0)
                             .at_most(1)
                             .unit("m")
                             .doc("FWHM of the Lorentzian gain coefficient; flat when not given"),
                         edge_field<C>());
}

FieldList<FilterConfig> FilterConfig::fields() {
  using C = FilterConfig;
  return neve::fields<C>(
      field("shape", &C::shape)
          .choices({{"gaussian", FilterShape::gaussian},
                    {"supergaussian", FilterShape::supergaussian},
                    {"bandpass", FilterShape::bandpass}})
          .doc("shape of the power transmission"),
      field("center_m", &C::center_m).above(0).at_most(1).unit("m").doc("central wavelength"),
      field("fwhm_m", &C::fwhm_m).above(0).at_most(1).unit("m").doc("width of the power transmission"),
      field("order", &C::order).at_least(1).at_most(1000).doc("of the supergaussian"),
      field("transmission", &C::transmission).at_least(0).at_most(1).doc("of the power, at the centre"),
      edge_field<C>());
}

FieldList<CompressorConfig> CompressorConfig::fields() {
  using C = CompressorConfig;
  return neve::fields<C>(
             field("mode", &C::mode)
                 .choices({{"fixed", CompressorMode::fixed},
                           {"shortest", CompressorMode::shortest},
                           {"highest", CompressorMode::highest},
                           {"gratings", CompressorMode::gratings}})
                 .doc("fixed dispersion, a search for the shortest or the highest pulse, or a pair of gratings"),
             field("gdd_s2", &C::gdd_s2).at_least(-1).at_most(1).unit("s^2").doc("group-delay dispersion (fixed)"),
             field("tod_s3", &C::tod_s3)
                 .at_least(-1)
                 .at_most(1)
                 .unit("s^3")
                 .doc("third order (all modes but gratings)"),
             field("lowest_gdd_s2", &C::lowest_gdd_s2)
                 .at_least(-1)
                 .at_most(1)
                 .unit("s^2")
                 .doc("where the search begins; both ends come from the pulse's chirp when not given"),
             field("highest_gdd_s2", &C::highest_gdd_s2).at_least(-1).at_most(1).unit("s^2").doc("where it ends"),
             field("lines_per_m", &C::lines_per_m).above(0).at_most(1e8).unit("1/m").doc("density of the gratings"),
             field("incidence_rad", &C::incidence_rad)
                 .at_least(-1.57)
                 .at_most(1.57)
                 .unit("rad")
                 .doc("angle of incidence"),
             field("separation_m", &C::separation_m).above(0).at_most(100).unit("m").doc("distance of the gratings"),
             field("transmission", &C::transmission).at_least(0).at_most(1).doc("of the power"), edge_field<C>())
      .check([](const C& c) { return c.lowest_gdd_s2.has_value() == c.highest_gdd_s2.has_value(); },
             "must give both lowest_gdd_s2 and highest_gdd_s2, or neither")
      .check([](const C& c) { return !c.lowest_gdd_s2 || !c.highest_gdd_s2 || *c.lowest_gdd_s2 < *c.highest_gdd_s2; },
             "must have lowest_gdd_s2 below highest_gdd_s2");
}

FieldList<DiagnosticsConfig> DiagnosticsConfig::fields() {
  using C = DiagnosticsConfig;
  return neve::fields<C>(
             field("gate_fwhm_s", &C::gate_fwhm_s).above(0).at_most(1).unit("s").doc("width of the spectrogram's gate"),
             field("delays", &C::delays).at_least(2).at_most(4000).doc("columns of the spectrogram"),
             field("range_db", &C::range_db).at_least(3).at_most(200).unit("dB").doc("dynamic range of the pictures"),
             field("shortest_wavelength_m", &C::shortest_wavelength_m)
                 .above(0)
                 .at_most(1)
                 .unit("m")
                 .doc("where the pictures begin; fitted to the spectrum when not given"),
             field("longest_wavelength_m", &C::longest_wavelength_m)
                 .above(0)
                 .at_most(1)
                 .unit("m")
                 .doc("where they end"))
      .check(
          [](const C& c) {
            return !c.shortest_wavelength_m || !c.longest_wavelength_m ||
                   *c.shortest_wavelength_m < *c.longest_wavelength_m;
          },
          "must have shortest_wavelength_m below longest_wavelength_m");
}

}  // namespace neve::optics
