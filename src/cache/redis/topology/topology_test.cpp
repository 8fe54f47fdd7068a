#include "cache/redis/topology/topology.hpp"

#include <gtest/gtest.h>

#include <neve/base/error.hpp>

namespace neve::redis {
namespace {

Reply number(std::int64_t value) { return {ReplyKind::integer, value, {}, {}}; }
Reply text(std::string value) { return {ReplyKind::bulk, 0, Bytes::from(std::move(value)), {}}; }
Reply list(std::vector<Reply> items) { return {ReplyKind::array, 0, {}, std::move(items)}; }

TEST(KeySlot, IsThatOfTheSpecification) {
  EXPECT_EQ(key_slot("123456789"), 0x31C3 % 16384);
  EXPECT_EQ(key_slot("{user1000}.following"), key_slot("{user1000}.followers"));
  EXPECT_EQ(key_slot("foo{}{bar}"), key_slot("foo{}{bar}"));
  EXPECT_NE(key_slot("foo{}{bar}"), key_slot("bar"));
  EXPECT_EQ(key_slot("foo{{bar}}zap"), key_slot("{bar"));
  EXPECT_EQ(key_slot("foo{bar}{zap}"), key_slot("bar"));
  EXPECT_EQ(key_slot(""), 0);
}

TEST(Topology, SlotsBelongToTheMasterThatIsNamedFirst) {
  const RedisEndpoint asked{"seed", 7000, {}};
  const Reply reply =
      list({list({number(0), number(99), list({text("a"), number(7001)}), list({text("replica"), number(7009)})}),
            list({number(200), number(16383), list({text(""), number(7002)})}),
            list({number(100), number(100), list({text("a"), number(7001)})})});
  const Topology topology = Topology::from_slots(reply, asked);
  ASSERT_EQ(topology.masters.size(), 2U);
  EXPECT_EQ(topology.masters[0].text(), "a:7001");
  EXPECT_EQ(topology.masters[1].text(), "seed:7002");
  EXPECT_EQ(topology.master_of_slot[100], 0);
  EXPECT_EQ(topology.master_of_slot[101], Topology::kNobody);
  EXPECT_EQ(topology.master_of_slot[16383], 1);
}

TEST(Topology, NonsenseIsRefused) {
  const RedisEndpoint asked{"seed", 7000, {}};
  EXPECT_THROW((void)Topology::from_slots(text("OK"), asked), Error);
  EXPECT_THROW(
      (void)Topology::from_slots(list({list({number(0), number(16384), list({text("a"), number(1)})})}), asked), Error);
  EXPECT_THROW((void)Topology::from_slots(list({list({number(-1), number(5), list({text("a"), number(1)})})}), asked),
               Error);
  EXPECT_THROW((void)Topology::from_slots(list({list({number(0), number(5), list({text("a")})})}), asked), Error);
}

TEST(Redirection, NamesItsTarget) {
  const RedisEndpoint asked{"seed", 7000, {}};
  EXPECT_EQ(parse_redirection("MOVED 3999 127.0.0.1:6381", asked)->to.text(), "127.0.0.1:6381");
  EXPECT_FALSE(parse_redirection("MOVED 3999 127.0.0.1:6381", asked)->ask);
  EXPECT_TRUE(parse_redirection("ASK 3999 ::1:6381", asked)->ask);
  EXPECT_EQ(parse_redirection("ASK 3999 ::1:6381", asked)->to.host, "::1");
  EXPECT_EQ(parse_redirection("MOVED 1 :7005", asked)->to.text(), "seed:7005");
  EXPECT_EQ(parse_redirection("ASK 1 ?:7005", asked)->to.text(),
            "seed:7005");  // a name is preferred, and there is none
  EXPECT_FALSE(parse_redirection("ERR MOVED", asked));
  EXPECT_FALSE(parse_redirection("MOVED 1 nowhere", asked));
}

}  // namespace
}  // namespace neve::redis
