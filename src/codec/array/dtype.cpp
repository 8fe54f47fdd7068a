#include <array>
#include <charconv>
#include <limits>

#include <neve/base/error.hpp>
#include <neve/codec/array.hpp>

#include "codec/array/member_name.hpp"

namespace neve {
namespace {

[[noreturn]] void refuse(std::string_view descr, const char* why) {
  static constexpr std::size_t kShown = 80;
  std::string shown = shown_name(descr.substr(0, kShown));
  if (descr.size() > kShown) shown += "...";
  throw Error(ErrorCode::unsupported, "dtype '" + shown + "' " + why +
                                          "; neve holds bool, integers of 8 to 64 bits, float16 to float64, complex64, "
                                          "complex128, fixed-width S and U, datetime64 and timedelta64");
}

bool is_time_unit(std::string_view text) {
  static constexpr std::array<std::string_view, 13> kUnits{"Y",  "M",  "W",  "D",  "h",  "m", "s",
                                                           "ms", "us", "ns", "ps", "fs", "as"};
  for (const std::string_view unit : kUnits) {
    if (text == unit) return true;
  }
  return false;
}

// `[ns]`, `[25s]`, or nothing for the generic unit.
bool is_time_suffix(std::string_view text) {
  if (text.empty()) return true;
  if (text.size() < 3 || text.front() != '[' || text.back() != ']') return false;
  text = text.substr(1, text.size() - 2);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits > 9 || (digits > 0 && text.front() == '0')) return false;
  return is_time_unit(text.substr(digits));
}

bool is_size_of(char kind, std::uint32_t size) {
  switch (kind) {
    case 'b':
      return size == 1;
    case 'i':
    case 'u':
      return size == 1 || size == 2 || size == 4 || size == 8;
    case 'f':
      return size == 2 || size == 4 || size == 8;
    case 'c':
      return size == 8 || size == 16;
    case 'M':
    case 'm':
      return size == 8;
    default:
      return false;
  }
}

constexpr std::uint32_t kLongestText = std::numeric_limits<std::int32_t>::max() / 4;

}  // namespace

DType DType::parse(std::string_view descr) {
  std::string_view rest = descr;
  char order = '<';
  if (!rest.empty() && std::string_view("<>|=").find(rest.front()) != std::string_view::npos) {
    if (rest.front() == '>') order = '>';
    rest.remove_prefix(1);
  }
  if (rest.empty()) refuse(descr, "is not a type");
  const char kind = rest.front();
  rest.remove_prefix(1);
  if (kind == 'O') refuse(descr, "holds Python objects, which need pickle");
  if (kind == 'V') refuse(descr, "is raw or structured data");

  std::uint32_t size = 0;
  const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), size);
  if (failure != std::errc()) refuse(descr, "is not a type");
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));

  const bool is_text = kind == 'S' || kind == 'U';
  const bool is_time = kind == 'M' || kind == 'm';
  if (is_text ? size > kLongestText : !is_size_of(kind, size)) refuse(descr, "is not supported");
  if (is_time ? !is_time_suffix(rest) : !rest.empty()) refuse(descr, "is not a type");

  const std::size_t item_size = kind == 'U' ? std::size_t{4} * size : size;
  if (kind == 'S' || (kind != 'U' && size == 1)) order = '|';
  std::string canonical{order, kind};
  canonical.append(std::to_string(size)).append(rest);
  return DType(kind, item_size, order, std::move(canonical));
}

DType DType::native(char kind, std::size_t item_size) {
  std::string descr{item_size == 1 ? '|' : '<', kind};
  if (item_size >= 10) descr += static_cast<char>('0' + item_size / 10);
  descr += static_cast<char>('0' + item_size % 10);
  const char order = descr.front();  // before the move: arguments are evaluated in no particular order
  return DType(kind, item_size, order, std::move(descr));
}

std::size_t DType::alignment() const noexcept {
  switch (kind_) {
    case 'S':
      return 1;
    case 'U':
      return 4;
    case 'c':
      return item_size_ / 2;
    default:
      return item_size_;
  }
}

std::string DType::name() const {
  if (byte_order_ == '>' || kind_ == 'S' || kind_ == 'U') return descr_;
  const std::string bits = std::to_string(8 * item_size_);
  switch (kind_) {
    case 'b':
      return "bool";
    case 'i':
      return "int" + bits;
    case 'u':
      return "uint" + bits;
    case 'f':
      return "float" + bits;
    case 'c':
      return "complex" + bits;
    case 'M':
      return "datetime64" + descr_.substr(3);
    default:
      return "timedelta64" + descr_.substr(3);
  }
}

}  // namespace neve
