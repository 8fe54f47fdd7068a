#include <neve/optics/fft_planner.hpp>

#include <fmt/format.h>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>
#include <neve/optics/grid.hpp>

#include "fft_plans.hpp"

namespace neve::optics {
namespace {

constexpr std::uint64_t kLargestWisdomFile = 16u << 20;

}  // namespace

FftPlanner::FftPlanner() : fingerprint_("estimate") {}

FftPlanner::FftPlanner(const std::filesystem::path& wisdom_file) {
  const auto bytes = read_file(wisdom_file, kLargestWisdomFile);
  if (!bytes) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("there is no FFTW wisdom file '{}'; 'neve wisdom' or measure_wisdom makes one",
                            wisdom_file.string()));
  }
  wisdom_ = bytes->text();
  if (wisdom_.empty() || !is_usable_wisdom(wisdom_)) {  // an empty text is ours, for none
    throw Error(ErrorCode::corrupt, fmt::format("'{}' is not wisdom that this build of FFTW accepts; delete it and "
                                                "measure again",
                                                wisdom_file.string()));
  }
  fingerprint_ = "wisdom-" + sha256_hex(wisdom_).substr(0, 16);
}

FftPlanner::~FftPlanner() = default;

std::shared_ptr<const FftPlans> FftPlanner::plans(std::size_t points) const {
  const std::lock_guard lock(mutex_);
  auto& slot = plans_[points];
  if (!slot) slot = std::make_shared<const FftPlans>(points, wisdom_);
  return slot;
}

void measure_wisdom(const std::filesystem::path& file, std::span<const std::size_t> sizes) {
  std::string wisdom;
  if (const auto bytes = read_file(file, kLargestWisdomFile); bytes && is_usable_wisdom(std::string(bytes->text()))) {
    wisdom = bytes->text();
  }
  for (const std::size_t size : sizes) {
    if (!Grid::has_valid_size(size)) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot measure transforms of {} points; a grid has a power of two of them, {} to {}",
                              size, Grid::kFewestPoints, Grid::kMostPoints));
    }
    wisdom = add_measured_wisdom(wisdom, size);
  }
  replace_file(file, as_byte_span(wisdom), Durability::data);
}

}  // namespace neve::optics
