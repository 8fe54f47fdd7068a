#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/key/digests.hpp>

namespace neve {
namespace {

std::string exact_digest(const Json& value, const char* what) {
  if (const auto pointer = find_non_finite(value)) {
    throw Error(ErrorCode::unsupported, std::string("the ") + what + " holds NaN or an infinity at '" + *pointer +
                                            "', which has no exact digest; use a finite number or null");
  }
  return sha256_hex(dump_compact_json(value));
}

}  // namespace

std::string config_digest(const Json& config) { return exact_digest(config, "config"); }
std::string policy_digest(const Json& policy) { return exact_digest(policy, "policy"); }

}  // namespace neve
