#pragma once

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>

namespace gof::wire {

/// Why a text is not a ticket, or not one of the wanted kind. Holds nothing of the ticket, which is secret.
struct ticket_error {
  enum class code : std::uint8_t {
    too_long,           ///< longer than any ticket
    no_prefix,          ///< begins with something else
    foreign_character,  ///< not base32
    cut,                ///< base32 of an impossible length: some of it is missing
    too_short,
    checksum,  ///< does not match
    newer_format,
    newer_kind,
    services,        ///< cannot be decoded
    addresses,       ///< cannot be decoded
    trailing_bytes,  ///< after its end
    join_ticket,     ///< a service ticket was wanted
    service_ticket,  ///< a join ticket was wanted
  };

  code why{};
  std::uint8_t number = 0;  ///< of the newer format or kind
  char character = 0;       ///< the foreign one
  std::size_t place = 0;    ///< of the foreign character, from 1; white space and quotes are not counted
};

template <class T>
using ticket_result = boost::system::result<T, ticket_error>;

}  // namespace gof::wire
