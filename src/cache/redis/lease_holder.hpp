#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>

#include <neve/cache/flight.hpp>

namespace neve::redis {

/// This process as the holder of leases. Its name, `machine-random`, stands in the leases' tokens, and the kernel keeps
/// it for as long as the process lives: others on the machine need not wait for the leases of one that has died. An
/// object is one thread's.
class LeaseHolder {
 public:
  explicit LeaseHolder(std::string random);

  /// Empty if others could not tell.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] pid_t process() const noexcept { return process_; }

 private:
  std::string name_;
  std::unique_ptr<FlightLease> alive_;
  pid_t process_;
};

/// Whether the lease with this token is one of a process of this machine that has died.
[[nodiscard]] bool is_of_the_dead(std::string_view token);

}  // namespace neve::redis
