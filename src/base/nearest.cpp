#include <neve/base/nearest.hpp>

#include <algorithm>
#include <vector>

#include <neve/base/ascii.hpp>

namespace neve {
namespace {

constexpr std::size_t kAllNamed = 20;
constexpr std::size_t kSomeNamed = 10;
constexpr std::size_t kShortestBeginning = 3;

std::size_t alignment_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

}  // namespace

std::string nearest_name(std::string_view name, std::span<const std::string> candidates) {
  const auto other_case = std::find_if(candidates.begin(), candidates.end(), [name](const std::string& candidate) {
    return lower_case(candidate) == lower_case(name);
  });
  if (other_case != candidates.end()) return *other_case;
  const std::string* best = nullptr;
  std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t longer = std::max(name.size(), candidate.size()) - std::min(name.size(), candidate.size());
    if (longer >= best_distance) continue;
    const std::size_t distance = alignment_distance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = &candidate;
    }
  }
  if (best != nullptr) return *best;
  if (name.size() < kShortestBeginning) return "";
  const auto longer = std::find_if(candidates.begin(), candidates.end(),
                                   [name](const std::string& candidate) { return candidate.starts_with(name); });
  return longer == candidates.end() ? std::string() : *longer;
}

std::string suggestion(std::string_view name, std::span<const std::string> candidates) {
  if (const std::string near = nearest_name(name, candidates); !near.empty()) return " (did you mean '" + near + "'?)";
  if (candidates.empty()) return "";
  std::string text = " (known: ";
  const std::size_t named = candidates.size() <= kAllNamed ? candidates.size() : kSomeNamed;
  for (std::size_t i = 0; i < named; ++i) text += (i == 0 ? "" : ", ") + candidates[i];
  if (named < candidates.size()) text += " and " + std::to_string(candidates.size() - named) + " more";
  return text + ")";
}

}  // namespace neve
