#pragma once

#include "wire/reason.hpp"

#include <gof/error.hpp>

namespace gof::net {

/// The error that a program gets for a reason on the wire. An orderly end (reason::none) gives no error.
boost::system::error_code error_from(wire::reason why);

/// The reason that is sent when an acceptor refuses with `why`.
wire::reason reason_from(errc why);

}  // namespace gof::net
