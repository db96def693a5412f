#include "forward/buffer_pool.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace gof::forward {
namespace {

TEST(BufferPool, hands_a_buffer_out_again_once_it_is_given_back) {
  const auto pool = std::make_shared<buffer_pool>();
  auto first = buffer_pool::take(pool);
  const auto* where = first.data();
  first.give_back();
  EXPECT_FALSE(first);
  EXPECT_EQ(buffer_pool::take(pool).data(), where);
  EXPECT_EQ(pool->lent(), 0u);
}

TEST(BufferPool, keeps_only_so_many) {
  const auto pool = std::make_shared<buffer_pool>();
  std::vector<buffer_pool::lease> many;
  for (std::size_t i = 0; i < buffer_pool::most_kept + 10; ++i) many.push_back(buffer_pool::take(pool));
  EXPECT_EQ(pool->lent(), buffer_pool::most_kept + 10);
  many.clear();
  EXPECT_EQ(pool->lent(), 0u);
  EXPECT_EQ(pool->kept(), buffer_pool::most_kept);
}

TEST(BufferPool, takes_back_what_a_lease_held_when_it_is_given_another) {
  const auto pool = std::make_shared<buffer_pool>();
  auto lease = buffer_pool::take(pool);
  lease = buffer_pool::take(pool);
  EXPECT_EQ(pool->lent(), 1u);
  lease = {};
  EXPECT_EQ(pool->lent(), 0u);
}

}  // namespace
}  // namespace gof::forward
