#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <limits>
#include <mutex>
#include <thread>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/base/url.hpp>
#include <neve/base/usable_processors.hpp>
#include <neve/cache/open_cache.hpp>
#include <neve/cache/tier_url.hpp>
#include <neve/dataset/dataset_store.hpp>
#include <neve/service/http_server.hpp>
#include <neve/service/key_file.hpp>
#include <neve/service/service.hpp>

#include "cli/chosen/dataset_options.hpp"
#include "cli/commands/commands.hpp"
#include "cli/program/interrupt.hpp"
#include "cli/program/log_output.hpp"
#include "cli/program/version.hpp"
#include "cli/text/json_output.hpp"

namespace neve::cli {

namespace {

namespace fs = std::filesystem;

fs::path key_file(const ServeArguments& arguments) {
  return arguments.keys.empty() ? fs::path(arguments.store) / ".keys" : fs::path(arguments.keys);
}

/// A connection is a descriptor; the usual limit of 1024 is for programs of another kind.
void allow_many_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

/// So many that the other half of the descriptors is there for files: without one, no request gets a good answer.
std::size_t most_connections() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::numeric_limits<std::size_t>::max();
  return std::max<std::size_t>(limit.rlim_cur / 2, 1);
}

std::function<void(std::string_view)> open_log(const std::string& where) {
  if (where == "none") return {};
  return [output = std::make_shared<LogOutput>(where)](std::string_view line) { output->write(line); };
}

service::ServiceOptions service_options(const ServeArguments& arguments, const Surroundings& surroundings) {
  service::ServiceOptions options;
  options.max_upload_bytes = parse_byte_size(arguments.max_upload);
  options.max_unpacked_bytes = parse_byte_size(arguments.max_unpacked);
  options.work_memory_bytes = work_memory(arguments.memory);
  options.artifact_bytes = parse_byte_size(arguments.artifacts);
  options.work_threads = arguments.job_threads;
  options.analysis_ttl =
      dataset::AnalysisTtlOptions::at_most(std::chrono::floor<std::chrono::seconds>(parse_duration(arguments.ttl)));
  options.spill_folder = surroundings.temporary_folder;
  if (!arguments.without_keys) options.key_file = key_file(arguments);
  options.signed_for = std::chrono::ceil<std::chrono::seconds>(parse_duration(arguments.signed_for));
  options.rate_per_s = arguments.rate;
  options.burst = arguments.burst;
  options.work_running = arguments.jobs > 0 ? arguments.jobs : usable_processors();
  options.work_waiting = arguments.queue;
  options.log = open_log(arguments.log);
  return options;
}

/// Requests whose answer another one is computing already. Their threads are started when they come.
constexpr unsigned kWaitingForAnother = 1024;

/// Long requests get threads beside those for uploads and quick answers.
service::HttpServerOptions server_options(const ServeArguments& arguments, const ListenAddress& address,
                                          const service::ServiceOptions& service) {
  service::HttpServerOptions options;
  options.host = address.host;
  options.port = address.port;
  options.receiving = std::max(1U, arguments.threads * 3 / 4);
  const auto of_the_queue = static_cast<unsigned>(service.work_running + service.work_waiting);
  options.threads = std::max(arguments.threads, options.receiving + 1) + of_the_queue;
  options.more_threads = kWaitingForAnother;
  options.long_requests = of_the_queue + kWaitingForAnother;
  options.max_connections = std::min<std::size_t>(arguments.connections, most_connections());
  options.shutdown_grace = parse_duration(arguments.grace);
  return options;
}

/// Listening beyond loopback requires keys, unless --without-keys. So does naming a file of them: one that is misspelt,
/// or on a disk that is not mounted, would let in everybody whom a proxy of this machine passes on.
void check_exposure(const ServeArguments& arguments, const ListenAddress& address) {
  if (arguments.without_keys || (address.is_loopback() && arguments.keys.empty())) return;
  if (service::KeyFile(key_file(arguments)).holds_any()) return;
  if (address.is_loopback()) {
    throw Error(ErrorCode::invalid_argument, "the key file '" + arguments.keys +
                                                 "' is not there or holds no API key; make one with 'neve serve --keys "
                                                 "FILE --add-key NAME', or leave --keys out to ask nobody for a key");
  }
  throw Error(
      ErrorCode::invalid_argument,
      "'" + arguments.listen + "' can be reached from other machines, and '" + key_file(arguments).string() +
          "' holds no API key; make one with 'neve serve --add-key NAME', or say --without-keys if a proxy asks who "
          "comes");
}

/// How long after the end of serving every request has been asked to stop, cut off, and given time to notice.
std::chrono::milliseconds patience(const service::HttpServerOptions& options) {
  constexpr std::chrono::seconds kAfterTheCut{5};
  return options.shutdown_grace + options.shutdown_limit + kAfterTheCut;
}

/// A thread that calls `act` once so much time has passed since `signal`, unless it is asked to stop before.
std::jthread some_time_after(const std::stop_token& signal, std::chrono::milliseconds time, std::function<void()> act) {
  return std::jthread([signal, time, act = std::move(act)](const std::stop_token& over) {
    std::stop_source either;
    const auto stop_either = [&either] { either.request_stop(); };
    const std::stop_callback signalled(signal, stop_either);
    const std::stop_callback ended(over, stop_either);
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    changed.wait(lock, either.get_token(), [] { return false; });
    changed.wait_for(lock, over, time, [] { return false; });
    if (!over.stop_requested()) act();
  });
}

/// Answers until the first signal; then is not ready for a while, then ends. A request that cannot be asked to stop,
/// since it waits in the kernel for a file system or for a lock of somebody else's, is left behind after `patience`.
void serve(service::HttpServer& server, service::Service& service, const Interrupt& interrupt,
           std::chrono::milliseconds drain, std::chrono::milliseconds patience) {
  std::stop_source end;
  const std::jthread last_resort = some_time_after(end.get_token(), patience, [&] {
    service.log_event("error", "stopped", "a request does not end, and was left: it waits for a file or a lock");
    std::_Exit(static_cast<int>(ExitCode::timeout));
  });
  const std::stop_callback leaving(interrupt.token(), [&] { service.drain(); });
  const std::jthread drained = some_time_after(interrupt.token(), drain, [&] { end.request_stop(); });
  server.run(end.get_token());
}

}  // namespace

ExitCode serve_command(const ServeArguments& arguments, const Surroundings& surroundings) {
  const ListenAddress address = parse_listen_address(arguments.listen);
  const std::chrono::milliseconds drain = parse_duration(arguments.drain);
  if (!arguments.add_key.empty()) {
    const std::string key = service::KeyFile(key_file(arguments)).add(arguments.add_key);
    if (arguments.json) {
      print_json({{"name", arguments.add_key}, {"key", key}});
    } else {
      fmt::print("{}\n", key);
    }
    return ExitCode::ok;
  }
  check_exposure(arguments, address);
  make_folders(arguments.store);
  allow_many_descriptors();
  const Interrupt interrupt;  // before any other thread, so that all of them leave the signals to it
  const std::string cache_url = surroundings.cache_url(arguments.cache, "memory:256MiB");
  const std::shared_ptr<Observed> cache = open_cache(cache_url);
  const dataset::DatasetStore store(arguments.store);
  const service::ServiceOptions options = service_options(arguments, surroundings);
  service::Service service(store, cache, options);
  const service::HttpServerOptions listening = server_options(arguments, address, options);
  service::HttpServer server(service, listening);
  const std::string shown_cache = redacted_urls(cache_url);
  if (arguments.json) {
    print_json({{"address", "http://" + server.address()}, {"store", arguments.store}, {"cache", shown_cache}});
  } else {
    fmt::print("neve serves '{}' on http://{}\n", arguments.store, server.address());
  }
  std::fflush(stdout);
  service.log_event(
      "info", "started",
      fmt::format("neve {} on {}, store '{}', cache {}", kVersion, server.address(), arguments.store, shown_cache));
  serve(server, service, interrupt, drain, patience(listening));
  service.log_event("info", "stopped", "every request under way was answered or asked to stop");
  return ExitCode::ok;
}

}  // namespace neve::cli
