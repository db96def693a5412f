#pragma once

#include "base/bytes.hpp"

#include <vector>

namespace gof::test {

class trace;

/// What went between the hosts as a capture file (pcap, nanoseconds, raw IPv4), its connections dressed up as
/// TCP: host n is 10.0.0.n, times are virtual. TCP checksums are zero. In parts, to be written one after
/// another.
std::vector<bytes> capture_file(const trace& of);

}  // namespace gof::test
