#include "cache/redis/topology/sentinel_client.hpp"

#include <algorithm>
#include <charconv>
#include <exception>

#include "cache/redis/topology/standalone_client.hpp"
#include "cache/redis/wire/refusal.hpp"
#include "cache/redis/wire/transport.hpp"

namespace neve::redis {
namespace {

RedisOptions for_sentinels(RedisOptions options) {
  options.user = options.sentinel_user;
  options.password = options.sentinel_password;
  options.database = 0;
  return options;
}

/// `within`: null for as long as an operation may take.
Reply ask(Pool& server, const Command& command, const Deadline* within) {
  return within ? server.run_one_within(command, *within) : server.run_one(command);
}

bool is_master(Pool& server, const Deadline* within) {
  const Reply reply = ask(server, Command({"ROLE"}), within);
  require_no_error(reply, server.endpoint().text());
  return !reply.items.empty() && reply.items.front().text() == "master";
}

}  // namespace

SentinelClient::SentinelClient(const RedisOptions& options)
    : options_(options), sentinel_options_(for_sentinels(options)), tls_(make_tls(options_)) {
  for (const RedisEndpoint& endpoint : options_.endpoints) {
    sentinels_.push_back(std::make_unique<Pool>(endpoint, sentinel_options_, tls_.get()));
  }
}

std::vector<Reply> SentinelClient::run(std::span<const Command> commands) {
  const std::shared_ptr<Pool> known = master();
  std::exception_ptr failure;
  bool lost = false;
  std::vector<Reply> replies;
  try {
    replies = known->run(commands);
    if (!demoted(replies)) return replies;
  } catch (const Error& error) {
    // Asking the sentinels after a timeout would make the caller wait a second time; the next one asks them.
    failure = std::current_exception();
    lost = dynamic_cast<const ConnectionLost*>(&error) != nullptr;
    if (error.code() == ErrorCode::timeout) {
      const std::lock_guard lock(mutex_);
      if (master_ == known) master_ = nullptr;
      throw;
    }
  }
  // Also after a mere loss: a master that was restarted says that it is one until the sentinels get round to it, and
  // what is stored there until then is lost.
  const std::shared_ptr<Pool> now = find_again(known);
  if (lost || now->endpoint() != known->endpoint()) return now->run(commands);
  if (failure) std::rethrow_exception(failure);
  return replies;
}

std::shared_ptr<Pool> SentinelClient::master() {
  {
    const std::lock_guard lock(mutex_);
    if (master_) return master_;
  }
  return find_again(nullptr);
}

std::shared_ptr<Pool> SentinelClient::find_again(const std::shared_ptr<Pool>& failed) {
  const auto replacement = [&] {
    const std::lock_guard lock(mutex_);
    return master_ != failed ? master_ : nullptr;
  };
  return discovery_.find(replacement, [&] {
    std::shared_ptr<Pool> found = discover();
    const std::lock_guard lock(mutex_);
    master_ = found;
    return found;
  });
}

/// One that hangs may use up the time of all: whoever was asked in vain is asked last the next time.
std::shared_ptr<Pool> SentinelClient::discover() {
  std::exception_ptr failure;
  const Deadline deadline(options_.connect_timeout + options_.operation_timeout / 2, options_.minimum_rate);
  for (std::size_t asked = 0; asked < sentinels_.size(); ++asked) {
    // The first may take its time, the others what that has left of it.
    const Deadline* const within = failure ? &deadline : nullptr;
    if (failure && deadline.remaining().count() == 0) break;
    Pool& sentinel = *sentinels_.front();
    try {
      auto candidate =
          std::make_shared<Pool>(ask_sentinel(sentinel, within), options_, tls_.get(), Reconnect::when_told);
      if (is_master(*candidate, within)) return candidate;
      throw Error(ErrorCode::unavailable, "the sentinel at " + sentinel.endpoint().text() + " names " +
                                              candidate->endpoint().text() + " as master '" + options_.master_name +
                                              "', which is a replica; a failover may be under way");
    } catch (const Error&) {
      failure = std::current_exception();
      std::rotate(sentinels_.begin(), sentinels_.begin() + 1, sentinels_.end());
    }
  }
  std::rethrow_exception(failure);
}

RedisEndpoint SentinelClient::ask_sentinel(Pool& sentinel, const Deadline* within) {
  const Command command({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", options_.master_name}, 0);
  const Reply reply = ask(sentinel, command, within);
  if (reply.error_kind() == "NOAUTH") {
    throw RefusedError("NOAUTH", "the sentinel at " + sentinel.endpoint().text() + " refused: " +
                                     std::string(reply.text()) + " (" + std::string(kSentinelPassword) + ")");
  }
  require_no_error(reply, sentinel.endpoint().text());
  if (reply.items.size() != 2) {
    throw Error(ErrorCode::unavailable,
                "the sentinel at " + sentinel.endpoint().text() + " knows no master '" + options_.master_name + "'");
  }
  const std::string_view digits = reply.items[1].text();
  RedisEndpoint endpoint{std::string(reply.items[0].text()), 0, {}};
  (void)std::from_chars(digits.data(), digits.data() + digits.size(), endpoint.port);
  return endpoint;
}

}  // namespace neve::redis
