#pragma once

#include "base/id.hpp"

namespace gof::net {

/// Where this process runs: the boot of the kernel and the network namespace. Two processes with the same one
/// reach the same sockets. Zero: the system does not say.
host_id host_identity();

}  // namespace gof::net
