#pragma once

#include "base/id.hpp"

namespace gof::net {

/// Identifies the system that this process runs on: the boot of the kernel and the network namespace. Two
/// processes with the same value reach the same sockets. Zero: the system does not say.
host_id host_identity();

}  // namespace gof::net
