#pragma once

#include <memory>
#include <string>

#include <openssl/ssl.h>

#include <neve/cache/redis_options.hpp>

#include "cache/redis/wire/socket.hpp"

namespace neve::redis {

/// What all TLS connections of one cache share: trusted authorities and the client's certificate. Safe from any thread
/// once made.
class TlsContext {
 public:
  /// Reads the files. Throws `invalid_argument`, naming the file, if one cannot be used.
  explicit TlsContext(const RedisTls& options);

  [[nodiscard]] SSL_CTX* get() const noexcept { return context_.get(); }
  [[nodiscard]] const RedisTls& options() const noexcept { return options_; }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const noexcept { ::SSL_CTX_free(context); }
  };
  RedisTls options_;
  std::unique_ptr<SSL_CTX, Free> context_;
};

/// Bytes over TLS 1.2 or later.
class TlsTransport final : public Transport {
 public:
  /// Shakes hands. `host` is what the certificate must name unless the options say otherwise. Throws `unavailable`,
  /// saying what is wrong with the certificate or why the server refused ours, and `timeout`.
  TlsTransport(Socket socket, const TlsContext& context, const std::string& host, const Deadline& deadline);
  ~TlsTransport() override;

  std::size_t receive(std::span<std::byte> out, const Deadline& deadline) override;
  /// Of what is decrypted: the socket may well hold records of the protocol's own, such as session tickets.
  [[nodiscard]] bool quiet() const noexcept override { return ::SSL_pending(ssl_.get()) == 0; }
  void send(std::span<const ByteSpan> pieces, const Deadline& deadline) override;

 private:
  struct Free {
    void operator()(SSL* ssl) const noexcept { ::SSL_free(ssl); }
  };

  void name_server(const TlsContext& context, const std::string& host);
  void send_all(ByteSpan bytes, const Deadline& deadline);
  void after_failure(int result);
  [[noreturn]] void throw_handshake_failure(const TlsContext& context);

  Socket socket_;
  std::unique_ptr<SSL, Free> ssl_;
};

}  // namespace neve::redis
