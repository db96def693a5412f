#include "wire/stream.hpp"

#include "properties.hpp"

namespace gof::wire {
namespace {

constexpr stream_number number = 0x0102030405060708;

template <class Message>
std::optional<Message> decoded(stream_frame kind, const_bytes data) {
  const auto message = decode_stream(static_cast<std::uint32_t>(kind), data);
  if (!message || !std::holds_alternative<Message>(*message)) return std::nullopt;
  return std::get<Message>(*message);
}

bytes encoded(const stream_message& message) {
  return std::visit(
      [](const auto& m) {
        if constexpr (std::is_same_v<std::decay_t<decltype(m)>, stream_data>) {
          auto out = m.encode_head();
          append(out, m.data);
          return out;
        } else {
          return m.encode();
        }
      },
      message);
}

stream_open sample_open() {
  stream_open message;
  message.number = number;
  message.grant = counting_id<grant_id>(0x80);
  message.mac = counting<std::array<std::uint8_t, 16>>(0xa0);
  message.credit = 16'384;
  message.service = "ssh";
  return message;
}

struct sample {
  stream_frame kind;
  bytes data;
};

/// One sample of each kind, in exact bytes. The last test deals with reasons in them.
std::vector<sample> samples() {
  const auto open =
      hex("0102030405060708 808182838485868788898a8b8c8d8e8f a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"
          "00004000 03 737368");
  return {{stream_frame::open, open},
          {stream_frame::accept, hex("0102030405060708 00010000")},
          {stream_frame::refuse, hex("0102030405060708 06 04 6e6f7065")},
          {stream_frame::data, hex("0102030405060708 ff00fe")},
          {stream_frame::fin, hex("0102030405060708 0000000000000201")},
          {stream_frame::rst, hex("0102030405060708 0a 0000000200000000 0000000000000201")},
          {stream_frame::credit, hex("0102030405060708 0000000100000000")},
          {stream_frame::probe, open},
          {stream_frame::probed, hex("0102030405060708")},
          {stream_frame::taken, hex("0102030405060708 0000000000000201")},
          {stream_frame::returned, hex("0102030405060708 0000000100000000 0000000000004000")}};
}

TEST(StreamFrame, keeps_the_numbers_of_the_wire) {
  EXPECT_EQ(static_cast<int>(stream_frame::open), 1);
  EXPECT_EQ(static_cast<int>(stream_frame::accept), 2);
  EXPECT_EQ(static_cast<int>(stream_frame::refuse), 3);
  EXPECT_EQ(static_cast<int>(stream_frame::data), 4);
  EXPECT_EQ(static_cast<int>(stream_frame::fin), 5);
  EXPECT_EQ(static_cast<int>(stream_frame::rst), 6);
  EXPECT_EQ(static_cast<int>(stream_frame::credit), 7);
  EXPECT_EQ(static_cast<int>(stream_frame::probe), 8);
  EXPECT_EQ(static_cast<int>(stream_frame::probed), 9);
  EXPECT_EQ(static_cast<int>(stream_frame::taken), 10);
  EXPECT_EQ(static_cast<int>(stream_frame::returned), 11);
}

TEST(StreamFrame, of_each_kind_is_these_bytes) {
  const bytes payload = {0xff, 0x00, 0xfe};
  const std::vector<stream_message> messages = {
      sample_open(),
      stream_accept{number, 65'536},
      stream_refuse{number, reason::target_refused, "nope"},
      stream_data{number, payload},
      stream_fin{number, 513},
      stream_rst{number, reason::reset, std::uint64_t{1} << 33, 513},
      stream_credit{number, std::uint64_t{1} << 32},
      sample_open(),
      stream_probed{number},
      stream_taken{number, 513},
      stream_return{number, std::uint64_t{1} << 32, 16'384}};
  const auto expected = samples();
  ASSERT_EQ(messages.size(), expected.size());
  for (std::size_t i = 0; i < messages.size(); ++i) EXPECT_EQ(encoded(messages[i]), expected[i].data) << i;
}

TEST(StreamFrame, tells_known_kinds_from_newer_ones) {
  for (std::uint32_t kind = 0; kind < 300; ++kind)
    EXPECT_EQ(known_stream_frame(kind), kind >= 1 && kind <= 11);
  EXPECT_FALSE(known_stream_frame(0x01000000));
  EXPECT_FALSE(known_stream_frame(0xffffffff));
}

TEST(StreamFrame, of_an_unknown_kind_is_never_read) {
  for (const auto& [kind, data] : samples()) {
    EXPECT_FALSE(decode_stream(0, data));
    EXPECT_FALSE(decode_stream(12, data));
    EXPECT_FALSE(decode_stream(0xffffffff, data));
  }
}

TEST(StreamFrame, is_refused_when_cut_or_followed_by_more) {
  for (const auto& [kind, data] : samples()) {
    const auto decode = [k = static_cast<std::uint32_t>(kind)](const_bytes d) { return decode_stream(k, d); };
    if (kind == stream_frame::data) continue;  // it extends to the message's end
    SCOPED_TRACE(static_cast<int>(kind));
    expect_every_cut_refused(decode, data);
    expect_more_refused(decode, data);  // OPEN and PROBE then have an option without a length
  }
}

TEST(StreamFrame, reads_noise_as_itself_or_not_at_all) {
  generator g;
  for (const auto& [kind, data] : samples()) {
    SCOPED_TRACE(static_cast<int>(kind));
    const auto decode = [k = static_cast<std::uint32_t>(kind)](const_bytes d) { return decode_stream(k, d); };
    const bool has_reason = kind == stream_frame::refuse || kind == stream_frame::rst;
    const bool has_options = kind == stream_frame::open || kind == stream_frame::probe;
    expect_total(g, decode, encoded, data, [&](const bytes& d) {
      // Unknown options are not encoded again; noise this short holds no known ones.
      if (has_options) return bytes(d.begin(), d.begin() + 45 + d[44]);
      return has_reason ? known_reason_at(8)(d) : d;
    });
  }
}

TEST(StreamOpen, gives_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    stream_open message;
    message.number = g.any<std::uint64_t>();
    message.grant = g.id<grant_id>();
    message.mac = g.array<16>();
    message.credit = g.any<std::uint32_t>();
    message.service = g.any_text(1 + g.below(255));
    message.probe = g.coin();
    if (g.coin()) message.options.client = {g.coin(), {1, 2, 3, 4}, g.any<std::uint16_t>()};
    message.options.listeners.resize(g.below(open_options::most_listeners + 1));
    const auto back =
        decoded<stream_open>(message.probe ? stream_frame::probe : stream_frame::open, message.encode());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->number, message.number);
    EXPECT_EQ(back->grant, message.grant);
    EXPECT_EQ(back->mac, message.mac);
    EXPECT_EQ(back->credit, message.credit);
    EXPECT_EQ(back->service, message.service);
    EXPECT_EQ(back->probe, message.probe);
    EXPECT_EQ(back->options, message.options);
  }
}

TEST(StreamOpen, is_malformed_with_options_that_are) {
  const auto plain = sample_open().encode();
  for (const auto kind : {stream_frame::open, stream_frame::probe}) {
    auto more = plain;
    append(more, hex("09 0002 0102"));
    ASSERT_TRUE(decoded<stream_open>(kind, more));
    EXPECT_TRUE(decoded<stream_open>(kind, more)->options.empty());
    append(more, hex("01 0002 0102"));
    EXPECT_FALSE(decoded<stream_open>(kind, more));
    auto long_ones = plain;
    long_ones.resize(plain.size() + 513, 0);
    EXPECT_FALSE(decoded<stream_open>(kind, long_ones));
  }
}

TEST(StreamOpen, names_a_service) {
  auto message = sample_open();
  message.service.clear();
  EXPECT_FALSE(decoded<stream_open>(stream_frame::open, message.encode()));
  EXPECT_FALSE(decoded<stream_open>(stream_frame::probe, message.encode()));
}

TEST(StreamRefuse, gives_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    const stream_refuse message{g.any<std::uint64_t>(), g.any_reason(),
                                g.any_text(g.below(stream_refuse::longest_text + 1))};
    const auto back = decoded<stream_refuse>(stream_frame::refuse, message.encode());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->number, message.number);
    EXPECT_EQ(back->why, message.why);
    EXPECT_EQ(back->text, message.text);
  }
}

TEST(StreamRefuse, has_a_text_of_at_most_200_bytes) {
  stream_refuse message{number, reason::busy, std::string(201, 't')};
  const auto cut = decoded<stream_refuse>(stream_frame::refuse, message.encode());
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->text, std::string(200, 't'));
  message.text.clear();
  auto data = message.encode();
  data.back() = 201;
  append(data, bytes(201, 't'));
  EXPECT_FALSE(decoded<stream_refuse>(stream_frame::refuse, data));
}

TEST(StreamData, points_into_what_was_decoded) {
  generator g;
  for (int i = 0; i < 100; ++i) {
    const auto payload = g.block(1 + g.below(4'000));
    auto data = stream_data{number, payload}.encode_head();
    ASSERT_EQ(data.size(), stream_data::head_size);
    append(data, payload);
    const auto back = decoded<stream_data>(stream_frame::data, data);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->number, number);
    EXPECT_EQ(back->data.data(), data.data() + stream_data::head_size);
    EXPECT_TRUE(std::ranges::equal(back->data, payload));
  }
}

TEST(StreamData, is_refused_without_a_byte_of_data_or_a_whole_number) {
  const auto head = stream_data{number, {}}.encode_head();
  for (std::size_t size = 0; size <= head.size(); ++size)
    EXPECT_FALSE(decoded<stream_data>(stream_frame::data, exactly(const_bytes(head).first(size))));
}

TEST(StreamMessages, of_numbers_give_back_what_was_encoded) {
  generator g;
  for (int i = 0; i < rounds; ++i) {
    const auto n = g.any<std::uint64_t>();
    const auto credit = g.any<std::uint32_t>();
    const auto limit = g.any<std::uint64_t>();
    const auto why = g.any_reason();
    const auto accept = decoded<stream_accept>(stream_frame::accept, stream_accept{n, credit}.encode());
    ASSERT_TRUE(accept);
    EXPECT_EQ(accept->number, n);
    EXPECT_EQ(accept->credit, credit);
    const auto rst = decoded<stream_rst>(stream_frame::rst, stream_rst{n, why, limit, ~limit}.encode());
    ASSERT_TRUE(rst);
    EXPECT_EQ(rst->number, n);
    EXPECT_EQ(rst->why, why);
    EXPECT_EQ(rst->offset, limit);
    EXPECT_EQ(rst->taken, ~limit);
    const auto more = decoded<stream_credit>(stream_frame::credit, stream_credit{n, limit}.encode());
    ASSERT_TRUE(more);
    EXPECT_EQ(more->number, n);
    EXPECT_EQ(more->limit, limit);
    const auto fin = decoded<stream_fin>(stream_frame::fin, stream_fin{n, limit}.encode());
    ASSERT_TRUE(fin);
    EXPECT_EQ(fin->number, n);
    EXPECT_EQ(fin->taken, limit);
    const auto taken = decoded<stream_taken>(stream_frame::taken, stream_taken{n, limit}.encode());
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->number, n);
    EXPECT_EQ(taken->taken, limit);
    const auto returned =
        decoded<stream_return>(stream_frame::returned, stream_return{n, limit, limit / 2}.encode());
    ASSERT_TRUE(returned);
    EXPECT_EQ(returned->number, n);
    EXPECT_EQ(returned->seen, limit);
    EXPECT_EQ(returned->keeps, limit / 2);
    const auto probed = decoded<stream_probed>(stream_frame::probed, stream_probed{n}.encode());
    ASSERT_TRUE(probed);
    EXPECT_EQ(probed->number, n);
  }
}

}  // namespace
}  // namespace gof::wire
