#pragma once

#include <string>

#include "support/certificates.hpp"
#include "support/redis_server.hpp"

namespace neve {

/// A server that speaks TLS only, wants a certificate of its clients and the password `pw`.
class RedisTlsServer {
 public:
  RedisTlsServer()
      : port_(free_port()),
        server_({"port 0", "tls-port " + std::to_string(port_), "tls-cert-file " + certificates_.path("server.crt"),
                 "tls-key-file " + certificates_.path("server.key"), "tls-ca-cert-file " + certificates_.path("ca.crt"),
                 "tls-auth-clients yes", "requirepass pw"}) {}

  [[nodiscard]] std::string url(const std::string& host, const std::string& query) const {
    return "rediss://:pw@" + host + ":" + std::to_string(port_) + "?" + query;
  }
  [[nodiscard]] std::string client() const {
    return "&cert=" + certificates_.path("client.crt") + "&key=" + certificates_.path("client.key");
  }
  [[nodiscard]] std::string ca() const { return "ca=" + certificates_.path("ca.crt"); }

  Certificates certificates_;
  int port_;
  RedisServer server_;
};

}  // namespace neve
