#pragma once

#include <boost/system/result.hpp>

#include <cstdint>

namespace gof::wire {

/// Why a text is no ticket, or not one of the kind that is wanted. Holds nothing of the text, which is
/// secret.
struct ticket_error {
  enum class code : std::uint8_t {
    too_long,           ///< longer than any ticket
    no_prefix,          ///< begins otherwise
    foreign_character,  ///< no base32, or not all of it
    too_short,
    checksum,  ///< does not match
    newer_format,
    newer_kind,
    services,        ///< do not read
    addresses,       ///< do not read
    trailing_bytes,  ///< after its end
    join_ticket,     ///< where a service ticket is wanted
    service_ticket,  ///< where a join ticket is wanted
  };

  code why{};
  std::uint8_t number = 0;  ///< of the newer format or kind
};

template <class T>
using ticket_result = boost::system::result<T, ticket_error>;

}  // namespace gof::wire
