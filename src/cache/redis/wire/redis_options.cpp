#include <neve/cache/redis_options.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>
#include <neve/base/url.hpp>
#include <neve/cache/open_redis.hpp>
#include <neve/cache/tier_url.hpp>

namespace neve {
namespace {

constexpr std::uint16_t kRedisPort = 6379;
constexpr std::uint16_t kSentinelPort = 26379;

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorCode::invalid_argument, what); }

/// Said without repeating what may well be a part of a password.
constexpr const char* kStrayAt =
    "an '@' stands behind the host of a Redis URL; in a password write %2F for '/', %3F for '?' and %40 for '@'";

/// A URL may list several hosts; the base parser knows one. Cuts the others out of `text` and returns them.
std::vector<std::string> take_further_hosts(std::string& text) {
  std::vector<std::string> hosts;
  const std::size_t authority = text.find("://");
  if (authority == std::string::npos) return hosts;
  const std::size_t end = std::min(text.find_first_of("/?", authority + 3), text.size());
  const std::size_t at = text.rfind('@', end);
  const std::size_t begin = at == std::string::npos || at < authority ? authority + 3 : at + 1;
  const std::size_t comma = text.find(',', begin);
  if (comma == std::string::npos || comma >= end) return hosts;
  std::string_view rest = std::string_view(text).substr(comma, end - comma);
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::size_t next = std::min(rest.find(','), rest.size());
    hosts.emplace_back(rest.substr(0, next));
    rest.remove_prefix(next);
  }
  text.erase(comma, end - comma);
  return hosts;
}

/// What a path never has: then a password has been cut in two at its '/'.
void require_no_stray_at(std::string_view text) {
  const std::size_t authority = text.find("://");
  if (authority == std::string_view::npos) return;
  const std::size_t query = std::min(text.find('?'), text.size());
  const std::size_t path = std::min(text.find('/', authority + 3), query);
  if (text.substr(path, query - path).find('@') != std::string_view::npos) refuse(kStrayAt);
}

RedisEndpoint endpoint_of(const Url& url, std::uint16_t default_port) {
  if (url.host.empty()) refuse("a Redis URL names its host, as in 'redis://localhost:6379'");
  return {url.host, url.port.value_or(default_port), {}};
}

int parse_database(std::string_view text) {
  int database = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), database);
  if (error != std::errc() || end != text.data() + text.size() || database < 0) {
    if (text.find('@') != std::string_view::npos) refuse(kStrayAt);
    refuse("the database in a Redis URL must be a number, not '" + std::string(text) + "'");
  }
  return database;
}

std::chrono::milliseconds parse_milliseconds(const std::string& name, const std::string& text) {
  if (text.find('@') != std::string::npos) refuse(kStrayAt);
  const std::chrono::milliseconds milliseconds = parse_duration(text);
  const bool timeout = name != "ttl";  // a clock's nanoseconds end before one of centuries
  if (timeout && milliseconds > std::chrono::days(1)) refuse("'" + name + "=" + text + "' in a Redis URL is too long");
  if (milliseconds.count() == 0) {
    refuse("'" + name + "' in a Redis URL must be more than nothing, not '" + text + "'; leave it out for none");
  }
  return milliseconds;
}

bool parse_yes_no(const std::string& name, const std::string& text) {
  if (text == "yes") return true;
  if (text != "no") refuse("'" + name + "' in a Redis URL must be yes or no, not '" + text + "'");
  return false;
}

std::string checked_prefix(const std::string& text) {
  const auto fits = [](char c) {
    return c > ' ' && c < 0x7f && c != '{' && c != '}' && c != '*' && c != '?' && c != '[' && c != '\\';
  };
  if (text.empty() || text.size() > 200 || !std::all_of(text.begin(), text.end(), fits)) {
    refuse("the prefix in a Redis URL must be 1 to 200 visible characters without { } * ? [ \\, not '" + text + "'");
  }
  return text;
}

using Setter = void (*)(RedisOptions&, const std::string&);

const std::array<std::pair<std::string, Setter>, 18> kSettings{{
    {"blobs", [](RedisOptions& o, const std::string& v) { o.blob_folder = v; }},
    {"ca", [](RedisOptions& o, const std::string& v) { o.tls.ca_file = v; }},
    {"cert", [](RedisOptions& o, const std::string& v) { o.tls.certificate_file = v; }},
    {"connect_timeout",
     [](RedisOptions& o, const std::string& v) { o.connect_timeout = parse_milliseconds("connect_timeout", v); }},
    {"db", [](RedisOptions& o, const std::string& v) { o.database = parse_database(v); }},
    {"inline", [](RedisOptions& o, const std::string& v) { o.inline_limit = parse_byte_size(v); }},
    {"key", [](RedisOptions& o, const std::string& v) { o.tls.key_file = v; }},
    {"password", [](RedisOptions& o, const std::string& v) { o.password = v; }},
    {"prefix", [](RedisOptions& o, const std::string& v) { o.prefix = checked_prefix(v); }},
    {"rate",
     [](RedisOptions& o, const std::string& v) { o.minimum_rate = std::max<std::uint64_t>(1, parse_byte_size(v)); }},
    {"sentinel_password", [](RedisOptions& o, const std::string& v) { o.sentinel_password = v; }},
    {"sentinel_user", [](RedisOptions& o, const std::string& v) { o.sentinel_user = v; }},
    {"sni", [](RedisOptions& o, const std::string& v) { o.tls.server_name = v; }},
    {"tags",
     [](RedisOptions& o, const std::string& v) {
       o.key_style = parse_yes_no("tags", v) ? RedisKeyStyle::tagged : RedisKeyStyle::plain;
     }},
    {"timeout", [](RedisOptions& o, const std::string& v) { o.operation_timeout = parse_milliseconds("timeout", v); }},
    {"ttl", [](RedisOptions& o, const std::string& v) { o.ttl = parse_milliseconds("ttl", v); }},
    {"user", [](RedisOptions& o, const std::string& v) { o.user = v; }},
    {"verify",
     [](RedisOptions& o, const std::string& v) {
       o.tls.verification = parse_yes_no("verify", v) ? TlsVerification::full : TlsVerification::none;
     }},
}};

auto find_setting(const std::string& name) {
  return std::find_if(kSettings.begin(), kSettings.end(), [&](const auto& setting) { return setting.first == name; });
}

/// Refuses what may be the rest of a password that has been cut in two at its '?'.
void require_no_host_among_options(const Url& url) {
  const auto has_at = [](const std::string& text) { return text.find('@') != std::string::npos; };
  for (const auto& [name, value] : url.query) {
    if (find_setting(name) == kSettings.end() && (has_at(name) || has_at(value))) refuse(kStrayAt);
  }
}

void apply_query(const Url& url, RedisOptions& options) {
  for (const auto& [name, value] : url.query) {
    const auto found = find_setting(name);
    if (found == kSettings.end()) {
      require_no_host_among_options(url);
      std::vector<std::string> known;
      for (const auto& setting : kSettings) known.push_back(setting.first);
      known.insert(known.end(), kTierOptions.begin(), kTierOptions.end());
      refuse("a Redis URL has no option '" + name + "'" + suggestion(name, known));
    }
    found->second(options, value);
  }
}

/// The path after the hosts: `/3` for a database, `/mymaster/3` for sentinel. Whether it names a database.
bool apply_path(std::string_view path, RedisOptions& options) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (options.topology == RedisTopology::sentinel) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    options.master_name = path.substr(0, slash);
    if (options.master_name.empty()) {
      refuse("a sentinel URL names the master after the hosts, as in 'redis+sentinel://host:26379/mymaster'");
    }
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  if (path.empty()) return false;
  options.database = parse_database(path);
  return true;
}

/// What the part before the query says already is not said once more, and differently, behind it.
void require_said_once(const Url& url, bool database_in_path) {
  const auto once = [&](bool said, const char* name) {
    if (said && url.query.contains(name))
      refuse(std::string("the Redis URL names the ") + name + " twice: before the '?' and behind it");
  };
  once(database_in_path, "db");
  once(!url.user.empty(), "user");
  once(!url.password.empty(), "password");
}

void check(const RedisOptions& options) {
  if (options.topology == RedisTopology::cluster && options.database != 0) {
    refuse("a Redis cluster has only database 0; leave the database out of the URL");
  }
  if (options.tls.certificate_file.empty() != options.tls.key_file.empty()) {
    refuse("'cert' and 'key' in a Redis URL go together: a client certificate needs its private key");
  }
  if (!options.user.empty() && options.password.empty()) {
    refuse("the Redis URL names a user but no password; write 'redis://USER:PASSWORD@HOST', or ':PASSWORD@HOST'");
  }
  const bool tls_settings = !options.tls.ca_file.empty() || !options.tls.certificate_file.empty() ||
                            !options.tls.server_name.empty() || options.tls.verification == TlsVerification::none;
  if (options.tls.use == TlsUse::off && tls_settings) {
    refuse("'ca', 'cert', 'key', 'sni' and 'verify' need TLS; begin the URL with 'rediss' instead of 'redis'");
  }
}

}  // namespace

std::string RedisEndpoint::text() const {
  if (!unix_path.empty()) return "unix:" + unix_path;
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

RedisOptions RedisOptions::from_url(std::string_view url_text) {
  std::string text(url_text);
  if (!text.starts_with("unix:")) require_no_stray_at(text);
  const std::vector<std::string> further = take_further_hosts(text);
  const Url url = Url::parse(text);
  RedisOptions options;
  options.user = url.user;
  options.password = url.password;
  if (url.scheme == "unix") {
    if (url.path.empty() || !url.host.empty()) refuse("a unix URL has three slashes, as in 'unix:///run/redis.sock'");
    options.endpoints.push_back({"", 0, url.path});
  } else {
    const std::string_view scheme(url.scheme);
    if (scheme.ends_with("+sentinel")) options.topology = RedisTopology::sentinel;
    if (scheme.ends_with("+cluster")) options.topology = RedisTopology::cluster;
    const std::string_view protocol = scheme.substr(0, scheme.find('+'));
    if ((protocol != "redis" && protocol != "rediss") ||
        (protocol != scheme && options.topology == RedisTopology::standalone)) {
      refuse("'" + url.scheme + "' is not a kind of Redis URL" +
             suggestion(url.scheme, std::vector<std::string>(kRedisSchemes.begin(), kRedisSchemes.end())));
    }
    if (protocol == "rediss") options.tls.use = TlsUse::on;
    if (options.topology == RedisTopology::cluster) options.key_style = RedisKeyStyle::tagged;
    const std::uint16_t port = options.topology == RedisTopology::sentinel ? kSentinelPort : kRedisPort;
    options.endpoints.push_back(endpoint_of(url, port));
    for (const std::string& host : further)
      options.endpoints.push_back(endpoint_of(Url::parse("redis://" + host), port));
    if (options.topology == RedisTopology::standalone && !further.empty()) {
      refuse("several hosts need 'redis+sentinel://' or 'redis+cluster://'; 'redis://' names one");
    }
    require_said_once(url, apply_path(url.path, options));
  }
  apply_query(url, options);
  if (options.topology == RedisTopology::cluster && options.key_style == RedisKeyStyle::plain) {
    refuse("'tags=no' cannot be used with a cluster, which must find both halves of an entry in one slot");
  }
  check(options);
  return options;
}

std::string RedisOptions::description() const {
  std::string text = endpoints.front().unix_path.empty() ? (tls.use == TlsUse::on ? "rediss" : "redis") : "";
  if (topology == RedisTopology::sentinel) text += "+sentinel";
  if (topology == RedisTopology::cluster) text += "+cluster";
  if (!text.empty()) text += "://";
  if (!user.empty()) text += user + "@";
  for (std::size_t i = 0; i < endpoints.size(); ++i) text += (i == 0 ? "" : ",") + endpoints[i].text();
  if (!master_name.empty()) text += "/" + master_name;
  if (database != 0) text += "/" + std::to_string(database);
  return text;
}

}  // namespace neve
