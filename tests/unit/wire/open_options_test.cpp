#include "wire/open_options.hpp"

#include "properties.hpp"

namespace gof::wire {
namespace {

socket_address v4(std::uint8_t last, std::uint16_t port) {
  socket_address made;
  made.address = {127, 0, 0, last};
  made.port = port;
  return made;
}

socket_address v6(std::uint16_t port) {
  socket_address made;
  made.is_v6 = true;
  made.address[15] = 1;
  made.port = port;
  return made;
}

bytes written(const open_options& options) {
  bytes out;
  writer to(out);
  options.encode(to);
  return out;
}

std::optional<open_options> read(const bytes& data) {
  return open_options::decode(reader(data));
}

const bytes client_v4 = hex("01 0007 04 7f000001 1f90");
const bytes listener_v6 = hex("02 0013 06 00000000000000000000000000000001 13bf");

TEST(OpenOptions, keep_the_numbers_of_the_wire) {
  EXPECT_EQ(static_cast<int>(open_options::type::client), 1);
  EXPECT_EQ(static_cast<int>(open_options::type::listener), 2);
}

TEST(OpenOptions, are_these_bytes) {
  open_options options;
  EXPECT_EQ(written(options), bytes());
  options.client = v4(1, 8080);
  options.listeners = {v6(5055)};
  auto expected = client_v4;
  append(expected, listener_v6);
  EXPECT_EQ(written(options), expected);
  const auto back = read(expected);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, options);
}

TEST(OpenOptions, stand_in_any_order_among_others_that_are_not_known) {
  auto data = hex("00 0000  ff 0003 010203");
  append(data, listener_v6);
  append(data, hex("03 0001 00"));
  append(data, client_v4);
  append(data, hex("03 0000"));
  const auto back = read(data);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->client, v4(1, 8080));
  EXPECT_EQ(back->listeners, std::vector{v6(5055)});
}

TEST(OpenOptions, are_refused_when_cut_inside_one) {
  auto whole = client_v4;
  append(whole, listener_v6);
  append(whole, hex("07 0002 0102"));
  const std::vector<std::size_t> ends = {0, client_v4.size(), client_v4.size() + listener_v6.size()};
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const bool between = std::find(ends.begin(), ends.end(), size) != ends.end();
    EXPECT_EQ(read(exactly(const_bytes(whole).first(size))).has_value(), between) << size;
  }
}

TEST(OpenOptions, are_refused_with_a_value_that_is_none) {
  for (const auto* text :
       {"01 0000", "01 0006 04 7f000001 1f", "01 0008 04 7f000001 1f90 00", "01 0007 05 7f000001 1f90",
        "01 0007 06 7f000001 1f90", "01 0001 04", "02 0000", "02 0013 04 7f000001 1f90"})
    EXPECT_FALSE(read(hex(text))) << text;
  EXPECT_FALSE(read(hex("02 0013 04 00000000000000000000000000000001 13bf")));
}

TEST(OpenOptions, name_one_client_and_four_listeners_at_most) {
  auto two = client_v4;
  append(two, client_v4);
  EXPECT_FALSE(read(two));
  bytes listeners;
  for (std::size_t count = 1; count <= open_options::most_listeners + 1; ++count) {
    append(listeners, listener_v6);
    const auto back = read(listeners);
    ASSERT_EQ(back.has_value(), count <= open_options::most_listeners) << count;
    if (back) {
      EXPECT_EQ(back->listeners.size(), count);
    }
  }
  open_options many;
  many.listeners.assign(9, v6(1));
  const auto cut = read(written(many));
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->listeners.size(), open_options::most_listeners);
}

TEST(OpenOptions, take_512_bytes_and_not_one_more) {
  bytes unknown = {9, 0x01, 0xfd};  // 509 bytes of value
  unknown.resize(512);
  EXPECT_TRUE(read(unknown));
  unknown[2] = 0xfe;
  unknown.resize(513);
  EXPECT_FALSE(read(unknown));
  bytes small;
  for (int i = 0; i < 170; ++i) append(small, hex("09 0000"));  // 510
  EXPECT_TRUE(read(small));
  append(small, hex("09 0000"));
  EXPECT_FALSE(read(small));
}

TEST(OpenOptions, read_noise_as_their_known_part_or_not_at_all) {
  generator g;
  auto sample = client_v4;
  append(sample, listener_v6);
  for (int i = 0; i < rounds; ++i) {
    const auto data = g.coin() ? g.damaged(sample) : g.block_up_to(sample.size() + 8);
    const auto options = read(data);
    if (!options) continue;
    const auto again = read(written(*options));
    ASSERT_TRUE(again);
    ASSERT_EQ(*again, *options);
  }
}

TEST(OpenOptions, lose_what_is_of_the_host) {
  open_options options;
  options.client = v4(1, 8080);
  options.listeners = {v6(5055)};
  EXPECT_FALSE(options.empty());
  options.remove_host();
  EXPECT_TRUE(options.empty());
}

TEST(SocketAddress, of_either_family_gives_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    socket_address one;
    one.is_v6 = g.coin();
    const auto bytes_of_it = g.array<16>();
    std::copy_n(bytes_of_it.begin(), one.address_size(), one.address.begin());
    one.port = g.any<std::uint16_t>();
    bytes out;
    writer to(out);
    one.encode(to);
    EXPECT_EQ(out.size(), one.encoded_size());
    EXPECT_EQ(socket_address::decode(reader(out)), one);
    out.push_back(0);
    EXPECT_FALSE(socket_address::decode(reader(out)));
  }
}

}  // namespace
}  // namespace gof::wire
