#include "cache/redis/topology/client.hpp"

#include "cache/redis/topology/cluster_client.hpp"
#include "cache/redis/topology/sentinel_client.hpp"
#include "cache/redis/topology/standalone_client.hpp"

namespace neve::redis {

std::unique_ptr<Client> make_client(const RedisOptions& options) {
  switch (options.topology) {
    case RedisTopology::standalone:
      return std::make_unique<StandaloneClient>(options);
    case RedisTopology::sentinel:
      return std::make_unique<SentinelClient>(options);
    case RedisTopology::cluster:
      return std::make_unique<ClusterClient>(options);
  }
  return nullptr;
}

}  // namespace neve::redis
