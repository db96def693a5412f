#include "os/memory_trimmer.hpp"

#include <cstddef>
#include <malloc.h>
#include <sys/resource.h>

// Of mimalloc, if it is linked (GOF_MIMALLOC). Declared here, since its header would require the package.
extern "C" [[gnu::weak]] void mi_collect(bool force);

namespace gof::os {
namespace {

constexpr std::chrono::seconds between_looks{5};
constexpr std::chrono::milliseconds little_to_do{100};  // of processor time
constexpr std::size_t worth_it = 8 * 1024 * 1024;       // glibc tells how much is free

std::chrono::microseconds processor_time() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return std::chrono::seconds(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         std::chrono::microseconds(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

void give_back() {
  if (mi_collect)
    mi_collect(true);
  else if (::mallinfo2().fordblks >= worth_it)
    ::malloc_trim(0);
}

}  // namespace

memory_trimmer::memory_trimmer(boost::asio::io_context& io) : timer_(io) {
  wait();
}

void memory_trimmer::wait() {
  timer_.expires_after(between_looks);
  timer_.async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) look();
  });
}

void memory_trimmer::look() {
  const auto used = processor_time();
  if (used - used_ < little_to_do && used - given_back_ >= little_to_do) {
    give_back();
    given_back_ = used;
  }
  used_ = used;
  wait();
}

}  // namespace gof::os
