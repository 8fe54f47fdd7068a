// JSON text from anywhere: either refused with an Error, or a value whose two printed forms read back as the same
// value.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <neve/base/error.hpp>
#include <neve/codec/json.hpp>

#include "require.hpp"

namespace {

void check_printed_forms(const neve::Json& value) {
  const std::string spaced = neve::dump_spaced_json(value);
  const std::string compact = neve::dump_compact_json(value);
  neve::fuzz::require(compact.size() <= spaced.size(), "compact text is the shorter one");

  const neve::Json from_spaced = neve::parse_json(spaced);
  const neve::Json from_compact = neve::parse_json(compact);
  neve::fuzz::require(neve::dump_spaced_json(from_spaced) == spaced, "spaced text reads back and prints the same");
  neve::fuzz::require(neve::dump_spaced_json(from_compact) == spaced, "compact text reads back as the same value");
  neve::fuzz::require(neve::dump_compact_json(from_spaced) == compact, "spaced text prints the same compact text");
  // NaN equals nothing, itself included; every other value must come back equal.
  neve::fuzz::require(from_spaced == value || neve::find_non_finite(value).has_value(), "the value survives printing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::optional<neve::Json> value;
  try {
    value = neve::parse_json(text);
  } catch (const neve::Error& error) {
    neve::fuzz::require(error.code() == neve::ErrorCode::corrupt || error.code() == neve::ErrorCode::unsupported,
                        "bad text is corrupt or unsupported");
  }
  if (value) {
    check_printed_forms(*value);
  }
  return 0;
}
