#include "properties.hpp"
#include "wire/record_links.hpp"
#include "wire/record_profile.hpp"

namespace gof::wire {
namespace {

record_links some_links() {
  record_links body;
  body.relays = true;
  body.links.push_back({counting_id<node_id>(0x10), 0x0203, {0x04, 0x05, 0x06}});
  body.links.push_back({counting_id<node_id>(0x20), 0x0708, {0x09, 0x0a, 0x0b}});
  return body;
}

record_links any_links(generator& g) {
  record_links body;
  body.relays = g.coin();
  std::uint64_t id = 0;
  for (auto count = g.below(record_links::most_links + 1); count > 0; --count) {
    id += 1 + g.below(1'000'000);
    bytes name;
    for (int shift = 56; shift >= 0; shift -= 8) name.push_back(static_cast<std::uint8_t>(id >> shift));
    body.links.push_back({node_id(name),
                          g.any<std::uint16_t>(),
                          {g.any<std::uint8_t>(), g.any<std::uint8_t>(), g.any<std::uint8_t>()}});
  }
  return body;
}

record_profile some_profile() {
  record_profile body;
  body.name = "hut";
  body.services = {"ssh", "a-1"};
  body.withdrawn = {counting_id<grant_id>(0x10)};
  body.addresses = {{"::1", 22}};
  return body;
}

record_profile any_profile(generator& g) {
  record_profile body;
  body.name = g.any_peer_name();
  for (auto count = g.below(record_profile::most_services + 1); count > 0; --count)
    body.services.push_back("s" + g.text_of("abz019-", g.below(63)));
  for (auto count = g.below(record_profile::most_withdrawn + 1); count > 0; --count)
    body.withdrawn.push_back(g.id<grant_id>());
  for (auto count = g.below(record_profile::most_addresses + 1); count > 0; --count)
    body.addresses.push_back({g.text_of("abc.:1", 1 + g.below(60)), 22});
  return body;
}

/// Bytes after the known fields are ignored.
template <class Body>
void expect_what_follows_ignored(const Body& sample) {
  auto longer = sample.encode();
  append(longer, hex("ff00ff"));
  EXPECT_EQ(Body::decode(longer), sample);
}

TEST(RecordLinks, are_these_bytes) {
  EXPECT_EQ(some_links().encode(),
            hex("01 02 1011121314151617 0203 04 05 06 2021222324252627 0708 09 0a 0b"));
  EXPECT_EQ(record_links{}.encode(), hex("00 00"));
}

TEST(RecordLinks, give_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    const auto body = any_links(g);
    EXPECT_EQ(record_links::decode(body.encode()), body);
  }
}

TEST(RecordLinks, are_refused_when_cut_and_ignore_what_follows) {
  expect_every_cut_refused(record_links::decode, some_links().encode());
  expect_what_follows_ignored(some_links());
}

TEST(RecordLinks, are_at_most_64_in_ascending_order) {
  EXPECT_FALSE(record_links::decode(bytes{1, 65}));
  auto body = some_links();
  std::swap(body.links[0], body.links[1]);
  EXPECT_FALSE(record_links::decode(body.encode()));
  body.links[1] = body.links[0];
  EXPECT_FALSE(record_links::decode(body.encode()));
}

TEST(RecordLinks, find_a_link_by_its_neighbour) {
  generator g;
  for (int i = 0; i < 100; ++i) {
    const auto body = any_links(g);
    for (const auto& l : body.links) EXPECT_EQ(body.to(l.neighbour), &l);
    EXPECT_EQ(body.to(counting_id<node_id>(0x80)), nullptr);
  }
}

TEST(RecordLinks, of_noise_are_written_and_read_as_the_same) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    const auto body = record_links::decode(g.damaged(some_links().encode()));
    if (!body) continue;
    EXPECT_EQ(record_links::decode(body->encode()), body);
  }
}

TEST(RecordProfile, is_these_bytes) {
  EXPECT_EQ(some_profile().encode(),
            hex("03 687574 02 03 737368 03 612d31 01 101112131415161718191a1b1c1d1e1f"
                "01 03 3a3a31 0016"));
  EXPECT_EQ(record_profile{}.encode(), hex("00 00 00 00"));
}

TEST(RecordProfile, gives_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    const auto body = any_profile(g);
    EXPECT_EQ(record_profile::decode(body.encode()), body);
  }
}

TEST(RecordProfile, is_refused_when_cut_and_ignores_what_follows) {
  expect_every_cut_refused(record_profile::decode, some_profile().encode());
  expect_what_follows_ignored(some_profile());
}

TEST(RecordProfile, has_limits) {
  bytes long_name{64};
  long_name.resize(65, 'n');
  append(long_name, hex("00 00 00"));
  EXPECT_FALSE(record_profile::decode(long_name));
  EXPECT_FALSE(record_profile::decode(hex("00 01 02 4141 00 00"))) << "a service name in capitals";
  EXPECT_FALSE(record_profile::decode(hex("00 01 00 00 00"))) << "an empty service name";
  EXPECT_FALSE(record_profile::decode(hex("00 00 00 01 01 68 0000"))) << "port 0";
  bytes services{0, 65};
  for (int i = 0; i < 65; ++i) append(services, hex("01 61"));
  append(services, hex("00 00"));
  EXPECT_FALSE(record_profile::decode(services));
  bytes withdrawn{0, 0, 33};
  withdrawn.resize(3 + 33 * 16 + 1);
  EXPECT_FALSE(record_profile::decode(withdrawn));
  bytes addresses{0, 0, 0, 5};
  for (int i = 0; i < 5; ++i) append(addresses, hex("01 61 0016"));
  EXPECT_FALSE(record_profile::decode(addresses));
}

TEST(RecordProfile, with_a_name_that_breaks_the_rule_is_read_without_one) {
  for (const auto* name :
       {"$(touch x)", "a\nb", "-rf", "gof1x", "\xff", "\xed\xa0\x80", "\x1b]0;x\a", "\xe2\x80\xae"}) {
    auto body = some_profile();
    body.name = name;
    const auto read = record_profile::decode(body.encode());
    ASSERT_TRUE(read) << name;
    body.name.clear();
    EXPECT_EQ(read, body) << "all else is read";
  }
}

TEST(RecordProfile, at_its_largest_fits_into_a_record) {
  record_profile body;
  body.name = std::string(record_profile::longest_name, 'n');
  body.services.assign(record_profile::most_services, std::string(63, 's'));
  body.withdrawn.resize(record_profile::most_withdrawn);
  body.addresses.assign(record_profile::most_addresses, {std::string(address::longest_host, 'h'), 1});
  EXPECT_LE(body.encode().size(), std::size_t{16'384 - 54 - 64});
  EXPECT_EQ(record_profile::decode(body.encode()), body);
}

TEST(RecordProfile, of_noise_is_written_and_read_as_the_same) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    const auto body = record_profile::decode(g.damaged(some_profile().encode()));
    if (!body) continue;
    EXPECT_EQ(record_profile::decode(body->encode()), body);
  }
}

}  // namespace
}  // namespace gof::wire
