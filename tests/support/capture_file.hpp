#pragma once

#include "base/bytes.hpp"

#include <vector>

namespace gof::test {

class trace;

/// The traffic between hosts as a capture file (pcap, nanoseconds, raw IPv4), with its connections as TCP:
/// host n is 10.0.0.n, and times are virtual. TCP checksums are zero. Returned in parts, to be written one
/// after another.
std::vector<bytes> capture_file(const trace& of);

}  // namespace gof::test
