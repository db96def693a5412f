#pragma once

#include "base/peer_name.hpp"
#include "wire/address.hpp"
#include "wire/ticket_error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gof::wire {

/// What tickets of every kind have in common: the text around their bytes, and their addresses.
/// gof-protocol(7), TICKETS.
struct ticket_form {
  static constexpr std::string_view prefix = ticket_prefix;
  static constexpr std::size_t most_addresses = 4;
  static constexpr std::size_t longest_text =
      16384;  ///< beyond any ticket: 64 services of 63 letters are 7 KiB

  enum class kind : std::uint8_t { service = 1, join = 2 };

  /// Checked text: of which kind, and what stands behind that byte.
  struct opened {
    ticket_form::kind kind{};
    bytes body;
  };

  /// Version, kind, body and checksum as text.
  static std::string close(kind of, const_bytes body);
  static ticket_result<opened> open(std::string_view text);
  /// The body, if it is of this kind.
  static ticket_result<bytes> open_as(kind wanted, std::string_view text);

  static void encode(const std::vector<address>& addresses, writer& to);
  static bool decode(reader& from, std::vector<address>& addresses);
};

}  // namespace gof::wire
