#pragma once

#include "base/peer_name.hpp"
#include "wire/address.hpp"
#include "wire/ticket_error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gof::wire {

/// What both kinds of ticket have in common: the text encoding of their bytes, and their addresses.
/// gof-protocol(7), TICKETS.
struct ticket_form {
  static constexpr std::string_view prefix = ticket_prefix;
  static constexpr std::size_t most_addresses = 4;
  /// Longer than any ticket: 64 services with names of 63 letters are 7 KiB.
  static constexpr std::size_t longest_text = 16384;

  enum class kind : std::uint8_t { service = 1, join = 2 };

  /// With the white space and quotes of a text that was pasted.
  static constexpr std::size_t longest_pasted = 4 * longest_text;

  /// A text whose checksum is right: the ticket's kind, and the bytes that follow.
  struct opened {
    ticket_form::kind kind{};
    bytes body;
  };

  /// Encodes version, kind, body and checksum as text.
  static std::string close(kind of, const_bytes body);
  /// Takes it as people paste it: base/pasted_ticket.hpp.
  static ticket_result<opened> open(std::string_view text);
  /// The body of a ticket of the `wanted` kind.
  static ticket_result<bytes> open_as(kind wanted, std::string_view text);

  static void encode(const std::vector<address>& addresses, writer& to);
  static bool decode(reader& from, std::vector<address>& addresses);
};

}  // namespace gof::wire
