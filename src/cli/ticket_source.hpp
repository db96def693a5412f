#pragma once

#include "wire/join_ticket.hpp"
#include "wire/ticket.hpp"

#include <filesystem>
#include <variant>

namespace gof::cli {

struct ticket_file {
  std::filesystem::path path;
};
struct standard_input {};

/// Where the ticket comes from; the one that stood on the command line or in GOF_TICKET is read already. A
/// join ticket is only to be explained.
using ticket_source = std::variant<wire::ticket, wire::join_ticket, ticket_file, standard_input>;

}  // namespace gof::cli
