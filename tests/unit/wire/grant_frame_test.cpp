#include "wire/grant_frame.hpp"

#include "properties.hpp"

namespace gof::wire {
namespace {

grant_frame some_grant() {
  return {counting_id<peer_id>(0x10), counting_id<grant_id>(0x40),
          counting<std::array<std::uint8_t, grant_frame::mac_size>>(0x60)};
}

TEST(Grant, is_these_bytes) {
  EXPECT_EQ(some_grant().encode(), hex("101112131415161718191a1b1c1d1e1f 202122232425262728292a2b2c2d2e2f"
                                       "404142434445464748494a4b4c4d4e4f 606162636465666768696a6b6c6d6e6f"));
}

TEST(Grant, gives_back_what_was_encoded) {
  EXPECT_EQ(grant_frame::decode(some_grant().encode()), some_grant());
}

TEST(Grant, is_refused_when_cut_or_longer) {
  expect_every_cut_refused(grant_frame::decode, some_grant().encode());
  expect_more_refused(grant_frame::decode, some_grant().encode());
}

TEST(Grant, reads_any_bytes_as_what_they_are) {
  generator g;
  expect_total<grant_frame>(g, some_grant().encode());
}

}  // namespace
}  // namespace gof::wire
