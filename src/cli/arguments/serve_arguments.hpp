#pragma once

#include <cstdint>
#include <string>

namespace CLI {
class App;
}

namespace neve::cli {

/// What `neve serve` takes.
struct ServeArguments {
  std::string listen = "127.0.0.1:8080";
  std::string store = "storage";
  std::string cache;  ///< URL; empty: NEVE_CACHE, then memory:256MiB
  std::string keys;   ///< file; empty: .keys in the store
  std::string add_key;
  bool without_keys = false;
  std::string max_upload = "2GiB";
  std::string memory;  ///< "": as there is
  std::string artifacts = "1GiB";
  std::string max_unpacked = "16GiB";
  std::string ttl = "6h";
  unsigned jobs = 0;
  unsigned job_threads = 0;
  unsigned queue = 16;
  unsigned threads = 32;
  unsigned connections = 4096;
  double rate = 0;
  double burst = 20;
  std::string signed_for = "15m";
  std::string drain = "0s";
  std::string grace = "20s";
  std::string log = "-";
  bool json = false;
};

/// Declares the options of `neve serve`.
void declare_serve_options(CLI::App& command, ServeArguments& arguments);

/// A host and a port. A plain value.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;

  /// Whether only this machine can reach it.
  [[nodiscard]] bool is_loopback() const;
};

/// From `127.0.0.1:8080`, `[::1]:8080`, `:8080` (every address of the machine) or `8080` (127.0.0.1). Throws
/// `invalid_argument`.
[[nodiscard]] ListenAddress parse_listen_address(const std::string& text);

}  // namespace neve::cli
