#include "inputs.hpp"

#include <cmath>
#include <cstring>
#include <random>

#include <neve/base/buffer.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

namespace neve::bench {
namespace {

std::size_t element_count(const std::string& size) {
  if (size == "8k") return std::size_t{1} << 10;
  if (size == "1m") return std::size_t{1} << 17;
  if (size == "64m") return std::size_t{1} << 23;
  throw Error(ErrorCode::invalid_argument, "the input size is '" + size + "'; it must be 8k, 1m or 64m");
}

}  // namespace

std::vector<double> make_input(const std::string& size, const std::string& kind) {
  std::vector<double> values(element_count(size));
  std::mt19937_64 engine(7);
  std::normal_distribution<double> normal;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = -8 + 16 * static_cast<double>(i) / static_cast<double>(values.size() - 1);
    const double spectrum = std::exp(-0.5 * x * x) * (1 + 0.1 * std::cos(40 * x));
    values[i] = kind == "random" ? normal(engine) : std::round(spectrum * 1e6) / 1e6;
  }
  return values;
}

void write_inputs(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder / "data");
  for (const char* size : {"8k", "1m", "64m"}) {
    for (const char* kind : {"random", "smooth"}) {
      const std::vector<double> values = make_input(size, kind);
      replace_file(folder / "data" / (std::string(kind) + "." + size + ".f64"), std::as_bytes(std::span(values)),
                   Durability::none);
    }
  }
}

Entry make_entry(const std::string& size, const std::string& kind) {
  Entry entry;
  entry.meta = {{"stage", "fiber"},
                {"metrics", {{"energy_j", 5.67e-10}, {"fwhm_s", 5.0e-14}, {"photon_number", 2.4e9}}},
                {"state", {{"center_frequency_hz", 3.59e14}, {"time_step_s", 1.5e-15}, {"type", "optics.pulse"}}},
                {"note", std::string(180, 'x')}};
  // In neve's own memory, in large pages where the system has them, as numpy's arrays are.
  const std::vector<double> values = make_input(size, kind);
  Buffer field(values.size() * sizeof(double));
  std::memcpy(field.data(), values.data(), field.size());
  entry.arrays.emplace("field", Array(DType::of<double>(), {values.size()}, Order::c, std::move(field).freeze()));
  return entry;
}

}  // namespace neve::bench
