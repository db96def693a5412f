#include "properties.hpp"
#include "ticket_text.hpp"
#include "wire/any_ticket.hpp"

namespace gof::wire {
namespace {

join_ticket sample() {
  join_ticket t;
  t.issuer = counting_id<peer_id>(0x10);
  t.network_key = counting<std::array<std::uint8_t, 32>>(0x50);
  t.addresses = {{"192.0.2.7", 9999}, {"2001:db8::7", 9999}};
  return t;
}

join_ticket random_join_ticket(generator& g) {
  join_ticket t;
  t.issuer = g.id<peer_id>();
  t.network_key = g.array<32>();
  for (auto left = g.below(ticket_form::most_addresses + 1); left > 0; --left)
    t.addresses.push_back({g.text_of("abz09.-", 1 + g.below(address::longest_host)),
                           static_cast<std::uint16_t>(1 + g.below(65'535))});
  return t;
}

TEST(JoinTicket, is_these_bytes) {
  const auto body =
      hex("01 02"
          "101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f"
          "505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f"
          "02 09 3139322e302e322e37 270f 0b 323030313a6462383a3a37 270f");
  EXPECT_EQ(checked_part(sample().text()), body);
  EXPECT_EQ(sample().text(), sealed_text(body));
}

TEST(JoinTicket, gives_back_what_was_written) {
  generator g;
  for (int i = 0; i < 300; ++i) {
    const auto t = random_join_ticket(g);
    const auto text = t.text();
    const auto back = join_ticket::parse(text);
    ASSERT_TRUE(back) << text;
    EXPECT_EQ(*back, t);
    EXPECT_EQ(back->text(), text);
    EXPECT_EQ(std::get<join_ticket>(*parse_any_ticket(text)), t);
  }
}

TEST(JoinTicket, notices_every_change_of_a_single_character) {
  expect_single_changes_noticed<join_ticket>(sample().text());
}

TEST(JoinTicket, notices_every_two_neighbours_that_changed_places) {
  expect_swaps_noticed<join_ticket>(sample().text());
}

TEST(JoinTicket, is_refused_when_cut_anywhere_or_followed_by_more) {
  expect_cuts_and_more_refused<join_ticket>(sample().text());
}

TEST(JoinTicket, is_read_as_people_paste_it) {
  expect_read_as_pasted<join_ticket>(sample().text());
}

TEST(JoinTicket, with_a_right_checksum_is_still_refused_when_cut_or_followed_by_more) {
  expect_checked_cuts_and_more_refused<join_ticket>(sample().text());
}

TEST(JoinTicket, with_a_right_checksum_reads_noise_as_itself_or_not_at_all) {
  expect_noise_is_itself_or_nothing<join_ticket>(sample().text());
}

TEST(JoinTicket, is_read_at_its_caps_and_not_beyond) {
  auto t = sample();
  t.addresses.assign(ticket_form::most_addresses, {std::string(address::longest_host, 'h'), 65'535});
  ASSERT_TRUE(join_ticket::parse(t.text()));
  EXPECT_EQ(*join_ticket::parse(t.text()), t);
  t.addresses.push_back({"one-more", 1});
  EXPECT_FALSE(join_ticket::parse(t.text()));
}

TEST(JoinTicket, of_no_addresses_is_read) {
  auto t = sample();
  t.addresses.clear();
  EXPECT_EQ(*join_ticket::parse(t.text()), t);
}

TEST(JoinTicket, is_refused_when_an_address_is_malformed) {
  for (const auto& a : {address{"", 1}, address{"h", 0}, address{"h h", 1}}) {
    auto t = sample();
    t.addresses[0] = a;
    EXPECT_FALSE(join_ticket::parse(t.text())) << a.host;
  }
}

TEST(JoinTicket, is_told_apart_from_a_service_ticket) {
  EXPECT_EQ(ticket::parse(sample().text()).error().why, ticket_error::code::join_ticket);
}

TEST(AnyTicket, of_no_known_kind_or_damaged_is_told_as_such) {
  auto body = checked_part(sample().text());
  body[1] = 3;
  const auto error = parse_any_ticket(sealed_text(body)).error();
  EXPECT_EQ(error.why, ticket_error::code::newer_kind);
  EXPECT_EQ(error.number, 3);
  body[1] = 1;
  EXPECT_FALSE(parse_any_ticket(sealed_text(body))) << "the body of a join ticket, as a service ticket";
  EXPECT_FALSE(parse_any_ticket("gof1"));
  EXPECT_FALSE(parse_any_ticket(""));
}

TEST(AnyTicket, reads_noise_as_itself_or_not_at_all) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    const auto text = sealed_text(g.damaged(checked_part(sample().text())));
    const auto t = parse_any_ticket(text);
    if (!t) continue;
    EXPECT_EQ(std::visit([](const auto& one) { return one.text(); }, *t), text);
  }
}

}  // namespace
}  // namespace gof::wire
