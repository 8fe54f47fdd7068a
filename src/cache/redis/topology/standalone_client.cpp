#include "cache/redis/topology/standalone_client.hpp"

namespace neve::redis {

std::unique_ptr<TlsContext> make_tls(const RedisOptions& options) {
  return options.tls.use == TlsUse::on ? std::make_unique<TlsContext>(options.tls) : nullptr;
}

StandaloneClient::StandaloneClient(const RedisOptions& options)
    : options_(options), tls_(make_tls(options_)), pool_(options_.endpoints.front(), options_, tls_.get()) {}

}  // namespace neve::redis
