#pragma once

#include <span>
#include <string>
#include <string_view>

namespace neve {

/// The candidate that is `name` but for upper and lower case; else the closest by optimal string alignment distance
/// (insertion, deletion, substitution, swap of neighbours); if none is close enough to be a likely misspelling, one
/// that begins with `name`, such as `length_m` for `length`; or an empty string. Ties go to the first candidate.
[[nodiscard]] std::string nearest_name(std::string_view name, std::span<const std::string> candidates);

/// Text to append to an error: " (did you mean 'length_m'?)", or " (known: a, b, c)" when nothing is close; of
/// more than twenty names ten, then "and N more".
[[nodiscard]] std::string suggestion(std::string_view name, std::span<const std::string> candidates);

}  // namespace neve
