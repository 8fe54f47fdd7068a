#include <neve/optics/pulse_state.hpp>

#include <fmt/format.h>

#include <neve/base/error.hpp>

namespace neve {
namespace {

constexpr std::string_view kType = "optics.pulse";

void require_pulse(const State& state) {
  const auto type = state.meta.find("type");
  if (type != state.meta.end() && *type == kType) return;
  throw Error(
      ErrorCode::invalid_argument,
      fmt::format("this is not a pulse: its metadata lack \"type\": \"{}\"; connect a stage that gives one, such as "
                  "optics.pulse or optics.fiber",
                  kType));
}

}  // namespace

State StateCodec<optics::Pulse>::encode(optics::Pulse&& pulse) {
  State state;
  state.meta["type"] = kType;
  state.meta["time_step_s"] = pulse.grid.dt_s;
  state.meta["center_wavelength_m"] = pulse.grid.wavelength_m;
  state.arrays.emplace("field", Array::from(std::move(pulse.field)));
  return state;
}

optics::Pulse StateCodec<optics::Pulse>::decode(const State& state) {
  require_pulse(state);
  optics::Pulse pulse;
  detail::decode_member(state, "time_step_s", pulse.grid.dt_s);
  detail::decode_member(state, "center_wavelength_m", pulse.grid.wavelength_m);
  detail::decode_member(state, "field", pulse.field);
  pulse.grid.points = pulse.field.size();
  pulse.check();
  return pulse;
}

}  // namespace neve
