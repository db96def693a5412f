#include "forward/incoming_bytes.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gof::forward {
namespace {

constexpr std::size_t small = 2048;
constexpr std::size_t large = buffer_pool::buffer_size;

class IncomingBytes : public testing::Test {
 protected:
  std::size_t room() { return boost::asio::buffer_size(held.room()); }
  /// Reads so many bytes of a pattern, as from a stream.
  void read(std::size_t size) {
    std::string data(size, '\0');
    for (std::size_t i = 0; i < size; ++i) data[i] = byte_at(i);
    ASSERT_EQ(boost::asio::buffer_copy(held.room(), boost::asio::buffer(data)), size);
    held.handle_read(size);
  }
  void read_and_write_all(std::size_t size) {
    read(size);
    held.handle_written(size);
    held.resize();
  }
  /// Whether what is left is the end of the pattern, from `from` to `size`.
  bool is_left(std::size_t from, std::size_t size) {
    std::string data(size, '\0');
    if (boost::asio::buffer_copy(boost::asio::buffer(data), held.rest()) != size - from) return false;
    for (std::size_t i = from; i < size; ++i)
      if (data[i - from] != byte_at(i)) return false;
    return held.left() == size - from;
  }
  static char byte_at(std::size_t i) { return static_cast<char>(i % 251); }

  std::shared_ptr<buffer_pool> pool = std::make_shared<buffer_pool>();
  incoming_bytes held{pool};
};

TEST_F(IncomingBytes, hold_no_large_buffer_at_first) {
  EXPECT_EQ(room(), small);
  EXPECT_FALSE(held.has_large());
  EXPECT_EQ(pool->lent(), 0u);
}

TEST_F(IncomingBytes, take_one_more_buffer_for_each_read_that_filled_all_up_to_four) {
  read_and_write_all(small);
  for (std::size_t count = 1; count <= 4; ++count) {
    EXPECT_EQ(room(), count * large);
    EXPECT_EQ(pool->lent(), count);
    read_and_write_all(count * large);
  }
  EXPECT_EQ(room(), 4 * large);
}

TEST_F(IncomingBytes, give_back_what_the_last_read_did_not_need) {
  read_and_write_all(small);
  read_and_write_all(large);
  read_and_write_all(2 * large);
  EXPECT_EQ(pool->lent(), 3u);
  read_and_write_all(2 * large);
  EXPECT_EQ(pool->lent(), 2u);
  read_and_write_all(small);
  EXPECT_EQ(pool->lent(), 1u);
  read_and_write_all(small - 1);
  EXPECT_EQ(pool->lent(), 0u);
  EXPECT_EQ(room(), small);
}

TEST_F(IncomingBytes, leave_what_is_not_written_yet_in_whichever_buffer_it_is) {
  read_and_write_all(small);
  read_and_write_all(large);
  const auto size = large + 100;
  read(size);
  EXPECT_TRUE(is_left(0, size));
  held.handle_written(large - 1);
  EXPECT_TRUE(is_left(large - 1, size));
  held.handle_written(51);
  EXPECT_TRUE(is_left(large + 50, size));
  held.handle_written(50);
  EXPECT_EQ(held.left(), 0u);
}

TEST_F(IncomingBytes, keep_the_rest_in_no_more_memory_than_it_needs) {
  read_and_write_all(small);
  read_and_write_all(large);
  const auto size = large + 100;
  read(size);
  held.handle_written(large - 1);
  held.keep_rest();
  EXPECT_EQ(pool->lent(), 0u);
  EXPECT_FALSE(held.has_large());
  EXPECT_TRUE(is_left(large - 1, size));
  held.handle_written(101);
  held.resize();
  EXPECT_EQ(room(), small) << "and what was kept is freed once it is written";
}

}  // namespace
}  // namespace gof::forward
