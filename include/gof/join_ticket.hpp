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

/// A join ticket: it makes its holder a member of a mesh. It carries the network key, and addresses at which
/// members can be reached.
///
/// It contains the mesh's secret. Anyone who has its text() can be a member from then on, and a join ticket
/// cannot be withdrawn; so show the text to the user who asked for it and to nobody else.
///
/// @par Thread safety
/// A value: distinct objects may be used by any threads, even copies of one, which share their data. A
/// moved-from object may only be assigned to or destroyed.
///
/// @see node::issue_join(), node::join(); gof-protocol(7), TICKETS.
///
/// @par Example
/// @code
/// #include <gof/node.hpp>
///
/// /// Options for a member of the ticket's mesh; pass the ticket's addresses to node::join() afterwards.
/// gof::node_options member(const gof::join_ticket& of) {
///   gof::node_options made;
///   made.network_key = of.network_key();
///   return made;
/// }
/// @endcode
class join_ticket {
 public:
  /// Parses what text() returned.
  ///
  /// @param text As people paste it, in letters of either case. White space, quotes and byte order marks
  ///   anywhere in it are skipped.
  /// @param why On failure: which part is wrong, for people to read. Otherwise unchanged.
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
