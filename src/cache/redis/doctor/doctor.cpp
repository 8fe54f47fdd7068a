#include "cache/redis/doctor/doctor.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include <unistd.h>

#include <neve/base/clock.hpp>
#include <neve/base/error.hpp>
#include <neve/base/quantity.hpp>

#include "cache/redis/doctor/doctor_remedies.hpp"
#include "cache/redis/doctor/permission_check.hpp"
#include "cache/redis/doctor/server_info.hpp"
#include "cache/redis/entry/entry_writer.hpp"
#include "cache/redis/topology/guard_options.hpp"
#include "cache/redis/topology/standalone_client.hpp"
#include "cache/redis/wire/refusal.hpp"
#include "cache/redis/wire/socket.hpp"

namespace neve::redis {
namespace {

using std::chrono::milliseconds;

// A person waits, so the doctor may be more patient than the cache.
constexpr milliseconds kPatience{2000};
constexpr std::chrono::seconds kSkew{30};
constexpr int kConnections = 3;  // the quickest counts: a busy machine is not a distant server

double seconds_of(milliseconds time) { return std::chrono::duration<double>(time).count(); }

std::string milliseconds_text(double seconds) { return std::to_string(std::llround(seconds * 1e3)) + " ms"; }

/// Some times what was measured, in round numbers, as an URL says it.
std::string ample(double seconds) {
  constexpr double kStep = 0.1;
  return std::to_string(std::llround(std::ceil(4 * seconds / kStep) * kStep * 1e3)) + "ms";
}

bool is_local(const RedisEndpoint& endpoint) {
  return !endpoint.unix_path.empty() || endpoint.host == "localhost" || endpoint.host == "::1" ||
         endpoint.host.starts_with("127.");
}

}  // namespace

Doctor::Doctor(RedisOptions options, TierAccess access)
    : given_(std::move(options)), options_(given_), access_(access), tls_(make_tls(options_)) {
  options_.connect_timeout = std::max(options_.connect_timeout, kPatience);
  options_.operation_timeout = std::max(options_.operation_timeout, kPatience);
}

RedisDiagnosis Doctor::examine() {
  switch (options_.topology) {
    case RedisTopology::standalone:
      examine_server(options_.endpoints.front());
      break;
    case RedisTopology::sentinel:
      examine_sentinels();
      break;
    case RedisTopology::cluster:
      examine_cluster();
      break;
  }
  examine_blobs();
  return std::move(diagnosis_);
}

void Doctor::fact(std::string name, std::string value) {
  diagnosis_.facts.emplace_back(std::move(name), std::move(value));
}

void Doctor::problem(std::string what, std::string remedy) {
  // A node of a cluster is asked twice, for the slots and for itself.
  const auto same = [&](const RedisProblem& known) { return known.what == what && known.server == examined_; };
  if (std::any_of(diagnosis_.problems.begin(), diagnosis_.problems.end(), same)) return;
  diagnosis_.problems.push_back({std::move(what), std::move(remedy), examined_});
}

/// What others found out about the server that is being examined.
void Doctor::take(RedisDiagnosis found) {
  for (auto& [name, value] : found.facts) fact(std::move(name), std::move(value));
  for (RedisProblem& each : found.problems) problem(std::move(each.what), std::move(each.remedy));
}

/// A connection that has been let in, or null and a problem.
std::unique_ptr<Connection> Doctor::connect(const RedisEndpoint& endpoint, const RedisOptions& options, LoginTo whom) {
  const Deadline deadline(options.connect_timeout, options.minimum_rate);
  std::optional<Socket> socket;
  try {
    socket = Socket::connect(endpoint, deadline);
  } catch (const Error& error) {
    problem(error.what(), connecting_remedy(endpoint, error.what()));
    return nullptr;
  }
  std::unique_ptr<Transport> transport;
  try {
    if (tls_) {
      transport = std::make_unique<TlsTransport>(*std::move(socket), *tls_, endpoint.host, deadline);
    } else {
      transport = std::make_unique<SocketTransport>(*std::move(socket));
    }
  } catch (const Error& error) {
    problem(error.what(), tls_remedy(options_.tls, error.what()));
    return nullptr;
  }
  auto connection = std::make_unique<Connection>(std::move(transport), endpoint.text());
  return log_in(*connection, options, whom) ? std::move(connection) : nullptr;
}

bool Doctor::log_in(Connection& connection, const RedisOptions& options, LoginTo whom) {
  std::vector<Command> commands;
  if (!options.password.empty()) {
    commands.push_back(options.user.empty() ? Command({"AUTH", options.password}, 0)
                                            : Command({"AUTH", options.user, options.password}, 0));
  }
  if (options.database != 0) commands.push_back(Command({"SELECT", std::to_string(options.database)}, 0));
  // Answered to whoever has not logged in, too: by a refusal.
  commands.push_back(Command({"PING"}, 0));
  for (const Command& command : commands) {
    const auto reply = ask(connection, command);
    if (!reply) return false;
    // Whoever may not PING has been let in all the same.
    if (!reply->error() || (&command == &commands.back() && reply->error_kind() == "NOPERM")) continue;
    problem("Redis at " + connection.peer() +
                " does not let us in: " + without_secret(std::string(reply->text()), options.password),
            login_remedy(*reply, options, whom));
    return false;
  }
  return true;
}

/// The reply, or nothing and a problem if there is none.
std::optional<Reply> Doctor::ask(Connection& connection, const Command& command) {
  try {
    Deadline deadline(options_.operation_timeout, options_.minimum_rate);
    return connection.run_one(command, deadline);
  } catch (const Error& error) {
    if (tls_) {
      problem(error.what(), tls_remedy(options_.tls, error.what()));
    } else if (error.code() == ErrorCode::timeout) {
      problem(error.what(),
              "it accepts connections and does not answer: it hangs, is busy, or is a port that speaks TLS "
              "(then begin the URL with 'rediss'); its log and 'redis-cli SLOWLOG GET' may say");
    } else {
      problem(error.what(), "correct the port, or begin the URL with 'rediss' if it speaks TLS");
    }
    return std::nullopt;
  }
}

void Doctor::examine_server(const RedisEndpoint& endpoint) {
  examined_ = endpoint.text();
  fact("server", examined_);
  const auto connection = connect(endpoint, options_);
  if (!connection) return;
  examine_security(endpoint);
  examine_round_trip(*connection);
  examine_connecting(endpoint);
  const auto info = ask(*connection, Command({"INFO"}, 0));
  if (!info) return;
  if (info->error()) {
    fact("memory", "not known: the user may not run INFO");
  } else {
    const ServerInfo described(info->text());
    if (described.text("redis_version").empty()) {
      problem("what listens at " + connection->peer() + " answers INFO, but not as a Redis does",
              "correct the host and port: another program answers there, or a proxy that hides the server");
      return;
    }
    RedisDiagnosis found;
    neve::redis::examine(described, options_, access_, found);
    take(std::move(found));
    if (described.mode() == "sentinel") return;
  }
  examine_clock(*connection);
  examine_inline_limit(*connection);
  RedisDiagnosis found;
  try {
    check_permissions(*connection, options_, access_, found);
  } catch (const Error& error) {
    problem(error.what(), "try again; if it stays like this, see the server's log");
  }
  take(std::move(found));
}

void Doctor::examine_security(const RedisEndpoint& endpoint) {
  if (options_.tls.use == TlsUse::on && options_.tls.verification == TlsVerification::none) {
    problem("the URL says 'verify=no': anybody may pass for the server",
            "leave it out, and name the authority with 'ca'");
  }
  if (is_local(endpoint)) return;
  if (options_.password.empty() && options_.tls.certificate_file.empty()) {
    problem("the server lets in everybody who can reach it: whoever can write the cache can choose your results",
            "set 'requirepass' or an ACL user, and put user and password into the URL");
  } else if (options_.tls.use == TlsUse::off && !options_.password.empty()) {
    problem("the password and all results cross the network in the clear",
            "use 'rediss' where the network is not yours");
  }
}

void Doctor::examine_round_trip(Connection& connection) {
  std::array<double, 5> seconds{};
  for (double& s : seconds) {
    const Stopwatch watch;
    if (!ask(connection, Command({"PING"}, 0))) return;
    s = watch.seconds();
  }
  std::nth_element(seconds.begin(), seconds.begin() + 2, seconds.end());
  const double middle = seconds[2];
  fact("round trip", std::to_string(std::llround(middle * 1e6)) + " us");
  if (middle > seconds_of(guard_options(given_).slow)) {
    problem("a round trip takes " + milliseconds_text(middle) + "; a cache stops asking a server that takes so long",
            "use a server that is nearer, or say 'timeout=" + ample(middle) +
                "' in the URL; if this one is only busy, see 'redis-cli --latency' and SLOWLOG GET");
  }
}

/// As the cache does it: the handshake and the login of a distant server are several round trips.
void Doctor::examine_connecting(const RedisEndpoint& endpoint) {
  const double limit = seconds_of(given_.connect_timeout);
  double quickest = seconds_of(options_.connect_timeout);
  for (int i = 0; i < kConnections; ++i) {
    const Stopwatch watch;
    try {
      (void)Connection::open(endpoint, options_, tls_.get());
    } catch (const Error& error) {
      problem(error.what(), "it let us in a moment ago; try again, and see its log and its 'maxclients'");
      return;
    }
    quickest = std::min(quickest, watch.seconds());
  }
  fact("connecting", std::to_string(std::llround(quickest * 1e6)) + " us");
  if (quickest <= limit) return;
  problem("a new connection takes " + milliseconds_text(quickest) + ", and the cache waits " +
              milliseconds_text(limit) + " for one: a server that far seems to be away",
          "use a server that is nearer, or say 'connect_timeout=" + ample(quickest) + "' in the URL");
}

void Doctor::examine_clock(Connection& connection) {
  const auto reply = ask(connection, Command({"TIME"}, 0));
  if (!reply || reply->items.size() != 2) return;
  const double theirs = std::strtod(std::string(reply->items[0].text()).c_str(), nullptr);
  const double ours = static_cast<double>(Clock::system().now().time_since_epoch().count()) / 1e3;
  if (std::abs(ours - theirs) < static_cast<double>(kSkew.count())) return;
  problem("this machine's clock is " + seconds_text(std::abs(ours - theirs)) + " " +
              (ours > theirs ? "ahead of" : "behind") + " the server's",
          "correct whichever is wrong: a client whose clock is ahead sees entries expire early");
}

/// A server that is sent a longer value than it takes closes the connection, which looks like an outage.
void Doctor::examine_inline_limit(Connection& connection) {
  if (access_ == TierAccess::read_only) return;
  const auto reply = ask(connection, Command({"CONFIG", "GET", "proto-max-bulk-len"}, 0));
  if (!reply || reply->items.size() != 2) return;  // who may not ask is told nothing
  const std::uint64_t most = std::strtoull(std::string(reply->items[1].text()).c_str(), nullptr, 10);
  if (most == 0 || std::min(options_.inline_limit, kLargestValue) <= most) return;
  problem("the inline limit is " + bytes_text(options_.inline_limit) + ", and the server takes values of " +
              bytes_text(most) + " at most: it closes the connection for larger ones, as if it were away",
          "say 'inline=" + std::to_string(most) + "' or less in the URL, or raise the server's 'proto-max-bulk-len'");
}

void Doctor::examine_blobs() {
  examined_.clear();  // the folder is on this machine
  const std::string limit = bytes_text(options_.inline_limit);
  const std::filesystem::path& folder = options_.blob_folder;
  if (folder.empty()) {
    fact("large entries", "above " + limit + " not shared: the URL names no blob folder ('blobs')");
    return;
  }
  fact("large entries", "above " + limit + " in " + folder.string());
  std::error_code none;
  if (!std::filesystem::is_directory(folder, none)) {
    problem("there is no blob folder '" + folder.string() + "'",
            "make it, or mount it under the same path on every machine that shares the server");
  } else if (access_ == TierAccess::read_write && ::access(folder.c_str(), W_OK | X_OK) != 0) {
    problem("the blob folder '" + folder.string() + "' cannot be written: " + std::generic_category().message(errno),
            "make it writable for you, or large entries are found and never stored");
  }
}

}  // namespace neve::redis

namespace neve {

RedisDiagnosis diagnose_redis(std::string_view url, TierAccess access) {
  return redis::Doctor(RedisOptions::from_url(url), access).examine();
}

}  // namespace neve
