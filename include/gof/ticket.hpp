#pragma once

#include <gof/identity.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gof {

/// What a ticket grants; its issuer keeps it. With incoming::proves() the issuer recognises the holders of
/// the ticket, and it withdraws the ticket by no longer accepting the grant.
struct grant {
  std::array<std::uint8_t, 16> id{};     ///< public; the holder of a ticket names it
  std::array<std::uint8_t, 32> token{};  ///< secret: known only to the issuer and to holders of the ticket

  /// A new grant, both parts random.
  static grant generate();
};

/// A service ticket: one string with all that a client needs to reach services of one peer.
///
/// It contains secrets. Anyone who has its text() may use the services that it names until the issuer
/// withdraws it; so show the text to the user who asked for it and to nobody else.
///
/// @par Thread safety
/// A value: distinct objects may be used by any threads, even copies of one, which share their data. A
/// moved-from object may only be assigned to or destroyed.
///
/// @see node::issue(), node::use(); gof-protocol(7), TICKETS.
///
/// @par Example
/// @code
/// #include <iostream>
/// #include <stdexcept>
///
/// /// The ticket in the first line that a user typed.
/// gof::ticket ask(std::istream& from) {
///   std::string line, why;
///   std::getline(from, line);
///   if (auto read = gof::ticket::parse(line, why)) return *read;
///   throw std::runtime_error("this is not a ticket: " + why);
/// }
/// @endcode
class ticket {
 public:
  /// A service that a ticket names.
  struct service {
    std::string name;             ///< [a-z0-9][a-z0-9-]{0,62}
    std::uint16_t port_hint = 0;  ///< the port of the service's target, for people; 0: none
  };

  /// Parses what text() returned.
  ///
  /// @param text As people paste it, in letters of either case. White space, quotes and byte order marks
  ///   anywhere in it are skipped.
  /// @param why On failure: which part is wrong, for people to read. Otherwise unchanged.
  /// @returns Empty if the text is not a service ticket.
  static std::optional<ticket> parse(std::string_view text, std::string& why);

  /// `gof1` and base32. Secret, see above.
  std::string text() const;

  peer issuer() const;                         ///< the peer that offers the services
  std::string mesh() const;                    ///< the public name of the issuer's mesh, hexadecimal
  std::string grant() const;                   ///< grant::id, hexadecimal
  std::vector<service> services() const;       ///< those that it opens; at most 64
  std::vector<std::string> addresses() const;  ///< HOST:PORT at which the mesh can be reached; at most 4

  /// @cond
  struct impl;
  explicit ticket(std::shared_ptr<const impl> made) : impl_(std::move(made)) {}
  const impl& parts() const { return *impl_; }
  /// @endcond

 private:
  std::shared_ptr<const impl> impl_;
};

}  // namespace gof
