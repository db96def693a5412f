#pragma once

#include "base/problem.hpp"
#include "wire/ticket_error.hpp"

namespace gof::net {

/// The message for the user about a text that is not a ticket, or is one of the other kind.
problem words_of(const wire::ticket_error& error);

}  // namespace gof::net
