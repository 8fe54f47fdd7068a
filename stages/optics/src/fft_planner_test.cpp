#include <fftw3.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <set>
#include <sstream>
#include <thread>

#include <neve/base/digest.hpp>
#include <neve/base/error.hpp>
#include <neve/base/file.hpp>

#include "support/temporary_folder.hpp"
#include "test_fields.hpp"

namespace neve::optics {
namespace {

std::string digest_of_a_run(const FftPlanner& planner) {
  Fiber fiber = test::kerr_fiber(0.1 * test::Soliton::kPeriod, test::Soliton::kBeta2, test::Soliton::kGamma);
  fiber.raman = RamanResponse{};
  const auto end = propagate(test::Soliton::make(2, 4096, 160), fiber, planner);
  return sha256_hex(std::as_bytes(std::span(end.pulse.field)));
}

/// Teaches FFTW measured plans of the size the run uses, as another library in the process might.
void plant_foreign_wisdom() {
  std::vector<Complex> a(4096);
  std::vector<Complex> b(4096);
  for (const int sign : {FFTW_FORWARD, FFTW_BACKWARD}) {
    fftw_destroy_plan(fftw_plan_dft_1d(4096, reinterpret_cast<fftw_complex*>(a.data()),
                                       reinterpret_cast<fftw_complex*>(b.data()), sign, FFTW_MEASURE));
  }
}

std::string exported_wisdom() {
  char* text = fftw_export_wisdom_to_string();
  std::string wisdom(text);
  std::free(text);
  return wisdom;
}

/// FFTW keeps wisdom in a hash table, so the same knowledge may come out in another order.
std::multiset<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::multiset<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.insert(line);
  return lines;
}

/// The digest as another process computes it.
std::string digest_in_a_child() {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    plant_foreign_wisdom();
    const std::string digest = digest_of_a_run(FftPlanner());
    _exit(write(ends[1], digest.data(), digest.size()) == 64 ? 0 : 1);
  }
  close(ends[1]);
  std::string digest(64, ' ');
  EXPECT_EQ(read(ends[0], digest.data(), digest.size()), 64);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  return digest;
}

TEST(FftPlanner, TwoProcessesComputeTheSameBits) { EXPECT_EQ(digest_in_a_child(), digest_of_a_run(FftPlanner())); }

TEST(FftPlanner, ForeignWisdomNeitherChangesResultsNorGetsLost) {
  const std::string before = digest_of_a_run(FftPlanner());
  plant_foreign_wisdom();
  const std::string wisdom = exported_wisdom();
  EXPECT_EQ(digest_of_a_run(FftPlanner()), before);
  EXPECT_EQ(lines_of(exported_wisdom()), lines_of(wisdom));
  fftw_forget_wisdom();
}

TEST(FftPlanner, ThreadsShareOnePlannerAndAgree) {
  const FftPlanner planner;
  std::array<std::string, 3> digests;
  {
    std::vector<std::jthread> threads;
    for (std::string& digest : digests) threads.emplace_back([&] { digest = digest_of_a_run(planner); });
  }
  EXPECT_EQ(digests[0], digests[1]);
  EXPECT_EQ(digests[0], digests[2]);
}

TEST(FftPlanner, WisdomFileIsUsedAndNamedInTheFingerprint) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "wisdom";
  const std::array<std::size_t, 1> sizes{256};
  measure_wisdom(file, sizes);
  const FftPlanner first(file);
  const FftPlanner second(file);
  EXPECT_EQ(first.fingerprint(), second.fingerprint());
  EXPECT_EQ(first.fingerprint().substr(0, 7), "wisdom-");
  EXPECT_EQ(FftPlanner().fingerprint(), "estimate");
  const Pulse pulse = test::Soliton::make(1, 256, 40);
  const Fiber fiber = test::kerr_fiber(test::Soliton::kPeriod, test::Soliton::kBeta2, test::Soliton::kGamma);
  EXPECT_EQ(propagate(pulse, fiber, first).pulse.field, propagate(pulse, fiber, second).pulse.field);
  // Another plan adds in another order: the same numbers to rounding, whatever the bits.
  EXPECT_LT(test::relative_difference(propagate(pulse, fiber, first).pulse.field,
                                      propagate(pulse, fiber, FftPlanner()).pulse.field),
            1e-9);
}

TEST(FftPlanner, MissingAndDamagedWisdomFilesAreRefused) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "wisdom";
  try {
    const FftPlanner planner(file);
    FAIL() << "a missing file was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
  }
  for (const std::string_view text : {"(not wisdom", ""}) {  // nothing is left of a file when the disk is full
    replace_file(file, as_byte_span(text), Durability::none);
    try {
      const FftPlanner planner(file);
      FAIL() << "a damaged file was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::corrupt);
    }
  }
}

TEST(FftPlanner, SizesThatNoGridHasAreNotMeasured) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "wisdom";
  for (const std::size_t size : {std::size_t{1000}, std::size_t{8}, std::size_t{1} << 31}) {
    try {
      measure_wisdom(file, std::array{size});
      FAIL() << size << " points were measured";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument) << size;
    }
  }
  EXPECT_FALSE(std::filesystem::exists(file));
}

}  // namespace
}  // namespace neve::optics
