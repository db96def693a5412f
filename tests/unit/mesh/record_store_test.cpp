#include "mesh/record_store.hpp"

#include "signing.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

constexpr std::uint32_t long_enough = 600;

struct RecordStore : testing::Test {
  test::seeded_random random{1};
  author self{random};
  author other{random};
  record_store store{self.node()};
  rate_limit verifications = rate_limit::evenly(200, 1s);
  instant now{};

  record_verdict accept(const bytes& whole, std::uint32_t remaining = long_enough) {
    return store.accept(now, whole, remaining, verifications).verdict;
  }
  wire::record_name name(wire::record_part part = wire::record_part::links) const {
    return {other.node(), part};
  }
};

TEST_F(RecordStore, takes_a_record_and_gives_it_on_as_it_came) {
  const auto whole = other.links(1);
  EXPECT_EQ(accept(whole), record_verdict::fresh);
  const auto* held = store.find(name());
  ASSERT_TRUE(held);
  EXPECT_EQ(held->whole, whole);
  EXPECT_EQ(held->seq, 1u);
  EXPECT_EQ(store.peer_of(other.node()), other.self.id());
}

TEST_F(RecordStore, goes_only_forward) {
  EXPECT_EQ(accept(other.links(5)), record_verdict::fresh);
  EXPECT_EQ(accept(other.links(5)), record_verdict::old);
  EXPECT_EQ(accept(other.links(4)), record_verdict::old);
  EXPECT_EQ(accept(other.links(6)), record_verdict::fresh);
  EXPECT_EQ(accept(other.profile(1)), record_verdict::fresh) << "each part has its own number";
}

TEST_F(RecordStore, tells_a_renewal_from_a_change) {
  EXPECT_TRUE(store.accept(now, other.links(1), long_enough, verifications).changed);
  EXPECT_FALSE(store.accept(now, other.links(2), long_enough, verifications).changed);
  wire::record_links more;
  more.relays = true;
  EXPECT_TRUE(store.accept(now, other.links(3, more), long_enough, verifications).changed);
}

TEST_F(RecordStore, refuses_what_is_forged_anywhere) {
  const auto whole = other.links(1);
  for (std::size_t place = 0; place < whole.size(); ++place) {
    now += 1s;
    auto forged = whole;
    forged[place] ^= 0x01;
    const auto verdict = accept(forged);
    EXPECT_TRUE(verdict == record_verdict::forged || verdict == record_verdict::malformed) << place;
  }
  EXPECT_TRUE(store.all().empty());
}

TEST_F(RecordStore, refuses_a_record_in_anothers_name) {
  auto r = other.sign(wire::record_part::links, 1, wire::record_links{}.encode());
  r.peer = author(random).self.id();
  EXPECT_EQ(accept(r.encode()), record_verdict::forged);
}

TEST_F(RecordStore, refuses_the_last_sequence_number) {
  EXPECT_EQ(accept(other.links(wire::record::no_seq)), record_verdict::malformed);
  EXPECT_EQ(accept(other.links(wire::record::no_seq - 1)), record_verdict::fresh);
}

TEST_F(RecordStore, refuses_a_body_that_does_not_read) {
  EXPECT_EQ(accept(other.sign(wire::record_part::links, 1, {}).encode()), record_verdict::malformed);
  EXPECT_EQ(accept(other.sign(wire::record_part::profile, 1, bytes{64}).encode()), record_verdict::malformed);
  EXPECT_EQ(accept(bytes(10)), record_verdict::malformed);
}

TEST_F(RecordStore, ignores_what_comes_back_of_our_own) {
  EXPECT_EQ(accept(self.links(9)), record_verdict::old);
  EXPECT_FALSE(store.wants({self.node(), wire::record_part::links}, 9));
}

TEST_F(RecordStore, verifies_only_what_is_new_and_within_the_budget) {
  auto little = rate_limit::evenly(1, 1s);
  EXPECT_EQ(store.accept(now, other.links(2), long_enough, little).verdict, record_verdict::fresh);
  EXPECT_EQ(store.accept(now, other.links(3), long_enough, little).verdict, record_verdict::postponed);
  EXPECT_EQ(store.accept(now, other.links(2), long_enough, little).verdict, record_verdict::old);
  EXPECT_EQ(store.accept(now, other.links(3), 0, little).verdict, record_verdict::expired);
  EXPECT_EQ(store.accept(now + 1s, other.links(3), long_enough, little).verdict, record_verdict::fresh);
}

TEST_F(RecordStore, counts_down_the_less_of_signed_and_told) {
  EXPECT_EQ(accept(other.links(1, {}, 100), 3'600), record_verdict::fresh);
  EXPECT_EQ(store.find(name())->remaining(now), 100u);
  EXPECT_EQ(accept(other.profile(1), 40), record_verdict::fresh);
  EXPECT_EQ(store.find(name(wire::record_part::profile))->remaining(now + 15'500ms), 24u);
  EXPECT_EQ(store.poll_timeout(), now + 40s);
  EXPECT_TRUE(store.handle_timeout(now + 39s).empty());
  const auto over = store.handle_timeout(now + 40s);
  ASSERT_EQ(over.size(), 1u);
  EXPECT_EQ(over[0], name(wire::record_part::profile));
  EXPECT_EQ(store.poll_timeout(), now + 100s);
  EXPECT_TRUE(store.find(name()));
}

TEST_F(RecordStore, does_not_take_again_what_expired) {
  EXPECT_EQ(accept(other.links(7), 10), record_verdict::fresh);
  now += 10s;
  EXPECT_EQ(store.handle_timeout(now).size(), 1u);
  EXPECT_EQ(accept(other.links(7)), record_verdict::old) << "a replay";
  EXPECT_FALSE(store.wants(name(), 7));
  EXPECT_EQ(accept(other.links(8), 10), record_verdict::fresh);
  now += 10s;
  store.handle_timeout(now);
  EXPECT_EQ(store.poll_timeout(), now - 10s + record_store::remembered);
  store.handle_timeout(now + record_store::remembered);
  EXPECT_FALSE(store.poll_timeout()) << "nothing is left to expire";
}

TEST_F(RecordStore, has_room_for_so_many_and_then_only_for_those) {
  EXPECT_EQ(accept(other.links(1)), record_verdict::fresh);
  wire::record own = other.sign(wire::record_part::links, 1, wire::record_links{}.encode());
  while (store.all().size() < record_store::most_records) {
    random.fill(own.instance.value);
    store.keep(now, own);
  }
  const author late(random);
  EXPECT_EQ(accept(late.links(1)), record_verdict::full);
  EXPECT_FALSE(store.wants({late.node(), wire::record_part::links}, 1));
  EXPECT_EQ(accept(other.links(2)), record_verdict::fresh);
}

}  // namespace
}  // namespace gof::core
