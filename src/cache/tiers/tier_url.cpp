#include <neve/cache/tier_url.hpp>

#include <algorithm>
#include <array>
#include <set>

#include <neve/base/ascii.hpp>
#include <neve/base/error.hpp>
#include <neve/base/nearest.hpp>
#include <neve/base/url.hpp>
#include <neve/cache/open_redis.hpp>

namespace neve {
namespace {

constexpr std::array<std::string_view, 3> kLocalKinds{"disk", "memory", "none"};

std::string_view scheme_of(std::string_view url) { return url.substr(0, url.find(':')); }

/// Whether `text` begins with a kind of cache that we know, or with what can only be meant for one. Hosts of a Redis
/// URL are joined by commas, too, and `b:7000` looks much like a URL.
bool begins_a_url(std::string_view text) {
  const std::string_view scheme = scheme_of(text);
  if (scheme.empty() || scheme.size() == text.size()) return false;
  const bool known =
      std::find(kLocalKinds.begin(), kLocalKinds.end(), scheme) != kLocalKinds.end() || is_redis_scheme(scheme);
  const auto fits = [](char c) { return is_lower(c) || c == '+'; };
  return known || (text.substr(scheme.size()).starts_with("://") && std::all_of(scheme.begin(), scheme.end(), fits));
}

std::vector<std::string_view> split_urls(std::string_view text) {
  std::vector<std::string_view> urls;
  std::size_t begin = 0;
  for (std::size_t comma = text.find(','); comma != std::string_view::npos; comma = text.find(',', comma + 1)) {
    if (!begins_a_url(text.substr(comma + 1))) continue;
    urls.push_back(text.substr(begin, comma - begin));
    begin = comma + 1;
  }
  urls.push_back(text.substr(begin));
  return urls;
}

/// Refuses a Redis URL after a comma whose colon has been forgotten: it would name a folder or a host. The rest is not
/// repeated, it may hold a password.
void require_colons(std::string_view url) {
  for (std::size_t comma = url.find(','); comma != std::string_view::npos; comma = url.find(',', comma + 1)) {
    const std::string_view rest = url.substr(comma + 1);
    const std::string_view kind = rest.substr(0, rest.find('/'));
    if (!is_redis_scheme(kind) || !rest.substr(kind.size()).starts_with("//")) continue;
    throw Error(ErrorCode::invalid_argument, "a cache of the chain begins with '" + std::string(kind) +
                                                 "//', without a colon; write '" + std::string(kind) +
                                                 "://' (and %2C for a comma in the name of a folder)");
  }
}

/// The value out of `values` that stands at the place of its name among `names`.
template <class T, std::size_t N>
T choice(const std::string& option, std::string_view value, const std::array<std::string, N>& names,
         const std::array<T, N>& values) {
  const auto found = std::find(names.begin(), names.end(), value);
  if (found == names.end()) {
    throw Error(ErrorCode::invalid_argument,
                "'" + option + "=" + std::string(value) + "' in a cache URL is no choice" + suggestion(value, names));
  }
  return values[static_cast<std::size_t>(found - names.begin())];
}

/// Takes the option into account if it is one about the chain. `taken` are those that the URL has had before.
bool take(TierUrl& tier, std::string_view name, std::string_view value, std::set<std::string_view>& taken) {
  if (std::find(kTierOptions.begin(), kTierOptions.end(), name) == kTierOptions.end()) return false;
  if (!taken.insert(name).second)
    throw Error(ErrorCode::invalid_argument, "'" + std::string(name) + "' is given twice in a cache URL");
  if (name == "mode") {
    tier.access =
        choice<TierAccess, 2>("mode", value, {"read", "write"}, {TierAccess::read_only, TierAccess::read_write});
  } else if (name == "writes") {
    tier.writes = choice<TierWrites, 2>("writes", value, {"through", "background"},
                                        {TierWrites::through, TierWrites::background});
  } else {
    tier.flight = choice<FlightReach, 3>("flight", value, {"off", "local", "shared"},
                                         {FlightReach::off, FlightReach::local, FlightReach::shared});
  }
  return true;
}

/// Throws for what is no URL at all, too.
void require_known_kind(const TierUrl& tier) {
  const std::string kind(tier.scheme());
  if (kind.empty() || kind.size() == tier.url.size()) static_cast<void>(Url::parse(tier.url));  // says how one begins
  std::vector<std::string> kinds(kLocalKinds.begin(), kLocalKinds.end());
  kinds.insert(kinds.end(), kRedisSchemes.begin(), kRedisSchemes.end());
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
    throw Error(ErrorCode::invalid_argument,
                "there is no kind of cache called '" + kind + "'" + suggestion(kind, kinds));
  }
}

TierUrl parse_tier(std::string_view text) {
  TierUrl tier;
  const std::size_t mark = std::min(text.find('?'), text.size());
  const std::size_t kind = std::min(text.find(':'), mark);
  tier.url = lower_case(text.substr(0, kind)).append(text.substr(kind, mark - kind));
  std::string_view query = text.substr(std::min(mark + 1, text.size()));
  std::set<std::string_view> taken;
  for (char separator = '?'; !query.empty();) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (take(tier, pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())), taken)) continue;
    tier.url += separator;
    tier.url += pair;
    separator = '&';
  }
  return tier;
}

/// Whether `text` begins with a number that only a path may follow.
bool is_port(std::string_view text) {
  const std::string_view number = text.substr(0, text.find('/'));
  return !number.empty() && only_digits(number);
}

/// `//user:password@` loses its password. Works on what is no valid URL, too.
void hide_credentials(std::string& url) {
  std::size_t slashes = url.find("://");
  if (slashes == std::string::npos) slashes = url.find("//");  // the colon has been forgotten
  if (slashes == std::string::npos) return;
  const std::size_t begin = url.find("//", slashes) + 2;
  // A password may hold what should have been escaped, so the last '@' before the query counts.
  const std::size_t query = std::min(url.find('?', begin), url.size());
  std::size_t at = url.rfind('@', query);
  const std::size_t colon = url.find(':', begin);
  if (at == std::string::npos || at < begin) {
    // Or the '?' is the password's own, unless a port stands before it and an option behind.
    at = url.rfind('@');
    if (at == std::string::npos || at < query || colon >= query) return;
    const bool option = url.find('=', query) < at;
    if (option && colon > begin && is_port(std::string_view(url).substr(colon + 1, query - colon - 1))) return;
  } else if (const std::size_t last = url.rfind('@'); last > query && url.find('=', query) > last) {
    at = last;  // no option is named before it, so the '?' is the password's own here, too
  }
  if (colon < at) url.replace(colon + 1, at - colon - 1, "***");
}

void hide_values(std::string& url) {
  for (std::size_t at = url.find('?'); at != std::string::npos; at = url.find('&', at + 1)) {
    const std::size_t end = std::min(url.find('&', at + 1), url.size());
    const std::size_t equals = url.find('=', at);
    if (equals >= end) continue;
    const std::string_view name = std::string_view(url).substr(at, equals - at);
    const bool secret = name.find("pass") != std::string_view::npos || name.find("word") != std::string_view::npos ||
                        name.find("secret") != std::string_view::npos || name.find("token") != std::string_view::npos;
    if (secret) url.replace(equals + 1, end - equals - 1, "***");
  }
}

}  // namespace

std::string_view TierUrl::scheme() const { return scheme_of(url); }

std::vector<TierUrl> split_tiers(std::string_view urls) {
  std::vector<TierUrl> tiers;
  for (const std::string_view url : split_urls(urls)) {
    if ((url.empty() && !urls.empty()) || url.ends_with(',')) {
      throw Error(ErrorCode::invalid_argument,
                  "nothing stands between two commas, or at an end, of the chain '" + redacted_urls(urls) + "'");
    }
    require_colons(url);
    tiers.push_back(parse_tier(url));
    require_known_kind(tiers.back());
  }
  return tiers;
}

std::string redacted_urls(std::string_view urls) {
  std::string text;
  for (const std::string_view part : split_urls(urls)) {
    std::string url(part);
    hide_credentials(url);
    hide_values(url);
    text += (text.empty() ? "" : ",") + url;
  }
  return text;
}

}  // namespace neve
