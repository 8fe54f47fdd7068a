#include "cli/text/tier_table.hpp"

#include <algorithm>

#include <neve/base/error.hpp>
#include <neve/base/quantity.hpp>
#include <neve/base/text_table.hpp>

namespace neve::cli {
namespace {

std::string count_of(const Json& tier, const char* name) { return std::to_string(tier.value(name, std::uint64_t{0})); }

std::string latency_of(const Json& tier, const char* name, const char* quantile) {
  return seconds_text(tier.value(name, Json::object()).value(quantile, 0.0));
}

/// "2 (timeout 1, OOM 1)"
std::string errors_of(const Json& tier) {
  std::uint64_t total = 0;
  std::string kinds;
  const Json errors = tier.value("errors_by_kind", Json::object());
  for (const auto& [kind, count] : errors.items()) {
    total += count.get<std::uint64_t>();
    kinds += (kinds.empty() ? "" : ", ") + printable(kind) + " " + std::to_string(count.get<std::uint64_t>());
  }
  return std::to_string(total) + (kinds.empty() ? "" : " (" + kinds + ")");
}

std::string breaker_of(const Json& tier) {
  if (!tier.contains("breaker")) return "";
  const Json& breaker = tier.at("breaker");
  std::string text = breaker.value("state", "");
  if (const auto outages = breaker.value("outages", std::uint64_t{0}); outages > 0) {
    text += ", " + count_text(outages, "outage", "outages") + ", " +
            std::to_string(breaker.value("skipped", std::uint64_t{0})) + " not asked";
  }
  return text;
}

}  // namespace

std::string tier_table(const Json& cache_report) {
  TextTable table({{"tier"},
                   {"hits", Align::right},
                   {"misses", Align::right},
                   {"promoted", Align::right},
                   {"stored", Align::right},
                   {"declined", Align::right},
                   {"read", Align::right},
                   {"written", Align::right},
                   {"hit p50", Align::right},
                   {"p99", Align::right},
                   {"store p50", Align::right},
                   {"errors"},
                   {"breaker"}});
  try {
    for (const Json& tier : cache_report.at("tiers")) {
      table.add({printable(tier.value("backend", "")), count_of(tier, "hits"), count_of(tier, "misses"),
                 count_of(tier, "promotions"), count_of(tier, "stores"), count_of(tier, "declined"),
                 bytes_text(tier.value("bytes_read", std::uint64_t{0})),
                 bytes_text(tier.value("bytes_written", std::uint64_t{0})), latency_of(tier, "hit_latency", "p50_s"),
                 latency_of(tier, "hit_latency", "p99_s"), latency_of(tier, "store_latency", "p50_s"), errors_of(tier),
                 breaker_of(tier)});
    }
  } catch (const Json::exception&) {  // written by another version
    return {};
  }
  return table.text();
}

bool worth_a_table(const Json& cache_report) {
  if (!cache_report.contains("tiers")) return false;
  const Json& tiers = cache_report.at("tiers");
  return tiers.size() > 1 || std::any_of(tiers.begin(), tiers.end(), [](const Json& tier) {
           return tier.contains("breaker") || !tier.value("errors_by_kind", Json::object()).empty();
         });
}

}  // namespace neve::cli
