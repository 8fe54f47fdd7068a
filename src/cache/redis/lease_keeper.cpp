#include "cache/redis/lease_keeper.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <unistd.h>

#include <neve/base/random.hpp>

#include "cache/redis/entry/entry_keys.hpp"
#include "cache/redis/wire/refusal.hpp"
#include "cache/redis/wire/transport.hpp"

namespace neve::redis {
namespace {

using SteadyClock = std::chrono::steady_clock;

// The lease, or who has it. A script, so that who may run none takes no lease: it could not be given up, and stores
// under it would be refused.
constexpr const char* kTake =
    "if redis.call('set', KEYS[1], ARGV[1], 'nx', 'px', ARGV[2]) then return ARGV[1] end "
    "return redis.call('get', KEYS[1])";
// Only the holder may extend or remove a lease, and checking who that is must not be apart from doing it.
constexpr const char* kExtend =
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0";
constexpr const char* kRelease =
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

// Whoever waits looks at least twice a second (`RunOptions`, `FlightOptions`), if its machine is not busy.
constexpr const char* kUnkept =
    "if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end redis.call('set', KEYS[1], ARGV[2], 'px', 3000) "
    "return 1";
// A second run, after the reply to the first was lost, finds what that has put there.
constexpr const char* kTakeOver =
    "local holder = redis.call('get', KEYS[1]) "
    "if holder ~= ARGV[1] and holder ~= ARGV[2] then return 0 end "
    "redis.call('set', KEYS[1], ARGV[2], 'px', ARGV[3]) return 1";

// How soon after an outage the leases are given up that could not be during it.
constexpr std::chrono::milliseconds kBetweenAttempts{100};

/// Whether a server that did not answer may have carried the command out, or may do so yet.
bool may_have_reached(const Error& error) {
  return error.code() == ErrorCode::timeout || dynamic_cast<const ConnectionLost*>(&error) != nullptr;
}

}  // namespace

LeaseKeeper::LeaseKeeper(const RedisOptions& options, std::shared_ptr<Guarded> guard,
                         std::chrono::milliseconds lifetime, std::shared_ptr<Client> client)
    : options_(options),
      guard_(std::move(guard)),
      lifetime_(lifetime),
      client_(client ? std::move(client) : make_client(options_)) {}

LeaseKeeper::~LeaseKeeper() {
  if (heart_.inherited()) {
    (void)changed_.release();
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_->notify_all();
  heart_.finish();
}

std::unique_ptr<LeaseWatch> LeaseKeeper::watch(const Key& key) const {
  return LeaseWatches::add(watches_, lease_key(options_, key));
}

std::shared_ptr<HeldLease> LeaseKeeper::take(const Key& key) {
  {
    const std::lock_guard lock(mutex_);
    start_heart();
  }
  auto held = std::make_shared<HeldLease>();
  held->name = lease_key(options_, key);
  held->token = new_token();
  held->valid_until = (SteadyClock::now() + lifetime_).time_since_epoch().count();
  try {
    if (!ask_for(*held)) return nullptr;
  } catch (const Error& error) {
    if (!may_have_reached(error)) throw;
    failed(error);
    held->confirmed = false;
    return held;
  }
  const std::lock_guard lock(mutex_);
  leases_.emplace(held->token, held);
  return held;
}

/// False if somebody else has it.
bool LeaseKeeper::ask_for(const HeldLease& held) {
  const Command command({"EVAL", kTake, "1", held.name, held.token, std::to_string(lifetime_.count())}, 3);
  const Reply holder = client_->run_one(command);
  require_no_error(holder, options_.description());
  if (holder.text() == kUnkeptLease) watches_->tell_unkept(held.name);
  // It is ours, too, if the script ran twice because its first reply was lost.
  return holder.text() == held.token || (is_of_the_dead(holder.text()) && take_over(held, holder.text()));
}

/// With the lock held, before the first lease of this process. Throws std::system_error where no thread can be started.
void LeaseKeeper::start_heart() {
  if (heart_.inherited()) {  // in a forked child: the parent's leases are the parent's
    leases_.clear();
    late_.clear();
    (void)changed_.release();
    changed_ = std::make_unique<std::condition_variable>();
  }
  if (!heart_.here() && !stop_) heart_ = OwnThread([this] { beat(); });
}

std::string LeaseKeeper::new_token() {
  const std::lock_guard lock(mutex_);
  if (!holder_ || holder_->process() != ::getpid()) holder_.emplace(random_hex(16));
  return random_hex(16) + (holder_->name().empty() ? "" : "@" + holder_->name());
}

/// False if somebody else was faster, or the user may not run scripts: then it lapses by itself.
bool LeaseKeeper::take_over(const HeldLease& held, std::string_view dead) {
  const Command command({"EVAL", kTakeOver, "1", held.name, dead, held.token, std::to_string(lifetime_.count())}, 3);
  return client_->run_one(command).integer == 1;
}

void LeaseKeeper::release(const std::shared_ptr<HeldLease>& held) noexcept {
  try {
    {
      const std::lock_guard lock(mutex_);
      leases_.erase(held->token);
    }
    if (held->given_up) return;
    if (!away() && give_up({held}).empty()) return;
    // When the server began to count is not known.
    if (!held->confirmed) held->valid_until = (SteadyClock::now() + lifetime_).time_since_epoch().count();
    const std::lock_guard lock(mutex_);
    start_heart();
    late_.push_back(held);
    changed_->notify_all();
  } catch (const std::exception&) {  // the lease lapses by itself
    return;
  }
}

/// Returns those of which the server does not know it yet.
LeaseKeeper::Leases LeaseKeeper::give_up(Leases leases) {
  std::vector<Command> commands;
  for (const auto& held : leases) commands.push_back(Command({"EVAL", kRelease, "1", held->name, held->token}, 3));
  try {
    const std::vector<Reply> replies = client_->run(commands);
    Leases left;
    for (std::size_t i = 0; i < replies.size(); ++i) {
      if (replies[i].error()) left.push_back(leases[i]);
    }
    return left;
  } catch (const Error& error) {
    failed(error);
  } catch (const std::exception&) {  // as in `extend`
    return leases;
  }
  return leases;
}

/// The same of leases whose holders gave them up during an outage, without those that have lapsed meanwhile.
LeaseKeeper::Leases LeaseKeeper::give_up_late(Leases leases) {
  const auto now = SteadyClock::now().time_since_epoch().count();
  std::erase_if(leases, [now](const auto& held) { return held->valid_until <= now; });
  if (leases.empty() || away()) return leases;
  return give_up(std::move(leases));
}

void LeaseKeeper::mark_unkept(const std::shared_ptr<HeldLease>& held) {
  if (away()) return;
  try {
    const Command command({"EVAL", kUnkept, "1", held->name, held->token, kUnkeptLease}, 3);
    held->given_up = client_->run_one(command).integer == 1;
  } catch (const Error& error) {
    failed(error);
  } catch (const std::exception&) {  // what was computed is worth more than what others are told
    return;
  }
}

void LeaseKeeper::beat() {
  std::unique_lock lock(mutex_);
  for (auto next = SteadyClock::now() + lifetime_ / 3; !stop_;) {
    changed_->wait_until(lock, late_.empty() ? next : std::min(next, SteadyClock::now() + kBetweenAttempts));
    if (stop_) return;
    const bool due = SteadyClock::now() >= next;
    Leases leases;
    if (due) {
      for (const auto& [token, held] : leases_) leases.push_back(held);
    }
    Leases late = std::exchange(late_, {});
    lock.unlock();
    if (!leases.empty()) extend(leases);
    if (due) next = SteadyClock::now() + lifetime_ / 3;
    if (!late.empty()) late = give_up_late(std::move(late));
    lock.lock();
    std::move(late.begin(), late.end(), std::back_inserter(late_));
  }
}

void LeaseKeeper::extend(const Leases& leases) {
  std::vector<Command> commands;
  for (const auto& held : leases) {
    commands.push_back(Command({"EVAL", kExtend, "1", held->name, held->token, std::to_string(lifetime_.count())}, 3));
  }
  const auto valid_until = (SteadyClock::now() + lifetime_).time_since_epoch().count();
  try {
    const std::vector<Reply> replies = client_->run(commands);
    for (std::size_t i = 0; i < replies.size(); ++i) {
      if (replies[i].integer == 1) {
        leases[i]->valid_until = valid_until;
      } else if (!replies[i].error()) {
        leases[i]->lost = true;
      }
    }
  } catch (const Error& error) {
    failed(error);                   // the leases stay valid for as long as they were
  } catch (const std::exception&) {  // the same; this thread must not end the program
    return;
  }
}

}  // namespace neve::redis
