#pragma once

#include <algorithm>
#include <array>
#include <complex>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <neve/key/member_count.hpp>
#include <neve/pipeline/exact_value.hpp>
#include <neve/pipeline/state.hpp>

namespace neve {

/// One member of a typed state and the name it is stored under. Made by `state_field`.
template <class T, class Member>
struct StateField {
  std::string_view name;
  Member T::*member;
};

/// Declares a member of a typed state. What is not declared would be lost on the way to the next stage: a plain struct
/// with another member does not compile. Numbers, bools, strings, vectors of strings, optionals of these and `Json` go
/// into the metadata; `Array`, vectors of arithmetic or complex elements (one-dimensional) and vectors of `std::array`s
/// of these (two-dimensional) become arrays.
template <class T, class Member>
[[nodiscard]] constexpr StateField<T, Member> state_field(std::string_view name, Member T::*member) {
  return {name, member};
}

namespace detail {

template <class T>
concept ListsStateFields = requires {
  T::state_fields();
};

template <ListsStateFields T>
inline constexpr bool kForgetsMembers =
    config_detail::kHasMoreMembersThan<T, std::tuple_size_v<decltype(T::state_fields())>>;

template <class T>
concept CodesItself = requires(const T& value, const State& state) {
  { value.encode() } -> std::convertible_to<State>;
  { T::decode(state) } -> std::convertible_to<T>;
};

template <class T>
struct IsElementVector : std::false_type {};
template <class E>
struct IsElementVector<std::vector<E>>
    : std::bool_constant<(std::is_arithmetic_v<E> && !std::is_same_v<E, bool>) ||
                         std::is_same_v<E, std::complex<float>> || std::is_same_v<E, std::complex<double>>> {};

/// Rows of equally many elements, such as positions in space.
template <class T>
struct IsRowVector : std::false_type {};
template <class E, std::size_t N>
struct IsRowVector<std::vector<std::array<E, N>>>
    : std::bool_constant<(N > 0) && IsElementVector<std::vector<E>>::value> {};

/// Whether a member that is no array can be written into the metadata, and read from there.
template <class T>
inline constexpr bool kIsMetadata = std::is_constructible_v<Json, const T&>&& requires(const Json& json) {
  { json.get<T>() } -> std::same_as<T>;
};
template <class T>
inline constexpr bool kIsMetadata<std::optional<T>> = kIsMetadata<T>;

/// The array called `name`; throws `invalid_argument` that lists the arrays there are.
[[nodiscard]] const Array& require_array(const State& state, std::string_view name);
/// The metadata member called `name`; throws `invalid_argument` that lists the members there are.
[[nodiscard]] const Json& require_meta(const State& state, std::string_view name);
/// Throws `invalid_argument`: of two members with one name one would be lost.
[[noreturn]] void throw_declared_twice(std::string_view name);
/// Throws `invalid_argument` unless the array has one dimension.
void require_one_dimension(const Array& array, std::string_view name);
/// Throws `invalid_argument` unless the array has two dimensions, the second of `columns`.
void require_columns(const Array& array, std::size_t columns, std::string_view name);

template <class E, std::size_t N>
[[nodiscard]] Array array_of_rows(std::vector<std::array<E, N>> rows) {
  static_assert(sizeof(std::array<E, N>) == N * sizeof(E));
  const std::uint64_t count = rows.size();
  return Array(DType::of<E>(), {count, N}, Order::c, Bytes::from(std::move(rows)));
}

template <class E, std::size_t N>
void read_rows(const Array& array, std::string_view name, std::vector<std::array<E, N>>& rows) {
  require_columns(array, N, name);
  const Array ordered = array.in_c_order();
  const auto elements = ordered.as<E>();
  rows.resize(elements.size() / N);
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(elements.subspan(i * N, N), rows[i].begin());
}

template <class Member>
void require_metadata() {
  static_assert(kIsMetadata<Member>,
                "a member of a state is a neve::Array, a std::vector of numbers, complex numbers or std::arrays of "
                "these, a number, bool, text, neve::Json or what that converts from and to; for another type give the "
                "state encode() and decode() instead of state_fields()");
}

template <class Member>
void encode_member(State& state, std::string_view name, Member&& member) {
  using Plain = std::remove_cvref_t<Member>;
  if constexpr (std::is_same_v<Plain, Array>) {
    if (!state.arrays.emplace(name, std::forward<Member>(member)).second) throw_declared_twice(name);
  } else if constexpr (IsElementVector<Plain>::value) {
    if (!state.arrays.emplace(name, Array::from(std::forward<Member>(member))).second) throw_declared_twice(name);
  } else if constexpr (IsRowVector<Plain>::value) {
    if (!state.arrays.emplace(name, array_of_rows(std::forward<Member>(member))).second) throw_declared_twice(name);
  } else if constexpr (!kIsMetadata<Plain>) {
    require_metadata<Plain>();
  } else {
    if (state.meta.contains(name)) throw_declared_twice(name);
    if constexpr (IsOptional<Plain>::value) {
      state.meta[std::string(name)] = member ? Json(*std::forward<Member>(member)) : Json(nullptr);
    } else {
      state.meta[std::string(name)] = std::forward<Member>(member);
    }
  }
}

template <class Member>
void decode_member(const State& state, std::string_view name, Member& member) {
  if constexpr (std::is_same_v<Member, Array>) {
    member = require_array(state, name);
  } else if constexpr (IsElementVector<Member>::value) {
    const Array& array = require_array(state, name);
    require_one_dimension(array, name);
    const auto elements = array.as<typename Member::value_type>();
    member.assign(elements.begin(), elements.end());
  } else if constexpr (IsRowVector<Member>::value) {
    read_rows(require_array(state, name), name, member);
  } else if constexpr (!kIsMetadata<Member>) {
    require_metadata<Member>();
  } else {
    member = exact_value<Member>("the state's metadata", name, require_meta(state, name));
  }
}

}  // namespace detail

/// How a C++ type travels as a `State`. Ready for `State` itself, for types with
/// `static auto state_fields() { return std::tuple{neve::state_field("field", &Pulse::field), ...}; }` (the type must
/// be default-constructible), and for types with `State encode() const` and `static T decode(const State&)`. Specialise
/// it for types you cannot touch.
///
/// `decode(encode(x))` must equal `x`, or a cache hit would not give what the computation gave. `decode` throws
/// `invalid_argument`, naming the missing or ill-typed part, and so does `encode` where two members have one name.
template <class T>
struct StateCodec {
  static_assert(detail::ListsStateFields<T> || detail::CodesItself<T>,
                "declare state_fields(), or encode() and decode(), or specialise neve::StateCodec for this type");

  [[nodiscard]] static State encode(T&& value) {
    if constexpr (detail::ListsStateFields<T>) {
      static_assert(!detail::kForgetsMembers<T>,
                    "a member of this state is not among its state_fields(): it would be lost on the way to the next "
                    "stage; list it, or keep it elsewhere");
      State state;
      std::apply(
          [&](const auto&... field) {
            (detail::encode_member(state, field.name, std::move(value.*field.member)), ...);
          },
          T::state_fields());
      return state;
    } else {
      return std::move(value).encode();
    }
  }
  [[nodiscard]] static State encode(const T& value) { return encode(T(value)); }

  [[nodiscard]] static T decode(const State& state) {
    if constexpr (detail::ListsStateFields<T>) {
      T value{};
      std::apply([&](const auto&... field) { (detail::decode_member(state, field.name, value.*field.member), ...); },
                 T::state_fields());
      return value;
    } else {
      return T::decode(state);
    }
  }
};

template <>
struct StateCodec<State> {
  [[nodiscard]] static State encode(State&& value) { return std::move(value); }
  [[nodiscard]] static State encode(const State& value) { return value; }
  [[nodiscard]] static State decode(const State& state) { return state; }
};

}  // namespace neve
