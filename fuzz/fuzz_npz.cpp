// A file from anywhere read as NPZ: either refused with an Error, or arrays that are the same when the file is read
// piece by piece, and the same again after they were written and read back.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <neve/base/error.hpp>
#include <neve/codec/npz.hpp>

#include "refused_or.hpp"
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
  const auto read = [](const auto& source) {
    return neve::fuzz::refused_or([&] { return neve::read_npz(source, kLimits); });
  };
  const auto contents = read(neve::Bytes::copy_of(file));
  const auto piecewise = read(PiecewiseSource(file));
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
