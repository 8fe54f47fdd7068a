#pragma once

#include <string>

#include <neve/codec/json.hpp>
#include <neve/key/state_digest.hpp>

namespace neve {

/// SHA-256 of the config's compact JSON (contract C3); 64 hexadecimal digits.
///
/// Throws `unsupported`, naming the JSON pointer, for a NaN or an infinity: two runs could not be told apart by it.
/// Throws `invalid_argument` for text that is not UTF-8. Either makes a stage uncacheable, see `KeyOutcome`.
[[nodiscard]] std::string config_digest(const Json& config);

/// The same of the run's policies; only the messages differ.
[[nodiscard]] std::string policy_digest(const Json& policy);

}  // namespace neve
