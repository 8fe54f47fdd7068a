#include "cli/arguments/serve_arguments.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>

#include <CLI/CLI.hpp>

#include <neve/base/error.hpp>

namespace neve::cli {

namespace {

/// The number validators take `nan`, which is neither below nor above anything.
std::string refuse_nan(const std::string& text) {
  return std::isnan(std::strtod(text.c_str(), nullptr)) ? "'" + text + "' is no number" : "";
}

void declare_keys(CLI::App& command, ServeArguments& arguments) {
  command.add_option("--keys", arguments.keys, "file of the API keys' digests; default: .keys in the store")
      ->type_name("FILE");
  command.add_option("--add-key", arguments.add_key, "make an API key of this name, print it and end")
      ->type_name("NAME");
  command.add_flag("--without-keys", arguments.without_keys,
                   "ask nobody for a key, also where other machines can connect");
}

void declare_sizes(CLI::App& command, ServeArguments& arguments) {
  command.add_option("--max-upload", arguments.max_upload, "largest file that is taken; default: 2GiB")
      ->type_name("SIZE");
  command.add_option("--max-unpacked", arguments.max_unpacked, "what a compressed file may unpack to; default: 16GiB")
      ->type_name("SIZE");
  command
      .add_option("--memory", arguments.memory,
                  "for one addition or analysis; default: 1GiB, or half of what there is if that is less")
      ->type_name("SIZE");
  command
      .add_option(
          "--artifacts", arguments.artifacts,
          "what the files of one dataset's analyses may take, before those used least recently go; default: 1GiB")
      ->type_name("SIZE");
}

void declare_load(CLI::App& command, ServeArguments& arguments) {
  command.add_option("--jobs,-j", arguments.jobs, "additions and analyses at once; default: as many as processors")
      ->type_name("N")
      ->check(CLI::Range(1U, 65536U));
  command.add_option("--job-threads", arguments.job_threads, "threads of one analysis; default: as many as processors")
      ->type_name("N")
      ->check(CLI::Range(1U, 1024U));
  command.add_option("--queue", arguments.queue, "how many more may wait before others are answered 429; default: 16")
      ->type_name("N")
      ->check(CLI::Range(0U, 4096U));
  command
      .add_option("--threads", arguments.threads,
                  "requests handled at once beside those; three quarters of them at most receive uploads; default: 32")
      ->type_name("N")
      ->check(CLI::Range(1U, 4096U));
  command.add_option("--connections", arguments.connections, "most connections; default: 4096")
      ->type_name("N")
      ->check(CLI::Range(1U, 1048576U));
  command
      .add_option("--rate", arguments.rate, "requests a second of one API key, or of one address; default: any number")
      ->type_name("N")
      ->check(CLI::Range(1e-4, 1e9))  // one in some three hours: fewer are rather a mistake
      ->check(refuse_nan);
  command
      .add_option("--burst", arguments.burst,
                  "requests that may come at once before the rate holds, one at least; default: 20")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber)
      ->check(refuse_nan);
}

}  // namespace

void declare_serve_options(CLI::App& command, ServeArguments& arguments) {
  command.add_option("--listen", arguments.listen, "address and port; default: 127.0.0.1:8080. Port 0: any free one")
      ->type_name("HOST:PORT");
  command.add_option("--store", arguments.store, "folder of the datasets; default: storage")->type_name("DIR");
  command
      .add_option("--cache", arguments.cache, "URL of the cache of analyses; default: $NEVE_CACHE, then memory:256MiB")
      ->type_name("URL");
  command
      .add_option("--ttl", arguments.ttl,
                  "how long answers stay in the cache at most, eight times as long of datasets unchanged for 30 days; "
                  "default: 6h")
      ->type_name("TIME");
  declare_keys(command, arguments);
  declare_sizes(command, arguments);
  declare_load(command, arguments);
  command.add_option("--signed-for", arguments.signed_for, "how long addresses of artifacts need no key; default: 15m")
      ->type_name("TIME");
  command.add_option("--drain", arguments.drain, "at the end, be not ready for so long before closing; default: 0s")
      ->type_name("TIME");
  command.add_option("--grace", arguments.grace, "then let requests under way go on for so long; default: 20s")
      ->type_name("TIME");
  command.add_option("--log", arguments.log, "file to append the log to, '-' for standard error, 'none'; default: -")
      ->type_name("FILE");
}

bool ListenAddress::is_loopback() const {
  // Not a name that begins like one: where it leads, its owner says.
  const bool of_digits = host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || host == "::1" || (of_digits && host.starts_with("127."));
}

ListenAddress parse_listen_address(const std::string& text) {
  ListenAddress address;
  const std::size_t colon = text.rfind(':');
  const std::string port = colon == std::string::npos ? text : text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  address.host = colon == std::string::npos ? "127.0.0.1" : text.substr(0, colon);
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  } else if (address.host.find(':') != std::string::npos) {
    address.host = ":";  // an IPv6 address without brackets: where its port begins, nobody knows
  }
  if (port.empty() || error != std::errc() || end != port.data() + port.size() || address.host == ":") {
    throw Error(ErrorCode::invalid_argument,
                "'" + text + "' is no address to listen on; write HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080");
  }
  if (address.host.empty()) address.host = "::";
  return address;
}

}  // namespace neve::cli
