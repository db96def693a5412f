#pragma once

#include <boost/system/error_code.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gof {

/// A peer's public name: its Ed25519 public key. As text it is base32, 52 characters.
///
/// A peer is not a process. One peer may run any number of nodes at a time.
///
/// @par Thread safety
/// A value: distinct objects may be used by any threads.
///
/// @see gof-protocol(7), PEERS AND NODES.
class peer {
 public:
  /// All zero, which is nobody's key.
  peer() = default;
  /// The peer with this public key. The key is not validated.
  explicit peer(const std::array<std::uint8_t, 32>& key) : key_(key) {}

  /// The peer that this text() names, in upper or lower case; empty if the text is malformed.
  static std::optional<peer> parse(std::string_view text);
  /// 52 characters of base32, lower case.
  std::string text() const;
  /// The public key.
  const std::array<std::uint8_t, 32>& key() const { return key_; }

  /// Compares the bytes of the key.
  auto operator<=>(const peer&) const = default;

 private:
  std::array<std::uint8_t, 32> key_{};
};

/// A peer's private key, with which a node proves who it is. Copies share it.
///
/// Distinct objects may be used by any threads, even copies of one. A moved-from object may only be assigned
/// to or destroyed.
///
/// @par Example
/// @code
/// #include <stdexcept>
///
/// gof::identity own_key() {
///   std::string why;
///   if (auto kept = gof::identity::load_or_create("greeter.key", why)) return *kept;
///   throw std::runtime_error(why);
/// }
/// @endcode
class identity {
 public:
  /// A new key that is kept in memory only: the peer ceases to exist with the process.
  static identity generate();

  /// Reads the key file, or creates it (mode 0600) if there is none. An existing file is never overwritten.
  ///
  /// Blocks while it reads or writes the file.
  ///
  /// @param path The key file; its folder must exist.
  /// @param why On failure: what is wrong with the file (corrupt, empty, readable by others, a directory, a
  /// dangling link), and its path. Otherwise unchanged.
  /// @returns Empty on failure.
  static std::optional<identity> load_or_create(const std::string& path, std::string& why);

  /// The peer, which is the public half of the key.
  peer id() const;

  /// @cond
  struct impl;
  explicit identity(std::shared_ptr<const impl> made) : impl_(std::move(made)) {}
  const impl& parts() const { return *impl_; }
  /// @endcond

 private:
  std::shared_ptr<const impl> impl_;
};

}  // namespace gof
