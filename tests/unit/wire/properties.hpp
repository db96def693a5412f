#pragma once

#include "generator.hpp"
#include "support/hex.hpp"

#include <gtest/gtest.h>

namespace gof::wire {

/// `first`, `first` + 1, ...: a block whose bytes show where they were.
template <class Block>
Block counting(std::uint8_t first) {
  Block block{};
  for (auto& byte : block) byte = first++;
  return block;
}

template <class Id>
Id counting_id(std::uint8_t first) {
  return Id(counting<std::array<std::uint8_t, Id::size>>(first));
}

constexpr int rounds = 2'000;

/// A heap copy of exactly this size, so that the address sanitizer sees a read beyond the end.
inline bytes exactly(const_bytes data) {
  return bytes(data.begin(), data.end());
}

template <class Decode>
void expect_every_cut_refused(Decode decode, const bytes& whole) {
  ASSERT_TRUE(decode(whole));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(decode(exactly(const_bytes(whole).first(size)))) << "cut to " << size << " bytes";
}

template <class Decode>
void expect_more_refused(Decode decode, bytes whole) {
  whole.push_back(0);
  EXPECT_FALSE(decode(whole));
}

/// What a decoder accepts is encoded as `again` says, and that decodes to the same. `again`: the encoding of
/// a decoded `data`; for formats without alternatives it is `data` itself.
template <class Decode, class Encode, class Again>
void expect_total(generator& g, Decode decode, Encode encode, const bytes& sample, Again again) {
  for (int i = 0; i < rounds; ++i) {
    const auto data = g.coin() ? g.damaged(sample) : g.block_up_to(sample.size() + 8);
    const auto message = decode(data);
    if (!message) continue;
    const auto written = encode(*message);
    ASSERT_EQ(written, again(data));
    const auto twice = decode(written);
    ASSERT_TRUE(twice);
    ASSERT_EQ(encode(*twice), written);
  }
}

template <class Message>
void expect_total(generator& g, const bytes& sample) {
  expect_total(
      g, [](const_bytes data) { return Message::decode(data); },
      [](const Message& message) { return message.encode(); }, sample,
      [](const bytes& data) { return data; });
}

/// For a format with a reason at `place`: unknown reasons are all encoded as `protocol`.
inline auto known_reason_at(std::size_t place) {
  return [place](bytes data) {
    data[place] = static_cast<std::uint8_t>(reason_from(data[place]));
    return data;
  };
}

}  // namespace gof::wire
