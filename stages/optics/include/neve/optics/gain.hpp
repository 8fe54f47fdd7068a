#pragma once

#include <optional>

#include <neve/optics/fft_planner.hpp>
#include <neve/optics/pulse.hpp>

namespace neve::optics {

/// An amplifier whose gain recovers slowly, so that it saturates with the energy of the pulse and not within it: a
/// rare-earth fibre fed by a train of pulses.
///
/// Along the amplifier da/dz = (1/2) g0 L(W) / (1 + E(z)/E_sat) a, with the Lorentzian line
/// L = 1 / (1 + (2 (nu - nu0) / width)^2).
struct Amplifier {
  double small_signal_gain_db = 0;              ///< of the power at the line's centre, from end to end
  std::optional<double> saturation_energy_j{};  ///< where the gain coefficient has halved; without it nothing saturates
  std::optional<double> center_m{};             ///< of the line; without it the carrier
  std::optional<double> bandwidth_m{};          ///< FWHM of the gain coefficient in wavelength; without it flat
};

/// Result of `amplify`.
struct Amplified {
  Pulse pulse;
  double energy_gain = 1;       ///< energy out over energy in
  double line_center_gain = 1;  ///< power gain at the line's centre, saturation included
};

/// The pulse behind the amplifier, from the exact solution of the equation above: with the integrated gain G (natural
/// logarithm, at the line's centre) as the coordinate, G + sum_k e_k (exp(G L_k) - 1) / (L_k E_sat) = g0 for energies
/// e_k. With a flat line that is ln(Eout/Ein) + (Eout - Ein)/E_sat = g0.
///
/// Errors: `invalid_argument` if a number is out of range or the gain is negative.
/// Source: A. E. Siegman, Lasers, ch. 7 (saturation of a homogeneous amplifier), with the energy of a train for the
///   intensity.
[[nodiscard]] Amplified amplify(const Amplifier& amplifier, const Pulse& pulse, const FftPlanner& planner);

}  // namespace neve::optics
