#include "codec/deflate/two_halves.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "codec/byte_recipes.hpp"
#include "codec/deflate/deflate.hpp"

namespace neve {
namespace {

std::span<std::byte> writable(std::string& text) { return std::as_writable_bytes(std::span(text)); }

/// The ways a second thread can turn out.
class Helpers {
 public:
  ~Helpers() {
    for (std::thread& thread : threads_) thread.join();
    for (const auto& work : kept_) work();
  }

  bool start(std::function<void()> work) {
    threads_.emplace_back(std::move(work));
    return true;
  }
  /// It begins when the caller has long gone on.
  bool keep(std::function<void()> work) {
    kept_.push_back(std::move(work));
    return true;
  }

 private:
  std::vector<std::thread> threads_;
  std::vector<std::function<void()>> kept_;
};

std::string deflated(const std::string& body, const StartThread& start) {
  IsalStream stream;
  std::string out(body.size() + body.size() / 4 + 1000, '\0');
  out.resize(deflate_in_halves(stream, as_byte_span(body), writable(out), start));
  return out;
}

bool none(const std::function<void()>& /*work*/) { return false; }

TEST(TwoHalves, AreTheSameStreamWhoeverDeflatesThem) {
  Helpers helpers;
  for (const std::size_t size : {std::size_t{2}, std::size_t{999}, kHalvesFrom - 1, kHalvesFrom, 3 * kHalvesFrom + 7}) {
    for (const std::string& body : {wordy_bytes(size, 1), random_bytes(size, 2), std::string(size, 'x'),
                                    wordy_bytes(size / 2, 3) + random_bytes(size - size / 2, 4)}) {
      const std::string alone = deflated(body, none);
      ASSERT_FALSE(alone.empty()) << size;
      std::string back(size, '\0');
      ASSERT_TRUE(inflate_exactly(as_byte_span(alone), writable(back))) << size;
      ASSERT_EQ(back, body);
      for (int i = 0; i < 8; ++i) {
        ASSERT_EQ(deflated(body, [&](auto work) { return helpers.start(std::move(work)); }), alone) << size;
      }
      ASSERT_EQ(deflated(body, [&](auto work) { return helpers.keep(std::move(work)); }), alone) << size;
    }
  }
}

TEST(TwoHalves, OfManyCallersAtOnceAreEachTheirOwn) {
  std::vector<std::thread> callers;
  std::atomic<int> wrong{0};
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&, caller] {
      const std::string body = wordy_bytes(kHalvesFrom + 100 * static_cast<std::size_t>(caller), caller);
      Helpers helpers;
      const std::string alone = deflated(body, none);
      for (int i = 0; i < 20; ++i) {
        if (deflated(body, [&](auto work) { return helpers.start(std::move(work)); }) != alone) ++wrong;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(wrong, 0);
}

TEST(TwoHalves, ThatDoNotFitAreNotWritten) {
  const std::string body = wordy_bytes(kHalvesFrom, 1);
  const std::size_t size = deflated(body, none).size();
  Helpers helpers;
  for (const std::size_t room : {std::size_t{0}, std::size_t{9}, size / 2 - 100, size / 2 + 100, size - 20}) {
    for (const bool alone : {true, false}) {
      IsalStream stream;
      std::string guarded(room + 64, 'G');
      const auto start = [&](auto work) { return !alone && helpers.start(std::move(work)); };
      EXPECT_EQ(deflate_in_halves(stream, as_byte_span(body), writable(guarded).first(room), start), 0U) << room;
      EXPECT_EQ(guarded.substr(room), std::string(64, 'G')) << "nothing is written beyond the end";
    }
  }
}

TEST(TwoHalves, TheSecondRefersBackToTheFirst) {
  const std::string noise = random_bytes(kHalvesFrom / 2, 5);
  const std::string again = noise.substr(noise.size() - 4096);
  const std::string body = noise + again + std::string(noise.size() - again.size(), 'x');
  EXPECT_LT(deflated(body, none).size(), noise.size() + 3000) << "what stood before it is not deflated anew";
}

}  // namespace
}  // namespace neve
