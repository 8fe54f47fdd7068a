// A file from anywhere read as NPZ: either refused with an Error, or arrays that are the same when the file is read
// piece by piece, and the same again after they were written and read back.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <neve/base/error.hpp>
#include <neve/codec/npz.hpp>

#include "require.hpp"
#include "zip_repair.hpp"

namespace {

constexpr neve::NpzReadLimits kLimits{.array_bytes = std::uint64_t{64} << 20, .members = 1000};

/// Hands a file out piece by piece, as one that is not mapped is read.
class PiecewiseSource final : public neve::NpzSource {
 public:
  explicit PiecewiseSource(neve::ByteSpan file) : file_(file) {}

  [[nodiscard]] std::uint64_t size() const override { return file_.size(); }

  void read(std::uint64_t offset, std::span<std::byte> out) const override {
    if (offset > file_.size() || out.size() > file_.size() - offset) {
      throw neve::Error(neve::ErrorCode::corrupt, "the file ends early");
    }
    std::ranges::copy(file_.subspan(offset, out.size()), out.begin());
  }

 private:
  neve::ByteSpan file_;
};

template <class Source>
std::optional<neve::NpzContents> read_or_refuse(const Source& source) {
  try {
    return neve::read_npz(source, kLimits);
  } catch (const neve::Error& error) {
    neve::fuzz::require(error.code() == neve::ErrorCode::corrupt || error.code() == neve::ErrorCode::unsupported ||
                            error.code() == neve::ErrorCode::too_large,
                        "a bad file is corrupt, unsupported or too large");
    return std::nullopt;
  }
}

neve::Bytes joined(const std::vector<neve::Bytes>& pieces) {
  std::string file;
  for (const neve::Bytes& piece : pieces) {
    file += piece.text();
  }
  return neve::Bytes::from(std::move(file));
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed) {
  return neve::fuzz::mutate_zip(data, size, max_size, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const neve::ByteSpan file = std::as_bytes(std::span(data, size));
  const auto contents = read_or_refuse(neve::Bytes::copy_of(file));
  const auto piecewise = read_or_refuse(PiecewiseSource(file));
  neve::fuzz::require(contents.has_value() == piecewise.has_value(), "both ways of reading agree on refusal");
  if (!contents) {
    return 0;
  }
  neve::fuzz::require(contents->arrays == piecewise->arrays, "both ways of reading give the same arrays");
  neve::fuzz::require(contents->structure_digest == piecewise->structure_digest, "and the same digest");

  const neve::Bytes rewritten = joined(neve::gather_npz(contents->arrays, {}));
  neve::fuzz::require(neve::read_npz(rewritten, kLimits).arrays == contents->arrays, "written arrays read back");
  return 0;
}
