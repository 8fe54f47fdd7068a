#include "service/http/received_bytes.hpp"

#include <gtest/gtest.h>

namespace neve::service {
namespace {

TEST(ReceivedBytes, AreReadInTheOrderOfTheirComing) {
  ReceivedBytes received;
  EXPECT_TRUE(received.empty());
  received.append("abc");
  received.drop(2);
  EXPECT_EQ(received.unread(), "c");
  received.append("de");
  EXPECT_EQ(received.unread(), "cde");
  received.drop(3);
  EXPECT_TRUE(received.empty());
}

TEST(ReceivedBytes, TakeNoMemoryForWhatWasRead) {
  ReceivedBytes received;
  const std::string request(1000, 'x');
  for (int i = 0; i < 10'000; ++i) {
    received.append(request);
    received.drop(received.unread().size() - 7);  // of which the rest comes with the next
  }
  EXPECT_LT(received.capacity(), 10'000U);
}

}  // namespace
}  // namespace neve::service
