#pragma once

#include <cstddef>
#include <cstdlib>
#include <type_traits>
#include <utility>

#include <neve/key/field_value.hpp>

/// Finds the members of a config struct that nobody declared. Read config.hpp first.
namespace neve::config_detail {

/// Stands for a value of whatever type a member of S has. Not of S or a base, which would be one value for all members,
/// nor of what a value of another type makes as well, which would be two ways.
template <class S>
struct AnyMember {
  template <class T>
  requires(!std::is_base_of_v<T, S> && !kHasNull<T>) operator T() const { std::abort(); }  // never called
};

template <class S, std::size_t... I>
[[nodiscard]] constexpr bool takes_members(std::index_sequence<I...>) {
  return requires {
    requires std::is_aggregate_v<S>;
    S{(static_cast<void>(I), AnyMember<S>{})...};
  };
}

/// Whether the plain struct S certainly has more than `Count` members. False where that cannot be told: a struct with
/// constructors, private members or an empty base.
template <class S, std::size_t Count>
inline constexpr bool kHasMoreMembersThan = takes_members<S>(std::make_index_sequence<Count + 1>());

}  // namespace neve::config_detail
