// How often gof allocates for a message once a stream is in use, both ends together. Counted is operator new:
// usrsctp and OpenSSL call malloc().
#include "world.hpp"

#include <boost/asio/buffer.hpp>

#include <array>
#include <cstdlib>
#include <new>
#include <vector>

using namespace gof;
using boost::system::error_code;
using gof::testing::world;

namespace {

std::size_t allocated = 0;  // by this thread, which runs both nodes

}  // namespace

void* operator new(std::size_t size) {
  ++allocated;
  if (void* made = std::malloc(size)) return made;
  throw std::bad_alloc();
}
void operator delete(void* made) noexcept {
  std::free(made);
}
void operator delete(void* made, std::size_t) noexcept {
  std::free(made);
}

namespace {

struct Allocations : ::testing::Test {
  world w;
  acceptor from{*w.server};
  std::pair<stream, stream> both = w.join(from);
  stream& here = both.first;
  stream& there = both.second;
  std::vector<char> block = std::vector<char>(64 * 1024), taken = std::vector<char>(64 * 1024);
  std::size_t done = 0;
  bool over = false;  // the world runs what is under way once more, when the streams are gone

  void TearDown() override { over = true; }

  /// Allocations for each unit of what `done` counts, of which the first third is not counted.
  double for_each(std::size_t units) {
    EXPECT_TRUE(w.run_until([&] { return done >= units / 3; }));
    const auto allocated_before = allocated, done_before = done;
    EXPECT_TRUE(w.run_until([&] { return done >= units; }));
    return static_cast<double>(allocated - allocated_before) / static_cast<double>(done - done_before);
  }

  void answer() {
    there.async_read_some(boost::asio::buffer(taken), [this](error_code e, std::size_t size) {
      if (e || over) return;
      there.async_write_some(boost::asio::buffer(taken, size), [this](error_code failed, std::size_t) {
        if (!failed && !over) answer();
      });
    });
  }
  void ask() {
    here.async_write_some(boost::asio::buffer(block, 64), [this](error_code e, std::size_t) {
      if (e || over) return;
      here.async_read_some(boost::asio::buffer(block), [this](error_code failed, std::size_t) {
        ++done;
        if (!failed && !over) ask();
      });
    });
  }

  void send() {
    here.async_write_some(boost::asio::buffer(block), [this](error_code e, std::size_t) {
      if (!e && !over) send();
    });
  }
  void receive() {
    there.async_read_some(boost::asio::buffer(taken), [this](error_code e, std::size_t size) {
      done += size;
      if (!e && !over) receive();
    });
  }
};

}  // namespace

TEST_F(Allocations, for_a_round_trip_are_few) {
  answer();
  ask();
  const auto each = for_each(3000);
  RecordProperty("each", std::to_string(each));
  EXPECT_LE(each, 12);
}

TEST_F(Allocations, for_64_KiB_of_bulk_are_few) {
  receive();
  send();
  const auto each = for_each(96 << 20) * 65'536;
  RecordProperty("each", std::to_string(each));
  EXPECT_LE(each, 24);
}
