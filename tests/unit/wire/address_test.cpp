#include "wire/address.hpp"

#include "properties.hpp"

namespace gof::wire {
namespace {

std::optional<address> decode(const_bytes data) {
  reader in(data);
  auto a = address::decode(in);
  if (!in.done()) return std::nullopt;
  return a;
}

bytes encode(const address& a) {
  bytes out;
  writer to(out);
  a.encode(to);
  return out;
}

struct form {
  std::string_view text;
  std::string_view host;
  std::uint16_t port;
};

constexpr form taken[] = {
    {"localhost:22", "localhost", 22},
    {"192.0.2.7:9999", "192.0.2.7", 9999},
    {"a-b_c.example.org:65535", "a-b_c.example.org", 65535},
    {"EXAMPLE.org:1", "EXAMPLE.org", 1},
    {"[::1]:22", "::1", 22},
    {"[2001:db8::7]:443", "2001:db8::7", 443},
    {"[fe80::1%eth0]:443", "fe80::1%eth0", 443},
    {"[::ffff:192.0.2.7]:443", "::ffff:192.0.2.7", 443},
    {"0.0.0.0:0", "0.0.0.0", 0},  // to listen on a port that the system chooses
};

constexpr std::string_view refused[] = {
    "",
    ":",
    ":22",
    "localhost",
    "localhost:",
    "localhost:x",
    "host:-1",
    "host:+1",
    "host:65536",
    "host:99999999999999999999",
    "host:22 ",
    "host: 22",
    " host:22",
    "ho st:22",
    "host:22x",
    "::1:22",
    "2001:db8::7",
    "[::1]",
    "[::1]22",
    "[::1]:",
    "[::1:22",
    "[]:22",
    "[[::1]]:22",
    "::1]:22",
    "a/b:22",
    "user@host:22",
    "host\n:22",
    "h\x1b[31m:22",
    "h\xc3\xb6st:22",
    "[localhost]:22",
    "[192.0.2.7]:22",
};

TEST(Address, is_read_from_each_form) {
  for (const auto& [text, host, port] : taken) {
    const auto a = address::parse(text);
    ASSERT_TRUE(a) << text << ": " << a.error().what;
    EXPECT_EQ(a->host, host);
    EXPECT_EQ(a->port, port);
    EXPECT_EQ(a->text(), text);
  }
}

TEST(Address, is_refused_in_any_other_form) {
  for (const auto text : refused) EXPECT_FALSE(address::parse(text)) << text;
  const std::string with_zero("host\0:22", 8);
  EXPECT_FALSE(address::parse(with_zero));
}

TEST(Address, says_what_is_wrong_with_it) {
  EXPECT_EQ(address::parse("localhost").error().what, "'localhost': no port; write HOST:PORT");
  EXPECT_EQ(address::parse("h:99999").error().what, "'h:99999': '99999' is not a port (0 to 65535)");
  EXPECT_EQ(address::parse("::1:22").error().what,
            "'::1:22': an IPv6 address stands in brackets: [IPV6]:PORT");
}

TEST(Address, has_a_host_of_at_most_253_bytes) {
  EXPECT_TRUE(address::parse(std::string(253, 'h') + ":22"));
  EXPECT_FALSE(address::parse(std::string(254, 'h') + ":22"));
  EXPECT_TRUE(decode(encode({std::string(253, 'h'), 22})));
  EXPECT_FALSE(decode(encode({std::string(254, 'h'), 22})));
}

TEST(Address, is_these_bytes) {
  EXPECT_EQ(encode({"::1", 0x1234}), hex("03 3a3a31 1234"));
  EXPECT_EQ(encode({"ab.c", 22}), hex("04 61622e63 0016"));
}

TEST(Address, problem_repeats_nothing_of_a_ticket_in_its_place) {
  const std::string secret(120, 'q');
  for (const auto& text : {"gof1" + secret, "gof1" + secret + ":99999", "[gof1" + secret, "h:gof1" + secret})
    EXPECT_EQ(address::parse(text).error().what.find("qqqqqqqqqq"), std::string::npos) << text;
}

TEST(Address, gives_back_what_was_encoded_and_what_was_written) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    address a;
    a.host = g.text_of("abcxyzABCXYZ0189.-_:%", 1 + g.below(address::longest_host));
    a.port = static_cast<std::uint16_t>(1 + g.below(65'535));
    EXPECT_EQ(decode(encode(a)), a);
    const auto read = address::parse(a.text());
    ASSERT_TRUE(read) << a.text();
    EXPECT_EQ(*read, a);
  }
}

TEST(Address, is_refused_when_cut_or_followed_by_more) {
  expect_every_cut_refused(decode, encode({"host", 22}));
  expect_more_refused(decode, encode({"host", 22}));
}

TEST(Address, to_dial_has_a_host_and_a_port) {
  EXPECT_FALSE(decode(encode({"host", 0})));
  EXPECT_FALSE(decode(encode({"", 22})));
}

TEST(Address, has_no_character_that_a_terminal_or_a_shell_minds) {
  for (unsigned code = 0; code < 256; ++code) {
    const char c = static_cast<char>(code);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view(".-_:%").find(c) != std::string_view::npos;
    EXPECT_EQ(decode(encode({std::string("a") + c, 22})).has_value(), plain) << code;
  }
}

TEST(Address, reads_noise_as_itself_or_not_at_all) {
  generator g;
  expect_total(g, decode, encode, encode({"host.example", 22}), [](const bytes& data) { return data; });
}

TEST(Address, of_noise_that_parses_is_written_and_read_as_the_same) {
  generator g;
  unsigned read = 0;
  for (int i = 0; i < 10 * rounds; ++i) {
    const auto a = address::parse(g.text_of("a1.:[]%-0 ", g.below(8)));
    if (!a) continue;
    ++read;
    const auto again = address::parse(a->text());
    ASSERT_TRUE(again) << a->text();
    EXPECT_EQ(*again, *a);
  }
  EXPECT_GT(read, 0u);
}

}  // namespace
}  // namespace gof::wire
