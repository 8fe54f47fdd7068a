#pragma once

#include <optional>
#include <string_view>

#include <neve/optics/fft_planner.hpp>
#include <neve/optics/pulse.hpp>

namespace neve::optics {

/// A purely dispersive element: a_k is multiplied by exp(i (gdd/2 W^2 + tod/6 W^3)). Negative GDD undoes an up-chirp.
struct Compressor {
  double gdd_s2 = 0;
  double tod_s3 = 0;
  double transmission = 1;  ///< of the power
};

/// A pair of parallel gratings used in order -1, passed twice.
struct GratingPair {
  double lines_per_m = 0;
  double incidence_rad = 0;  ///< against the normal; sin in + sin out = wavelength times lines
  double separation_m = 0;   ///< of the gratings' planes
  double transmission = 1;   ///< of the power, all four diffractions together
};

/// The pair's dispersion at a wavelength. Throws `invalid_argument` if the order is evanescent there, or
/// the light comes from behind the grating.
/// Source: E. B. Treacy, IEEE J. Quantum Electron. 5, 454 (1969).
[[nodiscard]] Compressor dispersion_of(const GratingPair& gratings, double wavelength_m);

/// The pulse behind the compressor. Throws `invalid_argument` for numbers that are not finite.
[[nodiscard]] Pulse apply(const Compressor& compressor, const Pulse& pulse, const FftPlanner& planner);

/// The largest share of the energy that is in the outer 5 % of the time window while the dispersion grows from none to
/// the compressor's; light that it moves by a whole window counts as well. What leaves the window at one end comes in
/// at the other, so a share of 1e-4 means an error of about 1 % of the field, and the pulse may look sound with a large
/// one. Errors as `apply`. Cost: at most 40 FFTs.
[[nodiscard]] double largest_time_edge_fraction(const Compressor& compressor, const Pulse& pulse,
                                                const FftPlanner& planner);

/// What the best compression is. The names are written in pipeline files.
enum class CompressionGoal {
  shortest,  ///< the smallest FWHM
  highest,   ///< the highest peak power; the better goal for a pulse with a pedestal
};

[[nodiscard]] std::string_view to_string(CompressionGoal goal) noexcept;

/// Where to look for the best GDD.
struct CompressorSearch {
  CompressionGoal goal = CompressionGoal::shortest;
  std::optional<double> lowest_gdd_s2{};  ///< without both ends the range is taken from the pulse's own linear chirp
  std::optional<double> highest_gdd_s2{};
  double tod_s3 = 0;
  double transmission = 1;
};

/// Result of `find_best_gdd`.
struct Compressed {
  Compressor compressor;
  Pulse pulse;
};

/// Tries 257 values of GDD and refines the best by golden section to 1e-4 of the range's step. Ties go to the smaller
/// GDD. Errors: `invalid_argument` if only one end of the range is given, or the ends are not finite or in the wrong
/// order.
[[nodiscard]] Compressed find_best_gdd(const CompressorSearch& search, const Pulse& pulse, const FftPlanner& planner);

}  // namespace neve::optics
