#include "world.hpp"

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

using namespace gof;
using gof::testing::outcome;
using gof::testing::world;
using namespace std::chrono_literals;
using boost::system::error_code;

namespace {

constexpr std::size_t mebibyte = 1 << 20;

/// The same bytes for the same seed, so that the receiver knows what the sender sends.
class pattern {
 public:
  explicit pattern(std::uint64_t seed) : random_(seed) {}
  void fill(std::vector<std::uint8_t>& out) {
    for (std::size_t at = 0; at < out.size();) {
      if (used_ == sizeof word_) {
        word_ = random_();
        used_ = 0;
      }
      const auto size = std::min(sizeof word_ - used_, out.size() - at);
      std::memcpy(out.data() + at, reinterpret_cast<const char*>(&word_) + used_, size);
      used_ += size;
      at += size;
    }
  }

 private:
  std::mt19937_64 random_;
  std::uint64_t word_ = 0;
  std::size_t used_ = sizeof word_;
};

struct sender {
  stream& to;
  std::size_t left;
  pattern bytes;
  std::vector<std::uint8_t> block = std::vector<std::uint8_t>(100'000);
  std::size_t at = block.size();
  std::size_t sent = 0;
  bool done = false;
  error_code error = {};

  void step() {
    if (left == 0) {
      to.shutdown_send(error);
      done = true;
      return;
    }
    if (at == block.size()) {
      block.resize(std::min(left, std::size_t{100'000}));
      bytes.fill(block);
      at = 0;
    }
    to.async_write_some(boost::asio::buffer(block) + at, [this](error_code e, std::size_t size) {
      at += size;
      left -= size;
      sent += size;
      error = e;
      if (!e) return step();
      done = true;
    });
  }
};

struct receiver {
  stream& from;
  pattern bytes;
  std::vector<std::uint8_t> block = std::vector<std::uint8_t>(70'001);
  std::size_t got = 0;
  bool same = true;
  bool done = false;
  error_code error = {};

  void step() {
    from.async_read_some(boost::asio::buffer(block), [this](error_code e, std::size_t size) {
      std::vector<std::uint8_t> wanted(size);
      bytes.fill(wanted);
      same = same && std::equal(wanted.begin(), wanted.end(), block.begin());
      got += size;
      error = e;
      if (!e) return step();
      done = true;
    });
  }
};

}  // namespace

TEST(Bulk, sixty_four_mebibytes_each_way_at_once_arrive_intact) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  constexpr auto size = 64 * mebibyte;
  sender up{near, size, pattern(seed)}, down{far, size, pattern(seed + 1)};
  receiver up_end{far, pattern(seed)}, down_end{near, pattern(seed + 1)};
  up.step();
  down.step();
  up_end.step();
  down_end.step();
  ASSERT_TRUE(w.run_until([&] { return up_end.done && down_end.done; }, 55s))
      << up_end.got << " " << down_end.got;
  EXPECT_EQ(up_end.got, size);
  EXPECT_EQ(down_end.got, size);
  EXPECT_TRUE(up_end.same);
  EXPECT_TRUE(down_end.same);
  EXPECT_EQ(up_end.error, boost::asio::error::eof);
  EXPECT_EQ(down_end.error, boost::asio::error::eof);
  EXPECT_TRUE(w.run_until([&] { return w.all_freed(); }));
}

TEST(Bulk, a_reader_that_stops_stops_its_writer_alone_and_memory_stays_bounded) {
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  sender up{near, 256 * mebibyte, pattern(1)};
  up.step();
  std::size_t before = 0;
  do {
    before = up.sent;
    w.run_for(200ms);
  } while (up.sent != before);
  EXPECT_FALSE(up.done);
  EXPECT_GT(up.sent, 0u);
  // The reader's window, as much waiting at the writer, and what SCTP and the sockets hold.
  EXPECT_LE(up.sent, 16 * mebibyte);
  EXPECT_LE(w.server->snapshot().held_bytes, 4 * mebibyte);
  EXPECT_LE(w.client->snapshot().held_bytes, 4 * mebibyte);

  auto [other, other_far] = w.join(from);
  EXPECT_FALSE(w.write(other, "beside it"));
  EXPECT_EQ(w.read(other_far, 9), "beside it");

  up.left = std::min(up.left, mebibyte);
  const auto all = up.sent + up.left;
  receiver end{far, pattern(1)};
  end.step();
  ASSERT_TRUE(w.run_until([&] { return end.done; }));
  EXPECT_EQ(end.error, boost::asio::error::eof);
  EXPECT_GE(end.got, all);
  EXPECT_EQ(end.got, up.sent);
  EXPECT_TRUE(end.same);
}
