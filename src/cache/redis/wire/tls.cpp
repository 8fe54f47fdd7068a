#include "cache/redis/wire/tls.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <system_error>
#include <utility>

#include <neve/base/error.hpp>

#include "cache/redis/wire/tls_socket_bio.hpp"

namespace neve::redis {
namespace {

/// The reason OpenSSL gives for its last error, and an empty error queue.
std::string openssl_reason() {
  const unsigned long code = ::ERR_peek_last_error();
  ::ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ::ERR_reason_error_string(code);
  return reason == nullptr ? "no reason given" : reason;
}

/// Why a file could not be read: what the system said of it comes first, and OpenSSL's own errors only say where.
std::string file_reason() {
  const unsigned long first = ::ERR_peek_error();
  const std::string reason = openssl_reason();
  return ERR_GET_LIB(first) == ERR_LIB_SYS ? std::generic_category().message(ERR_GET_REASON(first)) : reason;
}

[[noreturn]] void refuse_file(const std::string& what, const std::filesystem::path& file, const std::string& reason) {
  throw Error(ErrorCode::invalid_argument, "cannot use '" + file.string() + "' as the " + what + " for TLS: " + reason);
}

/// Left to itself OpenSSL asks for a passphrase on the terminal, and waits. `asked` is a bool, or null.
int answer_nothing(char* /*text*/, int /*size*/, int /*writing*/, void* asked) {
  if (asked != nullptr) *static_cast<bool*>(asked) = true;
  return -1;
}

void use_key(SSL_CTX* context, const std::filesystem::path& file) {
  bool encrypted = false;
  ::SSL_CTX_set_default_passwd_cb_userdata(context, &encrypted);
  const bool good = ::SSL_CTX_use_PrivateKey_file(context, file.c_str(), SSL_FILETYPE_PEM) == 1 &&
                    ::SSL_CTX_check_private_key(context) == 1;
  ::SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
  if (good) return;
  const std::string reason = file_reason();
  refuse_file("client certificate's private key ('key')", file,
              encrypted ? "it is encrypted, and nobody is asked for its passphrase; give a key without one" : reason);
}

bool is_address(const std::string& host) {
  ASN1_OCTET_STRING* address = ::a2i_IPADDRESS(host.c_str());
  ::ASN1_OCTET_STRING_free(address);
  return address != nullptr;
}

}  // namespace

TlsContext::TlsContext(const RedisTls& options) : options_(options), context_(::SSL_CTX_new(::TLS_client_method())) {
  SSL_CTX* context = context_.get();
  ::ERR_clear_error();
  if (context == nullptr || ::SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) {
    throw Error(ErrorCode::internal, "OpenSSL cannot make a TLS context: " + openssl_reason());
  }
  ::SSL_CTX_set_default_passwd_cb(context, &answer_nothing);
  (void)::SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE);
  // RESP says how long each reply is, so a connection cut short cannot pass for a short reply; it is merely lost.
  (void)::SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
  if (!options.ca_file.empty()) {
    if (::SSL_CTX_load_verify_file(context, options.ca_file.c_str()) != 1) {
      refuse_file("file of certificate authorities ('ca')", options.ca_file, file_reason());
    }
  } else if (::SSL_CTX_set_default_verify_paths(context) != 1) {
    throw Error(ErrorCode::unavailable, "the system's certificate authorities cannot be read: " + openssl_reason());
  }
  if (!options.certificate_file.empty()) {
    if (::SSL_CTX_use_certificate_chain_file(context, options.certificate_file.c_str()) != 1) {
      refuse_file("client certificate ('cert')", options.certificate_file, file_reason());
    }
    use_key(context, options.key_file);
  }
  const bool verify = options.verification == TlsVerification::full;
  ::SSL_CTX_set_verify(context, verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
}

TlsTransport::TlsTransport(Socket socket, const TlsContext& context, const std::string& host, const Deadline& deadline)
    : socket_(std::move(socket)), ssl_(::SSL_new(context.get())) {
  if (!ssl_) throw Error(ErrorCode::internal, "OpenSSL cannot begin a TLS connection: " + openssl_reason());
  BIO* bio = make_socket_bio(socket_.fd());
  ::SSL_set_bio(ssl_.get(), bio, bio);
  name_server(context, host);
  ::ERR_clear_error();
  for (;;) {
    socket_.arm_receive(deadline);
    socket_.arm_send(deadline);
    const int result = ::SSL_connect(ssl_.get());
    if (result == 1) return;
    const int error = ::SSL_get_error(ssl_.get(), result);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) throw_handshake_failure(context);
  }
}

TlsTransport::~TlsTransport() = default;

void TlsTransport::name_server(const TlsContext& context, const std::string& host) {
  const std::string& name = context.options().server_name.empty() ? host : context.options().server_name;
  if (name.empty()) return;
  bool done = false;
  if (is_address(name)) {
    done = ::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(ssl_.get()), name.c_str()) == 1;
  } else {
    // What the macro SSL_set_tlsext_host_name does, without its old-style cast.
    (void)::SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                     const_cast<char*>(name.c_str()));
    done = ::SSL_set1_host(ssl_.get(), name.c_str()) == 1;
  }
  // Without a name to compare with, any certificate of a trusted authority would do.
  if (!done) throw Error(ErrorCode::internal, "OpenSSL cannot check the name '" + name + "': " + openssl_reason());
}

void TlsTransport::throw_handshake_failure(const TlsContext& context) {
  const long verdict = ::SSL_get_verify_result(ssl_.get());
  const std::string reason = openssl_reason();
  if (verdict != X509_V_OK && context.options().verification == TlsVerification::full) {
    throw Error(ErrorCode::unavailable, "the certificate of Redis at " + socket_.peer() +
                                            " is not accepted: " + ::X509_verify_cert_error_string(verdict) +
                                            " (see 'ca' and 'sni' in the URL)");
  }
  throw Error(ErrorCode::unavailable, "no TLS connection to Redis at " + socket_.peer() + ": " + reason +
                                          " (does the port speak TLS, and does it ask for a client certificate?)");
}

void TlsTransport::after_failure(int result) {
  const int error = ::SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return;
  if (error == SSL_ERROR_SSL) {
    // A server that wants a client certificate says so only after a TLS 1.3 handshake.
    throw Error(ErrorCode::unavailable,
                "Redis at " + socket_.peer() + " ended the TLS connection: " + openssl_reason());
  }
  const int error_number = error == SSL_ERROR_SYSCALL ? errno : 0;
  ::ERR_clear_error();
  try {
    socket_.throw_lost(error_number);
  } catch (const ConnectionLost& lost) {
    // The server's complaint about a missing certificate may be overtaken by its reset of the connection.
    if (::SSL_get_certificate(ssl_.get()) != nullptr) throw;
    throw ConnectionLost(std::string(lost.what()) + " (does it ask for a client certificate? See 'cert' and 'key')");
  }
}

std::size_t TlsTransport::receive(std::span<std::byte> out, const Deadline& deadline) {
  for (;;) {
    if (::SSL_pending(ssl_.get()) == 0) socket_.arm_receive(deadline);
    std::size_t received = 0;
    const int result = ::SSL_read_ex(ssl_.get(), out.data(), out.size(), &received);
    if (result == 1) return received;
    after_failure(result);
  }
}

void TlsTransport::send(std::span<const ByteSpan> pieces, const Deadline& deadline) {
  for (const ByteSpan piece : pieces) send_all(piece, deadline);
}

void TlsTransport::send_all(ByteSpan bytes, const Deadline& deadline) {
  while (!bytes.empty()) {
    socket_.arm_send(deadline);
    std::size_t sent = 0;
    const int result = ::SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
    if (result == 1) {
      bytes = bytes.subspan(sent);
    } else {
      after_failure(result);
    }
  }
}

}  // namespace neve::redis
