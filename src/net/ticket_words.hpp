#pragma once

#include "base/problem.hpp"
#include "wire/ticket_error.hpp"

namespace gof::net {

/// What a person is told about a text that is no ticket, or is one of the other kind.
problem words_of(const wire::ticket_error& error);

}  // namespace gof::net
