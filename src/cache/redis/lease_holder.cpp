#include "cache/redis/lease_holder.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include <unistd.h>

#include <neve/base/digest.hpp>
#include <neve/base/machine.hpp>

namespace neve::redis {
namespace {

/// What the processes of one machine have in common that see each other's abstract sockets, and no others; empty if the
/// system does not say.
std::string machine_name() {
  const std::string boot = machine_since_boot();
  std::error_code unknown;
  const std::string network = std::filesystem::read_symlink("/proc/self/ns/net", unknown).string();
  return boot.empty() || unknown ? std::string() : sha256_hex(boot + network).substr(0, 16);
}

/// Takes the name by which the processes of this machine tell that `holder` lives; null if it is taken already.
std::unique_ptr<FlightLease> take_name(const std::string& holder) {
  return HostFlight("lease-holder").try_acquire(Key(holder));
}

bool excludes_nobody(const FlightLease& lease) { return dynamic_cast<const FreeLease*>(&lease) != nullptr; }

}  // namespace

LeaseHolder::LeaseHolder(std::string random) : process_(::getpid()) {
  const std::string machine = machine_name();
  if (machine.empty()) return;
  std::string name = machine + "-" + std::move(random);
  alive_ = take_name(name);
  if (alive_ && !excludes_nobody(*alive_)) name_ = std::move(name);
}

bool is_of_the_dead(std::string_view token) {
  const std::size_t at = token.find('@');
  if (at == std::string_view::npos) return false;
  const std::string holder(token.substr(at + 1));
  const std::string machine = machine_name();
  if (machine.empty() || !holder.starts_with(machine + "-") || !Key::is_valid(holder)) return false;
  const std::unique_ptr<FlightLease> free = take_name(holder);
  return free && !excludes_nobody(*free);
}

}  // namespace neve::redis
