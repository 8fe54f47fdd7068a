#pragma once

#include <span>
#include <string_view>

namespace neve::dataset {

/// What `text`, which is UTF-8, is in small letters, written to the front of `room` and borrowed from there: letters of
/// the Latin, Greek and Cyrillic alphabets, those of Greek without accents, since capitals go without. Wide blanks
/// become ASCII ones, and all else stays as it is. Never longer than `text`; empty if `room` is smaller.
[[nodiscard]] std::string_view in_small_letters(std::string_view text, std::span<char> room) noexcept;

}  // namespace neve::dataset
