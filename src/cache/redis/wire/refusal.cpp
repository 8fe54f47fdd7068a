#include "cache/redis/wire/refusal.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace neve::redis {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kRemedies{{
    {"NOAUTH", "the server wants a password; put one into the URL"},
    {"WRONGPASS", "the user name or the password is wrong"},
    {"NOPERM", "the user lacks the permission; docs/guide/sharing-results.md lists what the cache needs"},
    {"OOM", "the server's memory is full and nothing may be evicted; raise maxmemory or set a maxmemory-policy"},
    {"READONLY", "this is a replica; point the URL at the master, or use redis+sentinel://"},
    {"MISCONF", "the server cannot save its data and takes no writes until it can; see its log"},
    {"LOADING", "the server is loading its data and will be ready soon"},
    {"BUSY", "a script keeps the server busy"},
    {"MASTERDOWN", "the replica has lost its master"},
    {"CLUSTERDOWN", "a part of the cluster has no master"},
    {"TRYAGAIN",
     "the key's slot is on its way from one node of the cluster to another; a reshard may have been cut short"},
    {"NODEAWAY", "the other nodes of the cluster are asked as ever; this one is, when it is back or has a successor"},
    {"NOREPLICAS", "the server wants more replicas before it takes writes"},
    {"DENIED", "the server is in protected mode and takes connections only from its own machine"},
}};

}  // namespace

std::string_view remedy_for(std::string_view kind) {
  for (const auto& [name, text] : kRemedies) {
    if (name == kind) return text;
  }
  return {};
}

std::string without_secret(std::string text, std::string_view secret) {
  constexpr std::string_view kHidden = "***";
  if (secret.empty()) return text;
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + kHidden.size())) {
    text.replace(at, secret.size(), kHidden);
  }
  return text;
}

RefusedError refusal(const Reply& reply, const std::string& peer) {
  std::string kind(reply.error_kind());
  if (kind.starts_with('-')) kind.erase(0, 1);
  std::string message = "Redis at " + peer + " refused: " + std::string(reply.text());
  if (const std::string_view text = remedy_for(kind); !text.empty()) message += " (" + std::string(text) + ")";
  return RefusedError(std::move(kind), message);
}

bool demoted(std::span<const Reply> replies) {
  return std::any_of(replies.begin(), replies.end(),
                     [](const Reply& reply) { return reply.error() && reply.error_kind() == "READONLY"; });
}

void require_no_error(const Reply& reply, const std::string& peer) {
  if (reply.error()) throw refusal(reply, peer);
}

}  // namespace neve::redis
