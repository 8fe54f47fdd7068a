#include <neve/codec/npy.hpp>

#include <neve/base/error.hpp>

#include "codec/array/npy_content.hpp"
#include "codec/array/npy_literal.hpp"

namespace neve {
namespace {

constexpr std::string_view kMagic("\x93NUMPY", 6);
constexpr std::size_t kFixedBytes = 10;  // magic, version, 16-bit length
constexpr std::size_t kHeaderMultiple = 64;
constexpr std::size_t kLongestHeader = 10'000;
constexpr std::size_t kMostDimensions = 64;

std::size_t read_little(std::string_view text) {
  std::size_t value = 0;
  for (std::size_t i = text.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(text[i]);
  return value;
}

// The text of the dictionary; sets `end` to where the elements start.
std::string_view find_literal(std::string_view file, std::size_t& end) {
  if (file.size() < kFixedBytes || file.substr(0, kMagic.size()) != kMagic) {
    throw Error(ErrorCode::corrupt, "not an NPY file: it does not start with \\x93NUMPY");
  }
  const int major = static_cast<unsigned char>(file[6]);
  const int minor = static_cast<unsigned char>(file[7]);
  if (major < 1 || major > 3 || minor != 0) {
    throw Error(ErrorCode::unsupported,
                "NPY version " + std::to_string(major) + "." + std::to_string(minor) + "; neve reads 1.0, 2.0 and 3.0");
  }
  const std::size_t length_bytes = major == 1 ? 2 : 4;
  const std::size_t start = 8 + length_bytes;
  if (file.size() < start) throw Error(ErrorCode::corrupt, "the NPY header is cut short");
  const std::size_t length = read_little(file.substr(8, length_bytes));
  if (length > kLongestHeader) {
    throw Error(ErrorCode::too_large, "an NPY header of " + std::to_string(length) + " bytes; neve reads 10,000");
  }
  if (length > file.size() - start) throw Error(ErrorCode::corrupt, "the NPY header is cut short");
  end = start + length;
  return file.substr(start, length);
}

}  // namespace

NpyHeader parse_npy_header(ByteSpan file) {
  std::size_t end = 0;
  NpyLiteral literal = parse_npy_literal(find_literal(as_text(file), end));
  NpyHeader header{DType::parse(literal.descr), std::move(literal.shape),
                   literal.fortran_order ? Order::fortran : Order::c, end, 0};
  header.data_bytes = element_count(header.shape, header.dtype.item_size()) * header.dtype.item_size();
  return header;
}

std::string make_npy_header(const DType& dtype, const Shape& shape, Order order) {
  if (shape.size() > kMostDimensions) {
    throw Error(ErrorCode::invalid_argument,
                "an array of " + std::to_string(shape.size()) + " dimensions cannot be stored; NumPy has at most 64");
  }
  std::string text;
  text.reserve(2 * kHeaderMultiple);
  text.append(kMagic).append("\x01\x00\x00\x00", 4);
  text.append("{'descr': '").append(dtype.descr());
  text.append("', 'fortran_order': ").append(order == Order::fortran ? "True" : "False");
  text.append(", 'shape': ").append(to_text(shape)).append(", }");
  text.append(kHeaderMultiple - 1 - text.size() % kHeaderMultiple, ' ').push_back('\n');
  const std::size_t length = text.size() - kFixedBytes;
  text[8] = static_cast<char>(length & 0xFF);
  text[9] = static_cast<char>(length >> 8);
  return text;
}

bool is_aligned(const NpyHeader& header, const Bytes& file) noexcept {
  return (reinterpret_cast<std::uintptr_t>(file.data()) + header.header_bytes) % header.dtype.alignment() == 0;
}

Array make_array(NpyHeader header, const Bytes& file) {
  const std::size_t present = file.size() - header.header_bytes;
  if (present != header.data_bytes) {
    throw Error(ErrorCode::corrupt, "the NPY header promises " + std::to_string(header.data_bytes) + " bytes of " +
                                        header.dtype.name() + to_text(header.shape) + ", but there are " +
                                        std::to_string(present));
  }
  Bytes data = file.slice(header.header_bytes, present);
  if (!is_aligned(header, file)) data = Bytes::copy_of(data.span());
  return Array(std::move(header.dtype), std::move(header.shape), header.order, std::move(data));
}

Array read_npy(const Bytes& file) { return make_array(parse_npy_header(file.span()), file); }

std::vector<Bytes> gather_npy(const Array& array) {
  std::vector<Bytes> pieces{Bytes::from(make_npy_header(array.dtype(), array.shape(), array.order()))};
  if (!array.bytes().empty()) pieces.push_back(array.bytes());
  return pieces;
}

}  // namespace neve
