#pragma once

#include <cstdint>

namespace gof::fuzz {

/// From now on the random numbers of OpenSSL and usrsctp are the same in every run with the same seed. Only
/// for programs linked with -Wl,--wrap=read_random.
void repeat_random(std::uint64_t seed);

}  // namespace gof::fuzz
