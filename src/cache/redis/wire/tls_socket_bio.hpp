#pragma once

#include <openssl/bio.h>

namespace neve::redis {

/// A BIO over a socket that it does not own. OpenSSL's own socket BIO writes with `write`, which raises SIGPIPE in the
/// user's process when the server has gone; this one does not.
[[nodiscard]] BIO* make_socket_bio(int fd);

}  // namespace neve::redis
