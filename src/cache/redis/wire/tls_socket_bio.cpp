#include "cache/redis/wire/tls_socket_bio.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <memory>

#include <neve/base/error.hpp>

namespace neve::redis {
namespace {

int descriptor(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(::BIO_get_data(bio))); }

bool worth_retrying() { return errno == EAGAIN || errno == EINTR; }

int write_bytes(BIO* bio, const char* data, int size) {
  ::BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(descriptor(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && worth_retrying()) ::BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int read_bytes(BIO* bio, char* out, int size) {
  ::BIO_clear_retry_flags(bio);
  const ssize_t received = ::recv(descriptor(bio), out, static_cast<std::size_t>(size), 0);
  if (received < 0 && worth_retrying()) ::BIO_set_retry_read(bio);
  if (received == 0) ::BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(received);
}

long control(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
  if (command == BIO_CTRL_EOF) return ::BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

struct FreeMethod {
  void operator()(BIO_METHOD* method) const noexcept { ::BIO_meth_free(method); }
};

std::unique_ptr<BIO_METHOD, FreeMethod> make_method() {
  std::unique_ptr<BIO_METHOD, FreeMethod> method(
      ::BIO_meth_new(::BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "neve socket"));
  if (!method || ::BIO_meth_set_write(method.get(), write_bytes) != 1 ||
      ::BIO_meth_set_read(method.get(), read_bytes) != 1 || ::BIO_meth_set_ctrl(method.get(), control) != 1) {
    throw Error(ErrorCode::internal, "OpenSSL cannot make a BIO method");
  }
  return method;
}

}  // namespace

BIO* make_socket_bio(int fd) {
  static const auto method = make_method();
  BIO* bio = ::BIO_new(method.get());
  if (bio == nullptr) throw Error(ErrorCode::internal, "OpenSSL cannot make a BIO");
  ::BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
  ::BIO_set_init(bio, 1);
  return bio;
}

}  // namespace neve::redis
