#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>

namespace gof::test {

/// A pipe of the smallest possible size.
class small_pipe {
 public:
  small_pipe() {
    if (::pipe2(ends_, O_CLOEXEC) != 0) std::abort();
    room_ = ::fcntl(ends_[1], F_SETPIPE_SZ, 4096);
  }
  ~small_pipe() {
    close_end();
    ::close(ends_[0]);
  }
  small_pipe(const small_pipe&) = delete;
  small_pipe& operator=(const small_pipe&) = delete;

  int end() const { return ends_[1]; }
  void fill() { EXPECT_EQ(::write(ends_[1], std::string(room_, '.').data(), room_), room_); }
  /// From now on everything is read and discarded.
  void drain() {
    std::thread([from = ::dup(ends_[0])] {
      char some[4096];
      while (::read(from, some, sizeof some) > 0) continue;
      ::close(from);
    }).detach();
  }
  void close_end() {
    if (ends_[1] >= 0) ::close(std::exchange(ends_[1], -1));
  }
  /// The next bytes after those of fill().
  std::string read(std::size_t size) {
    std::string text;
    while (text.size() < size) {
      char byte = 0;
      if (::read(ends_[0], &byte, 1) != 1) break;
      if (byte != '.') text += byte;
    }
    return text;
  }

 private:
  int ends_[2];
  int room_ = 0;
};

}  // namespace gof::test
