#pragma once

#include "link/output_limit.hpp"

#include <optional>

namespace gof::net {

/// The rate at which a TCP socket delivers, and its window. Empty: the system does not tell.
std::optional<core::output_limit::path> tcp_path(int socket);

}  // namespace gof::net
