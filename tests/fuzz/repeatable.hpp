#pragma once

#include <cstdint>

namespace gof::fuzz {

/// OpenSSL's and usrsctp's random numbers from now on: the same in every run of the same seed. For programs
/// that are linked with -Wl,--wrap=read_random.
void repeat_random(std::uint64_t seed);

}  // namespace gof::fuzz
