#include "groups.hpp"
#include "inputs.hpp"
#include "measurement.hpp"

#include <neve/base/digest.hpp>
#include <neve/key/state_digest.hpp>

namespace neve::bench {

int run_digest(int rounds) {
  const Entry state = make_entry("64m", "random");
  const ByteSpan raw = state.arrays.at("field").bytes().span();
  Group group("key of a 64 MB state", rounds);
  group.add("neve state digest", [&] { return time_us(1, [&] { (void)state_digest(state.meta, state.arrays); }); });
  group.add("machine: SHA-256 of the bytes", [&] { return time_us(1, [&] { (void)sha256_hex(raw); }); });
  group.claim("state digest against bare SHA-256", "neve state digest", "machine: SHA-256 of the bytes", 0.95);
  return group.run();
}

}  // namespace neve::bench
