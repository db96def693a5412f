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

/// A join ticket: what makes its holder a member of a mesh. It carries the network key, and the addresses
/// where members are dialled.
///
/// It holds the mesh's secret. Whoever has its text() can be a member from then on, and no ticket of this
/// kind can be withdrawn; so show the text to the user who asked for it and to nobody else.
///
/// @par Thread safety
/// A value: distinct objects may be used by any threads, also copies of one, which share its parts.
/// One that was moved from may only be assigned to or destroyed.
///
/// @see node::issue_join(), node::join(); gof-protocol(7), TICKETS.
///
/// @par Example
/// @code
/// #include <gof/node.hpp>
///
/// /// Options for a node that is a member of the ticket's mesh; node::join() then takes its addresses.
/// gof::node_options member(const gof::join_ticket& of) {
///   gof::node_options made;
///   made.network_key = of.network_key();
///   return made;
/// }
/// @endcode
class join_ticket {
 public:
  /// The ticket that text() gave. Upper case is accepted as well.
  ///
  /// @param text Without white space around it.
  /// @param why On failure: which part is wrong, in words for people. Otherwise unchanged.
  /// @returns Empty if the text is not a join ticket.
  static std::optional<join_ticket> parse(std::string_view text, std::string& why);

  /// `gof1` and base32. Secret, see above.
  std::string text() const;

  peer issuer() const;                         ///< the member that issued it
  std::string mesh() const;                    ///< the mesh's public name, hexadecimal
  std::vector<std::string> addresses() const;  ///< HOST:PORT, for node::join(); at most 4
  /// The mesh's secret, for node_options::network_key.
  const std::array<std::uint8_t, 32>& network_key() const;

  /// @cond
  struct impl;
  explicit join_ticket(std::shared_ptr<const impl> made) : impl_(std::move(made)) {}
  const impl& parts() const { return *impl_; }
  /// @endcond

 private:
  std::shared_ptr<const impl> impl_;
};

}  // namespace gof
