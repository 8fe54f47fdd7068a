#pragma once

#include <neve/codec/array.hpp>
#include <neve/codec/npz.hpp>

namespace neve {

enum class MemberMethod { store, deflate, segments };

struct MemberPlan {
  MemberMethod method;
  /// A whole stream (`deflate`) that shrinks the member by less is not written; the member is stored then.
  double least_ratio;
};

/// How to write a member whose elements are `array`'s. Depends on the arguments only; costs up to 3 us for data that
/// look random, else up to 200 us (8 samples of 8 KB compressed on trial); `small` tries the samples of long data
/// whatever they look like. `segments_from` is 4 MiB outside tests.
[[nodiscard]] MemberPlan plan_member_method(const Array& array, Compression compression, std::uint64_t segments_from);

}  // namespace neve
