#pragma once

#include "wire/reason.hpp"

#include <gof/error.hpp>

namespace gof::net {

/// What a reason on the wire is to a program. An orderly end (none) gives no error.
boost::system::error_code error_from(wire::reason why);

/// What an acceptor's refusal is on the wire.
wire::reason reason_from(errc why);

}  // namespace gof::net
