#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <neve/pipeline/pipeline_file.hpp>

namespace neve {

/// Where a setting goes: a stage and a JSON pointer into its `with`. A plain value.
struct SettingTarget {
  StageSpec* stage;
  std::string pointer;
};

/// Takes "stage.key.inner" apart. Throws `invalid_argument` with its place if it has no key or there is no such stage.
[[nodiscard]] SettingTarget split_target(PipelineFile& file, const PlacedText& target);

/// Adds axes that move together. Throws `invalid_argument` with its place for one whose target is swept already, or
/// that has not as many values as the first.
void add_dimension(PipelineFile& file, const std::vector<SweepAxis>& together);

/// The values of "start:stop:count", both ends included, evenly spaced; whole numbers stay whole if the steps are.
/// `std::nullopt` if `text` is not of that form; throws `invalid_argument` if it is but makes no range.
[[nodiscard]] std::optional<std::vector<Json>> range_values(std::string_view text, const TextPlace& place);

/// Throws `invalid_argument` if the only value of a sweep, `text`, was meant for a range and is none, or stands in a
/// list: it would be swept as one text.
void refuse_lone_range(std::string_view text, const TextPlace& place);

}  // namespace neve
