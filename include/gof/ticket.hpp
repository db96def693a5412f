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

/// What a ticket grants, as its issuer keeps it: a public name and the token that only the issuer and the
/// ticket's holders have.
struct grant {
  std::array<std::uint8_t, 16> id{};
  std::array<std::uint8_t, 32> token{};

  static grant generate();
};

/// A service ticket: the string that carries all a client needs. A value; holds secrets, so text() is for the
/// user who asked for it and for nothing else. gof-protocol(7), TICKETS.
class ticket {
 public:
  struct service {
    std::string name;
    std::uint16_t port_hint = 0;  ///< the target's port, 0: none
  };

  /// Empty: not a ticket; `why` says which part is wrong.
  static std::optional<ticket> parse(std::string_view text, std::string& why);
  std::string text() const;

  peer issuer() const;
  std::string mesh() const;   ///< the mesh's public name, hexadecimal
  std::string grant() const;  ///< the grant's public name, hexadecimal
  std::vector<service> services() const;
  std::vector<std::string> addresses() const;  ///< HOST:PORT

  struct impl;
  explicit ticket(std::shared_ptr<const impl> made) : impl_(std::move(made)) {}
  const impl& parts() const { return *impl_; }

 private:
  std::shared_ptr<const impl> impl_;
};

}  // namespace gof
