#include "repeatable.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <cstdlib>
#include <random>

namespace gof::fuzz {
namespace {

std::mt19937_64 openssl_numbers;
std::mt19937_64 usrsctp_numbers;

int fill(unsigned char* out, int size) {
  std::generate_n(out, size, [] { return static_cast<unsigned char>(openssl_numbers()); });
  return 1;
}
int ready() {
  return 1;
}

}  // namespace

void repeat_random(std::uint64_t seed) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"  // a provider of random numbers takes 300 lines
  static const RAND_METHOD method{nullptr, fill, nullptr, nullptr, fill, ready};
  static const bool set = RAND_set_rand_method(&method) == 1;
#pragma GCC diagnostic pop
  if (!set) std::abort();
  openssl_numbers.seed(seed);
  usrsctp_numbers.seed(seed);
}

}  // namespace gof::fuzz

extern "C" void __wrap_read_random(void* out, std::uint32_t size) {
  std::generate_n(static_cast<unsigned char*>(out), size,
                  [] { return static_cast<unsigned char>(gof::fuzz::usrsctp_numbers()); });
}
