#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <neve/codec/array.hpp>
#include <neve/codec/npz.hpp>

// What the tests of the codec are fed with.
namespace neve {

inline std::string random_bytes(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string bytes(count, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

/// Bytes that deflate by a factor of about 3: words of a small vocabulary.
inline std::string wordy_bytes(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const std::string vocabulary = random_bytes(2048, seed + 1);
  std::string bytes;
  while (bytes.size() < count) bytes.append(vocabulary, random() % 256 * 8, 8);
  bytes.resize(count);
  return bytes;
}

inline Array array_of(const DType& dtype, Shape shape, Order order, std::string bytes) {
  return Array(dtype, std::move(shape), order, Bytes::from(std::move(bytes)));
}

inline Array random_array(const DType& dtype, const Shape& shape, Order order, std::uint64_t seed) {
  return array_of(dtype, shape, order, random_bytes(element_count(shape, dtype.item_size()) * dtype.item_size(), seed));
}

/// The same elements, each at the same index, laid out first index fastest.
inline Array in_fortran_order(const Array& array) {
  const std::size_t size = array.dtype().item_size();
  const Shape& shape = array.shape();
  std::string bytes(array.bytes().size(), '\0');
  std::vector<std::uint64_t> index(shape.size(), 0);
  for (std::uint64_t from = 0; from < array.size(); ++from) {
    std::uint64_t to = 0;
    for (std::size_t axis = shape.size(); axis-- > 0;) to = to * shape[axis] + index[axis];
    bytes.replace(to * size, size, array.bytes().text().substr(from * size, size));
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
  return array_of(array.dtype(), shape, Order::fortran, std::move(bytes));
}

inline std::string joined(const std::vector<Bytes>& pieces) {
  std::string text;
  for (const Bytes& piece : pieces) text += piece.text();
  return text;
}

/// A sink that keeps everything and counts the calls.
class MemorySink final : public NpzSink {
 public:
  void reserve(std::uint64_t bytes) override { reserved = bytes; }
  void write(ByteSpan bytes) override {
    ++writes;
    longest_write = std::max(longest_write, bytes.size());
    text.append(as_text(bytes));
  }
  void write_at(std::uint64_t offset, ByteSpan bytes) override {
    ++patches;
    text.replace(offset, bytes.size(), as_text(bytes));
  }

  std::string text;
  std::uint64_t reserved = 0;
  std::size_t longest_write = 0;
  int writes = 0;
  int patches = 0;
};

/// A source that is no mapping: everything is read out of it.
class TextSource final : public NpzSource {
 public:
  explicit TextSource(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] std::uint64_t size() const override { return text_.size(); }
  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    ASSERT_LE(offset + out.size(), text_.size()) << "a read beyond the end";
    text_.copy(reinterpret_cast<char*>(out.data()), out.size(), offset);
  }

 private:
  std::string text_;
};

}  // namespace neve
