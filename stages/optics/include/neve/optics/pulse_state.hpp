#pragma once

#include <neve/optics/pulse.hpp>
#include <neve/pipeline/state_codec.hpp>

namespace neve {

/// A pulse between stages and in cache entries: metadata `type` ("optics.pulse"), `time_step_s` and
/// `center_wavelength_m`, and the array `field`, [points] complex128 in sqrt(W), ordered in time.
template <>
struct StateCodec<optics::Pulse> {
  [[nodiscard]] static State encode(optics::Pulse&& pulse);
  [[nodiscard]] static State encode(const optics::Pulse& pulse) { return encode(optics::Pulse(pulse)); }
  /// Throws `invalid_argument` if the state is not a pulse.
  [[nodiscard]] static optics::Pulse decode(const State& state);
};

}  // namespace neve
