#include <neve/base/random.hpp>

#include <vector>

#include <openssl/rand.h>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>

namespace neve {

std::string random_hex(std::size_t bytes) {
  std::vector<std::byte> random(bytes);
  if (::RAND_bytes(reinterpret_cast<unsigned char*>(random.data()), static_cast<int>(bytes)) != 1)
    throw Error(ErrorCode::internal, "the system gives no random numbers");
  return to_hex(random);
}

}  // namespace neve
