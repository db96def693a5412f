#include "properties.hpp"
#include "ticket_text.hpp"
#include "wire/any_ticket.hpp"

namespace gof::wire {
namespace {

ticket sample() {
  ticket t;
  t.issuer = counting_id<peer_id>(0x10);
  t.mesh = counting_id<mesh_id>(0x30);
  t.grant = counting_id<grant_id>(0x40);
  t.link_key = counting<std::array<std::uint8_t, 32>>(0x50);
  t.token = counting<std::array<std::uint8_t, 32>>(0x70);
  t.services = {{"ssh", 22}, {"web", 8080}};
  t.addresses = {{"192.0.2.7", 9999}};
  return t;
}

ticket random_ticket(generator& g) {
  ticket t;
  t.issuer = g.id<peer_id>();
  t.mesh = g.id<mesh_id>();
  t.grant = g.id<grant_id>();
  t.link_key = g.array<32>();
  t.token = g.array<32>();
  for (auto left = g.below(g.coin() ? 4 : ticket::most_services + 1); left > 0; --left)
    t.services.push_back({g.text_of("ab0", 1) + g.text_of("az09-", g.below(63)), g.any<std::uint16_t>()});
  for (auto left = g.below(ticket::most_addresses + 1); left > 0; --left)
    t.addresses.push_back({g.text_of("abz09.-", 1 + g.below(address::longest_host)),
                           static_cast<std::uint16_t>(1 + g.below(65'535))});
  return t;
}

bytes sample_body() {
  return checked_part(sample().text());
}

TEST(Ticket, is_these_bytes) {
  EXPECT_EQ(sample_body(), hex("01 01"
                               "101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f"
                               "3031323334353637"
                               "404142434445464748494a4b4c4d4e4f"
                               "505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f"
                               "707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f"
                               "02 03 737368 0016 03 776562 1f90"
                               "01 09 3139322e302e322e37 270f"));
  EXPECT_EQ(slow_crc_32c(as_bytes("123456789")), 0xe3069283);  // the check value of CRC-32C
  EXPECT_EQ(sample().text(), sealed_text(sample_body()));
}

TEST(Ticket, gives_back_what_was_written) {
  generator g;
  for (int i = 0; i < 300; ++i) {
    const auto t = random_ticket(g);
    const auto text = t.text();
    const auto back = ticket::parse(text);
    ASSERT_TRUE(back) << text;
    EXPECT_EQ(*back, t);
    EXPECT_EQ(back->text(), text);
  }
}

TEST(Ticket, notices_every_change_of_a_single_character) {
  expect_single_changes_noticed<ticket>(sample().text());
}

TEST(Ticket, notices_every_two_neighbours_that_changed_places) {
  expect_swaps_noticed<ticket>(sample().text());
}

TEST(Ticket, is_refused_when_cut_anywhere_or_followed_by_more) {
  expect_cuts_and_more_refused<ticket>(sample().text());
}

TEST(Ticket, is_read_as_people_paste_it) {
  expect_read_as_pasted<ticket>(sample().text());
}

TEST(Ticket, is_not_searched_for_in_much_white_space) {
  const auto blanks = [](std::size_t count) { return sample().text() + std::string(count, ' '); };
  EXPECT_TRUE(ticket::parse(blanks(ticket::longest_text)));
  EXPECT_EQ(ticket::parse(blanks(ticket_form::longest_pasted)).error().why, ticket_error::code::too_long);
}

TEST(Ticket, is_read_at_its_caps_and_not_beyond) {
  auto t = sample();
  t.services.assign(ticket::most_services, {std::string(63, 's'), 65'535});
  t.addresses.assign(ticket::most_addresses, {std::string(address::longest_host, 'h'), 65'535});
  EXPECT_LE(t.text().size(), ticket::longest_text);
  ASSERT_TRUE(ticket::parse(t.text()));
  EXPECT_EQ(*ticket::parse(t.text()), t);

  auto services = t;
  services.services.push_back({"one-more", 0});
  EXPECT_FALSE(ticket::parse(services.text()));
  auto addresses = t;
  addresses.addresses.push_back({"one-more", 1});
  EXPECT_FALSE(ticket::parse(addresses.text()));
}

TEST(Ticket, is_not_even_looked_at_when_too_long) {
  const auto error = ticket::parse("gof1" + std::string(ticket::longest_text, 'a')).error();
  EXPECT_EQ(error.why, ticket_error::code::too_long);
}

TEST(Ticket, of_no_services_and_no_addresses_is_read) {
  auto t = sample();
  t.services.clear();
  t.addresses.clear();
  EXPECT_EQ(*ticket::parse(t.text()), t);
}

TEST(Ticket, of_a_newer_format_or_kind_says_so) {
  auto body = sample_body();
  body[0] = 2;
  auto error = ticket::parse(sealed_text(body)).error();
  EXPECT_EQ(error.why, ticket_error::code::newer_format);
  EXPECT_EQ(error.number, 2);
  body = sample_body();
  body[1] = 9;
  error = ticket::parse(sealed_text(body)).error();
  EXPECT_EQ(error.why, ticket_error::code::newer_kind);
  EXPECT_EQ(error.number, 9);
}

TEST(Ticket, is_told_apart_from_a_join_ticket) {
  const auto text = sample().text();
  EXPECT_EQ(std::get<ticket>(*parse_any_ticket(text)), sample());
  EXPECT_EQ(join_ticket::parse(text).error().why, ticket_error::code::service_ticket);
}

TEST(Ticket, with_a_right_checksum_is_still_refused_when_cut_or_followed_by_more) {
  expect_checked_cuts_and_more_refused<ticket>(sample().text());
}

TEST(Ticket, with_a_right_checksum_reads_noise_as_itself_or_not_at_all) {
  expect_noise_is_itself_or_nothing<ticket>(sample().text());
}

TEST(Ticket, that_is_damaged_names_the_part_that_is_wrong) {
  using code = ticket_error::code;
  const auto text = sample().text();
  const auto why = [](const std::string& wrong) { return ticket::parse(wrong).error().why; };
  EXPECT_EQ(why("x" + text), code::no_prefix);
  EXPECT_EQ(why(text + "!"), code::foreign_character);
  auto mistyped = text;
  mistyped[40] = '0';
  const auto where = ticket::parse("\n" + mistyped).error();
  EXPECT_EQ(where.why, code::foreign_character);
  EXPECT_EQ(where.character, '0');
  EXPECT_EQ(where.place, 41u);
  EXPECT_TRUE(why(text.substr(0, 99)) == code::cut || why(text.substr(0, 98)) == code::cut);
  EXPECT_EQ(why(text.substr(0, 4)), code::too_short);
  EXPECT_EQ(why(text.substr(0, 4) + "b" + text.substr(5)), code::checksum);
  EXPECT_EQ(why(sealed_text(exactly(const_bytes(sample_body()).first(60)))), code::too_short);
  auto body = sample_body();
  body.push_back(0);
  EXPECT_EQ(why(sealed_text(body)), code::trailing_bytes);
  auto service = sample();
  service.services[0].name = "UP";
  EXPECT_EQ(why(service.text()), code::services);
  auto place = sample();
  place.addresses[0].host = "h h";
  EXPECT_EQ(why(place.text()), code::addresses);
}

TEST(ServiceName, obeys_its_form) {
  for (const auto name : {"a", "0", "ssh", "web-2", "a-", "9p"})
    EXPECT_TRUE(valid_service_name(name)) << name;
  EXPECT_TRUE(valid_service_name(std::string(63, 'a')));
  for (const auto name : {"", "-", "-a", "A", "aB", "a.b", "a_b", "a b", "a/b", "\xc3\xb6", "a\n"})
    EXPECT_FALSE(valid_service_name(name)) << name;
  EXPECT_FALSE(valid_service_name(std::string(64, 'a')));
  EXPECT_FALSE(valid_service_name(std::string_view("a\0", 2)));
}

TEST(Ticket, is_refused_when_a_service_or_an_address_is_malformed) {
  for (const auto& name : {std::string("UP"), std::string(""), std::string(64, 'a'), std::string("a\x1b")}) {
    auto t = sample();
    t.services[0].name = name;
    EXPECT_FALSE(ticket::parse(t.text())) << name;
  }
  for (const auto& a : {address{"", 1}, address{"h", 0}, address{"h h", 1}}) {
    auto t = sample();
    t.addresses[0] = a;
    EXPECT_FALSE(ticket::parse(t.text())) << a.host;
  }
}

}  // namespace
}  // namespace gof::wire
