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

/// What makes its holder a member of a mesh: the network key, and where members are dialled. A value; holds
/// that secret, so text() is for the user who asked for it and for nothing else. gof-protocol(7), TICKETS.
class join_ticket {
 public:
  /// Empty: not a join ticket; `why` says which part is wrong.
  static std::optional<join_ticket> parse(std::string_view text, std::string& why);
  std::string text() const;

  peer issuer() const;
  std::string mesh() const;                    ///< the mesh's public name, hexadecimal
  std::vector<std::string> addresses() const;  ///< HOST:PORT; for node::join()
  /// For node_options::network_key.
  const std::array<std::uint8_t, 32>& network_key() const;

  struct impl;
  explicit join_ticket(std::shared_ptr<const impl> made) : impl_(std::move(made)) {}
  const impl& parts() const { return *impl_; }

 private:
  std::shared_ptr<const impl> impl_;
};

}  // namespace gof
