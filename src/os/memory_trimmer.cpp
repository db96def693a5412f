#include "os/memory_trimmer.hpp"

#include <cstddef>
#include <malloc.h>
#include <sys/resource.h>

// Of tcmalloc, if it is linked (GOF_TCMALLOC). Declared here, since its header would require the package.
extern "C" {
[[gnu::weak]] int MallocExtension_GetNumericProperty(const char* property, std::size_t* value);
[[gnu::weak]] void MallocExtension_MarkThreadIdle();
[[gnu::weak]] void MallocExtension_ReleaseFreeMemory();
}

namespace gof::os {
namespace {

constexpr std::chrono::seconds between_looks{5};
constexpr std::chrono::milliseconds little_to_do{100};  // of processor time, between two looks
constexpr std::size_t worth_it = 8 * 1024 * 1024;

std::chrono::microseconds processor_time() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return std::chrono::seconds(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         std::chrono::microseconds(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

void give_back() {
  if (!MallocExtension_GetNumericProperty) {
    if (::mallinfo2().fordblks >= worth_it) ::malloc_trim(0);
    return;
  }
  std::size_t kept = 0;
  if (MallocExtension_GetNumericProperty("tcmalloc.pageheap_free_bytes", &kept) == 0 || kept < worth_it)
    return;
  MallocExtension_MarkThreadIdle();  // the thread's cache of small pieces keeps whole pages
  MallocExtension_ReleaseFreeMemory();
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
  if (used - used_ < little_to_do) give_back();
  used_ = used;
  wait();
}

}  // namespace gof::os
