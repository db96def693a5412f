#include "link/frame_reader.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace gof::core {
namespace {

using wire::frame_type;

/// A frame with a readable header (its tag is spaces) and payload, for the messages of failed tests.
bytes frame(std::string_view header, std::string_view payload) {
  wire::frame f;
  f.type = static_cast<std::uint8_t>(frame_type::relay_data);
  f.header_length = header.size();
  f.length = header.size() + secure::tag_size + payload.size();
  bytes out;
  append(out, f.encode());
  append(out, as_bytes(header));
  append(out, as_bytes(std::string(secure::tag_size, ' ')));
  append(out, as_bytes(payload));
  return out;
}

bytes clear_frame(std::string_view payload) {
  wire::frame f;
  f.type = static_cast<std::uint8_t>(frame_type::crypto);
  f.length = payload.size();
  bytes out;
  append(out, f.encode());
  append(out, as_bytes(payload));
  return out;
}

struct Frame_reader : testing::Test {
  frame_reader in;

  /// The next frame as header|payload; "-": there is none.
  std::string next() {
    const auto f = in.take_frame();
    if (!f) return "-";
    const auto header = f->header.empty() ? const_bytes{} : f->opened_header();
    return std::string(as_text(header)) + "|" + std::string(as_text(f->payload));
  }
};

TEST_F(Frame_reader, gives_frames_where_they_were_read_to) {
  auto data = frame("head", "payload");
  append(data, frame("second", ""));
  in.handle_bytes(data);
  const auto first = in.take_frame();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->type, static_cast<std::uint8_t>(frame_type::relay_data));
  EXPECT_EQ(first->prefix.data(), data.data());
  EXPECT_EQ(first->header.data(), data.data() + wire::frame::prefix_size);
  EXPECT_EQ(first->header.size(), 4 + secure::tag_size);
  EXPECT_EQ(as_text(first->payload), "payload");
  EXPECT_EQ(next(), "second|");
  EXPECT_EQ(next(), "-");
}

TEST_F(Frame_reader, has_no_header_in_a_clear_frame) {
  auto data = clear_frame("all of it");
  in.handle_bytes(data);
  EXPECT_EQ(next(), "|all of it");
}

TEST_F(Frame_reader, joins_a_frame_that_came_in_parts) {
  const auto whole = frame("head", "payload");
  for (std::size_t cut = 1; cut < whole.size(); ++cut) {
    bytes first(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut));
    in.handle_bytes(first);
    EXPECT_EQ(next(), "-");
    in.keep();
    std::fill(first.begin(), first.end(), std::uint8_t{0xee});
    bytes rest(whole.begin() + static_cast<std::ptrdiff_t>(cut), whole.end());
    append(rest, frame("behind", "it"));
    in.handle_bytes(rest);
    EXPECT_EQ(next(), "head|payload") << cut;
    const auto behind = in.take_frame();
    ASSERT_TRUE(behind);
    EXPECT_EQ(&behind->payload.back(), &rest.back()) << "the payload was not copied";
    in.keep();
  }
}

TEST_F(Frame_reader, keeps_what_was_not_taken) {
  auto data = frame("one", "1");
  append(data, frame("two", "2"));
  in.handle_bytes(data);
  EXPECT_EQ(next(), "one|1");
  auto more = frame("three", "3");
  in.handle_bytes(more);
  std::fill(data.begin(), data.end(), std::uint8_t{0xee});
  EXPECT_EQ(next(), "two|2");
  EXPECT_EQ(next(), "three|3");
  EXPECT_EQ(next(), "-");
}

TEST_F(Frame_reader, looks_ahead_without_taking) {
  auto data = bytes{1, 2, 3};
  in.handle_bytes(data);
  EXPECT_EQ(in.peek(2).size(), 2u);
  EXPECT_TRUE(in.peek(4).empty());
  EXPECT_TRUE(in.take(4).empty());
  EXPECT_EQ(in.take(3)[0], 1);
  EXPECT_TRUE(in.peek(1).empty());
}

TEST_F(Frame_reader, is_broken_by_lengths_that_do_not_fit) {
  bytes too_long{0xff, 0xff, 0xff, 0x10, 0, 0};
  in.handle_bytes(too_long);
  EXPECT_EQ(next(), "-");
  EXPECT_TRUE(in.is_broken());
}

TEST_F(Frame_reader, is_not_broken_while_a_frame_is_on_its_way) {
  auto data = frame("head", "payload");
  in.handle_bytes(mutable_bytes(data).first(10));
  EXPECT_EQ(next(), "-");
  EXPECT_FALSE(in.is_broken());
}

}  // namespace
}  // namespace gof::core
