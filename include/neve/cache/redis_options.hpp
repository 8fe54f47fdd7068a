#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace neve {

/// Where one Redis process listens: a host and port, or the path of a unix socket.
struct RedisEndpoint {
  std::string host;
  std::uint16_t port = 6379;
  std::string unix_path;  ///< not empty: a unix socket, and host and port mean nothing

  [[nodiscard]] std::string text() const;
  friend bool operator==(const RedisEndpoint&, const RedisEndpoint&) = default;
};

/// How the server behind the endpoints is organised.
enum class RedisTopology {
  standalone,
  sentinel,  ///< the endpoints are sentinels, which know where the master is
  cluster,   ///< the endpoints are some of the nodes
};

/// Whether connections are encrypted. Chosen by the URL's scheme.
enum class TlsUse { off, on };
/// How far a server's certificate is checked. Said in URLs as `verify`.
enum class TlsVerification {
  full,  ///< the certificate must be signed by a trusted authority and name the server
  none,  ///< anybody may answer; for trying things out only
};

/// How connections are encrypted and whom they trust. A plain value.
struct RedisTls {
  TlsUse use = TlsUse::off;
  TlsVerification verification = TlsVerification::full;
  std::filesystem::path ca_file;           ///< PEM; empty: the system's authorities
  std::filesystem::path certificate_file;  ///< PEM, for servers that ask clients for one
  std::filesystem::path key_file;          ///< PEM, the certificate's private key
  std::string server_name;                 ///< for SNI and verification; empty: the endpoint's host
};

/// Whether the two halves of an entry are named so that a cluster keeps them in one slot. Reaches the keys in Redis.
enum class RedisKeyStyle {
  plain,   ///< `prefix:key:meta`, as phys-pipeline names them
  tagged,  ///< `prefix:{key}:meta`, which a cluster needs
};

/// Everything a Redis cache can be told. A plain value.
struct RedisOptions {
  RedisTopology topology = RedisTopology::standalone;
  std::vector<RedisEndpoint> endpoints{};
  std::string master_name{};  ///< for sentinel: the name the sentinels watch it under
  std::string user{};         ///< empty: the default user
  std::string password{};
  std::string sentinel_user{};
  std::string sentinel_password{};
  int database = 0;
  RedisTls tls{};

  std::string prefix = "phys-pipeline";
  RedisKeyStyle key_style = RedisKeyStyle::plain;
  std::optional<std::chrono::milliseconds> ttl{};  ///< of entries stored without an expiry of their own; absent: never
  std::uint64_t inline_limit = std::uint64_t{1} << 20;  ///< larger entries go to the blob folder
  std::filesystem::path blob_folder{};                  ///< shared by everybody who shares the server; empty: none

  std::chrono::milliseconds connect_timeout{100};    ///< until a new connection is ready for commands
  std::chrono::milliseconds operation_timeout{100};  ///< for an operation with small payloads
  std::uint64_t minimum_rate = 32 << 20;  ///< bytes per second; payloads extend the timeout by their size over this
  std::size_t idle_connections = 16;      ///< kept open per server
  /// Those that were idle for as long are closed instead of used: a firewall on the way may have forgotten them, and
  /// what is sent then is never answered.
  std::chrono::milliseconds longest_idle{60'000};

  /// From `redis://`, `rediss://` (TLS), `unix://`, `redis+sentinel://`, `rediss+sentinel://`, `redis+cluster://` or
  /// `rediss+cluster://`, as docs/guide/sharing-results.md describes them. Throws `invalid_argument`, naming what is
  /// wrong and what would be right, never a password.
  [[nodiscard]] static RedisOptions from_url(std::string_view url);

  /// The servers, database and user without any secret: the only form that may be printed.
  [[nodiscard]] std::string description() const;
};

}  // namespace neve
